"""What is checked of every library, whatever its format."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import elf
import macho
import pe

if TYPE_CHECKING:
    from pathlib import Path

    from facts import Facts
    from targets import Target

READERS = {"linux": elf.read, "windows": pe.read, "darwin": macho.read}
# Ours, and what every shared library for Linux has.
EXPORTS = re.compile(r"^(uniffi_|ffi_sitelift_|UNIFFI_META_|rust_eh_personality$|_init$|_fini$)")
PATHS = re.compile(rb"(?:/root|/home|/work|/tmp|/Users)/[\x21-\x7e]{3,80}")


def no_paths(name: str, data: bytes) -> None:
    """End the check where the paths of the machine that built it are told."""
    if found := PATHS.findall(data):
        sys.exit(f"{name} has paths in it: {sorted(set(found))[:10]}")


def problem(facts: Facts, target: Target) -> str | None:
    """Return what is wrong with a library."""
    if facts.machine != target.machine:
        return f"is for {facts.machine}"
    if not facts.exported:
        return "exports nothing"
    if strange := [symbol for symbol in facts.exported if not EXPORTS.match(symbol)]:
        return f"exports {len(strange)} symbols that are not ours: {strange[:10]}"
    if strange := [library for library in facts.needed if not facts.allowed.match(library)]:
        return f"needs {strange}, which not every system has"
    return facts.problem


def check(file: Path, target: Target) -> None:
    """Check the machine it is for, the libraries and the system it needs, what it exports, that it tells no paths."""
    name = f"{target.triple}/{file.name}"
    facts = READERS[target.system](file, target)
    if wrong := problem(facts, target):
        sys.exit(f"{name} {wrong}")
    no_paths(name, file.read_bytes())
    needed = " ".join(facts.needed)
    print(f"  {name}: {file.stat().st_size:,} bytes, {len(facts.exported)} exports, {facts.system}, {needed}")

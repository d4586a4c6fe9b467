"""What a shared library for Linux says of itself, as `readelf` tells it."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from targets import Target

MACHINES = {"x86_64": "X86-64", "aarch64": "AArch64"}
# Ours, and what every shared library has.
EXPORTS = re.compile(r"^(uniffi_|ffi_sitelift_|UNIFFI_META_|rust_eh_personality$|_init$|_fini$)")
# Parts of the C library, and the unwinder, which every system has.
NEEDED = {
    "glibc": re.compile(r"^(lib(c|m|dl|rt|pthread)\.so\.\d|libgcc_s\.so\.1|ld-linux-.*)$"),
    "musl": re.compile(r"^(libc\.so|libc\.musl-.*\.so\.1|libgcc_s\.so\.1)$"),
}
PATHS = re.compile(rb"(?:/root|/home|/work|/tmp|/Users)/[\x21-\x7e]{3,80}")


def readelf(file: Path, *options: str) -> str:
    """Return what readelf says of a library of any machine."""
    return subprocess.run(("readelf", "--wide", *options, file), capture_output=True, text=True, check=True).stdout


def no_paths(name: str, data: bytes) -> None:
    """End the check where the paths of the machine that built it are told."""
    if found := PATHS.findall(data):
        sys.exit(f"{name} has paths in it: {sorted(set(found))[:10]}")


def check(file: Path, target: Target) -> None:
    """Check the machine it is for, the libraries and the glibc it needs, what it exports, that it tells no paths."""
    name = f"{target.triple}/{file.name}"
    machine = MACHINES[target.machine]
    if not re.search(rf"Machine: .*{machine}", readelf(file, "-h")):
        sys.exit(f"{name} is not for {machine}")
    needed = re.findall(r"\(NEEDED\).*\[(.*)\]", readelf(file, "-d"))
    allowed = NEEDED["glibc" if target.glibc else "musl"]
    if strange := [library for library in needed if not allowed.match(library)]:
        sys.exit(f"{name} needs {strange}")
    symbols = [line.split() for line in readelf(file, "--dyn-syms").splitlines() if re.match(r" *\d+: ", line)]
    # Number, value, size, type, binding, visibility, section, name.
    exported = [words[7] for words in symbols if len(words) > 7 and words[6] != "UND"]  # noqa: PLR2004
    if strange := [symbol for symbol in exported if not EXPORTS.match(symbol)]:
        sys.exit(f"{name} exports {strange[:10]}")
    if not exported:
        sys.exit(f"{name} exports nothing")
    versions = {tuple(map(int, found.split("."))) for found in re.findall(r"GLIBC_([\d.]+)", readelf(file, "-V"))}
    if versions and (target.glibc is None or max(versions)[:2] > target.glibc):
        sys.exit(f"{name} needs glibc {max(versions)}, not {target.glibc}")
    no_paths(name, file.read_bytes())
    libc = f"glibc {'.'.join(map(str, max(versions)))}" if versions else "musl"
    print(f"  {name}: {file.stat().st_size:,} bytes, {len(exported)} exports, {libc}, {' '.join(needed)}")

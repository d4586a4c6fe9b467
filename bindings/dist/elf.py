"""What a shared library for Linux says of itself, as `readelf` tells it."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

from facts import Facts

if TYPE_CHECKING:
    from pathlib import Path

    from targets import Target

MACHINES = {"X86-64": "x86_64", "AArch64": "aarch64"}
# Parts of the C library, and the unwinder, which every system has.
GLIBC = re.compile(r"^(lib(c|m|dl|rt|pthread)\.so\.\d|libgcc_s\.so\.1|ld-linux-.*)$")
MUSL = re.compile(r"^(libc\.so|libc\.musl-.*\.so\.1|libgcc_s\.so\.1)$")


def readelf(file: Path, *options: str) -> str:
    """Return what readelf says of a library of any machine."""
    return subprocess.run(("readelf", "--wide", *options, file), capture_output=True, text=True, check=True).stdout


def read(file: Path, target: Target) -> Facts:
    """Read a library."""
    (machine,) = re.findall(r"Machine: .*?([\w-]+)$", readelf(file, "-h"), re.MULTILINE)
    symbols = [line.split() for line in readelf(file, "--dyn-syms").splitlines() if re.match(r" *\d+: ", line)]
    versions = {tuple(map(int, found.split("."))) for found in re.findall(r"GLIBC_([\d.]+)", readelf(file, "-V"))}
    newest = max(versions, default=())
    return Facts(
        machine=MACHINES.get(machine, machine),
        needed=re.findall(r"\(NEEDED\).*\[(.*)\]", readelf(file, "-d")),
        allowed=MUSL if target.musl else GLIBC,
        # Number, value, size, type, binding, visibility, section, name.
        exported=[words[7] for words in symbols if len(words) > 7 and words[6] != "UND"],  # noqa: PLR2004
        system=f"glibc {'.'.join(map(str, newest))}" if newest else "musl",
        problem=f"needs glibc {newest}, not {target.glibc}" if newest[:2] > (target.glibc or ()) else None,
    )

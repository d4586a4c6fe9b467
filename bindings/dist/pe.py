"""What a DLL says of itself, as `objdump` tells it."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

from facts import Facts

if TYPE_CHECKING:
    from pathlib import Path

    from targets import Target

MACHINES = {"pei-x86-64": "x86_64", "pei-aarch64-little": "aarch64"}
# Parts of Windows 10: its universal C library, threads, sockets, random numbers, the certificates that it trusts.
ALLOWED = re.compile(
    r"^(api-ms-win-(core|crt)-[a-z0-9-]+|kernel32|ntdll|ws2_32|userenv|advapi32"
    r"|bcrypt|bcryptprimitives|ncrypt|crypt32|secur32)\.dll$",
    re.IGNORECASE,
)


def read(file: Path, _target: Target) -> Facts:
    """Read a library."""
    said = subprocess.run(("objdump", "-p", file), capture_output=True, text=True, check=True).stdout
    (form,) = re.findall(r"file format (\S+)", said)
    needed = re.findall(r"DLL Name: (\S+)", said)
    _, _, table = said.partition("[Ordinal/Name Pointer] Table")
    return Facts(
        machine=MACHINES.get(form, form),
        needed=needed,
        allowed=ALLOWED,
        # The number, and in newer versions the address, stand before the name.
        exported=re.findall(r"^\s*\[ *\d+\].* (\S+)$", table.partition("\n\n")[0], re.MULTILINE),
        # The C library of Windows 10 and later, or the older one, which is no longer looked after.
        system="universal C library" if any("-crt-" in name for name in needed) else "msvcrt",
    )

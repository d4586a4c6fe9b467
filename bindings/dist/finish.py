"""Take from what was built what its users have no use for, and what tells of the machine that built it.

python bindings/dist/finish.py LIBRARY DESTINATION
"""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from targets import ROOT

# zip knows no time before this one, and every build shall write the same.
EPOCH = (1980, 1, 1, 0, 0, 0)


def stripper() -> tuple[str, dict[str, str]]:
    """Return a program that strips libraries of every platform, and the environment it runs in."""
    asked = subprocess.run(("rustc", "--print", "sysroot"), capture_output=True, text=True, check=True)
    sysroot = Path(asked.stdout.strip())
    for found in sysroot.glob("lib/rustlib/*/bin/rust-objcopy"):
        return str(found), {"LD_LIBRARY_PATH": str(sysroot / "lib")}
    if program := shutil.which("llvm-objcopy"):
        return program, {}
    sys.exit("Needs the rust-objcopy of a tool chain from rustup, or llvm-objcopy")


def library(source: Path, destination: Path) -> None:
    """Copy a library without symbols and debug information. UniFFI's generators can't read it any more."""
    destination.parent.mkdir(parents=True, exist_ok=True)
    program, environment = stripper()
    subprocess.run((program, "--strip-all", source, destination), env={**os.environ, **environment}, check=True)


def wheel(file: Path) -> None:
    """Strip the library inside a wheel, and take the checkout's path from the bill of materials."""
    rewritten = file.with_suffix(".new")
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(rewritten, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new:
        record: list[str] = []
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename.endswith("/RECORD"):
                continue
            if entry.filename.endswith((".so", ".dll", ".dylib")):
                data = stripped(data)
            elif entry.filename.endswith(".cyclonedx.json"):
                data = data.replace(ROOT.as_uri().encode(), b"file:///sitelift")
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            record.append(f"{entry.filename},sha256={digest},{len(data)}\n")
            put(new, entry, data)
        (entry,) = (entry for entry in old.infolist() if entry.filename.endswith("/RECORD"))
        put(new, entry, "".join([*record, f"{entry.filename},,\n"]).encode())
    rewritten.replace(file)


def stripped(data: bytes) -> bytes:
    """Strip a library in memory."""
    with tempfile.TemporaryDirectory() as folder:
        source, destination = Path(folder, "in"), Path(folder, "out")
        source.write_bytes(data)
        library(source, destination)
        return destination.read_bytes()


def put(archive: zipfile.ZipFile, like: zipfile.ZipInfo, data: bytes) -> None:
    """Write an entry of the same name and rights."""
    entry = zipfile.ZipInfo(like.filename, EPOCH)
    entry.external_attr = like.external_attr
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, data)


if __name__ == "__main__":
    if len(sys.argv) != 3:  # noqa: PLR2004 (the program and two files)
        sys.exit(__doc__)
    library(Path(sys.argv[1]), Path(sys.argv[2]))

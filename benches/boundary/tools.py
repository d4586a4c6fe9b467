"""What building needs: where everything is, how a command is run, and what this machine has."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

HERE = Path(__file__).resolve().parent
PEERS = HERE.parent / "peers"
ROOT = HERE.parents[1]
OUT = ROOT / "target/boundary"
CARGO_OUT = OUT / "cargo"
# What Python imports or loads.
PYTHON_OUT = OUT / "python"
C_COMPILER = os.environ.get("CC", "cc")
GO_ENVIRONMENT = {
    "CGO_ENABLED": "1",
    "GOCACHE": str(OUT / "go-cache"),
    "GOFLAGS": "-buildvcs=false",
    "GOTOOLCHAIN": "local",
    "GOWORK": "off",
}


class BuildError(Exception):
    """Something could not be built; says what, and what to do."""


class MissingError(Exception):
    """Something that an implementation needs is not on this machine; says what, and where to get it."""


def run(what: str, command: Sequence[str | Path], folder: Path = HERE, **environment: str) -> None:
    """Run a build command. What it prints goes to the person, and its last line into the error."""
    print(f"building {what} …", file=sys.stderr, flush=True)
    line = " ".join(map(str, command))
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=os.environ | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        raise BuildError(f"{what}: there is no `{command[0]}` on this machine") from None
    if done.returncode != 0:
        said = done.stdout.strip()
        print(said, file=sys.stderr)
        last = said.rpartition("\n")[2] or "nothing was said"
        raise BuildError(f"{what}: `{line}` ended with {done.returncode}: {last}")


def cargo(what: str, manifest: Path, *arguments: str, out: Path = CARGO_OUT) -> None:
    """Build with cargo. The lock file is taken as it is, so that nothing changes in the source tree."""
    command: list[str | Path] = ["cargo", "build", "--quiet", "--locked", "--manifest-path", manifest, *arguments]
    # Generators are used once, so they are built quickly instead of well. The environment names PyO3's interpreter.
    run(what, command, CARGO_TARGET_DIR=str(out), CARGO_PROFILE_DEV_DEBUG="0", PYO3_PYTHON=sys.executable)


def shared_library(name: str) -> str:
    """Return the file name of a shared library on this system."""
    return {"win32": f"{name}.dll", "darwin": f"lib{name}.dylib"}.get(sys.platform, f"lib{name}.so")


def program(name: str) -> str:
    """Return the file name of a program on this system."""
    return name + (".exe" if sys.platform == "win32" else "")


def need_go() -> None:
    """Check that Go can build for C."""
    if shutil.which("go") is None:
        raise MissingError("it needs Go 1.24 or later, and there is no `go`; get it from https://go.dev/dl/")
    need_c_compiler()


def need_c_compiler() -> None:
    """Check that there is a C compiler."""
    if shutil.which(C_COMPILER) is None:
        raise MissingError(f"it needs a C compiler, and there is no `{C_COMPILER}`; CC names another one")


def need_python_headers() -> Path:
    """Return the folder with Python's headers."""
    need_c_compiler()
    include = Path(sysconfig.get_path("include"))
    if sys.platform == "win32" or not (include / "Python.h").exists():
        raise MissingError(f"it is built on systems with a Unix compiler and Python's headers in {include}")
    return include


def need_module(module: str, distribution: str) -> None:
    """Check that a Python module can be imported."""
    try:
        import_module(module)
    except ImportError:
        raise MissingError(f"it needs the package {distribution}: pip install {distribution}") from None


def python_environment() -> dict[str, str]:
    """Return the environment in which the built modules can be imported by a fresh process."""
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(map(str, (HERE, PEERS, PYTHON_OUT))),
        "PYTHONPYCACHEPREFIX": str(OUT / "pycache"),
    }
    # Byte code is kept between runs, as it is for every installed package.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment

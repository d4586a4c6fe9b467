"""Building everything that is measured, below `target/boundary`."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import sysconfig
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
OUT = ROOT / "target/boundary"
CARGO_OUT = OUT / "cargo"
# What Python imports or loads.
PYTHON_OUT = OUT / "python"
HEADER = HERE / "c/boundary.h"
C_COMPILER = os.environ.get("CC", "cc")


class BuildError(Exception):
    """Something could not be built; says what, and what to do."""


class MissingError(Exception):
    """Something that an implementation needs is not on this machine; says what, and where to get it."""


def run(what: str, command: Sequence[str | Path], **environment: str) -> None:
    """Run a build command in the benchmark's folder. What it prints goes to the person."""
    print(f"building {what} …", file=sys.stderr, flush=True)
    try:
        subprocess.run(command, cwd=HERE, env=os.environ | environment, stdout=sys.stderr, check=True)
    except FileNotFoundError:
        raise BuildError(f"{what}: there is no `{command[0]}` on this machine") from None
    except subprocess.CalledProcessError as error:
        line = " ".join(map(str, command))
        raise BuildError(f"{what}: `{line}` ended with {error.returncode}; its messages are above") from None


def cargo(what: str, manifest: Path, *arguments: str) -> None:
    """Build with cargo. The lock file is taken as it is, so that nothing changes in the source tree."""
    command: list[str | Path] = ["cargo", "build", "--quiet", "--locked", "--manifest-path", manifest, *arguments]
    # Generators are used once, so they are built quickly instead of well. The environment names PyO3's interpreter.
    run(what, command, CARGO_TARGET_DIR=str(CARGO_OUT), CARGO_PROFILE_DEV_DEBUG="0", PYO3_PYTHON=sys.executable)


def shared_library(name: str) -> str:
    """Return the file name of a shared library on this system."""
    return {"win32": f"{name}.dll", "darwin": f"lib{name}.dylib"}.get(sys.platform, f"lib{name}.so")


def program(name: str) -> Path:
    """Return where cargo puts a generator."""
    return CARGO_OUT / "debug" / (name + (".exe" if sys.platform == "win32" else ""))


def twins() -> None:
    """Build the Rust twins, and put them where Python finds them."""
    cargo("the Rust twins", HERE / "Cargo.toml", "--release", "--workspace", "--lib")
    PYTHON_OUT.mkdir(parents=True, exist_ok=True)
    release = CARGO_OUT / "release"
    for name in ("boundary_c", "boundary_protobuf"):
        shutil.copy2(release / shared_library(name), PYTHON_OUT)
    extension = "boundary_pyo3" + (".pyd" if sys.platform == "win32" else ".abi3.so")
    shutil.copy2(release / shared_library("boundary_pyo3"), PYTHON_OUT / extension)


def stock_generator() -> Path:
    """Build UniFFI's own generator."""
    features = ("--package", "boundary-uniffi", "--features", "bindgen", "--bin", "stock-bindgen")
    cargo("the stock generator", HERE / "Cargo.toml", *features)
    return program("stock-bindgen")


def project_generator() -> Path:
    """Build the project's generator."""
    cargo("the project's generator", ROOT / "Cargo.toml", "--features", "bindgen", "--bin", "uniffi-bindgen")
    return program("uniffi-bindgen")


def generate(generator: Path, package: str) -> None:
    """Generate the package from the UniFFI twin. Each package has a copy of the library, and so its own state in it."""
    library = CARGO_OUT / "release" / shared_library("boundary")
    folder = PYTHON_OUT / package
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    command: list[str | Path] = [
        generator,
        "generate",
        "--language",
        "python",
        "--no-format",
        "--out-dir",
        folder,
        library,
    ]
    run(f"the Python package {package}", command)
    shutil.copy2(library, folder)


def need_c_compiler() -> None:
    """Check that there is a C compiler."""
    if shutil.which(C_COMPILER) is None:
        raise MissingError(f"it needs a C compiler, and there is no `{C_COMPILER}`; CC names another one")


def need_module(module: str, distribution: str) -> None:
    """Check that a Python module can be imported."""
    try:
        import_module(module)
    except ImportError:
        raise MissingError(f"it needs the package {distribution}: pip install {distribution}") from None


def go_library() -> Path:
    """Build the Go twin."""
    if shutil.which("go") is None:
        raise MissingError("it needs Go 1.21 or later, and there is no `go`; get it from https://go.dev/dl/")
    need_c_compiler()
    library = PYTHON_OUT / shared_library("boundary_go")
    command = ["go", "build", "-C", "go", "-buildmode=c-shared", "-o", str(library), "."]
    run("the Go twin", command, CGO_ENABLED="1", GOCACHE=str(OUT / "go-cache"), GOTOOLCHAIN="local", GOWORK="off")
    return library


def cffi_extension() -> None:
    """Build the extension of cffi's API mode around the C twin."""
    need_module("cffi", "cffi")
    need_c_compiler()
    include = Path(sysconfig.get_path("include"))
    if sys.platform == "win32" or not (include / "Python.h").exists():
        raise MissingError(f"it is built on systems with a Unix compiler and Python's headers in {include}")
    from callers.with_cffi import ANSWER, declarations  # noqa: PLC0415
    from cffi import FFI  # noqa: PLC0415, it may be missing

    ffi = FFI()
    ffi.cdef(declarations(str(HEADER)) + ANSWER)
    ffi.set_source("boundary_cffi", f'#include "{HEADER.name}"')
    source = OUT / "boundary_cffi.c"
    with contextlib.redirect_stdout(sys.stderr):
        ffi.emit_c_code(str(source))
    extension = PYTHON_OUT / f"boundary_cffi{sysconfig.get_config_var('EXT_SUFFIX')}"
    flags = ["-shared", "-fPIC", "-O2", f"-I{include}", f"-I{HEADER.parent}"]
    if sys.platform == "darwin":
        flags += ["-undefined", "dynamic_lookup"]
    library = PYTHON_OUT / shared_library("boundary_c")
    run("the extension of cffi", [C_COMPILER, *flags, source, library, f"-Wl,-rpath,{PYTHON_OUT}", "-o", extension])


def python_environment() -> Mapping[str, str]:
    """Return the environment in which the built modules can be imported by a fresh process."""
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(map(str, (HERE, PYTHON_OUT))),
        "PYTHONPYCACHEPREFIX": str(OUT / "pycache"),
    }
    # Byte code is kept between runs, as it is for every installed package.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment

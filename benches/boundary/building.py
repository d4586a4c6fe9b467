"""Building everything that is measured, below `target/boundary`."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import sys
import sysconfig
from functools import cache
from typing import TYPE_CHECKING

from tools import (
    C_COMPILER,
    CARGO_OUT,
    GO_ENVIRONMENT,
    HERE,
    OUT,
    PEERS,
    PYTHON_OUT,
    ROOT,
    BuildError,
    MissingError,
    cargo,
    need_go,
    need_module,
    need_python_headers,
    program,
    run,
    shared_library,
)

if TYPE_CHECKING:
    from pathlib import Path

WORKSPACE = HERE / "Cargo.toml"
C_FOLDER = PEERS / "c"
ACCELERATOR = ROOT / "uniffi-bindgen/accelerator"
LIBRARY = shared_library("boundary")
PLAIN_LIBRARY = CARGO_OUT / "release" / LIBRARY
# A folder of its own: cargo gives the library the same name with and without features.
PYTHON_LIBRARY = OUT / "cargo-python/release" / LIBRARY


def twins() -> None:
    """Build the Rust twins, and put them where Python finds them."""
    cargo("the Rust twins", WORKSPACE, "--release", "--workspace", "--lib")
    PYTHON_OUT.mkdir(parents=True, exist_ok=True)
    release = CARGO_OUT / "release"
    for name in ("boundary_c", "boundary_protobuf"):
        shutil.copy2(release / shared_library(name), PYTHON_OUT)
    extension = "boundary_pyo3" + str(sysconfig.get_config_var("EXT_SUFFIX"))
    shutil.copy2(release / shared_library("boundary_pyo3"), PYTHON_OUT / extension)


def pyo3_for_all_versions() -> None:
    """Build the PyO3 twin with Python's stable ABI."""
    out, module = OUT / "cargo-abi3", PYTHON_OUT / "pyo3_abi3"
    features = ("--package", "boundary-pyo3", "--features", "abi3")
    cargo("the PyO3 twin for all versions", WORKSPACE, "--release", *features, out=out)
    module.mkdir(exist_ok=True)
    extension = "boundary_pyo3" + (".pyd" if sys.platform == "win32" else ".abi3.so")
    shutil.copy2(out / "release" / shared_library("boundary_pyo3"), module / extension)


@cache
def python_library() -> Path:
    """Build the UniFFI twin with what makes Python quick, and return it."""
    if not (ACCELERATOR / "Cargo.toml").exists():
        raise MissingError(f"it needs the accelerator, and there is none in {ACCELERATOR}")
    features = ("--package", "boundary-uniffi", "--lib", "--features", "python")
    cargo("the UniFFI twin for Python", WORKSPACE, "--release", *features, out=PYTHON_LIBRARY.parents[1])
    return PYTHON_LIBRARY


@cache
def stock_generator() -> Path:
    """Build UniFFI's own generator, and return it."""
    features = ("--package", "boundary-uniffi", "--features", "bindgen", "--bin", "stock-bindgen")
    cargo("the stock generator", WORKSPACE, *features)
    return CARGO_OUT / "debug" / program("stock-bindgen")


@cache
def project_generator() -> Path:
    """Build the project's generator, and return it."""
    cargo("the project's generator", ROOT / "Cargo.toml", "--features", "bindgen", "--bin", "uniffi-bindgen")
    return CARGO_OUT / "debug" / program("uniffi-bindgen")


def generate(generator: Path, library: Path, package: str, *, keep_gil: tuple[str, ...] = ()) -> None:
    """Generate a package from the UniFFI twin. Each package has a copy of the library, and so its own state in it."""
    folder = PYTHON_OUT / package
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    command: list[str | Path] = [generator, "generate", "--language", "python", "--no-format", "--out-dir", folder]
    if keep_gil:
        config = OUT / f"{package}.toml"
        names = ", ".join(f'"{name}"' for name in keep_gil)
        config.write_text(f"[defaults.bindings.python]\nkeep_gil = [{names}]\n")
        command += ["--config", config]
    run(f"the Python package {package}", [*command, library])
    shutil.copy2(library, folder)


def go_library() -> None:
    """Build the Go twin."""
    need_go()
    library = PYTHON_OUT / shared_library("boundary_go")
    run("the Go twin", ["go", "build", "-buildmode=c-shared", "-o", library, "."], PEERS / "go", **GO_ENVIRONMENT)


def gopy_module() -> None:
    """Build gopy, and with it the module of the Go package, unless that was done for the same sources before."""
    need_go()
    need_python_headers()
    need_module("pybindgen", "pybindgen")
    source, work, module = PEERS / "gopy", OUT / "gopy", PYTHON_OUT / "gopy_module"
    made_of = hashlib.sha256(sys.version.encode())
    for file in sorted(source.iterdir()):
        made_of.update(file.read_bytes())
    stamp = module / "made_of"
    if stamp.exists() and stamp.read_text() == made_of.hexdigest():
        return
    # gopy changes go.mod, and wants the module below it.
    shutil.rmtree(work, ignore_errors=True)
    shutil.rmtree(module, ignore_errors=True)
    shutil.copytree(source, work)
    path = f"{work / 'bin'}{os.pathsep}{os.environ['PATH']}"
    command = ["gopy", "build", "-no-warn", f"-vm={sys.executable}", "-output=gopy_module", "sitelift/boundary_gopy"]
    try:
        run("gopy", ["go", "build", "-o", f"{work / 'bin'}{os.sep}", "tool"], work, **GO_ENVIRONMENT)
        run("the module of gopy", [work / "bin" / program("gopy"), *command[1:]], work, PATH=path, **GO_ENVIRONMENT)
    except BuildError as error:
        raise MissingError(f"it does not build here. {error}") from None
    shutil.move(work / "gopy_module", module)
    stamp.write_text(made_of.hexdigest())


def cffi_extension() -> None:
    """Build the extension of cffi's API mode around the C twin."""
    need_module("cffi", "cffi")
    include = need_python_headers()
    from callers.with_cffi import ANSWER, declarations  # noqa: PLC0415
    from cffi import FFI  # noqa: PLC0415, it may be missing

    ffi = FFI()
    ffi.cdef(declarations(str(C_FOLDER)) + ANSWER)
    ffi.set_source("boundary_cffi", '#include "boundary.h"')
    source = OUT / "boundary_cffi.c"
    with contextlib.redirect_stdout(sys.stderr):
        ffi.emit_c_code(str(source))
    extension = PYTHON_OUT / f"boundary_cffi{sysconfig.get_config_var('EXT_SUFFIX')}"
    flags = ["-shared", "-fPIC", "-O2", f"-I{include}", f"-I{C_FOLDER}"]
    if sys.platform == "darwin":
        flags += ["-undefined", "dynamic_lookup"]
    library = PYTHON_OUT / shared_library("boundary_c")
    run("the extension of cffi", [C_COMPILER, *flags, source, library, f"-Wl,-rpath,{PYTHON_OUT}", "-o", extension])


def need_cffi() -> None:
    """Check that cffi is there."""
    need_module("cffi", "cffi")


def need_upb() -> None:
    """Check that protobuf is there, in its quick form."""
    need_module("google.protobuf", "protobuf")
    from google.protobuf.internal import api_implementation  # noqa: PLC0415, it may be missing

    if (kind := api_implementation.Type()) != "upb":
        raise MissingError(f"protobuf is there, but runs on its {kind!r} implementation instead of upb")

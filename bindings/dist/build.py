"""Build for other platforms than this one, with Zig as the compiler and linker of C.

python bindings/dist/build.py wheels DIST [TRIPLE...]      the Python packages
python bindings/dist/build.py library TRIPLE FILE          the library alone, with the symbols that the generators need
python bindings/dist/build.py libraries JNA [TRIPLE...]    the libraries, where JNA looks for them

Without triples: all platforms whose standard library is here, or can be had; the check at the end of `make dist`
names the others.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import finish
import linking
from targets import HOST, ROOT, TARGETS, Target


def environment(target: Target) -> dict[str, str]:
    """Return the variables of a build: no path of this machine gets in; UniFFI's metadata, among the symbols, stays."""
    cargo = os.environ.get("CARGO_HOME", Path.home() / ".cargo")
    paths = (f"--remap-path-prefix={cargo}/registry/src=registry", f"--remap-path-prefix={ROOT}=sitelift")
    # Of the target alone, so that the generator, which runs here, is not built again for each of them.
    name = f"CARGO_TARGET_{target.triple.upper().replace('-', '_')}_RUSTFLAGS"
    c_name = f"CFLAGS_{target.triple.replace('-', '_')}"
    return {
        **os.environ,
        **linking.variables(target),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        name: " ".join((*paths, *linking.rust_flags(target))),
        c_name: " ".join((os.environ.get(c_name, ""), *linking.c_flags(target))).strip(),
        "CARGO_PROFILE_RELEASE_STRIP": "none",
    }


def has_std(target: Target) -> bool:
    """Tell whether Rust's standard library for the target is here, after asking rustup for it."""
    found = subprocess.run(
        ("rustc", "--print", "target-libdir", "--target", target.triple), capture_output=True, text=True, check=True
    )
    folder = Path(found.stdout.strip())
    if not any(folder.glob("libstd-*")) and shutil.which("rustup"):
        subprocess.run(("rustup", "target", "add", target.triple), cwd=ROOT, capture_output=True, check=False)
    return any(folder.glob("libstd-*"))


def wheel(target: Target, out: Path) -> None:
    """Build the wheel, stripped, into a folder."""
    command = ["maturin", "build", "--release", "--quiet", "--zig", "--target", target.triple]
    if target.compatibility:
        command += ["--compatibility", target.compatibility]
    with tempfile.TemporaryDirectory(dir=out) as folder:
        subprocess.run([*command, "--out", folder], cwd=ROOT / "bindings/python", env=environment(target), check=True)
        (file,) = Path(folder).glob("*.whl")
        finish.wheel(file)
        file.replace(out / file.name)


def library(target: Target) -> Path:
    """Build the library without what only Python needs, and return its file."""
    command = ("cargo", "zigbuild", "--quiet", "--release", "--target", target.zig)
    package = ("-p", "sitelift", "--lib", "--features", "uniffi")
    subprocess.run((*command, *package), cwd=ROOT, env=environment(target), check=True)
    folder = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    return folder / target.triple / "release" / target.library


def chosen(triples: list[str]) -> list[Target]:
    """Return the targets to build: those named, which must be there, or those that are."""
    if unknown := set(triples) - {target.triple for target in TARGETS}:
        sys.exit(f"No such targets: {', '.join(unknown)}; there are {', '.join(target.triple for target in TARGETS)}")
    found = [target for target in TARGETS if (not triples or target.triple in triples) and has_std(target)]
    if missing := set(triples) - {target.triple for target in found}:
        sys.exit(f"Rust's standard library is missing, and rustup can't get it: {', '.join(missing)}")
    return found


def timed(target: Target, start: float) -> None:
    """Say what has been built."""
    print(f"{target.triple}: {time.monotonic() - start:.0f} s", flush=True)


def main(arguments: list[str]) -> None:
    """Do what the command line says."""
    match arguments:
        case ["wheels", out, *triples]:
            for target in chosen(triples):
                start = time.monotonic()
                wheel(target, Path(out).resolve())
                timed(target, start)
        case ["library", triple, out]:
            (target,) = chosen([triple])
            shutil.copy(library(target), out)
        case ["libraries", out, *triples]:
            for target in chosen(triples):
                # The one of this machine is there already.
                if target.jna and target != HOST:
                    start = time.monotonic()
                    finish.library(library(target), Path(out) / target.jna / target.library)
                    timed(target, start)
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])

"""Building the library and its generated packages, one for each mode."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
LIBRARY = HERE / "library"
SUPPORT = HERE / "support"
TARGET = Path(os.environ.get("BOUNDARY_TARGET", ROOT / "target" / "boundary-cases"))
MODES = ("pure", "native")
NAMESPACES = ("cases", "types", "names")
PURE_SWITCH = "SITELIFT_PURE_PYTHON"


class BuildError(Exception):
    """Something could not be built."""


def run(what: str, command: list[str | Path], folder: Path) -> None:
    """Run a program that builds something."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildError(f"{what} failed:\n{done.stdout}{done.stderr}")


def generator() -> Path:
    """Return the project's generator, built now unless BOUNDARY_BINDGEN names one."""
    if given := os.environ.get("BOUNDARY_BINDGEN"):
        return Path(given)
    build = ["cargo", "build", "--quiet", "--features", "bindgen", "--bin", "uniffi-bindgen"]
    run("building the generator", build, ROOT)
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    return target / "debug" / ("uniffi-bindgen.exe" if sys.platform == "win32" else "uniffi-bindgen")


def library() -> Path:
    """Return the library, built now unless BOUNDARY_LIBRARY names one."""
    if given := os.environ.get("BOUNDARY_LIBRARY"):
        return Path(given)
    build = ["cargo", "build", "--quiet", "--features", "python", "--target-dir", TARGET]
    run("building the library", build, LIBRARY)
    prefix, suffix = {"win32": ("", ".dll"), "darwin": ("lib", ".dylib")}.get(sys.platform, ("lib", ".so"))
    return TARGET / "debug" / f"{prefix}boundary_cases{suffix}"


def generate(folder: Path) -> None:
    """Write the packages `cases_pure` and `cases_native` into a folder, with what they import."""
    built = library()
    first = folder / f"cases_{MODES[0]}"
    command: list[str | Path] = [generator(), "generate", "--no-format", "--language", "python", "--out-dir", first]
    # It finds the crates' uniffi.toml by `cargo metadata`.
    run("generating the packages", [*command, built], LIBRARY)
    shutil.copy2(built, first)
    (first / "__init__.py").touch()
    (first / "py.typed").touch()
    for mode in MODES[1:]:
        shutil.copytree(first, folder / f"cases_{mode}")
    for module in SUPPORT.glob("*.py"):
        shutil.copy2(module, folder)

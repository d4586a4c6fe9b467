"""Where, when and with what the figures were taken."""

from __future__ import annotations

import contextlib
import os
import platform
import re
import shutil
import subprocess
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import building
from tools import HERE, OUT, PEERS

if TYPE_CHECKING:
    from implementations import Loaded


def machine(core: int | None, there: Loaded, rounds: int, milliseconds: float) -> dict[str, Any]:
    """Return all there is to know about a run beside its figures."""
    return {
        **surroundings(),
        "core": core,
        "versions": versions(),
        "rounds": rounds,
        "milliseconds_per_turn": milliseconds,
        "library_bytes": library_sizes() if building.PYTHON_LIBRARY.exists() else {},
        "left_out": there.left_out,
    }


def surroundings() -> dict[str, Any]:
    """Return where and when, which every benchmark tells."""
    return {
        "system": platform.platform(),
        "processor": processor(),
        "cores": os.cpu_count(),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "date": time.strftime("%Y-%m-%d"),
    }


def installed(*distributions: str) -> dict[str, str]:
    """Return the versions of those Python packages that are there."""
    found = {}
    for distribution in distributions:
        with contextlib.suppress(PackageNotFoundError):
            found[distribution] = version(distribution)
    return found


def processor() -> str:
    """Return the processor's name."""
    with contextlib.suppress(OSError):
        found = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
        if found:
            return found[1]
    return platform.processor()


def versions() -> dict[str, str]:
    """Return the versions of everything that is compared."""
    found = {}
    lock = (HERE / "Cargo.lock").read_text()
    for crate in ("uniffi", "pyo3", "prost"):
        locked = re.search(rf'name = "{crate}"\nversion = "([^"]+)"', lock)
        found[crate] = locked[1] if locked else "?"
    if gopy := re.search(r"go-python/gopy v(\S+)", (PEERS / "gopy/go.mod").read_text()):
        found["gopy"] = gopy[1]
    found |= installed("cffi", "protobuf")
    for command in (["rustc", "--version"], ["go", "version"]):
        with contextlib.suppress(OSError):
            found[command[0]] = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
    return found


def library_sizes() -> dict[str, int]:
    """Return how large the UniFFI twin is without its symbols, as stock UniFFI and as the project build it."""
    sizes: dict[str, int] = {}
    if shutil.which("strip") is None:
        return sizes
    for name, library in (("stock", building.PLAIN_LIBRARY), ("sitelift", building.PYTHON_LIBRARY)):
        stripped = OUT / f"stripped_{name}"
        subprocess.run(["strip", "-o", stripped, library], check=True)
        sizes[name] = stripped.stat().st_size
    return sizes

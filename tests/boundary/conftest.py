"""The generated packages, built once; each test runs in both modes."""

from __future__ import annotations

import gc
import importlib
import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

import building

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# A slow machine is no failure, and a failure is repeated from what it prints, not from a file.
settings.register_profile("tests", deadline=None, database=None)
settings.load_profile("tests")


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Build everything, and return the folder that has the packages of all modes."""
    folder = Path(os.environ.get("BOUNDARY_PACKAGES") or tmp_path_factory.mktemp("packages"))
    if not (folder / "cases_native").exists():
        building.generate(folder)
    sys.path.insert(0, str(folder))
    yield folder
    sys.path.remove(str(folder))


@pytest.fixture(scope="session", params=building.MODES)
def mode(request: pytest.FixtureRequest) -> str:
    """How the library is called."""
    name: str = request.param
    return name


def import_module(mode: str, namespace: str) -> Any:
    """Import one namespace's module of a mode."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(building.PURE_SWITCH, str(int(mode == "pure")))
        module = importlib.import_module(f"cases_{mode}.boundary_{namespace}")
    assert module._uniffi_mode == mode, f"the package was to be {mode}, but is {module._uniffi_mode}"
    return module


@pytest.fixture(scope="session")
def cases(packages: Path, mode: str) -> Any:
    """The main namespace's module."""
    return import_module(mode, "cases")


@pytest.fixture(scope="session")
def elsewhere(packages: Path, mode: str) -> Any:
    """The module of the namespace whose types the main one uses."""
    return import_module(mode, "types")


@pytest.fixture(scope="session")
def names(packages: Path, mode: str) -> Any:
    """The module whose names mean something else in Python."""
    return import_module(mode, "names")


@pytest.fixture
def live(cases: Any) -> Callable[[str], int]:
    """Count the Rust values of a kind that a test has made and not dropped."""
    gc.collect()
    before = {kind: cases.live(kind) for kind in cases.Kind}

    def count(kind: str) -> int:
        return int(cases.live(cases.Kind[kind]) - before[cases.Kind[kind]])

    return count


@pytest.fixture
def run_program(packages: Path, mode: str) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a program in a process of its own, with the main namespace's module as `cases`."""

    def run(program: str, *, timeout: float = 60, **environment: str) -> subprocess.CompletedProcess[str]:
        head = f"import cases_{mode}.boundary_cases as cases\nassert cases._uniffi_mode == {mode!r}\n"
        inherited = {name: value for name, value in os.environ.items() if name != building.PURE_SWITCH}
        return subprocess.run(
            [sys.executable, "-X", "faulthandler", "-c", head + textwrap.dedent(program)],
            env={
                **inherited,
                "PYTHONPATH": str(packages),
                building.PURE_SWITCH: str(int(mode == "pure")),
                "RUST_BACKTRACE": "0",
                **environment,
            },
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    return run


@pytest.fixture
def run_quietly(run_program: Callable[..., subprocess.CompletedProcess[str]]) -> Callable[..., str]:
    """Run a program that must succeed and write nothing to stderr; returns what it wrote to stdout."""

    def run(program: str, **options: Any) -> str:
        done = run_program(program, **options)
        assert (done.returncode, done.stderr) == (0, ""), f"exit code {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout.strip()

    return run

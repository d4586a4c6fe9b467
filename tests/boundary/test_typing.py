"""The generated modules, and programs that use them, under `mypy --strict` and pyright."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def folder(packages, tmp_path_factory):
    """Return a folder with the generated modules and the programs."""
    folder = tmp_path_factory.mktemp("typed")
    # One mode's copy will do: the text is the same. Without the library, which mypy has no use for.
    shutil.copytree(packages / "cases_native", folder / "cases_native", ignore=shutil.ignore_patterns("*.so", "__*__"))
    (folder / "cases_native" / "__init__.py").touch()
    for module in packages.glob("*.py"):
        shutil.copy2(module, folder)
    return folder


@pytest.fixture(scope="module")
def checked(folder):
    """Return a function that runs mypy on a file or a package."""

    def check(*what):
        command = [sys.executable, "-m", "mypy", "--strict", "--python-version=3.10", "--no-error-summary", *what]
        command += ["--cache-dir", folder / "cache", "--config-file="]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode in {0, 1}, done.stdout + done.stderr
        return done.stdout.splitlines()

    return check


@pytest.mark.parametrize("namespace", ["cases", "types", "names"])
def test_the_generated_module(checked, namespace):
    errors = checked("-p", "cases_native")
    own = [line for line in errors if f"boundary_{namespace}.py" in line]
    assert own == []


def test_a_program_that_is_right(checked):
    assert [line for line in checked("typed_program.py") if line.startswith("typed_program")] == []


def test_a_program_that_is_wrong(checked):
    lines = Path(__file__).with_name("support").joinpath("mistyped_program.py").read_text().splitlines()
    wrong = {number for number, line in enumerate(lines, 1) if line.endswith("# wrong")}
    found = {int(line.split(":")[1]) for line in checked("mistyped_program.py") if line.startswith("mistyped_program")}
    assert found == wrong


def test_pyright_agrees(folder):
    """As `basedpyright`, which brings all it needs, and in the mode that is plain pyright's."""
    settings = {"typeCheckingMode": "standard", "pythonVersion": "3.10", "reportMissingModuleSource": "none"}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings))
    command = [
        sys.executable,
        "-m",
        "basedpyright",
        "--outputjson",
        "--level",
        "error",
        "cases_native",
        "typed_program.py",
    ]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    report = json.loads(done.stdout)
    assert report["summary"]["filesAnalyzed"] >= 4
    assert [
        f"{one['file']}:{one['range']['start']['line'] + 1}: {one['message']}" for one in report["generalDiagnostics"]
    ] == []

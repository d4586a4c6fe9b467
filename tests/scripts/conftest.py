"""A machine that has no more programs than a test names."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


class Machine:
    """A PATH of its own, some of it programs made up by the test."""

    def __init__(self, folder: Path) -> None:
        self.bin = folder / "bin"
        self.bin.mkdir()
        self.variables = {
            "PATH": str(self.bin),
            "HOME": str(folder),
            "TMPDIR": str(folder),
            "CALLS": str(folder / "calls"),
        }

    def has(self, *programs: str) -> None:
        """Take over programs of the real machine."""
        for program in programs:
            (self.bin / program).symlink_to(shutil.which(program) or pytest.skip(f"needs {program}"))

    def pretends(self, program: str, script: str = "") -> None:
        """Make up a program, which notes how it was called."""
        file = self.bin / program
        file.write_text(f'#!/bin/sh\necho {program} "$@" >>"$CALLS"\n{script}\n')
        file.chmod(0o755)

    def calls(self) -> list[str]:
        """Tell how the made-up programs were called."""
        file = Path(self.variables["CALLS"])
        return file.read_text().splitlines() if file.exists() else []

    def run(self, *command: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the repository there."""
        environment = {**self.variables, **variables}
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine with little more than a shell."""
    found = Machine(tmp_path)
    found.has(
        "sh", "bash", "env", "dirname", "basename", "cat", "cp", "rm", "mkdir", "mktemp", "grep", "sed", "tail", "uname"
    )
    return found

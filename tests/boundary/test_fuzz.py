"""Readers and writers that are fed with nonsense, in a process of its own so that a crash is seen."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

import building

SECONDS = float(os.environ.get("BOUNDARY_FUZZ_SECONDS", "10"))
SEED = os.environ.get("BOUNDARY_FUZZ_SEED")


def test_codecs(packages, mode):
    command = [sys.executable, "-X", "faulthandler", building.HERE / "fuzz_codecs.py", mode, str(SECONDS / 2)]
    environment = {name: value for name, value in os.environ.items() if name != building.PURE_SWITCH}
    environment |= {"PYTHONPATH": str(packages), building.PURE_SWITCH: str(int(mode == "pure"))}
    done = subprocess.run(
        [*command, *([SEED] if SEED else [])],
        env=environment,
        capture_output=True,
        text=True,
        timeout=SECONDS * 3 + 60,
        check=False,
    )
    print(done.stdout)
    if done.returncode:
        pytest.fail(f"{done.stdout}exit code {done.returncode}\n{done.stderr}")
    rounds = [int(line.split()[0]) for line in done.stdout.splitlines()[1:]]
    assert len(rounds) == (2 if mode == "native" else 1)
    assert min(rounds) > 10

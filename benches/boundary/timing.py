"""Timing calls: all implementations of a row in turn, round after round, so that a busy machine disturbs all alike."""

from __future__ import annotations

import asyncio
import gc
import os
import statistics
import struct
import subprocess
import sys
from dataclasses import asdict, dataclass
from itertools import repeat
from time import perf_counter_ns
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rows import Case


@dataclass
class Figures:
    """Nanoseconds per call over the rounds."""

    median: float
    min: float
    max: float

    @classmethod
    def of(cls, samples: Sequence[float]) -> Figures:
        """Sum up the rounds."""
        return cls(*(round(value, 2) for value in (statistics.median(samples), min(samples), max(samples))))

    def as_dict(self) -> dict[str, float]:
        """Return the figures as they are written."""
        return asdict(self)


# Each loop does as little as it can beside the call, and returns the nanoseconds it took.


def _loop_0(case: Case, count: int) -> int:
    call = case.call
    start = perf_counter_ns()
    for _ in repeat(None, count):
        call()
    return perf_counter_ns() - start


def _loop_1(case: Case, count: int) -> int:
    call, (first,) = case.call, case.arguments
    start = perf_counter_ns()
    for _ in repeat(None, count):
        call(first)
    return perf_counter_ns() - start


def _loop_2(case: Case, count: int) -> int:
    call, (first, second) = case.call, case.arguments
    start = perf_counter_ns()
    for _ in repeat(None, count):
        call(first, second)
    return perf_counter_ns() - start


def _loop_raising(case: Case, count: int) -> int:
    call, (first,), error = case.call, case.arguments, case.raises
    start = perf_counter_ns()
    for _ in repeat(None, count):
        try:  # noqa: SIM105, that would be measured too
            call(first)
        except error:  # type: ignore[misc]  # noqa: PERF203
            pass
    return perf_counter_ns() - start


async def _loop_awaiting(case: Case, count: int) -> int:
    call, (first, second) = case.call, case.arguments
    start = perf_counter_ns()
    for _ in repeat(None, count):
        await call(first, second)
    return perf_counter_ns() - start


def measure(cases: Mapping[str, Case], rounds: int, milliseconds: float) -> dict[str, Figures]:
    """Measure the implementations of one row; a turn takes about as long as given, or one call."""
    loop = asyncio.new_event_loop()

    def turn(case: Case, count: int) -> int:
        if case.awaits:
            return loop.run_until_complete(_loop_awaiting(case, count))
        if case.raises:
            return _loop_raising(case, count)
        return (_loop_0, _loop_1, _loop_2)[len(case.arguments)](case, count)

    def enough(case: Case) -> int:
        count = 1
        while (took := turn(case, count)) < milliseconds * 1e6 / 4:
            count *= 4
        return max(1, round(count * milliseconds * 1e6 / took))

    samples: dict[str, list[float]] = {name: [] for name in cases}
    counts = {name: enough(case) for name, case in cases.items()}
    for name in rotated(list(cases), rounds):
        gc.collect()
        # Formats are found quickest by the very strings that they were first used with, which would favour the first
        # of several generated modules by some percent.
        struct._clearcache()  # type: ignore[attr-defined]  # noqa: SLF001
        gc.disable()
        took = turn(cases[name], counts[name])
        gc.enable()
        samples[name].append(took / counts[name] / cases[name].crossings)
    loop.close()
    return {name: Figures.of(taken) for name, taken in samples.items()}


def rotated(names: list[str], rounds: int) -> list[str]:
    """Return the names once for each round, each round beginning with another one."""
    return [names[(first + i) % len(names)] for first in range(rounds) for i in range(len(names))]


def measure_imports(statements: Mapping[str, str], rounds: int, environment: Mapping[str, str]) -> dict[str, Figures]:
    """Measure statements, each in a fresh process each time."""
    samples: dict[str, list[float]] = {name: [] for name in statements}
    for name in statements:
        _fresh(statements[name], environment)  # for the byte code and the disk's cache
    for name in rotated(list(statements), rounds):
        samples[name].append(_fresh(statements[name], environment))
    return {name: Figures.of(taken) for name, taken in samples.items()}


def _fresh(statement: str, environment: Mapping[str, str]) -> int:
    script = (
        f"from time import perf_counter_ns as now\nstart = now()\n{statement}\nprint(now() - start, flush=True)\n"
        # Leaving is not measured.
        "import os\nos._exit(0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    return int(done.stdout)


def pin() -> int | None:
    """Stay on one core, if the system lets us, and return which."""
    if not hasattr(os, "sched_setaffinity"):
        return None
    core = max(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {core})
    return core


def plain_equal(one: Any, other: Any) -> bool:
    """Compare plain data, types included: 1 is neither 1.0 nor True."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(plain_equal(one[key], other[key]) for key in one)
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(plain_equal, one, other))
    return bool(one == other)

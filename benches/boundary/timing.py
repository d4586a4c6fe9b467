"""Timing calls: all implementations of a row in turn, round after round, so that a busy machine disturbs all alike."""

from __future__ import annotations

import asyncio
import gc
import os
import statistics
import struct
import subprocess
import sys
import threading
from dataclasses import dataclass
from functools import partial
from itertools import repeat
from time import perf_counter_ns, process_time_ns
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from rows import Case


# How much longer than it had the core a turn may take, and how often it is tried.
SHARED, PATIENCE = 1.02, 6


@dataclass
class Spread:
    """The median of several values, and the least and the greatest of them."""

    median: float
    min: float
    max: float


@dataclass
class Figures:
    """Nanoseconds per call, one figure for each round."""

    rounds: Sequence[float]
    # How many rounds shared the core with something else to the end.
    shared: int = 0

    @property
    def spread(self) -> Spread:
        """All rounds in three figures."""
        return Spread(statistics.median(self.rounds), min(self.rounds), max(self.rounds))

    def over(self, other: Figures) -> Spread:
        """Return the ratio of the medians, and the least and the greatest ratio that a round had.

        Both took their turns in the same rounds; so the first is never beyond the other two.
        """
        ratios = [one / its for one, its in zip(self.rounds, other.rounds, strict=True)]
        return Spread(self.spread.median / other.spread.median, min(ratios), max(ratios))


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

    def timed(case: Case, count: int) -> Turn:
        start = process_time_ns()
        took = turn(case, count)
        return Turn(took, process_time_ns() - start)

    def enough(case: Case) -> int:
        count = 1
        while (took := undisturbed(partial(timed, case, count)).took) < milliseconds * 1e6 / 4:
            count *= 4
        return max(1, round(count * milliseconds * 1e6 / took))

    turns: dict[str, list[Turn]] = {name: [] for name in cases}
    counts = {name: enough(case) for name, case in cases.items()}
    for name in rotated(list(cases), rounds):
        gc.collect()
        # Formats are found quickest by the very strings that they were first used with, which would favour the first
        # of several generated modules by some percent.
        struct._clearcache()  # type: ignore[attr-defined]  # noqa: SLF001
        gc.disable()
        turns[name].append(undisturbed(partial(timed, cases[name], counts[name])))
        gc.enable()
    loop.close()
    return {name: figures(taken, counts[name] * cases[name].crossings) for name, taken in turns.items()}


@dataclass
class Turn:
    """The nanoseconds that a turn took, and those for which it had the core."""

    took: int
    had: int

    @property
    def disturbed(self) -> bool:
        """Whether something else had the core in between; what is measured never waits of its own accord."""
        return self.took > self.had * SHARED


def undisturbed(turn: Callable[[], Turn]) -> Turn:
    """Return a turn that did not share its core; after some tries, the one that shared least.

    What decides is how much of the core a turn had, not how long it took.
    """
    tries = []
    for _ in range(PATIENCE):
        tries.append(turn())
        if not tries[-1].disturbed:
            break
    return min(tries, key=lambda one: one.took / max(one.had, 1))


def figures(turns: Sequence[Turn], calls: int) -> Figures:
    """Return the time of a call."""
    return Figures([turn.took / calls for turn in turns], sum(turn.disturbed for turn in turns))


def rotated(names: list[str], rounds: int) -> list[str]:
    """Return the names once for each round, each round beginning with another one."""
    return [names[(first + i) % len(names)] for first in range(rounds) for i in range(len(names))]


@dataclass
class Import:
    """A statement that imports, and the environment of the process that does."""

    statement: str
    environment: Mapping[str, str]
    # What must hold then.
    expected: str = "True"


def measure_imports(imports: Mapping[str, Import], rounds: int) -> dict[str, Figures]:
    """Measure statements, each in a fresh process each time."""
    turns: dict[str, list[Turn]] = {name: [] for name in imports}
    for one in imports.values():
        _fresh(one)  # for the byte code and the disk's cache
    for name in rotated(list(imports), rounds):
        turns[name].append(undisturbed(partial(_fresh, imports[name])))
    return {name: figures(taken, 1) for name, taken in turns.items()}


def _fresh(one: Import) -> Turn:
    script = (
        "from time import perf_counter_ns as now, process_time_ns as had\nhad_before, start = had(), now()\n"
        f"{one.statement}\ntook, had = now() - start, had() - had_before\n"
        f"assert {one.expected}\nprint(took, had, flush=True)\n"
        # Leaving is not measured.
        "import os\nos._exit(0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], env=one.environment, stdout=subprocess.PIPE, text=True, check=True
    )
    return Turn(*map(int, done.stdout.split()))


def park_thread() -> None:
    """Start a thread that sleeps until the process ends.

    While a process has never had a second thread, its C library leaves out part of what locks need, which makes
    releasing the interpreter's lock some 20 ns cheaper. Whether it has one must not depend on what else is measured.
    """
    threading.Thread(target=threading.Event().wait, daemon=True).start()


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

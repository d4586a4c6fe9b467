"""A process that does the work of the Python libraries. It answers as the Rust program does, see `rust/src/main.rs`."""

from __future__ import annotations

import gc
import sys
import warnings
from pathlib import Path
from time import perf_counter_ns, process_time_ns
from typing import TYPE_CHECKING

from peers import PEERS

if TYPE_CHECKING:
    from collections.abc import Callable


def work(name: str, there: dict[str, dict[str, Callable[[str], object]]]) -> str:
    """Make a library ready; says `ready` and its rows, or why it can't be used."""
    try:
        there[name] = PEERS[name]()
    except Exception as error:  # noqa: BLE001, whatever it is, it is told
        return f"missing {type(error).__name__}: {error}".replace("\n", " ")
    return " ".join(["ready", *there[name]])


def timed(pages: list[str], one: Callable[[str], object], count: int) -> str:
    """Go over the pages so often; pages that a library fails on are counted."""
    failed = 0
    gc.collect()
    had, start = process_time_ns(), perf_counter_ns()
    for _ in range(count):
        for page in pages:
            try:
                one(page)
            except Exception:  # noqa: BLE001, PERF203, some libraries fail on some pages
                failed += 1
    took, had = perf_counter_ns() - start, process_time_ns() - had
    return f"{took} {had} {failed // count}"


def main() -> None:
    """Read the names of the pages, and then answer line by line."""
    warnings.simplefilter("ignore")
    lines = (line.rstrip("\n") for line in sys.stdin)
    pages = []
    for line in lines:
        if not line:
            break
        pages.append(Path(line).read_bytes().decode("utf-8", "replace"))
    there: dict[str, dict[str, Callable[[str], object]]] = {}
    for line in lines:
        match line.split(" "):
            case ["use", name]:
                answer = work(name, there)
            case [name, row, count]:
                answer = timed(pages, there[name][row], int(count))
            case _:
                answer = "unknown"
        print(answer, flush=True)


if __name__ == "__main__":
    main()

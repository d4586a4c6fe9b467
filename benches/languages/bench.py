"""Tell what the same calls cost from Python, Kotlin and Swift, and whether a million of them leak.

python benches/languages/bench.py KOTLIN SWIFT: the commands of the other two (see `make bench-languages`).
"""

from __future__ import annotations

import json
import os
import platform
import shlex
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from sitelift import Site, interop

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
ROWS = ("add", "greet", "hello_there", "site_echo", "extract")


def median(call: Callable[[], object]) -> float:
    """Return nanoseconds of one call: the median of 9 rounds of 0.1 s, after one that is not counted."""
    count = 1
    rounds: list[float] = []
    while len(rounds) < 10:  # noqa: PLR2004
        start = time.perf_counter_ns()
        for _ in range(count):
            call()
        took = time.perf_counter_ns() - start
        if took < 50_000_000:  # noqa: PLR2004
            count *= 2
        else:
            rounds.append(took / count)
    return statistics.median(rounds[1:])


def resident() -> float:
    """Return how many KiB of memory the process has."""
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS"))
    return float(line.split()[1])


def python() -> dict[str, float]:
    """Return the rows of Python."""
    page = (ROOT / "tests/fixtures/pages/news-en.html").read_bytes()
    site = Site.from_html(page, base_url="https://a.example/")
    data = interop.TestData(data="test", len=0)
    rows = {
        "add": median(lambda: interop.add(2, 3)),
        "greet": median(lambda: interop.greet("World")),
        "hello_there": median(lambda: interop.hello_there(data)),
        "site_echo": median(lambda: interop.echo_site(site)),
        "extract": median(lambda: Site.from_html(page, base_url="https://a.example/")),
    }
    for _ in range(100_000):
        interop.hello_there(data)
    before = resident()
    for _ in range(1_000_000):
        interop.hello_there(data)
    for _ in range(2_000):
        interop.echo_site(site)
    return {**rows, "kib_grown": resident() - before}


def other(command: str) -> dict[str, float]:
    """Return the rows of another language's program: the last line that it prints."""
    environment = {**os.environ, "SITELIFT_ROOT": str(ROOT)}
    done = subprocess.run(shlex.split(command), env=environment, check=True, capture_output=True, text=True)
    rows: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return rows


def main(kotlin: str, swift: str) -> None:
    """Print the table, and write the figures to target/bench/languages.json."""
    found = {"python": python(), "kotlin": other(kotlin), "swift": other(swift)}
    print("| | " + " | ".join(found) + " |\n| --- |" + " ---: |" * len(found))
    for row in ROWS:
        print(f"| `{row}` | " + " | ".join(f"{rows[row] / 1e3:.3g} µs" for rows in found.values()) + " |")
    grown = " | ".join(f"{rows['kib_grown']:.0f} KiB" for rows in found.values())
    print(f"| grown by 1,002,000 calls | {grown} |")
    result = {
        "machine": {"cpus": os.cpu_count(), "platform": platform.platform(), "python": platform.python_version()},
        "unit": "ns",
        "rows": {row: {language: {"median": rows[row]} for language, rows in found.items()} for row in ROWS},
    }
    file = ROOT / "target/bench/languages.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    if len(sys.argv) != 3:  # noqa: PLR2004 (the program and two commands)
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])

"""Tell what the same calls cost from Python, Kotlin and Swift, and whether a million of them leak.

python benches/languages/bench.py KOTLIN KOTLIN-GROWTH SWIFT SWIFT-GROWTH: the commands of the other two (see
`make bench-languages`). Ends with 1 where calls make a process grow.
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

from sitelift import InvalidJsonError, Site, interop

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
ROWS = ("add", "greet", "hello_there", "raise", "site_echo", "extract")
# What each is called this often, and records a five-hundredth of it.
CALLS = 1_000_000
# KiB; 4 bytes a call would be about as much. A virtual machine's own, its compiled code among it, has to fit in.
ALLOWED = 4_096


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
    return {
        "add": median(lambda: interop.add(2, 3)),
        "greet": median(lambda: interop.greet("World")),
        "hello_there": median(lambda: interop.hello_there(data)),
        "raise": median(bad),
        "site_echo": median(lambda: interop.echo_site(site)),
        "extract": median(lambda: Site.from_html(page, base_url="https://a.example/")),
    }


def bad() -> None:
    """Call what fails."""
    try:
        interop.parse_json("[1, oops]")
    except InvalidJsonError:
        return
    raise AssertionError


def grown(count: int, call: Callable[[], object]) -> float:
    """Return how many KiB so many calls leave behind, after a part of them made all caches warm."""
    for _ in range(max(count // 4, 100)):
        call()
    before = resident()
    for _ in range(count):
        call()
    return resident() - before


def growth() -> dict[str, float]:
    """Return what calls that end well, calls that end badly, and great records leave behind."""
    page = (ROOT / "tests/fixtures/pages/news-en.html").read_bytes()
    site = Site.from_html(page, base_url="https://a.example/")
    data = interop.TestData(data="test", len=0)
    return {
        "calls": grown(CALLS, lambda: interop.hello_there(data)),
        "errors": grown(CALLS, bad),
        "records": grown(CALLS // 500, lambda: interop.echo_site(site)),
    }


def other(command: str) -> dict[str, float]:
    """Return the rows of another language's program: the last line that it prints."""
    environment = {**os.environ, "SITELIFT_ROOT": str(ROOT)}
    done = subprocess.run(shlex.split(command), env=environment, check=True, capture_output=True, text=True)
    rows: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return rows


def main(kotlin: str, kotlin_growth: str, swift: str, swift_growth: str) -> int:
    """Print the tables, write the figures to target/bench/languages.json, and return 1 where there is growth."""
    found = {"python": python(), "kotlin": other(kotlin), "swift": other(swift)}
    head = "| | " + " | ".join(found) + " |\n| --- |" + " ---: |" * len(found)
    print(head)
    for row in ROWS:
        print(f"| `{row}` | " + " | ".join(f"{rows[row] / 1e3:.3g} µs" for rows in found.values()) + " |")
    left = {"python": growth(), "kotlin": other(f"{kotlin_growth} {CALLS}"), "swift": other(f"{swift_growth} {CALLS}")}
    print("\n" + head)
    texts = {
        "calls": f"grown by {CALLS:,} `hello_there`",
        "errors": f"grown by {CALLS:,} errors",
        "records": f"grown by {CALLS // 500:,} `site_echo`",
    }
    for row, text in texts.items():
        print(f"| {text} | " + " | ".join(f"{rows[row]:.0f} KiB" for rows in left.values()) + " |")
    result = {
        "machine": {"cpus": os.cpu_count(), "platform": platform.platform(), "python": platform.python_version()},
        "unit": "ns",
        "rows": {row: {language: {"median": rows[row]} for language, rows in found.items()} for row in ROWS},
        "kib_grown": left,
    }
    file = ROOT / "target/bench/languages.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(result, indent=1) + "\n")
    leaks = [f"{language}: {row}" for language, rows in left.items() for row in texts if rows[row] > ALLOWED]
    if leaks:
        print(f"grown by more than {ALLOWED} KiB: {', '.join(leaks)}", file=sys.stderr)
    return int(bool(leaks))


if __name__ == "__main__":
    if len(sys.argv) != 5:  # noqa: PLR2004 (the program and four commands)
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))

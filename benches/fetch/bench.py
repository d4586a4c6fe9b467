"""What it costs to fetch pages, beside the ways in which people do that, at equal concurrency.

    python bench.py                   all rows; table, figures and plot go to target/bench/fetch.*
    python bench.py --quick           few pages and one round, to see that everything works; nothing is written
    python bench.py --only NAME …     these ways only, beside ours
    python bench.py --rows NAME …     these rows only

The server has one core and the client another, but for a row in which the client may use both. Every figure is of a
process of its own; rounds are taken in turn, so that what else the machine does falls on all alike.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.pycache_prefix = str(ROOT / "target/bench-fetch/pycache")
# What the benchmarks share stands with that of the boundary.
sys.path.append(str(HERE.parent / "boundary"))

import plot  # noqa: E402
from machine import installed, surroundings  # noqa: E402
from tables import digits  # noqa: E402

RESULTS = ROOT / "target/bench"
TARGET = ROOT / "target/bench-fetch"
GO_LIBRARY = TARGET / "pages.so"
OURS = ("sitelift-rust", "sitelift")
# Of each way in Python, the package that it cannot do without.
PYTHON = {
    "sitelift": "sitelift",
    "sitelift-list": "sitelift",
    "aiohttp-selectolax": "aiohttp",
    "httpx-selectolax": "httpx",
    "scrapy": "scrapy",
    "requests-bs4": "requests",
}
FETCH_ONLY = ("reqwest", "hyper", "go", "go-ctypes")
READING = ("sitelift-rust", "sitelift", "aiohttp-selectolax", "httpx-selectolax", "scrapy", "requests-bs4")
COLOURS = {
    "sitelift-rust": "#d0021b",
    "sitelift": "#ff7a59",
    "sitelift-list": "#f5a623",
    "reqwest": "#333333",
    "hyper": "#888888",
    "go": "#00a5b5",
    "go-ctypes": "#7fdbe6",
    "aiohttp-selectolax": "#1f5fbf",
    "httpx-selectolax": "#6aa5f0",
    "scrapy": "#0b7a5b",
    "requests-bs4": "#8e44ad",
}
TITLE = "What it costs to fetch pages: median of all rounds, with the least and the greatest"
# The slowest ways get fewer pages where a figure is a page's.
SLOW = {"requests-bs4": 10, "scrapy": 4, "httpx-selectolax": 4}


@dataclass(frozen=True)
class Row:
    """What is measured: `figure` is `cpu` (a page's), `wall` (of the whole job) or `rss` (the process's peak)."""

    what: str
    pages: int
    workers: int
    query: str
    figure: str
    ways: tuple[str, ...]
    # The client may use the server's core, too.
    uses_both: bool = False


WEIGHT = "weight=130000&encoding=gzip"
LATENCY = f"latency=lognormal&median=200&stragglers=2&{WEIGHT}"
ROWS = {
    "cpu_0ms_fetch": Row("fetch", 1000, 64, WEIGHT, "cpu", (*READING, *FETCH_ONLY)),
    "cpu_0ms_extract": Row("extract", 1000, 64, WEIGHT, "cpu", READING),
    "wall_0ms_extract": Row("extract", 1000, 64, WEIGHT, "wall", READING),
    # What the work of the client takes when the cores share it, with the server's on one of them.
    "wall_0ms_extract_2_cores": Row("extract", 1000, 64, WEIGHT, "wall", ("sitelift-rust", "sitelift"), uses_both=True),
    # All at once, so that the best that can be done is the slowest answer's time.
    "wall_latency_99_fetch": Row("fetch", 99, 99, LATENCY, "wall", (*READING, *FETCH_ONLY)),
    "wall_latency_99": Row("extract", 99, 99, LATENCY, "wall", READING),
    "rss_1000_bodies": Row(
        "fetch", 1000, 64, WEIGHT, "rss", ("sitelift-rust", "sitelift", "sitelift-list", "go", "go-ctypes")
    ),
    "rss_10k": Row(
        "extract",
        10_000,
        64,
        "weight=30000&encoding=gzip",
        "rss",
        ("sitelift-rust", "sitelift", "aiohttp-selectolax", "scrapy"),
    ),
}


@dataclass(frozen=True)
class Job:
    """What one process reported: of the whole job, and for so many pages."""

    pages: int
    seconds: float
    cpu_seconds: float
    peak_rss_mb: float

    def figure(self, name: str) -> float:
        """Return the figure of a row, in ns or MB."""
        figures = {"cpu": self.cpu_seconds / self.pages * 1e9, "wall": self.seconds * 1e9, "rss": self.peak_rss_mb}
        return figures[name]


def on_cores(cores: list[int], command: list[str]) -> list[str]:
    """Return the command, bound to these cores where that can be done."""
    bound = cores and shutil.which("taskset")
    return ["taskset", "-c", ",".join(map(str, cores)), *command] if bound else command


@contextlib.contextmanager
def served(cores: list[int]) -> Iterator[str]:
    """Serve the fixture pages on loopback; the server ends with its standard input."""
    binary = ROOT / "target/release/sitelift-testserver"
    command = on_cores(cores, [str(binary), "--pages", str(ROOT / "tests/fixtures/pages")])
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the test server has no pipes")
        yield json.loads(process.stdout.readline())["url"]
        process.stdin.close()


def built() -> tuple[dict[str, list[str]], dict[str, str]]:
    """Return the commands of the ways, built where that is needed, and why others are left out."""
    there, left_out = {}, {}
    for way, package in PYTHON.items():
        there[way] = [sys.executable, str(HERE / "with_python.py"), way]
        if find_spec(package) is None:
            left_out[way] = f"{package} is not installed"
    rust = ["cargo", "build", "--quiet", "--release", "--manifest-path", str(HERE / "rust" / "Cargo.toml")]
    programs = {"sitelift-rust": "sitelift", "reqwest": "reqwest", "hyper": "hyper"}
    for way, program in programs.items():
        there[way] = [str(TARGET / "release" / program)]
    if not shutil.which("cargo"):
        left_out |= dict.fromkeys(programs, "there is no cargo")
    elif subprocess.run([*rust, "--target-dir", str(TARGET)], check=False).returncode:
        left_out |= dict.fromkeys(programs, "it does not build")
    there["go"] = [str(TARGET / "go")]
    there["go-ctypes"] = [sys.executable, str(HERE / "with_python.py"), "go-ctypes"]
    go = {"go": ["-o", *there["go"], "."], "go-ctypes": ["-buildmode=c-shared", "-o", str(GO_LIBRARY), "./library"]}
    for way, what in go.items():
        if not shutil.which("go"):
            left_out[way] = "there is no go"
        elif subprocess.run(["go", "build", *what], cwd=HERE / "go", check=False).returncode:
            left_out[way] = "it does not build"
    return {way: command for way, command in there.items() if way not in left_out}, left_out


def run(command: list[str], urls: list[str]) -> Job:
    """Run one way once; every page must have come."""
    environment = os.environ | {"GO_LIBRARY": str(GO_LIBRARY)}
    done = subprocess.run(
        command, input="\n".join(urls), stdout=subprocess.PIPE, text=True, check=True, env=environment
    )
    job = json.loads(done.stdout.splitlines()[-1])
    if job["done"] != len(urls):
        raise RuntimeError(f"{command}: {job['done']} of {len(urls)} pages")
    return Job(len(urls), job["seconds"], job["cpu_seconds"], job["peak_rss_mb"])


def measured(
    name: str, there: dict[str, list[str]], asked: argparse.Namespace, base: str, cores: list[int]
) -> dict[str, list[Job]]:
    """Return the jobs of one row, by way; the rounds of all ways in turn."""
    row = ROWS[name]
    jobs: dict[str, list[Job]] = {way: [] for way in row.ways if way in there}
    for turn in range(asked.rounds):
        for way, taken in jobs.items():
            part = SLOW.get(way, 1) if row.figure == "cpu" else 1
            count = row.pages // part // (10 if asked.quick else 1)
            urls = [f"{base}/n/{i}?{row.query}" for i in range(count)]
            taken.append(run(on_cores(cores, [*there[way], row.what, str(row.workers)]), urls))
            figure = taken[-1].figure(row.figure)
            print(f"{name:22} {way:20} {turn + 1}: {figure:,.0f}", file=sys.stderr, flush=True)
    return jobs


def summed_up(name: str, jobs: dict[str, list[Job]]) -> dict[str, dict[str, float]]:
    """Return the figures of one row as they are written: the row's own, and beside it what the job took."""
    kind = ROWS[name].figure

    def one(taken: list[Job]) -> dict[str, float]:
        figures = [job.figure(kind) for job in taken]
        return {
            "median": round(statistics.median(figures), 1),
            "min": round(min(figures), 1),
            "max": round(max(figures), 1),
            "pages": taken[0].pages,
            "seconds": round(statistics.median(job.seconds for job in taken), 4),
            "cpu_seconds": round(statistics.median(job.cpu_seconds for job in taken), 4),
            "peak_rss_mb": round(statistics.median(job.peak_rss_mb for job in taken), 1),
        }

    return {way: one(taken) for way, taken in jobs.items()}


def facts(rounds: int, cores: list[list[int]], left_out: dict[str, str]) -> dict[str, Any]:
    """Return where, when and with what the figures were taken."""
    return {
        **surroundings(),
        "server_and_client_cores": cores,
        "load_before": os.getloadavg(),
        "versions": installed("sitelift", "aiohttp", "httpx", "scrapy", "requests", "selectolax", "beautifulsoup4"),
        "rounds": rounds,
        "left_out": left_out,
    }


def table(rows: dict[str, dict[str, dict[str, float]]]) -> list[str]:
    """Return the lines of the README's table: times a page's or the whole job's, and how many times ours each is."""
    units = {"cpu": ("CPU ms a page", 1e6), "wall": ("s", 1e9), "rss": ("peak MB", 1.0)}
    lines = []
    for name, figures in rows.items():
        row = ROWS[name]
        unit, factor = units[row.figure]
        ours = [way for way in OURS if way in figures]
        lines += [
            "",
            f"| `{name}` | {unit} | CPU s for 1000 pages | peak MB |" + "".join(f" ÷ {way} |" for way in ours),
        ]
        lines.append("| --- |" + " ---: |" * (3 + len(ours)))
        for way, one in sorted(figures.items(), key=lambda each: each[1]["median"]):
            ratios = "".join(
                f" {'' if way == our else digits(one['median'] / figures[our]['median'])} |" for our in ours
            )
            cpu = digits(one["cpu_seconds"] / one["pages"] * 1000)
            lines.append(f"| {way} | {digits(one['median'] / factor)} | {cpu} | {one['peak_rss_mb']:.0f} |{ratios}")
    return lines[1:]


def summary(about: dict[str, Any]) -> str:
    """Return the machine in a line."""
    versions = ", ".join(f"{name} {number}" for name, number in about["versions"].items())
    return (
        f"{about['processor']}, server and client on a core each of {about['cores']}; {about['python']}; {versions};"
        f" {about['rounds']} rounds; {about['date']}"
    )


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3, help="how often each figure is taken")
    parser.add_argument("--rows", nargs="+", choices=ROWS, default=list(ROWS), help="some rows only")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="some ways only, beside ours")
    parser.add_argument("--quick", action="store_true", help="a tenth of the pages, once; not written without --out")
    parser.add_argument("--out", type=Path, help=f"where to write; without it, a run of everything goes to {RESULTS}")
    asked = parser.parse_args()
    asked.rounds = 1 if asked.quick else asked.rounds
    return asked


def main() -> int:
    """Build, measure, show, write."""
    asked = arguments()
    server, client = ([0], [1]) if (os.cpu_count() or 1) > 1 else ([], [])
    there, left_out = built()
    if asked.only:
        there = {way: command for way, command in there.items() if way in {*asked.only, *OURS}}
    about = facts(asked.rounds, [server, client], left_out)
    with served(server) as base:
        taken = {
            name: measured(name, there, asked, base, server + client if ROWS[name].uses_both else client)
            for name in asked.rows
        }
    rows = {name: summed_up(name, jobs) for name, jobs in taken.items()}
    text = [*table(rows), "", *(f"Left out: {way}, since {why}." for way, why in left_out.items()), summary(about)]
    print("\n".join(text))
    whole = not (asked.quick or asked.only) and list(asked.rows) == list(ROWS)
    if folder := asked.out or (RESULTS if whole else None):
        folder.mkdir(parents=True, exist_ok=True)
        document = {"machine": about, "unit": "ns, MB for rss", "rows": rows}
        (folder / "fetch.json").write_text(json.dumps(document, indent=1) + "\n")
        times = {name: figures for name, figures in rows.items() if ROWS[name].figure != "rss"}
        if times:
            (folder / "fetch.svg").write_text(plot.svg(times, summary(about), TITLE, COLOURS))
        (folder / "fetch.md").write_text("\n".join(text) + "\n")
        print(f"\nwritten to {folder}: fetch.json, fetch.svg, fetch.md", file=sys.stderr)
    # A run without ours is only half a run.
    return 1 if any(way in left_out for way in OURS) else 0


if __name__ == "__main__":
    sys.exit(main())

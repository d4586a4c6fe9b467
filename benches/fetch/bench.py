"""Fetching with sitelift beside other ways, at equal concurrency: `make bench-fetch`.

The server has one core and the client another. Every figure is of a process of its own; rounds are taken in turn,
so that what else the machine does falls on all alike. Written to `target/bench/fetch.json`.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
OUT = ROOT / "target" / "bench"
WORKERS = 64
PYTHON = ("sitelift", "aiohttp-selectolax", "httpx-selectolax", "requests-bs4")

# name: (what is done, how many pages, the query, the figure, the unit's factor, the ways)
ROWS = {
    "cpu_0ms_fetch": (
        "fetch",
        1000,
        "weight=130000&encoding=gzip",
        "cpu_page",
        (*PYTHON, "reqwest", "go"),
    ),
    "cpu_0ms_extract": (
        "extract",
        1000,
        "weight=130000&encoding=gzip",
        "cpu_page",
        PYTHON,
    ),
    "wall_0ms_extract": (
        "extract",
        1000,
        "weight=130000&encoding=gzip",
        "wall",
        PYTHON,
    ),
    "wall_latency_99": (
        "extract",
        99,
        "latency=lognormal&weight=130000&encoding=gzip",
        "wall",
        PYTHON,
    ),
    "rss_10k": (
        "extract",
        10_000,
        "weight=30000&encoding=gzip",
        "rss",
        ("sitelift", "aiohttp-selectolax"),
    ),
}
SLOW = {"requests-bs4": 10, "httpx-selectolax": 4}


def on_core(core: int | None, command: list[str]) -> list[str]:
    """Return the command, bound to one core where that can be done."""
    return command if core is None or not shutil.which("taskset") else ["taskset", "-c", str(core), *command]


@contextlib.contextmanager
def served(core: int | None) -> Iterator[str]:
    """Serve the fixture pages on loopback; the server ends with its standard input."""
    binary = ROOT / "target/release/sitelift-testserver"
    command = on_core(core, [str(binary), "--pages", str(ROOT / "tests/fixtures/pages")])
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the test server has no pipes")
        yield json.loads(process.stdout.readline())["url"]
        process.stdin.close()


def built() -> dict[str, list[str]]:
    """Return the commands of the ways that are programs, built if their tools are here."""
    programs = {}
    if shutil.which("cargo"):
        target = ROOT / "target" / "bench-fetch"
        manifest = str(HERE / "reqwest" / "Cargo.toml")
        command = [
            "cargo",
            "build",
            "--quiet",
            "--release",
            "--manifest-path",
            manifest,
            "--target-dir",
            str(target),
        ]
        subprocess.run(command, check=True)
        programs["reqwest"] = [str(target / "release" / "bench-fetch-reqwest")]
    if shutil.which("go"):
        binary = ROOT / "target" / "bench-fetch" / "go"
        subprocess.run(["go", "build", "-o", str(binary), "."], cwd=HERE / "go", check=True)
        programs["go"] = [str(binary)]
    return programs


def measure(command: list[str], urls: list[str], figure: str) -> float:
    """Run one way once; every page must have come."""
    done = subprocess.run(command, input="\n".join(urls), stdout=subprocess.PIPE, text=True, check=True)
    job = json.loads(done.stdout.splitlines()[-1])
    if job["done"] != len(urls):
        raise RuntimeError(f"{command}: {job['done']} of {len(urls)} pages")
    nanoseconds = {"cpu_page": job["cpu_seconds"] / len(urls), "wall": job["seconds"]}
    return job["peak_rss_mb"] if figure == "rss" else nanoseconds[figure] * 1e9


def row(name: str, programs: dict[str, list[str]], rounds: int, base: str, core: int | None) -> dict[str, Any]:
    """Return the figures of one row, by way; the rounds of all ways in turn."""
    what, count, query, figure, ways = ROWS[name]
    taken: dict[str, list[float]] = {way: [] for way in ways if way in PYTHON or way in programs}
    for turn in range(rounds):
        for way, figures in taken.items():
            # The slowest ways get fewer pages; their figures are a page's, but for the time of all.
            part = 1 if figure in {"wall", "rss"} else SLOW.get(way, 1)
            urls = [f"{base}/n/{i}?{query}" for i in range(count // part)]
            script = [sys.executable, str(HERE / "with_python.py"), way, what]
            command = on_core(core, [*programs.get(way, script), str(WORKERS)])
            figures.append(measure(command, urls, figure))
            print(
                f"{name:18} {way:20} {turn + 1}: {figures[-1]:,.0f}",
                file=sys.stderr,
                flush=True,
            )
    return {
        way: {
            "median": statistics.median(all_of),
            "min": min(all_of),
            "max": max(all_of),
        }
        for way, all_of in taken.items()
    }


def machine(rounds: int, cores: list[int | None]) -> dict[str, Any]:
    """Return where, when and with what the figures were taken."""
    versions = {}
    for name in (
        "sitelift",
        "aiohttp",
        "httpx",
        "selectolax",
        "requests",
        "beautifulsoup4",
    ):
        with contextlib.suppress(PackageNotFoundError):
            versions[name] = version(name)
    return {
        "system": platform.platform(),
        "cores": os.cpu_count(),
        "server_and_client_core": cores,
        "load_before": os.getloadavg(),
        "python": platform.python_version(),
        "versions": versions,
        "workers": WORKERS,
        "rounds": rounds,
        "date": time.strftime("%Y-%m-%d"),
    }


def table(rows: dict[str, Any]) -> str:
    """Return the ratios as a Markdown table: each way's figure over sitelift's."""
    ways = [*PYTHON, "reqwest", "go"]
    lines = [
        "| | sitelift | " + " | ".join(ways[1:]) + " |",
        "| --- |" + " ---: |" * len(ways),
    ]
    for name, figures in rows.items():
        ours = figures["sitelift"]["median"]
        unit = f"{ours:.0f} MB" if name.startswith("rss") else f"{ours / 1e6:.3g} ms"
        ratios = [f"{figures[way]['median'] / ours:.1f}" if way in figures else "" for way in ways[1:]]
        lines.append(f"| `{name}` | {unit} | " + " | ".join(ratios) + " |")
    return "\n".join(lines)


def main() -> None:
    """Measure, write, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3, help="how often each figure is taken")
    parser.add_argument("--rows", nargs="+", choices=ROWS, default=list(ROWS), help="which rows to take")
    arguments = parser.parse_args()
    cores: list[int | None] = [0, 1] if (os.cpu_count() or 1) > 1 else [None, None]
    about = machine(arguments.rounds, cores)
    programs = built()
    with served(cores[0]) as base:
        rows = {name: row(name, programs, arguments.rounds, base, cores[1]) for name in arguments.rows}
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "fetch.json").write_text(json.dumps({"machine": about, "unit": "ns, MB for rss", "rows": rows}, indent=1))
    print(table(rows))
    print(f"written to {OUT / 'fetch.json'}")


main()

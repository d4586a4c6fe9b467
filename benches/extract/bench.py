"""What it costs to read a page, beside the libraries that people use for that.

    python bench.py --pages DIR       over the pages (*.html) below a folder; without it, the fixtures of the tests
    python bench.py --quick           few rounds, to see that everything works; nothing is written
    python bench.py --only NAME …     these implementations only

The Rust side is built first, below target/extract. A library that is not there or does not work is named with the
reason, and its figures are absent. Table, figures and plot go to target/bench/extract.*
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.pycache_prefix = str(ROOT / "target/extract/pycache")
# What both benchmarks share stands with the other.
sys.path.append(str(HERE.parent / "boundary"))

import plot  # noqa: E402
import timing  # noqa: E402
from machine import installed, surroundings  # noqa: E402
from peers import PEERS  # noqa: E402
from tables import digits, ratio  # noqa: E402
from timing import Figures, Turn  # noqa: E402

ROWS = ("parse", "head", "full")
RESULTS = ROOT / "target/bench"
TARGET = ROOT / "target/extract"
OURS = ("sitelift-rust", "sitelift", "sitelift-pure")
RUST = {"sitelift-rust": ("head", "full"), "html5ever-arena": ROWS, "scraper": ROWS}
COLOURS = {
    "sitelift-rust": "#d0021b",
    "sitelift": "#ff7a59",
    "sitelift-pure": "#f5a623",
    "html5ever-arena": "#b07d00",
    "scraper": "#333333",
    "selectolax": "#1f5fbf",
    "resiliparse": "#6aa5f0",
    "turbohtml": "#0b7a5b",
    "lxml": "#4fc08d",
    "bs4-lxml": "#a8a8a8",
    "extruct": "#8e44ad",
    "trafilatura": "#00a5b5",
}
TITLE = "What it costs to read a page: processor time, median of all rounds, with the least and the greatest"


class Child:
    """A process that goes over the pages when it is told to."""

    def __init__(self, command: list[str], pages: list[Path], **environment: str) -> None:
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, **environment}
        )
        self._send("".join(f"{page}\n" for page in pages))

    def _send(self, line: str) -> None:
        stream: IO[str] | None = self.process.stdin
        if stream is None:
            raise RuntimeError("the process has no standard input")
        stream.write(line + "\n")
        stream.flush()

    def ask(self, line: str) -> str:
        """Send a line and return the answer."""
        self._send(line)
        answer = self.process.stdout.readline() if self.process.stdout else ""
        if not answer:
            raise SystemExit(f"the process that was asked {line!r} has ended")
        return answer.rstrip("\n")

    def close(self) -> None:
        """Let the process end."""
        if self.process.stdin:
            self.process.stdin.close()
        self.process.wait()


@dataclass
class Implementation:
    """One of those that are compared."""

    child: Child
    # What the child calls it.
    name: str
    rows: tuple[str, ...]
    # On how many pages it failed, by row.
    failed: int = 0

    def turn(self, row: str, count: int) -> Turn:
        """Go over all pages so often. What counts is the processor's time: nothing here ever waits."""
        _took, had, *failed = map(int, self.child.ask(f"{self.name} {row} {count}").split())
        self.failed = max([self.failed, *failed])
        return Turn(had, had)


def built() -> Path:
    """Build the Rust side, and return its program."""
    command = ["cargo", "build", "--release", "--quiet", "--manifest-path", str(HERE / "rust/Cargo.toml")]
    subprocess.run([*command, "--target-dir", str(TARGET)], check=True)
    return TARGET / "release/extract-bench"


def implementations(pages: list[Path]) -> tuple[dict[str, Implementation], dict[str, str], list[Child]]:
    """Return what is there, and why the others are not."""
    worker = [sys.executable, "-X", f"pycache_prefix={sys.pycache_prefix}", str(HERE / "worker.py")]
    rust, python = Child([str(built())], pages), Child(worker, pages)
    pure = Child(worker, pages, SITELIFT_PURE_PYTHON="1")
    there = {name: Implementation(rust, name, rows) for name, rows in RUST.items()}
    left_out = {}
    for name, child, peer in [*((peer, python, peer) for peer in PEERS), ("sitelift-pure", pure, "sitelift")]:
        said, *rest = child.ask(f"use {peer}").split(" ")
        if said == "ready":
            there[name] = Implementation(child, peer, tuple(rest))
        else:
            left_out[name] = " ".join(rest)
    return there, left_out, [rust, python, pure]


def measured(
    there: dict[str, Implementation], row: str, pages: int, rounds: int, milliseconds: float
) -> dict[str, Figures]:
    """Measure a row: all in turn, round after round."""
    names = [name for name, one in there.items() if row in one.rows]
    counts = {}
    for name in names:
        first = there[name].turn(row, 1)
        counts[name] = max(1, round(milliseconds * 1e6 / first.took))
    turns: dict[str, list[Turn]] = {name: [] for name in names}
    for name in timing.rotated(names, rounds):
        turns[name].append(there[name].turn(row, counts[name]))
    return {name: timing.figures(taken, counts[name] * pages) for name, taken in turns.items()}


def facts(there: dict[str, Implementation], pages: list[Path], rounds: int, left_out: dict[str, str]) -> dict[str, Any]:
    """Return all there is to know about a run beside its figures."""
    versions = installed("selectolax", "turbohtml", "lxml", "resiliparse", "beautifulsoup4", "extruct", "trafilatura")
    lock = (HERE / "rust/Cargo.lock").read_text()
    for crate in ("html5ever", "scraper"):
        if number := re.search(rf'name = "{crate}"\nversion = "([^"]+)"', lock):
            versions[crate] = number[1]
    rust = there["sitelift-rust"].child
    allocations = {}
    for name, rows in RUST.items():
        if name in there:
            for row in rows:
                count, peak = map(int, rust.ask(f"allocations {name} {row}").split())
                allocations[f"{name} {row}"] = {"allocations": count, "peak_bytes": peak}
    return {
        **surroundings(),
        "versions": versions,
        "rounds": rounds,
        "pages": len(pages),
        "bytes": sum(page.stat().st_size for page in pages),
        "allocations_a_page": allocations,
        "pages_failed_on": {name: one.failed for name, one in there.items() if one.failed},
        "left_out": left_out,
    }


def rounded(figures: Figures) -> dict[str, float]:
    """Return the figures of one implementation as they are written."""
    spread = figures.spread
    return {"median": round(spread.median, 1), "min": round(spread.min, 1), "max": round(spread.max, 1)}


def table(rows: dict[str, dict[str, Figures]], about: dict[str, Any]) -> list[str]:
    """Return the lines of the README's table."""
    mean = about["bytes"] / about["pages"]
    lines = []
    for row, figures in rows.items():
        ours = [name for name in OURS if name in figures]
        lines += ["", f"| `{row}` | ms a page | MB/s |" + "".join(f" ÷ {name} |" for name in ours)]
        lines.append("| --- |" + " ---: |" * (2 + len(ours)))
        for name, one in sorted(figures.items(), key=lambda each: each[1].spread.median):
            nanoseconds = one.spread.median
            ratios = "".join(f" {'' if name == our else ratio(one.over(figures[our]))} |" for our in ours)
            lines.append(f"| {name} | {digits(nanoseconds / 1e6)} | {digits(mean / nanoseconds * 1e3)} |{ratios}")
    return lines[1:]


def remarks(about: dict[str, Any]) -> list[str]:
    """Return what is to be said beside the figures."""
    lines = [f"Left out: {name}, since {why}." for name, why in about["left_out"].items()]
    lines += [f"{name} failed on {count} pages." for name, count in about["pages_failed_on"].items()]
    for name, counted in about["allocations_a_page"].items():
        kilobytes = counted["peak_bytes"] / 1000
        lines.append(f"{name}: {counted['allocations']:,} allocations a page, {kilobytes:,.0f} kB at once at most.")
    return [*lines, summary(about)]


def summary(about: dict[str, Any]) -> str:
    """Return the pages and the machine in a line."""
    versions = ", ".join(f"{name} {number}" for name, number in about["versions"].items())
    return (
        f"{about['pages']} pages of {about['bytes'] / about['pages'] / 1000:.0f} kB in the mean; {about['processor']},"
        f" {about['cores']} cores, one used; {about['python']}; {versions}; {about['rounds']} rounds; {about['date']}"
    )


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--pages", type=Path, default=ROOT / "tests/fixtures/pages", help="a folder with *.html below it"
    )
    parser.add_argument("--rows", nargs="+", choices=ROWS, default=ROWS, help="some rows only")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="some implementations only, beside sitelift-rust")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--quick", action="store_true", help="one short round; nothing is written without --out")
    parser.add_argument("--out", type=Path, help=f"where to write; without it, a run of everything goes to {RESULTS}")
    return parser.parse_args()


def main() -> int:
    """Build, measure, show, write."""
    asked = arguments()
    rounds, milliseconds = (1, 20) if asked.quick else (asked.rounds, 200)
    pages = sorted(asked.pages.resolve().rglob("*.html"))
    if not pages:
        raise SystemExit(f"{asked.pages}: there is no *.html below it")
    timing.pin()
    there, left_out, children = implementations(pages)
    if asked.only:
        there = {name: one for name, one in there.items() if name in {*asked.only, "sitelift-rust"}}
    rows = {}
    for row in asked.rows:
        rows[row] = measured(there, row, len(pages), rounds, milliseconds)
        print(f"measured {row}", file=sys.stderr, flush=True)
    about = facts(there, pages, rounds, left_out)
    for child in children:
        child.close()
    text = [*table(rows, about), "", *remarks(about)]
    print("\n".join(text))
    whole = not (asked.quick or asked.only) and tuple(asked.rows) == ROWS
    if folder := asked.out or (RESULTS if whole else None):
        folder.mkdir(parents=True, exist_ok=True)
        figures = {row: {name: rounded(one) for name, one in taken.items()} for row, taken in rows.items()}
        document = {"machine": about, "unit": "ns", "rows": figures}
        (folder / "extract.json").write_text(json.dumps(document, indent=1) + "\n")
        (folder / "extract.svg").write_text(plot.svg(figures, summary(about), TITLE, COLOURS))
        (folder / "extract.md").write_text("\n".join(text) + "\n")
        print(f"\nwritten to {folder}: extract.json, extract.svg, extract.md", file=sys.stderr)
    # A run without ours is only half a run.
    return 1 if any(name in left_out for name in OURS) else 0


if __name__ == "__main__":
    sys.exit(main())

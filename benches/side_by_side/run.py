"""The main job with sitelift beside requests + threads + BeautifulSoup.

    python run.py --sites 49 99          fixture pages from the loopback test server, as heavy and slow as real ones
    python run.py --urls https://…       pages of your choice, no comparison unless --compare is given
    python run.py … --json FILE          also write the figures

Every row is a process of its own, so that CPU and peak memory are its own. Rows run one after another in one sitting,
and each ratio is against requests with as many workers over the same URLs.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

import sitelift

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PEER = "requests+bs4"
# What scripts with requests commonly use, and sitelift's default; every row exists for both.
USUAL_WORKERS, DEFAULT_WORKERS = 10, 64
WORKERS = (4, USUAL_WORKERS, DEFAULT_WORKERS)
# 130 kB is the median of pages collected in the wild; fixtures written by hand are lighter.
SCENES = {
    "answers after 100 ms (median, lognormal)": "latency=lognormal&median=100&stragglers=0&weight=130000",
    "answers after 200 ms (median, lognormal), 2 % after 2 s": "latency=lognormal&weight=130000",
}


@contextlib.contextmanager
def served() -> Iterator[str]:
    """Serve the fixture pages on loopback; the server ends with its standard input."""
    binary = ROOT / "target/release/sitelift-testserver"
    command = [str(binary), "--pages", str(ROOT / "tests/fixtures/pages")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the test server has no pipes")
        yield json.loads(process.stdout.readline())["url"]
        process.stdin.close()


def run(name: str, workers: int, urls: list[str]) -> dict[str, Any]:
    """Run one row and return its figures."""
    script = {"sitelift": "with_sitelift.py", PEER: "with_requests.py"}[name]
    command = [sys.executable, str(HERE / script), str(workers)]
    done = subprocess.run(command, input="\n".join(urls), stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1]) | {"name": name, "workers": workers, "sites": len(urls)}


def compare(urls: list[str], scene: str, console: Console) -> list[dict[str, Any]]:
    """Run all rows over the same URLs, and print them."""
    rows = []
    for workers in WORKERS:
        for name in (PEER, "sitelift"):
            console.print(f"[dim]{name}, {workers} workers, {len(urls)} pages …[/dim]")
            rows.append(run(name, workers, urls) | {"scene": scene})
    peers = {row["workers"]: row for row in rows if row["name"] == PEER}
    table = Table(title=f"{len(urls)} pages with all fields of the record; {scene}")
    columns = ("", "workers", "seconds", "CPU seconds", "peak RAM, MB", "pages ok", "times faster", "times less CPU")
    for column in columns:
        table.add_column(column, justify="left" if not column else "right")
    for row in rows:
        peer = peers[row["workers"]]
        row["ratio"] = peer["seconds"] / row["seconds"]
        row["cpu_ratio"] = peer["cpu_seconds"] / max(row["cpu_seconds"], 1e-9)
        ours = row["name"] == "sitelift"
        table.add_row(
            row["name"],
            str(row["workers"]),
            f"{row['seconds']:.2f}",
            f"{row['cpu_seconds']:.2f}",
            f"{row['peak_rss_mb']:.0f}",
            f"{row['done']}/{row['sites']}",
            f"{row['ratio']:.1f}" if ours else "",
            f"{row['cpu_ratio']:.1f}" if ours else "",
            style="bold" if ours else "",
        )
    console.print(table)
    default = next(row for row in rows if (row["name"], row["workers"]) == ("sitelift", DEFAULT_WORKERS))
    usual = peers[USUAL_WORKERS]["seconds"] / default["seconds"]
    console.print(
        f"Each ratio is against {PEER} with as many workers. As the two are mostly run, sitelift with its default of "
        f"{DEFAULT_WORKERS} against {PEER} with {USUAL_WORKERS}: [bold]{usual:.1f} times faster[/bold]. "
        "No client is faster than its slowest page.\n"
    )
    return rows


def card(site: sitelift.Site) -> Panel:
    """Return one record as a person would like to see it."""
    if site.error is not None:
        return Panel(Text(str(site.error), style="red"), title=Text(site.url), title_align="left")
    lines = [Text(site.description or "", style="italic")] if site.description else []
    who = " · ".join(part for part in (site.site_name, site.author, site.published_at, site.lang, site.charset) if part)
    lines.append(Text(who, style="cyan"))
    counts = {
        "links": site.links,
        "images": site.images,
        "headings": site.headings,
        "Open Graph": site.open_graph,
        "icons": site.icons,
        "feeds": site.feeds,
        "languages": site.alternates,
        "JSON-LD": site.json_ld,
    }
    lines.append(Text(", ".join(f"{len(items)} {name}" for name, items in counts.items() if items), style="dim"))
    size = f"{site.body_size / 1000:.1f} kB · {site.elapsed_ms:.0f} ms"
    lines.append(Text(f"{site.status} {site.http_version} · {size} · {site.final_url}", style="dim"))
    return Panel(Group(*lines), title=Text(site.title or "(no title)", style="bold"), title_align="left")


def show(urls: list[str], count: int, console: Console, *, private: bool) -> None:
    """Print the records of pages spread over the list."""
    step = max(1, len(urls) // count)
    start = time.perf_counter()
    sites = sitelift.Site.from_urls(urls[::step][:count], allow_private_networks=private)
    console.print(f"{len(sites)} of the records, lifted in {time.perf_counter() - start:.2f} s:\n")
    for site in sites:
        console.print(card(site))


def machine() -> dict[str, Any]:
    """Return where and with what the figures were taken."""
    return {
        "system": platform.platform(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "versions": {name: version(name) for name in ("sitelift", "requests", "beautifulsoup4")},
        "date": time.strftime("%Y-%m-%d"),
    }


def main() -> None:
    """Serve, compare, show, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sites", type=int, nargs="*", default=[], help="how many fixture pages, once each")
    parser.add_argument("--urls", nargs="+", default=[], help="pages of your choice instead")
    parser.add_argument("--compare", action="store_true", help="compare on --urls too")
    parser.add_argument("--show", type=int, default=0, help="how many records to print")
    parser.add_argument("--json", type=Path, help="where to write the figures")
    arguments = parser.parse_args()
    console = Console(width=None if sys.stdout.isatty() else 120, highlight=False)

    rows = []
    if arguments.urls:
        if arguments.compare:
            rows += compare(arguments.urls, "pages of your choice", console)
        show(arguments.urls, len(arguments.urls), console, private=False)
    for sites in arguments.sites:
        with served() as base:
            for scene, query in SCENES.items():
                rows += compare([f"{base}/n/{i}?{query}" for i in range(sites)], scene, console)
            if arguments.show:
                show([f"{base}/n/{i}?latency=100" for i in range(sites)], arguments.show, console, private=True)
    if arguments.json:
        arguments.json.parent.mkdir(parents=True, exist_ok=True)
        arguments.json.write_text(json.dumps({"machine": machine(), "unit": "s", "rows": rows}, indent=1) + "\n")
        console.print(f"written to {arguments.json}")


main()

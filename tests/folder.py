"""Serves every page of a folder on loopback and lifts them all: nothing may crash, hang or get lost.

    python tests/folder.py DIR [--rounds N] [--concurrency N]

Prints pages per second, peak memory, and how often each kind of problem came. Exits with 1 when a record is missing
or a page failed inside sitelift.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from urllib.parse import quote

import sitelift

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Serve, lift, count."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--rounds",
        type=int,
        default=1,
        help="how often each page is fetched, under different URLs",
    )
    parser.add_argument("--concurrency", type=int, default=64)
    arguments = parser.parse_args()

    command = [
        str(ROOT / "target/release/sitelift-testserver"),
        "--pages",
        str(arguments.folder),
    ]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        ready = json.loads(server.stdout.readline())
        urls = [
            f"{ready['url']}/pages/{quote(page)}?round={n}" for n in range(arguments.rounds) for page in ready["pages"]
        ]
        problems: Counter[str] = Counter()
        size = lifted = 0
        start = time.perf_counter()
        with (
            sitelift.Client(concurrency=arguments.concurrency, allow_private_networks=True) as client,
            client.stream(urls) as stream,
        ):
            for url, site in zip(urls, stream, strict=True):
                assert site.url == url
                lifted += site.error is None
                size += site.body_size
                problems.update(p.kind.name for p in [*site.warnings, *([site.error] if site.error else [])])
        seconds = time.perf_counter() - start
        server.stdin.close()

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
    rate = f"{len(urls) / seconds:.0f} pages/s"
    print(f"{len(urls)} pages, {size / 1e6:.1f} MB, in {seconds:.2f} s: {rate}, peak RSS {peak:.0f} MB")
    print(f"{lifted} lifted; problems: {dict(problems) or 'none'}")
    return 1 if "INTERNAL" in problems else 0


if __name__ == "__main__":
    sys.exit(main())

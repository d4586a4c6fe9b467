"""The main job with sitelift: `python with_sitelift.py WORKERS < urls`."""

from __future__ import annotations

import sys

import measured

import sitelift


def main() -> None:
    """Fetch and lift all URLs of standard input with so many at a time."""
    workers = int(sys.argv[1])
    urls = sys.stdin.read().split()
    with measured.job() as job:
        sites = sitelift.Site.from_urls(urls, concurrency=workers, per_host=workers, allow_private_networks=True)
        job.done = sum(site.error is None for site in sites)
        job.fields = sum(bool(site.title) + len(site.links) + len(site.images) for site in sites)


main()

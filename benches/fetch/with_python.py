"""Fetch pages in one way, and extract if asked: `python with_python.py WAY fetch|extract WORKERS < urls`.

The peers do what a careful user would: one client for all, so many requests at a time, title, metas, links, images
and headings of each page. `sitelift` always makes its whole record; `fetch` is without the parts that can be left out.
`sitelift-list` and `go-ctypes` hold all pages with their bodies, as a call that returns a list does.
"""

from __future__ import annotations

import asyncio
import ctypes
import importlib
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "side_by_side"))
import measured

if TYPE_CHECKING:
    from collections.abc import Callable

SELECTORS = {
    "metas": "meta[content]",
    "links": "a[href]",
    "images": "img[src]",
    "headings": "h1,h2,h3,h4,h5,h6",
}


def with_selectolax() -> Callable[[bytes], int]:
    """Return what counts the parts of a page by selectolax (lexbor)."""
    from selectolax.lexbor import LexborHTMLParser  # noqa: PLC0415

    def extract(html: bytes) -> int:
        tree = LexborHTMLParser(html)
        title = tree.css_first("title")
        found: list[Any] = [title.text() if title else None]
        for name, rule in SELECTORS.items():
            found += [(name, dict(node.attributes), node.text(strip=True)) for node in tree.css(rule)]
        return len(found)

    return extract


def with_bs4() -> Callable[[bytes], int]:
    """Return what counts the parts of a page by BeautifulSoup."""
    from bs4 import BeautifulSoup  # noqa: PLC0415

    def extract(html: bytes) -> int:
        soup = BeautifulSoup(html, "html.parser")
        found: list[Any] = [soup.title.string if soup.title else None]
        for name, rule in SELECTORS.items():
            found += [(name, dict(tag.attrs), tag.get_text(strip=True)) for tag in soup.select(rule)]
        return len(found)

    return extract


def sitelift(urls: list[str], workers: int, job: measured.Job, *, extracts: bool) -> None:
    """Fetch with one client; a page is counted as soon as it is there."""
    import sitelift  # noqa: PLC0415

    options: Any = {} if extracts else {"parts": []}
    with (
        sitelift.Client(
            concurrency=workers,
            per_host=workers,
            allow_private_networks=True,
            keep_body=not extracts,
            **options,
        ) as client,
        client.stream(urls, ordered=False) as stream,
    ):
        for site in stream:
            job.done += site.error is None
            job.fields += len(site.links) + len(site.images) + len(site.headings) + len(site.meta)


def sitelift_list(urls: list[str], workers: int, job: measured.Job, *, extracts: bool) -> None:
    """Fetch by one call, which returns all pages."""
    import sitelift  # noqa: PLC0415

    options: Any = {} if extracts else {"parts": []}
    sites = sitelift.Site.from_urls(urls, concurrency=workers, per_host=workers, allow_private_networks=True, **options)
    job.done = sum(site.error is None for site in sites)
    job.fields = sum(len(site.links) + len(site.images) + len(site.headings) + len(site.meta) for site in sites)


class GoPage(ctypes.Structure):
    """A page as the Go library hands it over."""

    _fields_ = (
        *((name, ctypes.c_char_p) for name in ("url", "final_url", "server", "content_type")),
        ("body", ctypes.c_void_p),
        ("body_size", ctypes.c_uint64),
        ("status", ctypes.c_uint32),
    )


@dataclass(slots=True)
class Page:
    """The same in Python."""

    url: str
    final_url: str
    server: str
    content_type: str
    status: int
    body: bytes


def go_ctypes(urls: list[str], workers: int, job: measured.Job, *, extracts: bool) -> None:
    """Fetch by one call of the Go library, which returns all pages."""
    if extracts:
        raise ValueError("the Go library does not read pages")
    library = ctypes.CDLL(os.environ["GO_LIBRARY"])
    library.FetchPages.argtypes = [ctypes.c_char_p, ctypes.c_uint32, ctypes.POINTER(ctypes.c_uint64)]
    library.FetchPages.restype = ctypes.POINTER(GoPage)
    library.FreePages.argtypes = [ctypes.POINTER(GoPage), ctypes.c_uint64]
    library.FreePages.restype = None
    count = ctypes.c_uint64()
    made = library.FetchPages("\n".join(urls).encode(), workers, count)
    try:
        pages = [
            Page(
                *(text.decode() for text in (page.url, page.final_url, page.server, page.content_type)),
                status=page.status,
                body=ctypes.string_at(page.body, page.body_size),
            )
            for page in made[: count.value]
            if page.status
        ]
    finally:
        library.FreePages(made, count)
    job.done = job.fields = sum(len(page.body) > 0 for page in pages)


def requests_bs4(urls: list[str], workers: int, job: measured.Job, *, extracts: bool) -> None:
    """Fetch with threads that share nothing but the list."""
    import threading  # noqa: PLC0415

    import requests  # noqa: PLC0415

    local = threading.local()
    extract = with_bs4()

    def one(url: str) -> int:
        session = getattr(local, "session", None) or requests.Session()
        local.session = session
        body = session.get(url, timeout=20).content
        return extract(body) if extracts else 1

    with ThreadPoolExecutor(workers) as pool:
        for fields in pool.map(one, urls):
            job.done += 1
            job.fields += fields


def aiohttp_selectolax(urls: list[str], workers: int, job: measured.Job, *, extracts: bool) -> None:
    """Fetch with one session and as many tasks as workers."""
    import aiohttp  # noqa: PLC0415

    extract = with_selectolax()

    async def main() -> None:
        connector = aiohttp.TCPConnector(limit=workers)
        async with aiohttp.ClientSession(connector=connector) as session:
            left = iter(urls)

            async def worker() -> None:
                for url in left:
                    async with session.get(url) as response:
                        body = await response.read()
                    job.fields += extract(body) if extracts else 1
                    job.done += 1

            await asyncio.gather(*(worker() for _ in range(workers)))

    asyncio.run(main())


def httpx_selectolax(urls: list[str], workers: int, job: measured.Job, *, extracts: bool) -> None:
    """Fetch with one client and as many tasks as workers."""
    import httpx  # noqa: PLC0415

    extract = with_selectolax()

    async def main() -> None:
        limits = httpx.Limits(max_connections=workers, max_keepalive_connections=workers)
        async with httpx.AsyncClient(limits=limits, timeout=20) as client:
            left = iter(urls)

            async def worker() -> None:
                for url in left:
                    body = (await client.get(url)).content
                    job.fields += extract(body) if extracts else 1
                    job.done += 1

            await asyncio.gather(*(worker() for _ in range(workers)))

    asyncio.run(main())


def scrapy(urls: list[str], workers: int, job: measured.Job, *, extracts: bool) -> None:
    """Run one spider without middlewares that a list of URLs has no use for."""
    from scrapy import Spider  # noqa: PLC0415
    from scrapy.crawler import CrawlerProcess  # noqa: PLC0415

    class Pages(Spider):
        name = "pages"
        start_urls = urls

        def parse(self, response: Any) -> None:
            """Count one page, and read it if asked."""
            job.done += 1
            if extracts:
                job.fields += 1 if response.css("title::text").get() else 0
                for rule in SELECTORS.values():
                    found = [(dict(node.attrib), node.xpath("string()").get()) for node in response.css(rule)]
                    job.fields += len(found)

    settings = {
        "CONCURRENT_REQUESTS": workers,
        "CONCURRENT_REQUESTS_PER_DOMAIN": workers,
        "DOWNLOAD_DELAY": 0,
        "DOWNLOAD_TIMEOUT": 20,
        "LOG_ENABLED": False,
        "ROBOTSTXT_OBEY": False,
        "TELNETCONSOLE_ENABLED": False,
    }
    crawler = CrawlerProcess(settings)
    crawler.crawl(Pages)
    crawler.start()


WAYS = {
    "sitelift": sitelift,
    "sitelift-list": sitelift_list,
    "go-ctypes": go_ctypes,
    "requests-bs4": requests_bs4,
    "aiohttp-selectolax": aiohttp_selectolax,
    "httpx-selectolax": httpx_selectolax,
    "scrapy": scrapy,
}


def main() -> None:
    """Do the job once and print what it cost."""
    way, what, workers = sys.argv[1], sys.argv[2], int(sys.argv[3])
    urls = sys.stdin.read().split()
    # Imports, and what they set up, are done before the clock runs.
    if way == "scrapy":
        # Its reactor can be started only once in a process.
        importlib.import_module("scrapy.crawler")
    else:
        WAYS[way](urls[:1], 1, measured.Job(), extracts=what == "extract")
    with measured.job() as job:
        WAYS[way](urls, workers, job, extracts=what == "extract")


main()

"""The main job the pure-Python way: requests, threads and BeautifulSoup. `python with_requests.py WORKERS < urls`.

Written as a careful Python user would: one session a thread, the fields of sitelift's record, one pass where one does.
"""

from __future__ import annotations

import json
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urljoin, urlsplit

import measured
import requests
from bs4 import BeautifulSoup

OPEN_GRAPH = ("og:", "article:", "book:", "profile:", "music:", "video:", "fb:", "product:")
FEEDS = ("application/rss+xml", "application/atom+xml", "application/feed+json")

local = threading.local()


def fetch(url: str) -> dict[str, Any]:
    """Return the record of one page, or its error."""
    session = getattr(local, "session", None)
    if session is None:
        session = local.session = requests.Session()
    try:
        response = session.get(url, timeout=20)
    except requests.RequestException as error:
        return {"url": url, "error": str(error)}
    soup = BeautifulSoup(response.content, "html.parser", from_encoding=response.encoding)
    return exchange(url, response) | page(soup, response.url)


def exchange(url: str, response: requests.Response) -> dict[str, Any]:
    """Return the facts of the exchange."""
    parts = urlsplit(response.url)
    return {
        "url": url,
        "final_url": response.url,
        "domain": parts.hostname,
        "protocol": parts.scheme,
        "port": parts.port or {"http": 80, "https": 443}.get(parts.scheme),
        "server": response.headers.get("server"),
        "content_type": response.headers.get("content-type"),
        "status": response.status_code,
        "headers": list(response.headers.items()),
        "redirects": [(hop.url, hop.status_code) for hop in response.history],
        "body": response.text,
    }


def page(soup: BeautifulSoup, url: str) -> dict[str, Any]:
    """Return the parts of the page."""
    base_tag = soup.find("base", href=True)
    base = urljoin(url, base_tag["href"]) if base_tag else url
    metas = [(tag.get("property") or tag.get("name") or "", tag.get("content", "")) for tag in soup.find_all("meta")]
    open_graph = [(name.lower(), value) for name, value in metas if name.lower().startswith(OPEN_GRAPH)]
    twitter = [(name.lower(), value) for name, value in metas if name.lower().startswith("twitter:")]
    og, tw, meta = dict(open_graph[::-1]), dict(twitter[::-1]), {k.lower(): v for k, v in metas[::-1]}
    blocks = [block for block in map(parsed, soup.find_all("script", type="application/ld+json")) if block]
    data = next((block for block in blocks if isinstance(block, dict)), {})
    headings = [(int(tag.name[1]), text(tag)) for tag in soup.find_all(["h1", "h2", "h3", "h4", "h5", "h6"])]
    link_tags = soup.find_all("link", href=True)
    icons = [(urljoin(base, t["href"]), t.get("sizes")) for t in link_tags if "icon" in " ".join(t.get("rel", []))]
    alternates = [t for t in link_tags if "alternate" in t.get("rel", [])]
    canonical = next((t["href"] for t in link_tags if "canonical" in t.get("rel", [])), None)
    host = urlsplit(url).hostname or ""
    return {
        "title": og.get("og:title") or tw.get("twitter:title") or text(soup.title),
        "description": og.get("og:description") or tw.get("twitter:description") or meta.get("description"),
        "canonical_url": urljoin(base, canonical) if canonical else og.get("og:url"),
        "lang": soup.html.get("lang") if soup.html else None,
        "charset": soup.original_encoding,
        "image": og.get("og:image") or tw.get("twitter:image"),
        "favicon": icons[0][0] if icons else urljoin(url, "/favicon.ico"),
        "site_name": og.get("og:site_name") or meta.get("application-name") or host,
        "author": name_of(data.get("author")) or meta.get("author"),
        "published_at": data.get("datePublished") or og.get("article:published_time"),
        "modified_at": data.get("dateModified") or og.get("article:modified_time"),
        "open_graph": open_graph,
        "twitter": twitter,
        "meta": metas,
        "icons": icons,
        "feeds": [(urljoin(base, t["href"]), t.get("title")) for t in alternates if t.get("type") in FEEDS],
        "alternates": [(t["hreflang"], urljoin(base, t["href"])) for t in alternates if t.get("hreflang")],
        "headings": headings,
        "links": links(soup, base, host),
        "images": [
            (urljoin(base, t["src"]), t.get("alt"), t.get("width"), t.get("height"), t.get("srcset"))
            for t in soup.find_all("img", src=True)
        ],
        "json_ld": blocks,
    }


def links(soup: BeautifulSoup, base: str, host: str) -> list[tuple[str, str, list[str] | None, bool]]:
    """Return address, text, rel and whether it stays on the host, of every link."""
    found = []
    for tag in soup.find_all("a", href=True):
        try:
            target = urljoin(base, tag["href"].strip())
            found.append((target, text(tag), tag.get("rel"), urlsplit(target).hostname == host))
        except ValueError:  # noqa: PERF203 (any link may be broken)
            continue
    return found


def text(tag: Any) -> str:
    """Return a tag's text with its white space folded."""
    return " ".join(tag.get_text().split()) if tag else ""


def parsed(tag: Any) -> Any:
    """Return a JSON-LD block, or nothing where it is broken."""
    try:
        return json.loads(tag.string or "")
    except ValueError:
        return None


def name_of(author: Any) -> str | None:
    """Return the name in a JSON-LD author."""
    if isinstance(author, list):
        author = author[0] if author else None
    return author.get("name") if isinstance(author, dict) else author


def main() -> None:
    """Fetch and parse all URLs of standard input with so many threads."""
    workers = int(sys.argv[1])
    urls = sys.stdin.read().split()
    with measured.job() as job, ThreadPoolExecutor(workers) as pool:
        sites = list(pool.map(fetch, urls))
        job.done = sum("error" not in site for site in sites)
        job.fields = sum(bool(s.get("title")) + len(s.get("links", ())) + len(s.get("images", ())) for s in sites)


main()

"""Fetching, against a real server on loopback."""

from __future__ import annotations

import dataclasses
import json
import socket
import threading
import urllib.request
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import pytest
from helpers import needs_proc, run_script, until

import sitelift
from sitelift import Client, ClosedError, Header, ProblemKind, Redirect, Site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Server

# What differs between two fetches of one page.
OF_THE_MOMENT = ("fetched_at", "elapsed_ms", "ttfb_ms", "dns_ms", "connect_ms", "tls_ms", "body_ms", "headers")

# What only a fetched page has.
OF_THE_EXCHANGE = (
    *("url", "final_url", "status", "http_version", "remote_ip", "server", "redirects", "attempts", "from_cache"),
    # Headers have a say in it.
    "robots",
    *OF_THE_MOMENT,
)


NEWS_TITLE = "Ferrow\u2019s old bridge reopens after nine years"


def without(site: Site, *names: str) -> dict[str, Any]:
    tree = site.to_dict()
    return {name: value for name, value in tree.items() if name not in names}


def headers(site: Site, name: str) -> list[str]:
    return [header.value for header in site.headers if header.name == name]


def echoed(site: Site) -> dict[str, list[str]]:
    """Return the request headers that the server saw."""
    site.raise_for_error()
    assert site.body is not None
    seen: dict[str, list[str]] = {}
    for name, value in json.loads(site.body)["headers"]:
        seen.setdefault(name, []).append(value)
    return seen


def read(url: str) -> bytes:
    """Fetch with the standard library, as something to compare with."""
    with urllib.request.urlopen(url) as answer:
        body: bytes = answer.read()
    return body


@contextmanager
def answering(raw: bytes) -> Iterator[str]:
    """Answer one connection with just these bytes, and close it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(10)

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(raw)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        thread.join()


@pytest.fixture
def refused() -> Iterator[str]:
    """Give a URL whose port is taken but where nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}/"


# One page


def test_from_url(server: Server) -> None:
    url = f"{server.url}/pages/news-en.html"
    before = datetime.now(timezone.utc)
    site = Site.from_url(f"{url}?latency=60&server=Lantern%2F2#part", allow_private_networks=True)
    after = datetime.now(timezone.utc)

    assert type(site) is Site
    assert site.error is None
    assert site.warnings == []
    assert site.raise_for_error() is site
    assert site.url == f"{url}?latency=60&server=Lantern%2F2#part"
    assert site.final_url == f"{url}?latency=60&server=Lantern%2F2"
    assert site.domain == "127.0.0.1"
    assert site.protocol == "http"
    assert site.port == urlsplit(server.url).port
    assert site.status == 200
    assert site.http_version == "HTTP/1.1"
    assert site.remote_ip == "127.0.0.1"
    assert site.server == "Lantern/2"
    assert site.content_type == site.contentType
    assert site.content_type is not None
    assert site.content_type.startswith("text/html")
    assert site.redirects == []
    assert headers(site, "server") == ["Lantern/2"]
    assert headers(site, "content-type") == [site.content_type]
    assert all(header.name == header.name.lower() for header in site.headers)
    assert site.title == NEWS_TITLE
    assert site.links

    assert site.ttfb_ms is not None
    assert 60 <= site.ttfb_ms <= site.elapsed_ms < 20_000
    assert site.fetched_at is not None
    fetched_at = datetime.fromisoformat(site.fetched_at.replace("Z", "+00:00"))
    # It is written down in whole milliseconds.
    assert before - timedelta(milliseconds=1) <= fetched_at <= after

    page = read(url)
    assert site.body == page.decode()
    assert (site.body_size, site.body_truncated) == (len(page), False)


def test_fetched_and_given_pages_are_lifted_alike(server: Server, client: Client) -> None:
    sites = client.fetch_all(f"{server.url}/pages/{quote(page)}" for page in server.pages)
    assert len(sites) == len(server.pages) > 0
    for site in sites:
        page = Site.from_html(read(site.url), base_url=site.final_url, content_type=site.content_type)
        assert without(site, *OF_THE_EXCHANGE) == without(page, *OF_THE_EXCHANGE), site.url


@pytest.mark.parametrize("status", [201, 400, 403, 404, 410, 418, 429, 500, 503])
def test_an_http_error_is_no_error(server: Server, client: Client, status: int) -> None:
    site = client.fetch(f"{server.url}/n/0?status={status}")
    assert (site.error, site.status) == (None, status)
    assert site.title
    site = client.fetch(f"{server.url}/status/{status}")
    assert (site.error, site.status) == (None, status)


@pytest.mark.parametrize("status", [204, 205, 304])
def test_a_status_without_a_body_is_no_error(server: Server, client: Client, status: int) -> None:
    site = client.fetch(f"{server.url}/status/{status}")
    assert (site.error, site.status, site.body_size) == (None, status, 0)


def test_nul_bytes_are_part_of_the_page(server: Server, client: Client) -> None:
    site = client.fetch(f"{server.url}/nul")
    assert site.body is not None
    assert site.body.count("\0") == 3
    assert [link.text for link in site.links] == ["after the NUL bytes"]


def test_no_page_but_text(server: Server, client: Client) -> None:
    site = client.fetch(f"{server.url}/robots.txt")
    assert site.error is None
    assert site.body == read(f"{server.url}/robots.txt").decode()
    assert (site.title, site.links) == (None, [])


# Headers


def test_headers_as_received() -> None:
    sent = [
        ("Set-Cookie", "a=1"),
        ("X-One", "1"),
        ("Set-Cookie", "b=2"),
        ("Content-Type", "text/html"),
        ("X-Two", "two words"),
        ("Set-Cookie", "a=1"),
        ("Content-Length", "10"),
    ]
    head = "".join(f"{name}: {value}\r\n" for name, value in sent)
    with answering(f"HTTP/1.1 200 OK\r\n{head}\r\n<p>hi</p>\n".encode()) as url:
        site = Site.from_url(url, allow_private_networks=True)
    assert site.error is None
    # The HTTP client groups the values of one name; names and values each keep their order.
    grouped = sorted(sent, key=lambda one: [name for name, _ in sent].index(one[0]))
    assert site.headers == [Header(name=name.lower(), value=value) for name, value in grouped]


def test_header_values_that_are_not_ascii(server: Server, client: Client) -> None:
    site = client.fetch(f"{server.url}/header-latin1")
    assert headers(site, "x-latin1") == ["café"]
    assert headers(site, "x-utf8") == ["café"]


def test_http_1_0() -> None:
    with answering(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<title>old</title>") as url:
        site = Site.from_url(url, allow_private_networks=True)
    assert (site.error, site.http_version, site.title) == (None, "HTTP/1.0", "old")
    assert (site.server, headers(site, "server")) == (None, [])


def test_no_content_type_is_sniffed(server: Server, client: Client) -> None:
    site = client.fetch(f"{server.url}/pages/tiny.html?type=")
    assert (site.error, site.content_type, site.title) == (None, None, "Tiny")


def test_what_is_sent(server: Server) -> None:
    url = f"{server.url}/echo"
    seen = echoed(Site.from_url(url, allow_private_networks=True))
    assert seen["user-agent"] == [f"sitelift/{sitelift.__version__}"]
    assert seen["host"] == [urlsplit(url).netloc]
    assert {coding.strip() for coding in seen["accept-encoding"][0].split(",")} == {
        "gzip",
        "br",
        "zstd",
        "deflate",
    }
    assert seen["accept"][0].startswith("text/html")
    assert not seen.keys() & {"cookie", "referer", "authorization"}

    mine = {"X-Mine": "yes", "Accept-Language": "fr", "Authorization": "Bearer x", "Accept": "text/plain"}
    seen = echoed(Site.from_url(url, allow_private_networks=True, user_agent="mine/1.0", headers=mine))
    assert seen["user-agent"] == ["mine/1.0"]
    assert {name: seen[name.lower()] for name in mine} == {name: [value] for name, value in mine.items()}


SECRETS = {
    "Authorization": "Bearer x",
    "Cookie": "a=1",
    "X-Api-Key": "k",
    "Proxy-Authorization": "Basic eA==",
}


@pytest.mark.parametrize("to", ["other host", "other port and scheme"])
def test_secrets_do_not_follow_to_another_origin(server: Server, to: str) -> None:
    elsewhere = {
        "other host": server.url.replace("127.0.0.1", "localhost"),
        "other port and scheme": server.https_url.replace("localhost", "127.0.0.1"),
    }[to]
    with Client(allow_private_networks=True, verify_tls=False, headers=SECRETS | {"Accept-Language": "fr"}) as client:
        site = client.fetch(f"{server.url}/redirect-to?url={quote(elsewhere + '/echo')}")
        assert site.final_url == f"{elsewhere}/echo"
        seen = echoed(site)
        assert not seen.keys() & {name.lower() for name in SECRETS}
        assert seen["accept-language"] == ["fr"]
        assert seen["user-agent"] == [f"sitelift/{sitelift.__version__}"]

        stayed = echoed(client.fetch(f"{server.url}/redirect/2?to=/echo"))
        assert {name: stayed[name.lower()] for name in SECRETS} == {k: [v] for k, v in SECRETS.items()}


# Redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects(server: Server, client: Client, status: int) -> None:
    asked = f"{server.url}/redirect/3?to=/n/1%23part&status={status}"
    site = client.fetch(asked)
    assert site.error is None
    assert site.url == asked
    assert site.final_url == f"{server.url}/n/1"
    assert site.status == 200
    assert [hop.status for hop in site.redirects] == [status] * 3
    assert site.redirects[0] == Redirect(url=asked, status=status)
    paths = [urlsplit(hop.url).path for hop in site.redirects]
    assert paths == ["/redirect/3", "/redirect/2", "/redirect/1"]


def test_as_many_redirects_as_allowed(server: Server, client: Client) -> None:
    allowed = client.fetch(f"{server.url}/redirect/10?to=/n/0")
    assert (allowed.error, len(allowed.redirects)) == (None, 10)
    beyond = client.fetch(f"{server.url}/redirect/11?to=/n/0")
    assert beyond.error is not None
    assert beyond.error.kind is ProblemKind.TOO_MANY_REDIRECTS
    assert "max_redirects" in beyond.error.detail

    none = Site.from_url(f"{server.url}/redirect/1", allow_private_networks=True, max_redirects=0)
    assert none.error is not None
    assert none.error.kind is ProblemKind.TOO_MANY_REDIRECTS


def test_a_refused_redirect_is_not_asked_for(counted: Server) -> None:
    Site.from_url(f"{counted.url}/redirect/1?to=/n/7", allow_private_networks=True, max_redirects=0)
    assert counted.stats()["by_path"] == {"/redirect/1": 1}


def test_a_redirect_to_nowhere_is_a_page(server: Server, client: Client) -> None:
    site = client.fetch(f"{server.url}/redirect-nowhere")
    assert (site.error, site.status, site.redirects) == (None, 302, [])


# Bodies


@pytest.mark.parametrize("encoding", ["identity", "gzip", "br", "zstd", "deflate", "deflate-raw", "auto"])
def test_encodings(server: Server, client: Client, encoding: str) -> None:
    url = f"{server.url}/gen/encodings?bytes=300000"
    plain = read(f"{url}&encoding=identity")
    site = client.fetch(f"{url}&encoding={encoding}")
    assert site.error is None
    assert site.warnings == []
    assert site.body_size == len(plain)
    assert site.body is not None
    assert (site.body.encode() == plain) is True
    named = {"identity": [], "deflate-raw": ["deflate"], "auto": ["zstd"]}.get(encoding, [encoding])
    assert headers(site, "content-encoding") == named


@pytest.mark.parametrize("encoding", ["identity", "gzip", "br", "zstd", "deflate"])
def test_the_body_cap(server: Server, encoding: str) -> None:
    url = f"{server.url}/gen/cap?bytes=200000&encoding={encoding}"
    plain = read(f"{server.url}/gen/cap?bytes=200000&encoding=identity")
    size = len(plain)
    for cap in (1, 1000, size - 1, size, size + 1):
        site = Site.from_url(url, allow_private_networks=True, max_body_bytes=cap)
        assert site.error is None
        assert site.body_truncated is (cap < size)
        assert [warning.kind for warning in site.warnings] == [ProblemKind.BODY_TRUNCATED] * (cap < size)
        # Of a packed body the packed form is capped as well, and a cut coding may give nothing at all.
        if encoding == "identity" or cap >= size:
            assert site.body_size == min(cap, size)
        else:
            assert site.body_size <= cap
            assert site.body_size > 0 or cap <= 1000
        assert (site.body is None) == (site.body_size == 0)
        assert plain.startswith((site.body or "").encode())


def test_a_body_without_end(server: Server) -> None:
    site = Site.from_url(f"{server.url}/endless", allow_private_networks=True, max_body_bytes=100_000)
    assert (site.error, site.body_size, site.body_truncated) == (None, 100_000, True)
    assert site.title == "A long page"


BOMBS = """
    import resource
    import sys
    from sitelift import Site

    def peak():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

    def fetch(coding, size):
        url = f"{sys.argv[1]}/bomb/{coding}?size={size}"
        site = Site.from_url(url, allow_private_networks=True, max_body_bytes=2**20)
        assert site.error is None, site.error
        assert site.body_truncated is (size > 2**20)
        assert 0 < site.body_size <= 2**20
        assert site.title == "Bomb"

    # What any page costs is not the bomb's.
    fetch("gzip", 2**19)
    before = peak()
    for coding in ("gzip", "br", "zstd"):
        fetch(coding, 10_000_000_000)
    print(peak() - before)
"""


@needs_proc
def test_bombs_do_not_go_off(server: Server) -> None:
    grown = int(run_script(BOMBS, server.url))
    assert grown < 24 * 2**20, f"{grown / 2**20:.1f} MiB more after bodies of 1 MiB at most"


def test_keep_body(server: Server, client: Client) -> None:
    url = f"{server.url}/pages/news-en.html"
    kept = client.fetch(url)
    dropped = Site.from_url(url, allow_private_networks=True, keep_body=False)
    assert kept.body
    assert dropped.body is None
    assert without(kept, *OF_THE_MOMENT, "body") == without(dropped, *OF_THE_MOMENT, "body")


def test_select(server: Server) -> None:
    site = Site.from_url(
        f"{server.url}/pages/news-en.html",
        allow_private_networks=True,
        select={"heading": "h1", "feeds": "link[type='application/rss+xml']::attr(href)", "none": "marquee"},
    )
    assert site.selected == {
        "heading": [NEWS_TITLE],
        "feeds": ["/feeds/all.xml", "/feeds/ferrow.xml"],
        "none": [],
    }


def test_a_rule_that_is_no_css(server: Server) -> None:
    with pytest.raises(sitelift.InvalidSelectorError) as caught:
        Site.from_url(f"{server.url}/n/0", allow_private_networks=True, select={"bad": "p["})
    assert (caught.value.name, caught.value.selector) == ("bad", "p[")


@pytest.mark.parametrize(
    ("label", "lifted", "kinds"),
    [
        ("windows-1252", ("windows-1252", "Café \u2013 5 €"), []),
        ("ISO-8859-1", ("windows-1252", "Café \u2013 5 €"), []),
        ("nonsense", ("windows-1252", "Café \u2013 5 €"), [ProblemKind.UNKNOWN_CHARSET]),
        ("utf-8", ("utf-8", "Caf\ufffd \ufffd 5 \ufffd"), [ProblemKind.MALFORMED_TEXT]),
        ("koi8-r", ("koi8-r", "CafИ √ 5 ─"), []),
    ],
)
def test_charset_labels(
    server: Server, client: Client, label: str, lifted: tuple[str, str], kinds: list[ProblemKind]
) -> None:
    site = client.fetch(f"{server.url}/charset/{label}")
    assert (site.error, site.charset, site.title) == (None, *lifted)
    assert [warning.kind for warning in site.warnings] == kinds


# What can go wrong

BAD: dict[str, tuple[str, ProblemKind]] = {
    "empty": ("", ProblemKind.INVALID_URL),
    "no scheme": ("example.com/page", ProblemKind.INVALID_URL),
    "no scheme but a port": ("localhost:80/page", ProblemKind.UNSUPPORTED_SCHEME),
    "relative": ("/page", ProblemKind.INVALID_URL),
    "bad port": ("http://127.0.0.1:99999/", ProblemKind.INVALID_URL),
    "bad host": ("http://a b/", ProblemKind.INVALID_URL),
    "no host": ("http://", ProblemKind.INVALID_URL),
    "bad address": ("http://[::1/", ProblemKind.INVALID_URL),
    "too long": ("http://127.0.0.1/" + "x" * 70_000, ProblemKind.INVALID_URL),
    "not a URL": ("not a url", ProblemKind.INVALID_URL),
    "NUL": ("\0", ProblemKind.INVALID_URL),
    "ftp": ("ftp://127.0.0.1/", ProblemKind.UNSUPPORTED_SCHEME),
    "file": ("file:///etc/hostname", ProblemKind.UNSUPPORTED_SCHEME),
    "javascript": ("javascript:alert(1)", ProblemKind.UNSUPPORTED_SCHEME),
    "data": ("data:text/html,<p>", ProblemKind.UNSUPPORTED_SCHEME),
    "unknown host": ("http://no-such-host.invalid/", ProblemKind.UNKNOWN_HOST),
    "refused": ("{refused}", ProblemKind.CONNECTION_FAILED),
    "untrusted": ("{https}/n/0", ProblemKind.TLS),
    "https to http": ("{http_as_https}/n/0", ProblemKind.TLS),
    "http to https": ("{https_as_http}/n/0", ProblemKind.INVALID_RESPONSE),
    "silent": ("{silent}/", ProblemKind.TIMEOUT),
    "silent TLS": ("{silent_tls}/", ProblemKind.TIMEOUT),
    "delay": ("{url}/delay/30000", ProblemKind.TIMEOUT),
    "stalled headers": ("{url}/stall-headers", ProblemKind.TIMEOUT),
    "stalled body": ("{url}/stall-body", ProblemKind.TIMEOUT),
    "loop": ("{url}/redirect-loop", ProblemKind.TOO_MANY_REDIRECTS),
    "to and fro": ("{url}/redirect-pingpong/a", ProblemKind.TOO_MANY_REDIRECTS),
    "too many": ("{url}/redirect/11", ProblemKind.TOO_MANY_REDIRECTS),
    "bad redirect": ("{url}/redirect-bad", ProblemKind.INVALID_REDIRECT),
    "redirect to a file": ("{url}/redirect-to?url=file:///etc/hostname", ProblemKind.INVALID_REDIRECT),
    "redirect to refused": ("{url}/redirect-to?url={refused}", ProblemKind.CONNECTION_FAILED),
    "garbage": ("{url}/garbage", ProblemKind.INVALID_RESPONSE),
    "many headers": ("{url}/many-headers?n=1000", ProblemKind.INVALID_RESPONSE),
    "long header": ("{url}/long-header?bytes=1000000", ProblemKind.INVALID_RESPONSE),
    "chunk error": ("{url}/chunk-error", ProblemKind.INVALID_RESPONSE),
    "reset": ("{url}/reset", ProblemKind.CONNECTION_LOST),
    "closed": ("{url}/close", ProblemKind.CONNECTION_LOST),
    "reset in the body": ("{url}/reset-body", ProblemKind.CONNECTION_LOST),
    "short body": ("{url}/short-body", ProblemKind.CONNECTION_LOST),
    "damaged gzip": ("{url}/bad/gzip", ProblemKind.CONTENT_DECODING),
    "damaged br": ("{url}/bad/br", ProblemKind.CONTENT_DECODING),
    "damaged zstd": ("{url}/bad/zstd", ProblemKind.CONTENT_DECODING),
    "damaged deflate": ("{url}/bad/deflate", ProblemKind.CONTENT_DECODING),
    "empty body": ("{url}/empty", ProblemKind.EMPTY_BODY),
    "image": ("{url}/binary", ProblemKind.UNSUPPORTED_CONTENT),
    "image as a page": ("{url}/binary-as-html", ProblemKind.UNSUPPORTED_CONTENT),
    "pdf": ("{url}/pdf", ProblemKind.UNSUPPORTED_CONTENT),
}

# Silence is waited out for half a second only.
PATIENCE: Any = {"allow_private_networks": True, "timeout": 10.0, "read_timeout": 0.5, "connect_timeout": 2.0}


def url_of(name: str, server: Server, refused: str) -> str:
    return BAD[name][0].format(
        url=server.url,
        https=server.https_url,
        silent=server.silent_url,
        silent_tls=server.silent_url.replace("http:", "https:"),
        http_as_https=server.url.replace("http:", "https:"),
        https_as_http=server.https_url.replace("https:", "http:"),
        refused=refused,
    )


@pytest.fixture
def impatient() -> Iterator[Client]:
    with Client(**PATIENCE) as client:
        yield client


@pytest.mark.parametrize("name", BAD)
def test_problems(name: str, server: Server, refused: str, impatient: Client) -> None:
    asked = url_of(name, server, refused)
    site = impatient.fetch(asked)
    assert site.url == asked
    assert site.error is not None
    assert site.error.kind is BAD[name][1], site.error
    assert bool(site.error.url) is bool(asked)
    assert site.error.detail
    with pytest.raises(sitelift.PageError) as caught:
        site.raise_for_error()
    assert caught.value.kind is BAD[name][1]
    assert site.elapsed_ms < 5_000


WARNINGS = {
    "{url}/body?size=20000000": ProblemKind.BODY_TRUNCATED,
    "{url}/charset/nonsense": ProblemKind.UNKNOWN_CHARSET,
    "{url}/charset/utf-8": ProblemKind.MALFORMED_TEXT,
    "{url}/flaky/warned?retry-after=3600": ProblemKind.TRY_LATER,
}


@pytest.mark.parametrize("path", WARNINGS)
def test_warnings(path: str, server: Server, client: Client) -> None:
    site = client.fetch(path.format(url=server.url))
    assert site.error is None
    assert [warning.kind for warning in site.warnings] == [WARNINGS[path]]
    assert all(warning.url == site.final_url and warning.detail for warning in site.warnings)


def test_a_page_beyond_the_limits() -> None:
    site = Site.from_html("<title>deep</title>" + "<div>" * 100_000 + "<h1>bottom</h1>")
    assert site.error is None
    assert site.title == "deep"
    assert [warning.kind for warning in site.warnings] == [ProblemKind.PAGE_TOO_COMPLEX]


def test_every_kind_of_problem_was_provoked() -> None:
    provoked = {kind for _, kind in BAD.values()} | set(WARNINGS.values())
    elsewhere = {
        ProblemKind.ADDRESS_NOT_ALLOWED,
        ProblemKind.DEADLINE_EXCEEDED,
        ProblemKind.DISALLOWED_BY_ROBOTS,
        ProblemKind.INSECURE_REDIRECT,
        ProblemKind.PAGE_TOO_COMPLEX,
    }
    assert set(ProblemKind) - provoked - elsewhere == {ProblemKind.INTERNAL}


def test_one_bad_page_never_fails_the_others(server: Server, refused: str, impatient: Client) -> None:
    asked: list[str] = []
    for index, name in enumerate(BAD):
        asked += [f"{server.url}/n/{index}?encoding=identity", url_of(name, server, refused)]
    sites = impatient.fetch_all(asked)
    assert [site.url for site in sites] == asked
    for site in sites[::2]:
        assert (site.error, site.status) == (None, 200)
    kinds = {name: site.error and site.error.kind for name, site in zip(BAD, sites[1::2], strict=True)}
    assert kinds == {name: kind for name, (_, kind) in BAD.items()}


def test_where_it_went_wrong_is_said(server: Server, refused: str, impatient: Client) -> None:
    site = impatient.fetch(f"{server.url}/redirect-to?url={refused}")
    assert site.error is not None
    assert site.error.url == refused
    # The last response was the redirect.
    assert site.final_url == site.url
    assert site.status == 302
    assert [hop.status for hop in site.redirects] == [302]


def test_a_missing_scheme_is_pointed_out(client: Client) -> None:
    site = client.fetch("example.com/page")
    assert site.error is not None
    assert "https://example.com/page" in site.error.detail


def test_what_came_before_the_break_is_kept(server: Server, impatient: Client) -> None:
    for path in ("reset-body?after=5000", "short-body", "stall-body"):
        site = impatient.fetch(f"{server.url}/{path}")
        assert site.error is not None
        assert site.status == 200
        assert site.title, path
        assert site.body_size >= 5000
        assert site.body_truncated is False


@pytest.mark.parametrize(
    ("path", "options", "named"),
    [
        ("{url}/delay/30000", {"timeout": 0.3}, "timeout"),
        ("{url}/slow-body?bytes=100000&rate=1000", {"timeout": 0.5}, "timeout"),
        ("{url}/redirect/1?to=/delay/30000", {"timeout": 0.3}, "timeout"),
        ("{url}/delay/30000", {"read_timeout": 0.3}, "read_timeout"),
        ("{url}/stall-body", {"read_timeout": 0.3}, "read_timeout"),
        ("{silent}/", {"read_timeout": 0.3}, "read_timeout"),
        ("{silent_tls}/", {"connect_timeout": 0.3}, "connect_timeout"),
    ],
)
def test_time_limits(path: str, options: dict[str, float], named: str, server: Server) -> None:
    url = path.format(url=server.url, silent=server.silent_url, silent_tls=server.silent_url.replace("http:", "https:"))
    given: Any = options
    site = Site.from_url(url, allow_private_networks=True, **given)
    assert site.error is not None
    assert site.error.kind is ProblemKind.TIMEOUT
    assert f"(option {named})" in site.error.detail
    assert options[named] * 1000 <= site.elapsed_ms < 5_000


def test_a_slow_body_within_the_limits_comes_through(server: Server) -> None:
    site = Site.from_url(f"{server.url}/slow-body?bytes=3000&rate=3000", allow_private_networks=True, read_timeout=0.9)
    assert (site.error, site.body_size) == (None, 3000)


# Private networks

PRIVATE = [
    "http://127.0.0.1:{port}/n/0",
    "http://localhost:{port}/n/0",
    "http://2130706433:{port}/n/0",
    "http://0x7f.1:{port}/n/0",
    "http://[::1]:{port}/n/0",
    "http://[::ffff:127.0.0.1]:{port}/n/0",
    "http://[64:ff9b::7f00:1]:{port}/n/0",
    "http://[2002:7f00:1::]:{port}/n/0",
    "http://0.0.0.0:{port}/n/0",
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://192.168.0.1/",
    "http://100.64.0.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://224.0.0.1/",
    "http://[fd00::1]/",
    "http://[fe80::1]/",
]


@pytest.mark.parametrize("url", PRIVATE)
def test_private_addresses_are_refused_unless_allowed(url: str, counted: Server) -> None:
    site = Site.from_url(url.format(port=urlsplit(counted.url).port))
    assert site.error is not None
    assert site.error.kind is ProblemKind.ADDRESS_NOT_ALLOWED
    assert "allow_private_networks" in site.error.detail
    assert (site.status, site.remote_ip) == (None, None)
    seen = counted.stats()
    assert (seen["connections"], seen["requests"]) == (0, 0)


# TLS


def test_https_without_checking_the_certificate(server: Server) -> None:
    with Client(allow_private_networks=True, verify_tls=False) as client:
        site = client.fetch(f"{server.https_url}/pages/news-en.html")
        assert site.error is None
        assert (site.http_version, site.protocol, site.domain) == ("HTTP/2", "https", "localhost")
        assert site.port == urlsplit(server.https_url).port
        assert site.title == NEWS_TITLE

        for path, kind in (
            ("/reset", ProblemKind.CONNECTION_LOST),
            ("/reset-body", ProblemKind.CONNECTION_LOST),
            ("/garbage", ProblemKind.CONNECTION_LOST),
            ("/bad/gzip", ProblemKind.CONTENT_DECODING),
        ):
            broken = client.fetch(f"{server.https_url}{path}")
            assert broken.error is not None, path
            assert broken.error.kind is kind, broken.error
        assert client.fetch(f"{server.https_url}/n/0").error is None


def test_the_certificate_is_checked(server: Server, client: Client) -> None:
    site = client.fetch(f"{server.https_url}/n/0")
    assert site.error is not None
    assert "verify_tls" in site.error.detail
    assert site.status is None


# Many pages


def test_order_is_kept_whatever_comes_first(server: Server) -> None:
    asked = [f"{server.url}/gen/{index}?bytes=500&latency={index * 37 % 101}" for index in range(60)]
    sites = Site.from_urls(asked, allow_private_networks=True)
    assert [site.url for site in sites] == asked
    assert all(site.error is None for site in sites)
    # Each record holds its own page.
    assert len({site.body for site in sites}) == len(asked)


def test_equal_urls_are_fetched_once(counted: Server) -> None:
    one, other = f"{counted.url}/n/1", f"{counted.url}/n/2"
    same = [
        one,
        f"{one}#a",
        f"{one}#b",
        one,
        one.replace("http:", "HTTP:"),
        f"{counted.url}/x/../n/1",
        f" {one} ",
    ]
    asked = [*same[:3], other, *same[3:], f"{one}?query", "bad", "bad"]
    sites = Site.from_urls(asked, allow_private_networks=True)
    assert [site.url for site in sites] == asked
    seen = counted.stats()
    assert seen["by_path"] == {"/n/1": 2, "/n/2": 1}  # with and without the query
    places = [site for site in sites if site.url in same]
    assert len(places) == len(same)
    for site in places:
        assert without(site, "url") == without(places[0], "url")
    # They are equal, not the same: to change one is not to change the others.
    places[0].headers.clear()
    assert all(site.headers for site in places[1:])


def test_urls_may_be_any_iterable(server: Server, client: Client) -> None:
    asked = [f"{server.url}/n/{index}" for index in range(3)]
    for given in (asked, tuple(asked), iter(asked), (url for url in asked), dict.fromkeys(asked)):
        assert [site.url for site in client.fetch_all(given)] == asked
    assert client.fetch_all([]) == []


def test_a_client_keeps_its_connection(counted: Server) -> None:
    with Client(allow_private_networks=True) as client:
        for index in range(20):
            assert client.fetch(f"{counted.url}/n/{index}").error is None
    seen = counted.stats()
    assert (seen["requests"], seen["connections"]) == (20, 1)


def test_a_client_keeps_its_connection_over_https(counted: Server) -> None:
    with Client(allow_private_networks=True, verify_tls=False) as client:
        for index in range(20):
            assert client.fetch(f"{counted.https_url}/n/{index}").http_version == "HTTP/2"
    seen = counted.stats()
    assert (seen["requests"], seen["connections"]) == (20, 1)


def test_calls_with_equal_options_share_connections(counted: Server) -> None:
    for index in range(10):
        # An option of its own, so that no connection is left from another test.
        assert Site.from_url(f"{counted.url}/n/{index}", allow_private_networks=True, timeout=17.5).error is None
    assert counted.stats()["connections"] == 1


# Closing


def test_a_closed_client(server: Server) -> None:
    client = Client(allow_private_networks=True)
    assert client.is_closed is False
    assert client.fetch(f"{server.url}/n/0").error is None
    client.close()
    client.close()
    assert client.is_closed is True
    for call in (client.fetch, lambda url: client.fetch_all([url]), lambda url: client.stream([url])):
        with pytest.raises(ClosedError):
            call(f"{server.url}/n/0")


def test_leaving_with_closes(server: Server) -> None:
    with Client(allow_private_networks=True) as client:
        assert client.fetch(f"{server.url}/n/0").error is None
    assert client.is_closed is True
    with pytest.raises(ClosedError, match="closed"):
        client.fetch(f"{server.url}/n/0")


def test_closing_ends_a_stream(counted: Server) -> None:
    client = Client(allow_private_networks=True)
    stream = client.stream([f"{counted.url}/n/0", f"{counted.url}/delay/30000"])
    assert next(stream).error is None
    until(lambda: counted.in_flight() == 1)
    client.close()
    with pytest.raises(ClosedError):
        next(stream)
    until(lambda: counted.in_flight() == 0)


def test_closing_ends_calls_of_other_threads(counted: Server) -> None:
    client = Client(allow_private_networks=True)
    raised: list[BaseException] = []

    def fetch() -> None:
        try:
            client.fetch(f"{counted.url}/delay/30000")
        except ClosedError as error:
            raised.append(error)

    threads = [threading.Thread(target=fetch) for _ in range(4)]
    for thread in threads:
        thread.start()
    until(lambda: counted.in_flight() == 4)
    client.close()
    for thread in threads:
        thread.join(timeout=5)
    assert len(raised) == 4
    until(lambda: counted.in_flight() == 0)


def test_closing_one_client_leaves_others_alone(server: Server, client: Client) -> None:
    with Client(allow_private_networks=True):
        pass
    assert client.fetch(f"{server.url}/n/0").error is None
    assert Site.from_url(f"{server.url}/n/0", allow_private_networks=True).error is None


def test_records_have_plain_values(server: Server, client: Client) -> None:
    site = client.fetch(f"{server.url}/n/0")
    assert json.loads(site.to_json())["title"] == site.title
    assert dataclasses.replace(site, title="x").title == "x"

"""Options of fetching, reached from Python: what each does is tested in Rust."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sitelift import Client

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Server


def test_politeness_from_python(counted: Server) -> None:
    resolve = {"p.test": "127.0.0.1", "none.p.test": "127.0.0.1"}
    base = counted.url.replace("127.0.0.1", "p.test")
    with Client(allow_private_networks=True, resolve=resolve, per_host=2, retries=1, backoff=0.01) as client:
        sites = client.fetch_all(f"{base}/n/{index}?latency=20" for index in range(10))
        assert all(site.error is None and site.attempts == 1 for site in sites)
        assert client.fetch(f"{base}/flaky/python?fails=1").attempts == 2
    assert counted.stats()["by_host"]["p.test"]["max_in_flight"] == 2
    with Client(allow_private_networks=True, resolve=resolve, obey_robots=True) as client:
        assert client.fetch(f"{base}/n/0").robots_allowed is True
        refused = client.fetch(f"{counted.url.replace('127.0.0.1', 'none.p.test')}/n/0")
        assert refused.robots_allowed is False
        assert refused.error is not None
        assert refused.error.kind.name == "DISALLOWED_BY_ROBOTS"
    with Client(allow_private_networks=True, deadline=0.3) as client:
        late = client.fetch(f"{counted.url}/delay/30000")
        assert late.error is not None
        assert late.error.kind.name == "DEADLINE_EXCEEDED"


def test_what_is_read_from_python(server: Server) -> None:
    with Client(allow_private_networks=True, accept_types=("text/html", "application/xhtml+xml")) as client:
        assert client.fetch(f"{server.url}/n/0").error is None
        refused = client.fetch(f"{server.url}/echo").error
        assert refused is not None
        assert refused.kind.name == "UNSUPPORTED_CONTENT"
        assert "accept_types" in refused.detail
    page = f"{server.url}/n/0?weight=300000"
    with Client(allow_private_networks=True) as client:
        whole = client.fetch(page)
    with Client(allow_private_networks=True, stop_after_head=True, http2=False) as client:
        head = client.fetch(page)
    assert (head.title, head.error, head.body_truncated) == (whole.title, None, True)
    assert head.body is not None
    assert head.body.endswith("</head>")
    assert head.body_size < whole.body_size // 10


def test_connections_from_python(server: Server) -> None:
    with Client(proxy=server.url, retries=0) as client:
        site = client.fetch("http://no-such-host.invalid/echo")
        assert site.error is None
        assert site.body is not None
        assert "no-such-host.invalid" in site.body
        assert site.connect_ms is not None
    with Client(allow_private_networks=True, auth={server.url: "Bearer tok"}, cookies=True) as client:
        site = client.fetch(f"{server.url}/cookies/one=1")
        assert site.body is not None
        assert "Bearer tok" in site.body
        assert "one=1" in site.body


def test_the_cache_from_python(counted: Server, tmp_path: Path) -> None:
    options = {"allow_private_networks": True, "cache_dir": str(tmp_path / "cache"), "cache_max_bytes": 1 << 24}
    for from_cache in (False, True):
        with Client(**options) as client:  # type: ignore[arg-type]
            site = client.fetch(f"{counted.url}/cached/python?control=max-age=60")
            assert (site.error, site.from_cache) == (None, from_cache)
    assert counted.stats()["requests"] == 1

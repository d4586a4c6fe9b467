"""Logging and progress, from Python."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest
from helpers import run_script

import sitelift
from sitelift import Client, InvalidArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Server

    from sitelift import Stats


@pytest.fixture
def loud() -> Iterator[None]:
    yield
    sitelift.disable_logging()


def test_logging(server: Server, client: Client, loud: None, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    sitelift.enable_logging(logging.DEBUG)
    client.fetch_all([f"{server.url}/n/1", f"{server.url}/garbage"])
    sitelift.disable_logging()
    told = [(record.name, record.levelno, record.message) for record in caplog.records if "sitelift" in record.name]
    assert any(level == logging.DEBUG and "answered" in text and "/n/1" in text for _, level, text in told), told
    assert any(level == logging.WARNING and "failed" in text and "/garbage" in text for _, level, text in told), told
    assert {name.partition(".")[0] for name, _, _ in told} == {"sitelift"}

    caplog.clear()
    sitelift.enable_logging(logging.WARNING)
    client.fetch(f"{server.url}/n/2")
    sitelift.enable_logging(logging.CRITICAL)
    client.fetch(f"{server.url}/garbage")
    sitelift.disable_logging()
    assert [record for record in caplog.records if "sitelift" in record.name] == []


def test_a_handler_that_fails_hurts_nobody(server: Server, client: Client, loud: None) -> None:
    class Failing(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            raise RuntimeError(record.getMessage())

    handler = Failing()
    logging.getLogger("sitelift").addHandler(handler)
    try:
        sitelift.enable_logging(logging.INFO)
        assert client.fetch(f"{server.url}/garbage").error is not None
        assert client.fetch(f"{server.url}/n/1").error is None
        sitelift.disable_logging()
    finally:
        logging.getLogger("sitelift").removeHandler(handler)


def test_watching(server: Server, client: Client) -> None:
    seen: list[Stats] = []
    urls = [f"{server.url}/n/{index}?latency=100" for index in range(10)]
    with client.watch(seen.append, every=0.02) as watch:
        client.fetch_all(urls)
    watch.stop()
    count = len(seen)
    assert count >= 3
    assert (seen[-1].urls, seen[-1].pages, seen[-1].in_flight) == (10, 10, 0)
    client.fetch(urls[0])
    assert len(seen) == count
    with pytest.raises(InvalidArgumentError, match="every"):
        client.watch(seen.append, every=0)


def test_a_callback_that_fails_is_logged(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    def fails(stats: Stats) -> None:
        raise LookupError(str(stats))

    with client.watch(fails, every=60):
        pass
    assert "a progress callback failed" in caplog.text


@pytest.mark.parametrize("pure", ["", "1"])
def test_the_interpreter_ends_with_both_under_way(server: Server, pure: str) -> None:
    run_script(
        """
        import logging, os, sys
        os.environ["SITELIFT_PURE_PYTHON"] = sys.argv[2]
        import sitelift
        logging.basicConfig(level=logging.DEBUG)
        sitelift.enable_logging(logging.DEBUG)
        client = sitelift.Client(allow_private_networks=True)
        watch = client.watch(lambda stats: None, every=0.01)
        stream = client.stream([f"{sys.argv[1]}/n/{i}" for i in range(500)])
        next(stream)
        """,
        server.url,
        pure,
    )

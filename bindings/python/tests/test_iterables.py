"""Streams from iterables that are no lists: lazy, endless, asynchronous, failing."""

from __future__ import annotations

import asyncio
import gc
import itertools
import time
from typing import TYPE_CHECKING, Any

import pytest
from helpers import each_order, run_script, until

from sitelift import AsyncClient, Client, InvalidArgumentError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from conftest import Server


def endless(server: Server, asked: list[int]) -> Iterator[str]:
    for index in itertools.count():
        asked.append(index)
        yield f"{server.url}/n/{index % 7}?i={index}"


async def slowly(urls: list[str]) -> AsyncIterator[str]:
    for url in urls:
        await asyncio.sleep(0.001)
        yield url


@each_order
def test_any_iterable(server: Server, client: Client, ordered: bool) -> None:
    wanted = [f"{server.url}/n/{index}" for index in range(300)] + ["bad"]
    for urls in ((url for url in wanted), dict.fromkeys(wanted), map(str, wanted), iter(wanted)):
        came = [site.url for site in client.stream(urls, ordered=ordered)]
        assert (came if ordered else sorted(came)) == (wanted if ordered else sorted(wanted))
    assert list(client.stream(iter(()), ordered=ordered)) == []


@each_order
def test_an_endless_iterator_is_asked_as_there_is_room(server: Server, client: Client, ordered: bool) -> None:
    asked: list[int] = []
    with client.stream(endless(server, asked), ordered=ordered) as stream:
        sites = list(itertools.islice(stream, 500))
    assert all(site.error is None for site in sites)
    assert len(asked) < 12_000
    if ordered:
        assert [site.url.partition("?i=")[2] for site in sites] == [str(index) for index in range(500)]


def test_nothing_is_asked_for_before_it_is_read(server: Server, client: Client) -> None:
    asked: list[int] = []
    stream = client.stream(endless(server, asked))
    assert asked == []
    stream.close()
    assert list(stream) == []
    assert asked == []


def test_pages_come_while_a_slow_iterator_goes_on(server: Server, client: Client) -> None:
    def urls() -> Iterator[str]:
        for index in range(4):
            yield f"{server.url}/n/{index}"
            time.sleep(0.3)

    start = time.monotonic()
    with client.stream(urls()) as stream:
        next(stream)
        assert time.monotonic() - start < 0.9
        assert len(list(stream)) == 3


@each_order
def test_what_the_iterator_raises_the_reader_gets(server: Server, client: Client, ordered: bool) -> None:
    def urls() -> Iterator[str]:
        yield f"{server.url}/n/1"
        raise LookupError("no more")

    with pytest.raises(LookupError, match="no more"):
        list(client.stream(urls(), ordered=ordered))
    assert client.fetch(f"{server.url}/n/1").error is None


@pytest.mark.parametrize("wrong", [1, None, b"x", "\ud800"])
def test_an_item_that_is_no_text(server: Server, client: Client, wrong: Any) -> None:
    with pytest.raises(InvalidArgumentError, match=r"item 1( is|,)"):
        list(client.stream(iter([f"{server.url}/n/1", wrong])))


@pytest.mark.parametrize("wrong", ["http://a.example/", b"x"])
def test_one_text_is_no_iterable_of_urls(client: Client, wrong: Any) -> None:
    with pytest.raises(InvalidArgumentError):
        client.stream(wrong)
    with pytest.raises(TypeError):
        client.stream(1)  # type: ignore[arg-type]


def test_equal_urls_near_each_other_are_fetched_once(counted: Server, client: Client) -> None:
    urls = [f"{counted.url}/n/{index % 3}?latency=200" for index in range(60)]
    assert [site.url for site in client.stream(iter(urls))] == urls
    assert counted.stats()["requests"] == 3


@each_order
async def test_async_iterables(server: Server, async_client: AsyncClient, ordered: bool) -> None:
    wanted = [f"{server.url}/n/{index}" for index in range(100)]
    for urls in (slowly(wanted), iter(wanted), (url for url in wanted)):
        came = [site.url async for site in async_client.stream(urls, ordered=ordered)]
        assert (came if ordered else sorted(came)) == (wanted if ordered else sorted(wanted))


async def test_pages_come_while_an_async_iterator_waits(server: Server, async_client: AsyncClient) -> None:
    more = asyncio.Event()

    async def urls() -> AsyncIterator[str]:
        yield f"{server.url}/n/1"
        await more.wait()
        yield f"{server.url}/n/2"

    async with async_client.stream(urls()) as stream:
        assert (await asyncio.wait_for(anext(stream), 5)).error is None
        more.set()
        assert len([site async for site in stream]) == 1


async def test_what_an_async_iterator_raises_the_reader_gets(server: Server, async_client: AsyncClient) -> None:
    async def urls() -> AsyncIterator[str]:
        yield f"{server.url}/n/1"
        raise LookupError("no more")

    with pytest.raises(LookupError, match="no more"):
        _ = [site async for site in async_client.stream(urls())]

    with pytest.raises(InvalidArgumentError, match="item 1 is"):
        _ = [site async for site in async_client.stream(slowly([f"{server.url}/n/1", 2]))]  # type: ignore[list-item]


async def test_closing_ends_the_iterator(server: Server, async_client: AsyncClient) -> None:
    ended = asyncio.Event()

    async def urls() -> AsyncIterator[str]:
        try:
            for index in itertools.count():
                yield f"{server.url}/n/{index}"
        finally:
            ended.set()

    async with async_client.stream(urls()) as stream:
        await anext(stream)
    await asyncio.wait_for(ended.wait(), 5)


async def test_a_stream_that_nobody_holds_ends_its_task(counted: Server, async_client: AsyncClient) -> None:
    async def urls() -> AsyncIterator[str]:
        yield f"{counted.url}/n/1"
        await asyncio.sleep(60)

    before = asyncio.all_tasks()
    stream = async_client.stream(urls())
    await anext(stream)
    assert asyncio.all_tasks() - before
    del stream
    gc.collect()
    for _ in range(200):
        if not asyncio.all_tasks() - before:
            break
        await asyncio.sleep(0.02)
    assert not asyncio.all_tasks() - before


def test_stats(server: Server, client: Client) -> None:
    assert client.stats().urls == 0
    list(client.stream(iter([f"{server.url}/n/1", "bad", f"{server.url}/flaky/python-stats"])))
    stats = client.stats()
    assert (stats.urls, stats.pages, stats.failed, stats.retries, stats.in_flight) == (3, 2, 1, 1, 0)
    assert stats.body_bytes > 1000


def test_a_million_lines_are_not_held(server: Server) -> None:
    """A reader of ten pages of a million takes neither the time nor the memory of a million."""
    run_script(
        """
        import itertools, resource, sys, time
        import sitelift
        taken = 0
        def urls():
            global taken
            for i in range(1_000_000):
                taken += 1
                yield f"{sys.argv[1]}/n/{i}"
        start = time.monotonic()
        with sitelift.Client(allow_private_networks=True) as client, client.stream(urls(), ordered=False) as stream:
            assert len(list(itertools.islice(stream, 10))) == 10
        assert taken < 12_000, taken
        assert time.monotonic() - start < 20
        """,
        server.url,
    )


def test_ctrl_c_in_the_iterator(counted: Server, client: Client) -> None:
    def urls() -> Iterator[str]:
        yield f"{counted.url}/delay/30000"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(client.stream(urls()))
    until(lambda: counted.in_flight() == 0)

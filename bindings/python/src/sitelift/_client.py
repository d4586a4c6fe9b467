"""Clients and streams, blocking and asynchronous."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import threading
import time
from collections.abc import AsyncGenerator, AsyncIterable
from typing import TYPE_CHECKING, Any

from sitelift._errors import InvalidArgumentError
from sitelift._ffi import sitelift as generated
from sitelift._options import Options, fetch_options
from sitelift._telling import Watch, watch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from typing_extensions import Self, Unpack

    from sitelift._ffi.sitelift import FetchOptions, Site, Stats

# How long a blocking call stays in Rust, in seconds: signals such as Ctrl-C are seen in between.
_SLICE = 0.1

# How many pages, and how many URLs, cross the boundary at once.
_BATCH = 64

# How many clients with different options `Site.from_urls` keeps.
_SHARED = 8


class SiteStream:
    """Pages as they come, for `for`. Closed at its end, by `close`, or by leaving its `with` block.

    Threads may share one: each page goes to one of them.
    """

    def __init__(self, inner: generated.SiteStream, urls: Iterator[str] | None = None) -> None:
        self._inner = inner
        self._source = None if urls is None else _Source(inner, urls)
        self._ready: list[Site] = []
        self._closed = False
        self._reading = threading.Lock()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Site:
        with self._reading:
            while not self._ready:
                if self._closed:
                    raise StopIteration
                if self._source is not None:
                    self._give(self._source)
                batch = self._inner.next_batch_blocking(_BATCH, _SLICE)
                self._closed = self._closed or batch.finished
                self._ready = batch.sites[::-1]
            return self._ready.pop()

    def _give(self, source: _Source) -> None:
        try:
            source.give()
        except BaseException:
            # Ctrl-C as well: an iterator does not go on after what it raised.
            self.close()
            raise

    def close(self) -> None:
        """Stop fetching; pages not yet taken are dropped."""
        self._closed = True
        self._ready.clear()
        self._inner.cancel()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Source:
    """An iterator whose URLs a stream takes as it has room for them."""

    def __init__(self, inner: generated.SiteStream, urls: Iterator[str]) -> None:
        self._inner = inner
        self._urls = urls
        self._held: list[str] = []
        self._has_more = self._is_open = True

    def give(self) -> None:
        """Hand over URLs while there is room, for a moment at most, as pages may be ready."""
        until = time.monotonic() + _SLICE
        while self._is_open and time.monotonic() < until:
            while self._has_more and len(self._held) < _BATCH and time.monotonic() < until:
                url = next(self._urls, None)
                if url is None:
                    self._has_more = False
                else:
                    self._held.append(url)
            try:
                del self._held[: self._inner.offer(self._held)]
            except generated.SiteliftError.Closed:
                self._is_open = False  # the read that follows tells why
            if self._held:
                return
            if not self._has_more:
                self._inner.finish()
                self._is_open = False


class AsyncSiteStream:
    """Pages as they come, for `async for`. Closed at its end, by `aclose`, or by leaving its `async with` block.

    Tasks of one event loop may share one: each page goes to one of them.
    """

    def __init__(
        self, inner: generated.SiteStream, urls: Iterator[str] | AsyncGenerator[str, None] | None = None
    ) -> None:
        self._inner = inner
        self._urls = urls
        self._giving: asyncio.Task[None] | None = None
        self._ready: list[Site] = []
        self._reading: asyncio.Future[list[Site]] | None = None
        self._closed = False

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Site:
        while not self._ready:
            if self._closed:
                raise StopAsyncIteration
            if self._urls is not None:
                # A task that does not know of this stream, which could else never be given up.
                self._giving = asyncio.ensure_future(_give(self._inner, self._urls))
                self._giving.add_done_callback(_retrieved)
                self._urls = None
            if self._reading is None:
                self._reading = asyncio.ensure_future(self._inner.next_batch(_BATCH))
                self._reading.add_done_callback(_retrieved)
            reading = self._reading
            # Not awaited itself, and kept: whoever gives up waiting must not take along the pages on their way.
            await asyncio.wait([reading])
            # Of all tasks that waited, the first one takes what came.
            if self._reading is reading:
                self._reading = None
                batch = [] if reading.cancelled() else reading.result()
                self._closed = self._closed or not batch
                self._ready = batch[::-1]
                if self._closed and self._giving is not None:
                    giving, self._giving = self._giving, None
                    giving.cancel()
                    await asyncio.wait([giving])
                    if not giving.cancelled():
                        giving.result()
        return self._ready.pop()

    async def aclose(self) -> None:
        """Stop fetching; pages not yet taken are dropped."""
        self._abandon()
        if under_way := [task for task in (self._reading, self._giving) if task is not None]:
            await asyncio.wait(under_way)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def __del__(self) -> None:
        # A read under way holds the inner stream, which would go on without its reader.
        with contextlib.suppress(AttributeError, ValueError):  # it was never made, or is finalized already
            self._inner.cancel()
            if self._giving is not None:
                # Perhaps in another thread; a loop that is closed has no tasks.
                with contextlib.suppress(RuntimeError):
                    self._giving.get_loop().call_soon_threadsafe(self._giving.cancel)

    def _abandon(self) -> None:
        self._closed = True
        self._ready.clear()
        self._urls = None
        self._inner.cancel()
        if self._giving is not None:
            self._giving.cancel()


async def _give(inner: generated.SiteStream, urls: Iterator[str] | AsyncGenerator[str, None]) -> None:
    """Hand over all URLs, as there is room for them; an error of theirs ends the stream."""
    try:
        if isinstance(urls, AsyncGenerator):
            async with contextlib.aclosing(urls):
                async for url in urls:
                    if not inner.offer([url]):
                        await inner.feed([url])
        else:
            while batch := list(itertools.islice(urls, _BATCH)):
                await inner.feed(batch)
                # A task of its own may never have to wait.
                await asyncio.sleep(0)
        inner.finish()
    except generated.SiteliftError.Closed:
        pass  # who reads is told why
    except BaseException:
        inner.cancel()
        raise


def _retrieved(reading: asyncio.Future[Any]) -> None:
    """Take note of how a read ended, so that asyncio does not complain of one that nobody waited for."""
    if not reading.cancelled():
        reading.exception()


class _Base:
    """What both clients have."""

    def __init__(self, **options: Unpack[Options]) -> None:
        self.options: FetchOptions = fetch_options(options)
        self._inner = generated.Client(self.options)

    def stats(self) -> Stats:
        """Return what this client has done so far, all its calls together."""
        return self._inner.stats()

    def watch(self, callback: Callable[[Stats], object], *, every: float = 1.0) -> Watch:
        """Call back every so many seconds with what `stats` returns, in a thread of its own, until the watch stops.

        >>> with client.watch(print), client.stream(urls) as stream:  # doctest: +SKIP
        ...     ...
        """
        return watch(self._inner, callback, every)

    @property
    def is_closed(self) -> bool:
        """Whether the client was closed."""
        return self._inner.is_shut_down()


class Client(_Base):
    """Fetches pages with one set of options and one connection pool; safe to share between threads.

    The arguments are the fields of `FetchOptions`. Ctrl-C interrupts every call, and stops its requests.
    """

    def fetch(self, url: str) -> Site:
        """Fetch and lift one page. What went wrong with it stands in its `error`."""
        return self.fetch_all([url])[0]

    def fetch_all(self, urls: Iterable[str]) -> list[Site]:
        """Fetch and lift many pages: one record for each URL, in the order given."""
        checked = _checked(urls)
        # A stream rather than one long call, so that Ctrl-C is seen; it may hold all pages, as the list does.
        with SiteStream(self._inner.stream(checked, ordered=True, look_ahead=len(checked))) as stream:
            return list(stream)

    def stream(self, urls: Iterable[str], *, ordered: bool = True, look_ahead: int | None = None) -> SiteStream:
        """Fetch and lift many pages and hand each over as it comes; a slow reader slows the fetching down.

        They come in the order given, or with `ordered=False` each as soon as it is there. An ordered stream holds
        at most `look_ahead` pages behind one that is slow (default: 256, or twice the concurrency if more).

        A list or tuple is handed over at once, and equal URLs in it are fetched once. Any other iterable is asked for
        more as there is room, while pages are read, by the thread that reads: it may be endless, about 10,000 URLs of
        it are held, and equal ones among these are fetched once. What it raises, the reader gets.
        """
        held = _held(look_ahead)
        if isinstance(urls, list | tuple):
            return SiteStream(self._inner.stream(_checked(urls), ordered, held))
        return SiteStream(self._inner.open_stream(ordered, held), _each(urls))

    def close(self) -> None:
        """End all calls and streams of this client with `ClosedError`, now and later."""
        self._inner.shutdown()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncClient(_Base):
    """Fetches pages with one set of options and one connection pool, for asyncio.

    The arguments are the fields of `FetchOptions`. Cancelling a task stops its requests.
    """

    async def fetch(self, url: str) -> Site:
        """Fetch and lift one page. What went wrong with it stands in its `error`."""
        return await self._inner.fetch(_checked([url])[0])

    async def fetch_all(self, urls: Iterable[str]) -> list[Site]:
        """Fetch and lift many pages: one record for each URL, in the order given."""
        return await self._inner.fetch_all(_checked(urls))

    def stream(
        self, urls: Iterable[str] | AsyncIterable[str], *, ordered: bool = True, look_ahead: int | None = None
    ) -> AsyncSiteStream:
        """Fetch and lift many pages and hand each over as it comes; a slow reader slows the fetching down.

        They come in the order given, or with `ordered=False` each as soon as it is there. An ordered stream holds
        at most `look_ahead` pages behind one that is slow (default: 256, or twice the concurrency if more).

        A list or tuple is handed over at once, and equal URLs in it are fetched once. Any other iterable, asynchronous
        ones too, is asked for more as there is room, by a task of its own: it may be endless, about 10,000 URLs of it
        are held, and equal ones among these are fetched once. What it raises, the reader gets.
        """
        held = _held(look_ahead)
        if isinstance(urls, list | tuple):
            return AsyncSiteStream(self._inner.stream(_checked(urls), ordered, held))
        each = _each_async(urls) if isinstance(urls, AsyncIterable) else _each(urls)
        return AsyncSiteStream(self._inner.open_stream(ordered, held), each)

    async def aclose(self) -> None:
        """End all calls and streams of this client with `ClosedError`, now and later."""
        self._inner.shutdown()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


def _checked(urls: Iterable[str]) -> list[str]:
    """Return a list of texts that can cross; whether each is a URL is said in its record."""
    return list(_each(urls))


def _each(urls: Iterable[str]) -> Iterator[str]:
    """Return an iterator over texts that can cross; whether it is an iterable is said at once."""
    if isinstance(urls, str | bytes):
        reason = "urls: one text was given where a list of URLs is wanted; put it in a list, or use from_url or fetch"
        raise InvalidArgumentError("urls", reason)
    return map(_crossable, itertools.count(), urls)


async def _each_async(urls: AsyncIterable[str]) -> AsyncGenerator[str, None]:
    index = 0
    try:
        async for url in urls:
            yield _crossable(index, url)
            index += 1
    finally:
        # A generator that is given up in the middle ends now, not when it is collected.
        if (close := getattr(urls, "aclose", None)) is not None:
            await close()


def _crossable(index: int, url: object) -> str:
    if not isinstance(url, str):
        reason = f"urls: item {index} is {url!r} of type {type(url).__name__}, not a text"
        raise InvalidArgumentError("urls", reason)
    try:
        url.encode()
    except UnicodeEncodeError:
        reason = f"urls: item {index}, {url!r}, holds a lone surrogate, which is no character"
        raise InvalidArgumentError("urls", reason) from None
    return url


def _held(look_ahead: int | None) -> int | None:
    most = (1 << 32) - 1
    if look_ahead is not None and not 0 <= look_ahead <= most:
        reason = f"look_ahead: {look_ahead!r} is not a whole number from 0 to {most}"
        raise InvalidArgumentError("look_ahead", reason)
    return look_ahead


_shared: list[tuple[int, FetchOptions, Client]] = []
_shared_lock = threading.Lock()


def shared_client(options: Options) -> Client:
    """Return the client with these options that was used before, or a new one."""
    wanted = fetch_options(options)
    pid = os.getpid()
    with _shared_lock:
        for index, (owner, has, client) in enumerate(_shared):
            if owner == pid and has == wanted and not client.is_closed:
                _shared.append(_shared.pop(index))
                return client
        client = Client(**options)
        _shared.append((pid, wanted, client))
        del _shared[:-_SHARED]
        return client


def _forget_parent() -> None:
    """Start anew in a forked child, whose copy of the lock may be held by a thread that it does not have."""
    global _shared_lock  # noqa: PLW0603
    _shared_lock = threading.Lock()
    generated.finish_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=generated.prepare_fork,
        after_in_parent=generated.finish_fork,
        after_in_child=_forget_parent,
    )

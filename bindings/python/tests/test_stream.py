"""Streams, asyncio, threads, signals, forks and the end of the interpreter."""

from __future__ import annotations

import asyncio
import gc
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from helpers import each_order, needs_posix, run_script, start_script, until

import sitelift
from sitelift import AsyncClient, Client, ClosedError, Site

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

    from conftest import Server
    from typing_extensions import Self


async def async_until(condition: Callable[[], bool]) -> None:
    """Wait as `until` does, and let other tasks run."""
    await asyncio.to_thread(until, condition)


def slow_first(server: Server) -> list[str]:
    """Return URLs of which the first takes longest."""
    return [f"{server.url}/n/0?latency=500", *(f"{server.url}/n/{index}" for index in range(1, 10))]


def calm_requests(server: Server) -> int:
    """Return the number of requests when no more have come for half a second."""
    seen, since = -1, time.monotonic()
    while time.monotonic() - since < 0.5:
        now = int(server.stats()["requests"])
        if now != seen:
            seen, since = now, time.monotonic()
        time.sleep(0.02)
    return seen


# Order


def test_ordered(server: Server, client: Client) -> None:
    asked = slow_first(server)
    assert [site.url for site in client.stream(asked)] == asked


def test_as_done(server: Server, client: Client) -> None:
    asked = slow_first(server)
    came = [site.url for site in client.stream(asked, ordered=False)]
    assert sorted(came) == sorted(asked)
    assert came[-1] == asked[0]


async def test_ordered_async(server: Server, async_client: AsyncClient) -> None:
    asked = slow_first(server)
    assert [site.url async for site in async_client.stream(asked)] == asked
    assert [site.url for site in await async_client.fetch_all(asked)] == asked


async def test_as_done_async(server: Server, async_client: AsyncClient) -> None:
    asked = slow_first(server)
    came = [site.url async for site in async_client.stream(asked, ordered=False)]
    assert sorted(came) == sorted(asked)
    assert came[-1] == asked[0]


@each_order
def test_equal_urls_and_bad_ones_in_a_stream(counted: Server, client: Client, ordered: bool) -> None:
    urls = [f"{counted.url}/n/{index % 3}" for index in range(30)] + ["bad", f"{counted.url}/n/0#part"]
    sites = list(client.stream(urls, ordered=ordered))
    assert sorted(site.url for site in sites) == sorted(urls)
    assert [site.url for site in sites if site.error] == ["bad"]
    assert counted.stats()["by_path"] == {"/n/0": 1, "/n/1": 1, "/n/2": 1}
    if ordered:
        assert [site.url for site in sites] == urls


@each_order
def test_pages_come_before_the_last_is_there(server: Server, client: Client, ordered: bool) -> None:
    with client.stream([f"{server.url}/n/0", f"{server.url}/delay/30000"], ordered=ordered) as stream:
        start = time.monotonic()
        assert next(stream).error is None
        assert time.monotonic() - start < 5


@each_order
def test_no_urls(client: Client, ordered: bool) -> None:
    stream = client.stream([], ordered=ordered)
    assert list(stream) == []
    assert list(stream) == []


async def test_no_urls_async(async_client: AsyncClient) -> None:
    assert [site async for site in async_client.stream([])] == []
    assert await async_client.fetch_all([]) == []


# Back-pressure and the end of streams


@each_order
def test_a_reader_that_stops_stops_the_fetching(counted: Server, ordered: bool) -> None:
    asked = [f"{counted.url}/n/{index}" for index in range(2_000)]
    with Client(allow_private_networks=True, concurrency=8) as client:
        with client.stream(asked, ordered=ordered) as stream:
            first = [next(stream) for _ in range(5)]
            requests = calm_requests(counted)
            assert 5 <= requests < 600
            # It goes on when the reader does.
            next_ones = [next(stream) for _ in range(700)]
        if ordered:
            assert [site.url for site in first + next_ones] == asked[:705]
        assert calm_requests(counted) < 1_500


@each_order
async def test_a_reader_that_stops_stops_the_fetching_async(counted: Server, ordered: bool) -> None:
    asked = [f"{counted.url}/n/{index}" for index in range(2_000)]
    async with (
        AsyncClient(allow_private_networks=True, concurrency=8) as client,
        client.stream(asked, ordered=ordered) as stream,
    ):
        for _ in range(5):
            assert (await anext(stream)).error is None
        assert 5 <= await asyncio.to_thread(calm_requests, counted) < 600


@pytest.mark.parametrize("look_ahead", [0, 1, 10, None])
def test_look_ahead_behind_a_slow_page(counted: Server, look_ahead: int | None) -> None:
    asked = [f"{counted.url}/delay/30000", *(f"{counted.url}/n/{index}" for index in range(1_000))]
    with (
        Client(allow_private_networks=True, concurrency=4) as client,
        client.stream(asked, look_ahead=look_ahead) as stream,
    ):
        until(lambda: counted.in_flight() == 1)
        requests = calm_requests(counted)
        held = 256 if look_ahead is None else look_ahead
        assert max(held, 1) <= requests <= held + 1
        assert counted.in_flight() == 1
        assert stream is not None


@pytest.mark.parametrize("look_ahead", [0, 1, 5_000])
def test_look_ahead_changes_nothing_but_the_pace(server: Server, client: Client, look_ahead: int) -> None:
    asked = [f"{server.url}/n/{index}?latency={index % 5}" for index in range(60)]
    assert [site.url for site in client.stream(asked, look_ahead=look_ahead)] == asked


@pytest.mark.parametrize("look_ahead", [-1, 2**32, 1.5, "1"])
def test_a_look_ahead_that_is_no_number_is_refused(client: Client, look_ahead: Any) -> None:
    with pytest.raises((ValueError, OverflowError, TypeError)):
        client.stream([], look_ahead=look_ahead)


def test_a_whole_list_is_fetched_behind_a_slow_page(counted: Server) -> None:
    # A list is held as a whole anyway, so that one slow page need not keep the others waiting.
    asked = [f"{counted.url}/delay/30000", *(f"{counted.url}/n/{index}" for index in range(800))]
    client = Client(allow_private_networks=True)
    with ThreadPoolExecutor(1) as pool:
        end = pool.submit(client.fetch_all, asked)
        until(lambda: counted.stats()["requests"] == len(asked) and counted.in_flight() == 1)
        client.close()
        assert type(end.exception(timeout=5)) is ClosedError


@each_order
def test_closing_a_stream_early(counted: Server, client: Client, ordered: bool) -> None:
    stream = client.stream(
        [f"{counted.url}/n/0", *[f"{counted.url}/delay/{30_000 + i}" for i in range(6)]], ordered=ordered
    )
    assert next(stream).error is None
    until(lambda: counted.in_flight() == 6)
    stream.close()
    stream.close()
    assert list(stream) == []
    until(lambda: counted.in_flight() == 0)
    # The client is none the worse.
    assert client.fetch(f"{counted.url}/n/1").error is None


def test_leaving_with_closes_the_stream(counted: Server, client: Client) -> None:
    with client.stream([f"{counted.url}/delay/30000"]) as stream:
        until(lambda: counted.in_flight() == 1)
    until(lambda: counted.in_flight() == 0)
    assert list(stream) == []


def test_a_stream_nobody_holds_stops(counted: Server, client: Client) -> None:
    stream = client.stream([f"{counted.url}/delay/30000"])
    until(lambda: counted.in_flight() == 1)
    del stream
    gc.collect()
    until(lambda: counted.in_flight() == 0)


async def test_closing_a_stream_early_async(counted: Server, async_client: AsyncClient) -> None:
    async with async_client.stream([f"{counted.url}/n/0", f"{counted.url}/delay/30000"]) as stream:
        assert (await anext(stream)).error is None
        await async_until(lambda: counted.in_flight() == 1)
    await async_until(lambda: counted.in_flight() == 0)
    assert [site async for site in stream] == []
    assert (await async_client.fetch(f"{counted.url}/n/1")).error is None


async def test_closing_an_async_client_ends_what_runs(counted: Server) -> None:
    client = AsyncClient(allow_private_networks=True)
    url = f"{counted.url}/delay/30000"

    async def read() -> list[Site]:
        return [site async for site in client.stream([f"{url}?stream"])]

    tasks = [asyncio.create_task(call) for call in (client.fetch(url), client.fetch_all([f"{url}?all"]), read())]
    await async_until(lambda: counted.in_flight() == 3)
    await client.aclose()
    assert client.is_closed is True
    ends = await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 5)
    assert [type(end) for end in ends] == [ClosedError] * 3
    with pytest.raises(ClosedError):
        await client.fetch(url)
    with pytest.raises(ClosedError):
        client.stream([url])
    await async_until(lambda: counted.in_flight() == 0)


async def test_a_bad_argument_is_said_at_once_async(async_client: AsyncClient) -> None:
    with pytest.raises(sitelift.InvalidArgumentError):
        await async_client.fetch_all("http://a.example/")
    with pytest.raises(sitelift.InvalidArgumentError):
        async_client.stream("http://a.example/")
    assert (await async_client.fetch("bad")).error is not None


# Concurrency


@pytest.mark.parametrize("concurrency", [1, 3, 10])
@each_order
def test_as_many_at_once_as_allowed_and_no_more(counted: Server, concurrency: int, ordered: bool) -> None:
    asked = [f"{counted.url}/n/{index}?latency=100" for index in range(6 * concurrency)]
    with Client(allow_private_networks=True, concurrency=concurrency, per_host=concurrency) as client:
        assert len(list(client.stream(asked, ordered=ordered))) == len(asked)
    seen = counted.stats()
    assert (seen["requests"], seen["max_in_flight"]) == (len(asked), concurrency)


async def test_as_many_at_once_as_allowed_and_no_more_async(counted: Server) -> None:
    async with AsyncClient(allow_private_networks=True, concurrency=4) as client:
        await client.fetch_all(f"{counted.url}/n/{index}?latency=100" for index in range(24))
    assert counted.stats()["max_in_flight"] == 4


# asyncio


class Ticker:
    """Counts how often the event loop came round, and the longest it took."""

    def __init__(self) -> None:
        self.ticks = 0
        self.longest = 0.0

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._tick())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()

    async def _tick(self) -> None:
        last = time.monotonic()
        while True:
            await asyncio.sleep(0.005)
            now = time.monotonic()
            self.ticks, self.longest, last = self.ticks + 1, max(self.longest, now - last), now


async def test_asyncio_is_not_frozen_while_waiting(server: Server, async_client: AsyncClient) -> None:
    async with Ticker() as ticker:
        sites = await async_client.fetch_all(f"{server.url}/n/{index}?latency=400" for index in range(50))
    assert all(site.error is None for site in sites)
    assert ticker.ticks >= 20


async def test_asyncio_is_not_frozen_by_parsing(server: Server) -> None:
    # One page keeps a core busy for long, but nearly nothing of it crosses to Python.
    async with AsyncClient(allow_private_networks=True, keep_body=False) as client, Ticker() as ticker:
        start = time.monotonic()
        urls = [f"{server.url}/body?size={9_000_000 + index}" for index in range(4)]
        sites = await client.fetch_all(urls)
        took = time.monotonic() - start
    assert all(site.error is None for site in sites)
    assert ticker.ticks >= 5
    assert ticker.longest < max(0.25, took / 4)


async def test_many_tasks_share_a_client(server: Server, async_client: AsyncClient) -> None:
    asked = [f"{server.url}/gen/{index}?bytes=300&latency={index % 7}" for index in range(200)]
    sites = await asyncio.gather(*(async_client.fetch(url) for url in asked))
    assert [site.url for site in sites] == asked
    assert len({site.body for site in sites}) == len(asked)


@pytest.mark.parametrize("how", ["fetch", "fetch_all", "stream"])
async def test_cancelling_a_task_stops_its_requests(how: str, counted: Server, async_client: AsyncClient) -> None:
    url = f"{counted.url}/delay/30000"

    async def stream() -> list[Site]:
        return [site async for site in async_client.stream([url])]

    calls = {
        "fetch": lambda: async_client.fetch(url),
        "fetch_all": lambda: async_client.fetch_all([url]),
        "stream": stream,
    }
    task: asyncio.Task[object] = asyncio.create_task(calls[how]())
    await async_until(lambda: counted.in_flight() == 1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    del task
    gc.collect()
    await async_until(lambda: counted.in_flight() == 0)
    assert (await async_client.fetch(f"{counted.url}/n/0")).error is None


async def test_a_timeout_of_asyncio_stops_the_requests(counted: Server, async_client: AsyncClient) -> None:
    urls = [f"{counted.url}/delay/{30_000 + index}" for index in range(20)]
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(async_client.fetch_all(urls), 0.3)
    gc.collect()
    await async_until(lambda: counted.in_flight() == 0)
    assert counted.stats()["requests"] <= 20


async def test_a_cancelled_read_loses_no_page(server: Server, async_client: AsyncClient) -> None:
    asked = [f"{server.url}/n/{index}?latency={index * 10}" for index in range(30)]
    came: list[str] = []

    async def read(seconds: float) -> bool:
        """Read one page if it comes in time; return whether there may be more."""
        try:
            came.append((await asyncio.wait_for(anext(stream), seconds)).url)
        except asyncio.TimeoutError:
            return True
        except StopAsyncIteration:
            return False
        return True

    async with async_client.stream(asked) as stream:
        while await read(0.004):
            pass
    assert came == asked


def test_one_client_in_one_loop_after_another(server: Server) -> None:
    client = AsyncClient(allow_private_networks=True)
    for index in range(3):
        assert asyncio.run(client.fetch(f"{server.url}/n/{index}")).error is None


async def test_blocking_calls_inside_a_loop(server: Server) -> None:
    asked = [f"{server.url}/n/{index}?latency=100" for index in range(10)]

    def fetch() -> list[Site]:
        return Site.from_urls(asked, allow_private_networks=True)

    async with Ticker() as ticker:
        batches = await asyncio.gather(*(asyncio.to_thread(fetch) for _ in range(4)))
    assert all([site.url for site in batch] == asked for batch in batches)
    assert ticker.ticks >= 5
    # Right in the loop it blocks the loop, and works.
    assert [site.url for site in fetch()] == asked


# Threads


def test_many_threads_share_a_client(server: Server, client: Client) -> None:
    def fetch(thread: int) -> list[tuple[str, str]]:
        asked = [f"{server.url}/gen/{thread}-{index}?bytes=300" for index in range(20)]
        sites = client.fetch_all(asked[:10]) + [client.fetch(url) for url in asked[10:]]
        assert [site.url for site in sites] == asked
        assert all(site.error is None for site in sites)
        return [(site.url, site.body or "") for site in sites]

    with ThreadPoolExecutor(16) as pool:
        pages = [page for batch in pool.map(fetch, range(16)) for page in batch]
    assert len(pages) == 320
    assert len({body for _, body in pages}) == 320


def test_threads_share_one_stream(server: Server, client: Client) -> None:
    asked = [f"{server.url}/n/{index}" for index in range(200)]
    came: list[str] = []

    # Each has its own place in Python; the pages are handed out once.
    stream = client.stream(asked)
    lock = threading.Lock()

    def read() -> None:
        while True:
            with lock:
                site = next(stream, None)
            if site is None:
                return
            came.append(site.url)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(came) == sorted(asked)


def test_other_threads_run_while_one_waits(server: Server, client: Client) -> None:
    ready = threading.Event()
    counted = 0

    def count() -> None:
        nonlocal counted
        ready.set()
        while not stop.wait(0.001):
            counted += 1

    stop = threading.Event()
    thread = threading.Thread(target=count)
    thread.start()
    ready.wait()
    client.fetch(f"{server.url}/delay/500")
    stop.set()
    thread.join()
    # The interpreter was not held during the wait.
    assert counted >= 50


# Ctrl-C

CALLS = {
    "from_url": "Site.from_url(url, allow_private_networks=True, timeout=60, read_timeout=60)",
    "from_urls": "Site.from_urls([url], allow_private_networks=True, timeout=60, read_timeout=60)",
    "fetch": "client.fetch(url)",
    "fetch_all": "client.fetch_all([url])",
    "stream": "list(client.stream([url]))",
    "as done": "list(client.stream([url], ordered=False))",
    "async": "asyncio.run(fetch_async())",
}

INTERRUPTED = """
    import asyncio
    import signal
    import sys
    from sitelift import AsyncClient, Client, Site

    # A shell may have started this with the signal ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    url = sys.argv[1]
    client = Client(allow_private_networks=True, timeout=60, read_timeout=60)

    async def fetch_async():
        async with AsyncClient(allow_private_networks=True, timeout=60, read_timeout=60) as client:
            await client.fetch(url)
"""


def interrupt(process: subprocess.Popen[str], server: Server) -> float:
    """Send Ctrl-C once the request is under way; return when that was."""
    until(lambda: server.in_flight() == 1, seconds=30)
    sent = time.monotonic()
    process.send_signal(signal.SIGINT)
    return sent


@needs_posix
@pytest.mark.parametrize("call", CALLS)
def test_ctrl_c_ends_the_program(call: str, counted: Server) -> None:
    code = f"{INTERRUPTED}\n    {CALLS[call]}\n"
    with start_script(code, f"{counted.url}/delay/30000") as process:
        try:
            sent = interrupt(process, counted)
            _, err = process.communicate(timeout=20)
            took = time.monotonic() - sent
        finally:
            process.kill()
    assert err.rstrip().endswith("KeyboardInterrupt")
    assert process.returncode == -signal.SIGINT
    assert took < 1.0


@needs_posix
@pytest.mark.parametrize("call", CALLS)
def test_ctrl_c_stops_the_request(call: str, counted: Server) -> None:
    code = f"""{INTERRUPTED}
    try:
        {CALLS[call]}
    except KeyboardInterrupt:
        print("interrupted", flush=True)
    sys.stdin.read()
    """
    with start_script(code, f"{counted.url}/delay/30000") as process:
        try:
            sent = interrupt(process, counted)
            assert process.stdout is not None
            assert process.stdout.readline() == "interrupted\n"
            assert time.monotonic() - sent < 1.0
            # The program lives on; its request does not.
            until(lambda: counted.in_flight() == 0)
            assert process.poll() is None
            process.communicate(timeout=20)
        finally:
            process.kill()
    assert process.returncode == 0


# Forks

FORK = """
    import os
    import sys
    import time
    import warnings
    from sitelift import Client, ForkedError, Site

    # Newer Pythons warn of forking with threads about, which is what is tried here.
    warnings.simplefilter("ignore", DeprecationWarning)
    url = sys.argv[1]

    def must_be_forked(call, *arguments):
        try:
            call(*arguments)
        except ForkedError as error:
            assert "fork" in str(error)
            return
        raise AssertionError("no ForkedError")

    def in_child(work, seconds=10):
        child = os.fork()
        if not child:
            work()
            # The end of an interpreter as usual, with all that is torn down there.
            sys.exit(0)
        deadline = time.monotonic() + seconds
        while True:
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                assert os.waitstatus_to_exitcode(status) == 0, status
                return
            if time.monotonic() > deadline:
                os.kill(child, 9)
                os.waitpid(child, 0)
                raise SystemExit("the child hangs")
            time.sleep(0.01)

    def good(site):
        assert site.error is None, site.error
        assert site.title
"""


@needs_posix
def test_fork(server: Server) -> None:
    code = f"""{FORK}
    client = Client(allow_private_networks=True)
    good(client.fetch(url))
    good(Site.from_url(url, allow_private_networks=True))

    def child():
        must_be_forked(client.fetch, url)
        must_be_forked(client.fetch_all, [url])
        must_be_forked(client.stream, [url])
        good(Site.from_url(url, allow_private_networks=True))
        good(Site.from_html("<title>given</title>"))
        with Client(allow_private_networks=True) as own:
            good(own.fetch(url))
        # And a grandchild.
        in_child(lambda: good(Site.from_url(url, allow_private_networks=True)))

    in_child(child)
    # The parent's own is as it was.
    good(client.fetch(url))
    good(Site.from_url(url, allow_private_networks=True))
    """
    run_script(code, f"{server.url}/n/0")


@needs_posix
def test_a_stream_of_the_parent_does_not_hang_the_child(server: Server) -> None:
    code = f"""{FORK}
    client = Client(allow_private_networks=True)
    stream = client.stream([url] + [f"{{url}}?latency=3000&{{i}}" for i in range(5)])
    good(next(stream))

    def child():
        must_be_forked(next, stream)
        stream.close()

    in_child(child)
    assert len(list(stream)) == 5
    """
    run_script(code, f"{server.url}/n/0")


@needs_posix
def test_closing_the_parents_client_in_the_child(server: Server) -> None:
    code = f"""{FORK}
    client = Client(allow_private_networks=True)
    good(client.fetch(url))
    in_child(client.close)
    in_child(client.__exit__)
    good(client.fetch(url))
    """.replace("client.__exit__", "lambda: client.__exit__(None, None, None)")
    run_script(code, f"{server.url}/n/0")


@needs_posix
def test_forks_while_other_threads_fetch(server: Server) -> None:
    # A lock that another thread holds at that moment is held in the child for ever.
    code = f"""{FORK}
    import threading

    stop = threading.Event()

    def busy():
        while not stop.is_set():
            Site.from_urls([f"{{url}}?{{i}}" for i in range(8)], allow_private_networks=True)

    threads = [threading.Thread(target=busy) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(60):
            in_child(lambda: good(Site.from_url(url, allow_private_networks=True)))
    finally:
        stop.set()
    """
    run_script(code, f"{server.url}/n/0", seconds=120)


@needs_posix
def test_multiprocessing_by_fork(server: Server) -> None:
    code = f"""{FORK}
    import multiprocessing

    def title(index):
        return Site.from_url(f"{{url}}?{{index}}", allow_private_networks=True).title

    good(Site.from_url(url, allow_private_networks=True))
    with multiprocessing.get_context("fork").Pool(4) as pool:
        titles = pool.map(title, range(20))
    assert len(titles) == 20 and all(titles)
    """
    run_script(code, f"{server.url}/n/0")


# The end of the interpreter

EXITS = {
    "a stream": """
        stream = client.stream(urls)
        assert next(stream).error is None
    """,
    "a stream as done": """
        stream = client.stream(urls, ordered=False)
        assert next(stream).error is None
    """,
    "a blocked daemon thread": """
        threading.Thread(target=client.fetch, args=[urls[1]], daemon=True).start()
        while server_in_flight() == 0:
            time.sleep(0.01)
    """,
    "an async stream": """
        async def main():
            stream = AsyncClient(allow_private_networks=True).stream(urls)
            assert (await anext(stream)).error is None

        asyncio.run(main())
    """,
    "a task nobody awaits": """
        async def main():
            client = AsyncClient(allow_private_networks=True)
            main.task = asyncio.ensure_future(client.fetch(urls[1]))
            while server_in_flight() == 0:
                await asyncio.sleep(0.01)

        asyncio.run(main())
    """,
    "a loop that was never closed": """
        loop = asyncio.new_event_loop()
        client_of_loop = AsyncClient(allow_private_networks=True)
        task = loop.create_task(client_of_loop.fetch(urls[1]))
        while server_in_flight() == 0:
            loop.run_until_complete(asyncio.sleep(0.01))
    """,
}


@pytest.mark.parametrize("running", EXITS)
def test_the_interpreter_ends_with_work_under_way(running: str, counted: Server) -> None:
    code = f"""
    import asyncio
    import json
    import sys
    import threading
    import time
    import urllib.request
    from sitelift import AsyncClient, Client

    def server_in_flight():
        with urllib.request.urlopen(sys.argv[1] + "/stats") as answer:
            return json.load(answer)["in_flight"]

    urls = [sys.argv[1] + "/n/0"] + [sys.argv[1] + f"/delay/{{30_000 + i}}" for i in range(20)]
    client = Client(allow_private_networks=True)
    if True:
{EXITS[running]}
    print(time.time())
    """
    out = run_script(code, counted.url, seconds=25)
    assert time.time() - float(out) < 3.0
    until(lambda: counted.in_flight() == 0)


def test_threads_share_one_stream_without_help(server: Server, client: Client) -> None:
    asked = [f"{server.url}/n/{index}" for index in range(600)]
    came: list[str] = []
    with client.stream(asked) as stream, ThreadPoolExecutor(8) as pool:
        readers = [pool.submit(lambda: [site.url for site in stream]) for _ in range(8)]
        for reader in readers:
            came += reader.result()
    assert sorted(came) == sorted(asked)


async def test_tasks_share_one_stream(server: Server, async_client: AsyncClient) -> None:
    asked = [f"{server.url}/n/{index}" for index in range(300)]
    async with async_client.stream(asked) as stream:

        async def read() -> list[str]:
            return [site.url async for site in stream]

        came = [url for urls in await asyncio.gather(*(read() for _ in range(8))) for url in urls]
    assert sorted(came) == sorted(asked)

"""Async functions are coroutines; to cancel one drops the Rust future at once."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import threading
import time
import warnings
import weakref

import pytest


def test_results(cases):
    async def main():
        assert await cases.ready(5) == 5
        assert await cases.ready(value=-5) == -5
        assert await cases.ready_with_nothing() is None
        assert await cases.after(5) == "done"
        assert await cases.after(0, text="näh") == "näh"
        assert await cases.after_polls(100) == 100
        assert await cases.u8_later(255) == 255
        assert await cases.i16_later(-300) == -300
        assert await cases.bool_later(True) is True
        assert await cases.f32_later(0.5) == 0.5
        assert await cases.f64_later(1e300) == 1e300
        assert (await cases.counter_later(7)).value() == 7
        page = cases.page_with(3)
        assert await cases.echo_page_later(page, 0) == page
        assert await cases.echo_page_later(page, 3) == page

    asyncio.run(main())


def test_errors(cases, live):
    async def main():
        for milliseconds in (0, 5):
            with pytest.raises(cases.CaseError.Missing, match="later"):
                await cases.fail_after(milliseconds)
            with pytest.raises(cases.InternalError, match="ouch"):
                await cases.panic_after(milliseconds, "ouch")

    asyncio.run(main())
    assert live("FUTURE") == 0


def test_bad_arguments(cases):
    async def main():
        with pytest.raises(TypeError, match=r"an integer is required, not str"):
            await cases.ready("x")
        with pytest.raises(TypeError, match=r"missing"):
            await cases.after()
        with pytest.raises(TypeError, match=r"links.*\[0\]"):
            page = cases.page_with(0)
            page.links = [5]
            await cases.echo_page_later(page, 0)

    asyncio.run(main())


def test_they_are_coroutine_functions(cases):
    assert asyncio.iscoroutinefunction(cases.ready)
    assert asyncio.iscoroutinefunction(cases.Counter.increment_later)
    coroutine = cases.ready(1)
    assert asyncio.iscoroutine(coroutine)
    coroutine.close()


def test_gathering(cases, live):
    async def main():
        results = await asyncio.gather(*(cases.after_polls(index % 7) for index in range(1000)))
        assert results == [index % 7 for index in range(1000)]
        results = await asyncio.gather(*(cases.after(index % 10, str(index)) for index in range(300)))
        assert results == [str(index) for index in range(300)]

    asyncio.run(main())
    assert live("FUTURE") == 0


def test_cancellation_drops_the_future_at_once(cases, live):
    async def main():
        tasks = [asyncio.ensure_future(cases.never()) for _ in range(50)]
        await asyncio.sleep(0)
        assert live("FUTURE") == 50
        for task in tasks:
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(result, asyncio.CancelledError) for result in results)
        assert live("FUTURE") == 0

    asyncio.run(main())


def test_cancellation_drops_what_the_future_holds(cases, live):
    async def main():
        counter = cases.Counter(1)
        task = asyncio.ensure_future(cases.hold_for_ever(counter))
        await asyncio.sleep(0)
        del counter
        gc.collect()
        assert live("COUNTER") == 1
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        assert live("FUTURE") == 0
        # The task has its arguments still, and asyncio the task until the next step.
        del task
        await asyncio.sleep(0)
        gc.collect()
        assert live("COUNTER") == 0

    asyncio.run(main())


def test_timeouts(cases, live):
    async def main():
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(cases.never(), 0.01)
        assert live("FUTURE") == 0
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(cases.after(60), 0.01)
        assert live("FUTURE") == 0
        # The thread wakes what is gone.
        await asyncio.sleep(0.1)
        assert await asyncio.wait_for(cases.after(5), 10) == "done"

    asyncio.run(main())


def test_a_task_cancelled_before_it_began(cases, live):
    async def main():
        task = asyncio.ensure_future(cases.never())
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        assert live("FUTURE") == 0

    asyncio.run(main())


def test_a_coroutine_that_is_never_awaited(cases, live):
    with pytest.warns(RuntimeWarning, match="was never awaited"):  # noqa: PT031
        cases.never()
        gc.collect()
    assert live("FUTURE") == 0
    coroutine = cases.never()
    coroutine.close()
    assert live("FUTURE") == 0


def test_a_coroutine_that_is_dropped_while_it_waits(cases, live):
    async def main():
        coroutine = cases.never()
        coroutine.send(None)
        assert live("FUTURE") == 1
        coroutine.close()
        assert live("FUTURE") == 0
        coroutine = cases.never()
        coroutine.send(None)
        del coroutine
        gc.collect()
        assert live("FUTURE") == 0

    asyncio.run(main())


def test_tasks_that_only_rust_knows_of(cases):
    # asyncio has weak references to tasks only; one that Rust is going to wake must not be collected.
    async def main():
        over = []

        async def wait(number):
            over.append(await cases.after(20, str(number)))

        for number in range(5):
            asyncio.ensure_future(wait(number))  # noqa: RUF006
        await asyncio.sleep(0.001)
        gc.collect()
        await asyncio.sleep(0.2)
        assert sorted(over) == ["0", "1", "2", "3", "4"]

    asyncio.run(main())


def test_waking_wildly(cases):
    async def main():
        assert await cases.wake_wildly(4, 2000) >= 4000
        await asyncio.sleep(0.02)
        results = await asyncio.gather(*(cases.wake_wildly(2, 200) for _ in range(10)))
        assert min(results) >= 200

    asyncio.run(main())


def test_two_loops_in_two_threads(cases):
    results = []

    async def main(number):
        for _ in range(20):
            assert await cases.after(1, str(number)) == str(number)
        results.append(await asyncio.gather(*(cases.after_polls(number) for _ in range(50))))

    threads = [threading.Thread(target=lambda number=number: asyncio.run(main(number))) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(result[0] for result in results) == [0, 1, 2, 3]


def test_a_loop_that_is_closed_early(cases, live):
    loop = asyncio.new_event_loop()
    task = loop.create_task(cases.after(30))
    loop.run_until_complete(asyncio.sleep(0))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        loop.close()
        # The wake-up finds the loop closed.
        time.sleep(0.08)
        task._log_destroy_pending = False
        del task
        gc.collect()
    assert live("FUTURE") == 0
    assert asyncio.run(cases.after(1)) == "done"


def test_without_a_loop(cases, live):
    coroutine = cases.ready(3)
    with pytest.raises(StopIteration) as info:
        coroutine.send(None)
    assert info.value.value == 3
    coroutine = cases.never()
    with pytest.raises(RuntimeError, match="no running event loop"):
        coroutine.send(None)
    assert live("FUTURE") == 0


def test_results_are_released(cases):
    async def main():
        page = await cases.echo_page_later(cases.page_with(1), 1)

        class Marker:
            pass

        page.title = marker = Marker()
        gone = weakref.ref(marker)
        del marker, page
        gc.collect()
        assert gone() is None

    asyncio.run(main())


@pytest.fixture
def fetcher_class(cases):
    class Fetcher(cases.Fetcher):
        """Fetches pages in Python."""

        def __init__(self):
            self.log = []

        async def fetch(self, url):
            self.log.append(f"start {url}")
            try:
                await asyncio.sleep(0.01)
                if not url:
                    raise cases.CaseError.Missing("url")
                if url == "wrong":
                    raise KeyError("wrong")
                if url == "slow":
                    await asyncio.sleep(30)
            except asyncio.CancelledError:
                self.log.append("cancelled")
                raise
            self.log.append("end")
            return cases.page_with(1)

        async def count(self):
            return 11

        async def rest(self):
            await asyncio.sleep(0)

    return Fetcher


def test_traits_implemented_in_rust(cases):
    async def main():
        fetcher = cases.own_fetcher()
        assert len((await fetcher.fetch("x")).links) == 2
        assert await cases.count_with(fetcher) == 7
        with pytest.raises(cases.CaseError.Plain):
            await cases.fetch_with(fetcher, "")

    asyncio.run(main())


def test_traits_implemented_in_python(cases, fetcher_class):
    async def main():
        fetcher = fetcher_class()
        assert len((await cases.fetch_with(fetcher, "x")).links) == 1
        assert fetcher.log == ["start x", "end"]
        assert await cases.count_with(fetcher) == 11
        with pytest.raises(cases.CaseError.Missing, match="url"):
            await cases.fetch_with(fetcher, "")
        with pytest.raises(cases.CaseError.Callback, match="KeyError"):
            await cases.fetch_with(fetcher, "wrong")
        results = await asyncio.gather(*(cases.fetch_with(fetcher, str(index)) for index in range(100)))
        assert len(results) == 100

    asyncio.run(main())
    gc.collect()
    assert len(cases._handles_Fetcher) == 0


def test_rust_drops_what_it_awaits(cases, fetcher_class):
    async def main():
        fetcher = fetcher_class()
        await cases.fetch_in_vain(fetcher, "slow", 50)
        await asyncio.sleep(0.05)
        assert fetcher.log == ["start slow", "cancelled"]
        fetcher.log.clear()
        task = asyncio.ensure_future(cases.fetch_with(fetcher, "slow"))
        await asyncio.sleep(0.05)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        await asyncio.sleep(0.05)
        assert fetcher.log == ["start slow", "cancelled"]

    asyncio.run(main())
    gc.collect()
    assert len(cases._handles_Fetcher) == 0


def test_the_loop_is_found_from_other_threads(cases, fetcher_class):
    async def main():
        fetcher = fetcher_class()
        await cases.ready(1)
        await cases.after_polls(1)
        page = await asyncio.to_thread(cases.fetch_on_thread, fetcher, "x")
        assert len(page.links) == 1
        with pytest.raises(cases.CaseError.Missing):
            await asyncio.to_thread(cases.fetch_on_thread, fetcher, "")

    asyncio.run(main())


def test_a_loop_that_is_named(cases, fetcher_class):
    async def main():
        cases.uniffi_set_event_loop(asyncio.get_running_loop())
        try:
            page = await asyncio.to_thread(cases.fetch_on_thread, fetcher_class(), "x")
            assert len(page.links) == 1
        finally:
            cases.uniffi_set_event_loop(None)

    asyncio.run(main())


def test_no_loop_to_be_found(run_quietly):
    program = """
        class Fetcher(cases.Fetcher):
            async def fetch(self, url):
                return cases.page_with(1)
        try:
            cases.fetch_on_thread(Fetcher(), "x")
        except cases.CaseError.Callback as error:
            print(error.reason)
    """
    assert "event loop" in run_quietly(program)


def test_a_fetcher_that_is_no_coroutine(cases):
    class Plain(cases.Fetcher):
        def fetch(self, url):
            return cases.page_with(1)

        async def rest(self):
            pass

        async def count(self):
            return "no number"

    async def main():
        with pytest.raises(cases.CaseError.Callback, match="await"):
            await cases.fetch_with(Plain(), "x")
        with pytest.raises(cases.InternalError):
            await cases.count_with(Plain())

    asyncio.run(main())

"""A great many calls, well and badly ended: memory stays flat."""

from __future__ import annotations

import pytest

# What a call costs pure Python is about ten times as much; a leak shows as well.
CALLS = {"pure": 200_000, "native": 3_000_000}
ALLOWED = 2_000_000

COUNT = """
    import gc, os, sys

    def resident():
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def failing(function, *arguments):
        try:
            function(*arguments)
        except (TypeError, ValueError, OverflowError, AttributeError, cases.CaseError, cases.FlatError, cases.Problem):
            return
        raise AssertionError("it was to fail")

    page, counter = cases.page_with(3), cases.Counter(1)
    shape = cases.Shape.ROUNDED_BOX(width=1, height=2, corners=[cases.Shape.CIRCLE(1.0)])
    error = cases.CaseError.Broken(link=page.links[0], path=[cases.Point(x=1, y=2)], cause=cases.CaseError.Plain())
    half = [counter] * 5 + ["x"]
    bad = cases.page_with(3)
    bad.links[2].url = 5

    class Store(cases.Store):
        def get(self, url):
            if url == "x":
                raise cases.CaseError.Missing("x")
            return page
        def size(self):
            return 1
        def fork(self):
            return self

    class Listener(cases.Listener):
        def on_event(self, text):
            return True
        def on_number(self, value):
            raise KeyError("x")
        def on_counter(self, counter):
            return counter

    store, listener = Store(), Listener()

    async def later():
        await cases.after_polls(1)
        try:
            await cases.fail_after(0)
        except cases.CaseError:
            pass

    def drive():
        import asyncio
        async def main():
            await later()
        loop.run_until_complete(main())

    import asyncio
    loop = asyncio.new_event_loop()
    pending = cases.never

    def dropped():
        coroutine = pending()
        coroutine.close()

    def measure(action, times):
        for _ in range(times // 10):
            action()
        gc.collect()
        before = resident()
        for _ in range(times):
            action()
        gc.collect()
        return resident() - before

    grown = measure(ACTION, TIMES)
    loop.close()
    counted = len(cases._handles_Store), len(cases._handles_Listener), counter.references()
    assert counted == (0, 0, 2), counted
    print(grown)
"""

# What is done, and how many simple calls it counts for.
ACTIONS = {
    "numbers": ("lambda: cases.add(1, 2)", 1),
    "text": ("lambda: cases.echo_text('text of some length, and more')", 1),
    "bytes": ("lambda: (cases.echo_bytes(b'x' * 300), cases.sum_of(bytearray(100)))", 3),
    "records": ("lambda: cases.echo_page(page)", 10),
    "enums": ("lambda: cases.echo_shape(shape)", 5),
    "objects": ("lambda: cases.Counter(1).itself()", 3),
    "lists of objects": ("lambda: cases.echo_counters([counter] * 5)", 8),
    "errors": ("lambda: (failing(cases.fail_with, 3), failing(counter.fail), failing(cases.fail_flatly, 'x'))", 10),
    "errors that are passed": ("lambda: cases.echo_error(error)", 8),
    "objects as errors": ("lambda: failing(cases.fail_with_object, 'x')", 5),
    "bad arguments": ("lambda: (failing(cases.add, 1, 'x'), failing(cases.add, 1), failing(cases.add, 1, 2**70))", 30),
    "bad records": ("lambda: failing(cases.echo_page, bad)", 60),
    "bad lists of objects": ("lambda: failing(cases.pick, counter, half, 0, '')", 60),
    "lone surrogates": ("lambda: failing(cases.echo_text_list, ['a' * 100, '\\ud800'])", 10),
    "callbacks": ("lambda: (cases.tell(listener, 'x'), cases.pass_counter(listener, counter))", 5),
    "callbacks that fail": (
        "lambda: (failing(cases.pass_number, listener, 1), failing(cases.look_up, store, 'x'))",
        20,
    ),
    "traits": ("lambda: (cases.look_up(store, 'y'), cases.fork_store(store), cases.echo_stores([store] * 3))", 20),
    "futures": ("drive", 100),
    "futures that are dropped": ("dropped", 20),
    "custom types": ("lambda: (cases.echo_even(2), cases.echo_words(['a']))", 3),
}


@pytest.mark.parametrize("name", ACTIONS)
def test_memory_stays_flat(run_quietly, mode, name):
    action, weight = ACTIONS[name]
    times = max(CALLS[mode] // weight, 500)
    program = COUNT.replace("ACTION", action).replace("TIMES", str(times))
    grown = int(run_quietly(program, timeout=120))
    assert grown < ALLOWED, f"{grown} bytes more after {times} calls"


def test_panics_do_not_leak(run_program, mode):
    program = COUNT.replace("ACTION", "panicking").replace("TIMES", "5000")
    program = program.replace(
        "    def measure(",
        """    def panicking():
        try:
            cases.panic_with("on purpose")
        except cases.InternalError:
            pass

    def measure(""",
    )
    done = run_program(program, timeout=60)
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout) < ALLOWED

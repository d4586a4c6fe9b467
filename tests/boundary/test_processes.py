"""Forks, threads that outlive the interpreter, exits in the middle of calls, sub-interpreters."""

from __future__ import annotations

import os
import sys
import textwrap

import pytest

REPETITIONS = 30
# The accelerator gives a callback about a second to end.
SLOW = "a callback that is still running"

EXITS = {
    "a call that sleeps on a daemon thread": """
        import threading, time
        for _ in range(4):
            threading.Thread(target=cases.sleep, args=(10_000,), daemon=True).start()
        time.sleep(0.01)
    """,
    "calls on daemon threads": """
        import threading, time
        page = cases.page_with(20)
        def work():
            while True:
                cases.echo_page(page)
                cases.Counter().value()
                try:
                    cases.fail_with(1)
                except cases.CaseError:
                    pass
        for _ in range(4):
            threading.Thread(target=work, daemon=True).start()
        time.sleep(0.02)
    """,
    "callbacks from threads of Rust": """
        import time
        class Listener(cases.Listener):
            def on_number(self, value):
                return value
        for pause in (0, 0, 10, 100):
            cases.count_for_ever(Listener(), pause)
        time.sleep(0.02)
    """,
    SLOW: """
        import time, threading
        entered = threading.Event()
        class Listener(cases.Listener):
            def on_number(self, value):
                entered.set()
                time.sleep(10)
                return value
        cases.count_for_ever(Listener(), 0)
        entered.wait()
    """,
    "futures that are never ready": """
        import asyncio
        async def main():
            tasks = [asyncio.ensure_future(cases.never()) for _ in range(20)]
            tasks += [asyncio.ensure_future(cases.after(20)) for _ in range(20)]
            await asyncio.sleep(0.001)
            return tasks
        asyncio.run(main())
    """,
    "futures that are woken while the interpreter ends": """
        import asyncio, contextlib
        coroutines = [cases.after(milliseconds) for milliseconds in range(3, 30)]
        loop = asyncio.new_event_loop()
        asyncio._set_running_loop(loop)
        for coroutine in coroutines:
            with contextlib.suppress(StopIteration):
                coroutine.send(None)
        asyncio._set_running_loop(None)
        loop.close()
    """,
    "objects that are let go last": """
        class Listener(cases.Listener):
            def on_event(self, text):
                return True
        cases.keep_listener(Listener())
        counter = cases.Counter()
        counter.cycle = counter
        import sys
        sys.kept = [cases.Counter() for _ in range(10)]
    """,
}


# ctypes lets threads in that nobody knows of, and Python before 3.14 ends them by unwinding, which Rust answers by
# ending the process: nothing that generated Python could prevent. Such a process must end, no more.
FROM_THREADS = {"callbacks from threads of Rust", SLOW}


@pytest.mark.parametrize("name", EXITS)
def test_exits_in_the_middle(run_program, run_quietly, mode, name):
    run = run_program if mode == "pure" and name in FROM_THREADS else run_quietly
    for _ in range(3 if name == SLOW else REPETITIONS):
        run(EXITS[name], timeout=30)


@pytest.mark.parametrize("code", [0, 3])
def test_exit_codes(run_program, code):
    program = f"""
        import sys, threading, time
        threading.Thread(target=cases.sleep, args=(10_000,), daemon=True).start()
        time.sleep(0.01)
        sys.exit({code})
    """
    done = run_program(program, timeout=30)
    assert (done.returncode, done.stderr) == (code, "")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
def test_forks(run_quietly):
    program = """
        import asyncio, os, threading, time
        counter = cases.Counter(1)
        class Store(cases.Store):
            def get(self, url):
                return None
            def size(self):
                return 7
        def work():
            while not over.is_set():
                cases.echo_page(page)
                cases.look_up(store, "x")
                if cases._uniffi_mode == "native":
                    # Before 3.12 CPython's list of threads may be locked when a child is made, if threads that it does
                    # not know call it. The accelerator sees to that; ctypes doesn't.
                    cases.look_up_on_thread(store, "x")
                # Not the one that the children use: it may be locked when they are made.
                busy.increment()
        busy = cases.Counter()
        page, store, over = cases.page_with(5), Store(), threading.Event()
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for _ in range(20):
            time.sleep(0.002)
            child = os.fork()
            if child == 0:
                ok = cases.add(1, 2) == 3 and cases.echo_page(page) == page and counter.value() > 0
                ok = ok and cases.fill(store, []) == 7 and cases.look_up_on_thread(store, "x") is None
                ok = ok and asyncio.run(cases.after(1)) == "done"
                ok = ok and cases.live(cases.Kind.COUNTER) >= 1
                os._exit(0 if ok else 1)
            until = time.monotonic() + 20
            while True:
                done, status = os.waitpid(child, os.WNOHANG)
                if done:
                    break
                if time.monotonic() > until:
                    os.kill(child, 9)
                time.sleep(0.001)
            if status != 0:
                print(status)
        over.set()
        for thread in threads:
            thread.join()
        print("well")
    """
    assert run_quietly(program, timeout=120, PYTHONWARNINGS="ignore") == "well"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
def test_the_child_of_a_fork_ends_well(run_quietly):
    program = """
        import os, sys, threading, time
        class Listener(cases.Listener):
            def on_event(self, text):
                return True
            def on_number(self, value):
                if over:
                    ended.set()
                    raise cases.CaseError.Plain
                return value
        over, ended = False, threading.Event()
        cases.count_for_ever(Listener(), 100)
        for _ in range(10):
            child = os.fork()
            if child == 0:
                assert cases.tell_on_thread(Listener(), "x")
                sys.exit(0)
            assert os.waitpid(child, 0)[1] == 0
        over = True
        ended.wait()
        time.sleep(0.01)
        print("well")
    """
    assert run_quietly(program, timeout=60, PYTHONWARNINGS="ignore") == "well"


def test_sub_interpreters(run_program, mode):
    program = f"""
        import textwrap
        try:
            import _xxsubinterpreters as interpreters
        except ImportError:
            import _interpreters as interpreters
        print(cases._uniffi_mode)
        for _ in range(3):
            other = interpreters.create()
            failed = interpreters.run_string(other, textwrap.dedent('''
                try:
                    import cases_{mode}.boundary_cases as cases
                except ImportError as error:
                    print("refused")
                else:
                    assert cases._uniffi_mode == "pure"
                    assert cases.add(1, 2) == 3
                    assert cases.echo_page(cases.page_with(2)) == cases.page_with(2)
                    print("pure")
            '''))
            assert failed is None, failed
            interpreters.destroy(other)
        assert cases.add(1, 2) == 3
        assert cases.echo_page(cases.page_with(2)) == cases.page_with(2)
    """
    done = run_program(program)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.split()[0] == mode
    assert set(done.stdout.split()[1:]) <= {"refused", "pure"}


def test_a_missing_library_is_an_error(packages, mode, run_program):
    program = """
        import ctypes, os
        real = ctypes.CDLL
        def refuse(name, *arguments, **keywords):
            raise OSError(f"{name} is missing")
        ctypes.CDLL = refuse
        import importlib
        try:
            importlib.reload(cases)
        except OSError:
            print("refused")
    """
    assert run_program(program).stdout.strip() == "refused"


def test_imports_on_many_threads(run_quietly, mode):
    program = f"""
        import sys, threading
        for name in [name for name in sys.modules if name.startswith("cases_")]:
            del sys.modules[name]
        seen = []
        def load():
            import cases_{mode}.boundary_cases as module
            seen.append(module.add(1, 2))
        threads = [threading.Thread(target=load) for _ in range(8)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        print(seen)
    """
    assert run_quietly(program) == str([3] * 8)


def test_exit_from_another_thread(run_program):
    program = """
        import _thread, signal, threading, time
        # A shell ignores it for what it runs in the background.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        class Listener(cases.Listener):
            def on_event(self, text):
                _thread.interrupt_main()
                return True
        try:
            cases.tell_on_thread(Listener(), "x")
            time.sleep(5)
        except KeyboardInterrupt:
            print("interrupted")
    """
    done = run_program(program)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "interrupted", "")


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_signals_in_callbacks(run_program):
    program = """
        import os, signal
        signal.signal(signal.SIGINT, signal.default_int_handler)
        class Listener(cases.Listener):
            def on_number(self, value):
                os.kill(os.getpid(), signal.SIGINT)
                for _ in range(1000):
                    pass
                return value
        try:
            cases.pass_number(Listener(), 1)
        except (KeyboardInterrupt, cases.CaseError.Callback) as error:
            print("caught")
        assert cases.add(1, 2) == 3
    """
    done = run_program(textwrap.dedent(program))
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "caught", "")

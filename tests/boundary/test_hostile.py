"""Arguments that misbehave: a clear error, never a crash and never a leak."""

from __future__ import annotations

import contextlib
import gc
import math
import threading
import weakref

import pytest


class Other:
    """Nothing that any function takes."""


WRONG = [None, True, 5, -1, 2**80, 0.5, math.nan, "text", "\ud800", b"bytes", [], [None], {}, {"a": None}, {1}]
WRONG += [(), object(), Other, Other(), len, Ellipsis, 1j, range(3), iter([]), Exception(), type]


@pytest.mark.parametrize("wrong", WRONG, ids=[f"{index} {type(value).__name__}" for index, value in enumerate(WRONG)])
def test_wrong_types_everywhere(cases, wrong):
    refused = (TypeError, ValueError, OverflowError, AttributeError)
    counter = cases.Counter()
    functions = [getattr(cases, name) for name in cases.__all__ if name.startswith("echo_")]
    functions += [counter.add, counter.increment, cases.Counter, cases.sum_of, cases.count_letters, cases.sum_of_team]
    functions += [cases.look_up, cases.tell_kept, cases.sum_of_tree, cases.text_of.__class__ and cases.turned]
    taken = 0
    for function in functions:
        try:
            function(wrong)
        except refused:
            pass
        except cases.InternalError:
            # A custom type that Rust refuses.
            assert "even" in function.__name__ or "address" in function.__name__
        else:
            taken += 1
    assert taken < len(functions)
    for record, field in ((cases.page_with(1), "links"), (cases.chain_of(1), "next"), (cases.page_with(1), "body")):
        setattr(record, field, wrong)
        with contextlib.suppress(refused):
            (cases.echo_chain if field == "next" else cases.echo_page)(record)
    assert cases.add(1, 2) == 3


def test_lone_surrogates(cases):
    for text in ("\ud800", "a\udfff", "\udcff" * 100, "ok\ud83d"):
        for function in (cases.echo_text, cases.count_letters, lambda text: cases.echo_text_list(["a", text])):
            with pytest.raises(UnicodeEncodeError):
                function(text)
        with pytest.raises(UnicodeEncodeError):
            cases.echo_text_map({text: "a"})
        with pytest.raises(UnicodeEncodeError):
            cases.echo_link(cases.Link(url="a", text=text))
        with pytest.raises(UnicodeEncodeError):
            cases.fail_with_this(cases.CaseError.Missing(text))


class Hook:
    """A number that does something when it is asked for its value."""

    def __init__(self, action, value=1):
        self.action = action
        self.value = value

    def __index__(self):
        self.action()
        return self.value

    def __float__(self):
        self.action()
        return float(self.value)

    def __bool__(self):
        self.action()
        return True


def test_lists_that_change_while_they_are_read(cases):
    for echo in (cases.echo_i64_list, cases.echo_f64_list, cases.echo_f32_list, cases.echo_bool_list):
        for change in (
            lambda items: items.clear(),
            lambda items: items.pop(),
            lambda items: items.extend([1] * 1000),
            lambda items: items.__setitem__(slice(1, None), []),
            lambda items: items.__setitem__(-1, "x"),
        ):
            items = [1, 2, 3]
            items[1] = Hook(lambda items=items, change=change: change(items))
            try:
                result = echo(items)
            except (TypeError, ValueError, RuntimeError):
                continue
            assert result[:2] == [1, 1]


def test_dicts_that_change_while_they_are_read(cases):
    for change in (
        lambda table: table.clear(),
        lambda table: table.update({index: [1] for index in range(1000)}),
        lambda table: table.pop(3),
        lambda table: table.__setitem__(1, "x"),
    ):
        table = {1: [1], 3: [3]}
        table[2] = [Hook(lambda table=table, change=change: change(table))]
        table[4] = [4]
        try:
            result = cases.echo_number_map(table)
        except (RuntimeError, TypeError, ValueError, KeyError):
            continue
        assert result[1] == [1]


def test_sets_that_change_while_they_are_read(cases):
    class HashedHook(Hook):
        __hash__ = object.__hash__

    for change in (lambda items: items.clear(), lambda items: items.update(range(1000, 2000))):
        items = {1, 2}
        items.add(HashedHook(lambda items=items, change=change: change(items)))
        try:
            result = cases.echo_number_set(items)
        except RuntimeError:
            continue
        assert 1 in result


def test_records_that_change_while_they_are_read(cases):
    point = cases.Point(x=1, y=2)

    def delete():
        del point.y

    point.x = Hook(delete)
    try:
        assert cases.echo_point(point) == cases.Point(x=1, y=2)
    except AttributeError:
        assert not hasattr(point, "y")

    page = cases.page_with(3)

    def empty():
        page.links.clear()
        page.words.clear()
        page.by_name = page.best = page.body = None

    page.links[0].weight = Hook(empty)
    with pytest.raises((TypeError, AttributeError, RuntimeError)):
        cases.echo_page(page)


class Items:
    """Claims to be a collection."""

    def __init__(self, **methods):
        self.__class__ = type("Items", (Items,), methods)


def fail(*_):
    raise ZeroDivisionError("on purpose")


def test_iterables_that_fail(cases):
    def halfway(_):
        yield 1
        raise ZeroDivisionError

    for methods in ({"__iter__": fail}, {"__iter__": halfway}, {"__len__": fail, "__iter__": halfway}):
        for echo in (cases.echo_i64_list, cases.echo_number_set):
            with pytest.raises(ZeroDivisionError):
                echo(Items(**methods))
    with pytest.raises(ZeroDivisionError):
        cases.echo_text_map(Items(items=fail))
    for result in (None, 5, [1], [(1,)], ["ab"], [("a", "b", "c")], [("a", 5)]):
        value = Items(items=lambda _, result=result: result)
        if result == ["ab"]:
            continue
        with pytest.raises((TypeError, ValueError)):
            cases.echo_text_map(value)


def test_collections_that_lie_about_their_length(cases):
    for length in (0, 1, 10**6):
        value = Items(__len__=lambda _, length=length: length, __iter__=lambda _: iter([1, 2, 3]))
        assert cases.echo_i64_list(value) == [1, 2, 3]

    class LyingList(list):
        def __len__(self):
            return 100

        def __iter__(self):
            return iter([7])

    class LyingDict(dict):
        def __len__(self):
            return 100

        def items(self):
            return [("a", "b")]

    assert cases.echo_i64_list(LyingList([1, 2])) in ([1, 2], [7])
    assert cases.echo_text_map(LyingDict(x="y")) in ({"a": "b"}, {"x": "y"})


def test_numbers_that_fail(cases):
    for echo in (cases.echo_i64, cases.echo_u8, cases.echo_f64, cases.echo_f32, cases.echo_bool):
        with pytest.raises(ZeroDivisionError):
            echo(Hook(fail))

    class Odd:
        def __index__(self):
            return "text"  # noqa: PLE0305

        def __float__(self):
            return "text"

        def __bool__(self):
            return "text"  # noqa: PLE0304

    for echo in (cases.echo_i64, cases.echo_u8, cases.echo_f64, cases.echo_f32, cases.echo_bool):
        with pytest.raises(TypeError):
            echo(Odd())


def test_attributes_that_fail(cases):
    class Failing(cases.Point):
        __slots__ = ()
        x = property(fail)

    with pytest.raises(ZeroDivisionError):
        cases.echo_point(object.__new__(Failing))

    class Anything:
        def __getattr__(self, name):
            raise ZeroDivisionError

    with pytest.raises((ZeroDivisionError, TypeError)):
        cases.echo_point(Anything())


def test_errors_from_hooks_are_kept(cases):
    for error in (KeyboardInterrupt, SystemExit, MemoryError, RecursionError):

        def action(error=error):
            raise error

        for call in (
            lambda action=action: cases.echo_i64(Hook(action)),
            lambda action=action: cases.echo_i64_list([1, Hook(action)]),
            lambda action=action: cases.echo_point(cases.Point(x=Hook(action), y=1)),
            lambda action=action: cases.pick(cases.Counter(), [cases.Counter()], Hook(action), ""),
        ):
            with pytest.raises(error):
                call()


def test_hooks_that_call_back(cases):
    def action():
        assert cases.echo_page(cases.page_with(2)) == cases.page_with(2)
        with pytest.raises(cases.CaseError):
            cases.fail_with(3)

    assert cases.echo_i64_list([Hook(action), 2, Hook(action)]) == [1, 2, 1]
    assert cases.join_all(Hook(action), 1, Hook(action), 1, 1, 1, 1, 1, 1, 1, 1, "x", b"", None).startswith("1 1 1")


def test_isinstance_that_fails(cases):
    class Liar:
        @property
        def __class__(self):
            raise ZeroDivisionError

    for echo in (cases.echo_shape, cases.echo_point, cases.Counter().add, cases.echo_i64_list, cases.echo_direction):
        with pytest.raises((ZeroDivisionError, TypeError, ValueError, AttributeError)):
            echo(Liar())


def test_objects_that_pretend_to_be_others(run_quietly):
    # In a process of its own, since a handle that is none would be a wild pointer.
    program = """
        from unittest import mock
        class Pretender:
            __class__ = cases.Counter
            _handle = 12345678
        class Cousin(cases.Node):
            __class__ = property(lambda self: cases.Counter)
        for wrong in (Pretender(), Cousin("x"), mock.Mock(spec=cases.Counter), mock.MagicMock(spec=cases.Counter)):
            for use in (cases.Counter().add, lambda wrong: cases.echo_counters([wrong]), cases.Counter.value):
                try:
                    use(wrong)
                except (TypeError, ValueError, AttributeError):
                    print("refused")
    """
    assert run_quietly(program, timeout=20).split() == ["refused"] * 12


def test_handles_that_are_overwritten(run_program):
    # In a process of its own: a handle of another type would be a wild pointer.
    program = """
        import ctypes
        counter = cases.Counter(1)
        kept = counter._handle
        for wrong in ("text", None, b"", 1.5, []):
            counter._handle = wrong
            for use in (counter.value, lambda: cases.echo_counters([counter])):
                try:
                    use()
                except (TypeError, ValueError, AttributeError, ctypes.ArgumentError):
                    print("refused")
        counter._handle = kept
        assert counter.value() == 1
    """
    done = run_program(program)
    assert (done.returncode, done.stdout.split(), done.stderr) == (0, ["refused"] * 10, "")


def test_cyclic_values(run_quietly):
    program = """
        chain = cases.Chain(value=1)
        chain.next = chain
        tree = cases.Tree.BRANCH(left=cases.Tree.LEAF(value=1), right=cases.Tree.LEAF(value=1))
        tree.left = tree
        folder = cases.Folder(name="x", entries=[])
        folder.entries.append(cases.Entry.FOLDER(folder))
        box = cases.Shape.ROUNDED_BOX(width=1, height=1, corners=[])
        box.corners.append(box)
        values = []
        values.append(values)
        error = cases.CaseError.Broken(link=cases.Link(url="u", text="t"), path=[], cause=None)
        error.cause = error
        for echo, value in ((cases.echo_chain, chain), (cases.echo_tree, tree), (cases.echo_folder, folder),
                            (cases.echo_shape, box), (cases.echo_error, error), (cases.echo_nested, values)):
            try:
                echo(value)
            except (RecursionError, TypeError) as error:
                print(type(error).__name__)
    """
    assert run_quietly(program, timeout=60).split() == ["RecursionError"] * 5 + ["TypeError"]


def test_deep_values_from_rust(run_quietly):
    program = """
        for length in (100, 900, 5_000, 20_000):
            try:
                chain = cases.chain_of(length)
            except RecursionError:
                print("too deep")
                continue
            count = 0
            while chain is not None:
                chain, count = chain.next, count + 1
            assert count == length
            print("well")
    """
    said = run_quietly(program, timeout=60).splitlines()
    assert said[0] == "well"
    assert said[-1] == "too deep"


def test_finalizers_that_call_back(cases):
    calls = []

    class Finalized:
        def __del__(self):
            calls.append(cases.add(1, 2))
            calls.append(cases.echo_page(cases.page_with(1)).links[0].text)
            try:
                cases.fail_with(1)
            except cases.CaseError.BadInput as error:
                calls.append(error.position)

    value = Finalized()
    with pytest.raises(TypeError):
        cases.echo_text_list(["a", value])
    del value
    gc.collect()
    assert calls == [3, "Link 0", 7]
    for _ in range(100):
        page = cases.page_with(1)
        page.title = Finalized()
        page.links.append(page)
        del page
    gc.collect()
    assert len(calls) == 303


def test_finalizers_of_arguments_that_are_replaced_in_flight(cases):
    class Marked(str):
        __slots__ = ("__weakref__",)

    items = [Marked("a" * 50), Marked("b" * 50)]
    references = [weakref.ref(item) for item in items]
    table = {"x": items[0], "y": items[1]}
    assert cases.echo_text_list(items) == [str(item) for item in items]
    assert cases.echo_text_map(table) == {"x": "a" * 50, "y": "b" * 50}
    del items, table
    gc.collect()
    assert [reference() for reference in references] == [None, None]


def test_eight_threads(cases, live):
    counter = cases.Counter()
    page = cases.page_with(5)
    table = {str(index): str(index) for index in range(50)}
    failures = []

    def work(number):
        try:
            for index in range(150):
                counter.increment()
                assert cases.echo_page(page) == page
                assert cases.echo_text_map(table) == table
                assert counter.itself().is_same(counter)
                assert len(cases.counters(5)) == 5
                with pytest.raises(cases.CaseError):
                    cases.fail_with(1 + index % 5)
                with pytest.raises(TypeError):
                    cases.pick(counter, [counter, "x"], 0, "")
                assert cases.echo_shape(cases.Shape.CIRCLE(float(number))).radius == number
        except BaseException as error:  # noqa: BLE001
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert counter.value() == 8 * 150
    assert counter.references() == 2
    counter = None
    gc.collect()
    assert live("COUNTER") == 0


def test_a_list_that_another_thread_changes(cases):
    items = list(range(1000))
    over = threading.Event()

    def change():
        while not over.is_set():
            items.clear()
            items.extend(range(1000))

    thread = threading.Thread(target=change)
    thread.start()
    try:
        for _ in range(300):
            seen = cases.echo_i64_list(items)
            assert seen == list(range(len(seen)))
    finally:
        over.set()
        thread.join()
    assert cases.echo_i64_list(items) == list(range(1000))


def test_lists_of_objects_that_another_thread_changes(run_quietly):
    # In a process of its own, since bytes that are taken for handles would be wild pointers.
    program = """
        import sys, threading
        sys.setswitchinterval(1e-6)
        items = cases.counters(20)
        spare = list(items)
        over = threading.Event()
        def pause():
            return sum(map(abs, range(20)))
        def change():
            while not over.is_set():
                items.clear()
                pause()
                items.extend(spare)
                pause()
                items.extend(spare)
                pause()
        thread = threading.Thread(target=change)
        thread.start()
        try:
            for _ in range(1000):
                holding = cases.Holding.MANY(counters=items, note="some note that is no handle" * 9)
                again = cases.echo_holding(holding)
                assert again.note == holding.note
                assert all(counter.value() < 20 for counter in again.counters)
        finally:
            over.set()
            thread.join()
        del again, items, holding
        assert {counter.references() for counter in spare} == {2}
    """
    assert run_quietly(program) == ""

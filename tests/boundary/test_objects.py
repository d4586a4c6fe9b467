"""Objects: handles of things in Rust, dropped exactly when the last Python reference goes."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import gc
import pickle
import threading
import weakref

import pytest


def test_constructors(cases):
    assert cases.Counter().value() == 0
    assert cases.Counter(5).value() == 5
    assert cases.Counter(start=-5).value() == -5
    assert cases.Counter.parse("41").increment() == 42
    with pytest.raises(cases.CaseError.BadInput) as info:
        cases.Counter.parse("x")
    assert info.value.input == "x"
    with pytest.raises(TypeError, match=r"start.*an integer is required, not str"):
        cases.Counter("1")
    with pytest.raises(ValueError, match="i64"):
        cases.Counter(2**63)
    with pytest.raises(TypeError):
        cases.Counter(1, 2)


def test_async_constructors(cases):
    async def main():
        assert (await cases.Counter.later(3, 0)).value() == 3
        assert (await cases.Counter.later(4, milliseconds=5)).value() == 4
        with pytest.raises(cases.CaseError.Plain):
            await cases.Counter.later(-1, 0)

    asyncio.run(main())


def test_constructors_that_fail(cases, live):
    assert cases.Gauge(7).level() == 7
    with pytest.raises(cases.CaseError.BadInput):
        cases.Gauge(101)
    with pytest.raises(cases.InternalError, match="the gauge has burst"):
        cases.Gauge(255)
    gc.collect()
    assert live("OTHER") == 0


def test_objects_without_a_constructor(cases):
    with pytest.raises((TypeError, ValueError), match="no default constructor"):
        cases.Sealed()
    assert cases.make_sealed().name() == "sealed"


def test_exact_drops(cases, live):
    counter = cases.Counter(1)
    assert live("COUNTER") == 1
    same = counter.itself()
    assert live("COUNTER") == 1
    assert same is not counter
    assert same.is_same(counter)
    del counter
    assert live("COUNTER") == 1
    assert same.value() == 1
    del same
    assert live("COUNTER") == 0
    many = cases.counters(100)
    assert live("COUNTER") == 100
    del many[::2]
    assert live("COUNTER") == 50
    del many
    assert live("COUNTER") == 0


def test_no_reference_stays_behind(cases, live):
    counter = cases.Counter(1)
    for use in (
        counter.value,
        lambda: counter.add(counter),
        lambda: cases.echo_counters([counter, counter]),
        lambda: cases.pick(counter, [counter], 1, ""),
        counter.fail,
        counter.panic,
    ):
        with contextlib.suppress(cases.CaseError, cases.InternalError):
            use()
        # One is the object's, the other the call's.
        assert counter.references() == 2
    counter = use = None
    gc.collect()
    assert live("COUNTER") == 0


def test_failing_arguments_give_back_what_was_taken(cases, live):
    counter = cases.Counter(1)
    others = cases.counters(5)
    for arguments in (
        (counter, [*others, "x"], 0, ""),
        (counter, others, 256, ""),
        (counter, others, 0, 5),
        (counter, others, 0, "\ud800"),
        (counter, None, 0, ""),
        ("x", others, 0, ""),
        (counter, [counter] * 10 + [None], 0, ""),
    ):
        with pytest.raises((TypeError, ValueError)):
            cases.pick(*arguments)
        assert counter.references() == 2
        assert {other.references() for other in others} == {2}
    team = cases.Team(leader=counter, members=others, by_name={"a": counter, 3: counter})
    with pytest.raises(TypeError):
        cases.echo_team(team)
    assert counter.references() == 2
    team = counter = others = arguments = None
    gc.collect()
    assert live("COUNTER") == 0


def test_objects_in_records(cases, live):
    team = cases.Team(leader=cases.Counter(1), members=cases.counters(3), by_name={"x": cases.Counter(10)})
    team.spare = team.leader
    again = cases.echo_team(team)
    assert again.leader.is_same(team.leader)
    assert again.spare.is_same(team.leader)
    assert [counter.value() for counter in again.members] == [0, 1, 2]
    assert again.by_name["x"].is_same(team.by_name["x"])
    assert cases.sum_of_team(team) == 1 + 3 + 10 + 1
    assert live("COUNTER") == 5
    del team, again
    gc.collect()
    assert live("COUNTER") == 0


def test_objects_in_enums(cases, live):
    one = cases.echo_holding(cases.Holding.ONE(cases.Counter(3)))
    assert one[0].value() == 3
    many = cases.echo_holding(cases.Holding.MANY(counters=cases.counters(3), note="n"))
    assert [counter.value() for counter in many.counters] == [0, 1, 2]
    del one, many
    gc.collect()
    assert live("COUNTER") == 0


def test_graphs(cases, live):
    root = cases.Node("root")
    for name in "abc":
        root.adopt(cases.Node(name))
    assert [child.name() for child in root.children()] == ["a", "b", "c"]
    child = root.children()[1]
    assert child.parent().name() == "root"
    assert root.parent() is None
    assert live("NODE") == 4
    del root
    gc.collect()
    assert live("NODE") == 1
    assert child.parent() is None
    del child
    assert live("NODE") == 0


def test_methods_and_keywords(cases):
    counter = cases.Counter(1)
    assert counter.increment() == 2
    assert counter.increment(3) == counter.value() == 5
    assert counter.increment(by=-5) == 0
    assert cases.Counter.increment(counter, 2) == 2
    bound = counter.increment
    assert [bound(), bound(by=2)] == [3, 5]
    with pytest.raises(cases.CaseError.Missing, match="5"):
        counter.fail()
    with pytest.raises(TypeError):
        counter.increment(1, 2)
    with pytest.raises(TypeError, match="unexpected keyword argument 'to'"):
        counter.increment(to=1)
    with pytest.raises(ValueError, match=r"increment\(\) argument 'by'"):
        counter.increment(2**64)


def test_methods_without_an_object(run_quietly):
    # In a process of its own, since another object's handle, taken for a counter's, would be a wild pointer.
    program = """
        try:
            cases.Counter.value()
        except TypeError:
            print("refused")
        for wrong in (None, 5, "counter", cases.Counter, object(), cases.memory_store(), cases.Node("n")):
            try:
                cases.Counter.value(wrong)
            except (TypeError, AttributeError):
                print("refused")
    """
    assert run_quietly(program, timeout=20).split() == ["refused"] * 8


def test_other_objects_are_refused(cases):
    counter = cases.Counter()
    for wrong in (None, 5, "counter", cases.Node("n"), cases.Counter, object()):
        with pytest.raises(TypeError, match="a Counter is required, not"):
            counter.add(wrong)
        with pytest.raises(TypeError, match=r"others.*\[1\].*a Counter is required, not"):
            cases.pick(counter, [counter, wrong], 0, "")


def test_objects_that_were_never_initialised(cases):
    raw = cases.Counter.__new__(cases.Counter)
    for use in (raw.value, lambda: cases.Counter().add(raw), lambda: cases.echo_counters([raw])):
        with pytest.raises((ValueError, AttributeError)):
            use()

    class Lazy(cases.Counter):
        def __init__(self):
            pass

    with pytest.raises((ValueError, AttributeError)):
        Lazy().value()


def test_objects_made_twice(cases, live):
    counter = cases.Counter(1)
    counter.__init__(2)
    assert counter.value() == 2
    assert live("COUNTER") == 1, "the first one has leaked"


def test_deleting_twice(run_quietly):
    # In a process of its own, since to free a handle twice corrupts memory.
    program = """
        counter = cases.Counter(1)
        counter.__del__()
        assert cases.live(cases.Kind.COUNTER) == 0
        counter.__del__()
        for use in (counter.value, lambda: cases.echo_counters([counter]), lambda: cases.Counter().add(counter)):
            try:
                use()
            except (ValueError, AttributeError):
                print("refused")
        del counter, use
        assert cases.live(cases.Kind.COUNTER) == 0
    """
    assert run_quietly(program, timeout=20).split() == ["refused"] * 3


def test_subclasses(cases, live):
    class Loud(cases.Counter):
        def __init__(self, start, name):
            super().__init__(start)
            self.name = name

        def value(self):
            return f"{self.name} {super().value()}"

    loud = Loud(3, "loud")
    assert loud.value() == "loud 3"
    assert cases.Counter().add(loud) == 3
    assert type(loud.itself()) is cases.Counter
    assert type(Loud.parse("7")) is Loud
    assert type(asyncio.run(Loud.later(1, 0))) is Loud
    del loud
    gc.collect()
    assert live("COUNTER") == 0


def test_weak_references_and_attributes(cases):
    counter = cases.Counter()
    counter.note = "mine"
    reference = weakref.ref(counter)
    assert reference() is counter
    assert counter.note == "mine"
    del counter
    assert reference() is None


def test_cycles_through_objects_are_collected(cases, live):
    counter = cases.Counter()
    counter.itself_again = counter
    del counter
    assert live("COUNTER") == 1
    gc.collect()
    assert live("COUNTER") == 0


def test_objects_are_not_copied_or_pickled(cases):
    counter = cases.Counter()
    for attempt in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError, match="can't be copied or pickled"):
            attempt(counter)


def test_identity_and_hashes(cases):
    counter = cases.Counter()
    assert counter == counter  # noqa: PLR0124
    assert counter != cases.Counter()
    assert {counter: 1}[counter] == 1


def test_rust_traits(cases):
    version = cases.Version(2, "a")
    assert version == cases.Version(2, "b")
    assert hash(version) == hash(cases.Version(2, "b"))
    assert version != cases.Version(3, "a")
    assert version < cases.Version(3, "a")
    assert version >= cases.Version(2, "z")
    assert min(cases.Version(3, ""), version) is version
    assert (str(version), repr(version)) == ("v2 a", 'Version { number: 2, label: "a" }')
    assert version != 2
    assert (version == "v2") is False
    with pytest.raises(TypeError):
        _ = version < 2


def test_bases_that_were_configured(cases):
    assert cases.Based("x").name() == "x"
    assert cases.Based("x").twice() == "xx"


def test_async_methods(cases, live):
    async def main():
        counter = cases.Counter(1)
        assert await counter.increment_later(2) == 3
        assert await counter.increment_later(by=2, milliseconds=5) == 5
        assert sorted(await asyncio.gather(*(counter.increment_later(1) for _ in range(20)))) == list(range(6, 26))
        assert counter.references() == 2

    asyncio.run(main())
    gc.collect()
    assert live("COUNTER") == 0


def test_an_object_dropped_while_it_is_used(cases, live):
    counter = cases.Counter(5)
    results = []
    thread = threading.Thread(target=lambda counter: results.append(counter.sleep(100)), args=(counter,))
    thread.start()
    del counter
    thread.join()
    del thread
    gc.collect()
    assert results == [5]
    assert live("COUNTER") == 0


def test_objects_dropped_on_another_thread(cases, live):
    held = cases.counters(200)
    threads = [threading.Thread(target=held.clear)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert live("COUNTER") == 0


def test_protocols(cases):
    class Double(cases.CounterProtocol):
        def value(self):
            return 2

    assert Double().value() == 2
    with pytest.raises(NotImplementedError):
        Double().increment(1)
    with pytest.raises(TypeError, match="a Counter is required"):
        cases.Counter().add(Double())

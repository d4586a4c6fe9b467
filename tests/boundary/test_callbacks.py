"""Python objects that Rust calls: on this thread and on others, now and later."""

from __future__ import annotations

import gc
import sys
import threading
import weakref

import pytest


@pytest.fixture
def listener_class(cases):
    class Listener(cases.Listener):
        """Hears everything."""

        def __init__(self):
            self.heard = []

        def on_event(self, text):
            self.heard.append(text)
            return True

        def on_number(self, value):
            if value < 0:
                raise cases.CaseError.BadInput(input=str(value), position=1)
            return value * 2

        def on_page(self, page):
            self.heard.append(page)

        def on_many(self, *arguments):
            self.heard.append(arguments)
            return " ".join(map(str, arguments))

        def on_counter(self, counter):
            counter.increment()
            self.heard.append(counter)
            return counter

        def give_f32(self):
            return 0.5

        def give_u8(self):
            return 255

        def give_bytes(self):
            return b"\x00\x01"

        def give_point(self):
            return cases.Point(x=1, y=-1)

    return Listener


@pytest.fixture
def store_class(cases):
    class Store(cases.Store):
        """Keeps pages."""

        def __init__(self):
            self.pages = {}

        def get(self, url):
            if not url:
                raise cases.CaseError.Missing("url")
            return self.pages.get(url)

        def put(self, page):
            self.pages[page.url] = page

        def size(self):
            return len(self.pages)

        def fork(self):
            return self

    return Store


def handles(cases):
    """How many Python objects Rust holds."""
    return len(cases._handles_Listener), len(cases._handles_Store)


@pytest.fixture(autouse=True)
def nothing_is_left(cases):
    before = handles(cases)
    yield
    assert handles(cases) == before


def test_calls_on_this_thread(cases, listener_class):
    listener = listener_class()
    assert cases.tell(listener, "hellö") is True
    assert cases.tell_often(listener, "again", 3) == 3
    assert listener.heard == ["hellö", "again", "again", "again"]


def test_calls_on_another_thread(cases, listener_class):
    listener = listener_class()
    assert cases.tell_on_thread(listener, "there") is True
    assert listener.heard == ["there"]


def test_values_of_all_types(cases, listener_class):
    listener = listener_class()
    said = cases.pass_many(listener)
    expected = (
        *(1, -2, 3.5, 4, 5.25, "six", -7, True, 9, 10.125, cases.Point(x=11, y=-11), -12, 13.5, 2**64 - 1, 15.5),
        *(-(2**63), 17.75, 18.5, 19.25, b"\x14\x15", 22.5, 23.125, 255, False),
    )
    assert listener.heard == [expected]
    assert [type(value) for value in listener.heard[0]] == [type(value) for value in expected]
    assert said == " ".join(map(str, expected))
    assert cases.ask_for_all(listener) == "0.5 255 [0, 1] Some(Point { x: 1, y: -1 })"


def test_records_and_objects(cases, listener_class, live):
    listener = listener_class()
    page = cases.page_with(3)
    cases.pass_page(listener, page)
    assert listener.heard == [page]
    counter = cases.Counter(1)
    again = cases.pass_counter(listener, counter)
    assert again.is_same(counter)
    assert counter.value() == 2
    assert listener.heard.pop().is_same(counter)
    del counter, again
    gc.collect()
    assert live("COUNTER") == 0


def test_errors_that_are_declared(cases, listener_class):
    assert cases.pass_number(listener_class(), 4) == 8
    with pytest.raises(cases.CaseError.BadInput) as info:
        cases.pass_number(listener_class(), -1)
    assert (info.value.input, info.value.position) == ("-1", 1)


@pytest.mark.parametrize(
    "error", [KeyError("wröng"), KeyboardInterrupt(), SystemExit(3), GeneratorExit(), MemoryError()]
)
def test_errors_that_are_not_declared(cases, listener_class, error):
    class Failing(listener_class):
        def on_number(self, value):
            raise error

        def on_event(self, text):
            raise error

    with pytest.raises(cases.CaseError.Callback) as info:
        cases.pass_number(Failing(), 1)
    assert type(error).__name__ in info.value.reason
    with pytest.raises(cases.InternalError, match=type(error).__name__):
        cases.tell(Failing(), "x")
    assert cases.tell(listener_class(), "works on") is True


def test_errors_whose_repr_fails(cases, listener_class):
    class Unspeakable(Exception):  # noqa: N818
        def __repr__(self):
            raise RuntimeError("no repr")

        __str__ = __repr__

    class Failing(listener_class):
        def on_number(self, value):
            raise Unspeakable

    with pytest.raises(cases.CaseError.Callback):
        cases.pass_number(Failing(), 1)


def test_errors_with_bad_fields(cases, listener_class):
    class Failing(listener_class):
        def on_number(self, value):
            raise cases.CaseError.BadInput(input="x", position="not a number")

    with pytest.raises(cases.CaseError.Callback, match="integer"):
        cases.pass_number(Failing(), 1)


@pytest.mark.parametrize("result", [None, "text", 2**70, [], object()])
def test_results_of_the_wrong_type(cases, listener_class, result):
    class Wrong(listener_class):
        def on_number(self, value):
            return result

        def give_point(self):
            return result

    with pytest.raises(cases.CaseError.Callback):
        cases.pass_number(Wrong(), 1)
    if result is not None:
        with pytest.raises(cases.InternalError):
            cases.ask_for_all(Wrong())


def test_methods_that_are_missing(cases):
    class Incomplete(cases.Listener):
        on_number = None

    with pytest.raises(cases.InternalError, match="NotImplementedError"):
        cases.tell(Incomplete(), "x")
    with pytest.raises(cases.CaseError.Callback, match="not callable"):
        cases.pass_number(Incomplete(), 1)


def test_the_object_is_let_go(cases, listener_class):
    listener = listener_class()
    gone = weakref.ref(listener)
    cases.tell(listener, "x")
    assert sys.getrefcount(listener) == 2
    del listener
    gc.collect()
    assert gone() is None


def test_nothing_lifted_stays_referenced(cases, listener_class):
    seen = []

    class Watching(listener_class):
        def on_page(self, page):
            seen.append(sys.getrefcount(page))

        def on_number(self, value):
            raise self.error

    cases.pass_page(Watching(), cases.page_with(1))
    assert seen[0] <= 4
    watching = Watching()
    watching.error = cases.CaseError.Missing("x")
    gone = weakref.ref(watching.error)
    with pytest.raises(cases.CaseError.Missing):
        cases.pass_number(watching, 1)
    del watching
    gc.collect()
    assert gone() is None


def test_listeners_that_are_kept(cases, listener_class):
    listener = listener_class()
    gone = weakref.ref(listener)
    cases.keep_listener(listener)
    assert cases.tell_kept("first") is True
    assert listener.heard == ["first"]
    del listener
    gc.collect()
    assert gone() is not None
    assert cases.tell_kept("second") is True
    assert gone().heard == ["first", "second"]
    cases.drop_kept_on_thread()
    gc.collect()
    assert gone() is None
    assert cases.tell_kept("third") is None


def test_a_listener_that_replaces_itself(cases, listener_class):
    class Fickle(listener_class):
        def on_event(self, text):
            cases.keep_listener(listener_class())
            return False

    cases.keep_listener(Fickle())
    assert cases.tell_kept("first") is False
    assert cases.tell_kept("second") is True
    cases.keep_listener(None)


def test_a_listener_that_drops_itself(cases, listener_class):
    class Gone(listener_class):
        def on_event(self, text):
            cases.keep_listener(None)
            gc.collect()
            return True

    listener = Gone()
    gone = weakref.ref(listener)
    cases.keep_listener(listener)
    del listener
    assert cases.tell_kept("x") is True
    cases.keep_listener(None)
    gc.collect()
    assert gone() is None


def test_re_entrancy(cases, listener_class):
    class Deep(listener_class):
        def __init__(self, depth):
            super().__init__()
            self.depth = depth

        def on_number(self, value):
            if self.depth == 0:
                return value
            return cases.pass_number(Deep(self.depth - 1), value + 1)

    assert cases.pass_number(Deep(30), 0) == 30

    class Failing(Deep):
        def on_number(self, value):
            if self.depth == 0:
                raise cases.CaseError.Missing("deep")
            return cases.pass_number(Failing(self.depth - 1), value)

    with pytest.raises(cases.CaseError.Missing, match="deep"):
        cases.pass_number(Failing(20), 0)


def test_a_method_that_is_replaced_and_a_class_that_is(cases, listener_class):
    listener = listener_class()
    listener.on_event = lambda text: False
    assert cases.tell(listener, "x") is False

    class Other(listener_class):
        def on_event(self, text):
            return text == "other"

    del listener.on_event
    listener.__class__ = Other
    assert cases.tell(listener, "other") is True


def test_things_that_are_no_stores(cases):
    for wrong in (None, "store", object(), 5, cases.Counter()):
        with pytest.raises(TypeError, match="a Store is required, not"):
            cases.look_up(wrong, "x")


def test_stores_in_rust(cases, live):
    store = cases.memory_store()
    page = cases.page_with(1)
    store.put(page)
    assert store.size() == 1
    assert store.get(page.url) == page
    assert store.get("elsewhere") is None
    with pytest.raises(cases.CaseError.BadInput):
        store.get("")
    forked = store.fork()
    forked.put(page)
    assert (store.size(), forked.size()) == (1, 2)
    assert cases.look_up_on_thread(store, page.url) == page
    assert isinstance(store, cases.Store)
    assert type(cases.echo_store(store)) is type(store)
    assert live("STORE") == 2
    del store, forked
    gc.collect()
    assert live("STORE") == 0


def test_stores_in_python(cases, store_class):
    store = store_class()
    page = cases.page_with(2)
    assert cases.fill(store, [page, page]) == 1
    assert store.pages == {page.url: page}
    assert cases.look_up(store, page.url) == page
    assert cases.look_up(store, "elsewhere") is None
    assert cases.look_up_on_thread(store, page.url) == page
    with pytest.raises(cases.CaseError.Missing, match="url"):
        cases.look_up_on_thread(store, "")


def test_a_store_comes_back_as_itself(cases, store_class):
    store = store_class()
    assert cases.echo_store(store) is store
    assert cases.fork_store(store) is store
    mixed = [store, cases.memory_store(), store]
    again = cases.echo_stores(mixed)
    assert again[0] is again[2] is store
    assert again[1].size() == 0
    outcome = cases.echo_outcome(cases.Outcome(page=None, store=store))
    assert outcome.store is store
    assert cases.echo_outcome(cases.Outcome(page=cases.page_with(1), store=None)).store is None


def test_a_store_held_by_an_object(cases, store_class):
    store = store_class()
    gone = weakref.ref(store)
    library = cases.Library(store)
    assert library.store() is store
    store.pages["u"] = page = cases.page_with(1)
    assert library.get("u") == page
    del store
    gc.collect()
    assert gone() is not None
    library.close()
    gc.collect()
    assert gone() is None
    assert library.store() is None
    assert library.get("u") is None


def test_failing_arguments_let_stores_go(cases, store_class):
    store = store_class()
    gone = weakref.ref(store)
    with pytest.raises(TypeError):
        cases.echo_stores([store, store, "x"])
    with pytest.raises(TypeError):
        cases.look_up(store, 5)
    with pytest.raises(TypeError):
        cases.echo_outcome(cases.Outcome(page="no page", store=store))
    with pytest.raises(TypeError):
        cases.fill(store, [cases.page_with(1), 5])
    del store
    gc.collect()
    assert gone() is None


def test_many_threads_at_once(cases, store_class):
    counted = threading.Lock()
    seen = []

    class Counting(store_class):
        def get(self, url):
            with counted:
                seen.append(url)

    assert cases.tell_on_threads(Counting(), 8, 50) == 400
    assert len(set(seen)) == 400


def test_callbacks_with_a_trace_function(cases, listener_class):
    events = []

    def trace(frame, event, argument):
        events.append(event)
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        assert cases.pass_number(listener_class(), 4) == 8
    finally:
        sys.settrace(before)
    assert "call" in events

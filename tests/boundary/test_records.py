"""Records are dataclasses, and cross field by field."""

from __future__ import annotations

import copy
import dataclasses
import datetime as dt
import gc
import pickle
import struct
import weakref
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

UTC = dt.timezone.utc
F32 = st.floats(width=32, allow_nan=False)
I32 = st.integers(-(2**31), 2**31 - 1)


def integers(sign, bits):
    return st.integers(0, 2**bits - 1) if sign == "u" else st.integers(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


def points(cases):
    return st.builds(cases.Point, x=I32, y=I32)


def links(cases):
    weight = st.none() | st.floats(allow_nan=False)
    return st.builds(cases.Link, url=st.text(), text=st.text(), weight=weight)


def pages(cases):
    return st.builds(
        cases.Page,
        url=st.text(),
        title=st.none() | st.text(),
        links=st.lists(links(cases), max_size=5),
        words=st.dictionaries(st.text(), st.integers(0, 2**32 - 1)),
        best=st.none() | links(cases),
        by_name=st.dictionaries(st.text(), links(cases), max_size=4),
        body=st.binary(),
    )


def everything(cases):
    return st.builds(
        cases.Everything,
        a_u8=integers("u", 8),
        a_i8=integers("i", 8),
        a_u16=integers("u", 16),
        a_i16=integers("i", 16),
        a_u32=integers("u", 32),
        a_i32=integers("i", 32),
        a_u64=integers("u", 64),
        a_i64=integers("i", 64),
        a_f32=F32,
        a_f64=st.floats(allow_nan=False),
        a_bool=st.booleans(),
        a_text=st.text(),
        some_bytes=st.binary(),
        a_duration=st.timedeltas(min_value=dt.timedelta(0)),
        a_timestamp=st.datetimes(min_value=dt.datetime(1, 1, 2), timezones=st.just(UTC)),
        maybe=st.none() | integers("i", 64),
        maybe_point=st.none() | points(cases),
        points=st.lists(points(cases), max_size=4),
        numbers=st.lists(integers("i", 64), max_size=4),
        ratios=st.lists(F32, max_size=4),
        flags=st.lists(st.booleans(), max_size=4),
        names=st.sets(st.text(), max_size=4),
        table=st.dictionaries(st.text(), st.lists(st.none() | integers("u", 16), max_size=3), max_size=3),
        point_table=st.dictionaries(integers("u", 64), points(cases), max_size=3),
    )


def chains(cases):
    end = st.builds(cases.Chain, value=integers("i", 64))
    return st.recursive(end, lambda inner: st.builds(cases.Chain, value=integers("i", 64), next=inner), max_leaves=8)


def trees(cases):
    leaf = st.builds(cases.Tree.LEAF, value=integers("i", 64))
    return st.recursive(leaf, lambda inner: st.builds(cases.Tree.BRANCH, left=inner, right=inner), max_leaves=20)


def folders(cases):
    def folder(entries):
        return st.builds(cases.Folder, name=st.text(), entries=st.lists(entries, max_size=3))

    files = st.builds(cases.Entry.FILE, integers("u", 64))
    entries = st.recursive(
        files,
        lambda inner: (
            st.builds(cases.Entry.FOLDER, folder(inner))
            | st.builds(cases.Entry.INDEX, st.dictionaries(st.text(), inner, max_size=3))
        ),
        max_leaves=10,
    )
    return folder(entries)


@given(data=st.data())
def test_any_record(cases, data):
    for value, echo in (
        (data.draw(points(cases)), cases.echo_point),
        (data.draw(links(cases)), cases.echo_link),
        (data.draw(pages(cases)), cases.echo_page),
        (data.draw(everything(cases)), cases.echo_everything),
    ):
        result = echo(value)
        assert result == value
        assert result is not value
        assert type(result) is type(value)


@given(data=st.data())
def test_any_recursive_value(cases, data):
    for value, echo in (
        (data.draw(chains(cases)), cases.echo_chain),
        (data.draw(trees(cases)), cases.echo_tree),
        (data.draw(trees(cases)), cases.echo_boxed),
        (data.draw(folders(cases)), cases.echo_folder),
    ):
        assert echo(value) == value


@given(data=st.data())
def test_collections_of_records(cases, data):
    value = data.draw(st.lists(pages(cases), max_size=3))
    assert cases.echo_pages(value) == value
    value = data.draw(st.dictionaries(st.text(), st.lists(points(cases), max_size=3), max_size=3))
    assert cases.echo_points(value) == value


def test_records_without_fields(cases):
    value = cases.Empties(one=cases.Empty(), many=[cases.Empty()] * 1000, maybe=None)
    assert cases.echo_empties(value) == value
    value.maybe = cases.Empty()
    assert cases.echo_empties(value).maybe == cases.Empty()


def link(cases, **changes):
    return cases.Link(**{"url": "u", "text": "t", "weight": 0.5, **changes})


def test_dataclass_behaviour(cases):
    value = cases.echo_link(link(cases))
    assert dataclasses.is_dataclass(value)
    assert [field.name for field in dataclasses.fields(value)] == ["url", "text", "weight"]
    assert repr(value) == "Link(url='u', text='t', weight=0.5)"
    assert dataclasses.asdict(value) == {"url": "u", "text": "t", "weight": 0.5}
    assert dataclasses.astuple(value) == ("u", "t", 0.5)
    changed = dataclasses.replace(value, url="other")
    assert (changed.url, value.url) == ("other", "u")
    assert value == link(cases)
    assert value != changed
    assert value != ("u", "t", 0.5)


def test_records_have_slots_and_nothing_else(cases):
    value = cases.echo_link(link(cases))
    assert not hasattr(value, "__dict__")
    with pytest.raises(AttributeError):
        value.other = 1
    value.url = "new"
    assert value.url == "new"
    del value.url
    with pytest.raises(AttributeError):
        _ = value.url


def test_records_are_made_by_keyword(cases):
    with pytest.raises(TypeError):
        cases.Link("u", "t")
    with pytest.raises(TypeError, match="text"):
        cases.Link(url="u")
    with pytest.raises(TypeError, match="wait"):
        cases.Link(url="u", text="t", wait=1)
    assert cases.Link(url="u", text="t").weight is None


def test_records_that_can_change_are_not_hashed(cases):
    with pytest.raises(TypeError, match="unhashable"):
        hash(cases.echo_link(link(cases)))


def test_defaults_of_fields(cases):
    value = cases.Defaults(first=1)
    assert dataclasses.asdict(value) == {
        "first": 1,
        "number": 42,
        "lowest": -(2**63),
        "hexadecimal": 255,
        "ratio": 1.5,
        "flag": True,
        "text": 'it\'s "quoted" \\ and {braced}\n',
        "maybe": None,
        "some": "there",
        "items": [],
        "table": {},
        "names": set(),
        "body": b"",
        "inner": {"number": 3, "items": b""},
    }
    assert cases.echo_defaults(value) == value


def test_match_statements(cases):
    match cases.echo_link(link(cases, weight=None)):
        case cases.Link(url="u", text=text, weight=None):
            assert text == "t"
        case other:
            pytest.fail(f"{other} has not matched")
    match cases.page_with(2):
        case cases.Page(links=[cases.Link(url=first), cases.Link()], best=cases.Link() as best):
            assert first == best.url
        case other:
            pytest.fail(f"{other} has not matched")


def test_copies(cases):
    page = cases.page_with(3)
    shallow, deep = copy.copy(page), copy.deepcopy(page)
    assert shallow == deep == page
    assert shallow.links is page.links
    assert deep.links is not page.links
    assert deep.links[0] is not page.links[0]


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_pickles(cases, protocol):
    for value in (
        cases.page_with(3),
        cases.Defaults(first=1),
        cases.chain_of(5),
        cases.Tree.BRANCH(left=cases.Tree.LEAF(value=1), right=cases.Tree.LEAF(value=2)),
        cases.Empty(),
    ):
        assert pickle.loads(pickle.dumps(value, protocol)) == value


def test_subclasses(cases):
    @dataclasses.dataclass(kw_only=True)
    class Better(cases.Link):
        note: str = "mine"

        def shout(self):
            return self.url.upper()

    value = Better(url="u", text="t")
    assert value.shout() == "U"
    assert cases.echo_link(value) == cases.Link(url="u", text="t")
    assert type(cases.echo_link(value)) is cases.Link
    page = cases.page_with(1)
    page.links.append(value)
    assert cases.echo_page(page).links[1] == cases.Link(url="u", text="t")


def test_a_subclass_with_properties(cases):
    class Computed(cases.Point):
        __slots__ = ()

        @property
        def x(self):
            return 41

    value = object.__new__(Computed)
    cases.Point.y.__set__(value, 1)
    assert cases.echo_point(value) == cases.Point(x=41, y=1)


def test_other_objects_with_the_same_attributes(cases):
    namespace = SimpleNamespace(x=1, y=2)
    assert cases.echo_point(namespace) == cases.Point(x=1, y=2)
    with pytest.raises(TypeError, match="a Point is required, not SimpleNamespace"):
        cases.echo_point(SimpleNamespace(x=1))


def test_paths_in_errors(cases):
    page = cases.page_with(4)
    page.links[3].url = 5
    with pytest.raises(TypeError) as caught:
        cases.echo_page(page)
    said = str(caught.value)
    for part in ("echo_page()", "'page'", "links", "[3]", "url", "a str is required, not int"):
        assert part in said
    page.links[3] = "no link"
    with pytest.raises(TypeError, match=r"links.*\[3\].*a Link is required, not str"):
        cases.echo_page(page)
    page.links = [cases.Link(url="u", text="t")]
    page.words = {"a": -1}
    with pytest.raises(ValueError, match=r"words.*u32 requires 0 <= value < 4294967296"):
        cases.echo_page(page)
    page.words = {3: 1}
    with pytest.raises(TypeError, match=r"words.*a str is required, not int"):
        cases.echo_page(page)


def test_missing_fields(cases):
    page = cases.page_with(1)
    del page.links[0].text
    with pytest.raises(AttributeError, match="text"):
        cases.echo_page(page)
    unfinished = object.__new__(cases.Point)
    with pytest.raises(AttributeError):
        cases.echo_point(unfinished)


def test_methods(cases):
    point = cases.Point(x=-3, y=4)
    assert point.distance() == 7
    assert point.moved(3, up=-4) == cases.Point(x=0, y=0)
    assert point.moved(2**31 - 1, 0).moved(2**31 - 1, 0).moved(2, 0) == point
    with pytest.raises(ValueError, match="i32"):
        point.moved(2**31, 0)
    point.x = "three"
    with pytest.raises(TypeError, match="an integer is required, not str"):
        point.distance()


def test_garbage_collection_of_lifted_records(cases):
    class Marker:
        pass

    for make in (lambda: cases.chain_of(1), lambda: cases.echo_chain(cases.Chain(value=1))):
        lifted = make()
        assert gc.is_tracked(lifted)
        lifted.next = lifted
        lifted.value = marker = Marker()
        gone = weakref.ref(marker)
        del marker, lifted
        gc.collect()
        assert gone() is None


def test_garbage_collection_of_lifted_lists(cases):
    class Marker:
        pass

    page = cases.page_with(2)
    page.links.append(page)
    page.by_name["itself"] = page
    page.url = Marker()
    gone = weakref.ref(page.url)
    del page
    gc.collect()
    assert gone() is None


def test_floats_in_records_are_exact(cases):
    value = link(cases, weight=struct.unpack("<d", b"\x01\0\0\0\0\0\xf0\x7f")[0])
    assert cases.echo_link(value).weight != cases.echo_link(value).weight


def test_long_chains(cases):
    chain = cases.chain_of(200)
    length = 0
    while chain is not None:
        chain, length = chain.next, length + 1
    assert length == 200

"""Records that cross into Rust and back are what they were.

10,000 generated cases in all: 3,000 + 2,500 + 500 + 3,300 + 400 + 300, as `CASES` says for each test.
"""

from __future__ import annotations

import dataclasses
import enum
import math
import typing
from typing import TYPE_CHECKING, Any

import pytest
from helpers import hints, minimal_record, needs_proc, optional, run_script
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sitelift
from sitelift import Site, interop

if TYPE_CHECKING:
    from collections.abc import Callable

CASES = {
    "test_data": 3_000,
    "nested": 2_500,
    "text": 500,
    # Shared out evenly among the fields.
    "field": 3_300,
    "full": 400,
    "sparse": 300,
}

OUT_OF_RANGE = (ValueError, OverflowError)


def cases(name: str, parts: int = 1) -> settings:
    # Large records are slow to generate, not to send.
    return settings(
        max_examples=-(-CASES[name] // parts),
        suppress_health_check=[
            HealthCheck.too_slow,
            HealthCheck.data_too_large,
            HealthCheck.large_base_example,
        ],
    )


# Candidates for the ends of a Rust integer, widest first.
HIGHEST = [2**64 - 1, 2**63 - 1, 2**32 - 1, 2**31 - 1, 2**16 - 1, 2**15 - 1, 2**8 - 1, 2**7 - 1]
LOWEST = [-(2**63), -(2**31), -(2**15), -(2**7), 0]

Crosses = typing.Callable[[Any], object]


def bounds(crosses: Crosses) -> tuple[int, int]:
    """Find what an integer field holds: Python's types do not say how wide Rust's are."""

    def first(candidates: list[int]) -> int:
        for candidate in candidates:
            try:
                crosses(candidate)
            except OUT_OF_RANGE:
                continue
            return candidate
        pytest.fail("the field takes none of the candidates")

    return first(LOWEST), first(HIGHEST)


def values(hint: Any, crosses: Crosses) -> st.SearchStrategy[Any]:
    """Return a strategy for any type that records have; `crosses` sends one value of it to Rust."""
    if optional(hint) is not None:
        return st.none() | values(optional(hint), crosses)
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is list:
        return st.lists(values(arguments[0], lambda value: crosses([value])), max_size=3)
    if origin is dict:
        keys = values(arguments[0], lambda _: None)
        return st.dictionaries(keys, values(arguments[1], lambda value: crosses({"": value})), max_size=3)
    if dataclasses.is_dataclass(hint):
        return records(typing.cast("type[Any]", hint), crosses)
    return scalars(hint, crosses)


def scalars(hint: Any, crosses: Crosses) -> st.SearchStrategy[Any]:
    if issubclass(hint, enum.Enum):
        return st.sampled_from(hint)
    if hint is int:
        low, high = bounds(crosses)
        return st.sampled_from([low, high]) | st.integers(low, high)
    return {
        bool: st.booleans(),
        float: st.floats(allow_nan=False),
        str: st.text(max_size=20),
    }[hint]


def fields(cls: type[Any], crosses: Crosses) -> dict[str, st.SearchStrategy[Any]]:
    def alone(name: str) -> Crosses:
        return lambda value: crosses(minimal_record(cls, **{name: value}))

    return {name: values(hint, alone(name)) for name, hint in hints(cls).items()}


def records(cls: type[Any], crosses: Crosses) -> st.SearchStrategy[Any]:
    return st.builds(cls, **fields(cls, crosses))


SITE_FIELDS = fields(Site, interop.echo_site)
TEST_DATA = records(interop.TestData, interop.echo_test_data)


def exact(value: Any) -> object:
    """Tell values apart that Python calls equal, such as -0.0 and 0.0. Keys have no order."""
    if dataclasses.is_dataclass(value):
        inner: object = [exact(getattr(value, field.name)) for field in dataclasses.fields(value)]
    elif isinstance(value, list):
        inner = [exact(item) for item in value]
    elif isinstance(value, dict):
        inner = {key: exact(item) for key, item in value.items()}
    else:
        inner = repr(value)
    return type(value), inner


def same(one: object, other: object) -> None:
    assert one == other
    assert exact(one) == exact(other)


@cases("test_data")
@given(TEST_DATA)
def test_test_data(data: interop.TestData) -> None:
    same(interop.echo_test_data(data), data)


@cases("nested")
@given(st.lists(st.lists(st.none() | TEST_DATA, max_size=4), max_size=4))
def test_nested_lists_and_none(data: list[list[interop.TestData | None]]) -> None:
    same(interop.echo_nested(data), data)


@cases("text")
@given(st.text(st.characters(codec="utf-8"), min_size=1))
def test_text(text: str) -> None:
    assert interop.echo_test_data(interop.TestData(data=text, len=0)).data == text
    assert interop.greet(text) == f"Hello, {text}!"


@pytest.mark.parametrize("name", SITE_FIELDS)
def test_each_field_of_a_site(name: str) -> None:
    @cases("field", parts=len(SITE_FIELDS))
    @given(SITE_FIELDS[name])
    def check(value: object) -> None:
        fields: dict[str, Any] = {name: value}
        site = Site(**fields)
        back = interop.echo_site(site)
        same(back, site)
        same(getattr(back, name), value)

    check()


@cases("full")
@given(st.builds(Site, **SITE_FIELDS))
def test_a_site_with_every_field(site: Site) -> None:
    same(interop.echo_site(site), site)


@cases("sparse")
@given(st.fixed_dictionaries({}, optional=SITE_FIELDS))
def test_a_site_with_some_fields(given_fields: dict[str, Any]) -> None:
    site = Site(**given_fields)
    same(interop.echo_site(site), site)


def test_ten_thousand_cases() -> None:
    assert sum(CASES.values()) == 10_000


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\0",
        "a\0b\0",
        "🦀👩‍👩‍👧‍👦🏳️‍🌈",
        "e\u0301\u0323 vs \u1ec7",
        "\ufeffbom",
        "\u202eright to left",
        "\U0010ffff",
        "\x7f\x80\xff",
    ],
    ids=ascii,
)
def test_texts_that_others_break(text: str) -> None:
    site = Site(body=text, selected={text: [text, text]}, headings=[sitelift.Heading(level=1, text=text)])
    same(interop.echo_site(site), site)
    same(interop.echo_test_data(interop.TestData(data=text, len=1)), interop.TestData(data=text, len=1))


@pytest.mark.parametrize("unit", ["a", "é", "€", "🦀"])
def test_ten_megabytes_of_text(unit: str) -> None:
    text = unit * (10_000_000 // len(unit.encode()))
    # No assertion on the texts themselves: their difference would be printed.
    assert (interop.echo_test_data(interop.TestData(data=text, len=0)).data == text) is True
    assert (interop.echo_site(Site(body=text)).body == text) is True


SURROGATES = ["\ud800", "abc\udfff", "\udc80 from a file name", "\ud83e\udd80"]


TAKE_TEXT: dict[str, Callable[[str], object]] = {
    "argument": interop.greet,
    "JSON": interop.parse_json,
    "record": lambda text: interop.hello_there(interop.TestData(data=text, len=0)),
    "nested": lambda text: interop.echo_nested([[None, interop.TestData(data=text, len=0)]]),
    "optional": lambda text: interop.echo_site(Site(title=text)),
    "key": lambda text: interop.echo_site(Site(selected={text: []})),
    "list": lambda text: interop.echo_site(Site(selected={"a": [text]})),
    "html": lambda text: Site.from_html(f"<title>{text}</title>"),
    "base_url": lambda text: Site.from_html("<p>", base_url=f"https://example.com/{text}"),
    "content_type": lambda text: Site.from_html("<p>", content_type=text),
    "content_type of bytes": lambda text: Site.from_html(b"<p>", content_type=text),
    "select": lambda text: Site.from_html("<p>", select={"rule": text}),
    "url": lambda text: Site.from_url(f"https://example.com/{text}"),
    "user_agent": lambda text: sitelift.Client(user_agent=text),
    "headers": lambda text: sitelift.Client(headers={"x": text}),
}


@pytest.mark.parametrize("call", TAKE_TEXT.values(), ids=TAKE_TEXT.keys())
def test_lone_surrogates_are_refused(call: Callable[[str], object]) -> None:
    for text in SURROGATES:
        with pytest.raises(ValueError, match="surrogate"):
            call(text)


def test_after_a_refusal_all_is_as_before() -> None:
    for _ in range(100):
        with pytest.raises(ValueError, match="surrogate"):
            interop.echo_nested([[interop.TestData(data="fine", len=1), interop.TestData(data="\ud800", len=1)]])
        same(
            interop.echo_nested([[interop.TestData(data="fine", len=1)]]),
            [[interop.TestData(data="fine", len=1)]],
        )


# (how a number crosses, its lowest, its highest)
WIDTHS: dict[str, tuple[Crosses, int, int]] = {
    "i64": (lambda n: interop.echo_test_data(interop.TestData(data="", len=n)).len, -(2**63), 2**63 - 1),
    "u64": (lambda n: interop.echo_site(Site(body_size=n)).body_size, 0, 2**64 - 1),
    "u32": (
        lambda n: (
            interop.echo_site(Site(images=[sitelift.Image(url="", alt=None, width=n, height=None, srcset=None)]))
            .images[0]
            .width
        ),
        0,
        2**32 - 1,
    ),
    "u16": (lambda n: interop.echo_site(Site(port=n)).port, 0, 2**16 - 1),
    "u16 in a list": (
        lambda n: interop.echo_site(Site(redirects=[sitelift.Redirect(url="", status=n)])).redirects[0].status,
        0,
        2**16 - 1,
    ),
    "u8": (
        lambda n: interop.echo_site(Site(headings=[sitelift.Heading(level=n, text="")])).headings[0].level,
        0,
        2**8 - 1,
    ),
}


@pytest.mark.parametrize("width", WIDTHS)
def test_integers_to_their_ends_and_not_beyond(width: str) -> None:
    crosses, low, high = WIDTHS[width]
    for number in (low, low + 1, 0, 1, high - 1, high):
        assert crosses(number) == number
    for number in (low - 1, high + 1, high + 2, 2**64, 2**70, -(2**70), 10**100, -(10**100)):
        with pytest.raises(OUT_OF_RANGE):
            crosses(number)


@pytest.mark.parametrize("wrong", ["1", 1.0, None, [1], b"1"], ids=repr)
def test_what_is_no_integer_is_refused(wrong: Any) -> None:
    with pytest.raises(TypeError):
        interop.echo_test_data(interop.TestData(data="", len=wrong))
    with pytest.raises(TypeError):
        interop.echo_site(Site(body_size=wrong))


@pytest.mark.parametrize("wrong", [1, b"text", ["text"], None], ids=repr)
def test_what_is_no_text_is_refused(wrong: Any) -> None:
    with pytest.raises(TypeError):
        interop.echo_test_data(interop.TestData(data=wrong, len=0))


@pytest.mark.parametrize(
    "number",
    [
        0.0,
        -0.0,
        1.5,
        math.inf,
        -math.inf,
        5e-324,
        -5e-324,
        1.7976931348623157e308,
        2.2250738585072014e-308,
        0.1,
    ],
)
def test_floats(number: float) -> None:
    back = interop.echo_site(Site(elapsed_ms=number, ttfb_ms=number))
    for got in (back.elapsed_ms, back.ttfb_ms):
        assert got is not None
        assert (got, math.copysign(1, got)) == (number, math.copysign(1, number))


def test_not_a_number() -> None:
    back = interop.echo_site(Site(elapsed_ms=math.nan, ttfb_ms=math.nan))
    assert math.isnan(back.elapsed_ms)
    assert back.ttfb_ms is not None
    assert math.isnan(back.ttfb_ms)


def test_many_items() -> None:
    site = Site(
        headers=[sitelift.Header(name=f"x-{index}", value="🦀" * (index % 7)) for index in range(20_000)],
        selected={f"rule {index}": [str(index)] * (index % 5) for index in range(2_000)},
    )
    assert (interop.echo_site(site) == site) is True


ROUNDS = """
    import resource
    import sitelift
    from pathlib import Path
    from sitelift import Site, interop

    page = "<title>t</title>" + "<h2>h</h2><a href=/x>link</a>" * 20
    site = Site.from_html(page, base_url="https://example.com/")
    site.body = "body " * 1000
    site.selected = {"rule": ["value"] * 10}
    surrogate = interop.TestData(data="\\ud800", len=0)

    def refused(call, *arguments):
        try:
            call(*arguments)
        except ValueError:
            return
        raise SystemExit("this call should have failed")

    def one_round():
        for _ in range(200):
            interop.echo_site(site)
            refused(interop.parse_json, "[1,")
            refused(interop.get_data_info, b"\\x07")
            refused(interop.websocket_mask, b"payload", b"bad key")
            refused(interop.echo_nested, [[None, surrogate]])
        for _ in range(20):
            Site.from_html(page, base_url="https://example.com/")
            refused(lambda: Site.from_html(page, select={"rule": "[["}))

    def resident():
        return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()

    for index in range(33):
        one_round()
        if index == 2:
            before = resident()
    print(resident() - before)
"""


@needs_proc
def test_memory_stays_flat() -> None:
    grown = int(run_script(ROUNDS))
    assert grown < 4 * 2**20, f"{grown / 2**20:.1f} MiB more after 30 rounds"

"""Simple values there and back."""

from __future__ import annotations

import datetime as dt
import math
import struct
from collections import OrderedDict, UserDict, deque
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

UTC = dt.timezone.utc
WIDTHS = [(sign, bits) for sign in "ui" for bits in (8, 16, 32, 64)]


def limits(sign, bits):
    return (0, 2**bits - 1) if sign == "u" else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


@pytest.mark.parametrize(("sign", "bits"), WIDTHS)
def test_integers_of_every_width(cases, sign, bits):
    echo = getattr(cases, f"echo_{sign}{bits}")
    low, high = limits(sign, bits)
    for value in {low, low + 1, 0, 1, 127, high - 1, high} - ({-1} if sign == "u" else set()):
        result = echo(value)
        assert (result, type(result)) == (value, int)


@pytest.mark.parametrize(("sign", "bits"), WIDTHS)
def test_integers_out_of_range(cases, sign, bits):
    echo = getattr(cases, f"echo_{sign}{bits}")
    low, high = limits(sign, bits)
    for value in (low - 1, high + 1, -(10**30), 10**30, 2**64, -(2**63) - 1):
        with pytest.raises(ValueError, match=rf"{sign}{bits} requires {low} <= value < {high + 1}"):
            echo(value)


class Index:
    def __init__(self, value):
        self.value = value

    def __index__(self):
        return self.value


@pytest.mark.parametrize(("sign", "bits"), WIDTHS)
def test_integers_are_booleans_and_indices_too(cases, sign, bits):
    echo = getattr(cases, f"echo_{sign}{bits}")
    assert echo(True) == 1
    assert type(echo(True)) is int
    assert echo(Index(5)) == 5
    for wrong in ("1", 1.0, None, b"1", [1], 1j):
        with pytest.raises(TypeError, match=f"an integer is required, not {type(wrong).__name__}"):
            echo(wrong)
    with pytest.raises(ValueError, match="requires"):
        echo(Index(2**70))


@given(value=st.integers(min_value=-(2**63), max_value=2**63 - 1))
def test_any_i64(cases, value):
    assert cases.echo_i64(value) == value


@given(value=st.floats())
def test_any_f64(cases, value):
    assert struct.pack("<d", cases.echo_f64(value)) == struct.pack("<d", value) or math.isnan(value)
    assert math.isnan(cases.echo_f64(value)) == math.isnan(value)


@given(value=st.floats(width=32))
def test_any_f32(cases, value):
    result = cases.echo_f32(value)
    assert result == value or (math.isnan(result) and math.isnan(value))
    assert math.copysign(1, result) == math.copysign(1, value) or math.isnan(value)


class Number:
    def __float__(self):
        return 2.5


def test_floats_of_other_types(cases):
    for echo in (cases.echo_f32, cases.echo_f64):
        assert echo(3) == 3.0
        assert type(echo(3)) is float
        assert echo(True) == 1.0
        assert echo(Number()) == 2.5
        assert echo(Index(4)) == 4.0
        assert echo(math.inf) == math.inf
        assert echo(-math.inf) == -math.inf
        for wrong in ("1.0", b"1", None, [1.0], 1j):
            with pytest.raises(TypeError):
                echo(wrong)
    with pytest.raises(OverflowError):
        cases.echo_f64(10**400)


def test_floats_that_are_too_large_for_an_f32(cases):
    for value in (1e39, -1e300, 3.5e38):
        with pytest.raises(OverflowError):
            cases.echo_f32(value)
        with pytest.raises(OverflowError):
            cases.echo_f32_list([value])
    assert cases.echo_f32(0.1) == struct.unpack("f", struct.pack("f", 0.1))[0]
    assert cases.echo_f32(1e-60) == 0.0


class Truthful:
    def __bool__(self):
        return True


def test_booleans(cases):
    assert cases.echo_bool(True) is True
    assert cases.echo_bool(False) is False
    assert cases.echo_bool(1) is True
    assert cases.echo_bool(0) is False
    assert cases.echo_bool(Truthful()) is True
    assert cases.echo_bool_list([True, 0, 1]) == [True, False, True]
    assert cases.echo_optional_bool(None) is None
    assert cases.echo_optional_bool(False) is False
    for wrong in ("True", None, [], "", (1,), object()):
        with pytest.raises(TypeError, match=f"a bool is required, not {type(wrong).__name__}"):
            cases.echo_bool(wrong)


@given(value=st.text())
def test_any_text(cases, value):
    assert cases.echo_text(value) == value
    assert cases.echo_text_list([value, value]) == [value, value]


def test_text_of_every_width(cases):
    class Text(str):
        __slots__ = ()

    for value in ("", "a", "\0", "a\0b", "é", "ÿ", "Ā", "中" * 1000, "🎈", "a🎈\U0010ffff", "x" * 100_000):
        result = cases.echo_text(value)
        assert (result, type(result)) == (value, str)
        assert cases.echo_text(Text(value)) == value
    for wrong in (b"text", None, 1, ["a"], bytearray(b"a")):
        with pytest.raises(TypeError, match=f"a str is required, not {type(wrong).__name__}"):
            cases.echo_text(wrong)


@given(value=st.timedeltas(min_value=dt.timedelta(0)))
def test_any_duration(cases, value):
    assert cases.echo_duration(value) == value


@given(value=st.datetimes(min_value=dt.datetime(1, 1, 2), max_value=dt.datetime(9999, 12, 30), timezones=st.just(UTC)))
def test_any_timestamp(cases, value):
    result = cases.echo_timestamp(value)
    assert result == value
    assert result.tzinfo is not None


def test_times_that_are_refused(cases):
    with pytest.raises(ValueError, match="non-negative"):
        cases.echo_duration(dt.timedelta(microseconds=-1))
    with pytest.raises(TypeError, match="time zone"):
        cases.echo_timestamp(dt.datetime(2020, 1, 1))
    for wrong in ("now", 1, None, dt.date(2020, 1, 1)):
        with pytest.raises(TypeError):
            cases.echo_timestamp(wrong)
    for wrong in ("1s", 1, 1.5, None):
        with pytest.raises(TypeError):
            cases.echo_duration(wrong)


def test_times_beyond_pythons(cases):
    assert cases.seconds_after_1970(1, 0) == dt.datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)
    # That is no fault of the library's.
    with pytest.raises(OverflowError):
        cases.seconds_after_1970(0, 9)


def test_time_zones(cases):
    zone = dt.timezone(dt.timedelta(hours=5, minutes=30))
    value = dt.datetime(2024, 2, 29, 12, 30, 15, 123456, tzinfo=zone)
    assert cases.echo_timestamp(value) == value
    assert cases.echo_timestamps(value) == value
    assert cases.echo_timestamps(None) is None


def test_optional_values(cases):
    assert cases.echo_optional(None) is None
    assert cases.echo_optional(0) == 0
    assert cases.echo_optional(2**32 - 1) == 2**32 - 1
    assert cases.echo_optional_list(None) is None
    assert cases.echo_optional_list([]) == []
    assert cases.echo_optional_list(["a", None, ""]) == ["a", None, ""]
    with pytest.raises(TypeError, match=r"echo_optional\(\) argument 'value'.*an integer is required, not str"):
        cases.echo_optional("")


@given(value=st.lists(st.lists(st.lists(st.integers(-(2**15), 2**15 - 1)))))
def test_nested_lists(cases, value):
    assert cases.echo_nested(value) == value


@given(value=st.dictionaries(st.integers(-(2**31), 2**31 - 1), st.lists(st.integers(0, 2**64 - 1))))
def test_maps_of_numbers(cases, value):
    assert cases.echo_number_map(value) == value


@given(value=st.dictionaries(st.text(), st.dictionaries(st.integers(0, 255), st.none() | st.booleans())))
def test_maps_of_maps(cases, value):
    assert cases.echo_map_of_maps(value) == value


@given(numbers=st.sets(st.integers(-(2**63), 2**63 - 1)), texts=st.sets(st.text()))
def test_sets(cases, numbers, texts):
    result = cases.echo_number_set(numbers)
    assert (result, type(result)) == (numbers, set)
    assert cases.echo_text_set(texts) == texts
    assert cases.echo_text_set(frozenset(texts)) == texts


def test_lists_of_numbers(cases):
    for echo, items in (
        (cases.echo_i64_list, [-(2**63), 0, 2**63 - 1]),
        (cases.echo_f64_list, [0.1, -0.0, math.inf]),
        (cases.echo_f32_list, [0.5, -2.0]),
    ):
        assert echo(items) == items
        assert echo([]) == []
        assert echo(items * 1000) == items * 1000


class Lazy:
    """An iterable that is nothing else."""

    def __init__(self, *items):
        self.items = items

    def __iter__(self):
        return iter(self.items)


def test_other_iterables_as_lists(cases):
    for items in ((1, 2), deque([1, 2]), range(1, 3), Lazy(1, 2), iter([1, 2]), {1: "a", 2: "b"}.keys()):
        assert cases.echo_i64_list(items) == [1, 2]
    assert cases.echo_text_list(word for word in ("a", "b")) == ["a", "b"]
    for wrong in ("ab", b"ab", bytearray(b"ab"), {1: 2}, None, 5):
        with pytest.raises(TypeError, match=f"a sequence is required, not {type(wrong).__name__}"):
            cases.echo_i64_list(wrong)


def test_other_mappings_as_dicts(cases):
    plain = {"a": "1", "b": "2"}
    for mapping in (OrderedDict(plain), UserDict(plain), MappingProxyType(plain), plain):
        assert cases.echo_text_map(mapping) == plain
    for wrong in ([("a", "1")], "ab", None, 5, {"a"}):
        with pytest.raises(TypeError, match=f"a mapping is required, not {type(wrong).__name__}"):
            cases.echo_text_map(wrong)


def test_other_iterables_as_sets(cases):
    assert cases.echo_number_set([1, 2, 2]) == {1, 2}
    assert cases.echo_number_set(dict.fromkeys((1, 2)).keys()) == {1, 2}
    for wrong in ("ab", b"ab", {1: 2}, None, 5):
        with pytest.raises(TypeError):
            cases.echo_number_set(wrong)


def test_all_simple_types_at_once(cases):
    said = cases.join_all(1, -2, 3, -4, 5, -6, 2**64 - 1, -(2**63), 0.5, 0.25, True, "zwölf", b"\x01\xff", None)
    assert said == "1 -2 3 -4 5 -6 18446744073709551615 -9223372036854775808 0.5 0.25 true zwölf [1, 255] None"
    with pytest.raises(TypeError, match="'l'"):
        cases.join_all(1, -2, 3, -4, 5, -6, 7, -8, 0.5, 0.25, True, b"no", b"", None)


def test_defaults(cases):
    said = '1 -7 18446744073709551615 2.5 true it\'s "quoted" \\ and {braced} None Some(3) [] {}'
    assert cases.with_defaults(1) == said
    assert cases.with_defaults(first=1) == said
    assert cases.with_defaults(1, table={"a": 1}, items=["b"], some=None, maybe="c", flag=False).endswith(
        'Some("c") None ["b"] {"a": 1}'
    )


def test_defaults_are_not_shared(cases):
    first = cases.Defaults(first=1)
    first.items.append("mine")
    first.table["mine"] = cases.Point(x=1, y=1)
    first.names.add("mine")
    first.inner.items = b"mine"
    second = cases.Defaults(first=1)
    assert (second.items, second.table, second.names, second.inner.items) == ([], {}, set(), b"")
    assert cases.echo_defaults(second) == second


def test_arity_and_keywords(cases):
    add = cases.add
    assert add(1, 2) == add(1, b=2) == add(a=1, b=2) == add(b=2, a=1) == 3
    assert add(*[1], b=2) == 3
    with pytest.raises(TypeError, match=r"missing (1 )?required (positional )?argument: 'b'"):
        add(1)
    with pytest.raises(TypeError, match="missing"):
        add()
    with pytest.raises(TypeError, match="takes 2 positional arguments but 3 were given"):
        add(1, 2, 3)
    with pytest.raises(TypeError, match="got an unexpected keyword argument 'c'"):
        add(1, 2, c=3)
    with pytest.raises(TypeError, match="got multiple values for argument 'a'"):
        add(1, a=2)
    with pytest.raises(TypeError):
        cases.nothing(1)
    assert cases.nothing() is None


def test_large_values(cases):
    assert len(cases.text_of(3_000_000)) == 3_000_000
    items = list(range(200_000))
    assert cases.echo_i64_list(items) == items
    assert cases.echo_u8_list([b"x" * 100_000, b""]) == [b"x" * 100_000, b""]

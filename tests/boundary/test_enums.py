"""Enums: Python's own without fields, a dataclass for each variant with them."""

from __future__ import annotations

import copy
import dataclasses
import enum
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st


def test_enums_without_fields(cases):
    assert issubclass(cases.Direction, enum.Enum)
    assert [member.name for member in cases.Direction] == ["NORTH", "EAST", "SOUTH", "WEST"]
    for member in cases.Direction:
        assert cases.echo_direction(member) is member
        assert cases.Direction(member.value) is member
        assert cases.Direction[member.name] is member
    everything = [*cases.Direction, None] * 50
    assert cases.echo_directions(everything) == everything


def test_numbers_of_members(cases):
    assert [(member.name, member.value) for member in cases.Level] == [("LOW", 3), ("MIDDLE", 4), ("HIGH", 200)]
    assert [(member.name, member.value) for member in cases.Signed] == [("MINUS", -3), ("ZERO", 0), ("PLUS", 3)]
    for member in (*cases.Level, *cases.Signed):
        echo = cases.echo_level if isinstance(member, cases.Level) else cases.echo_signed
        assert echo(member) is member


def test_members_are_compared_hashed_copied_and_pickled(cases):
    north = cases.echo_direction(cases.Direction.NORTH)
    assert {north: 1}[cases.Direction.NORTH] == 1
    assert north != cases.Direction.SOUTH
    assert north != 0
    assert copy.copy(north) is copy.deepcopy(north) is north
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(north, protocol)) is north


def test_methods_of_enums(cases):
    assert cases.Direction.NORTH.opposite() is cases.Direction.SOUTH
    assert cases.turned(cases.Direction.WEST) is cases.Direction.NORTH
    assert cases.turned(cases.Direction.WEST, steps=2) is cases.Direction.EAST
    assert cases.Shape.CIRCLE(radius=1.0).area() == pytest.approx(3.1416, abs=1e-3)
    assert cases.Shape.NOTHING().area() == 0


def test_values_that_are_no_members(cases):
    class Other(enum.Enum):
        NORTH = 0

    for wrong in ("NORTH", 0, 1, None, Other.NORTH, cases.Level.LOW, object()):
        with pytest.raises(ValueError, match="is not a valid Direction"):
            cases.echo_direction(wrong)
        if wrong is not None:
            with pytest.raises(ValueError, match="is not a valid Direction"):
                cases.echo_directions([wrong])
    drawing = cases.Drawing(shapes=[], direction="up")
    with pytest.raises(ValueError, match="'up' is not a valid Direction"):
        cases.echo_drawing(drawing)


def shapes(cases):
    coordinates = st.integers(-(2**31), 2**31 - 1)
    point = st.builds(cases.Point, x=coordinates, y=coordinates)
    link = st.builds(cases.Link, url=st.text(), text=st.text())
    simple = (
        st.builds(cases.Shape.NOTHING)
        | st.builds(cases.Shape.CIRCLE, radius=st.floats(allow_nan=False), center=st.none() | point)
        | st.builds(cases.Shape.POLYGON, st.lists(point, max_size=3))
        | st.builds(cases.Shape.PAIR, point, link)
    )
    sides = st.integers(0, 2**16 - 1)
    return st.recursive(
        simple,
        lambda inner: st.builds(
            cases.Shape.ROUNDED_BOX, width=sides, height=sides, corners=st.lists(inner, max_size=3)
        ),
        max_leaves=6,
    )


@given(data=st.data())
def test_any_shape(cases, data):
    value = data.draw(shapes(cases))
    result = cases.echo_shape(value)
    assert result == value
    assert type(result) is type(value)
    assert cases.echo_shapes([value, value]) == [value, value]
    drawing = cases.Drawing(shapes=[value], direction=cases.Direction.WEST, level=cases.Level.HIGH)
    assert cases.echo_drawing(drawing) == drawing


def test_variants_are_dataclasses_of_the_enum(cases):
    shape = cases.Shape
    circle = cases.echo_shape(shape.CIRCLE(1.5))
    assert isinstance(circle, shape)
    assert isinstance(circle, shape.CIRCLE)
    assert not isinstance(circle, shape.POLYGON)
    assert issubclass(shape.CIRCLE, shape)
    assert dataclasses.is_dataclass(circle)
    assert dataclasses.replace(circle, radius=2.0) == shape.CIRCLE(radius=2.0, center=None)
    assert not hasattr(circle, "__dict__")
    assert repr(circle) == "Shape.CIRCLE(radius=1.5, center=None)"
    assert shape.CIRCLE.__qualname__ == "Shape.CIRCLE"
    assert (circle.is_CIRCLE(), circle.is_circle(), circle.is_NOTHING()) == (True, True, False)


def test_variants_without_names(cases):
    point, link = cases.Point(x=1, y=2), cases.Link(url="u", text="t")
    pair = cases.echo_shape(cases.Shape.PAIR(point, link))
    assert (pair[0], pair[1]) == (pair._0, pair._1) == (point, link)
    with pytest.raises(IndexError):
        pair[2]
    assert repr(pair) == f"Shape.PAIR({point!r}, {link!r})"
    polygon = cases.Shape.POLYGON([point])
    assert cases.echo_shape(polygon)[0] == [point]


def kind_of(cases, shape):
    match shape:
        case cases.Shape.NOTHING():
            return "nothing"
        case cases.Shape.CIRCLE(radius=radius, center=None):
            return f"circle {radius}"
        case cases.Shape.CIRCLE(center=cases.Point(x=x)):
            return f"circle at {x}"
        case cases.Shape.PAIR(cases.Point(x=x), cases.Link(url=url)):
            return f"pair {x} {url}"
        case cases.Shape():
            return "another"
        case _:
            return "no shape"


def test_match_statements(cases):
    shape = cases.Shape
    values = [
        (shape.NOTHING(), "nothing"),
        (shape.CIRCLE(1.0), "circle 1.0"),
        (shape.CIRCLE(1.0, cases.Point(x=5, y=6)), "circle at 5"),
        (shape.PAIR(cases.Point(x=7, y=8), cases.Link(url="u", text="t")), "pair 7 u"),
        (shape.POLYGON([]), "another"),
        ("circle", "no shape"),
    ]
    for value, kind in values:
        assert kind_of(cases, value) == kind
        if kind != "no shape":
            assert kind_of(cases, cases.echo_shape(value)) == kind


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_variants_are_copied_and_pickled(cases, protocol):
    inner = cases.Shape.PAIR(cases.Point(x=1, y=2), cases.Link(url="u", text="t"))
    for value in (cases.Shape.NOTHING(), inner, cases.Shape.ROUNDED_BOX(width=1, height=2, corners=[inner])):
        assert pickle.loads(pickle.dumps(value, protocol)) == value
        assert copy.copy(value) == copy.deepcopy(value) == value


def test_the_enum_itself_has_no_values(cases):
    with pytest.raises(TypeError, match="use one of its variants"):
        cases.Shape()
    with pytest.raises(TypeError, match="a Shape is required"):
        cases.echo_shape(object.__new__(cases.Shape))
    for wrong in (None, "CIRCLE", 1, cases.Shape.CIRCLE, cases.Tree.LEAF(value=1)):
        with pytest.raises(TypeError, match="a Shape is required"):
            cases.echo_shape(wrong)


def test_paths_in_errors(cases):
    box = cases.Shape.ROUNDED_BOX(width=1, height=70000, corners=[])
    with pytest.raises(ValueError, match=r"height.*u16 requires 0 <= value < 65536"):
        cases.echo_shape(box)
    box = cases.Shape.ROUNDED_BOX(width=1, height=1, corners=[cases.Shape.NOTHING(), "x"])
    with pytest.raises(TypeError, match=r"corners.*\[1\].*a Shape is required, not str"):
        cases.echo_shape(box)


def test_subclasses_of_variants(cases):
    class Ball(cases.Shape.CIRCLE):
        pass

    ball = Ball(radius=2.0)
    assert cases.echo_shape(ball) == cases.Shape.CIRCLE(radius=2.0)
    assert type(cases.echo_shape(ball)) is cases.Shape.CIRCLE


def test_missing_fields(cases):
    circle = cases.Shape.CIRCLE(radius=1.0)
    del circle.radius
    with pytest.raises(AttributeError, match="radius"):
        cases.echo_shape(circle)


def test_rust_traits_of_enums(cases):
    grade = cases.Grade
    good, fair, poor = grade.GOOD(points=9), grade.FAIR(5), grade.POOR()
    assert good == grade.GOOD(points=8)
    assert hash(good) == hash(grade.GOOD(points=8))
    assert poor < fair < good
    assert sorted([good, poor, fair]) == [poor, fair, good]
    assert (str(fair), repr(good)) == ("grade 1", "Good { points: 9 }")
    assert good != "good"
    with pytest.raises(TypeError):
        _ = good < 3
    assert cases.Size.SMALL < cases.Size.MEDIUM < cases.Size.LARGE
    assert max(cases.Size) is cases.Size.LARGE
    assert (str(cases.Size.SMALL), repr(cases.Size.SMALL)) == ("size 0", "Small")
    assert {cases.Size.SMALL: 1}[cases.echo_size(cases.Size.SMALL)] == 1
    money = cases.Money(cents=150, note="a")
    assert money == cases.Money(cents=150, note="b") == cases.echo_money(money)
    assert hash(money) == hash(cases.Money(cents=150, note="b"))
    assert money < cases.Money(cents=151, note="a")
    assert (str(money), repr(money)) == ("1.50", 'Money { cents: 150, note: "a" }')
    assert len({money, cases.Money(cents=150, note="b"), cases.Money(cents=151, note="b")}) == 2

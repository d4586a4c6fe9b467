"""What tools see: names, signatures, annotations, documentation, pickles of functions."""

from __future__ import annotations

import copy
import datetime as dt
import enum
import inspect
import pickle
import types
import typing

import pytest

FUNCTIONS = (
    *("nothing", "add", "quoted", "without_docs", "join_all", "with_defaults", "echo_page", "page_with", "sum_of"),
    *("fail_with", "tell", "pick", "counters", "memory_store", "ready", "after", "fetch_with", "parse_leaflet"),
)


def test_all(cases, elsewhere):
    for module in (cases, elsewhere):
        assert module.__all__ == sorted(set(module.__all__))
        for name in module.__all__:
            assert hasattr(module, name), name
            assert not name.startswith("_"), name
    for name in ("Point", "Shape", "CaseError", "Counter", "Store", "StoreImpl", "add", "InternalError", "Moment"):
        assert name in cases.__all__
    for name in ("ctypes", "typing", "dataclasses"):
        assert name not in cases.__all__


def test_everything_public_is_in_all(cases):
    for name, value in vars(cases).items():
        own = getattr(value, "__module__", None) == cases.__name__ and not name.startswith("_")
        assert not own or name in cases.__all__, name


def test_star_import(cases):
    namespace = {}
    exec(f"from {cases.__name__} import *", namespace)
    assert set(cases.__all__) <= set(namespace)
    assert namespace["add"](1, 2) == 3


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_know_who_they_are(cases, name):
    function = getattr(cases, name)
    assert function.__name__ == function.__qualname__ == name
    assert function.__module__ == cases.__name__
    assert name in repr(function)
    assert callable(function)


def test_documentation(cases):
    assert inspect.getdoc(cases.add).splitlines()[0] == "Adds two numbers."
    assert 'Has a \\ backslash, "quotes", \'single ones\', """three of them""" and a \'\'\' too' in cases.add.__doc__
    assert "\\n and \\x41 and \\N{BULLET}" in cases.add.__doc__
    assert cases.add.__doc__.rstrip().endswith("and ends with one: \\")
    assert cases.quoted.__doc__.strip() == '"Quoted from the start, and to the very end"'
    assert cases.without_docs.__doc__ is None
    assert cases.Link.__doc__ == 'A link of a page: has a \\ backslash, "quotes" and """three of them""".'
    assert cases.Shape.__doc__ == 'A shape: each \\ kind has "fields" of its own.'
    assert cases.Shape.CIRCLE.__doc__ == "Round."
    assert cases.CaseError.BadInput.__doc__ == 'The input is bad: a \\ backslash, """three quotes""".'
    assert cases.Counter.__doc__ == "Counts."
    assert cases.Counter.increment.__doc__ == "Counts, and says where it is."
    assert cases.Counter.__init__.__doc__ == "Starts at zero, or elsewhere."
    assert cases.Counter.parse.__doc__ == "Starts where a text says."
    assert cases.Store.get.__doc__ == "A page by its URL."
    assert cases.Direction.__doc__ == "Without fields."
    assert cases.ready.__doc__ == "Ready at once."


SIGNATURES = {
    "add": "(a: 'int', b: 'int') -> 'int'",
    "nothing": "() -> 'None'",
    "echo_page": "(page: 'Page') -> 'Page'",
    "counters": "(count: 'int') -> 'list[Counter]'",
    "echo_optional_list": "(value: 'list[str | None] | None') -> 'list[str | None] | None'",
    "echo_map_of_maps": "(value: 'dict[str, dict[int, bool | None]]') -> 'dict[str, dict[int, bool | None]]'",
    "after": "(milliseconds: 'int', text: 'str' = 'done') -> 'str'",
    "turned": "(direction: 'Direction', steps: 'int' = 1) -> 'Direction'",
    "echo_address": "(address: 'Address') -> 'Address'",
    "echo_place": "(place: 'boundary_types.Place') -> 'boundary_types.Place'",
}


@pytest.mark.parametrize("name", SIGNATURES)
def test_signatures(cases, name):
    assert str(inspect.signature(getattr(cases, name))) == SIGNATURES[name]


def test_signatures_of_methods(cases):
    assert str(inspect.signature(cases.Counter)) == "(start: 'int' = 0) -> 'None'"
    assert str(inspect.signature(cases.Counter.increment)) == "(self, by: 'int' = 1) -> 'int'"
    assert str(inspect.signature(cases.Counter().increment)) == "(by: 'int' = 1) -> 'int'"
    assert str(inspect.signature(cases.Counter.parse)) == "(text: 'str') -> 'Counter'"
    assert str(inspect.signature(cases.Point.moved)) == "(self, right: 'int', up: 'int') -> 'Point'"
    parameters = inspect.signature(cases.with_defaults).parameters
    assert [name for name, parameter in parameters.items() if parameter.default is parameter.empty] == ["first"]
    assert parameters["big"].default == 2**64 - 1
    assert parameters["text"].default == 'it\'s "quoted" \\ and {braced}'
    assert repr(parameters["items"].default) == "<default>"
    assert list(inspect.signature(cases.Link).parameters) == ["url", "text", "weight"]


def test_type_hints_of_functions(cases):
    assert typing.get_type_hints(cases.add) == {"a": int, "b": int, "return": int}
    assert typing.get_type_hints(cases.echo_page) == {"page": cases.Page, "return": cases.Page}
    assert typing.get_type_hints(cases.counters) == {"count": int, "return": list[cases.Counter]}
    assert typing.get_type_hints(cases.echo_optional)["return"] == int | None
    assert typing.get_type_hints(cases.Counter.increment) == {"by": int, "return": int}
    assert typing.get_type_hints(cases.echo_timestamp)["return"] is dt.datetime
    assert typing.get_type_hints(cases.after) == {"milliseconds": int, "text": str, "return": str}


def test_type_hints_of_all_public_things(cases, elsewhere):
    for module in (cases, elsewhere):
        for name in module.__all__:
            value = getattr(module, name)
            if not isinstance(value, (types.GenericAlias, enum.EnumMeta)) and callable(value):
                hints = typing.get_type_hints(value)
                assert not any(isinstance(hint, str) for hint in hints.values()), name


def test_type_hints_of_records(cases):
    hints = typing.get_type_hints(cases.Page)
    assert hints["links"] == list[cases.Link]
    assert hints["best"] == cases.Link | None
    assert typing.get_type_hints(cases.Chain)["next"] == cases.Chain | None
    assert typing.get_type_hints(cases.Shape.CIRCLE)["center"] == cases.Point | None


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_functions_are_pickled_by_name(cases, protocol):
    for function in (cases.add, cases.ready, cases.echo_page):
        assert pickle.loads(pickle.dumps(function, protocol)) is function
        assert copy.copy(function) is copy.deepcopy(function) is function
    for attribute in ("increment", "value", "increment_later"):
        function = getattr(cases.Counter, attribute)
        assert pickle.loads(pickle.dumps(function, protocol)) is function
    assert pickle.loads(pickle.dumps(cases.Counter.parse, protocol))("5").value() == 5


def test_functions_are_hashed_and_compared(cases):
    assert {cases.add: 1}[cases.add] == 1
    assert cases.add == cases.add
    assert cases.add != cases.nothing


def test_functions_as_methods(cases):
    class Sums:
        plus = cases.add
        still = staticmethod(cases.add)

    assert Sums.still(1, 2) == 3
    with pytest.raises(TypeError):
        Sums().plus(1, 2)
    counter = cases.Counter(1)
    assert list(map(cases.Counter.increment, [counter] * 3)) == [2, 3, 4]
    assert cases.Counter.increment.__get__(counter)(1) == 5


def test_functions_can_be_patched(cases, monkeypatch):
    monkeypatch.setattr(cases, "page_with", lambda links: None)
    assert cases.page_with(1) is None
    monkeypatch.setattr(cases.Counter, "value", lambda self: "patched")
    assert cases.Counter().value() == "patched"


def test_many_keywords(cases):
    names = list(inspect.signature(cases.join_all).parameters)
    values = [1, -2, 3, -4, 5, -6, 7, -8, 0.5, 0.25, True, "l", b"m", None]
    assert cases.join_all(**dict(zip(names, values, strict=True))) == cases.join_all(*values)
    assert cases.join_all(
        *values[:5], **dict(reversed(list(zip(names[5:], values[5:], strict=True))))
    ) == cases.join_all(*values)

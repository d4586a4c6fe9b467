"""Names that mean something else in Python, or in the generated code."""

from __future__ import annotations

import asyncio
import copy
import dataclasses
import pickle
import typing

import pytest


def named(names, **changes):
    values = {
        "type": "type",
        "list": ["a", "b"],
        "len": 3,
        "int": -4,
        "str": "text",
        "dict": {"a": b"\x01"},
        "_class": True,
        "_lambda": 0.5,
        "_from": "from",
        "set": b"\x02\x03",
        "object": 9,
        "property": False,
        "more": [1, 2],
        "text": "more text",
    }
    return names.Named(**{**values, **changes})


def test_functions_named_as_builtins(names):
    assert names.list([1, 2]) == [1, 2]
    assert names.len(["a", "b"]) == 2
    # An underscore at the end is lost, as with the stock generator.
    assert names.type("t") == "t"
    assert names.range(1, float=0.5) == 1.5
    assert names.isinstance("o") == "o"
    assert names.set(b"ab") == b"ab"
    assert names._pass(7) == names._pass(_import=7) == 7


def test_bad_arguments_of_such_functions(names):
    with pytest.raises(TypeError, match=r"list\(\) argument 'items'"):
        names.list([1, "x"])
    with pytest.raises(TypeError, match=r"len\(\) argument 'list'"):
        names.len(5)
    with pytest.raises(TypeError):
        names.set("text")


def test_arguments(names):
    said = names.arguments(
        _self="self", call=-1, result=2, status=3, int=4, struct=True, _class=0.5, _cls=5, ctypes="c", value=["a", "b"]
    )
    assert said == "self -1 2 3 4 true 0.5 5 c a+b"
    assert said == names.arguments("self", -1, 2, 3, 4, True, 0.5, 5, "c", ["a", "b"])
    with pytest.raises(TypeError, match="ctypes"):
        names.arguments("self", -1, 2, 3, 4, True, 0.5, 5, 6, ["a", "b"])


def test_fields(names):
    value = named(names)
    again = names.echo_named(value)
    assert again == value
    assert (again.list, again.len, again._class) == (["a", "b"], 3, True)
    assert dataclasses.replace(again, len=5).len == 5
    assert pickle.loads(pickle.dumps(again)) == copy.deepcopy(again) == value
    with pytest.raises(TypeError, match=r"Named\.list.*a sequence is required"):
        names.echo_named(named(names, list=5))


def test_defaults_of_such_fields(names):
    required = {
        key: value
        for key, value in dataclasses.asdict(named(names)).items()
        if key not in {"_from", "set", "object", "property"}
    }
    value = names.Named(**required)
    assert (value._from, value.set, value.object, value.property) == (None, b"", 5, True)


def test_type_hints_of_such_fields(names):
    hints = typing.get_type_hints(names.Named)
    assert hints["more"] == list[int]
    assert hints["text"] is str
    assert hints["len"] is int
    assert typing.get_type_hints(names.Object.append)["list"] == list[int]
    assert typing.get_type_hints(names.list) == {"items": list[int], "return": list[int]}


def test_fields_named_as_the_generated_codes_variables(names):
    value = names.Inner(
        value=1, add="a", taken="t", b=2, o=3, typing="x", dataclasses="y", handle=4, other=None, fields=["z"]
    )
    assert names.echo_inner(value) == value


def test_variants(names):
    for member in names.Reserved:
        assert names.echo_reserved(member) is member
    assert len(names.Reserved) == 6
    token = names.Token
    for value in (
        token.INT(int=5),
        token.STR(str="s"),
        token.NAMED(named=named(names)),
        token.LIST([1], ["a"]),
        token.NONE(),
    ):
        assert names.echo_token(value) == value


def test_errors(names):
    names.fail(0)
    with pytest.raises(names.NameError.ValueError) as info:
        names.fail(1)
    assert "mine" in str(info.value)
    with pytest.raises(names.NameError.TypeError) as info:
        names.fail(2)
    assert info.value.message == "said"
    with pytest.raises(names.NameError.Exception):
        names.fail(3)
    assert not issubclass(names.NameError.ValueError, ValueError)


def test_collections(names):
    assert names.echo_map({"a": 1}) == {"a": 1}


def test_async_functions(names):
    assert asyncio.run(names.echo_later([1, 2], str="x")) == "x2"


def test_methods(names):
    value = names.Object([1])
    assert value.list() == [1]
    assert value.append([2]) == [1, 2]
    assert value._class() == "Object"
    assert value.str() == "text"
    assert value.echo("x") == "x"
    assert value.greet("x", _cls="y") == value.greet(_self="x", _cls="y") == "x y"
    assert names.Object.of(_cls=[3], _self=4).list() == [3, 4]


def test_callbacks(names):
    class Handler(names.Handler):
        def handle(self, handle, out, status, free):
            return f"{handle} {out} {status} {free}"

        def free(self):
            return 5

        def clone(self):
            return 6

    assert names.use_handler(Handler()) == "7 out -1 True 5 6"

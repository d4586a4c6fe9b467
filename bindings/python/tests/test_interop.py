"""The small functions, each against what it promises."""

from __future__ import annotations

import json
import os
import random
from typing import Any

import pytest
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from hypothesis import given
from hypothesis import strategies as st

import sitelift
from sitelift import interop

I64 = (-(2**63), 2**63 - 1)

# What does not fit into Rust's integer: a message, whatever its class.
OUT_OF_RANGE = (ValueError, OverflowError)


def wrapped(number: int) -> int:
    """Return a number as 64 bits hold it."""
    return (number + 2**63) % 2**64 - 2**63


def test_greeting() -> None:
    assert interop.greeting() == "Hello from Rust!"


@pytest.mark.parametrize("name", ["World", "", "Zoë 🦀", "a\0b", "x" * 100_000])
def test_greet(name: str) -> None:
    assert interop.greet(name) == f"Hello, {name}!"


@pytest.mark.parametrize("wrong", [None, 1, b"bytes", ["list"]])
def test_greet_takes_text_only(wrong: Any) -> None:
    with pytest.raises(TypeError):
        interop.greet(wrong)


@pytest.mark.parametrize(
    ("a", "b", "total"),
    [
        (0, 0, 0),
        (2, 3, 5),
        (-5, 3, -2),
        (I64[1], 1, I64[0]),
        (I64[0], -1, I64[1]),
        (I64[0], I64[0], 0),
        (I64[1], I64[1], -2),
    ],
)
def test_add(a: int, b: int, total: int) -> None:
    assert interop.add(a, b) == total


@given(st.integers(*I64), st.integers(*I64))
def test_add_wraps_at_64_bits(a: int, b: int) -> None:
    assert interop.add(a, b) == wrapped(a + b)


@pytest.mark.parametrize("wrong", [I64[1] + 1, I64[0] - 1, 2**64, -(10**30)])
def test_add_refuses_what_64_bits_cannot_hold(wrong: int) -> None:
    with pytest.raises(OUT_OF_RANGE, match="64"):
        interop.add(wrong, 0)
    with pytest.raises(OUT_OF_RANGE, match="64"):
        interop.add(0, wrong)


@pytest.mark.parametrize("wrong", ["1", None, 1.5, [1]])
def test_add_takes_integers_only(wrong: Any) -> None:
    with pytest.raises(TypeError):
        interop.add(wrong, 1)
    with pytest.raises(TypeError):
        interop.add(1, wrong)


@pytest.mark.parametrize("n", [0, 1, 2, 3, 10, 100, 99_999])
def test_gsum(n: int) -> None:
    assert interop.gsum(n) == sum(range(n + 1))


@pytest.mark.parametrize("wrong", [-1, 2**64])
def test_gsum_refuses_what_is_not_unsigned(wrong: int) -> None:
    with pytest.raises(OUT_OF_RANGE):
        interop.gsum(wrong)


def test_hello_world_prints(capfd: pytest.CaptureFixture[str]) -> None:
    interop.hello_world()
    assert capfd.readouterr() == ("Hello, world!\n", "")


@pytest.mark.parametrize(
    ("number", "text", "line", "result"),
    [
        (4, "tintin", "4 tintin", 10),
        (0, "", "0 ", 0),
        (-1, "é🦀", "-1 é🦀", 5),
        (7, "a\0b", "7 a\0b", 10),
        (I64[1], "ab", f"{I64[1]} ab", I64[0] + 1),
    ],
)
def test_print_this(number: int, text: str, line: str, result: int, capfd: pytest.CaptureFixture[str]) -> None:
    assert interop.print_this(number, text) == result
    assert capfd.readouterr() == (f"{line}\n", "")


@pytest.mark.parametrize(
    ("text", "answer", "length"),
    [
        ("test", "Hello there from Rust code 'test';", 34),
        ("", "Hello there from Rust code '';", 30),
        ("né🦀", "Hello there from Rust code 'né🦀';", 37),
    ],
)
def test_hello_there(text: str, answer: str, length: int) -> None:
    given = interop.TestData(data=text, len=-3)
    returned = interop.hello_there(given)
    assert (returned.data, returned.len) == (answer, length)
    assert type(returned) is interop.TestData
    assert returned is not given
    assert given == interop.TestData(data=text, len=-3)


@pytest.mark.parametrize(
    ("text", "shortest"),
    [
        (' { "b" : [ 1 , 2.5 , null ] , "a" : { } } ', '{"b":[1,2.5,null],"a":{}}'),
        ('\r\n\t"x"', '"x"'),
        ("-0.5", "-0.5"),
        ("18446744073709551615", "18446744073709551615"),
        ("-9223372036854775808", "-9223372036854775808"),
        (r'"\u00e9\ud83e\udd80"', '"é🦀"'),
        (r'"\u0000"', r'"\u0000"'),
        ("[" * 100 + "]" * 100, "[" * 100 + "]" * 100),
    ],
)
def test_parse_json(text: str, shortest: str) -> None:
    assert interop.parse_json(text) == shortest


def test_parse_json_keeps_the_order_of_keys() -> None:
    keys = [str(number) for number in range(200)]
    random.Random(1).shuffle(keys)
    parsed = json.loads(interop.parse_json(json.dumps(dict.fromkeys(keys, 0))))
    assert list(parsed) == keys


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(*I64) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(JSON)
def test_parse_json_means_what_python_means(value: Any) -> None:
    assert json.loads(interop.parse_json(json.dumps(value, indent=1))) == value


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ('{"a": }', 1, 7),
        ("[1,\n 2,\n ]", 3, 2),
        ('{"é": }', 1, 8),
        ("nul", 1, 3),
        ("", 1, 0),
        ("[1] x", 1, 5),
        ("[01]", 1, 3),
        ("\ufeff[]", 1, 1),
        ("['a']", 1, 2),
    ],
)
def test_parse_json_says_where_it_went_wrong(text: str, line: int, column: int) -> None:
    with pytest.raises(sitelift.InvalidJsonError) as caught:
        interop.parse_json(text)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert caught.value.reason
    assert str(caught.value) == caught.value.reason


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, r'"\ud800"', "1e999", "NaN", "Infinity", "[1,]"])
def test_parse_json_refuses_without_dying(text: str) -> None:
    with pytest.raises(sitelift.InvalidJsonError):
        interop.parse_json(text)


def masked_by_python(payload: bytes, key: bytes) -> bytes:
    return bytes(byte ^ key[index % 4] for index, byte in enumerate(payload))


# RFC 6455, section 5.7: "Hello" in a masked frame.
RFC_KEY = bytes.fromhex("37fa213d")
RFC_MASKED = bytes.fromhex("7f9f4d5158")


def test_websocket_mask_as_in_the_rfc() -> None:
    assert interop.websocket_mask(b"Hello", RFC_KEY) == RFC_MASKED
    assert interop.websocket_mask(RFC_MASKED, RFC_KEY) == b"Hello"


@pytest.mark.parametrize("size", [*range(20), 1000, 64 * 1024, 64 * 1024 + 3, 256 * 1024])
def test_websocket_mask_against_python(size: int) -> None:
    chance = random.Random(size)
    payload, key = chance.randbytes(size), chance.randbytes(4)
    kept = bytes(bytearray(payload))
    masked = interop.websocket_mask(payload, key)
    assert type(masked) is bytes
    assert masked == masked_by_python(payload, key)
    assert payload == kept
    assert interop.websocket_mask(masked, key) == payload


@given(st.binary(max_size=300), st.binary(min_size=4, max_size=4))
def test_websocket_mask_twice_is_nothing(payload: bytes, key: bytes) -> None:
    assert interop.websocket_mask(interop.websocket_mask(payload, key), key) == payload


@pytest.mark.parametrize("size", [0, 1, 5, 64 * 1024, 256 * 1024])
def test_websocket_mask_in_place(size: int) -> None:
    payload = os.urandom(size)
    buffer = bytearray(payload)
    interop.websocket_mask_in_place(buffer, RFC_KEY)
    assert bytes(buffer) == masked_by_python(payload, RFC_KEY)
    interop.websocket_mask_in_place(buffer, RFC_KEY)
    assert bytes(buffer) == payload


@pytest.mark.parametrize("key", [b"", b"abc", b"abcde"])
def test_websocket_mask_refuses_other_keys(key: bytes) -> None:
    buffer = bytearray(b"Hello")
    with pytest.raises(sitelift.InvalidArgumentError, match="4 bytes") as caught:
        interop.websocket_mask_in_place(buffer, key)
    assert caught.value.argument == "key"
    assert buffer == b"Hello"
    with pytest.raises(sitelift.InvalidArgumentError, match=f"has {len(key)}"):
        interop.websocket_mask(b"Hello", key)


def pack_class() -> Any:
    """Make `message Pack { string data = 1; int64 len = 2; }` with the real library."""
    kinds = descriptor_pb2.FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(name="pack.proto", package="sitelift.test", syntax="proto3")
    message = file.message_type.add(name="Pack")
    message.field.add(name="data", number=1, type=kinds.TYPE_STRING, label=kinds.LABEL_OPTIONAL)
    message.field.add(name="len", number=2, type=kinds.TYPE_INT64, label=kinds.LABEL_OPTIONAL)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("sitelift.test.Pack"))


Pack = pack_class()


@given(st.text(), st.integers(*I64))
def test_get_data_info(text: str, length: int) -> None:
    answer = Pack.FromString(interop.get_data_info(Pack(data=text, len=length).SerializeToString()))
    assert (answer.data, answer.len) == (text, len(text.encode()))


def test_get_data_info_of_nothing_and_of_much() -> None:
    assert interop.get_data_info(b"") == b""
    text = "é" * 500_000
    answer = Pack.FromString(interop.get_data_info(Pack(data=text).SerializeToString()))
    assert (answer.data, answer.len) == (text, 1_000_000)


@pytest.mark.parametrize(
    "unknown",
    [b"\x18\x05", b"\x22\x03abc", b"\x2d\x01\x02\x03\x04", b"\x31\x01\x02\x03\x04\x05\x06\x07\x08"],
    ids=["varint", "bytes", "fixed32", "fixed64"],
)
def test_get_data_info_passes_over_unknown_fields(unknown: bytes) -> None:
    known: bytes = Pack(data="abc").SerializeToString()
    for message in (unknown + known, known + unknown):
        answer = Pack.FromString(interop.get_data_info(message))
        assert (answer.data, answer.len) == ("abc", 3)


@pytest.mark.parametrize(
    "message",
    [
        b"\x0a\x05ab",
        b"\x0a\x02\xff\xfe",
        b"\xff" * 11,
        b"\x08\x05",
        b"\x07",
        b"\x0a",
    ],
    ids=["cut short", "not UTF-8", "endless varint", "wrong wire type", "no wire type", "no length"],
)
def test_get_data_info_refuses_other_bytes(message: bytes) -> None:
    with pytest.raises(sitelift.InvalidProtobufError, match="Pack"):
        interop.get_data_info(message)


def test_version() -> None:
    assert interop.version() == sitelift.__version__
    assert [part.isdigit() for part in interop.version().split(".")] == [True] * 3

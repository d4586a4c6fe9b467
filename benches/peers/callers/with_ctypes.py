"""The rows through ctypes, for any library that has the functions of `c/boundary.h`."""

from __future__ import annotations

import ctypes
from ctypes import POINTER, c_bool, c_char, c_char_p, c_double, c_int32, c_size_t, c_uint32, c_uint64, c_void_p
from types import SimpleNamespace
from typing import Any

from callers.c_records import Direction, FailureError, TestData

CALLBACK = ctypes.CFUNCTYPE(c_int32, c_int32)


class Given(ctypes.Structure):
    """A record that goes in; ctypes keeps the bytes alive."""

    _fields_ = (("data", c_char_p), ("len", c_int32))


class Answer(ctypes.Structure):
    """A record that comes out; its string is ours to free, so its address is kept."""

    _fields_ = (("data", c_void_p), ("len", c_int32))


# What each function returns, and takes.
PROTOTYPES: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "string_free": (None, (c_void_p,)),
    "noop": (None, ()),
    "add": (c_int32, (c_int32, c_int32)),
    "gsum": (c_uint64, (c_uint64,)),
    "greet": (c_void_p, (c_char_p,)),
    "hello_there": (None, (POINTER(Given), POINTER(Answer))),
    "counter_new": (c_void_p, ()),
    "counter_increment": (c_uint64, (c_void_p,)),
    "counter_free": (None, (c_void_p,)),
    "turn": (c_int32, (c_int32,)),
    "may_fail": (c_bool, (c_bool, POINTER(c_int32), POINTER(c_void_p))),
    "sum_floats": (c_double, (POINTER(c_double), c_uint32)),
    "floats": (None, (POINTER(c_double), c_uint32)),
    "strings": (POINTER(c_char_p), (c_uint32,)),
    "strings_free": (None, (POINTER(c_char_p), c_uint32)),
    "mask": (None, (c_char_p, c_void_p, c_size_t, c_uint32)),
    "sum_calls": (c_int32, (CALLBACK, c_int32)),
}


def load(path: str) -> SimpleNamespace:  # noqa: C901
    """Load a library, and return the functions of the rows."""
    library = ctypes.CDLL(path)
    native = SimpleNamespace()
    for name, (returns, takes) in PROTOTYPES.items():
        function = getattr(library, f"boundary_{name}")
        function.restype, function.argtypes = returns, takes
        setattr(native, name, function)

    def take(address: int) -> str:
        string = ctypes.string_at(address).decode()
        native.string_free(address)
        return string

    class Counter:
        """An object with a method."""

        def __init__(self) -> None:
            self.handle = native.counter_new()

        def __del__(self) -> None:
            native.counter_free(self.handle)

        def increment(self) -> int:
            return native.counter_increment(self.handle)  # type: ignore[no-any-return]

    def greet(name: str) -> str:
        return take(native.greet(name.encode()))

    def hello_there(given: TestData) -> TestData:
        answer = Answer()
        native.hello_there(Given(given.data.encode(), given.len), answer)
        return TestData(take(answer.data), answer.len)

    def turn(direction: Direction) -> Direction:
        return Direction(native.turn(direction))

    def may_fail(fail: bool) -> int:
        value, what = c_int32(), c_void_p()
        if not native.may_fail(fail, value, what):
            raise FailureError(take(what.value or 0))
        return value.value

    def sum_floats(values: list[float]) -> float:
        count = len(values)
        return native.sum_floats((c_double * count)(*values), count)  # type: ignore[no-any-return]

    def floats(count: int) -> list[float]:
        values = (c_double * count)()
        native.floats(values, count)
        return values[:]

    def strings(count: int) -> list[str]:
        found = native.strings(count)
        answer = [string.decode() for string in found[:count]]
        native.strings_free(found, count)
        return answer

    def mask(data: bytes, key: int) -> bytearray:
        size = len(data)
        answer = bytearray(size)
        native.mask(data, (c_char * size).from_buffer(answer), size, key)
        return answer

    return SimpleNamespace(
        noop=native.noop,
        add=native.add,
        gsum=native.gsum,
        greet=greet,
        TestData=TestData,
        hello_there=hello_there,
        Counter=Counter,
        Direction=Direction,
        turn=turn,
        Failure=FailureError,
        may_fail=may_fail,
        sum_floats=sum_floats,
        floats=floats,
        strings=strings,
        mask=mask,
        callback=CALLBACK,
        sum_calls=native.sum_calls,
    )

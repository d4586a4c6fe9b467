"""The rows through ctypes, for any library that has the functions of `c/boundary.h`; its pages are in `c_pages.py`."""

from __future__ import annotations

import ctypes
from array import array
from ctypes import POINTER, c_bool, c_char, c_char_p, c_double, c_int32, c_size_t, c_uint32, c_uint64, c_void_p
from types import SimpleNamespace
from typing import Any

from callers.c_pages import CSite, page_functions
from callers.c_records import Circle, Direction, Empty, FailureError, Named, Rectangle, Shape
from callers.records import TestData

CALLBACK = ctypes.CFUNCTYPE(c_int32, c_int32)


class Given(ctypes.Structure):
    """A record that goes in; ctypes keeps the bytes alive."""

    _fields_ = (("data", c_char_p), ("len", c_int32))


class Answer(ctypes.Structure):
    """A record that comes out; its string is ours to free, so its address is kept."""

    _fields_ = (("data", c_void_p), ("len", c_int32))


class GivenShape(ctypes.Structure):
    """A shape that goes in."""

    _fields_ = (("kind", c_int32), ("radius", c_double), ("width", c_double), ("height", c_double), ("name", c_char_p))


class AnswerShape(ctypes.Structure):
    """A shape that comes out."""

    _fields_ = (("kind", c_int32), ("radius", c_double), ("width", c_double), ("height", c_double), ("name", c_void_p))


# What each function returns, and takes.
PROTOTYPES: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "string_free": (None, (c_void_p,)),
    "noop": (None, ()),
    "add": (c_int32, (c_int32, c_int32)),
    "gsum": (c_uint64, (c_uint64,)),
    "greet": (c_void_p, (c_char_p,)),
    "hello_there": (None, (POINTER(Given), POINTER(Answer))),
    "make_site": (None, (c_uint32, POINTER(CSite))),
    "echo_site": (None, (POINTER(CSite), POINTER(CSite))),
    "take_site": (c_uint32, (POINTER(CSite),)),
    "make_sites": (POINTER(CSite), (c_uint32,)),
    "site_free": (None, (POINTER(CSite),)),
    "sites_free": (None, (POINTER(CSite), c_uint32)),
    "counter_new": (c_void_p, ()),
    "counter_increment": (c_uint64, (c_void_p,)),
    "counter_free": (None, (c_void_p,)),
    "turn": (c_int32, (c_int32,)),
    "double": (None, (POINTER(GivenShape), POINTER(AnswerShape))),
    "may_fail": (c_bool, (c_bool, POINTER(c_int32), POINTER(c_void_p))),
    "sum_floats": (c_double, (POINTER(c_double), c_uint32)),
    "floats": (None, (POINTER(c_double), c_uint32)),
    "total_length": (c_uint32, (POINTER(c_char_p), c_uint32)),
    "strings": (POINTER(c_char_p), (c_uint32,)),
    "strings_free": (None, (POINTER(c_char_p), c_uint32)),
    "mask": (None, (c_char_p, c_void_p, c_size_t, c_uint32)),
    "sum_calls": (c_int32, (CALLBACK, c_int32)),
}


def load(path: str) -> SimpleNamespace:
    """Load a library, and return the functions of the rows."""
    library = ctypes.CDLL(path)
    native = SimpleNamespace()
    for name, (returns, takes) in PROTOTYPES.items():
        function = getattr(library, f"boundary_{name}")
        function.restype, function.argtypes = returns, takes
        setattr(native, name, function)
    return SimpleNamespace(
        noop=native.noop,
        add=native.add,
        gsum=native.gsum,
        callback=CALLBACK,
        sum_calls=native.sum_calls,
        **record_functions(native),
        **page_functions(native),
        **array_functions(native),
    )


def record_functions(native: SimpleNamespace) -> dict[str, Any]:  # noqa: C901
    """Return the functions of strings, small records, enums, objects and errors."""

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

    def double(shape: Shape) -> Shape:
        answer = AnswerShape()
        native.double(given_shape(shape), answer)
        match answer.kind:
            case 0:
                return Circle(answer.radius)
            case 1:
                return Rectangle(answer.width, answer.height)
            case 2:
                return Named(take(answer.name))
        return Empty()

    def may_fail(fail: bool) -> int:
        value, what = c_int32(), c_void_p()
        if not native.may_fail(fail, value, what):
            raise FailureError(take(what.value or 0))
        return value.value

    return {
        "greet": greet,
        "TestData": TestData,
        "hello_there": hello_there,
        "Counter": Counter,
        "Direction": Direction,
        "turn": turn,
        "Rectangle": Rectangle,
        "double": double,
        "Failure": FailureError,
        "may_fail": may_fail,
    }


def given_shape(shape: Shape) -> GivenShape:
    """Return a shape as C has it."""
    if isinstance(shape, Rectangle):
        return GivenShape(1, 0.0, shape.width, shape.height)
    if isinstance(shape, Circle):
        return GivenShape(0, shape.radius)
    if isinstance(shape, Named):
        return GivenShape(2, name=shape.name.encode())
    return GivenShape(3)


def array_functions(native: SimpleNamespace) -> dict[str, Any]:
    """Return the functions of numbers, strings and bytes by the thousand."""

    def sum_floats(values: list[float]) -> float:
        count = len(values)
        return native.sum_floats((c_double * count).from_buffer(array("d", values)), count)  # type: ignore[no-any-return]

    def floats(count: int) -> list[float]:
        values = (c_double * count)()
        native.floats(values, count)
        return values[:]

    def total_length(values: list[str]) -> int:
        count = len(values)
        return native.total_length((c_char_p * count)(*[value.encode() for value in values]), count)  # type: ignore[no-any-return]

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

    return {
        "sum_floats": sum_floats,
        "floats": floats,
        "total_length": total_length,
        "strings": strings,
        "mask": mask,
    }

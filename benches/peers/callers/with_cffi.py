"""The rows through cffi: in API mode, which needs a compiler, and in ABI mode, which does not."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from callers.c_records import Circle, Direction, Empty, FailureError, Named, Rectangle, Shape
from callers.cffi_pages import page_functions
from callers.records import TestData

if TYPE_CHECKING:
    from collections.abc import Callable

# In API mode, Python's side of the callback is a C function of its own.
ANSWER = 'extern "Python" int32_t boundary_answer(int32_t number);'


def declarations(folder: str) -> str:
    """Return the headers' text without what is for the preprocessor, which cffi has none of."""
    lines = [line for name in ("records.h", "boundary.h") for line in (Path(folder) / name).read_text().splitlines()]
    return "\n".join(line for line in lines if not line.startswith("#"))


def load_abi(path: str, folder: str) -> SimpleNamespace:
    """Load the library in ABI mode, and return the functions of the rows."""
    from cffi import FFI  # noqa: PLC0415, API mode does without it

    ffi = FFI()
    ffi.cdef(declarations(folder))
    return functions(ffi, ffi.dlopen(path), lambda answer: ffi.callback("int32_t(int32_t)", answer))


def load_api() -> SimpleNamespace:
    """Load the library in API mode, and return the functions of the rows."""
    from boundary_cffi import ffi, lib  # noqa: PLC0415, ABI mode does without it

    def callback(answer: Callable[[int], int]) -> Any:
        ffi.def_extern(name="boundary_answer")(answer)
        return lib.boundary_answer

    return functions(ffi, lib, callback)


def functions(ffi: Any, lib: Any, callback: Callable[[Callable[[int], int]], Any]) -> SimpleNamespace:
    """Return the functions of the rows."""
    return SimpleNamespace(
        noop=lib.boundary_noop,
        add=lib.boundary_add,
        gsum=lib.boundary_gsum,
        callback=callback,
        sum_calls=lib.boundary_sum_calls,
        **record_functions(ffi, lib),
        **page_functions(ffi, lib),
        **array_functions(ffi, lib),
    )


def record_functions(ffi: Any, lib: Any) -> dict[str, Any]:  # noqa: C901
    """Return the functions of strings, small records, enums, objects and errors."""

    def take(pointer: Any) -> str:
        string: str = ffi.string(pointer).decode()
        lib.boundary_string_free(pointer)
        return string

    class Counter:
        """An object with a method."""

        def __init__(self) -> None:
            self.handle = ffi.gc(lib.boundary_counter_new(), lib.boundary_counter_free)

        def increment(self) -> int:
            return lib.boundary_counter_increment(self.handle)  # type: ignore[no-any-return]

    def greet(name: str) -> str:
        return take(lib.boundary_greet(name.encode()))

    def hello_there(given: TestData) -> TestData:
        data = ffi.from_buffer("char[]", given.data.encode() + b"\0")
        answer = ffi.new("boundary_test_data *")
        lib.boundary_hello_there(ffi.new("boundary_test_data *", (data, given.len)), answer)
        return TestData(take(answer.data), answer.len)

    def turn(direction: Direction) -> Direction:
        return Direction(lib.boundary_turn(direction))

    def given_shape(shape: Shape) -> Any:
        """Return a shape as C has it, and what it points to."""
        if isinstance(shape, Rectangle):
            return ffi.new("boundary_shape *", (1, 0.0, shape.width, shape.height)), None
        if isinstance(shape, Circle):
            return ffi.new("boundary_shape *", (0, shape.radius)), None
        if isinstance(shape, Named):
            name = ffi.from_buffer("char[]", shape.name.encode() + b"\0")
            return ffi.new("boundary_shape *", {"kind": 2, "name": name}), name
        return ffi.new("boundary_shape *", (3,)), None

    def double(shape: Shape) -> Shape:
        given, _name = given_shape(shape)
        answer = ffi.new("boundary_shape *")
        lib.boundary_double(given, answer)
        match answer.kind:
            case 0:
                return Circle(answer.radius)
            case 1:
                return Rectangle(answer.width, answer.height)
            case 2:
                return Named(take(answer.name))
        return Empty()

    def may_fail(fail: bool) -> int:
        value, what = ffi.new("int32_t *"), ffi.new("char **")
        if not lib.boundary_may_fail(fail, value, what):
            raise FailureError(take(what[0]))
        return value[0]  # type: ignore[no-any-return]

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


def array_functions(ffi: Any, lib: Any) -> dict[str, Any]:
    """Return the functions of numbers, strings and bytes by the thousand."""

    def sum_floats(values: list[float]) -> float:
        return lib.boundary_sum_floats(values, len(values))  # type: ignore[no-any-return]

    def floats(count: int) -> list[float]:
        values = ffi.new("double[]", count)
        lib.boundary_floats(values, count)
        return ffi.unpack(values, count)  # type: ignore[no-any-return]

    def total_length(values: list[str]) -> int:
        texts = [ffi.from_buffer("char[]", value.encode() + b"\0") for value in values]
        return lib.boundary_total_length(texts, len(texts))  # type: ignore[no-any-return]

    def strings(count: int) -> list[str]:
        found = lib.boundary_strings(count)
        answer = [ffi.string(string).decode() for string in ffi.unpack(found, count)]
        lib.boundary_strings_free(found, count)
        return answer

    def mask(data: bytes, key: int) -> bytearray:
        answer = bytearray(len(data))
        lib.boundary_mask(data, ffi.from_buffer("uint8_t[]", answer), len(data), key)
        return answer

    return {
        "sum_floats": sum_floats,
        "floats": floats,
        "total_length": total_length,
        "strings": strings,
        "mask": mask,
    }

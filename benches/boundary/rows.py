"""The rows: what is called with what, and what must come out of it."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import SimpleNamespace

SITE_FIELDS = (
    *("id", "url", "host", "title", "lang", "charset", "path", "scheme", "description", "author", "canonical"),
    *("favicon", "published", "modified", "status", "depth", "size", "tags", "meta"),
)
DIRECTIONS = ("NORTH", "EAST", "SOUTH", "WEST")
KEY = 0x1234_5678
CALLBACKS = 100


@dataclass
class Case:
    """One call of one implementation."""

    call: Callable[..., Any]
    arguments: tuple[Any, ...] = ()
    # Makes plain data of the answer, or of the error, to be compared with the others'.
    plain: Callable[[Any], Any] = lambda answer: answer
    raises: type[Exception] | None = None
    awaits: bool = False
    # How often one call crosses the boundary.
    crossings: int = 1

    def answer(self) -> Any:
        """Call once, and return the answer as plain data."""
        if self.awaits:
            return self.plain(asyncio.run(self._awaited()))
        if self.raises is None:
            return self.plain(self.call(*self.arguments))
        try:
            self.call(*self.arguments)
        except self.raises as error:
            return self.plain(error)
        return "no error was raised"

    async def _awaited(self) -> Any:
        return await self.call(*self.arguments)


@dataclass
class Row:
    """What one row calls; an implementation without that function has no figure there."""

    function: str
    case: Callable[[SimpleNamespace], Case]


def test_data_reader(functions: SimpleNamespace) -> Callable[[Any], Any]:
    """Return what makes plain data of the smallest record."""
    read = getattr(functions, "read_test_data", lambda record: record)

    def plain(answer: Any) -> Any:
        record = read(answer)
        return {"data": record.data, "len": record.len}

    return plain


def site_reader(functions: SimpleNamespace) -> Callable[[Any], Any]:
    """Return what makes plain data of a page; some implementations must read theirs in their own way first."""
    read = getattr(functions, "read_site", lambda site: site)

    def plain(answer: Any) -> Any:
        site = read(answer)
        fields = {name: getattr(site, name) for name in SITE_FIELDS}
        return fields | {"links": [(link.url, link.text, link.rel) for link in site.links]}

    return plain


def sites_reader(functions: SimpleNamespace) -> Callable[[Any], Any]:
    """Return what makes plain data of many pages."""
    plain = site_reader(functions)
    return lambda sites: [plain(site) for site in sites]


def direction_reader(functions: SimpleNamespace) -> Callable[[Any], Any]:
    """Return what makes plain data of a direction; what is not one of the class's own has no name."""
    names = {getattr(functions.Direction, name): name for name in DIRECTIONS}
    return lambda answer: names[answer] if isinstance(answer, functions.Direction) else answer


def shape_reader(functions: SimpleNamespace) -> Callable[[Any], Any]:
    """Return what makes plain data of a rectangle."""
    read = getattr(functions, "read_shape", lambda shape: shape)

    def plain(answer: Any) -> Any:
        shape = read(answer)
        return {"width": shape.width, "height": shape.height}

    return plain


def plain_failure(error: Any) -> Any:
    """Return what is bad."""
    return getattr(error, "what", error.args[0])


def masking(size: int) -> Callable[[SimpleNamespace], Case]:
    """Return the case of masking that many bytes, the same in every run."""
    data = random.Random(size).randbytes(size)
    return lambda functions: Case(functions.mask, (data, KEY), bytes)


def making(count: int) -> Callable[[SimpleNamespace], Case]:
    """Return the case of making that many pages."""
    return lambda functions: Case(functions.make_sites, (count,), sites_reader(functions))


def answer(number: int) -> int:
    """Be called back."""
    return number


ROWS = {
    "noop": Row("noop", lambda f: Case(f.noop)),
    "add": Row("add", lambda f: Case(f.add, (2, 3))),
    "gsum_100": Row("gsum", lambda f: Case(f.gsum, (100,))),
    "greet": Row("greet", lambda f: Case(f.greet, ("World",))),
    "hello_there": Row(
        "hello_there", lambda f: Case(f.hello_there, (f.TestData(data="abc", len=3),), test_data_reader(f))
    ),
    "site_make": Row("make_site", lambda f: Case(f.make_site, (7,), site_reader(f))),
    "site_echo": Row("echo_site", lambda f: Case(f.echo_site, (f.make_site(7),), site_reader(f))),
    "site_take": Row("take_site", lambda f: Case(f.take_site, (f.make_site(7),))),
    "make_sites_100": Row("make_sites", making(100)),
    "make_sites_1000": Row("make_sites", making(1000)),
    "method": Row("Counter", lambda f: Case(f.Counter().increment)),
    "enum_flat": Row("turn", lambda f: Case(f.turn, (f.Direction.EAST,), direction_reader(f))),
    "enum_data": Row("double", lambda f: Case(f.double, (f.Rectangle(width=1.5, height=2.0),), shape_reader(f))),
    "raise": Row("may_fail", lambda f: Case(f.may_fail, (True,), plain_failure, raises=f.Failure)),
    "vec_f64_in": Row("sum_floats", lambda f: Case(f.sum_floats, ([float(i) for i in range(1000)],))),
    "vec_f64_out": Row("floats", lambda f: Case(f.floats, (1000,))),
    "vec_string_in": Row("total_length", lambda f: Case(f.total_length, ([f"string {i}" for i in range(1000)],))),
    "vec_string_out": Row("strings", lambda f: Case(f.strings, (1000,))),
    "mask_64k": Row("mask", masking(64 << 10)),
    "mask_256k": Row("mask", masking(256 << 10)),
    "callback": Row("sum_calls", lambda f: Case(f.sum_calls, (f.callback(answer), CALLBACKS), crossings=CALLBACKS)),
    "await_ready": Row("add_ready", lambda f: Case(f.add_ready, (2, 3), awaits=True)),
}

"""The rows in Python itself. What these functions return is what all others must return."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from types import SimpleNamespace
from typing import TYPE_CHECKING

from callers.records import Link, Site, TestData

if TYPE_CHECKING:
    from collections.abc import Callable


class Direction(Enum):
    """An enum without data."""

    NORTH = 0
    EAST = 1
    SOUTH = 2
    WEST = 3


@dataclass(slots=True)
class Rectangle:
    """One shape of several."""

    width: float
    height: float


class FailureError(Exception):
    """A typed error."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class Counter:
    """An object with a method."""

    def __init__(self) -> None:
        self.count = 0

    def increment(self) -> int:
        """Count one up and return the count."""
        self.count += 1
        return self.count


def noop() -> None:
    """Do nothing."""


def add(a: int, b: int) -> int:
    """Add two numbers."""
    return a + b


async def add_ready(a: int, b: int) -> int:
    """Add two numbers without waiting for anything."""
    return a + b


def gsum(n: int) -> int:
    """Add the numbers up to n."""
    return sum(range(n + 1))


def greet(name: str) -> str:
    """Greet."""
    return f"Hello, {name}!"


def hello_there(given: TestData) -> TestData:
    """Greet with a record."""
    return TestData(f"Hello there, {given.data}", given.len + 13)


def make_site(number: int) -> Site:
    """Make one page."""
    return Site(
        id=f"site-{number:08}",
        url=f"https://www.example.com/section/{number}/index.html",
        host="www.example.com",
        title=f"An example page number {number} – with a title",  # noqa: RUF001, a dash beyond Latin-1 is wanted
        lang="en-GB",
        charset="utf-8",
        path=f"/section/{number}/index.html",
        scheme="https",
        description="A rather longer description of the page, as found in the meta description tag"
        " of the document head.",
        author="Jane Q. Author",
        canonical=f"https://www.example.com/section/{number}/",
        favicon=None,
        published="2024-01-02T03:04:05Z",
        modified=None,
        status=200,
        depth=3,
        size=123_456 + number,
        tags=[f"tag-{k}" for k in range(10)],
        links=[
            Link(
                f"https://www.example.com/link/{k}/target.html",
                f"Link text number {k}",
                None if k % 3 else "nofollow",
            )
            for k in range(50)
        ],
        meta={f"og:key{k}": f"value of the meta key {k}" for k in range(10)},
    )


def make_sites(count: int) -> list[Site]:
    """Make pages."""
    return [make_site(number) for number in range(count)]


def echo_site(site: Site) -> Site:
    """Give a page back: a copy, as everyone else does."""
    return replace(site, tags=list(site.tags), links=[replace(link) for link in site.links], meta=dict(site.meta))


def take_site(site: Site) -> int:
    """Return how many links a page has."""
    return len(site.links)


def turn(direction: Direction) -> Direction:
    """Turn right."""
    return Direction((direction.value + 1) % 4)


def double(shape: Rectangle) -> Rectangle:
    """Make a shape twice as large."""
    return Rectangle(shape.width * 2, shape.height * 2)


def may_fail(fail: bool) -> int:
    """Fail when told to."""
    if fail:
        raise FailureError("thing")
    return 1


def floats(count: int) -> list[float]:
    """Give numbers."""
    return [float(number) for number in range(count)]


def strings(count: int) -> list[str]:
    """Give strings."""
    return [f"string number {number}" for number in range(count)]


def total_length(values: list[str]) -> int:
    """Add the lengths of strings up, in bytes."""
    return sum(len(value.encode()) for value in values)


def mask(data: bytes, key: int) -> bytes:
    """XOR bytes with a key of four, as one large number: the quickest way without a library."""
    size = len(data)
    keys = key.to_bytes(4, "little") * (size // 4 + 1)
    return (int.from_bytes(data, "little") ^ int.from_bytes(keys[:size], "little")).to_bytes(size, "little")


def sum_calls(callback: Callable[[int], int], count: int) -> int:
    """Call back, and add the answers up."""
    return sum(callback(number) for number in range(count))


def load() -> SimpleNamespace:
    """Return the functions of the rows."""
    return SimpleNamespace(
        noop=noop,
        add=add,
        add_ready=add_ready,
        gsum=gsum,
        greet=greet,
        TestData=TestData,
        hello_there=hello_there,
        make_site=make_site,
        make_sites=make_sites,
        echo_site=echo_site,
        take_site=take_site,
        Counter=Counter,
        Direction=Direction,
        turn=turn,
        Rectangle=Rectangle,
        double=double,
        Failure=FailureError,
        may_fail=may_fail,
        sum_floats=sum,
        floats=floats,
        total_length=total_length,
        strings=strings,
        mask=mask,
        callback=lambda answer: answer,
        sum_calls=sum_calls,
    )

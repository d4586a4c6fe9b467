"""What the C ABI's callers hand out: a C ABI knows numbers and pointers only, so each of its users writes these."""

from __future__ import annotations

from enum import IntEnum


class TestData:
    """The smallest record."""

    __slots__ = ("data", "len")

    def __init__(self, data: str, len: int) -> None:  # noqa: A002, the record's name for it
        self.data = data
        self.len = len


class Direction(IntEnum):
    """An enum without data."""

    NORTH = 0
    EAST = 1
    SOUTH = 2
    WEST = 3


class FailureError(Exception):
    """A typed error."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what

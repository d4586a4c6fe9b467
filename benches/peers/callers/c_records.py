"""What a C ABI knows as numbers, as its users hand it out in Python; records are those of `records.py`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Direction(IntEnum):
    """An enum without data."""

    NORTH = 0
    EAST = 1
    SOUTH = 2
    WEST = 3


@dataclass(slots=True)
class Circle:
    """A shape with a radius."""

    radius: float


@dataclass(slots=True)
class Rectangle:
    """A shape with two sides."""

    width: float
    height: float


@dataclass(slots=True)
class Named:
    """A shape with a name."""

    name: str


@dataclass(slots=True)
class Empty:
    """A shape with nothing."""


Shape = Circle | Rectangle | Named | Empty


class FailureError(Exception):
    """A typed error."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what

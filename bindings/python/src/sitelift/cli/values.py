"""What the values of arguments may be, and how they are read."""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}


class CommandError(Exception):
    """The arguments, the input or the output cannot be used: the message is for the user."""


class Pairs(argparse.Action):
    """Gathers pairs in a dictionary; a name that comes twice is an error."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        """Add one."""
        name, value = values
        pairs: dict[str, str] = dict(getattr(namespace, self.dest))
        if name in pairs:
            parser.error(f"argument {option_string}: {name!r} is given twice")
        setattr(namespace, self.dest, pairs | {name: value})


def checked(what: str, given: str) -> str:
    """Return the text, which came as bytes and may not be any."""
    try:
        given.encode()
    except UnicodeEncodeError:
        raise CommandError(f"{what}: {given!r} is not valid UTF-8") from None
    return given


def text(what: str) -> Callable[[str], str]:
    """Return what reads a text."""
    return lambda given: checked(what, given)


def texts(what: str) -> Callable[[str], list[str]]:
    """Return what reads texts with commas between them."""
    return lambda given: [one.strip() for one in checked(what, given).split(",")]


def rule(given: str) -> tuple[str, str]:
    """Read a CSS rule and its name."""
    name, selector = _parts("--select", given, "=")
    if not name:
        raise argparse.ArgumentTypeError(f"{given!r} is not of the form NAME=CSS, such as price=.price")
    return name, selector.strip()


def secret(given: str) -> tuple[str, str]:
    """Read credentials and the place that they are for."""
    place, credentials = _parts("--auth", given, "=")
    if not place:
        # What was given may be a secret, and is not repeated.
        raise argparse.ArgumentTypeError("the value is not of the form PLACE=USER:PASSWORD")
    return place, credentials


def address(given: str) -> tuple[str, str]:
    """Read the address of a host."""
    host, where = _parts("--resolve", given, "=")
    if not host:
        raise argparse.ArgumentTypeError(f"{given!r} is not of the form HOST=ADDRESS, such as example.com=192.0.2.1")
    # In one case, so that a host given twice is seen.
    return host.lower(), where.strip()


def header(given: str) -> tuple[str, str]:
    """Read a header."""
    name, value = _parts("--header", given, ":")
    if not name:
        raise argparse.ArgumentTypeError(f"{given!r} is not of the form 'Name: value'")
    # In one case, so that a name given twice is seen.
    return name.lower(), value.strip()


def _parts(what: str, given: str, between: str) -> tuple[str, str]:
    """Return what stands before and after; nothing before where it is no pair."""
    before, found, after = checked(what, given).partition(between)
    return before.strip() if found else "", after


def count(given: str) -> int:
    """Read a number; the library says what the range is, here it is only made to fit."""
    if not re.fullmatch("[0-9]{1,9}", given):
        raise argparse.ArgumentTypeError(f"{given!r} is not a whole number")
    return int(given)


def size(given: str) -> int:
    """Read a number of bytes."""
    match = re.fullmatch("([0-9]{1,12})([kmg]?)", given.lower())
    if match is None:
        raise argparse.ArgumentTypeError(f"{given!r} is not a number of bytes, such as 500000, 512k, 10m or 2g")
    return int(match[1]) * _UNITS[match[2]]


def shown_size(number: int) -> str:
    """Return a number of bytes as `size` reads it, with the largest suffix that fits."""
    units = ((suffix, unit) for suffix, unit in reversed(_UNITS.items()) if number % unit == 0)
    suffix, unit = next(units)
    return f"{number // unit}{suffix}"

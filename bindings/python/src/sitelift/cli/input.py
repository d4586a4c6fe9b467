"""What commands read."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from sitelift.cli.values import CommandError

if TYPE_CHECKING:
    from collections.abc import Iterator


def place_of(name: str) -> str:
    """Return how to call the file in a message."""
    return "standard input" if name == "-" else name


def read_bytes(name: str) -> bytes:
    """Return all bytes of the file, or of standard input for `-`."""
    if name == "-" and sys.stdin is None:
        raise CommandError("cannot read standard input: it is closed")
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise CommandError(f"cannot read {place_of(name)}: {error.strerror or error}") from error


def listed_urls(name: str) -> Iterator[str]:
    """Yield the URLs that a file lists, as they are wanted: a file of any length is not held."""
    if name == "-" and sys.stdin is None:
        raise CommandError("cannot read standard input: it is closed")
    try:
        with nullcontext(sys.stdin.buffer) if name == "-" else Path(name).open("rb") as lines:
            for number, line in enumerate(lines, 1):
                try:
                    # Some editors of Windows begin a file with a byte order mark.
                    text = line.decode("utf-8-sig" if number == 1 else "utf-8").strip()
                except UnicodeDecodeError:
                    raise CommandError(f"cannot read {place_of(name)}: line {number} is not UTF-8") from None
                if text and not text.startswith("#"):
                    yield text
    except OSError as error:
        raise CommandError(f"cannot read {place_of(name)}: {error.strerror or error}") from error

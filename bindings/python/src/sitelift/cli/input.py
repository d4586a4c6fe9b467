"""What commands read."""

from __future__ import annotations

import sys
from pathlib import Path

from sitelift.cli.arguments import CommandError


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

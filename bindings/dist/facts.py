"""What a library says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import re


@dataclass(frozen=True, slots=True)
class Facts:
    """What is read from a library, in the words of all formats."""

    # As Rust calls it.
    machine: str
    # Which libraries it needs, and which it may need.
    needed: list[str]
    allowed: re.Pattern[str]
    exported: list[str]
    # The system that it runs on, in a few words.
    system: str
    # What only this format can have wrong.
    problem: str | None = None

"""What a terminal may see: texts from pages are hostile until proven otherwise."""

from __future__ import annotations

import re
import sys
from contextlib import suppress
from typing import TextIO

# C0 and C1 controls and DEL (escape sequences begin with one of these), the marks and overrides of
# bidirectional text, the line separators that are not line feeds, and lone surrogates. None is beyond U+FFFF.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def printable(text: str) -> str:
    r"""Return the text in one line, with all that a terminal would obey spelt out: `\x1b`, `\u202e`."""
    return _UNSAFE.sub(lambda match: ascii(match[0])[1:-1], text)


def printable_json(text: str) -> str:
    r"""Return the same JSON, in one line, with such characters spelt `\u202e`: its values stay the same."""
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person watches the stream; a closed one is `None`."""
    return stream is not None and stream.isatty()


def say(message: str) -> None:
    """Write one line to standard error; where nobody can read it, that is no error."""
    if sys.stderr is not None:
        with suppress(OSError):
            print(printable(" ".join(message.split())), file=sys.stderr, flush=True)

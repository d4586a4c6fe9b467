"""Where records are written, and in which format."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from sitelift.cli.fields import plain
from sitelift.cli.terminal import is_terminal, printable, printable_json
from sitelift.cli.values import CommandError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from sitelift import Site
    from sitelift.cli.fields import Fields

    Write = Callable[[Site], None]

_SUFFIXES = {".jsonl": "jsonl", ".json": "json", ".csv": "csv"}


def choose_format(path: str | None, asked: str | None, *, piped: str) -> str:
    """Return the format asked for, else the one the suffix names, else `table` for a terminal or `piped`."""
    if asked is not None:
        return asked
    if path is None:
        return "table" if is_terminal(sys.stdout) else piped
    suffix = Path(path).suffix
    if suffix.lower() not in _SUFFIXES:
        named = f"the suffix {suffix!r} names no format" if suffix else "the name has no suffix"
        raise CommandError(f"-o {path}: {named}; use {', '.join(_SUFFIXES)}, or say --format")
    return _SUFFIXES[suffix.lower()]


@contextmanager
def destination(path: str | None, *, append: bool = False) -> Iterator[TextIO]:
    """Yield the file, or standard output without one, and flush it at the end.

    What goes wrong there is a `CommandError`. A reader of a pipe that went away is a `BrokenPipeError`.
    """
    try:
        if path is None:
            yield _standard_output()
            sys.stdout.flush()
        else:
            # The csv module writes its own line ends, and JSON needs none but line feeds.
            with Path(path).open("a" if append else "w", encoding="utf-8", newline="") as file:
                yield file
    except BrokenPipeError:
        raise
    except OSError as error:
        if path is None:
            discard_output()
            # How Windows says that the pipe is broken.
            if sys.platform == "win32" and error.errno == errno.EINVAL:
                raise BrokenPipeError from error
        place = "standard output" if path is None else path
        raise CommandError(f"cannot write {place}: {error.strerror or error}") from error


def discard_output() -> None:
    """Lead standard output nowhere, so that what its buffer holds is not tried again when Python ends."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
    except (OSError, io.UnsupportedOperation):
        return  # A standard output that is no file has no such buffer.


def writer(output_format: str, out: TextIO, fields: Fields) -> AbstractContextManager[Write]:
    """Return a context that yields the function which writes a record, and completes the output when left."""
    if output_format == "table":
        from sitelift.cli import table  # noqa: PLC0415 (rich takes a while to load)

        return table.rows(out, fields)
    return {"jsonl": _json_lines, "json": _json_array, "csv": _csv}[output_format](out, fields)


def json_text(value: Any) -> str:
    """Return the value as one line of JSON that is safe to print."""
    return printable_json(json.dumps(plain(value), ensure_ascii=False))


def record_text(site: Site, fields: Fields) -> str:
    """Return the record as one line of JSON."""
    return json_text({name: plain(value) for name, value in fields.values(site).items()})


@contextmanager
def _json_lines(out: TextIO, fields: Fields) -> Iterator[Write]:
    def write(site: Site) -> None:
        out.write(record_text(site, fields) + "\n")
        out.flush()

    yield write


@contextmanager
def _json_array(out: TextIO, fields: Fields) -> Iterator[Write]:
    separator = "[\n"

    def write(site: Site) -> None:
        nonlocal separator
        out.write(separator + record_text(site, fields))
        out.flush()
        separator = ",\n"

    try:
        yield write
    finally:
        # Also when interrupted: what was written stays, and is whole.
        out.write("[]\n" if separator == "[\n" else "\n]\n")


@contextmanager
def _csv(out: TextIO, fields: Fields) -> Iterator[Write]:
    """As RFC 4180 has it. Values are never altered, not even those that a spreadsheet takes for a formula."""
    # CSV has no way to spell a control character, so that a terminal gets another spelling than a file.
    safe = printable if is_terminal(out) else str
    lines = csv.writer(out)
    lines.writerow([safe(name) for name in fields.columns()])

    def write(site: Site) -> None:
        lines.writerow([safe(_csv_text(value)) for value in fields.flat_values(site)])
        out.flush()

    yield write


def _csv_text(value: Any) -> str:
    if value is None:
        return ""
    simple = plain(value)
    return simple if isinstance(simple, str) else json_text(simple)


def _standard_output() -> TextIO:
    """Return standard output, set to write exactly what it is given."""
    if sys.stdout is None:
        raise CommandError("cannot write standard output: it is closed")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", newline="")
    return sys.stdout

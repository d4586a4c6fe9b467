"""Records for reading: a table of many, a view of one."""

from __future__ import annotations

import dataclasses
from contextlib import contextmanager
from enum import Enum
from typing import TYPE_CHECKING, Any, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sitelift import Problem
from sitelift.cli.terminal import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sitelift import Site
    from sitelift.cli.fields import Fields

# How much is shown of one text, in characters, and how many entries of a list.
_LONGEST = 400
_ENTRIES = 3

# Columns that are not folded, and the widest that the others may be, so that what matters has room.
_WHOLE = {"status", "port", "lang", "charset"}
_WIDEST = {"site_name": 20}


@contextmanager
def rows(out: TextIO, fields: Fields) -> Iterator[Callable[[Site], None]]:
    """Yield the function that adds a record; the table is written at the end, when the widths are known."""
    table = Table(header_style="bold")
    for name in fields.columns():
        heading = Text(printable(name))
        table.add_column(heading, no_wrap=name in _WHOLE, max_width=_WIDEST.get(name), overflow="fold")

    def add(site: Site) -> None:
        table.add_row(*(_text(_brief(value)) for value in fields.flat_values(site)))

    try:
        yield add
    finally:
        _console(out).print(table)


def view(out: TextIO, fields: Fields, site: Site) -> None:
    """Write the fields of one record that are filled, one under the other."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="bold", no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value in zip(fields.columns(), fields.flat_values(site), strict=True):
        if isinstance(value, list) and value:
            lines = [str(len(value)), *map(_entry, value[:_ENTRIES])]
            if len(value) > _ENTRIES:
                lines.append("…")
            grid.add_row(_text(name), Text("\n").join(map(_text, lines)))
        elif value:
            grid.add_row(_text(name), _text(_entry(value)))
    _console(out).print(grid)


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Leave it to `main`; rich would end the program as failed."""
        raise BrokenPipeError


def _console(out: TextIO) -> Console:
    return _Console(file=out, highlight=False, markup=False, emoji=False)


def _text(text: str) -> Text:
    """Return the text as a cell that is neither obeyed by the terminal nor read as markup."""
    shown = printable(text[: _LONGEST + 1])
    return Text(shown if len(text) <= _LONGEST else f"{shown[:_LONGEST]}…")


def _brief(value: Any) -> str:
    """Return a value in one line."""
    if isinstance(value, list):
        more = f", … ({len(value)})" if len(value) > _ENTRIES else ""
        return ", ".join(map(_entry, value[:_ENTRIES])) + more
    return _entry(value)


def _entry(value: Any) -> str:
    """Return a value that is no list."""
    if value is None or value == {}:
        return ""
    if isinstance(value, Enum):
        return value.name.lower()
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Problem):
        # Its URL is in the record already.
        return f"{_entry(value.kind)}: {value.detail}"
    if dataclasses.is_dataclass(value):
        parts = (getattr(value, field.name) for field in dataclasses.fields(value))
        return "  ".join(str(part) for part in parts if part and part is not True)
    return str(value)

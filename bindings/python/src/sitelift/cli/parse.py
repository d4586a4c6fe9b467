"""`sitelift parse`: from HTML to a record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sitelift import Site
from sitelift.cli.fields import Fields
from sitelift.cli.input import read_bytes
from sitelift.cli.output import choose_format, destination, record_text, writer

if TYPE_CHECKING:
    import argparse


def run(arguments: argparse.Namespace) -> int:
    """Lift the HTML, write its record, and return the exit status."""
    output_format = choose_format(arguments.output, arguments.format, piped="json")
    rules = tuple(arguments.select)
    # One record has room for all of its fields, and is no list.
    shown = Fields.choose("json" if output_format == "table" else output_format, arguments.fields, rules)
    site = Site.from_html(
        read_bytes(arguments.file),
        base_url=arguments.base_url,
        content_type=arguments.content_type,
        select=arguments.select,
        parts=shown.parts,
    )
    with destination(arguments.output) as out:
        if output_format == "table":
            from sitelift.cli import table  # noqa: PLC0415 (rich takes a while to load)

            table.view(out, shown, site)
        elif output_format == "json":
            out.write(record_text(site, shown) + "\n")
        else:
            with writer(output_format, out, shown) as write:
                write(site)
    return 1 if site.error else 0

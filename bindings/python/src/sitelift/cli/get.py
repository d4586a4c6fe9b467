"""`sitelift get`: from URLs to records."""

from __future__ import annotations

import sys
import time
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import TYPE_CHECKING

from sitelift import Client
from sitelift.cli.fetching import fetching_options
from sitelift.cli.fields import Fields
from sitelift.cli.input import listed_urls, place_of
from sitelift.cli.output import choose_format, destination, writer
from sitelift.cli.resume import check_resumable, recorded_urls, without
from sitelift.cli.terminal import is_terminal, say
from sitelift.cli.values import CommandError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator

# Fewer URLs are taken as a list; more are read as there is room for them.
_FEW = 10_000


@dataclass
class Tally:
    """What has happened so far."""

    done: int = 0
    failed: int = 0
    started: float = field(default_factory=time.perf_counter)

    def seconds(self) -> float:
        """Return how long it has taken."""
        return time.perf_counter() - self.started

    def __str__(self) -> str:
        pages = "1 page" if self.done == 1 else f"{self.done} pages"
        return f"{pages} in {self.seconds():.1f} s: {self.done - self.failed} ok, {self.failed} failed"


def run(arguments: argparse.Namespace) -> int:
    """Fetch the pages, write their records as they come, and return the exit status."""
    output_format = choose_format(arguments.output, arguments.format, piped="jsonl")
    fields = Fields.choose(output_format, arguments.fields, tuple(arguments.select))
    options = fetching_options(arguments)
    options["keep_body"] = "body" in fields.names
    options["select"] = arguments.select
    options["parts"] = fields.parts
    client = Client(**options)
    if arguments.resume:
        check_resumable(arguments.output, output_format, fields)
    urls = _urls(arguments)
    tally = Tally()
    with (
        client,
        destination(arguments.output, append=arguments.resume) as out,
        writer(output_format, out, fields) as write,
        # Lines that appear on the same terminal would tear the bar; a table appears when the bar has gone.
        _progress(
            len(urls) if isinstance(urls, list) else None,
            shown=not arguments.quiet and (output_format == "table" or not is_terminal(out)),
        ) as report,
        client.stream(urls) as pages,
    ):
        for page in pages:
            write(page)
            tally.done += 1
            tally.failed += page.error is not None
            report(tally)
    if not arguments.quiet:
        say(str(tally))
    return 1 if tally.failed else 0


def _urls(arguments: argparse.Namespace) -> list[str] | Iterator[str]:
    """Return the URLs: a list where they are few, so that equal ones are fetched once and the bar knows its end."""
    named: list[str] = arguments.urls
    urls = iter(named) if arguments.input is None else chain(named, listed_urls(arguments.input))
    # Who writes into a pipe may wait for the pages of what was written.
    few = 1 if arguments.input == "-" else _FEW
    first = list(islice(urls, few))
    if not first:
        if arguments.input is not None:
            raise CommandError(f"no URL in {place_of(arguments.input)}")
        raise CommandError("no URL given; name some, or a file of them with -i FILE (see `sitelift get --help`)")
    if arguments.resume:
        urls = without(chain(first, urls), recorded_urls(arguments.output))
        first = list(islice(urls, few))
    return first if len(first) < few else chain(first, urls)


def _progress(total: int | None, *, shown: bool) -> AbstractContextManager[Callable[[Tally], None]]:
    if not (shown and is_terminal(sys.stderr)):
        return nullcontext(lambda _: None)
    from sitelift.cli.progress import progress_bar  # noqa: PLC0415 (rich takes a while to load)

    return progress_bar(total)

"""`sitelift get`: from URLs to records."""

from __future__ import annotations

import sys
import time
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sitelift import Client
from sitelift.cli.arguments import CommandError
from sitelift.cli.fields import Fields
from sitelift.cli.input import place_of, read_bytes
from sitelift.cli.output import choose_format, destination, writer
from sitelift.cli.terminal import is_terminal, say

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable


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
    client = Client(
        concurrency=arguments.concurrency,
        per_host=arguments.per_host,
        delay_per_host=arguments.delay,
        retries=arguments.retries,
        obey_robots=arguments.robots,
        deadline=arguments.deadline,
        timeout=arguments.timeout,
        max_body_bytes=arguments.max_body,
        user_agent=arguments.user_agent,
        headers=arguments.headers,
        verify_tls=not arguments.insecure,
        allow_private_networks=arguments.allow_private,
        keep_body="body" in fields.names,
        select=arguments.select,
        parts=fields.parts,
    )
    urls = _urls(arguments)
    tally = Tally()
    with (
        client,
        destination(arguments.output) as out,
        writer(output_format, out, fields) as write,
        # Lines that appear on the same terminal would tear the bar; a table appears when the bar has gone.
        _progress(
            len(urls), shown=not arguments.quiet and (output_format == "table" or not is_terminal(out))
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


def _urls(arguments: argparse.Namespace) -> list[str]:
    urls: list[str] = arguments.urls
    if arguments.input is not None:
        urls = [*urls, *_listed(arguments.input)]
    if not urls:
        if arguments.input is not None:
            raise CommandError(f"no URL in {place_of(arguments.input)}")
        raise CommandError("no URL given; name some, or a file of them with -i FILE (see `sitelift get --help`)")
    return urls


def _listed(name: str) -> list[str]:
    """Return the URLs that a file lists."""
    data = read_bytes(name)
    try:
        # Some editors of Windows begin a file with a byte order mark.
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise CommandError(f"cannot read {place_of(name)}: line {line} is not UTF-8") from None
    lines = (line.strip() for line in text.split("\n"))
    return [line for line in lines if line and not line.startswith("#")]


def _progress(total: int, *, shown: bool) -> AbstractContextManager[Callable[[Tally], None]]:
    if not (shown and is_terminal(sys.stderr)):
        return nullcontext(lambda _: None)
    from sitelift.cli.progress import progress_bar  # noqa: PLC0415 (rich takes a while to load)

    return progress_bar(total)

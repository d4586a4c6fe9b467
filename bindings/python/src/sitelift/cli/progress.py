"""The progress bar."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sitelift.cli.get import Tally


@contextmanager
def progress_bar(total: int | None) -> Iterator[Callable[[Tally], None]]:
    """Show a bar on standard error until left, and yield the function that brings it up to date."""
    bar = Progress(
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[failed]} failed"),
        TextColumn("{task.fields[rate]:.1f}/s"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
        # Records go to standard output as they are.
        redirect_stdout=False,
        redirect_stderr=False,
    )
    task = bar.add_task("", total=total, failed=0, rate=0.0)

    def report(tally: Tally) -> None:
        rate = tally.done / max(tally.seconds(), 1e-9)
        bar.update(task, completed=tally.done, failed=tally.failed, rate=rate)

    with bar:
        yield report

"""Going on with an output file that an earlier run did not finish."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from sitelift.cli.values import CommandError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sitelift.cli.fields import Fields


def check_resumable(path: str | None, output_format: str, fields: Fields) -> None:
    """Refuse what cannot be gone on with."""
    if path is None or output_format != "jsonl":
        raise CommandError("--resume: it goes on with a file of JSON Lines; name it with -o FILE.jsonl")
    if "url" not in fields.names:
        raise CommandError("--resume: records without a url cannot be found again; add url to --fields")


def recorded_urls(path: str) -> Counter[str]:
    """Return how often each URL has a record in the file, which may not be there yet.

    A last line that was cut when the earlier run was killed is taken out of the file.
    """
    found: Counter[str] = Counter()
    try:
        with Path(path).open("rb+") as file:
            good = 0
            for number, line in enumerate(file, 1):
                if not line.endswith(b"\n"):
                    file.truncate(good)
                    break
                good += len(line)
                found[_url_of(line, path, number)] += 1
    except FileNotFoundError:
        return found
    except OSError as error:
        raise CommandError(f"cannot go on with {path}: {error.strerror or error}") from error
    return found


def without(urls: Iterable[str], recorded: Counter[str]) -> Iterator[str]:
    """Yield the URLs that have no record yet; one that is asked for twice has two."""
    for url in urls:
        if recorded[url] > 0:
            recorded[url] -= 1
        else:
            yield url


def _url_of(line: bytes, path: str, number: int) -> str:
    try:
        url = json.loads(line)["url"]
    except (ValueError, TypeError, KeyError):
        url = None
    if not isinstance(url, str):
        reason = f"cannot go on with {path}: line {number} is no record of sitelift with a url"
        raise CommandError(f"{reason}; name another file, or leave --resume out to begin anew")
    return url

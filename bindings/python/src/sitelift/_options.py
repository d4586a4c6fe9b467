"""Options as keyword arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from sitelift._errors import InvalidArgumentError
from sitelift._records import FetchOptions

if TYPE_CHECKING:
    from collections.abc import Mapping


class Options(TypedDict, total=False):
    """The fields of `FetchOptions`, each optional; times are in seconds, sizes in bytes."""

    concurrency: int
    timeout: float
    connect_timeout: float
    read_timeout: float
    max_redirects: int
    max_body_bytes: int
    user_agent: str | None
    headers: Mapping[str, str]
    verify_tls: bool
    allow_private_networks: bool
    keep_body: bool
    select: Mapping[str, str]


def fetch_options(options: Options) -> FetchOptions:
    """Make the record; a name that is no option, or a value of the wrong type, is an `InvalidArgumentError`."""
    known = Options.__annotations__
    for name in options:
        if name not in known:
            reason = f"{name}: no such option; there are {', '.join(known)}"
            raise InvalidArgumentError(name, reason)
    record = FetchOptions()
    for name, value in options.items():
        wanted = getattr(record, name)
        if not _fits(value, wanted, name):
            kind = "text" if name == "user_agent" else type(wanted).__name__
            reason = f"{name}: {value!r} is not of type {kind}"
            raise InvalidArgumentError(name, reason)
        plain = dict(value) if isinstance(wanted, dict) else value  # type: ignore[call-overload]
        setattr(record, name, plain)
    return record


def _fits(value: object, default: object, name: str) -> bool:
    if name == "user_agent":
        return value is None or isinstance(value, str)
    if isinstance(default, bool):
        return isinstance(value, bool)
    if isinstance(default, float):
        return isinstance(value, int | float) and not isinstance(value, bool)
    if isinstance(default, int):
        return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << (32 if name != "max_body_bytes" else 64)
    return hasattr(value, "items") and all(isinstance(k, str) and isinstance(v, str) for k, v in value.items())

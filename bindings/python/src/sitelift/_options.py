"""Options as keyword arguments."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TypedDict

from sitelift._errors import InvalidArgumentError
from sitelift._ffi.sitelift import FetchOptions, Part


class Options(TypedDict, total=False):
    """The fields of `FetchOptions`, each optional; times are in seconds, sizes in bytes."""

    concurrency: int
    per_host: int
    delay_per_host: float
    retries: int
    backoff: float
    obey_robots: bool
    robots_agent: str | None
    deadline: float | None
    timeout: float
    connect_timeout: float
    read_timeout: float
    max_redirects: int
    max_body_bytes: int
    max_bytes_in_flight: int
    accept_types: Collection[str]
    stop_after_head: bool
    http2: bool
    user_agent: str | None
    headers: Mapping[str, str]
    auth: Mapping[str, str]
    cache_dir: str | None
    cache_max_bytes: int
    cookies: bool
    proxy: str | None
    ca_file: str | None
    verify_tls: bool
    allow_private_networks: bool
    resolve: Mapping[str, str]
    keep_body: bool
    select: Mapping[str, str]
    parts: Iterable[Part | str] | None


def fetch_options(options: Options) -> FetchOptions:
    """Make the record; a name that is no option, or a value of the wrong type, is an `InvalidArgumentError`."""
    known = Options.__annotations__
    for name in options:
        if name not in known:
            reason = f"{name}: no such option; there are {', '.join(known)}"
            raise InvalidArgumentError(name, reason)
    record = FetchOptions()
    for name, value in options.items():
        if name == "parts":
            record.parts = checked_parts(value)
            continue
        default = getattr(record, name)
        if wrong := _wrong(name, value, default):
            reason = f"{name}: {value!r} is not {wrong}"
            raise InvalidArgumentError(name, reason)
        kind = type(default)
        setattr(record, name, kind(value) if kind in {dict, list} else value)  # type: ignore[call-overload]
    return record


def checked_parts(wanted: object) -> list[Part] | None:
    """Return the parts; each may be named by its text, such as "article"."""
    if wanted is None:
        return None
    known = {part.name: part for part in Part}
    names = ", ".join(name.lower() for name in known)
    if isinstance(wanted, str | bytes) or not isinstance(wanted, Iterable):
        reason = f"parts: {wanted!r} is not a list of parts; there are {names}"
        raise InvalidArgumentError("parts", reason)
    parts = []
    for one in wanted:
        part = one if isinstance(one, Part) else known.get(one.upper()) if isinstance(one, str) else None
        if part is None:
            reason = f"parts: no part {one!r}; there are {names}"
            raise InvalidArgumentError("parts", reason)
        parts.append(part)
    return parts


# The widths of the numbers that cross; Rust checks the sensible range within them.
_BITS = {"max_body_bytes": 64, "max_bytes_in_flight": 64, "cache_max_bytes": 64}

# The options that may be `None`, and the type of the others' values.
_TEXTS = {"user_agent", "robots_agent", "proxy", "ca_file", "cache_dir"}
_TIMES = {"deadline"}


def _wrong(name: str, value: object, default: object) -> str | None:
    """Return what the value should have been, or nothing where it is good enough to cross."""
    most = (1 << _BITS.get(name, 32)) - 1
    if name in _TEXTS:
        good, wanted = value is None or _is_text(value), "a text without lone surrogates"
    elif name in _TIMES:
        good, wanted = value is None or _is_seconds(value), "a number of seconds"
    elif isinstance(default, bool):
        good, wanted = isinstance(value, bool), "True or False"
    elif isinstance(default, float):
        good, wanted = _is_seconds(value), "a number of seconds"
    elif isinstance(default, int):
        good = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most
        wanted = f"a whole number from 0 to {most}"
    elif isinstance(default, list):
        good = isinstance(value, Collection) and not isinstance(value, str | bytes) and all(map(_is_text, value))
        wanted = "a list of texts without lone surrogates"
    else:
        good = isinstance(value, Mapping) and all(_is_text(k) and _is_text(v) for k, v in value.items())
        wanted = "a mapping of texts to texts without lone surrogates"
    return None if good else wanted


def _is_seconds(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        float(value)
    except OverflowError:
        return False
    return True


def _is_text(value: object) -> bool:
    return isinstance(value, str) and not any("\ud800" <= c <= "\udfff" for c in value)

"""The ways to make a `Site`, and what can be done with one."""

from __future__ import annotations

import dataclasses
import json
from enum import Enum
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from typing_extensions import Buffer, Self, Unpack

    from sitelift._ffi.sitelift import Part, Problem, Site
    from sitelift._options import Options


class SiteMethods:
    """What `Site` can do besides holding values. The generator makes this a base class of it."""

    __slots__ = ()

    if TYPE_CHECKING:
        error: Problem | None
        content_type: str | None

    @classmethod
    def from_url(cls, url: str, **options: Unpack[Options]) -> Site:
        """Fetch and lift one page. What went wrong with it stands in its `error`.

        The options are the fields of `FetchOptions`.
        """
        return cls.from_urls([url], **options)[0]

    @classmethod
    def from_urls(cls, urls: Iterable[str], **options: Unpack[Options]) -> list[Site]:
        """Fetch and lift many pages: one record for each URL, in the order given.

        Equal URLs are fetched once and returned at every index. One bad page never fails the others. The options
        are the fields of `FetchOptions`; calls with equal options share one connection pool.
        """
        from sitelift._client import shared_client  # noqa: PLC0415 (the client is made of sites)

        return shared_client(options).fetch_all(urls)

    @classmethod
    def from_str(cls, url: str, **options: Unpack[Options]) -> Site:
        """Fetch and lift one page: another name of `from_url`."""
        return cls.from_url(url, **options)

    @classmethod
    def from_html(
        cls,
        html: str | Buffer,
        *,
        base_url: str | None = None,
        content_type: str | None = None,
        select: Mapping[str, str] | None = None,
        parts: Iterable[Part | str] | None = None,
        keep_body: bool = True,
    ) -> Site:
        """Lift HTML that is already there; nothing is fetched.

        `base_url` is what relative URLs are resolved against (without it they are left out). `content_type` is the
        HTTP header, whose charset counts for bytes as it does in browsers; text has no charset. `select` are CSS
        rules by name, which may end in `::text` or `::attr(name)`. `parts` are the parts to compute, by name or as
        `Part`, and `keep_body` is whether the record holds the text, as in `FetchOptions`.
        """
        from sitelift._ffi.sitelift import extract  # noqa: PLC0415 (it needs this module first)
        from sitelift._options import checked_parts  # noqa: PLC0415

        wanted = checked_parts(parts)
        rules = dict(select or {})
        for argument, text in (
            ("base_url", base_url),
            ("content_type", content_type),
            *(("select", r) for r in rules.values()),
        ):
            _encoded(argument, text or "")
        if isinstance(html, str):
            # Text has no charset; the header that says so is ours, and does not stand in the record.
            # Nor need the text come back.
            site = extract(_encoded("html", html), base_url, "text/html; charset=utf-8", rules, wanted, keep_body=False)
            if keep_body and site.charset:
                site.body = html.removeprefix("\ufeff")
            site.content_type, site.charset, site.charset_source = content_type, None, None
            return site
        try:
            memoryview(html)
        except TypeError:
            raise _invalid("html", f"text or bytes are wanted, not {type(html).__name__}") from None
        return extract(html, base_url, content_type, rules, wanted, keep_body=keep_body)

    def raise_for_error(self) -> Self:
        """Return the record, or raise `PageError` where it has an `error`."""
        if self.error is not None:
            from sitelift._errors import PageError  # noqa: PLC0415

            raise PageError(self.error)
        return self

    def to_dict(self) -> dict[str, Any]:
        """Return plain dictionaries, lists, texts and numbers; enum values by their lower-case names."""
        record = dataclasses.asdict(cast("Site", self), dict_factory=_plain)
        # A map crosses without its order.
        for name in ("selected", "sources"):
            record[name] = dict(sorted(record[name].items()))
        return record

    def to_json(self) -> str:
        """Return the record as one line of JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False)

    @property
    def contentType(self) -> str | None:  # noqa: N802 (a name from before, kept for its users)
        """Another name of `content_type`."""
        return self.content_type


def _encoded(argument: str, text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise _invalid(
            argument, f"the text holds a lone surrogate at index {error.start}, which is no character"
        ) from None


def _invalid(argument: str, reason: str) -> Exception:
    from sitelift._errors import InvalidArgumentError  # noqa: PLC0415

    return InvalidArgumentError(argument, f"{argument}: {reason}")


def _plain(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return {name: value.name.lower() if isinstance(value, Enum) else value for name, value in pairs}

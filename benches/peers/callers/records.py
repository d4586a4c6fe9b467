"""The records in Python's own terms: dataclasses with slots. PyO3 fills them too."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class TestData:
    """The smallest record."""

    data: str
    len: int


@dataclass(slots=True)
class Link:
    """A link of a page."""

    url: str
    text: str
    rel: str | None


@dataclass(slots=True)
class Site:
    """A page."""

    id: str
    url: str
    host: str
    title: str
    lang: str
    charset: str
    path: str
    scheme: str
    description: str | None
    author: str | None
    canonical: str | None
    favicon: str | None
    published: str | None
    modified: str | None
    status: int
    depth: int
    size: int
    tags: list[str]
    links: list[Link]
    meta: dict[str, str]

"""Pages as C structs, for ctypes."""

from __future__ import annotations

from ctypes import POINTER, Structure, c_char_p, c_int32, c_uint16, c_uint32, c_uint64
from typing import TYPE_CHECKING, Any

from callers.records import Link, Site

if TYPE_CHECKING:
    from types import SimpleNamespace

TEXTS = ("id", "url", "host", "title", "lang", "charset", "path", "scheme")
OPTIONAL_TEXTS = ("description", "author", "canonical", "favicon", "published", "modified")


class CLink(Structure):
    """A link of a page."""

    _fields_ = (("url", c_char_p), ("text", c_char_p), ("rel", c_char_p))


class CEntry(Structure):
    """A key and its value."""

    _fields_ = (("key", c_char_p), ("value", c_char_p))


class CSite(Structure):
    """A page."""

    _fields_ = (
        *((name, c_char_p) for name in (*TEXTS, *OPTIONAL_TEXTS)),
        ("status", c_uint16),
        ("depth", c_int32),
        ("size", c_uint64),
        ("tags", POINTER(c_char_p)),
        ("tag_count", c_uint32),
        ("links", POINTER(CLink)),
        ("link_count", c_uint32),
        ("meta", POINTER(CEntry)),
        ("meta_count", c_uint32),
    )


def given(text: str | None) -> bytes | None:
    """Return a text as C has it."""
    return None if text is None else text.encode()


def answered(text: bytes | None) -> str | None:
    """Return a text of C's."""
    return None if text is None else text.decode()


def given_site(site: Site) -> CSite:
    """Return a page as C has it; ctypes keeps alive what it points to."""
    return CSite(
        site.id.encode(),
        site.url.encode(),
        site.host.encode(),
        site.title.encode(),
        site.lang.encode(),
        site.charset.encode(),
        site.path.encode(),
        site.scheme.encode(),
        given(site.description),
        given(site.author),
        given(site.canonical),
        given(site.favicon),
        given(site.published),
        given(site.modified),
        site.status,
        site.depth,
        site.size,
        (c_char_p * len(site.tags))(*[tag.encode() for tag in site.tags]),
        len(site.tags),
        (CLink * len(site.links))(*[(link.url.encode(), link.text.encode(), given(link.rel)) for link in site.links]),  # type: ignore[misc]
        len(site.links),
        (CEntry * len(site.meta))(*[(key.encode(), value.encode()) for key, value in site.meta.items()]),  # type: ignore[misc]
        len(site.meta),
    )


def answered_site(site: Any) -> Site:
    """Return a page of C's."""
    return Site(
        site.id.decode(),
        site.url.decode(),
        site.host.decode(),
        site.title.decode(),
        site.lang.decode(),
        site.charset.decode(),
        site.path.decode(),
        site.scheme.decode(),
        answered(site.description),
        answered(site.author),
        answered(site.canonical),
        answered(site.favicon),
        answered(site.published),
        answered(site.modified),
        site.status,
        site.depth,
        site.size,
        [tag.decode() for tag in site.tags[: site.tag_count]],
        [Link(link.url.decode(), link.text.decode(), answered(link.rel)) for link in site.links[: site.link_count]],
        {entry.key.decode(): entry.value.decode() for entry in site.meta[: site.meta_count]},
    )


def page_functions(native: SimpleNamespace) -> dict[str, Any]:
    """Return the functions of pages."""

    def make_site(number: int) -> Site:
        answer = CSite()
        native.make_site(number, answer)
        site = answered_site(answer)
        native.site_free(answer)
        return site

    def echo_site(site: Site) -> Site:
        answer = CSite()
        native.echo_site(given_site(site), answer)
        echoed = answered_site(answer)
        native.site_free(answer)
        return echoed

    def take_site(site: Site) -> int:
        return native.take_site(given_site(site))  # type: ignore[no-any-return]

    def make_sites(count: int) -> list[Site]:
        found = native.make_sites(count)
        sites = [answered_site(site) for site in found[:count]]
        native.sites_free(found, count)
        return sites

    return {"make_site": make_site, "echo_site": echo_site, "take_site": take_site, "make_sites": make_sites}

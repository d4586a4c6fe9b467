"""Pages as C structs, for cffi."""

from __future__ import annotations

from typing import Any

from callers.records import Link, Site


def page_functions(ffi: Any, lib: Any) -> dict[str, Any]:
    """Return the functions of pages."""
    string, unpack, null = ffi.string, ffi.unpack, ffi.NULL

    def answered(pointer: Any) -> str | None:
        return string(pointer).decode() if pointer else None

    def answered_site(site: Any) -> Site:
        """Return a page of C's."""
        return Site(
            string(site.id).decode(),
            string(site.url).decode(),
            string(site.host).decode(),
            string(site.title).decode(),
            string(site.lang).decode(),
            string(site.charset).decode(),
            string(site.path).decode(),
            string(site.scheme).decode(),
            answered(site.description),
            answered(site.author),
            answered(site.canonical),
            answered(site.favicon),
            answered(site.published),
            answered(site.modified),
            site.status,
            site.depth,
            site.size,
            [string(tag).decode() for tag in unpack(site.tags, site.tag_count)],
            [
                Link(string(link.url).decode(), string(link.text).decode(), answered(link.rel))
                for link in unpack(site.links, site.link_count)
            ],
            {string(entry.key).decode(): string(entry.value).decode() for entry in unpack(site.meta, site.meta_count)},
        )

    def given_site(site: Site) -> tuple[Any, list[Any]]:
        """Return a page as C has it, and what it points to, which must be kept for as long."""
        kept: list[Any] = []

        def given(text: str) -> Any:
            pointer = ffi.from_buffer("char[]", text.encode() + b"\0")
            kept.append(pointer)
            return pointer

        def optional(text: str | None) -> Any:
            return null if text is None else given(text)

        tags = ffi.new("char *[]", [given(tag) for tag in site.tags])
        links = ffi.new("boundary_link[]", [(given(one.url), given(one.text), optional(one.rel)) for one in site.links])
        meta = ffi.new("boundary_entry[]", [(given(key), given(value)) for key, value in site.meta.items()])
        kept += (tags, links, meta)
        fields = (
            given(site.id),
            given(site.url),
            given(site.host),
            given(site.title),
            given(site.lang),
            given(site.charset),
            given(site.path),
            given(site.scheme),
            optional(site.description),
            optional(site.author),
            optional(site.canonical),
            optional(site.favicon),
            optional(site.published),
            optional(site.modified),
            site.status,
            site.depth,
            site.size,
            tags,
            len(tags),
            links,
            len(links),
            meta,
            len(meta),
        )
        return ffi.new("boundary_site *", fields), kept

    def make_site(number: int) -> Site:
        answer = ffi.new("boundary_site *")
        lib.boundary_make_site(number, answer)
        site = answered_site(answer)
        lib.boundary_site_free(answer)
        return site

    def echo_site(site: Site) -> Site:
        given, _kept = given_site(site)
        answer = ffi.new("boundary_site *")
        lib.boundary_echo_site(given, answer)
        echoed = answered_site(answer)
        lib.boundary_site_free(answer)
        return echoed

    def take_site(site: Site) -> int:
        given, _kept = given_site(site)
        return lib.boundary_take_site(given)  # type: ignore[no-any-return]

    def make_sites(count: int) -> list[Site]:
        found = lib.boundary_make_sites(count)
        sites = [answered_site(site) for site in unpack(found, count)]
        lib.boundary_sites_free(found, count)
        return sites

    return {"make_site": make_site, "echo_site": echo_site, "take_site": take_site, "make_sites": make_sites}

"""What is compared: the same fields from every library, each used as its own users would.

`head` is what a page says of itself: title, language, description, canonical address, Open Graph and Twitter tags,
icons, feeds. `full` adds headings, links with their texts, images, JSON-LD and the number of words. `parse` is the tree
alone. extruct and trafilatura do what they are made for: structured data, and metadata.
"""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    Work = Callable[[str], Any]

BASE = "https://www.example.com/a/page"
HIDDEN = "script, style, noscript, template, iframe"
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
JSON_LD = 'script[type="application/ld+json"]'


@dataclass
class Page:
    """The fields that a peer reads."""

    title: str | None = None
    lang: str | None = None
    description: str | None = None
    canonical: str | None = None
    tags: list[tuple[str, str]] = field(default_factory=list)
    icons: list[str] = field(default_factory=list)
    feeds: list[str] = field(default_factory=list)
    headings: list[tuple[str, str]] = field(default_factory=list)
    links: list[tuple[str, str, str]] = field(default_factory=list)
    images: list[tuple[str, str]] = field(default_factory=list)
    data: list[Any] = field(default_factory=list)
    words: int = 0

    def add_meta(self, attributes: Mapping[str, Any]) -> None:
        """Take a `<meta>`."""
        name = attributes.get("property") or attributes.get("name")
        content = attributes.get("content")
        if name and content is not None:
            if name == "description" and self.description is None:
                self.description = content.strip()
            self.tags.append((name, content.strip()))

    def add_link(self, attributes: Mapping[str, Any]) -> None:
        """Take a `<link>`."""
        href, rels = attributes.get("href"), attributes.get("rel") or ""
        for rel in rels if isinstance(rels, (list, tuple)) else rels.split():
            if href is None:
                return
            if rel == "canonical":
                self.canonical = href.strip()
            elif rel in {"icon", "apple-touch-icon"}:
                self.icons.append(href.strip())
            elif rel == "alternate" and (attributes.get("type") or "").endswith("+xml"):
                self.feeds.append(href.strip())

    def add_data(self, texts: Iterable[str | None]) -> None:
        """Take blocks of JSON-LD."""
        for text in texts:
            with contextlib.suppress(ValueError):
                self.data.append(json.loads(text or ""))


def folded(text: str | None) -> str:
    """Fold white space."""
    return " ".join((text or "").split())


def sitelift() -> dict[str, Work]:
    """Ours, with the record in hand."""
    from sitelift import Site  # noqa: PLC0415

    kind = "text/html; charset=utf-8"
    return {
        "head": lambda html: Site.from_html(html, base_url=BASE, content_type=kind, parts=["meta"]),
        "full": lambda html: Site.from_html(html, base_url=BASE, content_type=kind),
    }


def selectolax() -> dict[str, Work]:
    """Lexbor through selectolax."""
    from selectolax.lexbor import LexborHTMLParser  # noqa: PLC0415

    def head(html: str) -> tuple[Page, Any]:
        tree, page = LexborHTMLParser(html), Page()
        title, root = tree.css_first("title"), tree.css_first("html")
        page.title = folded(title.text()) if title else None
        page.lang = root.attributes.get("lang") if root else None
        for meta in tree.css("meta"):
            page.add_meta(meta.attributes)
        for link in tree.css("link[rel]"):
            page.add_link(link.attributes)
        return page, tree

    def full(html: str) -> Page:
        page, tree = head(html)
        page.headings = [(one.tag, folded(one.text())) for one in tree.css(", ".join(HEADINGS))]
        for one in tree.css("a[href]"):
            its = one.attributes
            page.links.append(((its["href"] or "").strip(), folded(one.text()), its.get("rel") or ""))
        for one in tree.css("img[src]"):
            its = one.attributes
            page.images.append(((its["src"] or "").strip(), its.get("alt") or ""))
        page.add_data(one.text() for one in tree.css(JSON_LD))
        for one in tree.css(HIDDEN):
            one.decompose()
        page.words = len(tree.body.text(separator=" ").split()) if tree.body else 0
        return page

    return {"parse": LexborHTMLParser, "head": head, "full": full}


def turbohtml() -> dict[str, Work]:
    """turbohtml, by selectors."""
    import turbohtml  # noqa: PLC0415

    def plain(element: Any) -> dict[str, str | None]:
        return {
            name: " ".join(value) if isinstance(value, (list, tuple)) else value
            for name, value in element.attrs.items()
        }

    def head(html: str) -> tuple[Page, Any]:
        tree, page = turbohtml.parse(html), Page()
        title, root = tree.select_one("title"), tree.select_one("html")
        page.title = folded(title.text) if title is not None else None
        page.lang = root.attrs.get("lang") if root is not None else None
        for meta in tree.select("meta"):
            page.add_meta(plain(meta))
        for link in tree.select("link[rel]"):
            page.add_link(plain(link))
        return page, tree

    def full(html: str) -> Page:
        page, tree = head(html)
        page.headings = [(one.tag, folded(one.text)) for one in tree.select(", ".join(HEADINGS))]
        for one in tree.select("a[href]"):
            its = plain(one)
            page.links.append(((its["href"] or "").strip(), folded(one.text), its.get("rel") or ""))
        for one in tree.select("img[src]"):
            its = plain(one)
            page.images.append(((its["src"] or "").strip(), its.get("alt") or ""))
        page.add_data(one.text for one in tree.select(JSON_LD))
        body = tree.select_one("body")
        page.words = len(body.to_text().split()) if body is not None else 0
        return page

    return {"parse": turbohtml.parse, "head": head, "full": full}


def lxml() -> dict[str, Work]:
    """libxml2 through lxml, by XPath."""
    from lxml import etree  # noqa: PLC0415
    from lxml import html as parser  # noqa: PLC0415

    hidden = " or ".join(f"ancestor::{name.strip()}" for name in HIDDEN.split(","))
    shown = etree.XPath(f"//body//text()[not({hidden})]")
    utf_8 = parser.HTMLParser(encoding="utf-8")

    def parse(html: str) -> Any:
        return parser.document_fromstring(html.encode(), parser=utf_8)

    def head(html: str) -> tuple[Page, Any]:
        tree, page = parse(html), Page()
        title = tree.find(".//title")
        page.title = folded(title.text_content()) if title is not None else None
        page.lang = tree.get("lang")
        for meta in tree.xpath("//meta"):
            page.add_meta(meta.attrib)
        for link in tree.xpath("//link[@rel]"):
            page.add_link(link.attrib)
        return page, tree

    def full(html: str) -> Page:
        page, tree = head(html)
        page.headings = [
            (one.tag, folded(one.text_content())) for one in tree.xpath("|".join(f"//{name}" for name in HEADINGS))
        ]
        page.links = [
            (one.get("href").strip(), folded(one.text_content()), one.get("rel") or "")
            for one in tree.xpath("//a[@href]")
        ]
        page.images = [(one.get("src").strip(), one.get("alt") or "") for one in tree.xpath("//img[@src]")]
        page.add_data(one.text for one in tree.xpath('//script[@type="application/ld+json"]'))
        page.words = len(" ".join(shown(tree)).split())
        return page

    return {"parse": parse, "head": head, "full": full}


def resiliparse() -> dict[str, Work]:
    """Lexbor through resiliparse."""
    from resiliparse.extract.html2text import extract_plain_text  # noqa: PLC0415
    from resiliparse.parse.html import HTMLTree  # noqa: PLC0415

    def plain(element: Any, names: tuple[str, ...]) -> dict[str, str | None]:
        return {name: element.getattr(name) for name in names}

    def head(html: str) -> tuple[Page, Any]:
        tree, page = HTMLTree.parse(html), Page()
        root = tree.document.query_selector("html")
        page.title = folded(tree.title)
        page.lang = root.getattr("lang") if root else None
        for meta in tree.document.get_elements_by_tag_name("meta"):
            page.add_meta(plain(meta, ("property", "name", "content")))
        for link in tree.document.query_selector_all("link[rel]"):
            page.add_link(plain(link, ("rel", "href", "type")))
        return page, tree

    def full(html: str) -> Page:
        page, tree = head(html)
        document = tree.document
        page.headings = [(one.tag, folded(one.text)) for one in document.query_selector_all(", ".join(HEADINGS))]
        page.links = [
            ((one.getattr("href") or "").strip(), folded(one.text), one.getattr("rel") or "")
            for one in document.query_selector_all("a[href]")
        ]
        page.images = [
            ((one.getattr("src") or "").strip(), one.getattr("alt") or "")
            for one in document.query_selector_all("img[src]")
        ]
        page.add_data(one.text for one in document.query_selector_all(JSON_LD))
        page.words = len(extract_plain_text(tree, main_content=False, preserve_formatting=False).split())
        return page

    return {"parse": HTMLTree.parse, "head": head, "full": full}


def bs4_lxml() -> dict[str, Work]:
    """BeautifulSoup over lxml."""
    import lxml as _  # noqa: F401, PLC0415
    from bs4 import BeautifulSoup  # noqa: PLC0415

    def parse(html: str) -> Any:
        return BeautifulSoup(html, "lxml")

    def head(html: str) -> tuple[Page, Any]:
        tree, page = parse(html), Page()
        title, root = tree.find("title"), tree.find("html")
        page.title = folded(title.get_text()) if title else None
        page.lang = root.get("lang") if root else None
        for meta in tree.find_all("meta"):
            page.add_meta(meta.attrs)
        for link in tree.find_all("link", rel=True):
            page.add_link(link.attrs)
        return page, tree

    def full(html: str) -> Page:
        page, tree = head(html)
        page.headings = [(one.name, folded(one.get_text())) for one in tree.find_all(HEADINGS)]
        page.links = [
            (one["href"].strip(), folded(one.get_text()), " ".join(one.get("rel") or []))
            for one in tree.find_all("a", href=True)
        ]
        page.images = [(one["src"].strip(), one.get("alt", "")) for one in tree.find_all("img", src=True)]
        page.add_data(one.string for one in tree.find_all("script", type="application/ld+json"))
        for one in tree.find_all([name.strip() for name in HIDDEN.split(",")]):
            one.decompose()
        page.words = len((tree.body or tree).get_text(" ").split())
        return page

    return {"parse": parse, "head": head, "full": full}


def extruct() -> dict[str, Work]:
    """extruct: JSON-LD, Open Graph and microdata."""
    import extruct  # noqa: PLC0415

    syntaxes = ["json-ld", "opengraph", "microdata"]
    return {"full": lambda html: extruct.extract(html, base_url=BASE, syntaxes=syntaxes, errors="ignore")}


def trafilatura() -> dict[str, Work]:
    """Metadata by trafilatura."""
    import trafilatura  # noqa: PLC0415

    return {"head": lambda html: trafilatura.extract_metadata(html, default_url=BASE)}


PEERS: dict[str, Callable[[], dict[str, Work]]] = {
    "sitelift": sitelift,
    "selectolax": selectolax,
    "turbohtml": turbohtml,
    "lxml": lxml,
    "resiliparse": resiliparse,
    "bs4-lxml": bs4_lxml,
    "extruct": extruct,
    "trafilatura": trafilatura,
}

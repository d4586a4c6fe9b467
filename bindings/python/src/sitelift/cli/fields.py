"""Which fields of a record are written, and as which values."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from sitelift import Part, Site

if TYPE_CHECKING:
    from collections.abc import Sequence

KNOWN = tuple(field.name for field in dataclasses.fields(Site))

# The fields that are there only when their part is asked for.
_PARTS = {
    "open_graph": Part.META,
    "twitter": Part.META,
    "meta": Part.META,
    "headings": Part.HEADINGS,
    "links": Part.LINKS,
    "images": Part.IMAGES,
    "videos": Part.MEDIA,
    "audio": Part.MEDIA,
    "emails": Part.CONTACTS,
    "phones": Part.CONTACTS,
    "social_profiles": Part.CONTACTS,
    "word_count": Part.TEXT,
    "content_hash": Part.TEXT,
    "page_kind": Part.TEXT,
    "json_ld": Part.JSON_LD,
    "microdata": Part.MICRODATA,
    "rdfa": Part.RDFA,
    "article": Part.ARTICLE,
}
_FULL = tuple(name for name in KNOWN if name not in {"body", "headers"})
_FLAT = (
    "url",
    "final_url",
    "status",
    "title",
    "description",
    "canonical_url",
    "lang",
    "charset",
    "image",
    "favicon",
    "site_name",
    "author",
    "published_at",
    "modified_at",
    "error",
)
_DEFAULTS = {
    "jsonl": _FULL,
    "json": _FULL,
    "csv": _FLAT,
    "table": ("status", "title", "url", "site_name", "error"),
}
FORMATS = tuple(_DEFAULTS)


@dataclass(frozen=True)
class Fields:
    """The fields to write, in order, and the names of the caller's CSS rules."""

    names: tuple[str, ...]
    rules: tuple[str, ...]
    # What must be computed for them; nothing: the library's choice.
    parts: tuple[Part, ...] | None

    @classmethod
    def choose(cls, output_format: str, asked: Sequence[str] | None, rules: Sequence[str]) -> Fields:
        """Return the fields asked for, or those that suit the format.

        Who gives a rule wants to see what it selects: `selected` is always among them.
        """
        names = tuple(asked or _DEFAULTS[output_format])
        if rules and "selected" not in names:
            names = (*names, "selected")
        parts = tuple({_PARTS[name]: None for name in names if name in _PARTS}) if asked else None
        return cls(names, tuple(rules), parts)

    def values(self, site: Site) -> dict[str, Any]:
        """Return the values as they stand in the record, by field."""
        return {name: self._selected(site) if name == "selected" else getattr(site, name) for name in self.names}

    def columns(self) -> list[str]:
        """Return the headings of a flat form, which has a column for each rule."""
        rules = [f"selected.{rule}" for rule in self.rules]
        columns: list[str] = []
        for name in self.names:
            columns += rules if name == "selected" and rules else [name]
        return columns

    def flat_values(self, site: Site) -> list[Any]:
        """Return the values as they stand in the record, by column; `None` for a rule not applied."""
        flat: list[Any] = []
        for name, value in self.values(site).items():
            flat += [value.get(rule) for rule in self.rules] if name == "selected" and self.rules else [value]
        return flat

    def _selected(self, site: Site) -> dict[str, list[str]]:
        """Return what was selected in the order of the rules; the record has it in no order."""
        return {rule: site.selected[rule] for rule in self.rules if rule in site.selected}


def plain(value: Any) -> Any:
    """Return the value as JSON knows it, as `Site.to_dict` does for a whole record."""
    if isinstance(value, Enum):
        return value.name.lower()
    if isinstance(value, list):
        return [plain(item) for item in value]
    if dataclasses.is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    return value

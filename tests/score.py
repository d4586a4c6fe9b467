"""Runs the extractor over a folder of scored pages, and scores it where the scorer lies beside the folder.

    python tests/score.py CASES [-o target/score.jsonl] [further arguments for score.py]

CASES holds `<source>/<case>/page.html` and `expected.json` (the README beside it tells more). One JSON line is
written for each case: its id and what was extracted, in the scorer's field names. `make score CASES=DIR` is the same.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import sitelift

SAME = (
    "title",
    "description",
    "author",
    "site_name",
    "lang",
    "charset",
    "image",
    "favicon",
    "logo",
    "keywords",
    "feeds",
    "icons",
    "theme_color",
)


def fields(site: sitelift.Site) -> dict[str, Any]:
    """Return the record in the scorer's field names."""
    record = site.to_dict()
    found = {name: record[name] for name in SAME}
    found |= {
        "title_element": site.html_title,
        "canonical": site.canonical_url,
        "published": site.published_at,
        "modified": site.modified_at,
        "tags": site.keywords,
        "hreflang": [{"lang": a.hreflang, "url": a.url} for a in site.alternates],
        "links": [link.url for link in site.links],
        "images": [image.url for image in site.images],
        "video": site.videos[0].url if site.videos else None,
        "audio": site.audio[0].url if site.audio else None,
        "headings": [[h.level, h.text] for h in site.headings],
        "open_graph": grouped(site.open_graph),
        "twitter": grouped(site.twitter),
        "json_ld": [json.loads(block.raw) for block in site.json_ld if block.error is None],
        "robots_meta": [m.content for m in site.meta if m.name.lower() == "robots"],
    }
    if site.microdata:
        found["microdata"] = json.loads(site.microdata)
    if site.rdfa:
        found["rdfa"] = json.loads(site.rdfa)
    if site.article:
        found |= {"text": site.article.text, "excerpt": site.article.excerpt}
    return found


def grouped(tags: list[sitelift.MetaTag]) -> dict[str, list[str]]:
    """Return the contents of each tag name, in order."""
    values: dict[str, list[str]] = {}
    for tag in tags:
        values.setdefault(tag.name, []).append(tag.content)
    return values


def main() -> int:
    """Extract, write, and score."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cases", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=Path("target/score.jsonl"))
    arguments, further = parser.parse_known_args()
    cases = sorted(arguments.cases.glob("*/*/expected.json"))
    if not cases:
        print(f"no <source>/<case>/expected.json below {arguments.cases}", file=sys.stderr)
        return 2

    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    spent = size = 0.0
    with arguments.output.open("w", encoding="utf-8") as output:
        for case in cases:
            expected = json.loads(case.read_bytes())
            page = case.with_name("page.html").read_bytes()
            start = time.perf_counter()
            site = sitelift.Site.from_html(
                page,
                base_url=expected["url"] or None,
                content_type=expected.get("content_type") or "text/html",
                parts=sitelift.Part,
            )
            spent += time.perf_counter() - start
            size += len(page)
            line = {"id": expected["id"], "fields": fields(site)}
            if site.error:
                line["error"] = site.error.detail
            output.write(json.dumps(line, ensure_ascii=False) + "\n")
    print(
        f"{len(cases)} pages, {size / 1e6:.1f} MB, extracted in {spent:.2f} s; written to {arguments.output}",
        flush=True,
    )

    scorer = arguments.cases.resolve().parent / "score.py"
    if not scorer.exists():
        print(
            f"no score.py beside {arguments.cases}: nothing to score against",
            file=sys.stderr,
        )
        return 0
    command = [
        sys.executable,
        str(scorer),
        str(arguments.output),
        "--cases",
        str(arguments.cases),
        "--label",
        "sitelift",
    ]
    return subprocess.run([*command, *further], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())

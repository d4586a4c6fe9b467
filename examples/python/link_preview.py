"""Prints what a chat program shows for a link: `python link_preview.py https://example.com/`."""

import sys

import sitelift


def preview(url: str) -> str:
    """Return a card of a few lines."""
    site = sitelift.Site.from_url(url)
    if site.error:
        return f"{url}\n  ({site.error.detail})"
    lines = [site.title or url, site.description, site.image, f"{site.site_name} · {site.final_url}"]
    return "\n  ".join(line for line in lines if line)


if __name__ == "__main__":
    for url in sys.argv[1:]:
        print(preview(url))

"""The figures as a picture: one line for each row, one colour for each implementation, time on a logarithmic scale."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    Rows = Mapping[str, Mapping[str, Mapping[str, float]]]

# In the order of the legend and, within a row, from top to bottom. Variants of these are in the tables only.
COLOURS = {
    "sitelift-native": "#d0021b",
    "sitelift-native-gil": "#ff7a59",
    "sitelift-pure": "#f5a623",
    "pyo3": "#1f5fbf",
    "pyo3-detached": "#6aa5f0",
    "cffi": "#0b7a5b",
    "ctypes-c": "#4fc08d",
    "ctypes-go": "#00a5b5",
    "gopy": "#7fdbe6",
    "protobuf": "#8e44ad",
    "stock": "#333333",
    "python": "#a8a8a8",
}
OURS = "sitelift"
WIDTH, LEFT, RIGHT = 1120, 150, 28
BAND, LANE = 40, 2.6
LEGEND_COLUMNS, LEGEND_LINE = 6, 20
FONTS = "system-ui, -apple-system, Segoe UI, Roboto, DejaVu Sans, sans-serif"
TITLE = "What a call from Python costs: median of all rounds, with the least and the greatest"


def svg(rows: Rows, summary: str, title: str = TITLE, colours: Mapping[str, str] = COLOURS) -> str:
    """Return the picture of the rows; the colours are of the implementations that are shown."""
    shown = [name for name in colours if any(name in figures for figures in rows.values())]
    top = 62 + LEGEND_LINE * math.ceil(len(shown) / LEGEND_COLUMNS)
    bottom = top + BAND * len(rows)
    height = bottom + 52
    scale = Scale([figures[name] for figures in rows.values() for name in figures if name in colours])
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}">',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<g font-family="{FONTS}">',
        text(16, 26, title, size=17, weight=600),
        *legend(shown, colours),
        *bands(rows, top),
        *grid(scale, top, bottom),
    ]
    for index, figures in enumerate(rows.values()):
        there = [name for name in shown if name in figures]
        first = top + BAND * (index + 0.5) - LANE * (len(there) - 1) / 2
        # Ours last, so that they are on top.
        for lane, name in sorted(enumerate(there), key=lambda one: one[1].startswith(OURS)):
            parts.append(mark(scale, name, colours[name], figures[name], first + LANE * lane))
    parts += [text(16, height - 12, summary, size=11, colour="#666666"), "</g>", "</svg>"]
    return "\n".join(parts) + "\n"


class Scale:
    """From nanoseconds to the picture's x."""

    def __init__(self, values: Sequence[Mapping[str, float]]) -> None:
        self.first = math.floor(math.log10(min(value["min"] for value in values)))
        self.last = math.log10(max(value["max"] for value in values)) + 0.05

    def x(self, nanoseconds: float) -> float:
        """Return where a time is."""
        share = (math.log10(nanoseconds) - self.first) / (self.last - self.first)
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    def decades(self) -> range:
        """Return the powers of ten on the scale."""
        return range(self.first, math.floor(self.last) + 1)


def legend(shown: list[str], colours: Mapping[str, str]) -> Iterator[str]:
    """Yield a dot and a name for each implementation."""
    for index, name in enumerate(shown):
        line, column = divmod(index, LEGEND_COLUMNS)
        x, y = 22 + column * (WIDTH - 40) / LEGEND_COLUMNS, 52 + line * LEGEND_LINE
        yield dot(x, y, name, colours[name])
        yield text(x + 11, y + 4.5, name)


def bands(rows: Rows, top: float) -> Iterator[str]:
    """Yield each row's background and name."""
    for index, row in enumerate(rows):
        y = top + BAND * index
        if index % 2 == 0:
            yield f'<rect x="0" y="{y}" width="{WIDTH}" height="{BAND}" fill="#f5f6f8"/>'
        yield text(LEFT - 14, y + BAND / 2 + 4.5, row, anchor="end")


def grid(scale: Scale, top: float, bottom: float) -> Iterator[str]:
    """Yield a line and two labels for each power of ten."""
    for power in scale.decades():
        x = scale.x(10.0**power)
        yield f'<line x1="{x}" y1="{top}" x2="{x}" y2="{bottom}" stroke="#c9ced6" stroke-width="1"/>'
        for y in (top - 6, bottom + 16):
            yield text(x, y, label(power), size=12, anchor="middle", colour="#555555")


def label(power: int) -> str:
    """Return a power of ten nanoseconds in the unit that suits it."""
    unit, below = next((unit, below) for unit, below in (("s", 9), ("ms", 6), ("µs", 3), ("ns", 0)) if power >= below)
    return f"{10 ** (power - below)} {unit}"


def mark(scale: Scale, name: str, colour: str, figures: Mapping[str, float], y: float) -> str:
    """Return a dot at the median, on a line from the least to the greatest."""
    y = round(y, 1)
    line = (
        f'<line x1="{scale.x(figures["min"])}" y1="{y}" x2="{scale.x(figures["max"])}" y2="{y}"'
        f' stroke="{colour}" stroke-width="1.6" stroke-opacity="0.55"/>'
    )
    return line + dot(scale.x(figures["median"]), y, name, colour)


def dot(x: float, y: float, name: str, colour: str) -> str:
    """Return the dot of an implementation; ours are larger."""
    radius = 5.2 if name.startswith(OURS) else 4
    return (
        f'<circle cx="{x:.1f}" cy="{y}" r="{radius}" fill="{colour}" stroke="#ffffff" stroke-width="0.8">'
        f"<title>{escape(name)}</title></circle>"
    )


def text(
    x: float, y: float, words: str, *, size: int = 13, weight: int = 400, anchor: str = "start", colour: str = "#1c2430"
) -> str:
    """Return words whose line begins, ends or has its middle at x."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" font-weight="{weight}" text-anchor="{anchor}"'
        f' fill="{colour}">{escape(words)}</text>'
    )

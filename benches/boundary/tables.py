"""The figures as tables: for the terminal, and for a README."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from implementations import KEEPING, KEEPING_ROWS, NATIVE, OURS, PURE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from timing import Figures, Spread

UNITS = (("s", 1e9), ("ms", 1e6), ("µs", 1e3), ("ns", 1))
STOCK = "stock"
# The columns of the README's table; what varies one of them is in the terminal's.
PEERS = (STOCK, "pyo3-detached", "pyo3", "cffi", "ctypes-c", "ctypes-go", "gopy", "protobuf")
# What keeps the interpreter's lock, and so is to be compared with what keeps it too.
LOCKED = ("pyo3",)
GROWTH_GOAL = 150_000
IMPORT_GOAL = 1.3


def digits(value: float) -> str:
    """Return three digits of a number, without an exponent."""
    return f"{value:,.0f}" if value >= 100 else f"{value:#.3g}".removesuffix(".")  # noqa: PLR2004, three digits


def time(nanoseconds: float) -> str:
    """Return a time in the unit that suits it."""
    unit, scale = next((unit, scale) for unit, scale in UNITS if nanoseconds >= scale or scale == 1)
    return f"{digits(nanoseconds / scale)} {unit}"


def ratio(spread: Spread) -> str:
    """Return a ratio and its spread."""
    return f"{digits(spread.median)} ({digits(spread.min)}–{digits(spread.max)})"  # noqa: RUF001, it is a range


def terminal(row: str, figures: Mapping[str, Figures]) -> Iterator[str]:
    """Yield the lines of one row: each implementation's times, and the ratios of ours to them."""
    leaders = [name for name in OURS if name in figures] or [name for name in (STOCK,) if name in figures]
    yield f"{row:20}{'median':>10}{'min':>10}{'max':>10}" + "".join(f"{leader + ' / it':>28}" for leader in leaders)
    for name, one in figures.items():
        spread = one.spread
        line = f"  {name:18}" + "".join(f"{time(value):>10}" for value in (spread.median, spread.min, spread.max))
        for leader in leaders:
            line += f"{'' if leader == name else ratio(figures[leader].over(one)):>28}"
        yield line.rstrip()


def markdown(rows: Mapping[str, Mapping[str, Figures]]) -> Iterator[str]:
    """Yield the lines of the README's table: our times, and their ratios to the others'."""
    peers = [peer for peer in PEERS if any(peer in figures for figures in rows.values())]
    yield "| | native | pure | pure ÷ stock | " + " | ".join(f"native ÷ {peer}" for peer in peers) + " |"
    yield "| --- |" + " ---: |" * (len(peers) + 3)
    for row, figures in rows.items():
        against_stock = over(figures, PURE, STOCK)
        yield line(f"`{row}`", median(figures, NATIVE), median(figures, PURE), against_stock, *ratios(figures, peers))
        if row in KEEPING_ROWS and KEEPING in figures:
            kept = [over(figures, KEEPING, peer) if peer in LOCKED else "" for peer in peers]
            yield line(f"`{row}`, lock kept", median(figures, KEEPING), "", "", *kept)


def line(*cells: str) -> str:
    """Return a line of a Markdown table."""
    return f"| {' | '.join(cells)} |"


def median(figures: Mapping[str, Figures], name: str) -> str:
    """Return the time of an implementation, if it has one."""
    return time(figures[name].spread.median) if name in figures else ""


def over(figures: Mapping[str, Figures], name: str, peer: str) -> str:
    """Return the ratio of two implementations, if both are there."""
    return ratio(figures[name].over(figures[peer])) if name in figures and peer in figures else ""


def ratios(figures: Mapping[str, Figures], peers: list[str]) -> list[str]:
    """Return the ratios of the native mode to the peers."""
    return [over(figures, NATIVE, peer) for peer in peers]


def remarks(rows: Mapping[str, Mapping[str, Figures]], machine: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is to be said beside the figures: the goals, what is left out, the machine."""
    sizes = machine["library_bytes"]
    if sizes:
        growth = sizes["sitelift"] - sizes[STOCK]
        yield (
            f"Library, stripped: {sizes[STOCK] / 1000:.0f} kB as stock UniFFI builds it,"
            f" {sizes['sitelift'] / 1000:.0f} kB with what makes Python quick: {growth / 1000:+.0f} kB"
            f" (goal: at most {GROWTH_GOAL / 1000:.0f}, {verdict(growth <= GROWTH_GOAL)})."
        )
    imports = rows.get("import", {})
    for name in (NATIVE, PURE):
        if name in imports and STOCK in imports:
            spread = imports[name].over(imports[STOCK])
            met = verdict(spread.median <= IMPORT_GOAL)
            yield f"Import, {name} ÷ stock: {ratio(spread)} (goal: at most {IMPORT_GOAL}, {met})."
    for name, why in machine["left_out"].items():
        yield f"Left out: {name}, since {why}."
    if shared := machine["turns_that_shared_the_core"]:
        yield f"{shared} of {machine['turns']} turns shared the core with something else whenever they were tried."
    yield summary(machine)


def verdict(met: bool) -> str:
    """Return whether a goal is met, as a word."""
    return "met" if met else "MISSED"


def summary(machine: Mapping[str, Any]) -> str:
    """Return the machine and the date in a line."""
    versions = machine["versions"]
    named = ("uniffi", "pyo3", "cffi", "protobuf", "gopy")
    names = ", ".join(f"{name} {versions[name]}" for name in named if name in versions)
    return (
        f"{machine['processor']}, {machine['cores']} cores, one used; {machine['system']}; {machine['python']};"
        f" {names}; {machine['rounds']} rounds; {machine['date']}"
    )

"""What a call costs through generated Python, beside the other ways to call native code.

    python bench.py                           all rows; table, figures and plot go to target/bench/boundary.*
    python bench.py --quick                   few and short rounds, to see that everything works
    python bench.py --rows noop site_make     these rows only
    python bench.py --markdown                the table as a README has it

Everything is built first, below target/boundary. What an implementation needs and this machine lacks is named; its
figures are absent then. Before anything is timed, all implementations of a row must have given equal answers.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

# Before anything of ours is imported, so that no byte code is left in the source tree.
sys.pycache_prefix = str(Path(__file__).resolve().parents[2] / "target/boundary/pycache")

import plot  # noqa: E402
import tables  # noqa: E402
import timing  # noqa: E402
from implementations import OURS, REFERENCE, built, implementations, load  # noqa: E402
from machine import machine  # noqa: E402
from rows import ROWS  # noqa: E402
from tools import PEERS, PYTHON_OUT, ROOT, BuildError  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Mapping

    from implementations import Loaded
    from rows import Case
    from timing import Figures

IMPORT = "import"
RESULTS = ROOT / "target/bench"


def checked(row: str, there: Loaded) -> dict[str, Case]:
    """Return the cases of a row, all of which have given the same answer."""
    function, case = ROWS[row].function, ROWS[row].case
    cases = {
        name: case(having)
        for name, having in there.functions.items()
        if hasattr(having, function) and there.implementations[name].is_for(row)
    }
    expected = cases[REFERENCE].answer()
    for name, one in cases.items():
        given = expected if name == REFERENCE else one.answer()
        if not timing.plain_equal(given, expected):
            raise SystemExit(
                f"{row}: {name} does not answer as {REFERENCE} does; nothing was written\n"
                f"  {REFERENCE}: {expected!r:.1000}\n  {name}: {given!r:.1000}"
            )
    return cases


def write(folder: Path, rows: Mapping[str, Mapping[str, Figures]], about: Mapping[str, Any]) -> None:
    """Write the figures, the plot and the table."""
    figures = {row: {name: rounded(one) for name, one in taken.items()} for row, taken in rows.items()}
    whole = {"machine": about, "unit": "ns", "rows": figures}
    table = [*tables.markdown(rows), *(f"\n{remark}" for remark in tables.remarks(rows, about))]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "boundary.json").write_text(json.dumps(whole, indent=1) + "\n")
    (folder / "boundary.svg").write_text(plot.svg(figures, tables.summary(about)))
    (folder / "boundary.md").write_text("\n".join(table) + "\n")
    print(f"\nwritten to {folder}: boundary.json, boundary.svg, boundary.md", file=sys.stderr)


def rounded(figures: Figures) -> dict[str, float]:
    """Return the figures of one implementation as they are written."""
    spread = figures.spread
    return {"median": round(spread.median, 2), "min": round(spread.min, 2), "max": round(spread.max, 2)}


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    rows, names = [*ROWS, IMPORT], list(implementations())
    parser.add_argument("--rows", nargs="+", choices=rows, metavar="ROW", help=f"some of: {' '.join(rows)}")
    parser.add_argument("--only", nargs="+", choices=names, metavar="NAME", help=f"some of: {' '.join(names)}")
    parser.add_argument("--quick", action="store_true", help="few and short rounds; nothing is written without --out")
    parser.add_argument("--rounds", type=int, help="how many rounds; without it 15, or 5 with --quick")
    parser.add_argument("--markdown", action="store_true", help="print the README's table instead of the long one")
    parser.add_argument("--generator", type=Path, help="a uniffi-bindgen to be measured instead of the project's")
    parser.add_argument("--out", type=Path, help=f"where to write; without it, a run of everything goes to {RESULTS}")
    return parser.parse_args()


def main() -> int:
    """Build, check, measure, show, write."""
    asked = arguments()
    rounds, milliseconds = asked.rounds or (5 if asked.quick else 15), 2 if asked.quick else 15
    sys.path[1:1] = [str(PEERS), str(PYTHON_OUT)]
    everything = implementations(asked.generator and asked.generator.resolve())
    wanted = {name: one for name, one in everything.items() if name in (asked.only or everything) or name == REFERENCE}
    try:
        there = built(wanted)
    except BuildError as error:
        raise SystemExit(str(error)) from None
    core = timing.pin()
    timing.park_thread()
    load(there)

    rows: dict[str, dict[str, Figures]] = {}
    for row in asked.rows or [*ROWS, IMPORT]:
        if row == IMPORT:
            imports = {name: one.imported() for name, one in there.implementations.items() if not one.variant}
            rows[row] = timing.measure_imports(imports, rounds)
        else:
            rows[row] = timing.measure(checked(row, there), rounds, milliseconds)
        if asked.markdown:
            print(f"measured {row}", file=sys.stderr, flush=True)
        else:
            print("\n".join(tables.terminal(row, rows[row])), end="\n\n", flush=True)

    about = machine(core, there, rounds, milliseconds)
    about["turns"] = sum(len(one.rounds) for figures in rows.values() for one in figures.values())
    about["turns_that_shared_the_core"] = sum(one.shared for figures in rows.values() for one in figures.values())
    print("\n".join([*(tables.markdown(rows) if asked.markdown else ()), "", *tables.remarks(rows, about)]))
    whole = not (asked.rows or asked.only or asked.quick)
    if folder := asked.out or (RESULTS if whole else None):
        write(folder, rows, about)
    # A run without ours is only half a run.
    return 1 if any(name in there.left_out for name in OURS) else 0


if __name__ == "__main__":
    sys.exit(main())

"""What a call costs through generated Python, beside the other ways to call native code.

    python bench.py                           all rows; the figures go to target/bench/boundary.json
    python bench.py --quick                   few and short rounds, to see that everything works
    python bench.py --rows noop site_make     these rows only

Everything is built first, below target/boundary. What an implementation needs and this machine lacks is named; its
figures are absent then. Before anything is timed, all implementations of a row must have given equal answers.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import json
import os
import platform
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

# Before anything of ours is imported, so that no byte code is left in the source tree.
sys.pycache_prefix = str(Path(__file__).resolve().parents[2] / "target/boundary/pycache")

import building  # noqa: E402
import timing  # noqa: E402
from rows import ROWS  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import SimpleNamespace

    from rows import Case
    from timing import Figures

IMPORT = "import"
REFERENCE = "python"
# The table's ratios are against these.
BASELINES = ("pyo3", "sitelift")
UNITS = (("ms", 1e6), ("µs", 1e3), ("ns", 1))
RESULT = building.ROOT / "target/bench/boundary.json"


@dataclass
class Implementation:
    """One way to call native code: the function `load` of a module in `callers`, and what it is given."""

    module: str
    load: str = "load"
    arguments: tuple[str, ...] = ()
    # What its users import, where that is not the module in `callers`.
    imports: str | None = None
    # A variant has the import of the implementation that it varies, and no figure of its own.
    variant: bool = False
    # Builds what only it needs.
    build: Callable[[], object] | None = None

    def functions(self) -> SimpleNamespace:
        """Import it, and return its functions."""
        module = importlib.import_module(f"callers.{self.module}")
        return getattr(module, self.load)(*self.arguments)  # type: ignore[no-any-return]

    def import_statement(self) -> str:
        """Return what the row `import` runs."""
        if self.imports is not None:
            return self.imports
        return f"from callers.{self.module} import {self.load}\n{self.load}{self.arguments!r}"


def generated(package: str, generator: Callable[[], Path], mask: str) -> Implementation:
    """Return the implementation whose Python is written by a generator."""
    return Implementation(
        "with_uniffi",
        arguments=(package, mask),
        imports=f"import {package}.boundary",
        build=lambda: building.generate(generator(), package),
    )


def implementations(generator: Path | None) -> dict[str, Implementation]:
    """Return all implementations, in the table's order; `generator` is to be used instead of the project's."""
    c, go, protobuf = (
        str(building.PYTHON_OUT / building.shared_library(f"boundary_{name}")) for name in ("c", "go", "protobuf")
    )
    header = str(building.HEADER)

    def cffi() -> None:
        building.need_module("cffi", "cffi")

    def upb() -> None:
        building.need_module("google.protobuf", "protobuf")

    return {
        "stock": generated("boundary_stock", building.stock_generator, "mask_vec"),
        "sitelift": generated("boundary_sitelift", lambda: generator or building.project_generator(), "mask_bytes"),
        "pyo3": Implementation("with_pyo3", "dataclasses", imports="import boundary_pyo3\nimport callers.records"),
        "pyo3-detached": Implementation("with_pyo3", "detached", variant=True),
        "pyo3-class": Implementation("with_pyo3", "classes", variant=True),
        "ctypes-c": Implementation("with_ctypes", arguments=(c,)),
        "ctypes-go": Implementation("with_ctypes", arguments=(go,), build=building.go_library),
        "cffi": Implementation("with_cffi", "load_abi", (c, header), build=cffi),
        "cffi-api": Implementation("with_cffi", "load_api", build=building.cffi_extension),
        "protobuf": Implementation("with_protobuf", arguments=(protobuf,), build=upb),
        "protobuf-read": Implementation("with_protobuf", "load_read", (protobuf,), variant=True, build=upb),
        REFERENCE: Implementation("with_python"),
    }


def build(wanted: dict[str, Implementation]) -> dict[str, Implementation]:
    """Build the implementations, and return those that this machine has everything for."""
    building.twins()
    there = {}
    for name, implementation in wanted.items():
        try:
            if implementation.build:
                implementation.build()
        except building.MissingError as error:  # noqa: PERF203
            print(f"{name} is left out: {error}", file=sys.stderr)
        else:
            there[name] = implementation
    return there


def checked(row: str, functions: dict[str, SimpleNamespace]) -> dict[str, Case]:
    """Return the cases of a row, all of which have given the same answer."""
    function, case = ROWS[row].function, ROWS[row].case
    cases = {name: case(having) for name, having in functions.items() if hasattr(having, function)}
    expected = cases[REFERENCE].answer()
    for name, one in cases.items():
        given = expected if name == REFERENCE else one.answer()
        if not timing.plain_equal(given, expected):
            raise SystemExit(
                f"{row}: {name} does not answer as {REFERENCE} does; nothing was written\n"
                f"  {REFERENCE}: {expected!r:.1000}\n  {name}: {given!r:.1000}"
            )
    return cases


def machine(core: int | None) -> dict[str, Any]:
    """Return where and with what the figures were taken."""
    versions = {}
    lock = (building.HERE / "Cargo.lock").read_text()
    for crate in ("uniffi", "pyo3", "prost"):
        found = re.search(rf'name = "{crate}"\nversion = "([^"]+)"', lock)
        versions[crate] = found[1] if found else "?"
    for distribution in ("cffi", "protobuf"):
        with contextlib.suppress(PackageNotFoundError):
            versions[distribution] = version(distribution)
    for command in (["rustc", "--version"], ["go", "version"]):
        with contextlib.suppress(OSError):
            versions[command[0]] = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
    return {
        "system": platform.platform(),
        "processor": processor(),
        "cores": os.cpu_count(),
        "core": core,
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "versions": versions,
        "date": time.strftime("%Y-%m-%d"),
    }


def processor() -> str:
    """Return the processor's name."""
    with contextlib.suppress(OSError):
        found = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
        if found:
            return found[1]
    return platform.processor()


def show(row: str, figures: dict[str, Figures]) -> None:
    """Print the figures of a row."""
    unit, scale = next((unit, scale) for unit, scale in UNITS if figures[REFERENCE].median >= scale)
    print(f"\n{row:18}{unit:>12}{'min':>12}{'max':>12}" + "".join(f"{'x ' + name:>12}" for name in BASELINES))
    for name, one in figures.items():
        line = f"  {name:16}" + "".join(f"{value / scale:12,.2f}" for value in (one.median, one.min, one.max))
        for baseline in BASELINES:
            line += f"{one.median / figures[baseline].median:12.3g}" if baseline in figures else ""
        print(line, flush=True)


def main() -> None:
    """Build, check, measure, show, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    every = [*ROWS, IMPORT]
    parser.add_argument("--rows", nargs="+", choices=every, metavar="ROW", help=f"some of: {' '.join(every)}")
    parser.add_argument("--quick", action="store_true", help="few and short rounds")
    parser.add_argument("--generator", type=Path, help="a uniffi-bindgen to be measured instead of the project's")
    parser.add_argument("--json", type=Path, help=f"where to write; without it, all rows go to {RESULT}")
    arguments = parser.parse_args()
    rounds, milliseconds, import_rounds = (5, 2, 3) if arguments.quick else (15, 15, 15)

    try:
        there = build(implementations(arguments.generator and arguments.generator.resolve()))
    except building.BuildError as error:
        raise SystemExit(str(error)) from None
    core = timing.pin()
    sys.path.insert(1, str(building.PYTHON_OUT))
    functions = {name: implementation.functions() for name, implementation in there.items()}

    figures = {}
    for row in arguments.rows or every:
        if row == IMPORT:
            statements = {name: one.import_statement() for name, one in there.items() if not one.variant}
            figures[row] = timing.measure_imports(statements, import_rounds, building.python_environment())
        else:
            figures[row] = timing.measure(checked(row, functions), rounds, milliseconds)
        show(row, figures[row])

    whole = not (arguments.rows or arguments.quick)
    if target := arguments.json or (RESULT if whole else None):
        rows = {row: {name: one.as_dict() for name, one in taken.items()} for row, taken in figures.items()}
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps({"machine": machine(core), "unit": "ns", "rows": rows}, indent=1) + "\n")
        print(f"\nwritten to {target}")


main()

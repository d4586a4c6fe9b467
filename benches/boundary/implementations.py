"""All ways to call native code that are measured."""

from __future__ import annotations

import importlib
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import building
import with_uniffi
from timing import Import
from tools import PYTHON_OUT, MissingError, python_environment, shared_library

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import SimpleNamespace

REFERENCE = "python"
NATIVE, PURE, KEEPING = "sitelift-native", "sitelift-pure", "sitelift-native-gil"
# Ours, in the order of the tables' columns.
OURS = (NATIVE, PURE, KEEPING)
# The functions that are measured with the interpreter's lock kept too, and the rows that call them.
KEEP_GIL = ("noop", "add", "gsum", "Counter.increment", "sum_calls")
KEEPING_ROWS = ("noop", "add", "gsum_100", "method", "callback")


@dataclass
class Implementation:
    """One way to call native code: the function `load` of a module, and what it is given."""

    module: str
    load: str = "load"
    arguments: tuple[str, ...] = ()
    # What its users import, where that is not the module itself, and in which environment.
    imports: str | None = None
    environment: dict[str, str] = field(default_factory=dict)
    # What must hold after the import.
    expected: str = "True"
    # A variant has the import of the implementation that it varies, and no figure of its own.
    variant: bool = False
    # The rows that it is for, where that is not all whose functions it has.
    rows: tuple[str, ...] | None = None
    # Builds what only it needs.
    build: Callable[[], object] | None = None

    def functions(self) -> SimpleNamespace:
        """Import it, and return its functions."""
        module = importlib.import_module(self.module)
        return getattr(module, self.load)(*self.arguments)  # type: ignore[no-any-return]

    def imported(self) -> Import:
        """Return what the row `import` runs."""
        if self.imports is None:
            return Import(f"from {self.module} import {self.load}\n{self.load}{self.arguments!r}", python_environment())
        return Import(self.imports, python_environment() | self.environment, self.expected)

    def is_for(self, row: str) -> bool:
        """Tell whether it has a figure in a row, if it has the row's function."""
        return self.rows is None or row in self.rows


def stock(package: str, mask: str, rows: tuple[str, ...] | None = None) -> Implementation:
    """Return an implementation by the stock generator; `rows` makes it a variant."""
    return Implementation(
        "with_uniffi",
        arguments=(package, mask),
        imports=f"import {package}.boundary",
        variant=rows is not None,
        rows=rows,
        build=lambda: building.generate(building.stock_generator(), building.PLAIN_LIBRARY, package),
    )


def ours(generator: Path | None, mode: str, keep_gil: tuple[str, ...] = ()) -> Implementation:
    """Return an implementation by the project's generator, or by another one in its place."""
    package = f"boundary_{mode}" + ("_gil" if keep_gil else "")

    def build() -> None:
        library = building.python_library()
        building.generate(generator or building.project_generator(), library, package, keep_gil=keep_gil)
        without = PYTHON_OUT / f"boundary_{mode}/boundary.py"
        if keep_gil and without.exists() and without.read_text() == (PYTHON_OUT / package / "boundary.py").read_text():
            raise MissingError("the generator takes no notice of `keep_gil`")

    return Implementation(
        "with_uniffi",
        arguments=(package, "mask_bytes", mode),
        imports=f"import {package}.boundary",
        environment=with_uniffi.environment(mode),
        expected=f"{package}.boundary._uniffi_mode == {mode!r}",
        variant=bool(keep_gil),
        rows=KEEPING_ROWS if keep_gil else None,
        build=build,
    )


def pyo3(load: str, module: str = "boundary_pyo3", build: Callable[[], object] | None = None) -> Implementation:
    """Return an implementation by PyO3; those that differ from the first are variants."""
    return Implementation(
        "callers.with_pyo3",
        load,
        (module,),
        imports=f"import {module}, callers.records",
        variant=load != "dataclasses" or build is not None,
        build=build,
    )


def implementations(generator: Path | None = None) -> dict[str, Implementation]:
    """Return all implementations, in the tables' order; `generator` is used instead of the project's."""
    c, go, protobuf = (str(PYTHON_OUT / shared_library(f"boundary_{name}")) for name in ("c", "go", "protobuf"))
    return {
        NATIVE: ours(generator, "native"),
        KEEPING: ours(generator, "native", KEEP_GIL),
        PURE: ours(generator, "pure"),
        "stock": stock("boundary_stock", "mask_vec"),
        "stock-bytes": stock("boundary_stock_bytes", "mask_bytes", ("mask_64k", "mask_256k")),
        "pyo3": pyo3("dataclasses"),
        "pyo3-detached": pyo3("detached"),
        "pyo3-abi3": pyo3("dataclasses", "pyo3_abi3.boundary_pyo3", building.pyo3_for_all_versions),
        "pyo3-class": pyo3("classes"),
        "pyo3-borrowed": pyo3("borrowed"),
        "cffi": Implementation("callers.with_cffi", "load_api", build=building.cffi_extension),
        "cffi-abi": Implementation(
            "callers.with_cffi", "load_abi", (c, str(building.C_FOLDER)), build=building.need_cffi
        ),
        "ctypes-c": Implementation("callers.with_ctypes", arguments=(c,)),
        "ctypes-go": Implementation("callers.with_ctypes", arguments=(go,), build=building.go_library),
        "gopy": Implementation("callers.with_gopy", build=building.gopy_module),
        "protobuf": Implementation("callers.with_protobuf", arguments=(protobuf,), build=building.need_upb),
        "protobuf-read": Implementation(
            "callers.with_protobuf", "load_read", (protobuf,), variant=True, build=building.need_upb
        ),
        REFERENCE: Implementation("callers.with_python"),
    }


@dataclass
class Loaded:
    """The implementations that this machine has everything for, their functions, and why the others are left out."""

    implementations: dict[str, Implementation] = field(default_factory=dict)
    functions: dict[str, SimpleNamespace] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)

    def leave_out(self, name: str, why: object) -> None:
        """Note that an implementation is left out, and say so."""
        self.left_out[name] = str(why)
        print(f"{name} is left out: {why}", file=sys.stderr)


def built(wanted: dict[str, Implementation]) -> Loaded:
    """Build the implementations."""
    building.twins()
    there = Loaded()
    for name, implementation in wanted.items():
        try:
            if implementation.build:
                implementation.build()
        except MissingError as error:  # noqa: PERF203
            there.leave_out(name, error)
        else:
            there.implementations[name] = implementation
    return there


def load(there: Loaded) -> None:
    """Load what was built."""
    for name, implementation in list(there.implementations.items()):
        try:
            there.functions[name] = implementation.functions()
        except Exception as error:  # noqa: BLE001, PERF203, whatever its import raises, the others can be measured
            del there.implementations[name]
            there.leave_out(name, f"its import ends with {type(error).__name__}: {error}")

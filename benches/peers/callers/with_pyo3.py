"""The rows through PyO3."""

from __future__ import annotations

from types import SimpleNamespace

import boundary_pyo3 as native
from callers.records import TestData


def dataclasses() -> SimpleNamespace:
    """Return the functions of the rows as PyO3 has them by default; records are dataclasses."""
    return SimpleNamespace(
        noop=native.noop,
        add=native.add,
        add_ready=native.add_ready,
        gsum=native.gsum,
        greet=native.greet,
        TestData=TestData,
        hello_there=native.hello_there,
        make_site=native.make_site,
        make_sites=native.make_sites,
        echo_site=native.echo_site,
        take_site=native.take_site,
        Counter=native.Counter,
        Direction=native.Direction,
        turn=native.turn,
        Rectangle=native.Shape.Rectangle,
        double=native.double,
        Failure=native.Failure,
        may_fail=native.may_fail,
        sum_floats=native.sum_floats,
        floats=native.floats,
        strings=native.strings,
        mask=native.mask,
        callback=lambda answer: answer,
        sum_calls=native.sum_calls,
    )


def detached() -> SimpleNamespace:
    """Return the small calls with the interpreter's lock released while Rust works."""
    return SimpleNamespace(
        noop=native.noop_detached,
        add=native.add_detached,
        gsum=native.gsum_detached,
        greet=native.greet_detached,
        TestData=TestData,
        hello_there=native.hello_there_detached,
        Counter=lambda: SimpleNamespace(increment=native.Counter().increment_detached),
        Direction=native.Direction,
        turn=native.turn_detached,
        Rectangle=native.Shape.Rectangle,
        double=native.double_detached,
        Failure=native.Failure,
        may_fail=native.may_fail_detached,
        mask=native.mask_detached,
    )


def classes() -> SimpleNamespace:
    """Return the functions whose records are classes of PyO3's: fields are converted when they are read."""
    return SimpleNamespace(
        TestData=native.TestDataClass,
        hello_there=native.hello_there_class,
        make_site=native.make_site_class,
        make_sites=native.make_sites_class,
        echo_site=native.echo_site_class,
        take_site=native.take_site_class,
    )

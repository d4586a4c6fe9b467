"""The rows through PyO3."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace

from callers.records import TestData


def dataclasses(module: str) -> SimpleNamespace:
    """Return the functions of the rows as PyO3 has them by default; records are dataclasses."""
    native = import_module(module)
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
        total_length=native.total_length,
        strings=native.strings,
        mask=native.mask,
        callback=lambda answer: answer,
        sum_calls=native.sum_calls,
    )


def detached(module: str) -> SimpleNamespace:
    """Return the functions with the interpreter's lock released while Rust works."""
    native = import_module(module)
    return SimpleNamespace(
        noop=native.noop_detached,
        add=native.add_detached,
        add_ready=native.add_ready_detached,
        gsum=native.gsum_detached,
        greet=native.greet_detached,
        TestData=TestData,
        hello_there=native.hello_there_detached,
        make_site=native.make_site_detached,
        make_sites=native.make_sites_detached,
        echo_site=native.echo_site_detached,
        take_site=native.take_site_detached,
        Counter=lambda: SimpleNamespace(increment=native.Counter().increment_detached),
        Direction=native.Direction,
        turn=native.turn_detached,
        Rectangle=native.Shape.Rectangle,
        double=native.double_detached,
        Failure=native.Failure,
        may_fail=native.may_fail_detached,
        sum_floats=native.sum_floats_detached,
        floats=native.floats_detached,
        total_length=native.total_length_detached,
        strings=native.strings_detached,
        mask=native.mask_detached,
        callback=lambda answer: answer,
        sum_calls=native.sum_calls_detached,
    )


def borrowed(module: str) -> SimpleNamespace:
    """Return the function whose strings stay where Python has them."""
    return SimpleNamespace(total_length=import_module(module).total_length_borrowed)


def classes(module: str) -> SimpleNamespace:
    """Return the functions whose records are classes of PyO3's: fields are converted when they are read."""
    native = import_module(module)
    return SimpleNamespace(
        TestData=native.TestDataClass,
        hello_there=native.hello_there_class,
        make_site=native.make_site_class,
        make_sites=native.make_sites_class,
        echo_site=native.echo_site_class,
        take_site=native.take_site_class,
    )

"""The rows through a generated UniFFI module, whichever generator wrote it."""

from __future__ import annotations

import importlib
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def load(package: str, mask: str) -> SimpleNamespace:
    """Return the functions of the rows, of which `mask` is there under several names."""
    module = importlib.import_module(f"{package}.boundary")

    class Callback(module.Callback):  # type: ignore[name-defined, misc]
        """Answers with a function, which is its `call` itself."""

        def __init__(self, answer: Callable[[int], int]) -> None:
            self.call = answer

    functions: dict[str, Any] = {
        name: getattr(module, name)
        for name in (
            "noop",
            "add",
            "add_ready",
            "gsum",
            "greet",
            "TestData",
            "hello_there",
            "make_site",
            "make_sites",
            "echo_site",
            "take_site",
            "Counter",
            "Direction",
            "turn",
            "double",
            "Failure",
            "may_fail",
            "sum_floats",
            "floats",
            "strings",
            "sum_calls",
        )
    }
    return SimpleNamespace(
        **functions,
        Rectangle=module.Shape.RECTANGLE,
        mask=getattr(module, mask),
        callback=Callback,
    )

"""The rows through a generated UniFFI module, whichever generator wrote it."""

from __future__ import annotations

import importlib
import os
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

# The project's generated modules read this when they are imported.
PURE = "SITELIFT_PURE_PYTHON"
FUNCTIONS = (
    *("noop", "add", "add_ready", "gsum", "greet", "TestData", "hello_there", "make_site", "make_sites", "echo_site"),
    *("take_site", "Counter", "Direction", "turn", "double", "Failure", "may_fail", "sum_floats", "floats"),
    *("total_length", "strings", "sum_calls"),
)


def load(package: str, mask: str, mode: str | None = None) -> SimpleNamespace:
    """Import a package in a mode, and return the functions of the rows, of which `mask` is there under several names.

    The modes are "native" and "pure"; the stock generator has none.
    """
    os.environ.pop(PURE, None)
    os.environ.update(environment(mode))
    try:
        module = importlib.import_module(f"{package}.boundary")
    finally:
        os.environ.pop(PURE, None)
    # So that nothing is measured under another's name.
    if (is_in := getattr(module, "_uniffi_mode", None)) != mode:
        raise ImportError(f"{module.__name__} should be in mode {mode!r}, and says {is_in!r}")

    class Callback(module.Callback):  # type: ignore[name-defined, misc]
        """Answers with a function, which is its `call` itself."""

        def __init__(self, answer: Callable[[int], int]) -> None:
            self.call = answer

    functions: dict[str, Any] = {name: getattr(module, name) for name in FUNCTIONS}
    return SimpleNamespace(
        **functions,
        Rectangle=module.Shape.RECTANGLE,
        mask=getattr(module, mask),
        callback=Callback,
    )


def environment(mode: str | None) -> dict[str, str]:
    """Return what is to be set when a module is imported."""
    return {PURE: "1"} if mode == "pure" else {}

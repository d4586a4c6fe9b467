"""What several test files need: records of any shape, waiting, scripts in a process of their own."""

from __future__ import annotations

import dataclasses
import enum
import os
import subprocess
import sys
import textwrap
import time
import types
import typing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import sitelift
from sitelift import interop

if TYPE_CHECKING:
    from collections.abc import Callable

# Every record of the public API: found, so that a new one is tested without being named here.
RECORDS: list[type[Any]] = sorted(
    {
        cls
        for cls in (*vars(sitelift).values(), interop.TestData)
        if isinstance(cls, type) and dataclasses.is_dataclass(cls)
    },
    key=lambda cls: cls.__name__,
)

needs_proc = pytest.mark.skipif(
    not Path("/proc/self/statm").exists(), reason="memory is read from /proc/self/statm, which only Linux has"
)
needs_posix = pytest.mark.skipif(os.name != "posix", reason="signals and fork are POSIX")
each_order = pytest.mark.parametrize("ordered", [True, False], ids=["ordered", "as done"])


def hints(cls: type[Any]) -> dict[str, Any]:
    """Return the type of each field, in order."""
    resolved = typing.get_type_hints(cls)
    return {field.name: resolved[field.name] for field in dataclasses.fields(cls)}


def optional(hint: Any) -> Any:
    """Return what an optional type is when it is there; nothing for other types."""
    if typing.get_origin(hint) not in (typing.Union, types.UnionType):
        return None
    (inner,) = (arg for arg in typing.get_args(hint) if arg is not type(None))
    return inner


def minimal(hint: Any) -> Any:
    """Return the smallest value of a type."""
    if optional(hint) is not None:
        return None
    origin = typing.get_origin(hint)
    if origin is not None:
        return origin()
    if dataclasses.is_dataclass(hint):
        return minimal_record(typing.cast("type[Any]", hint))
    if issubclass(hint, enum.Enum):
        return next(iter(hint))
    return hint()


def minimal_record(cls: type[Any], **fields: Any) -> Any:
    """Return a record whose other fields are as small as can be."""
    return cls(**{name: minimal(hint) for name, hint in hints(cls).items()} | fields)


def until(condition: Callable[[], bool], *, seconds: float = 5.0) -> None:
    """Wait until the condition holds; fail when it does not in time.

    The time is less than the clients' own time limits, so that these do not bring about what is waited for.
    """
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not so after {seconds} s"
        time.sleep(0.01)


def start_script(code: str, *arguments: str) -> subprocess.Popen[str]:
    """Start a Python program in a process of its own, with pipes to and from it."""
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run_script(code: str, *arguments: str, seconds: float = 60.0) -> str:
    """Run a Python program to its end, which must come in time and be a good one; return what it printed."""
    process = start_script(code, *arguments)
    try:
        out, err = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
        pytest.fail(f"still running after {seconds} s; it printed {out!r} and {err!r}")
    assert process.returncode == 0, f"exit code {process.returncode}; it printed {out!r} and {err!r}"
    return out

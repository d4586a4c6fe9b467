"""Reduce the installed Python package to the declarations of its public API."""

from __future__ import annotations

import dataclasses
import enum
import inspect
from typing import Any


def python() -> list[str]:
    """Return the declarations of the modules that users import."""
    import sitelift  # noqa: PLC0415 (only where it is installed)
    from sitelift import interop  # noqa: PLC0415

    lines = []
    for module in (sitelift, interop):
        for name in sorted(module.__all__):
            lines += described(f"{module.__name__}.{name}", getattr(module, name))
    return lines


def described(name: str, value: Any) -> list[str]:
    """Return the declaration of a name, a line for each of its members."""
    if not inspect.isclass(value):
        return [f"def {name}{signature(value)}" if callable(value) else f"{name}: {type(value).__name__}"]
    head = f"class {name}({', '.join(base.__name__ for base in value.__bases__)})"
    if issubclass(value, enum.Enum):
        return [head, *(f"    {member}" for member in value.__members__)]
    lines = [head]
    if dataclasses.is_dataclass(value):
        lines += [f"    {field.name}: {field.type}{default(field)}" for field in dataclasses.fields(value)]
    else:
        lines.append(f"    def __init__{signature(value)}")
    inherited = {member for base in (object, BaseException, tuple) for member in vars(base)}
    fields = {field.name for field in dataclasses.fields(value)} if dataclasses.is_dataclass(value) else set()
    for member in sorted(set(dir(value)) - inherited - fields):
        found = inspect.getattr_static(value, member)
        if member.startswith("_") and member not in {"__enter__", "__aenter__", "__iter__", "__aiter__"}:
            continue
        plain = found.__func__ if isinstance(found, (classmethod, staticmethod)) else found
        if inspect.isfunction(plain):
            lines.append(f"    {'async ' if inspect.iscoroutinefunction(plain) else ''}def {member}{signature(plain)}")
        else:
            lines.append(f"    {member}")
    return lines


def default(field: dataclasses.Field[Any]) -> str:
    """Return how a field says what it is by default."""
    if field.default is not dataclasses.MISSING:
        return f" = {field.default!r}"
    factory: Any = field.default_factory
    return "" if factory is dataclasses.MISSING else f" = {factory.__name__}()"


def signature(value: Any) -> str:
    """Return the arguments and the result, as far as they are told."""
    try:
        return str(inspect.signature(value))
    except ValueError:
        return "(…)"

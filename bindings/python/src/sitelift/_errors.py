"""The exceptions, as Python users know them.

Each is raised by the generated code itself: it looks its variants up by name on the class `SiteliftError`, where
the classes below take their place. `str(error)` is a sentence for a person, and the fields are attributes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sitelift._ffi import sitelift as generated
from sitelift._ffi.sitelift import SiteliftError

if TYPE_CHECKING:
    from sitelift._records import Problem, ProblemKind

__all__ = [
    "ClosedError",
    "ForkedError",
    "InternalError",
    "InvalidArgumentError",
    "InvalidJsonError",
    "InvalidProtobufError",
    "InvalidSelectorError",
    "PageError",
    "SiteliftError",
]


class _ReasonedError(SiteliftError):
    """The last argument is the sentence; all of them survive pickling."""

    reason: str

    def __str__(self) -> str:
        return self.reason


class InvalidArgumentError(_ReasonedError, ValueError):
    """An argument or option is out of its range: `argument` names it."""

    def __init__(self, argument: str, reason: str) -> None:
        super().__init__(argument, reason)
        self.argument = argument
        self.reason = reason


class InvalidSelectorError(_ReasonedError, ValueError):
    """The rule `name` of the option `select` is not valid CSS: `selector`."""

    def __init__(self, name: str, selector: str, reason: str) -> None:
        super().__init__(name, selector, reason)
        self.name = name
        self.selector = selector
        self.reason = reason


class InvalidJsonError(_ReasonedError, ValueError):
    """Text that is not JSON; `line` and `column` (in bytes) count from 1."""

    def __init__(self, line: int, column: int, reason: str) -> None:
        super().__init__(line, column, reason)
        self.line = line
        self.column = column
        self.reason = reason


class InvalidProtobufError(_ReasonedError, ValueError):
    """Bytes that are not the Protocol Buffers message they should be."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ClosedError(_ReasonedError, RuntimeError):
    """The client or stream was closed before or during the call."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ForkedError(_ReasonedError, RuntimeError):
    """The client was made before this process was forked."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class InternalError(_ReasonedError, RuntimeError):
    """A defect of sitelift itself, a panic in its Rust code included: please report it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class PageError(SiteliftError):
    """A page could not be fetched or lifted: what `Site.raise_for_error` raises.

    `problem` is the record's `error`, `kind` its category.
    """

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem

    @property
    def kind(self) -> ProblemKind:
        """The category of the problem."""
        return self.problem.kind

    def __str__(self) -> str:
        return str(self.problem)


for _variant, _error in {
    "InvalidArgument": InvalidArgumentError,
    "InvalidSelector": InvalidSelectorError,
    "InvalidJson": InvalidJsonError,
    "InvalidProtobuf": InvalidProtobufError,
    "Closed": ClosedError,
    "Forked": ForkedError,
    "Internal": InternalError,
}.items():
    setattr(SiteliftError, _variant, _error)
# What the generated code raises for a panic.
generated.InternalError = InternalError  # type: ignore[assignment,misc]

# Tracebacks and pickles name the place that users import from.
for _cls in (globals()[name] for name in __all__):
    _cls.__module__ = "sitelift"

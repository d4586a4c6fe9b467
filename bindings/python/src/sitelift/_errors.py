"""The exceptions, as Python users know them.

`str(error)` is a sentence for a person, and the fields are attributes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sitelift._ffi.sitelift import InternalError, SiteliftError

if TYPE_CHECKING:
    from sitelift._ffi.sitelift import Problem, ProblemKind

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

InvalidArgumentError = SiteliftError.InvalidArgument
InvalidSelectorError = SiteliftError.InvalidSelector
InvalidJsonError = SiteliftError.InvalidJson
InvalidProtobufError = SiteliftError.InvalidProtobuf
ClosedError = SiteliftError.Closed
ForkedError = SiteliftError.Forked


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

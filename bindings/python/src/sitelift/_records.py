"""The generated records, made real dataclasses.

The generated classes carry no annotations, so that `fields`, `replace`, `asdict`, `repr` and `match` do not see
their fields. Until the generator writes them, they are added here.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from sitelift._ffi import sitelift as generated
from sitelift._ffi.sitelift import (
    Alternate,
    CharsetSource,
    Feed,
    FetchOptions,
    Header,
    Heading,
    Icon,
    Image,
    JsonLd,
    Link,
    MetaTag,
    Problem,
    ProblemKind,
    Redirect,
    SiteBatch,
    TestData,
)

__all__ = [
    "Alternate",
    "CharsetSource",
    "Feed",
    "FetchOptions",
    "Header",
    "Heading",
    "Icon",
    "Image",
    "JsonLd",
    "Link",
    "MetaTag",
    "Problem",
    "ProblemKind",
    "Redirect",
    "SiteBatch",
    "TestData",
    "make_dataclass",
]


def make_dataclass(cls: type[Any]) -> None:
    """Give a generated record its fields, in the order of its constructor's arguments."""
    annotations = dict(cls.__init__.__annotations__)
    annotations.pop("return", None)
    cls.__annotations__ = annotations
    # The generated comparison fails on other types, and the generated text hides the types of values.
    for name in ("__eq__", "__str__", "__repr__"):
        if name in vars(cls):
            delattr(cls, name)
    dataclasses.dataclass(init=False)(cls)


for _cls in list(vars(generated).values()):
    if isinstance(_cls, type) and dataclasses.is_dataclass(_cls):
        make_dataclass(_cls)


def _problem_text(problem: Problem) -> str:
    return f"{problem.url}: {problem.detail}" if problem.url else problem.detail


Problem.__str__ = _problem_text  # type: ignore[method-assign]

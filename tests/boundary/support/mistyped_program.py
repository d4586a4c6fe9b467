"""A user's program, each marked line of which a type checker must refuse."""

from __future__ import annotations

from cases_native.boundary_cases import CaseError, Counter, Link, Page, Shape, add, echo_bytes, echo_shape

add("1", 2)  # wrong
add(1)  # wrong
add(1, 2, 3)  # wrong
Link(url="u")  # wrong
Link("u", "t")  # wrong
Link(url=1, text="t")  # wrong
Shape.CIRCLE(radius="1")  # wrong
echo_shape(Link(url="u", text="t"))  # wrong
echo_bytes("text")  # wrong
Counter("1")  # wrong
Counter(1).increment(to=1)  # wrong
CaseError.BadInput(input="x")  # wrong


def uses(page: Page) -> None:
    print(page.nothing)  # wrong
    page.links.append("x")  # wrong
    page.title.upper()  # wrong

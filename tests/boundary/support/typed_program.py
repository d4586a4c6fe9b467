"""A user's program, for the type checkers: it is checked, not run."""

from __future__ import annotations

import datetime as dt
import ipaddress

from cases_native import boundary_types as elsewhere
from cases_native.boundary_cases import (
    CaseError,
    Counter,
    Defaults,
    Direction,
    Entry,
    Folder,
    InternalError,
    Leaflet,
    Link,
    Listener,
    Page,
    Point,
    Shape,
    Store,
    Team,
    Tree,
    add,
    chain_of,
    counters,
    echo_address,
    echo_bytes,
    echo_duration,
    echo_map_of_maps,
    echo_moment,
    echo_optional,
    echo_place,
    echo_shape,
    fail_with,
    memory_store,
    page_with,
    ready,
    sum_of,
    turned,
)
from typing_extensions import assert_never, assert_type


def functions() -> None:
    assert_type(add(1, b=2), int)
    assert_type(echo_optional(None), int | None)
    assert_type(echo_map_of_maps({}), dict[str, dict[int, bool | None]])
    assert_type(counters(3), list[Counter])
    assert_type(echo_duration(dt.timedelta(1)), dt.timedelta)
    assert_type(echo_bytes(bytearray(b"x")), bytes)
    assert_type(sum_of(memoryview(b"x")), int)
    assert_type(turned(Direction.NORTH), Direction)
    assert_type(echo_moment(dt.datetime.now(dt.timezone.utc)), dt.datetime)
    assert_type(echo_address(ipaddress.IPv4Address("127.0.0.1")), ipaddress.IPv4Address)
    assert_type(echo_place(elsewhere.Place(latitude=1, longitude=2)), elsewhere.Place)


def records() -> None:
    page = page_with(1)
    assert_type(page, Page)
    assert_type(page.links[0].weight, float | None)
    assert_type(page.by_name, dict[str, Link])
    assert_type(Defaults(first=1).some, str | None)
    assert_type(Point(x=1, y=2).moved(1, up=2), Point)
    assert_type(Leaflet.load("x"), Leaflet)
    chain = chain_of(3)
    while chain is not None:
        assert_type(chain.value, int)
        chain = chain.next
    team = Team(leader=Counter(), members=[], by_name={})
    assert_type(team.spare, Counter | None)


def variant_as_type(circle: Shape.CIRCLE) -> float:
    return circle.radius


def variants(shape: Shape, tree: Tree, direction: Direction) -> str:
    assert_type(echo_shape(Shape.CIRCLE(1.0, center=None)), Shape)
    match shape:
        case Shape.CIRCLE(radius=radius, center=center):
            assert_type(radius, float)
            assert_type(center, Point | None)
            variant_as_type(shape)
        case Shape.POLYGON(points):
            assert_type(points, list[Point])
        case _:
            pass
    match tree:
        case Tree.LEAF(value=value):
            assert_type(value, int)
        case Tree.BRANCH(left=left):
            assert_type(left, Tree)
        case _:
            pass
    if isinstance(shape, Shape.ROUNDED_BOX):
        assert_type(shape.corners, list[Shape])
    match direction:
        case Direction.NORTH | Direction.SOUTH:
            return "up or down"
        case Direction.EAST | Direction.WEST:
            return direction.opposite().name
        case _:
            assert_never(direction)


def folders(folder: Folder) -> int:
    total = 0
    for entry in folder.entries:
        match entry:
            case Entry.FILE(size):
                total += size
            case Entry.FOLDER(inner):
                total += folders(inner)
            case _:
                pass
    return total


def errors() -> int:
    try:
        return fail_with(1)
    except CaseError.BadInput as error:
        assert_type(error.input, str)
        assert_type(error.position, int)
        return error.position
    except (CaseError.Plain, CaseError.Missing):
        return 0
    except CaseError.Broken as error:
        assert_type(error.link, Link)
        assert_type(error.cause, CaseError | None)
        return 1
    except CaseError:
        return 2
    except InternalError:
        return 3


async def objects() -> None:
    counter = Counter(1)
    assert_type(counter.increment(by=2), int)
    assert_type(counter.itself(), Counter)
    assert_type(await counter.increment_later(1), int)
    assert_type(await Counter.later(1, 2), Counter)
    assert_type(Counter.parse("1"), Counter)
    assert_type(await ready(1), int)
    assert_type(memory_store(), Store)


class OwnStore(Store):
    def get(self, url: str) -> Page | None:
        return None

    def put(self, page: Page) -> None:
        pass

    def size(self) -> int:
        return 0

    def fork(self) -> Store:
        return self


def takes_a_listener(listener: Listener) -> bool:
    return listener.on_event("x")

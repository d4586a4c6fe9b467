"""The rows as protobuf messages, whose bytes cross through ctypes. The messages are those of `protobuf/src/lib.rs`."""

from __future__ import annotations

import ctypes
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

if TYPE_CHECKING:
    from collections.abc import Callable

    from callers.records import Site

Field = descriptor_pb2.FieldDescriptorProto
PACKAGE = "boundary"
# The fields of each message in the order of their numbers: name, type or message, how often.
ONE, OPTIONAL, MANY, KIND = "one", "optional", "many", "one of the message's kinds"
TEXTS = ("id", "url", "host", "title", "lang", "charset", "path", "scheme")
OPTIONAL_TEXTS = ("description", "author", "canonical", "favicon", "published", "modified")
MESSAGES: dict[str, tuple[tuple[str, int | str, str], ...]] = {
    "TestData": (("data", Field.TYPE_STRING, ONE), ("len", Field.TYPE_SINT32, ONE)),
    "Link": (("url", Field.TYPE_STRING, ONE), ("text", Field.TYPE_STRING, ONE), ("rel", Field.TYPE_STRING, OPTIONAL)),
    "Site": (
        *((name, Field.TYPE_STRING, ONE) for name in TEXTS),
        *((name, Field.TYPE_STRING, OPTIONAL) for name in OPTIONAL_TEXTS),
        ("status", Field.TYPE_UINT32, ONE),
        ("depth", Field.TYPE_SINT32, ONE),
        ("size", Field.TYPE_UINT64, ONE),
        ("tags", Field.TYPE_STRING, MANY),
        ("links", "Link", MANY),
        ("meta", "Site.MetaEntry", MANY),
    ),
    "Sites": (("sites", "Site", MANY),),
    "Rectangle": (("width", Field.TYPE_DOUBLE, ONE), ("height", Field.TYPE_DOUBLE, ONE)),
    "Shape": (("radius", Field.TYPE_DOUBLE, KIND), ("rectangle", "Rectangle", KIND), ("name", Field.TYPE_STRING, KIND)),
    "Floats": (("values", Field.TYPE_DOUBLE, MANY),),
    "Strings": (("values", Field.TYPE_STRING, MANY),),
}


def describe(message: descriptor_pb2.DescriptorProto, fields: tuple[tuple[str, int | str, str], ...]) -> None:
    """Add the fields to a message."""
    if any(occurs == KIND for _, _, occurs in fields):
        message.oneof_decl.add(name="kind")
    for number, (name, kind, occurs) in enumerate(fields, 1):
        field = message.field.add(name=name, number=number)
        field.label = Field.LABEL_REPEATED if occurs == MANY else Field.LABEL_OPTIONAL
        if isinstance(kind, str):
            field.type, field.type_name = Field.TYPE_MESSAGE, f".{PACKAGE}.{kind}"
        else:
            field.type = kind  # type: ignore[assignment]
        if occurs == KIND:
            field.oneof_index = 0
        elif occurs == OPTIONAL:
            field.proto3_optional, field.oneof_index = True, len(message.oneof_decl)
            message.oneof_decl.add(name=f"_{name}")


def classes() -> dict[str, Any]:
    """Make the classes of the messages."""
    file = descriptor_pb2.FileDescriptorProto(name="boundary.proto", package=PACKAGE, syntax="proto3")
    for name, fields in MESSAGES.items():
        message = file.message_type.add(name=name)
        describe(message, fields)
        if name == "Site":
            entry = message.nested_type.add(name="MetaEntry")
            entry.options.map_entry = True
            describe(entry, (("key", Field.TYPE_STRING, ONE), ("value", Field.TYPE_STRING, ONE)))
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return {name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{PACKAGE}.{name}")) for name in MESSAGES}


def load(path: str) -> SimpleNamespace:
    """Load the library, and return the functions of the rows; their records are messages."""
    library = ctypes.CDLL(path)
    messages = SimpleNamespace(**classes())
    size = ctypes.c_size_t
    free = library.boundary_protobuf_free
    free.restype, free.argtypes = None, (ctypes.c_void_p, size)

    def function(name: str, returns: Any, *takes: Any) -> Any:
        found = getattr(library, f"boundary_protobuf_{name}")
        found.restype, found.argtypes = returns, takes
        return found

    def making(name: str, message: Any) -> Callable[[int], Any]:
        """Return a function from a number to a message."""
        make = function(name, ctypes.c_void_p, ctypes.c_uint32, ctypes.POINTER(size))

        def call(number: int) -> Any:
            length = size()
            address = make(number, length)
            answer = message.FromString(ctypes.string_at(address, length.value))
            free(address, length)
            return answer

        return call

    def changing(name: str, message: Any) -> Callable[[Any], Any]:
        """Return a function from a message to another of its kind."""
        change = function(name, ctypes.c_void_p, ctypes.c_char_p, size, ctypes.POINTER(size))

        def call(given: Any) -> Any:
            data = given.SerializeToString()
            length = size()
            address = change(data, len(data), length)
            answer = message.FromString(ctypes.string_at(address, length.value))
            free(address, length)
            return answer

        return call

    c_take_site = function("take_site", ctypes.c_uint32, ctypes.c_char_p, size)
    c_sum_floats = function("sum_floats", ctypes.c_double, ctypes.c_char_p, size)
    c_total_length = function("total_length", ctypes.c_uint32, ctypes.c_char_p, size)
    make_sites, floats, strings = (
        making("make_sites", messages.Sites),
        making("floats", messages.Floats),
        making("strings", messages.Strings),
    )

    def take_site(site: Any) -> int:
        data = site.SerializeToString()
        return c_take_site(data, len(data))  # type: ignore[no-any-return]

    def total_length(values: list[str]) -> int:
        data = messages.Strings(values=values).SerializeToString()
        return c_total_length(data, len(data))  # type: ignore[no-any-return]

    def sum_floats(values: list[float]) -> float:
        data = messages.Floats(values=values).SerializeToString()
        return c_sum_floats(data, len(data))  # type: ignore[no-any-return]

    return SimpleNamespace(
        TestData=messages.TestData,
        hello_there=changing("hello_there", messages.TestData),
        make_site=making("make_site", messages.Site),
        make_sites=lambda count: make_sites(count).sites,
        echo_site=changing("echo_site", messages.Site),
        take_site=take_site,
        read_site=read_site,
        Rectangle=lambda width, height: messages.Shape(rectangle=messages.Rectangle(width=width, height=height)),
        read_shape=lambda shape: shape.rectangle,
        double=changing("double", messages.Shape),
        sum_floats=sum_floats,
        floats=lambda count: list(floats(count).values),
        total_length=total_length,
        strings=lambda count: list(strings(count).values),
    )


def load_read(path: str) -> SimpleNamespace:
    """Return the functions whose answers are pages, with every field of them read into a dataclass."""
    messages = load(path)
    return SimpleNamespace(
        make_site=lambda number: read_site(messages.make_site(number)),
        make_sites=lambda count: [read_site(site) for site in messages.make_sites(count)],
    )


def read_site(site: Any) -> Site:
    """Read every field of a page."""
    from callers.records import Link, Site  # noqa: PLC0415, messages in hand need no dataclasses

    return Site(  # type: ignore[call-arg]
        *(getattr(site, name) for name in TEXTS),
        *(getattr(site, name) if site.HasField(name) else None for name in OPTIONAL_TEXTS),
        site.status,
        site.depth,
        site.size,
        list(site.tags),
        [Link(link.url, link.text, link.rel if link.HasField("rel") else None) for link in site.links],
        dict(site.meta),
    )


if typing.TYPE_CHECKING:
    import asyncio

    from typing_extensions import Buffer as _ReadableBuffer

    _EventLoop: typing.TypeAlias = asyncio.AbstractEventLoop
    _Add: typing.TypeAlias = typing.Callable[[bytes], object]
    _Parts: typing.TypeAlias = list[bytes]
    _Taken: typing.TypeAlias = list[tuple[typing.Callable[[int], object], int]]
    _Read: typing.TypeAlias = typing.Callable[[int], bytes]
    _Reader: typing.TypeAlias = typing.Callable[[_Read], typing.Any]
    _Writer: typing.TypeAlias = typing.Callable[[typing.Any, _Add, _Taken], None]
else:
    # For `typing.get_type_hints`; any other object with a contiguous buffer will do, too.
    _ReadableBuffer = bytes | bytearray | memoryview
    _EventLoop = typing.Any


class InternalError(Exception):
    """A fault of the library or of these bindings, not of the caller: a panic in Rust, or a broken buffer."""


class _Default:
    def __repr__(self) -> str:
        return "<default>"


# Stands for a default value that is made anew for each call.
_DEFAULT: typing.Any = _Default()
_T = typing.TypeVar("_T")


def _name_variants(owner: type, variants: tuple[type, ...], *names: str) -> None:
    """Make each variant's class an attribute of its enum, and name it so."""
    for variant, name in zip(variants, names, strict=True):
        variant.__name__ = name
        variant.__qualname__ = f"{owner.__qualname__}.{name}"
        setattr(owner, name, variant)


def _of_class(wanted: type, value: _T) -> _T:
    """Records as instances of the subclass whose class method made them."""
    for item in value if isinstance(value, list) else (value,):
        if item is not None:
            item.__class__ = wanted
    return value


# --- The library and its memory ---------------------------------------------------------------


class _Buffer(ctypes.Structure):
    """Bytes that Rust allocated, and that Rust must free (UniFFI's `RustBuffer`)."""

    _fields_ = (("capacity", ctypes.c_uint64), ("len", ctypes.c_uint64), ("data", ctypes.POINTER(ctypes.c_char)))


class _ForeignBytes(ctypes.Structure):
    """Bytes that Python owns and lends for the length of a call."""

    _fields_ = (("len", ctypes.c_int32), ("data", ctypes.c_char_p))


class _Status(ctypes.Structure):
    """How a call ended: 0 well, 1 with an error of the function's own, 2 with a panic."""

    _fields_ = (("code", ctypes.c_int8), ("error", _Buffer))


def _open_library() -> ctypes.CDLL:
    if sys.platform == "darwin":
        name = "lib@CDYLIB@.dylib"
    elif sys.platform.startswith("win"):
        name = "@CDYLIB@.dll"
    else:
        name = "lib@CDYLIB@.so"
    return ctypes.CDLL(os.path.join(os.path.dirname(__file__), name))


_library = _open_library()


_looked_up: set[str] = set()


def _symbol(name: str, result: typing.Any) -> typing.Any:
    """A function of the library, with a prototype of its own."""
    _looked_up.add(name)
    function = _library[name]
    function.restype = result
    return function


# Call statuses wait here, zeroed, to be used again: Rust writes one only when a call fails.
_statuses: list[tuple[_Status, typing.Any]] = []


def _new_status() -> tuple[_Status, typing.Any]:
    status = _Status()
    return status, ctypes.byref(status)


# Aliases, since an argument may hide the name.
_int = int
_new: typing.Any = object.__new__
_u64 = ctypes.c_uint64
_i64 = ctypes.c_int64
_f64 = ctypes.c_double
_f32 = ctypes.c_float

_nothing_taken: _Taken = []


def _give_back(taken: _Taken) -> None:
    """Take back the handles of a call that is not made after all."""
    for give_back, handle in taken:
        give_back(handle)


_buffer_from_bytes = _symbol("@FROM_BYTES@", _Buffer)
_buffer_free = _symbol("@FREE@", None)


def _lower(data: bytes) -> _Buffer:
    """Copy bytes into a buffer that Rust will own."""
    call = _statuses.pop() if _statuses else _new_status()
    buffer: _Buffer = _buffer_from_bytes(_ForeignBytes(len(data), data), call[1])
    if call[0].code:
        raise _failure(call[0], None)
    _statuses.append(call)
    return buffer


def _take(buffer: _Buffer) -> bytes:
    """Copy a buffer's bytes out, and free it."""
    data: bytes = buffer.data[: buffer.len]
    _buffer_free(buffer, ctypes.byref(_Status()))
    return data


def _lift(read: _Reader, buffer: _Buffer) -> typing.Any:
    """The value that a buffer holds; the buffer is freed."""
    size: int = buffer.len
    # One byte more, for who reads beyond the end to be found out by. Most buffers have room for it.
    data: bytes = buffer.data[: size + 1] if size < buffer.capacity else buffer.data[:size] + b"\x00"
    _buffer_free(buffer, ctypes.byref(_Status()))
    stream = io.BytesIO(data)
    try:
        value = read(stream.read)
    except (struct.error, KeyError, UnicodeDecodeError) as error:
        raise InternalError(f"malformed data in the buffer that Rust returned: {error!r}") from error
    if stream.tell() != size:
        raise InternalError(f"{size} bytes in the buffer that Rust returned, and {stream.tell()} were read")
    return value


def _failure(status: _Status, read_error: _Reader | None) -> BaseException:
    """The exception that a failed call is to raise."""
    if status.code == 1:
        if read_error is None:
            _take(status.error)
            return InternalError("Rust reported an error where none was declared")
        error: BaseException = _lift(read_error, status.error)
        return error
    if status.code == 2:
        # A panic while the message was being written leaves an empty buffer.
        return InternalError(_take(status.error).decode(errors="replace") or "Unknown rust panic")
    return InternalError(f"unknown call status {status.code}")


# --- Checking what is passed in ----------------------------------------------------------------


def _integer(value: typing.Any, low: int, high: int, name: str) -> int:
    """An argument as an integer of the named Rust type."""
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"an integer is required, not {type(value).__name__}") from None
    if not low <= number <= high:
        raise ValueError(f"{name} requires {low} <= value < {high + 1}")
    return number


def _number(value: typing.Any) -> float:
    if isinstance(value, (str, bytes, bytearray)):
        raise TypeError(f"a float is required, not {type(value).__name__}")
    try:
        return float(value)
    except TypeError:
        raise TypeError(f"a float is required, not {type(value).__name__}") from None


def _single(value: typing.Any) -> float:
    """A number that fits an f32."""
    number = _number(value)
    struct.pack(">f", number)
    return number


def _truth(value: typing.Any) -> bool:
    if value is None or not (hasattr(type(value), "__bool__") or hasattr(type(value), "__index__")):
        raise TypeError(f"a bool is required, not {type(value).__name__}")
    return bool(value)


class _Booleans(dict[typing.Any, bool]):
    """`True` and `False` quickly, other things that have a truth value slowly."""

    def __missing__(self, value: typing.Any) -> bool:
        return _truth(value)


_booleans = _Booleans({True: True, False: False})


class _Sizes(dict[int, bytes]):
    """Lengths as buffers have them: most are small and are here, the others are made."""

    _pack = struct.Struct(">i").pack

    def __missing__(self, size: int) -> bytes:
        return self._pack(size)


_sizes = _Sizes({size: struct.pack(">i", size) for size in range(256)})


def _bytes(value: typing.Any) -> bytes:
    """Any contiguous buffer as `bytes`."""
    try:
        return bytes(memoryview(value).cast("B"))
    except TypeError:
        raise TypeError(f"a bytes-like object is required, not {type(value).__name__}") from None


def _items(value: typing.Any) -> list[typing.Any]:
    """Any iterable but text, bytes and mappings as a list."""
    if isinstance(value, (str, bytes, bytearray, dict)):
        raise TypeError(f"a sequence is required, not {type(value).__name__}")
    try:
        return list(value)
    except TypeError:
        raise TypeError(f"a sequence is required, not {type(value).__name__}") from None


def _entries(value: typing.Any) -> list[tuple[typing.Any, typing.Any]]:
    """The entries of any mapping."""
    try:
        return list(value.items())
    except AttributeError:
        raise TypeError(f"a mapping is required, not {type(value).__name__}") from None


def _variant(value: typing.Any, expected: type, variants: tuple[type, ...]) -> type:
    """The variant that a value of a subclass belongs to."""
    for variant in variants:
        if isinstance(value, variant):
            return variant
    raise _misfit("enum", expected, value)


def _misfit(kind: str, expected: type, value: typing.Any) -> Exception:
    """The error for a value of another class than the expected one."""
    if kind == "flat_enum":
        return ValueError(f"{value!r} is not a valid {expected.__name__}")
    if kind == "flat_error":
        return InternalError(f"a {expected.__name__} can come from Rust, but not be passed to it")
    return TypeError(f"a {expected.__name__} is required, not {type(value).__name__}")


def _number_members(members: type[enum.Enum]) -> dict[int, typing.Any]:
    """An enum's members by their number in a buffer; each member gets to know its own."""
    numbered = dict(enumerate(members, 1))
    for number, member in numbered.items():
        setattr(member, f"_uniffi_index_{members.__name__}", number)
    return numbered


_RANGES = {
    **{f"u{bits}": (0, 2**bits - 1) for bits in (8, 16, 32, 64)},
    **{f"i{bits}": (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) for bits in (8, 16, 32, 64)},
}


def _check(name: str, value: typing.Any, path: str) -> None:
    """Raise the error that says what is wrong with a value, and where; the slow path after a quick one failed."""
    _check_type(_types(), name, value, path)


def _check_type(types: dict[str, tuple[typing.Any, ...]], name: str, value: typing.Any, path: str) -> None:
    kind, *parts = types[name]
    lower = parts[2] if kind == "custom" else None
    items: typing.Any = ()
    try:
        if kind in _RANGES:
            _integer(value, *_RANGES[kind], kind)
        elif kind == "f64":
            _number(value)
        elif kind == "f32":
            _single(value)
        elif kind == "bool":
            _truth(value)
        elif kind == "str":
            if not isinstance(value, str):
                raise TypeError(f"a str is required, not {type(value).__name__}")
            value.encode()
        elif kind in {"bytes", "borrowed_bytes"}:
            _bytes(value)
        elif kind in {"timestamp", "duration"}:
            parts[1](value)
        elif lower is not None:
            value = lower(value)
        elif kind in {"sequence", "set"}:
            items = _items(value)
        elif kind == "map":
            items = _entries(value)
        elif kind in {"record", "object", "flat_enum", "enum", "error", "flat_error", "trait"}:
            _check_class(kind, parts[0], parts[1], value)
    except UnicodeError:
        raise
    except (TypeError, ValueError, OverflowError) as error:
        raise type(error)(f"{path}: {error}") from None
    if kind in {"box", "custom"} or (kind == "optional" and value is not None):
        _check_type(types, parts[0], value, path)
    elif kind in {"sequence", "set"}:
        for index, item in enumerate(items):
            _check_type(types, parts[0], item, f"{path}[{index}]")
    elif kind == "map":
        for key, item in items:
            _check_type(types, parts[0], key, f"{path} (a key)")
            _check_type(types, parts[1], item, f"{path}[{key!r}]")
    elif kind == "record":
        _check_fields(types, parts, value, path)
    elif kind in {"enum", "error"}:
        for variant in parts[1]:
            if isinstance(value, variant[0]):
                _check_fields(types, variant, value, path)
    elif kind == "external":
        parts[2](parts[1], value, path)


def _check_class(kind: str, expected: type, members: typing.Any, value: typing.Any) -> None:
    if kind == "record" and not isinstance(value, expected) and all(hasattr(value, field) for field in members):
        return
    if not issubclass(type(value), expected):
        raise _misfit(kind, expected, value)
    if kind == "object" and getattr(value, "_handle", None) is None:
        raise ValueError(f"this {expected.__name__} is closed or was never initialised")


def _check_fields(types: typing.Any, shape: typing.Any, value: typing.Any, path: str) -> None:
    owner, fields, names = shape
    for field, name in zip(fields, names, strict=True):
        _check_type(types, name, getattr(value, field), f"{path}: {owner.__qualname__}.{field}")


def _blame(function: str, *arguments: tuple[str, str, typing.Any]) -> None:
    """Raise the clear form of the error that an argument has caused."""
    for argument, name, value in arguments:
        _check(name, value, f"{function}() argument {argument!r}")

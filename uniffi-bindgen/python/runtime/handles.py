# --- Python objects given to Rust ----------------------------------------------------------------


class _PureHandleMap:
    """Objects by the handle that Rust knows them by. Python's handles are odd, Rust's are even."""

    def __init__(self, on_insert: typing.Any = None) -> None:
        self._objects: dict[int, typing.Any] = {}
        self._handles = itertools.count(1, 2)
        self._on_insert = on_insert
        # The dict's own methods, which are quicker to call than functions around them.
        self.get = self._objects.__getitem__
        self.remove = self._objects.pop

    def insert(self, value: typing.Any) -> int:
        handle = next(self._handles)
        self._objects[handle] = value
        if self._on_insert is not None:
            self._on_insert()
        return handle

    def clone(self, handle: int) -> int:
        return self.insert(self._objects[handle])

    def __len__(self) -> int:
        return len(self._objects)


_HandleMap: typing.Any = _PureHandleMap if _accelerator is None else _accelerator.HandleMap


def _report(status: typing.Any, error: BaseException) -> None:
    """Tell Rust of an exception that a method was not declared to raise."""
    status.code = 2
    status.error = _lower(_describe(error).encode(errors="replace"))


def _describe(error: BaseException) -> str:
    try:
        return repr(error)
    except Exception:
        return type(error).__name__


def _c_function(*prototype: typing.Any) -> typing.Callable[[typing.Callable[..., typing.Any]], typing.Any]:
    """Make a C function pointer of a Python function."""
    return ctypes.CFUNCTYPE(*prototype)


# C function pointers that Rust keeps for good.
_kept: list[typing.Any] = []


def _install_vtable(init: str, *functions: typing.Any) -> None:
    table = (ctypes.c_void_p * len(functions))(*(ctypes.cast(function, ctypes.c_void_p) for function in functions))
    _kept.append((functions, table))
    _symbol(init, None)(ctypes.byref(table))


def _pointer(function: typing.Any) -> int:
    return ctypes.cast(function, ctypes.c_void_p).value or 0


def _install_native_vtable(init: str, handles: typing.Any, methods: typing.Callable[[], typing.Any]) -> bool:
    """Have the accelerator call the methods, where it can."""
    if _native is None or not _accelerator.trampolines:
        return False
    try:
        _accelerator.vtable(_native, init, handles, methods())
    except ImportError:  # it has no more entry points left
        return False
    return True

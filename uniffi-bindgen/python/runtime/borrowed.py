# --- Lending bytes ------------------------------------------------------------------------------


class _View(ctypes.Structure):
    """CPython's `Py_buffer`."""

    _fields_ = (
        ("buf", ctypes.c_void_p),
        ("obj", ctypes.py_object),
        ("len", ctypes.c_ssize_t),
        ("itemsize", ctypes.c_ssize_t),
        ("readonly", ctypes.c_int),
        ("ndim", ctypes.c_int),
        ("format", ctypes.c_void_p),
        ("shape", ctypes.c_void_p),
        ("strides", ctypes.c_void_p),
        ("suboffsets", ctypes.c_void_p),
        ("internal", ctypes.c_void_p),
    )


class _Lent(_ForeignBytes):
    """The memory of an object other than `bytes`, kept in place until this is dropped."""

    def __init__(self, owner: typing.Any) -> None:
        view = _View()
        get = ctypes.pythonapi.PyObject_GetBuffer
        get(ctypes.py_object(owner), ctypes.byref(view), 0)
        self._view = view
        super().__init__(view.len, view.buf)

    def __del__(self) -> None:
        view = self.__dict__.get("_view")
        if view is not None:
            ctypes.pythonapi.PyBuffer_Release(ctypes.byref(view))


def _lend(value: typing.Any) -> _ForeignBytes:
    """Any contiguous buffer, without a copy."""
    if value.__class__ is bytes:
        return _ForeignBytes(len(value), value)
    try:
        view = memoryview(value)
    except TypeError:
        raise TypeError(f"a bytes-like object is required, not {type(value).__name__}") from None
    if not view.c_contiguous:
        raise TypeError("a C-contiguous buffer is required")
    if view.nbytes > 0x7FFFFFFF:
        raise OverflowError("a buffer of more than 2 GiB can't be lent")
    if sys.implementation.name != "cpython":
        data = view.tobytes()
        return _ForeignBytes(len(data), data)
    return _Lent(value)

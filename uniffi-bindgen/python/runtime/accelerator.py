# --- The accelerator ---------------------------------------------------------------------------------


def _load_accelerator() -> typing.Any:
    """The native half of these bindings, or None where it can't be used: everything works without it."""
    if os.environ.get("SITELIFT_PURE_PYTHON") == "1" or sys.implementation.name != "cpython":
        return None
    home: ctypes.CDLL = _library
    separate = os.environ.get("UNIFFI_PYTHON_ACCELERATOR")
    try:
        if separate:
            home = ctypes.CDLL(separate)
        prototype = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.c_uint32, ctypes.c_void_p)
        return prototype(("uniffi_python_accelerator", home))(1, getattr(sys, "dllhandle", None))
    except (AttributeError, ImportError, OSError):
        return None


_accelerator = _load_accelerator()
if _accelerator is not None:
    # Once the interpreter ends, no thread of Rust's may call into it.
    atexit.register(_accelerator.abandon)

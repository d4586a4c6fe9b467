# --- Coroutines that Rust awaits -------------------------------------------------------------------


class _DroppedCallback(ctypes.Structure):
    """What Rust calls when it no longer waits for a coroutine."""

    _fields_ = (("data", ctypes.c_uint64), ("callback", ctypes.c_void_p))


_coroutines: dict[int, typing.Any] = {}
# The stock generator's name for it.
_UNIFFI_FOREIGN_FUTURE_HANDLE_MAP = _coroutines
_coroutine_handles = itertools.count(1, 2)


def _drop_coroutine(handle: int) -> None:
    task = _coroutines.pop(handle, None)
    if task is not None:
        task.cancel()


_dropped = ctypes.CFUNCTYPE(None, ctypes.c_uint64)(_drop_coroutine)
_dropped_address = ctypes.cast(_dropped, ctypes.c_void_p).value


def _find_loop() -> _EventLoop:
    """The event loop for a coroutine that Rust started, on whatever thread this is."""
    import asyncio

    for loop in (_event_loop, asyncio._get_running_loop(), _latest_loop):
        if loop is not None and not loop.is_closed():
            return loop
    raise InternalError("no asyncio event loop is known here: call uniffi_set_event_loop() first")


def _start_coroutine(
    call: typing.Callable[[], typing.Awaitable[typing.Any]],
    succeed: typing.Callable[[typing.Any], None],
    fail: typing.Callable[[BaseException], None],
    out_dropped: typing.Any,
) -> None:
    """Run a method's coroutine on the event loop and hand its outcome to Rust."""
    import asyncio

    async def run() -> None:
        # Exactly one of the two is called: each uses up a reference that Rust counts.
        try:
            result = await call()
        except Exception as error:
            fail(error)
        else:
            try:
                succeed(result)
            except Exception as error:
                fail(error)

    try:
        loop = _find_loop()
        task = asyncio.run_coroutine_threadsafe(run(), loop)
    except Exception as error:
        fail(error)
        return
    handle = next(_coroutine_handles)
    _coroutines[handle] = task
    out_dropped[0] = _DroppedCallback(handle, _dropped_address)

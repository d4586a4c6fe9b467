# --- Rust futures --------------------------------------------------------------------------------

_event_loop: _EventLoop | None = None
_latest_loop: _EventLoop | None = None


def uniffi_set_event_loop(eventloop: _EventLoop | None) -> None:
    """Name the event loop for calls made where none runs.

    Needed only when Rust calls an async Python method from a thread of its own before any coroutine has
    awaited a Rust function; otherwise the loop that was running last is found by itself.
    """
    global _event_loop
    _event_loop = eventloop


def _running_loop() -> _EventLoop:
    global _latest_loop
    if _event_loop is not None:
        return _event_loop
    import asyncio

    _latest_loop = asyncio.get_running_loop()
    return _latest_loop


def _note_loop() -> None:
    """Remember the loop that runs while an object with async methods is handed to Rust."""
    global _latest_loop
    if "asyncio" in sys.modules:
        import asyncio

        _latest_loop = asyncio._get_running_loop() or _latest_loop


class _PurePending:
    """A Rust future that was not ready when it was first polled."""

    __slots__ = ("_calls", "_code", "_error", "_future", "_lift", "_waiter")

    def __init__(self, future: int, calls: _FutureCalls, lift: typing.Any, error: _Reader | None) -> None:
        self._future = future
        self._calls = calls
        self._lift = lift
        self._error = error
        self._code: int | None = None
        self._waiter: tuple[typing.Any, typing.Any] | None = None

    def poll(self) -> typing.Any:
        """The future's result, or this object while there is none."""
        poll, complete, free = self._calls
        if not self._future:
            raise RuntimeError("this call is closed")
        while True:
            self._code = self._waiter = None
            ticket = next(_tickets)
            _waiting[ticket] = self
            poll(ctypes.c_uint64(self._future), _continuation, ctypes.c_uint64(ticket))
            if self._code is None:
                return self
            if self._code == 0:
                break
        status = _Status()
        future, self._future = self._future, 0
        try:
            result = complete(ctypes.c_uint64(future), ctypes.byref(status))
        finally:
            free(ctypes.c_uint64(future))
        if status.code:
            raise _failure(status, self._error)
        return None if self._lift is None else self._lift(result)

    def watch(self, loop: typing.Any, future: typing.Any) -> bool:
        """Have `future` set when Rust wakes this one; true if it already did."""
        self._waiter = (loop, future)
        return self._code is not None

    def wake(self, code: int) -> None:
        """Called by Rust, on any thread."""
        self._code = code
        if self._waiter is not None:
            loop, future = self._waiter
            with contextlib.suppress(RuntimeError):  # the loop is closed
                loop.call_soon_threadsafe(_settle, future)

    def close(self) -> None:
        """Drop the Rust future, if it is still there."""
        future, self._future = self._future, 0
        if future:
            self._waiter = None
            self._calls[2](ctypes.c_uint64(future))

    def __del__(self) -> None:
        self.close()


_FutureCalls: typing.TypeAlias = tuple[typing.Any, typing.Any, typing.Any]
_Pending: typing.Any = _PurePending if _accelerator is None else _accelerator.Pending
_same = operator.pos
_tickets = itertools.count(1)
_waiting: dict[int, _PurePending] = {}


def _wake(ticket: int, code: int) -> None:
    pending = _waiting.get(ticket)
    if pending is not None:
        pending.wake(code)
        # Only now: at the interpreter's end, whoever is in here is waited for.
        _waiting.pop(ticket, None)


_continuation = ctypes.CFUNCTYPE(None, ctypes.c_uint64, ctypes.c_int8)(_wake)


def _settle(future: typing.Any) -> None:
    if not future.done():
        future.set_result(None)


def _start(future: int, calls: _FutureCalls, lift: typing.Any, error: _Reader | None) -> typing.Any:
    """The result of a Rust future that is ready at once, or the future itself, pending."""
    return _PurePending(future, calls, lift, error).poll()


async def _finish(pending: typing.Any) -> typing.Any:
    """Wait for a pending Rust future; to cancel the wait drops it."""
    try:
        loop = _running_loop()
        while True:
            future = loop.create_future()
            if not pending.watch(loop, future):
                await future
            outcome = pending.poll()
            if outcome is not pending:
                return outcome
    finally:
        pending.close()


def _abandon_futures() -> None:
    """Drop what is still pending when the interpreter ends: nothing may call into Python after that."""
    for pending in list(_waiting.values()):
        pending.close()
    # Threads of Rust's that are on their way in.
    deadline = time.monotonic() + 1
    while _waiting and time.monotonic() < deadline:
        time.sleep(0.001)


atexit.register(_abandon_futures)

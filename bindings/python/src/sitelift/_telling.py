"""What goes on inside, for `logging` and for who watches."""

from __future__ import annotations

import atexit
import logging
import weakref
from typing import TYPE_CHECKING

from sitelift._ffi import sitelift as generated
from sitelift._ffi.sitelift import LogLevel

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import Self

    from sitelift._ffi.sitelift import LogRecord, Stats

_LEVELS = {
    LogLevel.ERROR: logging.ERROR,
    LogLevel.WARN: logging.WARNING,
    LogLevel.INFO: logging.INFO,
    LogLevel.DEBUG: logging.DEBUG,
    LogLevel.TRACE: 5,
}


class _Logger(generated.Logger):
    def log(self, record: LogRecord) -> None:
        """Hand a record to the logger that is called as the module that it comes from."""
        name = record.target.replace("::", ".")
        logging.getLogger(name).log(_LEVELS[record.level], "%s", record.message)


def enable_logging(level: int = logging.INFO) -> None:
    """Tell `logging` what goes on inside: to `sitelift` and the loggers below it, from this level on.

    A page that failed is a `WARNING`, a retry is `INFO`, every response is `DEBUG`. Handlers are called by a thread of
    their own, and no page waits for them. It may be called again to change the level.
    """
    fitting = [inner for inner, ours in _LEVELS.items() if ours >= level]
    generated.set_logger(fitting[-1] if fitting else LogLevel.ERROR, _Logger() if fitting else None)


def disable_logging() -> None:
    """End what `enable_logging` began; all that happened before has been handed over when it returns."""
    generated.set_logger(LogLevel.ERROR, None)


class _Progress(generated.Progress):
    def __init__(self, callback: Callable[[Stats], object]) -> None:
        self._callback = callback

    def update(self, stats: Stats) -> None:
        """Call back; what that raises is logged, as there is nobody else to tell."""
        try:
            self._callback(stats)
        except Exception:
            logging.getLogger("sitelift").exception("a progress callback failed")


class Watch:
    """A client being watched, until `stop` or the end of its `with` block."""

    def __init__(self, inner: generated.Watch) -> None:
        self._inner = inner
        _watches.add(self)

    def stop(self) -> None:
        """Call back once more, and then no more."""
        self._inner.stop()
        _watches.discard(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


_watches: weakref.WeakSet[Watch] = weakref.WeakSet()


def watch(client: generated.Client, callback: Callable[[Stats], object], every: float) -> Watch:
    """Call back every so many seconds."""
    return Watch(client.watch(_Progress(callback), every))


@atexit.register
def _fall_silent() -> None:
    """Make sure that no thread calls an interpreter that is no more."""
    for watched in list(_watches):
        watched.stop()
    disable_logging()

# --- Times -----------------------------------------------------------------------------------------

_EPOCH = datetime.datetime.fromtimestamp(0, tz=datetime.timezone.utc)


def _timestamp(seconds: int, nanos: int) -> datetime.datetime:
    # Before 1970 Rust counts both parts backwards. Nanoseconds are rounded to Python's microseconds.
    if seconds < 0:
        return _EPOCH - datetime.timedelta(seconds=-seconds, microseconds=nanos / 1000)
    return _EPOCH + datetime.timedelta(seconds=seconds, microseconds=nanos / 1000)


def _from_timestamp(value: datetime.datetime) -> tuple[int, int]:
    if not isinstance(value, datetime.datetime):
        raise TypeError(f"a datetime is required, not {type(value).__name__}")
    if value.tzinfo is None:
        raise TypeError("a datetime with a time zone is required")
    sign = 1 if value >= _EPOCH else -1
    delta = abs(value - _EPOCH)
    return sign * (delta.days * 86400 + delta.seconds), delta.microseconds * 1000


def _duration(seconds: int, nanos: int) -> datetime.timedelta:
    return datetime.timedelta(seconds=seconds, microseconds=nanos / 1000)


def _from_duration(value: datetime.timedelta) -> tuple[int, int]:
    if not isinstance(value, datetime.timedelta):
        raise TypeError(f"a timedelta is required, not {type(value).__name__}")
    seconds = value.days * 86400 + value.seconds
    if seconds < 0:
        raise ValueError("Invalid duration, must be non-negative")
    return seconds, value.microseconds * 1000

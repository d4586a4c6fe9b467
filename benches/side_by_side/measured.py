"""What a job cost this process, printed as one line of JSON."""

from __future__ import annotations

import contextlib
import json
import resource
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Job:
    """A finished job: seconds by the clock and of CPU, peak memory of the process in MB, and what came out."""

    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_rss_mb: float = 0.0
    done: int = 0
    fields: int = 0


def peak_rss_mb() -> float:
    """Return the peak memory of this process in MB."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        # macOS counts in bytes. On Linux this figure would begin with the parent's.
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20)
    return int(status.split("VmHWM:")[1].split()[0]) / (1 << 10)


@contextlib.contextmanager
def job() -> Iterator[Job]:
    """Measure the block; imports are done before it, so that both ways start warm."""
    result = Job()
    before = resource.getrusage(resource.RUSAGE_SELF)
    start = time.perf_counter()
    yield result
    result.seconds = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_SELF)
    result.cpu_seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    result.peak_rss_mb = peak_rss_mb()
    print(json.dumps(asdict(result)))

"""What a job cost this process, printed as one line of JSON."""

from __future__ import annotations

import contextlib
import json
import resource
import sys
import time
from dataclasses import asdict, dataclass
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
    # Linux counts in KiB, macOS in bytes.
    result.peak_rss_mb = after.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
    print(json.dumps(asdict(result)))

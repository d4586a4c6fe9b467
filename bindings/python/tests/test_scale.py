"""Ten thousand URLs in one stream, in a process of its own with few file descriptors."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Server

JOB = """
import json, resource, sys
import sitelift

resource.setrlimit(resource.RLIMIT_NOFILE, (1024, 1024))
base = sys.argv[1]
urls = [f"{base}/n/{i}?weight=30000" for i in range(10_000)]
in_order = good = 0
with sitelift.Client(allow_private_networks=True) as client, client.stream(urls) as stream:
    for url, site in zip(urls, stream, strict=True):
        in_order += site.url == url
        good += site.error is None
try:
    peak_mb = int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0]) / 2**10
except OSError:
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
print(json.dumps({"in_order": in_order, "good": good, "peak_mb": peak_mb}))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no descriptor limit to set; run it on Linux or macOS")
def test_ten_thousand_urls_in_bounded_memory(server: Server) -> None:
    done = subprocess.run(
        [sys.executable, "-c", JOB, server.url], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["in_order"] == result["good"] == 10_000
    assert result["peak_mb"] < 300, result

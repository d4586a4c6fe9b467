"""The loopback test server, started once for all tests."""

from __future__ import annotations

import json
import os
import subprocess
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from helpers import until
from hypothesis import settings

import sitelift

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

ROOT = Path(__file__).resolve().parents[3]
CASES = ROOT / "tests" / "cases"
PAGES = ROOT / "tests" / "fixtures" / "pages"

# A slow machine is no failure, and a failure is repeated from what it prints, not from a file.
settings.register_profile("tests", deadline=None, database=None)
settings.load_profile("tests")


@dataclass(frozen=True)
class Server:
    """A running test server."""

    url: str
    https_url: str
    silent_url: str
    pages: list[str]
    pid: int

    def stats(self, *, reset: bool = False) -> dict[str, Any]:
        """Return what the server counted, and start counting anew."""
        with urllib.request.urlopen(f"{self.url}/stats" + ("?reset=1" if reset else "")) as answer:
            counted: dict[str, Any] = json.load(answer)
        return counted

    def in_flight(self) -> int:
        """Return how many requests wait for their answer right now."""
        return int(self.stats()["in_flight"])


def server_binary() -> Path:
    """Return the server's program: `make` builds it."""
    profile = os.environ.get("SITELIFT_TEST_PROFILE", "release")
    binary = ROOT / "target" / profile / "sitelift-testserver"
    if not binary.exists():
        pytest.exit(f"{binary} is missing: run `make testserver` first", returncode=2)
    return binary


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with subprocess.Popen(
        [server_binary(), "--pages", str(PAGES)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        yield Server(
            url=ready["url"],
            https_url=ready["https_url"],
            silent_url=f"http://127.0.0.1:{ready['silent_port']}",
            pages=ready["pages"],
            pid=process.pid,
        )
        # The server ends when its standard input does.
        process.stdin.close()
        process.wait(timeout=10)


@pytest.fixture
def counted(server: Server) -> Server:
    """Return the server with all its counters at zero."""
    # What an earlier test gave up may still be on its way to the end.
    until(lambda: server.in_flight() == 0, seconds=40)
    server.stats(reset=True)
    return server


@pytest.fixture
def client() -> Iterator[sitelift.Client]:
    with sitelift.Client(allow_private_networks=True) as client:
        yield client


@pytest.fixture
async def async_client() -> AsyncIterator[sitelift.AsyncClient]:
    async with sitelift.AsyncClient(allow_private_networks=True) as client:
        yield client

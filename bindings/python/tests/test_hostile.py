"""Pages and hosts made to exhaust this process, each in a process of its own with hard limits."""

from __future__ import annotations

import os
import sys

import pytest
from helpers import run_script

needs_linux = pytest.mark.skipif(
    sys.platform != "linux", reason="limits of memory and 127.x.y.z addresses are Linux's: run it on Linux"
)

PAGES = {
    "a long base": "b'<base href=\"/' + b'p' * 600_000 + b'/\">' + b'<a href=a>' * 20_000",
    "a base at the limit": "b'<base href=\"/' + b'p' * 15_000 + b'/\">' + b'<a href=a>' * 20_000",
    "many properties": "b'<meta property=\"' + b'og:a ' * 20_000 + b'\" content=\"' + b'x' * 1_000_000 + b'\">'",
    "nested captures": "b'<h2><div>' * 240 + b'x' * 5_000_000",
    "unclosed formatting": (
        "b'<p>' + b''.join(b'<b x%d a b c d e f g h i j k l m n o p q r s t>' % i for i in range(480))"
        " + b'<p>x' * 8_000"
    ),
    "deep nesting": "b'<div>' * 200_000 + b'x' * 1_000_000",
}


@needs_linux
@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES.keys())
@pytest.mark.parametrize("select", [{}, {"d": "div", "all": "*"}], ids=["plain", "own rules"])
def test_a_page_cannot_take_all_memory(page: str, select: dict[str, str]) -> None:
    code = f"""
    import resource
    from sitelift import Site

    Site.from_html(b"<p>warm")
    resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
    page = {page}
    site = Site.from_html(page, base_url="https://a.example/", select={select!r})
    assert site.warnings, "nothing was said of what was left out"
    peak = int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0]) / 1024
    assert peak < 700, f"{{peak:.0f}} MB"
    """
    run_script(code, seconds=60)


@needs_linux
def test_more_hosts_than_descriptors() -> None:
    code = """
    import os
    import resource
    import signal
    from sitelift import Client

    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))

    # A server on every loopback address that keeps all connections, in a child with more descriptors.
    ready, told = os.pipe()
    child = os.fork()
    if child == 0:
        import asyncio

        async def answer(reader, writer):
            try:
                while await reader.readuntil(b"\\r\\n\\r\\n"):
                    writer.write(b"HTTP/1.1 200 OK\\r\\nContent-Type: text/html\\r\\n")
                    writer.write(b"Content-Length: 9\\r\\n\\r\\n<p>hi</p>")
                    await writer.drain()
            except (asyncio.IncompleteReadError, ConnectionError):
                writer.close()

        async def serve():
            listening = await asyncio.start_server(answer, "0.0.0.0", 0, backlog=1024)
            os.write(told, str(listening.sockets[0].getsockname()[1]).encode() + b"\\n")
            await listening.serve_forever()

        signal.alarm(60)
        asyncio.run(serve())
    port = os.read(ready, 20).decode().strip()
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    urls = [f"http://127.{i // 250}.{i % 250}.1:{port}/" for i in range(900)]
    with Client(allow_private_networks=True) as client:
        sites = client.fetch_all(urls)
    os.kill(child, signal.SIGKILL)
    bad = [str(site.error) for site in sites if site.error]
    assert not bad, (len(bad), bad[:3])
    """
    run_script(code, seconds=90)


def test_fork_after_a_second_import() -> None:
    code = """
    import os
    import sys
    import warnings

    warnings.simplefilter("ignore")
    import sitelift

    for name in [name for name in sys.modules if name.split(".")[0] == "sitelift"]:
        del sys.modules[name]
    import sitelift

    pid = os.fork()
    if pid == 0:
        site = sitelift.Site.from_html("<title>child</title>")
        os._exit(0 if site.title == "child" else 1)
    assert os.waitpid(pid, 0)[1] == 0
    assert sitelift.Site.from_html("<title>parent</title>").title == "parent"
    """
    if not hasattr(os, "fork"):
        pytest.skip("this system has no fork: run it on Linux or macOS")
    run_script(code, seconds=30)

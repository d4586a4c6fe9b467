"""Lifts the URLs of standard input, one a line, and prints each as it is done: `python async_stream.py < urls.txt`."""

import asyncio
import sys

import sitelift


async def main() -> None:
    """Stream the pages, without waiting for slow ones."""
    urls = [line.strip() for line in sys.stdin if line.strip()]
    async with sitelift.AsyncClient(concurrency=32, timeout=10) as client:
        async for site in client.stream(urls, ordered=False):
            print(site.status, site.url, site.title if site.error is None else site.error.detail)


if __name__ == "__main__":
    asyncio.run(main())

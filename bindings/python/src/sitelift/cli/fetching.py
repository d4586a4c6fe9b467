"""The options of fetching: each is an option of `FetchOptions`, under a shorter name where that is a common one."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from sitelift import FetchOptions, __version__
from sitelift._options import Options
from sitelift.cli.values import Pairs, address, count, header, secret, shown_size, size, text, texts

if TYPE_CHECKING:
    import argparse

# The rest follows from the fields that are written.
_BY_FIELDS = {"keep_body", "parts", "select"}


def fetching_options(arguments: argparse.Namespace) -> Options:
    """Return the options as they were given, or else their defaults."""
    names = Options.__annotations__.keys() - _BY_FIELDS
    return cast("Options", {name: getattr(arguments, name) for name in names})


def add_fetching(get: argparse.ArgumentParser) -> None:
    """Add all of them, checked as far as the library does not check them itself."""
    default = FetchOptions()
    _add_pace(get.add_argument_group("pace"), default)
    _add_limits(get.add_argument_group("limits of a page"), default)
    _add_requests(get.add_argument_group("requests"))
    _add_connections(get.add_argument_group("connections"))
    _add_cache(get.add_argument_group("cache"), default)


def _add_pace(pace: argparse._ArgumentGroup, default: FetchOptions) -> None:
    pace.add_argument(
        "-c",
        "--concurrency",
        metavar="N",
        type=count,
        default=default.concurrency,
        help="most pages fetched at the same time, 1 to 10000 (default: %(default)s)",
    )
    pace.add_argument(
        "--per-host",
        metavar="N",
        type=count,
        default=default.per_host,
        help="most requests that one host gets at the same time, 1 to 10000 (default: %(default)s)",
    )
    pace.add_argument(
        "--delay",
        metavar="SECONDS",
        dest="delay_per_host",
        type=float,
        default=default.delay_per_host,
        help="seconds from one request to a host to the next (default: %(default)g)",
    )
    pace.add_argument(
        "--robots",
        dest="obey_robots",
        action="store_true",
        help="obey robots.txt and its Crawl-delay (default: do not ask for it)",
    )
    pace.add_argument(
        "--robots-agent",
        metavar="NAME",
        type=text("--robots-agent"),
        help="the name that is looked for in robots.txt (default: the first product of the User-Agent)",
    )
    pace.add_argument(
        "--retries",
        metavar="N",
        type=count,
        default=default.retries,
        help="how often a page is tried again after a failure that may pass, 0 to 10 (default: %(default)s)",
    )
    pace.add_argument(
        "--backoff",
        metavar="SECONDS",
        type=float,
        default=default.backoff,
        help="most seconds before the first of these, doubled for each further one (default: %(default)g)",
    )
    pace.add_argument(
        "--deadline",
        metavar="SECONDS",
        type=float,
        default=None,
        help="seconds that all pages together may take; what is not there by then has an error (default: none)",
    )
    pace.add_argument(
        "--max-in-flight",
        metavar="BYTES",
        dest="max_bytes_in_flight",
        type=size,
        default=default.max_bytes_in_flight,
        help="about how much all pages that are under way may hold; beyond it, pages wait "
        f"(default: {shown_size(default.max_bytes_in_flight)})",
    )


def _add_limits(limits: argparse._ArgumentGroup, default: FetchOptions) -> None:
    limits.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=float,
        default=default.timeout,
        help="seconds that one attempt to fetch a page may take in all, redirects included (default: %(default)g)",
    )
    limits.add_argument(
        "--connect-timeout",
        metavar="SECONDS",
        type=float,
        default=default.connect_timeout,
        help="seconds until a connection stands, name look-up and TLS included (default: %(default)g)",
    )
    limits.add_argument(
        "--read-timeout",
        metavar="SECONDS",
        type=float,
        default=default.read_timeout,
        help="seconds of silence from the server that are waited out (default: %(default)g)",
    )
    limits.add_argument(
        "--max-redirects",
        metavar="N",
        type=count,
        default=default.max_redirects,
        help="most redirects followed for one page, 0 to 50 (default: %(default)s)",
    )
    limits.add_argument(
        "--max-body",
        metavar="BYTES",
        dest="max_body_bytes",
        type=size,
        default=default.max_body_bytes,
        help="most bytes read of one page, the suffixes k (1024), m and g allowed here and elsewhere; longer pages "
        f"are cut there, and say so (default: {shown_size(default.max_body_bytes)})",
    )
    limits.add_argument(
        "--stop-after-head",
        action="store_true",
        help="read no more of a page than its head: less traffic, and no links, headings or text",
    )
    limits.add_argument(
        "--accept",
        metavar="TYPE[,TYPE]",
        dest="accept_types",
        action="extend",
        type=texts("--accept"),
        default=[],
        help="the media types that are wanted, such as text/html or text/*; answers of other types are not read and "
        "have an error (default: all)",
    )


def _add_requests(requests: argparse._ArgumentGroup) -> None:
    requests.add_argument(
        "--user-agent",
        metavar="TEXT",
        type=text("--user-agent"),
        help=f"the User-Agent header (default: sitelift/{__version__})",
    )
    requests.add_argument(
        "--header",
        metavar="'NAME: VALUE'",
        dest="headers",
        action=Pairs,
        type=header,
        default={},
        help="send one more header; may be given more than once",
    )
    requests.add_argument(
        "--auth",
        metavar="PLACE=USER:PASSWORD",
        action=Pairs,
        type=secret,
        default={},
        help="credentials for a host, such as example.com (over https only), or an origin, such as "
        "http://example.com:8080; `PLACE=Bearer TOKEN` too; they go nowhere else; may be given more than once",
    )
    requests.add_argument(
        "--cookies", action="store_true", help="keep cookies during the run and send them back (default: keep none)"
    )


def _add_connections(connections: argparse._ArgumentGroup) -> None:
    connections.add_argument(
        "--proxy",
        metavar="URL",
        type=text("--proxy"),
        help="an http, https, socks5 or socks5h proxy; all but socks5 look names up themselves, past the guard of "
        "private addresses (default: none, whatever the environment says)",
    )
    connections.add_argument(
        "--resolve",
        metavar="HOST=ADDRESS",
        action=Pairs,
        type=address,
        default={},
        help="the address of a host, in place of what the resolver says; it may be a private one; may be given more "
        "than once",
    )
    connections.add_argument(
        "--no-http2",
        dest="http2",
        action="store_false",
        help="speak HTTP/1.1 only (default: HTTP/2 with servers that offer it)",
    )
    connections.add_argument(
        "--ca-file",
        metavar="FILE",
        type=text("--ca-file"),
        help="trust the certificates of this PEM file, too (default: those of the system)",
    )
    connections.add_argument(
        "--insecure",
        dest="verify_tls",
        action="store_false",
        help="do not check the servers' certificates (default: check them)",
    )
    connections.add_argument(
        "--allow-private",
        dest="allow_private_networks",
        action="store_true",
        help="fetch from loopback and other addresses that are not on the public internet too (default: "
        "refuse them; URLs from strangers must not reach your own network)",
    )


def _add_cache(cache: argparse._ArgumentGroup, default: FetchOptions) -> None:
    cache.add_argument(
        "--cache",
        metavar="DIR",
        dest="cache_dir",
        type=text("--cache"),
        help="keep responses in this folder, and use them again as HTTP allows (default: none)",
    )
    cache.add_argument(
        "--cache-size",
        metavar="BYTES",
        dest="cache_max_bytes",
        type=size,
        default=default.cache_max_bytes,
        help="about how much that folder may hold; what was not used for longest goes first "
        f"(default: {shown_size(default.cache_max_bytes)})",
    )

"""The arguments, their meaning and their help."""

from __future__ import annotations

import argparse
import re
import sys
from typing import TYPE_CHECKING, Any, NoReturn

from sitelift import FetchOptions, __version__
from sitelift.cli.fields import FORMATS, KNOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_MEBIBYTE = 1 << 20
_UNITS = {"": 1, "k": 1 << 10, "m": _MEBIBYTE}

_STATUS = """\
exit status:
  0    all pages are ok (a page with status 404 is a page)
  1    at least one page has an error; all records are written
  2    the arguments, the input or the output cannot be used
  130  interrupted; what was written stays
"""
_GET_EPILOG = f"""\
formats:
  jsonl  one JSON object a line; without --fields all but body and headers
  json   one array of such objects
  csv    RFC 4180 with a header line, lists and objects as JSON text; values
         are the pages' own, and a spreadsheet may take one that begins with
         = + - or @ for a formula: import such columns as text
  table  for reading; long values are cut

{_STATUS}
examples:
  sitelift get https://example.com/
  sitelift get -i urls.txt -o pages.csv
  sitelift get -i million.txt -o pages.jsonl --resume --robots
  sitelift get https://example.com/ --select 'next=a[rel=next]::attr(href)'
"""
_PARSE_EPILOG = f"""\
{_STATUS}
examples:
  sitelift parse page.html --base-url https://example.com/
  curl -s https://example.com/ | sitelift parse - --fields title,links
"""
_DOCTOR_EPILOG = """\
exit status:
  0    all is well
  1    a check failed
"""


class CommandError(Exception):
    """The arguments, the input or the output cannot be used: the message is for the user."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Leave the one line that is printed, and the exit status, to `main`."""
        raise CommandError(f"{message} (see `{self.prog} --help`)")


def parse_arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """Return the arguments, checked as far as the library does not check them itself."""
    parser = _parser()
    arguments, rest = parser.parse_known_args(argv)
    if arguments.command is None:
        parser.print_help(sys.stderr)
        raise SystemExit(2)
    # argparse hands back the URLs that stand behind an option, when others stand before it.
    if arguments.command == "get" and not any(text.startswith("-") for text in rest):
        arguments.urls += [_checked("URL", text) for text in rest]
    elif rest:
        raise CommandError(f"unrecognized arguments: {' '.join(rest)} (see `{parser.prog} {arguments.command} --help`)")
    return arguments


def _parser() -> _Parser:
    parser = _Parser(
        prog="sitelift",
        description="Lift everything worth knowing out of web pages into one record a page.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"sitelift {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")

    def command(name: str, about: str, epilog: str) -> argparse.ArgumentParser:
        return commands.add_parser(
            name,
            help=about,
            description=f"{about[0].upper()}{about[1:]}.",
            epilog=epilog,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )

    _add_get(command("get", "fetch pages and write a record for each, in the order given", _GET_EPILOG))
    _add_parse(command("parse", "lift HTML that is already there; nothing is fetched", _PARSE_EPILOG))
    _add_doctor(command("doctor", "show and check what is installed, and what a call costs", _DOCTOR_EPILOG))
    return parser


def _add_get(get: argparse.ArgumentParser) -> None:
    default = FetchOptions()
    get.add_argument("urls", metavar="URL", nargs="*", type=_text("URL"), help="an http or https URL")
    get.add_argument(
        "-i",
        "--input",
        metavar="FILE",
        help="read more URLs from a UTF-8 file, or from standard input for `-`: one a line; blank lines and "
        "lines that start with # are skipped",
    )
    _add_output(get, "jsonl")
    fetching = get.add_argument_group("fetching")
    fetching.add_argument(
        "-c",
        "--concurrency",
        metavar="N",
        type=_count,
        default=default.concurrency,
        help="most pages fetched at the same time, 1 to 10000 (default: %(default)s)",
    )
    fetching.add_argument(
        "--per-host",
        metavar="N",
        type=_count,
        default=default.per_host,
        help="most requests that one host gets at the same time, 1 to 10000 (default: %(default)s)",
    )
    fetching.add_argument(
        "--delay",
        metavar="SECONDS",
        type=float,
        default=default.delay_per_host,
        help="seconds from one request to a host to the next (default: %(default)g)",
    )
    fetching.add_argument(
        "--retries",
        metavar="N",
        type=_count,
        default=default.retries,
        help="how often a page is tried again after a failure that may pass, 0 to 10 (default: %(default)s)",
    )
    fetching.add_argument(
        "--robots", action="store_true", help="obey robots.txt and its Crawl-delay (default: do not ask for it)"
    )
    fetching.add_argument(
        "--deadline",
        metavar="SECONDS",
        type=float,
        default=None,
        help="seconds that all pages together may take; what is not there by then has an error (default: none)",
    )
    fetching.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=float,
        default=default.timeout,
        help="seconds that one attempt to fetch a page may take in all, redirects included (default: %(default)g)",
    )
    fetching.add_argument(
        "--max-body",
        metavar="BYTES",
        type=_size,
        default=default.max_body_bytes,
        help="most bytes read of one page, the suffixes k (1024) and m (1024 * 1024) allowed; longer pages "
        f"are cut there, and say so (default: {default.max_body_bytes // _MEBIBYTE}m)",
    )
    fetching.add_argument(
        "--proxy",
        metavar="URL",
        type=_text("--proxy"),
        help="an http, https, socks5 or socks5h proxy; all but socks5 look names up themselves, past the guard of "
        "private addresses (default: none, whatever the environment says)",
    )
    fetching.add_argument(
        "--cache",
        metavar="DIR",
        type=_text("--cache"),
        help="keep responses in this folder, and use them again as HTTP allows (default: none)",
    )
    fetching.add_argument(
        "--auth",
        metavar="PLACE=USER:PASSWORD",
        action=_Pairs,
        type=_secret,
        default={},
        help="credentials for a host, such as example.com (over https only), or an origin, such as "
        "http://example.com:8080; `PLACE=Bearer TOKEN` too; they go nowhere else; may be given more than once",
    )
    fetching.add_argument(
        "--ca-file",
        metavar="FILE",
        type=_text("--ca-file"),
        help="trust the certificates of this PEM file, too (default: those of the system)",
    )
    fetching.add_argument(
        "--user-agent",
        metavar="TEXT",
        type=_text("--user-agent"),
        help=f"the User-Agent header (default: sitelift/{__version__})",
    )
    fetching.add_argument(
        "--header",
        metavar="'NAME: VALUE'",
        dest="headers",
        action=_Pairs,
        type=_header,
        default={},
        help="send one more header; may be given more than once",
    )
    fetching.add_argument(
        "--allow-private",
        action="store_true",
        help="fetch from loopback and other addresses that are not on the public internet too (default: "
        "refuse them; URLs from strangers must not reach your own network)",
    )
    fetching.add_argument(
        "--insecure", action="store_true", help="do not check the servers' certificates (default: check them)"
    )
    get.add_argument(
        "--resume",
        action="store_true",
        help="go on with the file of -o, which must be .jsonl: URLs that have a record there are left out, and the "
        "records of the others are added",
    )
    get.add_argument("-q", "--quiet", action="store_true", help="no progress bar and no closing line on standard error")


def _add_parse(parse: argparse.ArgumentParser) -> None:
    parse.add_argument(
        "file", metavar="FILE", nargs="?", default="-", help="the HTML; standard input for `-` (default: -)"
    )
    parse.add_argument(
        "--base-url",
        metavar="URL",
        type=_text("--base-url"),
        help="what relative URLs are resolved against (default: none, and relative URLs are left out)",
    )
    parse.add_argument(
        "--content-type",
        metavar="TEXT",
        type=_text("--content-type"),
        help="the Content-Type header the page came with, whose charset counts (default: none)",
    )
    _add_output(parse, "json")


def _add_doctor(doctor: argparse.ArgumentParser) -> None:
    doctor.add_argument("--json", action="store_true", help="write one JSON object")


def _add_output(command: argparse.ArgumentParser, piped: str) -> None:
    output = command.add_argument_group("output")
    output.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help="write to this file, whose suffix names the format: .jsonl, .json or .csv (default: standard output)",
    )
    output.add_argument(
        "--format",
        choices=FORMATS,
        help=f"the format (default: by the suffix of -o, else table on a terminal and {piped} elsewhere)",
    )
    output.add_argument(
        "--fields",
        metavar="NAME[,NAME]",
        type=_fields,
        help=f"the fields to write, in this order (default: by format): {', '.join(KNOWN)}",
    )
    output.add_argument(
        "--select",
        metavar="NAME=CSS",
        action=_Pairs,
        type=_rule,
        default={},
        help="write what a CSS rule matches, in the field `selected`, or in csv and table in a column "
        "`selected.NAME`; the rule may end in ::text (the default) or ::attr(name); may be given more than "
        "once",
    )


class _Pairs(argparse.Action):
    """Gathers pairs in a dictionary; a name that comes twice is an error."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        name, value = values
        pairs: dict[str, str] = dict(getattr(namespace, self.dest))
        if name in pairs:
            parser.error(f"argument {option_string}: {name!r} is given twice")
        setattr(namespace, self.dest, pairs | {name: value})


def _checked(what: str, text: str) -> str:
    """Return the text, which came as bytes and may not be any."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise CommandError(f"{what}: {text!r} is not valid UTF-8") from None
    return text


def _text(what: str) -> Callable[[str], str]:
    return lambda text: _checked(what, text)


def _rule(text: str) -> tuple[str, str]:
    name, equals, selector = _checked("--select", text).partition("=")
    if not (name.strip() and equals):
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form NAME=CSS, such as price=.price")
    return name.strip(), selector.strip()


def _secret(text: str) -> tuple[str, str]:
    place, equals, secret = _checked("--auth", text).partition("=")
    if not (place.strip() and equals):
        # What was given may be a secret, and is not repeated.
        raise argparse.ArgumentTypeError("the value is not of the form PLACE=USER:PASSWORD")
    return place.strip(), secret


def _header(text: str) -> tuple[str, str]:
    name, colon, value = _checked("--header", text).partition(":")
    if not (name.strip() and colon):
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form 'Name: value'")
    # In one case, so that a name given twice is seen.
    return name.strip().lower(), value.strip()


def _fields(text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",")))
    unknown = [name for name in names if name not in KNOWN]
    if unknown:
        raise argparse.ArgumentTypeError(f"no field {', '.join(map(repr, unknown))}; there are {', '.join(KNOWN)}")
    return names


def _count(text: str) -> int:
    # The library says what the range is; here the number is only made to fit.
    if not re.fullmatch("[0-9]{1,9}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number")
    return int(text)


def _size(text: str) -> int:
    match = re.fullmatch("([0-9]{1,12})([km]?)", text.lower())
    if match is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of bytes, such as 500000, 512k or 10m")
    return int(match[1]) * _UNITS[match[2]]

"""The arguments, their meaning and their help."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, NoReturn

from sitelift import __version__
from sitelift.cli.fetching import add_fetching
from sitelift.cli.fields import FORMATS, KNOWN
from sitelift.cli.values import CommandError, Pairs, checked, rule, text

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    if arguments.command == "get" and not any(one.startswith("-") for one in rest):
        arguments.urls += [checked("URL", one) for one in rest]
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
    get.add_argument("urls", metavar="URL", nargs="*", type=text("URL"), help="an http or https URL")
    get.add_argument(
        "-i",
        "--input",
        metavar="FILE",
        help="read more URLs from a UTF-8 file, or from standard input for `-`: one a line; blank lines and "
        "lines that start with # are skipped",
    )
    _add_output(get, "jsonl")
    add_fetching(get)
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
        type=text("--base-url"),
        help="what relative URLs are resolved against (default: none, and relative URLs are left out)",
    )
    parse.add_argument(
        "--content-type",
        metavar="TEXT",
        type=text("--content-type"),
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
        action=Pairs,
        type=rule,
        default={},
        help="write what a CSS rule matches, in the field `selected`, or in csv and table in a column "
        "`selected.NAME`; the rule may end in ::text (the default) or ::attr(name); may be given more than "
        "once",
    )


def _fields(given: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name.strip() for name in given.split(",")))
    unknown = [name for name in names if name not in KNOWN]
    if unknown:
        raise argparse.ArgumentTypeError(f"no field {', '.join(map(repr, unknown))}; there are {', '.join(KNOWN)}")
    return names

"""The command line.

`arguments` reads it, with `fetching`, the options of fetching, and `values`; `get`, `parse` and `doctor` are its
commands, `resume` is a part of `get`; `input`, `fields`, `output`, `table` and `progress` are what these share;
`terminal` keeps hostile text off the screen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sitelift import InvalidArgumentError, InvalidSelectorError
from sitelift.cli import doctor, get, parse
from sitelift.cli.arguments import parse_arguments
from sitelift.cli.output import discard_output
from sitelift.cli.terminal import say
from sitelift.cli.values import CommandError

if TYPE_CHECKING:
    from collections.abc import Sequence

_COMMANDS = {"get": get.run, "parse": parse.run, "doctor": doctor.run}

_UNUSABLE = 2
_INTERRUPTED = 130  # 128 + SIGINT, as shells have it
_BROKEN_PIPE = 141  # 128 + SIGPIPE


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status.

    0: all is well. 1: a page has an error, or a check failed. 2: the arguments, the input or the output
    cannot be used. 130: interrupted. 141: the reader of the output went away.
    """
    try:
        arguments = parse_arguments(argv)
        return _COMMANDS[arguments.command](arguments)
    except (CommandError, InvalidArgumentError, InvalidSelectorError) as error:
        say(f"sitelift: {error}")
        return _UNUSABLE
    except KeyboardInterrupt:
        say("sitelift: interrupted")
        return _INTERRUPTED
    except BrokenPipeError:
        discard_output()
        return _BROKEN_PIPE

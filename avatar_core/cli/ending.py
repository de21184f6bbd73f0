"""How every command ends: with an exit code that scripts can rely on, one message for people, and never a traceback.

With ``--json`` exactly one document is printed, also when a command fails or is called wrong.
"""

from __future__ import annotations

import contextlib
import io
import logging
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from types import FrameType
from typing import Any, NoReturn

import click

from avatar_core.cli.terminal import BROKEN, Refusal, exit_code, print_json, say
from avatar_core.errors import AvatarError

INTERRUPTED, TERMINATED = 130, 143
"""What a shell reports for a program that was stopped by Ctrl+C, or by SIGTERM."""


class Terminated(KeyboardInterrupt):
    """SIGTERM came: the program ends as if Ctrl+C had been pressed."""


class CommandLine(click.Group):
    """A group of commands that tells every mishap once, in words."""

    def main(self, args: Sequence[str] | None = None, *rest: Any, **more: Any) -> NoReturn:
        """Run a command and leave with its exit code."""
        given = list(sys.argv[1:] if args is None else args)
        as_json = "--json" in given
        _write_anything()
        _log_in_lines()
        try:
            with _terminable():
                code = super().main(given, *rest, **{**more, "standalone_mode": False})
            # What is still in the buffer belongs to this command's success or failure.
            sys.stdout.flush()
        except Refusal as refusal:
            code = _fail(refusal.error, as_json, **refusal.details)
        except AvatarError as error:
            code = _fail(error, as_json)
        except click.ClickException as error:
            error.show()
            code = _document("InputError", error.format_message(), as_json, error.exit_code)
        except (click.Abort, KeyboardInterrupt) as stop:
            by_signal = isinstance(stop, Terminated) or isinstance(stop.__cause__, Terminated)
            code = _document("RunStopped", "Stopped.", as_json, TERMINATED if by_signal else INTERRUPTED)
        except BrokenPipeError:
            # Whoever read our output has enough, such as `head`. Python would complain about it at its end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = BROKEN
        except Exception as error:
            if sys.flags.dev_mode:
                raise
            said = (
                f"Something unexpected went wrong ({type(error).__name__}), which is a fault of the program. "
                "Run it with `python -X dev -m avatar_core …` to see where."
            )
            say(f"Error: {said}")
            code = _document("AvatarError", said, as_json, BROKEN)
        sys.exit(code)


def _fail(error: AvatarError, as_json: bool, **details: Any) -> int:
    say(f"Error: {error.message}")
    return _document(error.code, error.message, as_json, exit_code(error), **details)


def _document(error: str, message: str, as_json: bool, code: int, **details: Any) -> int:
    """Print what a program should know of a failure, if it asked to; return the exit code."""
    if as_json:
        print_json(error=error, message=message, **details)
    return code


def _write_anything() -> None:
    """A name that the terminal's alphabet lacks is spelled out, and stops nothing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


class _Lines(logging.Handler):
    """Says what is logged in one line, without the way through the code."""

    def emit(self, record: logging.LogRecord) -> None:
        raised = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
        first = record.getMessage().strip().partition("\n")[0].rstrip(":")
        say(f"Log: {first} ({raised})" if raised else f"Log: {first}")


def _log_in_lines() -> None:
    """Send warnings of the program and its engine to stderr; Python's development mode shows all of them."""
    if sys.flags.dev_mode:
        return
    for logger in (logging.getLogger(), logging.getLogger("dbos")):  # the engine's does not pass its lines on
        if not logger.handlers:
            logger.addHandler(_Lines(logging.WARNING))


@contextlib.contextmanager
def _terminable() -> Iterator[None]:
    """SIGTERM ends a command in order, as Ctrl+C does: what was paid for and is on its way is still kept."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise Terminated

    try:
        before = signal.signal(signal.SIGTERM, stop)
    except ValueError:  # not in the main thread: the program around us deals with signals
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)

"""What every command does the same way: open a studio, name exit codes, print.

What a program reads goes to stdout, the rest to stderr.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from avatar_core.errors import (
    AvatarError,
    InputError,
    ModelError,
    RunStopped,
    RunUnknown,
    SettingsBroken,
    StoreError,
)
from avatar_core.types import People

if TYPE_CHECKING:
    from avatar_core.studio import Studio

OK, BROKEN, UNUSABLE, PARTLY, MODEL_FAILED, STORE_FAILED = range(6)
"""Exit codes: all saved; a fault of the program; unusable input or settings; some rows refused or people without an
avatar; the model or the key failed; the store failed."""

as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON document for programs.")


class Refusal(Exception):
    """An error with details for programs."""

    def __init__(self, error: AvatarError, **details: Any) -> None:
        super().__init__(error.message)
        self.error = error
        self.details = details


@contextmanager
def doors() -> Iterator[Studio]:
    """A studio for one command."""
    from avatar_core.settings import load_settings
    from avatar_core.studio import open_studio

    studio = open_studio(load_settings())
    try:
        yield studio
    finally:
        studio.close()


def exit_code(error: AvatarError) -> int:
    """The exit code of a command that ends with an error."""
    codes: list[tuple[type[AvatarError], int]] = [
        (InputError, UNUSABLE),
        (SettingsBroken, UNUSABLE),
        (RunUnknown, UNUSABLE),
        (ModelError, MODEL_FAILED),
        (StoreError, STORE_FAILED),
        (RunStopped, PARTLY),
    ]
    return next((code for kind, code in codes if isinstance(error, kind)), BROKEN)


def today() -> date:
    """The date by which models are alive; UTC."""
    return datetime.now(UTC).date()


def say(text: str) -> None:
    """Write a line for people."""
    click.echo(text, err=True)


def say_problems(found: People) -> None:
    """Write what is wrong with rows: what many have in common once, with the first of them."""
    from avatar_core.people import grouped

    for group in grouped(found.problems):
        say(str(group))


def refuse_to_replace(names: Sequence[str], out: Path, *, what: str = "folder") -> None:
    """Ask, on a terminal, before these files of a folder are replaced; elsewhere refuse.

    Args:
        names: of the files.
        out: the folder that they are in.
        what: to choose another one of: the folder, or the file.

    Raises:
        InputError: they are to stay.
    """
    if not names:
        return
    shown = ", ".join(names[:3]) + (" and others" if len(names) > 3 else "")
    if sys.stdin.isatty() and click.confirm(f"{out} already holds {shown}. Replace them?", err=True):
        return
    raise InputError(
        f"{out} already holds {shown}. Choose another {what}, or add --overwrite to replace them."
    )


def problem_rows(found: People) -> list[dict[str, Any]]:
    """What is wrong with rows, for programs."""
    return [
        {
            "row": problem.row,
            "column": problem.column,
            "value": problem.value,
            "fatal": problem.fatal,
            "message": str(problem),
        }
        for problem in found.problems
    ]


def print_json(value: Any = None, **values: Any) -> None:
    """Print one JSON document for programs: a value, or an object with these members."""
    text = json.dumps(values if value is None else value, indent=2, ensure_ascii=False)
    print_exactly(text + "\n")


def print_exactly(text: str) -> None:
    """Print in UTF-8 whatever the terminal's alphabet is; half a character, as in odd file names, is spelled out."""
    click.echo(text.encode("utf-8", "backslashreplace"), nl=False)

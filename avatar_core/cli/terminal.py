"""What every command does the same way: open a studio, tell errors, print. What a program reads goes to stdout, the rest to stderr.

Exit codes: 0 all saved; 2 unusable input or settings; 3 some rows refused or pictures not saved; 4 the model or the
key failed; 5 the store failed.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from avatar_core.errors import AvatarError, InputError, ModelError, SettingsBroken, StoreError
from avatar_core.settings import load_settings
from avatar_core.types import People

if TYPE_CHECKING:
    from avatar_core.studio import Studio

OK, UNUSABLE, PARTLY, MODEL_FAILED, STORE_FAILED = 0, 2, 3, 4, 5

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")


@contextmanager
def doors() -> Iterator[Studio]:
    """A studio for one command, with errors told as they should be."""
    from avatar_core.studio import open_studio

    with translated():
        studio = open_studio(load_settings())
        try:
            yield studio
        finally:
            studio.close()


@contextmanager
def translated() -> Iterator[None]:
    """Tell an error of ours on stderr and leave with its exit code."""
    try:
        yield
    except AvatarError as error:
        say(f"Error: {error.message}")
        sys.exit(exit_code(error))


def exit_code(error: AvatarError) -> int:
    """The exit code that an error has."""
    codes: list[tuple[type[AvatarError], int]] = [
        (InputError, UNUSABLE),
        (SettingsBroken, UNUSABLE),
        (ModelError, MODEL_FAILED),
        (StoreError, STORE_FAILED),
    ]
    return next((code for kind, code in codes if isinstance(error, kind)), PARTLY)


def say(text: str) -> None:
    """Write a line for people."""
    click.echo(text, err=True)


def say_problems(found: People) -> None:
    """Write what is wrong with rows."""
    for problem in found.problems:
        say(str(problem))


def print_json(**values: Any) -> None:
    """Print one JSON object for programs."""
    click.echo(json.dumps(values, indent=2, ensure_ascii=False))

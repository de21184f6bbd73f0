"""Tables of people on the command line: which columns were meant, and which person is written where."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from avatar_core.cli.terminal import Refusal, problem_rows, refuse_to_replace, say, say_problems
from avatar_core.errors import InputError, NoPeople, UnreadableTable
from avatar_core.types import People, Persona

if TYPE_CHECKING:
    from avatar_core.people import Table

Command = TypeVar("Command", bound=Callable[..., Any])
Chosen = dict[str, tuple[str, ...]]
"""For a field the columns that the user named, of which the first that is not empty counts."""

SHOWN = 4
"""Columns that are offered to a user at most."""


def _pairs(_: click.Context, __: click.Parameter, said: tuple[str, ...]) -> Chosen:
    chosen: Chosen = {}
    for pair in said:
        field, equals, header = pair.partition("=")
        if not equals:
            raise click.BadParameter(f"“{pair}” has no equals sign. Write FIELD=HEADER, such as age=Idade.")
        # FIELD= alone says that there is no such column.
        chosen[field.strip()] = (*chosen.get(field.strip(), ()), *([header] if header else []))
    return chosen


_argument = click.argument("people", type=click.Path(path_type=Path))
_sheet = click.option(
    "--sheet", default="", metavar="NAME", help="Sheet of a workbook.  [default: the first with people]"
)
_column = click.option(
    "--column",
    multiple=True,
    metavar="FIELD=HEADER",
    callback=_pairs,
    help="Which column holds id, name, age, gender, ethnicity or occupation; again for each. The others are "
    "told by their headers.",
)


def people_table(command: Command) -> Command:
    """Give a command its argument PEOPLE, and the options that say how to read it."""
    return _argument(_sheet(_column(command)))


def read_bytes(path: Path, most: int) -> bytes:
    """The bytes of a table, or the beginning of one that is too long.

    Raises:
        UnreadableTable: it does not exist or may not be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(most + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UnreadableTable(
            f"“{path}” cannot be read: {reason}. Check the path and its permissions."
        ) from None


def examine_table(path: Path, sheet: str, column: Chosen) -> tuple[Table, People]:
    """A table and its people, who may be none; what should be asked about its columns is said.

    Raises:
        InputError: the file cannot be used.
        Refusal: a column that is needed is not known.
    """
    from avatar_core.people import MAX_BYTES, examine, people_of_table

    table = examine(read_bytes(path, MAX_BYTES), path.name, sheet=sheet)
    for text in _asked(table, column):
        say(text)
    try:
        return table, people_of_table(table, column)
    except UnreadableTable as error:
        raise Refusal(error, questions=questions(table, column)) from None


def read_people_of(path: Path, sheet: str, column: Chosen) -> tuple[Table, People]:
    """A table and its people, of whom there is at least one; what is wrong with rows is said.

    Raises:
        InputError: the file cannot be used.
        Refusal: none of its rows can, or a column that is needed is not known.
    """
    table, found = examine_table(path, sheet, column)
    say_problems(found)
    if not found.personas:
        raise Refusal(NoPeople(), problems=problem_rows(found))
    return table, found


def questions(table: Table, column: Chosen) -> list[dict[str, Any]]:
    """What to ask about a table's columns, for programs; what was answered is not asked."""
    return [
        {
            "field": field,
            "read": list(table.guesses(field))[:1],
            "candidates": list(table.candidates(field)),
        }
        for field in table.questions
        if field not in column
    ]


def refused_rows(found: People) -> list[int]:
    """The numbers of the rows that are left out."""
    return sorted({problem.row for problem in found.problems if problem.fatal and problem.row})


def save_table(path: Path, data: bytes, *, overwrite: bool) -> None:
    """Write a file that the user named; another of its name is replaced only on request.

    Raises:
        InputError: it is to stay, or the folder cannot be written to.
    """
    from avatar_core.export import check_folder, write_file

    if path.is_dir():
        raise InputError(f"{path} is a folder. Name a file to write, such as {path / 'people.csv'}.")
    if path.is_file() and path.read_bytes() != data and not overwrite:
        refuse_to_replace([path.name], path.parent, what="file")
    check_folder(path.parent)
    write_file(path, data)


def ending_of(path: Path) -> str:
    """The format that the name of a file asks for.

    Raises:
        InputError: people are not saved in such a one.
    """
    from avatar_core.people import people_to

    ending = path.suffix.lower().removeprefix(".")
    people_to(ending, ())  # who knows the formats says what is wrong, before anything else is done
    return ending


def save_people(path: Path, personas: tuple[Persona, ...], *, overwrite: bool) -> None:
    """Write people in the format that the file's ending names.

    Raises:
        InputError: there is no such format, or the file is to stay.
    """
    from avatar_core.people import people_to

    save_table(path, people_to(ending_of(path), personas), overwrite=overwrite)


def _asked(table: Table, column: Chosen) -> list[str]:
    """What to ask about a table's columns, with the option that answers."""
    said = []
    for asked in questions(table, column):
        field, offered = asked["field"], asked["candidates"]
        likely = [one.name for one in table.columns if field in one.fits] or offered
        shown = [name for name in offered if name in likely][:SHOWN]
        if not shown:  # a table without columns: what is wrong with it is told elsewhere
            continue
        answer = shown[-1] if asked["read"] else shown[0]
        option = f"--column {shlex.quote(f'{field}={answer}')}"
        listed = ", ".join(f"“{name}”" for name in shown)
        if asked["read"]:
            said.append(
                f"Question: {listed} may all hold the {field}; “{asked['read'][0]}” goes first. "
                f"For another one add {option}"
            )
        else:
            said.append(
                f"Question: no header names the {field}. It may be {listed}: add {option}, or name another."
            )
    return said

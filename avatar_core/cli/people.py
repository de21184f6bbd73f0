"""The commands about tables of people: draw people by the census, compare, convert and check them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from avatar_core.cli.tables import (
    Chosen,
    ending_of,
    examine_table,
    people_table,
    questions,
    read_bytes,
    read_people_of,
    refused_rows,
    save_people,
    save_table,
)
from avatar_core.cli.terminal import OK, PARTLY, Refusal, as_json, print_json, problem_rows, say, say_problems
from avatar_core.errors import InputError, NoPeople

if TYPE_CHECKING:
    from avatar_core.census import Shares
    from avatar_core.people import Table
    from avatar_core.types import People

Command = TypeVar("Command", bound=Callable[..., Any])

_OPTIONS = (
    click.option(
        "--region", metavar="NAME", help="norte, nordeste, centro-oeste, sudeste or sul.  [default: Brazil]"
    ),
    click.option(
        "--shares",
        type=click.Path(path_type=Path),
        help="Shares of your own in place of the census's: CSV with the columns field, value, share, or TOML.",
    ),
    click.option(
        "--min-age", default=0, show_default=True, type=click.IntRange(0, 120), help="Nobody younger."
    ),
    click.option(
        "--max-age", default=104, show_default=True, type=click.IntRange(0, 120), help="Nobody older."
    ),
)
overwrite_option = click.option("--overwrite", is_flag=True, help="Replace another file of that name.")


def _population(command: Command) -> Command:
    """Give a command the options that say which population is meant."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@click.group(
    short_help="Draw, compare, convert and check tables of people.",
    epilog="""\b
Examples:
  python -m avatar_core people draw 18 --min-age 18 --out people.xlsx
  python -m avatar_core people check people.xlsx --report problems.csv
  python -m avatar_core people compare people.xlsx --region sul""",
)
def people() -> None:
    """Draw people by the census, and compare, convert and check tables of people. Nothing is sent anywhere."""


@people.command(short_help="Draw people by the census, or by shares of your own.")
@click.argument("number", metavar="N", type=int)
@click.option("--seed", default=1, show_default=True, type=int, help="The same seed draws the same people.")
@_population
@click.option(
    "--language",
    type=click.Choice(["pt", "en"]),
    default="pt",
    show_default=True,
    help="Of the occupations.",
)
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    help="The file to write: .csv, .xlsx, .parquet, .json or .jsonl.",
)
@overwrite_option
@as_json
def draw(
    number: int,
    seed: int,
    region: str | None,
    shares: Path | None,
    min_age: int,
    max_age: int,
    language: str,
    out: Path,
    overwrite: bool,
    as_json: bool,
) -> None:
    """Draw N people at random, under a seed, by the shares of Brazil's Census of 2022.

    They have no names. The column drawn_from says where they come from, and stays with them to the manifest.
    """
    from avatar_core.census import census_shares, draw_people

    ending_of(out)
    own = _read_shares(shares)
    drawn = draw_people(number, seed, region, shares=own, language=language, min_age=min_age, max_age=max_age)
    save_people(out, drawn, overwrite=overwrite)
    of = own or census_shares(region)
    for note in of.notes:
        say(f"Note: {note}")
    if as_json:
        print_json(people=len(drawn), out=str(out), title=of.title, seed=seed, notes=list(of.notes))
    else:
        click.echo(f"{len(drawn)} people saved in {out} ({of.title}; seed {seed}).")


@people.command(short_help="Compare a table with the census, or with shares of your own.")
@people_table
@_population
@as_json
def compare(
    people: Path,
    sheet: str,
    column: Chosen,
    region: str | None,
    shares: Path | None,
    min_age: int,
    max_age: int,
    as_json: bool,
) -> int:
    """Compare the genders, ages and ethnicities of the table PEOPLE with Brazil's Census of 2022.

    Each share stands with its exact interval of 95 % and with words: within the interval, more or fewer than the
    reference, or too few to tell.
    """
    from dataclasses import asdict

    from avatar_core.census import census_shares
    from avatar_core.census import compare as compared

    own = _read_shares(shares)
    if own is not None and region is not None:
        raise InputError("Shares of your own have no region. Choose either.")
    of = (own or census_shares(region)).between(min_age, max_age)
    _, found = read_people_of(people, sheet, column)
    rows = compared(found.personas, of)
    if as_json:
        told = [{**asdict(row), "share": row.share} for row in rows]
        print_json(title=of.title, people=len(found.personas), rows=told, problems=problem_rows(found))
    else:
        click.echo(f"{len(found.personas)} people and {of.title}:")
        for row in rows:
            click.echo(row.sentence)
    return PARTLY if refused_rows(found) else OK


@people.command(short_help="Save a table of people in another format.")
@people_table
@click.argument("out", type=click.Path(path_type=Path))
@overwrite_option
@as_json
def convert(people: Path, out: Path, sheet: str, column: Chosen, overwrite: bool, as_json: bool) -> int:
    """Read the table PEOPLE and save its people in OUT: .csv, .xlsx, .parquet, .json or .jsonl.

    The headers and words become ours, such as ethnicity and pardo; other columns stay as they are. Rows that cannot
    be used are named and left out.
    """
    ending_of(out)
    _, found = read_people_of(people, sheet, column)
    save_people(out, found.personas, overwrite=overwrite)
    refused = refused_rows(found)
    if as_json:
        print_json(
            people=len(found.personas), out=str(out), refused_rows=refused, problems=problem_rows(found)
        )
    else:
        click.echo(f"{len(found.personas)} people saved in {out}.")
    return PARTLY if refused else OK


@people.command(short_help="Say what is wrong with a table, and what is read as what.")
@people_table
@click.option("--report", type=click.Path(path_type=Path), help="Save the problems in this file, as CSV.")
@overwrite_option
@as_json
def check(
    people: Path, sheet: str, column: Chosen, report: Path | None, overwrite: bool, as_json: bool
) -> int:
    """Read the table PEOPLE, name every bad cell, and show which columns were read.

    The exit code is 3 when rows are refused, and 2 when it is no table of people.
    """
    from avatar_core.people import problems_to_csv

    table, found = examine_table(people, sheet, column)
    say_problems(found)
    if report is not None:
        save_table(report, problems_to_csv(found.problems), overwrite=overwrite)
    refused = refused_rows(found)
    if not found.personas and not refused:
        raise Refusal(NoPeople(), problems=problem_rows(found))
    if as_json:
        print_json(
            kind=table.kind,
            sheet=table.sheet,
            sheets=list(table.sheets),
            columns=_columns(table, column),
            questions=questions(table, column),
            people=len(found.personas),
            refused_rows=refused,
            problems=problem_rows(found),
        )
    else:
        for field, read in _columns(table, column).items():
            click.echo(f"{field}: {', '.join(f'“{name}”' for name in read) or 'no column'}")
        click.echo(_counted(table, found, refused))
    return PARTLY if refused else OK


def _columns(table: Table, column: Chosen) -> dict[str, list[str]]:
    """The columns that are read for each field, the first that is not empty of each."""
    from avatar_core.people import FIELDS

    return {field: list(column.get(field, table.guesses(field))) for field in FIELDS}


def _counted(table: Table, found: People, refused: list[int]) -> str:
    people = "1 person" if len(found.personas) == 1 else f"{len(found.personas)} people"
    rows = "no row is refused" if not refused else f"refused rows: {', '.join(map(str, refused))}"
    return f"{table.kind}: {people}, {rows}."


def _read_shares(path: Path | None) -> Shares | None:
    from avatar_core.census import read_shares

    return None if path is None else read_shares(read_bytes(path, 1_000_000), path.name)

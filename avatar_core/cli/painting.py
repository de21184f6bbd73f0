"""The commands that plan pictures: generate portraits, print their prompts, repeat a run."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from avatar_core.cli.choices import (
    balance_of,
    balance_option,
    check_balance,
    filters_option,
    finish_options,
    model_option,
    plan_of,
    plan_option,
    quality_option,
    seed_option,
    size_option,
    template_option,
)
from avatar_core.cli.drawing import draw, report
from avatar_core.cli.findings import finding_rows, say_findings
from avatar_core.cli.tables import Chosen, people_table, questions, read_people_of, save_table
from avatar_core.cli.terminal import as_json, doors, print_exactly, print_json, problem_rows, say, today
from avatar_core.errors import ChoiceIllegal
from avatar_core.finish import Finish
from avatar_core.types import ModelFacts, People, Recipe

EXAMPLES = """\b
Examples:
  python -m avatar_core generate people.csv --out faces
  python -m avatar_core generate people.json --out faces --model gpt-image-2.5-flare --quality low
  python -m avatar_core generate people.csv --out faces --filters none --json > result.json
  python -m avatar_core generate survey.xlsx --sheet 2026 --column ethnicity=Pele --out faces

\b
PEOPLE is CSV, XLSX, Parquet, JSON or JSON Lines; headers in English or Portuguese, in any order:
  id,age,gender,ethnicity,occupation
  ana,34,woman,pardo,nurse
  rui,51,man,black,bricklayer

Exit codes: 0 all saved; 2 unusable input, nothing was spent; 3 rows were refused or avatars are in doubt, each named;
4 the model or the key failed; 5 the store failed."""


out_option = click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="Folder for the avatars, made if need be."
)
overwrite_option = click.option(
    "--overwrite", is_flag=True, help="Replace other files of the same names in the folder."
)


@click.command(short_help="Draw a portrait for each row of a table.", epilog=EXAMPLES)
@people_table
@out_option
@model_option
@seed_option
@size_option
@quality_option
@template_option
@filters_option
@plan_option
@balance_option
@finish_options
@overwrite_option
@click.option("--again", is_flag=True, help="Draw anew what this very command has drawn before.")
@as_json
def generate(
    people: Path,
    sheet: str,
    column: Chosen,
    out: Path,
    balance: Path | None,
    finish: Finish,
    overwrite: bool,
    again: bool,
    as_json: bool,
    **chosen: Any,
) -> int:
    """Draw one portrait for each row of the file PEOPLE.

    PEOPLE is a table with age, gender, ethnicity and occupation of each person. Nine people share one picture, which is
    cut into nine avatars. The folder then holds {id}.png, or what --format says, for each person, manifest.csv, which tells where each of them
    comes from, the uncut pictures in grids/ and the prompts.

    Stopped half-way, the same command goes on where it was; finished, it saves the same pictures again: no picture is
    paid twice.
    """
    check_balance(balance)
    with doors() as studio:
        _, found = read_people_of(people, sheet, column)
        plan = plan_of(studio.settings, studio.models, found.personas, **chosen)
        say_findings(plan)
        if balance is not None:
            save_table(balance, balance_of(plan, balance), overwrite=overwrite)
        run = None if again else studio.earlier(plan)
        title = f"{people.name}: {plan.title}"
        drawn = draw(studio, plan, run, out, title=title, finish=finish, overwrite=overwrite)
    return report(drawn, found, as_json=as_json)


@click.command(short_help="Print the exact prompts of a table; nothing is sent.")
@people_table
@template_option
@seed_option
@filters_option
@plan_option
@balance_option
@model_option
@click.option("--overwrite", is_flag=True, help="Replace another file of the name of the balance table.")
@as_json
def prompt(
    people: Path,
    sheet: str,
    column: Chosen,
    balance: Path | None,
    overwrite: bool,
    as_json: bool,
    **chosen: Any,
) -> None:
    """Print the exact prompt of each picture for the file PEOPLE; nothing is sent.

    It is what `generate` sends with the same options, byte for byte; a blank line stands between the prompts of two
    pictures, and --json keeps them apart for programs. What the proofreader finds is said beside it.
    """
    from avatar_core.models.catalog import open_catalog
    from avatar_core.settings import load_settings

    check_balance(balance)
    table, found = read_people_of(people, sheet, column)
    plan = plan_of(load_settings(), open_catalog(), found.personas, size="", quality="", **chosen)
    say_findings(plan)
    if balance is not None:
        save_table(balance, balance_of(plan, balance), overwrite=overwrite)
    if as_json:
        prompts = [
            {"block": block.index + 1, "people": [who.id for who in block.personas], "prompt": text.text}
            for block, text in zip(plan.blocks, plan.prompts, strict=True)
        ]
        print_json(
            prompts=prompts,
            findings=finding_rows(plan),
            questions=questions(table, column),
            problems=problem_rows(found),
        )
        return
    print_exactly("\n\n".join(text.text for text in plan.prompts))
    if sys.stdout.isatty():
        click.echo()


@click.command(short_help="Draw an earlier run again, as a new one.")
@click.argument("run")
@out_option
@click.option(
    "--model",
    default="",
    metavar="ID",
    help="Another model.  [default: that of the run, or what replaces it if it was shut down]",
)
@finish_options
@overwrite_option
@as_json
def repeat(run: str, out: Path, model: str, finish: Finish, overwrite: bool, as_json: bool) -> int:
    """Draw the people of the run of the id RUN again, with the same recipe and the same looks, as a new run.

    Real models draw other faces for the same words. Stopped half-way, the same command goes on where it was.
    """
    with doors() as studio:
        before = studio.run(run)
        facts = studio.models.successor(model or before.recipe.model, today())
        recipe = _recipe_for(facts, before.recipe, asked=bool(model))
        worn = [look for record in before.blocks for look in record.block.filters]
        plan = studio.plan(before.personas, recipe, worn)
        say_findings(plan)
        begun = studio.earlier(plan)
        if begun is not None and (begun.id == run or begun.complete):
            begun = None
        drawn = draw(studio, plan, begun, out, title=before.title, finish=finish, overwrite=overwrite)
    return report(drawn, People(before.personas), as_json=as_json)


def _recipe_for(facts: ModelFacts, recipe: Recipe, *, asked: bool) -> Recipe:
    """An earlier recipe for a model, which may be another one; what that cannot draw becomes its default."""
    from avatar_core.models.catalog import check_choice

    if facts.id == recipe.model:
        return recipe
    if not asked:
        say(f"{recipe.model} was shut down; {facts.id} replaces it.")
    try:
        check_choice(facts, recipe.size, recipe.quality)
    except ChoiceIllegal as error:
        recipe = replace(recipe, size=facts.grid_sizes[0], quality=next(iter(facts.qualities), ""))
        say(f"{error.message} {recipe.size} {recipe.quality} is used.")
    return replace(recipe, model=facts.id)

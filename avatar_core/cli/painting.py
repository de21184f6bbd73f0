"""The commands that take people: generate their portraits, print their prompts."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from avatar_core.cli.choices import (
    filters_option,
    model_option,
    people_file,
    quality_option,
    read_people_of,
    recipe_of,
    seed_option,
    size_option,
    template_option,
)
from avatar_core.cli.terminal import (
    MODEL_FAILED,
    OK,
    PARTLY,
    UNUSABLE,
    as_json,
    doors,
    exit_code,
    print_exactly,
    print_json,
    problem_rows,
    refuse_to_replace,
    say,
    say_problems,
)
from avatar_core.cli.working import work
from avatar_core.errors import ModelError, error_named
from avatar_core.types import BlockRecord, People, Run

if TYPE_CHECKING:
    from avatar_core.planning import Plan
    from avatar_core.studio import Studio

EXAMPLES = """\b
Examples:
  python -m avatar_core generate people.csv --out faces
  python -m avatar_core generate people.json --out faces --model gpt-image-2.5-flare --quality low
  python -m avatar_core generate people.csv --out faces --filters none --json > result.json

\b
people.csv, with commas or semicolons, headers in English or Portuguese, in any order:
  id,age,gender,ethnicity,occupation
  ana,34,woman,pardo,nurse
  rui,51,man,black,bricklayer

Exit codes: 0 all saved; 2 unusable input, nothing was spent; 3 rows were refused or avatars are in doubt, each named;
4 the model or the key failed; 5 the store failed."""


@click.command(short_help="Draw a portrait for each row of a table.", epilog=EXAMPLES)
@people_file
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="Folder for the avatars, made if need be."
)
@model_option
@seed_option
@size_option
@quality_option
@template_option
@filters_option
@click.option("--overwrite", is_flag=True, help="Replace other files of the same names in the folder.")
@click.option("--again", is_flag=True, help="Draw anew what this very command has drawn before.")
@as_json
def generate(people: Path, out: Path, overwrite: bool, again: bool, as_json: bool, **chosen: Any) -> int:
    """Draw one portrait for each row of the file PEOPLE.

    PEOPLE is a table as CSV, JSON or JSON Lines with age, gender, ethnicity and occupation of each person. Nine people
    share one picture, which is cut into nine avatars. The folder then holds {id}.png for each person, manifest.csv,
    which tells where each of them comes from, the uncut pictures in grids/ and the prompts.

    Stopped half-way, the same command goes on where it was; finished, it saves the same pictures again: no picture is
    paid twice.
    """
    from avatar_core.export import check_folder, in_the_way

    with doors() as studio:
        found = read_people_of(people)
        plan = studio.plan(found.personas, recipe_of(studio.settings, studio.models, **chosen))
        say_problems(found)
        for warning in plan.warnings:
            say(f"Note: {warning}")
        run = None if again else studio.earlier(plan)
        if run is None or not run.complete:
            studio.check_key(plan.facts)
        check_folder(out)
        if not overwrite:
            refuse_to_replace(
                in_the_way(plan.blocks, out) if run is None else studio.strangers(run, out), out
            )
        run = _draw(studio, plan, run, f"{people.name}: {plan.title}")
        # A folder in which nothing came of it stays as it was, free for the next try.
        saved = studio.save(run.id, out) if any(record.grid for record in run.blocks) else []
    return _report(run, found, saved, out, as_json=as_json)


@click.command(short_help="Print the exact prompts of a table; nothing is sent.")
@people_file
@template_option
@seed_option
@filters_option
@model_option
@as_json
def prompt(people: Path, as_json: bool, **chosen: Any) -> None:
    """Print the exact prompt of each picture for the file PEOPLE; nothing is sent.

    It is what `generate` sends with the same options, byte for byte; a blank line stands between the prompts of two
    pictures, and --json keeps them apart for programs.
    """
    from avatar_core.models.catalog import open_catalog
    from avatar_core.planning import make_plan
    from avatar_core.settings import load_settings

    models, today = open_catalog(), datetime.now(UTC).date()
    found = read_people_of(people)
    recipe = recipe_of(load_settings(), models, size="", quality="", **chosen)
    plan = make_plan(models.usable(recipe.model, today), found.personas, recipe, None)
    say_problems(found)
    for warning in plan.warnings:
        say(f"Note: {warning}")
    if as_json:
        prompts = [
            {"block": block.index + 1, "people": [who.id for who in block.personas], "prompt": text.text}
            for block, text in zip(plan.blocks, plan.prompts, strict=True)
        ]
        print_json(prompts=prompts, problems=problem_rows(found))
        return
    print_exactly("\n\n".join(text.text for text in plan.prompts))
    if sys.stdout.isatty():
        click.echo()


def _draw(studio: Studio, plan: Plan, run: Run | None, title: str) -> Run:
    """Bring every picture of a plan that is not here yet."""
    from avatar_core.cost import format_usd

    if run is None:
        pictures = "1 picture" if len(plan.blocks) == 1 else f"{len(plan.blocks)} pictures"
        say(f"{plan.title}, {plan.recipe.size}: {pictures}, {format_usd(plan.estimate)}.")
        return work(studio, studio.begin(plan, title=title))
    if run.complete:
        say(f"This was drawn before, in run {run.id}: nothing is drawn or paid now. --again draws anew.")
        return run
    say(f"Going on with the unfinished run {run.id}.")
    for record in run.blocks:
        lost = record.grid is None and error_named(record.error, record.message)
        if isinstance(lost, ModelError) and lost.may_be_billed:
            say(f"Picture {record.block.index + 1} may have been billed before; it is asked for again now.")
    return work(studio, run.id)


def _report(run: Run, found: People, saved: list[str], out: Path, *, as_json: bool) -> int:
    """Tell what came of a run and return the exit code."""
    unsaved = _unsaved(run, saved)
    for record in run.blocks:
        if record.error:
            ids = ", ".join(persona.id for persona in record.block.personas)
            say(f"Error: picture {record.block.index + 1} ({ids}): {record.message}")
    failed = {persona.id for r in run.blocks if r.error for persona in r.block.personas}
    for row in unsaved:
        if row["id"] not in failed:
            say(f"{row['id']} has no avatar: {row['reason']}")
    refused = sorted({problem.row for problem in found.problems if problem.fatal})
    failures = [record for record in run.blocks if record.error]
    if as_json:
        first = {"error": failures[0].error, "message": failures[0].message} if failures else {}
        print_json(
            **first,
            run=run.id,
            out=str(out),
            model=run.recipe.model,
            saved=saved,
            unsaved=unsaved,
            usd=run.usd,
            refused_rows=refused,
            problems=problem_rows(found),
            failures=[{"block": r.block.index + 1, "error": r.error, "message": r.message} for r in failures],
        )
    else:
        click.echo(f"{len(saved)} of {len(run.personas)} avatars saved in {out} (run {run.id}).")
    if refused:
        say(f"Rows refused: {', '.join(map(str, refused))}. What is wrong with each stands above.")
    if failures:
        say("The same command tries again what failed, and draws nothing else again.")
        return max(map(_block_code, failures))
    return PARTLY if unsaved or refused else OK


def _unsaved(run: Run, saved: list[str]) -> list[dict[str, str]]:
    """The people without an avatar, each with the reason."""
    from avatar_core.export import manifest_rows

    there = set(saved)
    return [
        {"id": row["id"], "reason": row["reason"]} for row in manifest_rows(run) if row["id"] not in there
    ]


def _block_code(record: BlockRecord) -> int:
    """The exit code for a picture that failed. The input was fine by then: what cannot be used is the model's answer."""
    code = exit_code(error_named(record.error, record.message))
    return MODEL_FAILED if code == UNUSABLE else code

"""The commands that take people: generate their portraits, print their prompts."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from avatar_core.cli.terminal import OK, PARTLY, as_json, doors, exit_code, print_json, say, say_problems
from avatar_core.errors import InputError, NoPeople, error_named
from avatar_core.types import FilterMode, People, Recipe, Run, Size

if TYPE_CHECKING:
    from avatar_core.studio import Studio

people_file = click.argument("people", type=click.Path(path_type=Path))
template_option = click.option(
    "--template", default="precise", show_default=True, help="Words around the people."
)
seed_option = click.option(
    "--seed",
    default=1,
    show_default=True,
    type=click.IntRange(0, 2**31 - 1),
    help="Deals the looks, and the demo's drawings.",
)
filters_option = click.option(
    "--filters",
    type=click.Choice([FilterMode.PROMPT.value, FilterMode.NONE.value]),
    default=FilterMode.PROMPT.value,
    show_default=True,
    help="Looks spoken in the prompt by a balanced plan, or none.",
)


@click.command()
@people_file
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="Folder for the avatars."
)
@click.option("--model", default="", help="A model's id; default: demo without a key.")
@seed_option
@click.option("--size", default="", help="Width x height in px, such as 1536x1536.")
@click.option("--quality", default="", help="One of the model's qualities.")
@template_option
@filters_option
@click.option("--overwrite", is_flag=True, help="Replace files that are in the folder already.")
@as_json
def generate(
    people: Path,
    out: Path,
    model: str,
    seed: int,
    size: str,
    quality: str,
    template: str,
    filters: str,
    overwrite: bool,
    as_json: bool,
) -> None:
    """Draw one portrait for each row of PEOPLE and save it as OUT/{id}.png.

    Stopped half-way, the same command goes on where it was: no picture is paid twice.
    """
    with doors() as studio:
        found = _read(people)
        recipe = _recipe(studio, model, size, quality, template, filters, seed)
        plan = studio.plan(found.personas, recipe)
        say_problems(found)
        run_id = studio.unfinished(plan)
        if run_id is None:
            if not overwrite:
                _refuse_to_replace(found, out)
            run_id = studio.begin(plan, title=f"{people.name}: {plan.title}")
        else:
            say(f"Going on with the unfinished run {run_id}.")
        run = _work(studio, run_id)
        saved = studio.save(run.id, out)
    unsaved = [persona.id for persona in run.personas if persona.id not in saved]
    for record in run.blocks:
        if record.message:
            ids = ", ".join(persona.id for persona in record.block.personas)
            say(f"Block {record.block.index + 1} ({ids}): {record.message}")
    refused = sorted({problem.row for problem in found.problems if problem.fatal})
    if as_json:
        print_json(
            run=run.id,
            out=str(out),
            saved=saved,
            unsaved=unsaved,
            usd=run.usd,
            refused_rows=refused,
            problems=[str(problem) for problem in found.problems],
            errors=[
                {"block": r.block.index, "error": r.error, "message": r.message}
                for r in run.blocks
                if r.error
            ],
        )
    else:
        click.echo(f"{len(saved)} of {len(run.personas)} avatars saved in {out} (run {run.id}).")
    failures = [error_named(record.error, record.message) for record in run.blocks if record.error]
    if failures:
        sys.exit(max(exit_code(failure) for failure in failures))
    sys.exit(PARTLY if unsaved or refused else OK)


@click.command()
@people_file
@template_option
@seed_option
@filters_option
@click.option("--model", default="", help="Check the length against this model's limit.")
@as_json
def prompt(people: Path, template: str, seed: int, filters: str, model: str, as_json: bool) -> None:
    """Print the exact prompt of each block of nine; nothing is sent."""
    with doors() as studio:
        found = _read(people)
        plan = studio.plan(found.personas, _recipe(studio, model, "", "", template, filters, seed))
        say_problems(found)
    if as_json:
        print_json(
            prompts=[
                {
                    "block": block.index,
                    "people": [persona.id for persona in block.personas],
                    "prompt": text.text,
                }
                for block, text in zip(plan.blocks, plan.prompts, strict=True)
            ],
            problems=[str(problem) for problem in found.problems],
        )
        return
    click.echo("\n\n".join(text.text for text in plan.prompts))


def _recipe(
    studio: Studio, model: str, size: str, quality: str, template: str, filters: str, seed: int
) -> Recipe:
    model = model or studio.settings.default_model
    facts = studio.models.find(model)
    return Recipe(
        model=model,
        size=Size.parse(size) if size else facts.grid_sizes[0],
        quality=quality,
        template=template,
        filter_mode=FilterMode(filters),
        seed=seed,
    )


def _read(path: Path) -> People:
    from avatar_core.people import read_people_file

    found = read_people_file(path)
    if not found.personas:
        say_problems(found)
        raise NoPeople()
    return found


def _work(studio: Studio, run_id: str) -> Run:
    """Start a run, or go on with it, and wait for its end, with a progress bar on a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from avatar_core.jobs import BATCH, open_jobs

    console = Console(stderr=True)
    jobs = open_jobs(studio)
    try:
        bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        with bar:
            run = studio.run(run_id)
            task = bar.add_task("Pictures", total=len(run.blocks))

            def show(run: Run) -> None:
                finished = sum(record.state.finished for record in run.blocks)
                bar.update(task, completed=finished, description=run.state.value.capitalize())

            jobs.start(run_id, priority=BATCH if len(run.blocks) > 1 else 1)
            return jobs.wait(run_id, on_change=show, poll=0.2 if len(run.blocks) < 20 else 1.0)
    except KeyboardInterrupt:
        say("Stopped. The same command goes on where this one was.")
        raise
    finally:
        jobs.close()


def _refuse_to_replace(found: People, out: Path) -> None:
    """Ask, on a terminal, before files are replaced; elsewhere refuse."""
    from avatar_core.export import in_the_way

    names = in_the_way(found.personas, out)
    if not names:
        return
    shown = ", ".join(names[:3]) + (" and others" if len(names) > 3 else "")
    if sys.stdin.isatty() and click.confirm(f"{out} already holds {shown}. Replace them?", err=True):
        return
    raise InputError(
        f"{out} already holds {shown}. Choose another folder, or add --overwrite to replace them."
    )

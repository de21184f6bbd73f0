"""The command line: thin doors over the studio and its jobs. What a program reads goes to stdout, the rest to stderr.

Exit codes: 0 all saved; 2 unusable input or settings; 3 some rows refused or pictures not saved; 4 the model or the
key failed; 5 the store failed.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from avatar_core import __version__
from avatar_core.errors import (
    AvatarError,
    InputError,
    ModelError,
    NoPeople,
    SettingsBroken,
    StoreError,
    error_named,
)
from avatar_core.settings import load_settings
from avatar_core.types import FilterMode, People, Recipe, Run, Size

if TYPE_CHECKING:
    from avatar_core.studio import Studio

OK, UNUSABLE, PARTLY, MODEL_FAILED, STORE_FAILED = 0, 2, 3, 4, 5

people_file = click.argument("people", type=click.Path(path_type=Path))
as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object for programs.")
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


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="avatar_core")
def main() -> None:
    """Rows of synthetic people become portrait avatars, nine to a picture."""


@main.command()
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
    with _doors() as studio:
        found = _read(people)
        recipe = _recipe(studio, model, size, quality, template, filters, seed)
        plan = studio.plan(found.personas, recipe)
        _say_problems(found)
        run_id = studio.unfinished(plan)
        if run_id is None:
            if not overwrite:
                _refuse_to_replace(found, out)
            run_id = studio.begin(plan, title=f"{people.name}: {plan.title}")
        else:
            _say(f"Going on with the unfinished run {run_id}.")
        run = _work(studio, run_id)
        saved = studio.save(run.id, out)
    unsaved = [persona.id for persona in run.personas if persona.id not in saved]
    for record in run.blocks:
        if record.message:
            ids = ", ".join(persona.id for persona in record.block.personas)
            _say(f"Block {record.block.index + 1} ({ids}): {record.message}")
    refused = sorted({problem.row for problem in found.problems if problem.fatal})
    if as_json:
        _print_json(
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
        sys.exit(max(_exit_code(failure) for failure in failures))
    sys.exit(PARTLY if unsaved or refused else OK)


@main.command()
@people_file
@template_option
@seed_option
@filters_option
@click.option("--model", default="", help="Check the length against this model's limit.")
@as_json
def prompt(people: Path, template: str, seed: int, filters: str, model: str, as_json: bool) -> None:
    """Print the exact prompt of each block of nine; nothing is sent."""
    with _doors() as studio:
        found = _read(people)
        plan = studio.plan(found.personas, _recipe(studio, model, "", "", template, filters, seed))
        _say_problems(found)
    if as_json:
        _print_json(
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


@main.command()
@click.argument("grid", type=click.Path(path_type=Path))
@click.option("--rows", default=3, show_default=True, type=click.IntRange(1, 20))
@click.option("--columns", default=3, show_default=True, type=click.IntRange(1, 20))
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="Save the cells here as 1.png, 2.png …"
)
@as_json
def cut(grid: Path, rows: int, columns: int, out: Path | None, as_json: bool) -> None:
    """Find the cells of a picture GRID, and cut it."""
    from avatar_core.cut import as_png, crop, find_grid, open_picture
    from avatar_core.export import write_file

    with _translated():
        picture = open_picture(_bytes_of(grid))
        found = find_grid(picture, rows, columns)
        names = []
        if out is not None:
            for cell, image in crop(picture, found, range(1, rows * columns + 1)).items():
                names.append(f"{cell}.png")
                write_file(out / names[-1], as_png(image))
    if as_json:
        _print_json(
            boxes=found.boxes,
            confidence=found.confidence,
            verdict=found.verdict.value,
            reasons=found.reasons,
            rows=rows,
            columns=columns,
            width=picture.width,
            height=picture.height,
            saved=names,
        )
        return
    click.echo(f"{found.verdict.value}, confidence {found.confidence:.2f}: {' '.join(found.reasons)}")
    for cell, box in enumerate(found.boxes, start=1):
        click.echo(f"{cell}: left {box[0]}, top {box[1]}, right {box[2]}, bottom {box[3]}")


@main.command()
@as_json
def models(as_json: bool) -> None:
    """List the models that can be used today, with prices and dates."""
    from datetime import UTC, datetime

    from avatar_core.cost import estimate, format_usd
    from avatar_core.models.catalog import open_catalog

    rows = []
    for facts in open_catalog().offered(datetime.now(UTC).date()):
        price = estimate(facts, facts.grid_sizes[0], facts.qualities[0] if facts.qualities else "", 2000)
        rows.append(
            {
                "id": facts.id,
                "label": facts.label,
                "sizes": [str(size) for size in facts.grid_sizes],
                "qualities": list(facts.qualities),
                "usd_per_grid": price.usd,
                "price": format_usd(price),
                "last_day": facts.shutdown.isoformat() if facts.shutdown else None,
                "successor": facts.successor or None,
            }
        )
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        ends = f", until {row['last_day']}" if row["last_day"] else ""
        click.echo(f"{row['id']:<24} {row['price']:<14} {', '.join(row['qualities']) or 'one quality'}{ends}")


@main.command()
@click.argument("run")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The zip file to write."
)
def export(run: str, out: Path) -> None:
    """Write a run as a zip: avatars, grids, manifest, prompts, recipe."""
    from avatar_core.export import write_file

    with _doors() as studio:
        write_file(out, studio.export(run))
    click.echo(f"Run {run} written to {out}.")


@main.command()
def worker() -> None:
    """Work on queued pictures until stopped, for as many processes as you start."""
    from avatar_core.jobs import open_jobs

    with _doors() as studio:
        jobs = open_jobs(studio)
        _say("Working. Ctrl+C stops after the pictures that are under way.")
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            _say("Stopping.")
        finally:
            jobs.close()


@main.command()
@as_json
def doctor(as_json: bool) -> None:
    """Check settings, storage and versions; nothing is sent and the key is never shown."""
    with _doors() as studio:
        health = studio.health()
    if as_json:
        click.echo(json.dumps(health, indent=2))
        return
    width = max(map(len, health))
    for name, value in health.items():
        click.echo(f"{name:<{width}}  {value}")


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
        _say_problems(found)
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
        _say("Stopped. The same command goes on where this one was.")
        raise
    finally:
        jobs.close()


@contextmanager
def _doors() -> Iterator[Studio]:
    """A studio for one command, with errors told as they should be."""
    from avatar_core.studio import open_studio

    with _translated():
        studio = open_studio(load_settings())
        try:
            yield studio
        finally:
            studio.close()


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except AvatarError as error:
        _say(f"Error: {error.message}")
        sys.exit(_exit_code(error))


def _exit_code(error: AvatarError) -> int:
    codes: list[tuple[type[AvatarError], int]] = [
        (InputError, UNUSABLE),
        (SettingsBroken, UNUSABLE),
        (ModelError, MODEL_FAILED),
        (StoreError, STORE_FAILED),
    ]
    return next((code for kind, code in codes if isinstance(error, kind)), PARTLY)


def _say(text: str) -> None:
    click.echo(text, err=True)


def _say_problems(found: People) -> None:
    for problem in found.problems:
        _say(str(problem))


def _print_json(**values: Any) -> None:
    click.echo(json.dumps(values, indent=2, ensure_ascii=False))


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


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}). Name an existing picture.") from None

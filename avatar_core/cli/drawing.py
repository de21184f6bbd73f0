"""From a plan to pictures in a folder: bring what is missing, save it, and tell what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from avatar_core.cli.findings import finding_rows
from avatar_core.cli.tables import refused_rows
from avatar_core.cli.terminal import (
    MODEL_FAILED,
    OK,
    PARTLY,
    UNUSABLE,
    exit_code,
    print_json,
    problem_rows,
    refuse_to_replace,
    say,
)
from avatar_core.cli.working import work
from avatar_core.errors import ModelError, error_named
from avatar_core.finish import Finish
from avatar_core.types import BlockRecord, People, Run

if TYPE_CHECKING:
    from avatar_core.planning import Plan
    from avatar_core.studio import Studio


@dataclass(frozen=True)
class Drawn:
    """What a command drew, and where it is saved."""

    plan: Plan
    run: Run
    saved: list[str]  #: the ids that have an avatar in the folder
    out: Path


def draw(
    studio: Studio, plan: Plan, run: Run | None, out: Path, *, title: str, finish: Finish, overwrite: bool
) -> Drawn:
    """Bring every picture of a plan that is not here yet, and save all of them in a folder.

    Args:
        studio: keeps and paints.
        plan: what is wanted.
        run: an earlier one of this plan, to go on with or to save again; None begins a new one.
        out: the folder.
        title: of a new run.
        finish: how the avatars are made.
        overwrite: replace other files of the same names in the folder.

    Raises:
        InputError: the folder cannot be used.
        ModelError, StoreError: nothing could be begun.
    """
    from avatar_core.export import check_folder, in_the_way

    if run is None or not run.complete:
        studio.check_key(plan.facts)
    check_folder(out)
    if not overwrite:
        names = in_the_way(plan.blocks, out, finish) if run is None else studio.strangers(run, out, finish)
        refuse_to_replace(names, out)
    run = _bring(studio, plan, run, title)
    # A folder in which nothing came of it stays as it was, free for the next try.
    saved = studio.save(run.id, out, finish) if any(record.grid for record in run.blocks) else []
    return Drawn(plan, run, saved, out)


def _bring(studio: Studio, plan: Plan, run: Run | None, title: str) -> Run:
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


def report(drawn: Drawn, found: People, *, as_json: bool) -> int:
    """Tell what came of a run and return the exit code."""
    run, saved, out = drawn.run, drawn.saved, drawn.out
    unsaved = _unsaved(run, saved)
    for record in run.blocks:
        if record.error:
            ids = ", ".join(persona.id for persona in record.block.personas)
            say(f"Error: picture {record.block.index + 1} ({ids}): {record.message}")
    failed = {persona.id for r in run.blocks if r.error for persona in r.block.personas}
    for row in unsaved:
        if row["id"] not in failed:
            say(f"{row['id']} has no avatar: {row['reason']}")
    refused = refused_rows(found)
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
            findings=finding_rows(drawn.plan),
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

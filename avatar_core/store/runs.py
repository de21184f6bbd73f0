"""How a planned run is entered: its recipe, its blocks with their prompts, and who sits where."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from avatar_core.store import rows
from avatar_core.store.schema import blocks, runs, seats
from avatar_core.types import Block, BlockState, Recipe


def insert_run(
    connection: sa.Connection,
    now: datetime,
    recipe: Recipe,
    prompted: Sequence[tuple[Block, str]],
    *,
    title: str,
    session: str = "",
    variant: str = "",
    fingerprint: str = "",
) -> str:
    """Enter a run, each block with its exact prompt, as a part of a transaction, and return its new id."""
    run_id = uuid.uuid4().hex
    connection.execute(
        runs.insert().values(
            id=run_id,
            created=now,
            title=title,
            recipe=recipe.as_dict(),
            people=sum(len(block.personas) for block, _ in prompted),
            session=session,
            variant=variant,
            fingerprint=fingerprint,
        )
    )
    connection.execute(
        blocks.insert(),
        [
            {
                "run": run_id,
                "block": block.index,
                "prompt": text,
                "state": BlockState.QUEUED.value,
                "changed": now,
            }
            for block, text in prompted
        ],
    )
    sitting = [seat for block, _ in prompted for seat in rows.seats_of(run_id, block)]
    if sitting:
        connection.execute(seats.insert(), sitting)
    return run_id

"""A recipe over people, and how far each of its blocks has come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from avatar_core.types.cuts import Avatar, Cut
from avatar_core.types.people import Persona
from avatar_core.types.pictures import Grid
from avatar_core.types.recipes import Block, Recipe


class BlockState(StrEnum):
    """Where a block of a run stands."""

    QUEUED = "queued"
    PAINTING = "painting"
    WAITING = "waiting"  #: before another attempt
    CUTTING = "cutting"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def finished(self) -> bool:
        return self in (BlockState.DONE, BlockState.FAILED, BlockState.CANCELLED)


def overall(states: Iterable[BlockState]) -> BlockState:
    """The state to show for many blocks: what is still going on, else the worst that happened."""
    seen = set(states)
    order = (
        BlockState.PAINTING,
        BlockState.CUTTING,
        BlockState.WAITING,
        BlockState.QUEUED,
        BlockState.FAILED,
        BlockState.CANCELLED,
    )
    return next((state for state in order if state in seen), BlockState.DONE)


@dataclass(frozen=True, slots=True)
class BlockRecord:
    """One block of a run, as the store knows it now."""

    block: Block
    prompt: str  #: the exact text that is or was sent
    state: BlockState
    changed: datetime  #: when ``state`` was entered, UTC
    attempts: int = 0
    error: str = ""  #: the error's code, see errors.py
    message: str = ""  #: what to tell the user
    not_before: datetime | None = None  #: when a server that refused allows another try
    grid: Grid | None = None
    cut: Cut | None = None
    avatars: tuple[Avatar, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """A recipe over people: everything that was chosen, and everything that came of it."""

    id: str
    created: datetime  #: UTC
    title: str
    recipe: Recipe
    blocks: tuple[BlockRecord, ...]
    session: str = ""  #: runs of one tuning session share it
    variant: str = ""  #: the run's label within its session, such as A

    @property
    def personas(self) -> tuple[Persona, ...]:
        return tuple(persona for record in self.blocks for persona in record.block.personas)

    @property
    def avatars(self) -> tuple[Avatar, ...]:
        return tuple(avatar for record in self.blocks for avatar in record.avatars)

    @property
    def finished(self) -> bool:
        return all(record.state.finished for record in self.blocks)

    @property
    def complete(self) -> bool:
        """Whether every picture is here and cut; a run can be finished without, when some of it failed.

        A picture without people has nothing to cut.
        """
        return all(
            record.grid is not None and (record.cut is not None or not record.block.personas)
            for record in self.blocks
        )

    @property
    def state(self) -> BlockState:
        """The state to show for the whole run: what is still going on, else the worst that happened."""
        return overall(record.state for record in self.blocks)

    @property
    def usd(self) -> float | None:
        """What the arrived pictures cost in USD; None if that is unknown for any of them."""
        costs = [record.grid.cost.usd for record in self.blocks if record.grid]
        known = [usd for usd in costs if usd is not None]
        return sum(known) if len(known) == len(costs) else None

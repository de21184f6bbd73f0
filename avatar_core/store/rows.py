"""Between rows of the database and the vocabulary: one function per direction and thing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from avatar_core.grid import seated
from avatar_core.store.schema import blocks, cuts, grids
from avatar_core.types import (
    Avatar,
    Block,
    BlockRecord,
    BlockState,
    Cost,
    Cut,
    Ethnicity,
    Gender,
    Grid,
    Origin,
    Painting,
    Persona,
    Size,
    Usage,
    Verdict,
    overall,
)

Row = Mapping[Any, Any]


@dataclass(frozen=True, slots=True)
class RunSummary:
    """A run as a list shows it."""

    id: str
    created: datetime
    title: str
    model: str
    people: int
    session: str
    variant: str
    states: tuple[BlockState, ...]  #: of its blocks, in order
    cover: str | None  #: blob of the first grid that arrived

    @property
    def state(self) -> BlockState:
        """The state to show for the whole run."""
        return overall(self.states)


def persona_row(persona: Persona) -> dict[str, Any]:
    """A persona as JSON."""
    return {
        "id": persona.id,
        "age": persona.age,
        "gender": persona.gender.value,
        "ethnicity": persona.ethnicity.value,
        "occupation": persona.occupation,
        "name": persona.name,
        "extra": [list(pair) for pair in persona.extra],
    }


def persona(row: Row) -> Persona:
    """The persona that JSON holds."""
    return Persona(
        id=row["id"],
        age=row["age"],
        gender=Gender(row["gender"]),
        ethnicity=Ethnicity(row["ethnicity"]),
        occupation=row["occupation"],
        name=row["name"],
        extra=tuple((key, value) for key, value in row["extra"]),
    )


def seats_of(run_id: str, block: Block) -> list[dict[str, Any]]:
    """A row for each persona of a block."""
    return [
        {
            "run": run_id,
            "block": block.index,
            "cell": cell,
            "persona": sitter.id,
            "row": persona_row(sitter),
            "filter": look,
        }
        for cell, (sitter, look) in seated(list(zip(block.personas, block.filters, strict=True)))
    ]


def block_columns() -> list[sa.ColumnElement[Any]]:
    """The columns of a block with its grid and cut, each prefixed by its table."""
    return [
        column.label(f"{table.name}_{column.name}") for table in (grids, cuts) for column in table.c
    ] + list(blocks.c)


def block_record(row: Row, seats: Sequence[Row], pictures: Mapping[int, Row], attempts: int) -> BlockRecord:
    """A block with all that came of it."""
    block = Block(
        index=row["block"],
        personas=tuple(persona(seat["row"]) for seat in seats),
        filters=tuple(seat["filter"] for seat in seats),
    )
    return BlockRecord(
        block=block,
        prompt=row["prompt"],
        state=BlockState(row["state"]),
        changed=row["changed"],
        attempts=attempts,
        error=row["error"],
        message=row["message"],
        not_before=row["not_before"],
        grid=grid(_prefixed(row, "grids_")) if row["grids_id"] else None,
        cut=cut(_prefixed(row, "cuts_")) if row["cuts_id"] else None,
        avatars=tuple(
            Avatar(
                persona=sitter,
                filter=block.filters[cell - 1],
                block=block.index,
                cell=cell,
                blob=pictures[cell]["blob"],
                verdict=Verdict(pictures[cell]["verdict"]),
            )
            for cell, sitter in seated(block.personas)
            if cell in pictures
        ),
    )


def painting_values(painting: Painting, cost: Cost, estimate: Cost | None) -> dict[str, Any]:
    """The columns of a picture that arrived, apart from its keys."""
    return {
        "media_type": painting.media_type,
        "width": painting.size.width,
        "height": painting.size.height,
        "model": painting.model,
        "seconds": painting.seconds,
        "sent": painting.sent,
        "usd": cost.usd,
        "cost_basis": cost.basis,
        "cost_note": cost.note,
        "estimate": asdict(estimate) if estimate else None,
        "usage": asdict(painting.usage) if painting.usage else None,
        "request_id": painting.request_id,
        "revised_prompt": painting.revised_prompt,
    }


def grid(row: Row) -> Grid:
    """The grid that a row holds."""
    usage = row["usage"]
    return Grid(
        id=row["id"],
        blob=row["blob"],
        media_type=row["media_type"],
        size=Size(row["width"], row["height"]),
        model=row["model"],
        seconds=row["seconds"],
        sent=row["sent"],
        cost=Cost(usd=row["usd"], basis=row["cost_basis"], note=row["cost_note"]),
        arrived=row["arrived"],
        request_id=row["request_id"],
        revised_prompt=row["revised_prompt"],
        usage=Usage(**usage) if usage else None,
        estimate=Cost(**row["estimate"]) if row["estimate"] else None,
    )


def cut_values(cut: Cut) -> dict[str, Any]:
    """The columns of a cut, apart from its keys."""
    return {
        "boxes": [list(box) for box in cut.boxes],
        "rows": cut.rows,
        "columns": cut.columns,
        "confidence": cut.confidence,
        "verdict": cut.verdict.value,
        "reasons": list(cut.reasons),
        "findings": [list(finding) for finding in cut.findings],
        "origin": cut.origin.value,
        "by_person": cut.by_person,
    }


def cut(row: Row) -> Cut:
    """The cut that a row holds."""
    return Cut(
        boxes=tuple((left, top, right, bottom) for left, top, right, bottom in row["boxes"]),
        confidence=row["confidence"],
        verdict=Verdict(row["verdict"]),
        reasons=tuple(row["reasons"]),
        rows=row["rows"],
        columns=row["columns"],
        findings=tuple((cell, said) for cell, said in row["findings"] or ()),
        origin=Origin(row["origin"]),
        by_person=row["by_person"],
    )


def summary(run: Row, states: Sequence[BlockState], cover: str | None) -> RunSummary:
    """A run's line in a list."""
    return RunSummary(
        id=run["id"],
        created=run["created"],
        title=run["title"],
        model=run["recipe"]["model"],
        people=run["people"],
        session=run["session"],
        variant=run["variant"],
        states=tuple(states),
        cover=cover,
    )


def _prefixed(row: Row, prefix: str) -> dict[str, Any]:
    return {key.removeprefix(prefix): value for key, value in row.items() if key.startswith(prefix)}

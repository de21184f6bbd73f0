"""The manifest: one row per persona, which says where its picture is and where that came from, or why there is none."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator
from datetime import UTC

from avatar_core.errors import BlobMissing, InputError
from avatar_core.finish import AS_STORED, Finish
from avatar_core.grid import row_and_column, seated
from avatar_core.settings import DEMO_MODEL
from avatar_core.types import Avatar, BlockRecord, Persona, Run, Verdict

#: Where avatars lie in a zip.
AVATARS = "avatars/"

ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}

#: Neither hidden, nor a path, nor anything that Windows forbids.
SAFE = re.compile(r"""(?![.\s])[^/\\:*?"<>|]{1,128}""")

PERSON_COLUMNS = ("id", "name", "age", "gender", "ethnicity", "occupation", "filter")
PICTURE_COLUMNS = (
    *("run", "block", "cell", "row", "column", "file", "finish", "state", "verdict", "reason"),
    *("model", "size", "quality", "template", "filter_mode", "filter_plan", "seed"),
    *("prompt_sha256", "grid", "grid_sha256", "box", "cut_origin", "cut_confidence", "created", "provenance"),
)


def avatar_name(persona: Persona, finish: Finish = AS_STORED) -> str:
    """The file name of a persona's picture: its id, and the ending of its format.

    Raises:
        InputError: the id cannot name a file. Tables are checked on the way in; this is the last lock.
    """
    if not SAFE.fullmatch(persona.id) or not persona.id.isprintable():
        raise InputError(f"The id “{persona.id[:40]}” cannot name a file. Use letters, digits, - and _ only.")
    return f"{persona.id}.{finish.ending}"


def block_name(record: BlockRecord) -> str:
    """How a block is called in file names and in the manifest: counted from 1, such as ``001``."""
    return f"{record.block.index + 1:03d}"


def grid_name(record: BlockRecord) -> str:
    """The file name of a block's uncut picture, with the ending of what it really is; empty without one."""
    if record.grid is None:
        return ""
    return f"{block_name(record)}.{ENDINGS.get(record.grid.media_type, 'bin')}"


def seats(record: BlockRecord) -> Iterator[tuple[int, Persona, str, Avatar | None]]:
    """Cell, persona, filter and avatar of each person of a block.

    The avatar is None unless it may carry its persona's name: on doubt a picture belongs to nobody.
    """
    sure = {
        (avatar.cell, avatar.persona.id): avatar
        for avatar in record.avatars
        if avatar.verdict in (Verdict.ACCEPTED, Verdict.UNVERIFIED)
    }
    for (cell, persona), look in zip(seated(record.block.personas), record.block.filters, strict=True):
        yield cell, persona, look, sure.get((cell, persona.id))


def manifest_rows(
    run: Run,
    *,
    folder: str = AVATARS,
    missing: frozenset[str] = frozenset(),
    finish: Finish = AS_STORED,
) -> list[dict[str, str]]:
    """One row per persona of a run, in order, whether or not there is a picture.

    Args:
        run: what to explain.
        folder: where the avatars lie beside the manifest, ending in a slash; empty if right beside it.
        missing: ids of blobs that could not be read; their file names stay empty, and the reason says why.
        finish: how the avatars were made for use.
    """
    extras = dict.fromkeys(name for persona in run.personas for name, _ in persona.extra)
    taken = {*PERSON_COLUMNS, *PICTURE_COLUMNS}
    titles = {}
    for name in extras:
        title = name
        while title in taken:
            title = f"extra_{title}"
        taken.add(title)
        titles[name] = title
    rows = []
    for record in run.blocks:
        for cell, persona, look, avatar in seats(record):
            person = (persona.id, persona.name, str(persona.age), persona.gender.value)
            row = dict(
                zip(PERSON_COLUMNS, (*person, persona.ethnicity.value, persona.occupation, look), strict=True)
            )
            given = dict(persona.extra)
            row |= {title: given.get(name, "") for name, title in titles.items()}
            rows.append(row | _picture(run, record, cell, persona, avatar, folder, missing, finish))
    return rows


def _picture(
    run: Run,
    record: BlockRecord,
    cell: int,
    persona: Persona,
    avatar: Avatar | None,
    folder: str,
    missing: frozenset[str],
    finish: Finish,
) -> dict[str, str]:
    """The half of a manifest row that speaks of the picture."""
    recipe, grid, cut = run.recipe, record.grid, record.cut
    there = avatar is not None and avatar.blob not in missing
    own = next((a.verdict for a in record.avatars if a.cell == cell), cut.verdict if cut else None)
    line, column = row_and_column(cell)
    model = grid.model if grid else recipe.model
    return {
        "run": run.id,
        "block": block_name(record),
        "cell": str(cell),
        "row": str(line),
        "column": str(column),
        "file": f"{folder}{avatar_name(persona, finish)}" if there else "",
        "finish": str(finish) if there else "",
        "state": record.state.value,
        "verdict": own.value if own else "",
        "reason": "" if there else _reason(record, avatar),
        "model": model,
        "size": str(grid.size if grid else recipe.size),
        "quality": recipe.quality,
        "template": "" if recipe.exact_prompt else recipe.template,
        "filter_mode": recipe.filter_mode.value,
        "filter_plan": recipe.filter_plan.value,
        "seed": str(recipe.seed),
        "prompt_sha256": hashlib.sha256(record.prompt.encode()).hexdigest(),
        "grid": f"grids/{grid_name(record)}" if grid and grid.blob not in missing else "",
        "grid_sha256": grid.blob if grid else "",
        "box": " ".join(map(str, cut.boxes[cell - 1])) if cut and cell <= len(cut.boxes) else "",
        "cut_origin": cut.origin.value if cut else "",
        "cut_confidence": f"{cut.confidence:.3f}" if cut else "",
        "created": grid.arrived.astimezone(UTC).isoformat(timespec="seconds") if grid else "",
        "provenance": ("DEMO drawing" if model == DEMO_MODEL else "AI-generated") if there else "",
    }


def _reason(record: BlockRecord, avatar: Avatar | None) -> str:
    """Why a persona has no file."""
    if avatar is not None:
        return BlobMissing().message
    if record.message:
        return record.message
    if record.cut and record.cut.reasons:
        return "; ".join(record.cut.reasons)
    return "no picture of this person was accepted" if record.grid else "no picture yet"


def manifest_csv(
    run: Run,
    *,
    folder: str = AVATARS,
    missing: frozenset[str] = frozenset(),
    finish: Finish = AS_STORED,
) -> bytes:
    """The manifest as a CSV file: UTF-8 with the mark that Excel needs, formulas made harmless."""
    rows = manifest_rows(run, folder=folder, missing=missing, finish=finish)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(map(harmless, rows[0] if rows else (*PERSON_COLUMNS, *PICTURE_COLUMNS)))
    writer.writerows(map(harmless, row.values()) for row in rows)
    return out.getvalue().encode("utf-8-sig")


def harmless(text: str) -> str:
    """Text that a spreadsheet will not run as a formula; plain numbers stay as they are.

    >>> harmless("=1+1"), harmless("-1.5"), harmless("nurse")
    ("'=1+1", '-1.5', 'nurse')
    """
    start = text.lstrip()[:1]
    runs = start in {"=", "+", "-", "@", "＝", "＋", "－", "＠"} or text[:1] in {"\t", "\r", "\n"}
    if runs and start and not re.fullmatch(r"[+-]?\d+([.,]\d+)*", text, flags=re.ASCII):
        return "'" + text
    return text

"""A whole run as one zip file that needs nothing of ours to be understood."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import UTC
from typing import Any, BinaryIO

from avatar_core.errors import BlobMissing, InputError
from avatar_core.export.manifest import AVATARS, avatar_name, block_name, grid_name, manifest_csv, seats
from avatar_core.export.marks import marked_png
from avatar_core.settings import DEMO_MODEL
from avatar_core.types import Avatar, Run

Dress = Callable[[Avatar, bytes], bytes]
"""Gives an avatar's PNG the look that it is to be seen in."""


def as_it_is(_avatar: Avatar, png: bytes) -> bytes:
    """The look that the picture has already."""
    return png


def zip_run(run: Run, read: Callable[[str], bytes], dress: Dress = as_it_is) -> bytes:
    """Everything about a run in one zip file, see :func:`write_zip`."""
    out = io.BytesIO()
    write_zip(run, read, out, dress)
    return out.getvalue()


def write_zip(run: Run, read: Callable[[str], bytes], out: BinaryIO, dress: Dress = as_it_is) -> None:
    """Write avatars, grids, prompts, manifest and recipe of a run; the same run gives the same bytes.

    Args:
        run: what to write.
        read: gives the bytes of a blob by its id.
        out: a file opened for writing; pictures pass through one at a time.
        dress: gives each avatar its look; as it is by default.

    Raises:
        InputError: an id cannot name a file, or two ids name the same file.
    """
    stamp = max(run.created.astimezone(UTC).timetuple()[:6], (1980, 1, 1, 0, 0, 0))
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in entries(run, read, AVATARS, dress):
            entry = zipfile.ZipInfo(name, stamp)
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            picture = name.startswith((AVATARS, "grids/"))
            entry.compress_type = zipfile.ZIP_STORED if picture else zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)


def entries(
    run: Run, read: Callable[[str], bytes], folder: str, dress: Dress = as_it_is
) -> Iterator[tuple[str, bytes]]:
    """The files of a run by name, one at a time, the manifest after the pictures that it names.

    Args:
        run: what to write.
        read: gives the bytes of a blob by its id; one that is missing is told in the manifest.
        folder: where the avatars go, ending in a slash; empty for right beside the manifest.
        dress: gives each avatar its look.

    Raises:
        InputError: an id cannot name a file, or two ids name the same file.
    """
    missing: set[str] = set()
    used: set[str] = set()

    def fetch(blob: str) -> bytes:
        try:
            return read(blob)
        except BlobMissing:
            missing.add(blob)
            return b""

    for record in run.blocks:
        grid = record.grid
        for _, persona, _, avatar in seats(record):
            if avatar is not None and (data := fetch(avatar.blob)):
                name = avatar_name(persona)
                # Windows and macOS do not tell Ana.png from ana.png: unpacking would lose one of the two.
                if name.casefold() in used:
                    raise InputError(f"Two people would share the file {name}. Give them different ids.")
                used.add(name.casefold())
                model, source = (grid.model, grid.blob) if grid else (run.recipe.model, "")
                drawn = model == DEMO_MODEL
                yield (
                    folder + name,
                    marked_png(
                        dress(avatar, data), model=model, run_id=run.id, grid_sha256=source, demo=drawn
                    ),
                )
        if grid is not None and (data := fetch(grid.blob)):
            yield f"grids/{grid_name(record)}", data
        yield f"prompts/{block_name(record)}.txt", record.prompt.encode()
    yield "manifest.csv", manifest_csv(run, folder=folder, missing=frozenset(missing))
    yield "recipe.json", _recipe_json(run)


def _recipe_json(run: Run) -> bytes:
    """What was chosen, and what the model answered to each block."""
    story: dict[str, Any] = {
        "run": run.id,
        "title": run.title,
        "created": run.created,
        "session": run.session,
        "variant": run.variant,
        "recipe": run.recipe.as_dict(),
        "blocks": [
            {
                "block": block_name(record),
                "state": record.state,
                "attempts": record.attempts,
                "error": record.error,
                "message": record.message,
                "grid": asdict(record.grid) if record.grid else None,
                "cut": asdict(record.cut) if record.cut else None,
            }
            for record in run.blocks
        ],
    }
    return json.dumps(story, indent=2, ensure_ascii=False, default=str).encode() + b"\n"

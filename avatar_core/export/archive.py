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
from avatar_core.export.marks import mark, marked_png
from avatar_core.finish import AS_STORED, Finish, Format
from avatar_core.settings import DEMO_MODEL
from avatar_core.types import Avatar, Run

Make = Callable[[Avatar, bytes, bytes], bytes]
"""Makes an avatar's file from the PNG of its cell and from a mark, which it need not write into a PNG."""


def as_it_is(_avatar: Avatar, png: bytes, _mark: bytes) -> bytes:
    """The file that is there already."""
    return png


def zip_run(
    run: Run, read: Callable[[str], bytes], make: Make = as_it_is, finish: Finish = AS_STORED
) -> bytes:
    """Everything about a run in one zip file, see :func:`write_zip`."""
    out = io.BytesIO()
    write_zip(run, read, out, make, finish)
    return out.getvalue()


def write_zip(
    run: Run,
    read: Callable[[str], bytes],
    out: BinaryIO,
    make: Make = as_it_is,
    finish: Finish = AS_STORED,
) -> None:
    """Write avatars, grids, prompts, manifest and recipe of a run; the same run gives the same bytes.

    Args:
        run: what to write.
        read: gives the bytes of a blob by its id.
        out: a file opened for writing; pictures pass through one at a time.
        make: makes each avatar's file; as it is by default.
        finish: what that file is like.

    Raises:
        InputError: an id cannot name a file, or two ids name the same file.
    """
    stamp = max(run.created.astimezone(UTC).timetuple()[:6], (1980, 1, 1, 0, 0, 0))
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in entries(run, read, AVATARS, make, finish):
            entry = zipfile.ZipInfo(name, stamp)
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            picture = name.startswith((AVATARS, "grids/"))
            entry.compress_type = zipfile.ZIP_STORED if picture else zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)


def entries(
    run: Run,
    read: Callable[[str], bytes],
    folder: str,
    make: Make = as_it_is,
    finish: Finish = AS_STORED,
) -> Iterator[tuple[str, bytes]]:
    """The files of a run by name, one at a time, the manifest after the pictures that it names.

    Args:
        run: what to write.
        read: gives the bytes of a blob by its id; one that is missing is told in the manifest.
        folder: where the avatars go, ending in a slash; empty for right beside the manifest.
        make: makes each avatar's file.
        finish: what that file is like.

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
                name = avatar_name(persona, finish)
                # Windows and macOS do not tell Ana.png from ana.png: unpacking would lose one of the two.
                if name.casefold() in used:
                    raise InputError(f"Two people would share the file {name}. Give them different ids.")
                used.add(name.casefold())
                model, source = (grid.model, grid.blob) if grid else (run.recipe.model, "")
                told = {"model": model, "run_id": run.id, "grid_sha256": source}
                yield folder + name, marked(make, avatar, data, finish, demo=model == DEMO_MODEL, **told)
        if grid is not None and (data := fetch(grid.blob)):
            yield f"grids/{grid_name(record)}", data
        yield f"prompts/{block_name(record)}.txt", record.prompt.encode()
    yield "manifest.csv", manifest_csv(run, folder=folder, missing=frozenset(missing), finish=finish)
    yield "recipe.json", _recipe_json(run, finish)


def marked(make: Make, avatar: Avatar, png: bytes, finish: Finish, *, demo: bool, **told: str) -> bytes:
    """An avatar's file with its mark.

    Args:
        make: makes the file.
        avatar: whose it is.
        png: the exact cell.
        finish: what the file is like.
        demo, told: what the mark says, see :func:`avatar_core.export.marks.mark`.
    """
    data = make(avatar, png, mark(demo=demo, **told))
    return marked_png(data, demo=demo, **told) if finish.format is Format.PNG else data


def _recipe_json(run: Run, finish: Finish) -> bytes:
    """What was chosen, and what the model answered to each block."""
    story: dict[str, Any] = {
        "run": run.id,
        "title": run.title,
        "created": run.created,
        "session": run.session,
        "variant": run.variant,
        "recipe": run.recipe.as_dict(),
        "avatars": str(finish),
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

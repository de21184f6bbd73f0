"""Pictures as people see them: an avatar in its look, a grid with its cut lines, a thumbnail, a file to give away.

The stored pictures stay as they are; whatever is made here can be made again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from avatar_core import export
from avatar_core.cut import as_png, as_thumbnail, draw_lines, encode, finished, open_picture
from avatar_core.errors import InputError
from avatar_core.filters import apply
from avatar_core.finish import AS_STORED, Finish
from avatar_core.settings import DEMO_MODEL
from avatar_core.types import Avatar, Box, FilterMode, Run, Verdict


class Viewing:
    """Views of the pictures that ``read`` gives by their blob's id."""

    def __init__(self, read: Callable[[str], bytes]) -> None:
        self._read = read

    def portrait(self, run: Run, avatar: Avatar) -> bytes:
        """An avatar's PNG in its look: as the model drew it, or with the look that is applied after the cut."""
        return self._maker(run, AS_STORED)(avatar, self._read(avatar.blob), b"")

    def avatar_file(self, run: Run, avatar: Avatar, finish: Finish) -> bytes:
        """One avatar as a file to give away, with the marks of where it comes from.

        Raises:
            InputError: its grid is held back, so that it is nobody's picture.
        """
        if avatar.verdict in (Verdict.QUARANTINED, Verdict.REJECTED):
            raise InputError(
                "This picture is held back and belongs to nobody. Look at its grid, then accept it."
            )
        grid = run.blocks[avatar.block].grid
        model = grid.model if grid else run.recipe.model
        return export.marked(
            self._maker(run, finish),
            avatar,
            self._read(avatar.blob),
            finish,
            model=model,
            run_id=run.id,
            grid_sha256=grid.blob if grid else "",
            demo=model == DEMO_MODEL,
        )

    def zip_of(self, run: Run, finish: Finish) -> bytes:
        """A zip of a run: avatars, grids, manifest, prompts and recipe."""
        return export.zip_run(run, self._read, self._maker(run, finish), finish)

    def save(self, run: Run, out: Path, finish: Finish) -> list[str]:
        """Write a run into a folder, avatars named by id, with its manifest; return the ids that have an avatar."""
        return export.write_folder(run, self._read, out, self._maker(run, finish), finish)

    def strangers(self, run: Run, out: Path, finish: Finish) -> list[str]:
        """The names of files in a folder that saving this run would replace and that are not its own already."""
        return export.strangers(run, self._read, out, self._maker(run, finish), finish)

    def overlay(self, blob: str, boxes: Sequence[Box], marked: Collection[int] = ()) -> bytes:
        """A grid with its cut lines and cell numbers drawn in, and some cells marked, as PNG."""
        return as_png(draw_lines(open_picture(self._read(blob)), boxes, marked))

    def thumbnail(self, blob: str, side: int) -> bytes:
        """A small JPEG of a picture, at most ``side`` px wide and high."""
        return as_thumbnail(open_picture(self._read(blob)), side)

    def _maker(self, run: Run, finish: Finish) -> Callable[[Avatar, bytes, bytes], bytes]:
        """Makes files: in the look that is applied after the cut, then in form and size, then in the format."""

        def make(avatar: Avatar, png: bytes, mark: bytes) -> bytes:
            dressed = run.recipe.filter_mode is FilterMode.AFTER
            if finish.untouched and not dressed:
                return png
            picture = open_picture(png)
            if dressed:
                picture = apply(picture, avatar.filter)
            return encode(finished(picture, finish), finish.format, mark)

        return make

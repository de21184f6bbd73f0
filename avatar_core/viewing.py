"""Pictures as people see them: an avatar in its look, a grid with its cut lines, a thumbnail, a file to give away.

The stored pictures stay as they are; whatever is made here can be made again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from avatar_core import export
from avatar_core.cut import as_png, as_thumbnail, draw_lines, open_picture
from avatar_core.errors import InputError
from avatar_core.filters import apply
from avatar_core.types import Avatar, Box, FilterMode, Run, Verdict


class Viewing:
    """Views of the pictures that ``read`` gives by their blob's id."""

    def __init__(self, read: Callable[[str], bytes]) -> None:
        self._read = read

    def portrait(self, run: Run, avatar: Avatar) -> bytes:
        """An avatar's PNG in its look: as the model drew it, or with the look that is applied after the cut."""
        return self._dressed(run)(avatar, self._read(avatar.blob))

    def avatar_file(self, run: Run, avatar: Avatar, *, demo: bool) -> bytes:
        """One avatar as a PNG file to give away, with the marks of where it comes from.

        Raises:
            InputError: its grid is held back, so that it is nobody's picture.
        """
        if avatar.verdict in (Verdict.QUARANTINED, Verdict.REJECTED):
            raise InputError(
                "This picture is held back and belongs to nobody. Look at its grid, then accept it."
            )
        grid = run.blocks[avatar.block].grid
        return export.marked_png(
            self.portrait(run, avatar),
            model=grid.model if grid else run.recipe.model,
            run_id=run.id,
            grid_sha256=grid.blob if grid else "",
            demo=demo,
        )

    def zip_of(self, run: Run) -> bytes:
        """A zip of a run: avatars, grids, manifest, prompts and recipe."""
        return export.zip_run(run, self._read, self._dressed(run))

    def save(self, run: Run, out: Path) -> list[str]:
        """Write a run into a folder as ``{id}.png`` with its manifest, and return the ids that have an avatar."""
        return export.write_folder(run, self._read, out, self._dressed(run))

    def strangers(self, run: Run, out: Path) -> list[str]:
        """The names of files in a folder that saving this run would replace and that are not its own already."""
        return export.strangers(run, self._read, out, self._dressed(run))

    def overlay(self, blob: str, boxes: Sequence[Box], marked: Collection[int] = ()) -> bytes:
        """A grid with its cut lines and cell numbers drawn in, and some cells marked, as PNG."""
        return as_png(draw_lines(open_picture(self._read(blob)), boxes, marked))

    def thumbnail(self, blob: str, side: int) -> bytes:
        """A small JPEG of a picture, at most ``side`` px wide and high."""
        return as_thumbnail(open_picture(self._read(blob)), side)

    def _dressed(self, run: Run) -> Callable[[Avatar, bytes], bytes]:
        if run.recipe.filter_mode is not FilterMode.AFTER:
            return lambda _, png: png

        def dress(avatar: Avatar, png: bytes) -> bytes:
            return as_png(apply(open_picture(png), avatar.filter))

        return dress

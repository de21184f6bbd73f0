"""Frames drawn within the cells: two lines of one colour, a little to either side of the true seam.

::

    cell 1          |  seam  |          cell 2
    ...picture...   |   .    |   ...picture...
                  line  middle line

A line of a frame looks like a narrow gutter. What gives it away is its twin at the same distance beyond something that
looks like a seam too, or like a gutter.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from avatar_core.cut.candidates import SAME_COLOUR, Candidates
from avatar_core.cut.scale import px

LINE = 7
"""Widest line of a frame, in px of a 1024 px axis."""

APART = 0.08
"""Largest distance of the two lines, as a share of the axis."""

CENTRED = 2
"""Px of a 1024 px axis by which the seam may be out of the middle."""

SEAM_SEEN = 0.4
"""The least score of what is between them."""


def unframed(candidates: Candidates, length: int) -> tuple[Candidates, bool]:
    """Candidates without the lines of frames, if there are any.

    Args:
        candidates: around one seam.
        length: of the axis in px.

    Returns:
        What remains, and whether a frame was found.
    """
    width = candidates.end - candidates.start
    lines = np.nonzero(candidates.coloured & (width <= px(LINE, length)))[0]
    for first in lines:
        for second in lines:
            between = candidates.start[second] - candidates.end[first]
            if not 2 * px(CENTRED, length) < between < APART * length:
                continue
            if np.abs(candidates.colour[first] - candidates.colour[second]).max() >= SAME_COLOUR:
                continue
            edges = np.array([candidates.start[[first, second]], candidates.end[[first, second]]]).ravel()
            kept = ~_touches(candidates, edges)
            middle = (candidates.end[first] + candidates.start[second]) / 2
            off_middle = np.abs((candidates.start + candidates.end) / 2 - middle)
            if (kept & (off_middle <= px(CENTRED, length)) & (candidates.score > SEAM_SEEN)).any():
                return candidates.where(kept), True
    return candidates, False


def _touches(candidates: Candidates, edges: npt.NDArray[np.intp]) -> npt.NDArray[np.bool_]:
    """Which candidates begin or end at one of the lines, give or take a px."""
    near = [np.abs(side[:, None] - edges).min(1) <= 1 for side in (candidates.start, candidates.end)]
    touching: npt.NDArray[np.bool_] = near[0] | near[1]
    return touching

"""How much of a cell is drawn, and how much is plain ground?"""

from __future__ import annotations

import numpy as np

from avatar_core.checks.small import Floats

CONTOUR = 4.0
"""Grey levels per px of a small copy below which a change of colour is noise or a fading ground."""

STEEP = 0.08
"""The same as a share of the cell's range of brightness. A ground that fades across its cell changes by a sixty-fourth
of its range per px, and one that darkens to its corners by a thirtieth."""

MIDDLE = (slice(5, 48), slice(6, 58))
"""Rows and columns of the small copy that are looked at: without the borders, and without the lowest quarter, where
models put signatures and the demo model its label."""


def drawn_share(picture: Floats) -> float:
    """The share of a cell's middle that is a contour, 0 to 1.

    Args:
        picture: (3, SIDE, SIDE), see small.py.
    """
    down = np.abs(picture[:, 1:] - picture[:, :-1]).max(0)[:, :-1]
    across = np.abs(picture[:, :, 1:] - picture[:, :, :-1]).max(0)[:-1]
    change = np.maximum(down, across)
    levels = np.sort(picture[:, ::4, ::4].ravel())
    low, high = levels[len(levels) // 50], levels[-len(levels) // 50]
    contour = max(CONTOUR, STEEP * float(high - low))
    return float((change[MIDDLE] > contour).mean())

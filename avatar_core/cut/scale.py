"""Lengths and arrays as the whole cut writes them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

REFERENCE = 1024
"""Lengths in the constants are px of an axis of this length, and grow and shrink with the picture."""


def px(length: float, axis: int) -> int:
    """A length of the reference axis in px of an axis of ``axis`` px, at least 1.

    >>> px(2, 1536)
    3
    """
    return max(1, round(length * axis / REFERENCE))

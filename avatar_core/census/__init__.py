"""Who lives in Brazil, by the Census of 2022: draw people by its shares, and compare people with them.

shares (the figures, or a table of the user's own) -> drawing (people, with occupations from a list of our own) and
comparing (exact intervals, and words for what they say).
"""

from __future__ import annotations

from avatar_core.census.comparing import Comparison, compare
from avatar_core.census.drawing import MAX_DRAWN, draw_people
from avatar_core.census.shares import OLDEST, REGIONS, Share, Shares, census_shares
from avatar_core.census.tables import read_shares

__all__ = [
    "MAX_DRAWN",
    "OLDEST",
    "REGIONS",
    "Comparison",
    "Share",
    "Shares",
    "census_shares",
    "compare",
    "draw_people",
    "read_shares",
]

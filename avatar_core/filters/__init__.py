"""The looks: what they are, who wears which, and how a finished picture is given one.

looks (data/filters.toml) -> balanced and counterbalanced (plans under a seed), table (how even a plan is),
pixels (a look given after the cut). A look is words in a prompt or arithmetic on pixels, never both at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from avatar_core.filters.balanced import plan_balanced, plan_by_hand, plan_same
from avatar_core.filters.counterbalanced import plan_counterbalanced
from avatar_core.filters.kinds import AGE_BANDS, age_band
from avatar_core.filters.looks import all_filters, applicable_after, find_filter, looks, read_filters
from avatar_core.filters.table import BalanceRow, BalanceTable, balance_table

if TYPE_CHECKING:
    from PIL import Image

__all__ = [
    "AGE_BANDS",
    "BalanceRow",
    "BalanceTable",
    "age_band",
    "all_filters",
    "applicable_after",
    "apply",
    "balance_table",
    "find_filter",
    "looks",
    "plan_balanced",
    "plan_by_hand",
    "plan_counterbalanced",
    "plan_same",
    "read_filters",
]


def apply(image: Image.Image, filter_id: str) -> Image.Image:
    """The picture in another look; the picture itself is not changed.

    Args:
        image: (H, W), RGB or RGBA; any other mode is shown as one of these two.
        filter_id: one of :func:`applicable_after`.

    Returns:
        A picture of the same size with the same transparency; with a look that changes nothing, ``image`` itself.

    Raises:
        FilterUnknown: there is no such filter.
        FilterNeedsModel: only the image model can draw it.
    """
    from avatar_core.filters.pixels import toned  # numpy is loaded by those who need it

    return toned(image, find_filter(filter_id))

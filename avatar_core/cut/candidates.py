"""Where one axis might be cut: seams, gutters and margins, each with a score.

Scores are in units of surprise above the picture's floor: 0 is no evidence, 1 is a clear seam, below 0 is worse than
assuming nothing. ::

    margin   gutter  seam      margin
    |****|        |**|  |        |***|
    0    left     a  b  x    right   N
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from avatar_core.cut.profile import Profile, peaks
from avatar_core.cut.scale import Floats, px

REACH = 0.12
"""How far from its exact fraction a seam or a gutter's edge is looked for, as a share of the axis."""

WIDEST_GUTTER = 0.17
"""Share of an axis; wider ones would be cells."""

WIDEST_MARGIN = 0.16

CROWD = 36
"""How many boundaries around an exact fraction are considered, the sharpest first."""

EDGE = 0.62
"""What each of a gutter's two edges counts; together a little more than one seam of the same strength."""

PLAINNESS = 0.9
"""What it counts that a gutter or margin is of one colour, and the lines beside it are not."""

SURMISE = 0.4
"""What must be earned by each thing that is assumed beyond bare seams: a gutter, a margin, a common colour."""

EDGES_SEEN = 0.0
"""The least score of each edge of a gutter; without it, plain ground beside a shoulder would pass for one."""

CONTINUES = 1.0
"""What it costs that the picture goes on across a boundary, see :meth:`Profile.continuity`."""

MOSTLY = 0.70
"""The share of its lines' strips that a gutter's colour must fill; captions and rounded corners take some."""

SAME_COLOUR = 26.0
"""Grey levels within which two gutters or margins are taken to have one colour."""

HAIRLINE = 4
"""Px; in a line so thin blur may leave no pure pixel, so it is known by being brighter or darker than both sides."""


@dataclass(frozen=True)
class Candidates:
    """M places where one seam or margin may lie.

    Attributes:
        start, end: (M,) boundaries; equal for a seam without gutter.
        score: (M,) evidence, see the module.
        colour: (M, 3) of a gutter or margin; NaN where there is none.
    """

    start: npt.NDArray[np.intp]
    end: npt.NDArray[np.intp]
    score: Floats
    colour: Floats

    @property
    def coloured(self) -> npt.NDArray[np.bool_]:
        return ~np.isnan(self.colour[:, 0])

    def matching(self, colour: Floats) -> npt.NDArray[np.bool_]:
        """Which have this colour."""
        with np.errstate(invalid="ignore"):
            close: npt.NDArray[np.bool_] = np.abs(self.colour - colour).max(1) < SAME_COLOUR
        return close

    def best(self, count: int) -> Candidates:
        """The ``count`` of the highest scores."""
        return self.where(np.argsort(-self.score, kind="stable")[:count])

    def where(self, keep: npt.NDArray[np.intp] | npt.NDArray[np.bool_]) -> Candidates:
        """Some of them."""
        return Candidates(self.start[keep], self.end[keep], self.score[keep], self.colour[keep])


def gather(rows: list[tuple[int, int, float, Floats | None]]) -> Candidates:
    """Candidates from single ones."""
    nothing = np.full(3, np.nan, np.float32)
    return Candidates(
        np.array([row[0] for row in rows], np.intp),
        np.array([row[1] for row in rows], np.intp),
        np.array([row[2] for row in rows], np.float32),
        np.array([nothing if row[3] is None else row[3] for row in rows], np.float32).reshape(-1, 3),
    )


def seams(profile: Profile, centre: float, keep: int = 48) -> Candidates:
    """Seams and gutters around an exact fraction of the axis.

    Args:
        profile: of the axis.
        centre: the exact fraction, in px.
        keep: how many of the best to return.
    """
    reach = REACH * profile.length
    crowd = peaks(profile.sharp, int(centre - reach), int(centre + reach) + 1, CROWD)
    above = profile.seam - profile.floor
    sharpest = crowd[np.argsort(-profile.sharp[crowd], kind="stable")[:12]]
    broken = above.copy()
    broken[crowd] -= CONTINUES * profile.continuity(crowd)
    bare = [(int(x), int(x), float(broken[x]), None) for x in sharpest]
    return gather(bare + _gutters(profile, broken, crowd, keep)).best(keep)


def _gutters(
    profile: Profile, above: Floats, crowd: npt.NDArray[np.intp], keep: int
) -> list[tuple[int, int, float, Floats | None]]:
    """Every pair of boundaries with something plain between them."""
    first, second = np.triu_indices(len(crowd), 1)
    a, b = crowd[first], crowd[second]
    width = b - a
    # The edges of a gutter are blurred: judge it by what lies a pixel or two further in.
    trim = (width >= 3).astype(np.intp) + (width >= 8)
    fill = profile.plain_within(a + trim, b - trim)
    thin = width <= HAIRLINE
    clear = profile.sharp - profile.floor
    both_edges = np.minimum(clear[a], clear[b]) > EDGES_SEEN
    wanted = (
        (width >= 2)
        & (width <= WIDEST_GUTTER * profile.length)
        & ((fill >= MOSTLY) | thin)
        # Of hairlines, those that look like no seam on either side are not worth a closer look.
        & ((thin & (above[a] + above[b] > 0)) | (both_edges & ~thin))
    )
    a, b, trim, fill, thin, seen = (
        a[wanted],
        b[wanted],
        trim[wanted],
        fill[wanted],
        thin[wanted],
        both_edges[wanted],
    )
    beside = px(6, profile.length)
    low, high = np.maximum(a - beside, 0), np.minimum(b + beside, profile.length)
    around = (profile.plain_until[a] - profile.plain_until[low]) + (
        profile.plain_until[high] - profile.plain_until[b]
    )
    around = around / np.maximum(1, a - low + high - b)
    found = []
    score = EDGE * (above[a] + above[b]) - SURMISE
    promise = score + PLAINNESS * np.where(thin, 1.0, np.maximum(0, fill - np.maximum(around, 0.3)))
    for index in np.argsort(-promise, kind="stable")[:keep].tolist():
        start, end, share = int(a[index]), int(b[index]), float(fill[index])
        inner = profile.colour[:, start + trim[index] : end - trim[index]]
        colour = inner.mean(1)
        if thin[index]:
            ridge, peak = _ridge(profile, start, end)
            if ridge > share or not seen[index]:
                share, colour = ridge, profile.colour[:, peak]
        elif float((inner.max(1) - inner.min(1)).max()) > 60:
            continue
        if share >= MOSTLY:
            gain = PLAINNESS * max(0.0, share - max(float(around[index]), 0.3))
            found.append((start, end, float(score[index]) + gain, colour))
    return found


def _ridge(profile: Profile, start: int, end: int) -> tuple[float, int]:
    """The share of strips in which a thin line is brighter (or darker) than both its sides, and its purest line."""
    light, last = profile.light, profile.length - 1
    inside = light[:, start:end]
    left, right = light[:, max(0, start - 2)], light[:, min(last, end + 1)]
    bright = np.count_nonzero(inside.max(1) > np.maximum(left, right) + 5) / len(light)
    dark = np.count_nonzero(inside.min(1) < np.minimum(left, right) - 5) / len(light)
    total = inside.sum(0)
    return (bright, start + int(total.argmax())) if bright >= dark else (dark, start + int(total.argmin()))


def margins(profile: Profile, keep: int = 5) -> Candidates:
    """Margins at the beginning of the axis, the absence of one first; use ``profile.reversed()`` for its end."""
    above = profile.seam - profile.floor
    length = profile.length
    found: list[tuple[int, int, float, Floats | None]] = []
    crowd = peaks(profile.sharp, 1, int(WIDEST_MARGIN * length), 14)
    above[crowd] -= CONTINUES * profile.continuity(crowd)
    for x in crowd.tolist():
        end = x - 1 if x > 3 else x
        fill = float(profile.plain_within(0, end))
        inner = profile.colour[:, :end]
        colour = inner.mean(1)
        beyond = float(profile.plain[x : x + px(8, length)].mean())
        seen = (above[x] > 0.4 and profile.bands[:, x].min() >= 0.75) or fill - beyond >= 0.6
        if seen and fill >= 0.75 and float(np.abs(inner - colour[:, None]).max()) <= 34:
            gain = PLAINNESS * max(0.0, fill - beyond) - 2.0 * max(0.0, 0.9 - fill)
            found.append((0, x, float(above[x]) + gain - SURMISE, colour))
        elif above[x] > 0 and profile.bands[:, x].min() >= 0.75:
            found.append((0, x, float(above[x]) - 2.5 * SURMISE, None))
    # Agreement with the gutters may support a margin, not make one of the plain ground around a head.
    standing = [margin for margin in found if margin[3] is None or margin[2] > 1.25 * SURMISE]
    best = sorted(standing, key=lambda margin: -margin[2])[:keep]
    return gather([(0, 0, 0.0, None), *best])

"""What one axis of a picture shows: how much every boundary looks like a seam, and how plain every line is.

Both axes are treated alike. A *line* is a column of pixels for the x axis and a row of pixels for the y axis; a
*boundary* x lies between lines x - 1 and x, so that an axis of N lines has boundaries 0 to N::

    line        0   1   2         N-1
              |   |   |   |  ...  |   |
    boundary  0   1   2   3      N-1  N
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from avatar_core.cut.scale import Floats, px

STRIPS = 128
"""Every line is averaged into about so many pieces: enough to see that a step runs along the whole line, and few
enough that noise and compression artefacts average out."""

SURROUNDINGS = 16
"""How far around a boundary its ordinary steps are taken from, in px of a 1024 px axis."""

QUIET = 2.0
"""Grey levels added to ordinary steps, so that rounding in flat areas does not count as surprise."""

CAP = 3.0
"""Largest surprise of one strip; a step of seven times the ordinary. One loud strip must not outvote the line."""

WOBBLE = ((1, 0.92), (2, 0.85), (3, 0.8), (4, 0.75), (5, 0.7))
"""A seam may be off by some px somewhere along the line; the evidence is then worth a little less."""

SMOOTHING = 4
"""Strips to either side over which a line is smoothed to find its detail: light and shade that all cells share, such
as ground that darkens downwards, says nothing about whether a picture continues."""

DETAIL = 3.0
"""Grey levels of detail along a line that make its continuation half believable."""

ACROSS = 6
"""Px from a boundary to the lines that are compared: past the lines of a drawn frame, and past a seam that wobbles."""

STIR = 3.0
"""Grey levels; a band in which no step near a boundary is larger, averaged over the band, is one plain surface."""

NEARBY = 96
"""Px of a 1024 px axis to either side in which a band must show something to be heard."""

FLOOR = (0.6, 0.9)
"""Bounds of the evidence that counts for nothing, see :attr:`Profile.floor`."""

PLAIN = 14.0
"""Grey levels within which a strip has its line's colour: above the ringing of JPEG, below any picture's detail."""


@dataclass(frozen=True)
class Profile:
    """The evidence along one axis of N lines, cut into K strips.

    Attributes:
        strips: (3, K, N) colours of every line's strips, grey levels 0 to 255.
        bands: (B, N + 1) surprise of every boundary, averaged within each of B equal parts of the line.
        steps: (B, N + 1) the step itself, averaged likewise, in grey levels.
    """

    strips: Floats
    bands: Floats
    steps: Floats

    @property
    def length(self) -> int:
        """N, the number of lines in px."""
        return int(self.strips.shape[2])

    @cached_property
    def told(self) -> npt.NDArray[np.bool_]:
        """(B, N + 1) where a band can tell anything: there is something to see in it near this boundary.

        The empty cells of a short block are one plain surface. They speak neither for a seam nor against it.
        """
        loud = self.steps > STIR
        until = np.cumsum(np.pad(loud, ((0, 0), (1, 0))), axis=1)
        place = np.arange(self.length + 1)
        reach = px(NEARBY, self.length)
        before, behind = np.maximum(place - reach, 0), np.minimum(place + reach + 1, self.length + 1)
        heard: npt.NDArray[np.bool_] = until[:, behind] > until[:, before]
        # Where nothing is to be seen at all, every band counts, and says so.
        heard[:, ~heard.any(0)] = True
        return heard

    @cached_property
    def sharp(self) -> Floats:
        """(N + 1,) evidence for a seam exactly here: the mean surprise, and the least of any band."""
        evidence: Floats = 0.65 * self._mean(self.bands) + 0.35 * self._least(self.bands)
        return evidence

    @cached_property
    def seam(self) -> Floats:
        """(N + 1,) evidence for a seam here that may wobble by some px along the line."""
        near = wobbled(self.bands)
        evidence: Floats = 0.40 * self._mean(self.bands) + 0.25 * self._mean(near) + 0.35 * self._least(near)
        return evidence

    @cached_property
    def weakest(self) -> Floats:
        """(N + 1,) the evidence in that band of the line that shows least of it."""
        return self._least(wobbled(self.bands))

    def _mean(self, bands: Floats) -> Floats:
        total = (bands * self.told).sum(0) / self.told.sum(0)
        mean: Floats = total.astype(np.float32)
        return mean

    def _least(self, bands: Floats) -> Floats:
        least: Floats = np.where(self.told, bands, np.float32(CAP)).min(0)
        return least

    @cached_property
    def light(self) -> Floats:
        """(K, N) brightness of the strips."""
        mean: Floats = (self.strips[0] + self.strips[1] + self.strips[2]) / np.float32(3)
        return mean

    def detail(self, lines: npt.NDArray[np.intp]) -> Floats:
        """(K, M) brightness of M lines without what is smooth along them."""
        strips = np.clip(np.arange(-SMOOTHING - 1, len(self.light) + SMOOTHING), 0, len(self.light) - 1)
        padded = self.light[np.ix_(strips, np.clip(lines, 0, self.length - 1))]
        light = padded[SMOOTHING + 1 : -SMOOTHING]
        until = np.cumsum(padded, axis=0)
        width = 2 * SMOOTHING + 1
        result: Floats = light - (until[width:] - until[:-width]) / np.float32(width)
        return result

    def continuity(self, boundaries: npt.NDArray[np.intp]) -> Floats:
        """(M,) whether the picture goes on across each boundary: 1 certainly, 0 no sign of it.

        The detail along a line before the boundary is correlated with that along a line behind it, a little way off,
        so that a line drawn within one picture is looked across. Two pictures that meet at a seam, or a picture and
        a gutter, have nothing in common there.
        """
        far = px(ACROSS, self.length)
        before, behind = self.detail(boundaries - 1 - far), self.detail(boundaries + far)
        power = (before * before).mean(0), (behind * behind).mean(0)
        likeness = (before * behind).mean(0) / np.sqrt(power[0] * power[1] + 1e-6)
        strength = np.sqrt(np.minimum(*power))
        result: Floats = np.maximum(likeness, 0) * strength / (strength + DETAIL)
        return result

    @cached_property
    def floor(self) -> float:
        """Evidence that boundaries of this picture have without being seams: what one in fourteen exceeds, within
        bounds that keep busy pictures from hiding seams and empty ones from inventing them."""
        inner = self.seam[1:-1]
        rank = int(0.93 * len(inner))
        return float(np.clip(np.partition(inner, rank)[rank], *FLOOR))

    @cached_property
    def colour(self) -> Floats:
        """(3, N) the colour of every line: the median of every fourth strip."""
        every = self.strips[:, 1::4]
        middle = every.shape[1] // 2
        return np.partition(every, middle, axis=1)[:, middle]

    @cached_property
    def plain(self) -> Floats:
        """(N,) the share of every line's strips that have its colour; every other strip is asked."""
        colour = self.colour
        has = np.ones((len(self.strips[0, ::2]), self.length), np.bool_)
        for channel, middle in zip(self.strips, colour, strict=True):
            has &= np.abs(channel[::2] - middle) < PLAIN
        share: Floats = has.mean(0, dtype=np.float32)
        return share

    @cached_property
    def plain_until(self) -> Floats:
        """(N + 1,) running sum of ``plain``, so that the mean over lines a to b costs one subtraction."""
        return np.concatenate([[0], np.cumsum(self.plain)]).astype(np.float32)

    def plain_within(self, start: npt.ArrayLike, end: npt.ArrayLike) -> Floats:
        """Mean ``plain`` of the lines from boundary ``start`` to boundary ``end``, both (M,)."""
        a, b = np.asarray(start), np.asarray(end)
        mean: Floats = (self.plain_until[b] - self.plain_until[a]) / np.maximum(b - a, 1)
        return mean

    def reversed(self) -> Profile:
        """The same axis seen from its other end; what was measured is turned, not measured again."""
        turned = Profile(self.strips[:, :, ::-1], self.bands[:, ::-1], self.steps[:, ::-1])
        for name in ("told", "sharp", "seam", "weakest", "colour", "plain", "light"):
            turned.__dict__[name] = getattr(self, name)[..., ::-1]
        turned.__dict__["floor"] = self.floor
        return turned


def read_profile(image: Image.Image, axis: int, bands: int) -> Profile:
    """Measure one axis of a picture.

    Args:
        image: (H, W) RGB.
        axis: 0 for x, whose lines are columns; 1 for y, whose lines are rows.
        bands: B, into how many parts the evidence along a line is divided; the number of cells across.
    """
    return profile_of(cut_into_strips(image, axis), bands)


def profile_of(strips: Floats, bands: int) -> Profile:
    """Measure strips, (3, K, N)."""
    step = steps(strips)
    return Profile(strips, _in_bands(surprise(step), bands), _in_bands(step, bands))


def cut_into_strips(image: Image.Image, axis: int) -> Floats:
    """(3, K, N) the mean colours of about ``STRIPS`` pieces of every line."""
    width, height = image.size
    if axis == 0:
        pieces = image.reduce((1, max(1, height // STRIPS)))
    else:
        pieces = image.reduce((max(1, width // STRIPS), 1)).transpose(Image.Transpose.TRANSPOSE)
    # Channel by channel: Pillow turns and splits in a tenth of the time that a strided copy takes.
    return np.stack([np.asarray(channel) for channel in pieces.split()]).astype(np.float32)


def steps(strips: Floats) -> Floats:
    """(K, N + 1) the largest difference of the three channels at every boundary; none at the outer ones."""
    step = np.zeros((strips.shape[1], strips.shape[2] + 1), np.float32)
    inner = step[:, 1:-1]
    for channel in strips:
        np.maximum(inner, np.abs(channel[:, 1:] - channel[:, :-1]), out=inner)
    return step


def surprise(step: Floats) -> Floats:
    """How unexpected the step at each boundary is, beside the steps around it.

    ::

        surprise = min(CAP, log2(1 + step / (mean step around + QUIET)))

    The mean leaves out the boundary and its two neighbours, over which a blurred seam spreads. Texture is as rough
    everywhere and scores below 1; a seam between two smooth grounds scores high even if it is faint.

    Args:
        step: (K, N + 1), see :func:`steps`.

    Returns:
        (K, N + 1); the outer boundaries score 0.
    """
    count = step.shape[1]
    reach = max(6, px(SURROUNDINGS, count))
    # Running sums, continued beyond both ends, turn every window into the difference of two slices.
    until = np.zeros((step.shape[0], count + 2 * reach + 2), np.float32)
    np.cumsum(step, axis=1, out=until[:, reach + 1 : reach + 1 + count])
    until[:, reach + 1 + count :] = until[:, reach + count, None]
    number = np.concatenate([np.zeros(reach + 1), np.arange(1, count + 1), np.full(reach + 1, count)])
    ordinary = _within(until, count, 0, 2 * reach + 1) - _within(until, count, reach - 1, reach + 2)
    counted = _within(number, count, 0, 2 * reach + 1) - _within(number, count, reach - 1, reach + 2)
    ordinary /= np.maximum(1, counted).astype(np.float32)
    result: Floats = np.minimum(np.log2(1 + step / (ordinary + np.float32(QUIET))), np.float32(CAP))
    return result


def _within(until: npt.NDArray[Any], count: int, start: int, end: int) -> npt.NDArray[Any]:
    """Sums over a window that slides along ``count`` places, from running sums."""
    difference: npt.NDArray[Any] = until[..., end : end + count] - until[..., start : start + count]
    return difference


def wobbled(bands: Floats) -> Floats:
    """The best evidence within 2 px of each boundary, discounted by its distance; (B, N + 1) like ``bands``."""
    best = bands.copy()
    for shift, worth in WOBBLE:
        np.maximum(best[:, shift:], worth * bands[:, :-shift], out=best[:, shift:])
        np.maximum(best[:, :-shift], worth * bands[:, shift:], out=best[:, :-shift])
    return best


def peaks(evidence: Floats, low: int, high: int, count: int) -> npt.NDArray[np.intp]:
    """The boundaries of the ``count`` highest local maxima from ``low`` up to ``high``, in their order on the axis."""
    low, high = max(1, low), min(len(evidence) - 1, high)
    place = np.arange(low, high)
    here = evidence[low:high]
    tops = place[(here >= evidence[low - 1 : high - 1]) & (here >= evidence[low + 1 : high + 1])]
    best = tops[np.argsort(-evidence[tops], kind="stable")[:count]]
    return np.sort(best)


def _in_bands(evidence: Floats, bands: int) -> Floats:
    """The mean over each of ``bands`` equal parts of the strips; (B, N + 1)."""
    edges = [len(evidence) * part // bands for part in range(bands + 1)]
    if bands > len(evidence):
        return evidence
    return np.stack([evidence[a:b].mean(0) for a, b in pairwise(edges)])

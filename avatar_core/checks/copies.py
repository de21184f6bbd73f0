"""Is the same picture in two cells, or the same person? Laid over each other, how far do two pictures differ?

Two portraits of one person, or of two people before one background, correlate as well as a copy does. What tells a
copy is that nothing differs anywhere: even the pixels that differ most hardly differ. It may be mirrored, brighter or
a little larger. One person drawn again before another background differs little in the middle of the picture, while
any other two of the nine differ much: only a single pair that stands out is told. Where one person fills the whole
grid, no pair does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from avatar_core.checks.small import SIDE, Floats

ALIKE = 0.6
"""Correlation of coarse detail from which two cells are compared closely."""

COARSE = 4
"""Px of the small copies that make one px of those in which likeness is looked for first."""

WEAR = 2.0
"""Grey levels by which the small copies of one picture may differ after compression and noise."""

DIFFERENCE = 0.09
"""The largest difference of a copy beyond wear, as a share of the picture's contrast: that which 3 % of the pixels
exceed. Nineteen in twenty worn copies stay below; portraits of one person in one pose begin at 0.11."""

TINT = 20.0
"""Grey levels by which the mean colours of copies may differ, brightness apart; before another ground it is no copy."""

ZOOMS = (1.0, 1.05, 1 / 1.05)
"""Sizes at which a copy is looked for before it is aligned exactly."""

STEPS = 4
"""Gauss-Newton steps; the shift is known to half a pixel before the first."""

BORDER = SIDE // 16
"""Px at every side that do not count: round corners and frame lines do not shrink and grow with the picture."""

SHIFT = SIDE // 4
"""Px of the small copies by which one may be shifted against the other."""

EVERYWHERE = (slice(0, SIDE), slice(0, SIDE))

MIDDLE = (slice(10, 50), slice(18, 46))
"""Rows and columns of the small copies where a portrait has head and shoulders, and not its ground."""

DOUBLE = 0.7
"""The largest difference in the middle of one person drawn twice, beyond wear, as a share of the contrast: that which
a quarter of the pixels exceed. Other pairs of a grid begin at 0.8."""

STANDS_OUT = 0.5
"""The same as a share of the next pair's: below it a pair stands out."""

SAME_TINT = 6.0
"""Grey levels by which the mean colours of the middles may differ then: it is one skin and one dress."""

UNLIKE = 1.0
"""The same of two different people at least, of whom no closer look is taken."""

Spectrum = npt.NDArray[np.complex64]


@dataclass(frozen=True, slots=True)
class Likeness:
    """How far two cells differ where they are laid over each other, beyond wear, as shares of their contrast."""

    first: int  #: places in the sequence of pictures
    second: int
    anywhere: float  #: what 3 % of all pixels exceed
    middle: float  #: what a quarter of the middle's pixels exceed
    tint: float  #: grey levels by which the mean colours differ, brightness apart
    middle_tint: float = 0.0  #: the same of the middles

    @property
    def pair(self) -> tuple[int, int]:
        return self.first, self.second

    @property
    def copied(self) -> bool:
        """Whether it is the same picture."""
        return self.tint < TINT and self.anywhere < DIFFERENCE


def likenesses(pictures: Sequence[Floats]) -> list[Likeness]:
    """The pairs of cells that are alike enough for a closer look.

    Args:
        pictures: (3, SIDE, SIDE) each, see small.py.
    """
    grey = [picture.mean(0) for picture in pictures]
    tints = [(_tint(picture), _tint(picture[:, MIDDLE[0], MIDDLE[1]])) for picture in pictures]
    return [
        Likeness(
            first,
            second,
            *_laid_over(pictures[first], pictures[second]),
            *(float(np.abs(a - b).max()) for a, b in zip(tints[first], tints[second], strict=True)),
        )
        for first, second in _candidates(grey)
    ]


def _tint(picture: Floats) -> Floats:
    """(3,) the mean colour, brightness apart."""
    colour: Floats = picture.mean((1, 2)) - picture.mean()
    return colour


def twins(pictures: Sequence[Floats]) -> list[tuple[int, int]]:
    """The pairs of cells that show the same picture, by their place in the sequence; see :func:`likenesses`."""
    return [likeness.pair for likeness in likenesses(pictures) if likeness.copied]


def double(found: Sequence[Likeness]) -> Likeness | None:
    """The one pair that seems to show the same person drawn twice; None if none stands out.

    >>> double([Likeness(0, 1, 0.9, 0.2, 5), Likeness(2, 3, 0.9, 0.8, 5)]).pair
    (0, 1)
    >>> double([Likeness(0, 1, 0.9, 0.2, 5), Likeness(1, 2, 0.9, 0.25, 5)]) is None
    True
    """
    ranked = sorted(found, key=lambda each: each.middle)
    if not ranked:
        return None
    next_one = min(UNLIKE, ranked[1].middle) if len(ranked) > 1 else UNLIKE
    least = ranked[0].middle
    stands_out = least < min(DOUBLE, STANDS_OUT * next_one) and next_one >= DOUBLE
    return ranked[0] if stands_out and ranked[0].middle_tint < SAME_TINT else None


def _candidates(grey: Sequence[Floats]) -> Iterator[tuple[int, int]]:
    """Pairs whose coarse detail correlates at some shift, as they are or mirrored."""
    if len(grey) < 2:
        return
    size = SIDE // COARSE
    small = [picture.reshape(size, COARSE, size, COARSE).mean((1, 3)) for picture in grey]
    coarse = np.stack([detail(picture) for picture in small])
    norms = np.sqrt((coarse * coarse).sum((1, 2))) + 1e-3
    plain, mirrored = _spectrum(coarse), _spectrum(coarse[:, :, ::-1])
    for first in range(len(grey) - 1):
        others = np.stack([plain[first + 1 :], mirrored[first + 1 :]])
        likeness = np.fft.irfft2(plain[first] * others.conj()).max((0, 2, 3))
        for second in np.nonzero(likeness / (norms[first] * norms[first + 1 :]) > ALIKE)[0]:
            yield first, first + 1 + int(second)


def _laid_over(first: Floats, second: Floats) -> tuple[float, float]:
    """How far two pictures, (3, SIDE, SIDE), differ at the best place, size and side: anywhere, and in the middle."""
    grey = first.mean(0)
    sharp = detail(grey)
    spectrum = _spectrum(sharp)
    tries = []
    for side in (second, second[:, :, ::-1]):
        for zoom in ZOOMS:
            value, down, right = _best_shift(spectrum, sharp, detail(sampled(side.mean(0), _placement(zoom))))
            tries.append((value, side, _placement(zoom, -down, -right)))
    _, side, start = max(tries, key=lambda tried: tried[0])
    place = aligned(grey, side.mean(0), start)
    return difference(first, side, place), difference(first, side, place, MIDDLE, 75)


Placement = npt.NDArray[np.float64]
"""Where a pixel of one picture lies in another: (zoom down, shift down, zoom right, shift right), about the middle."""


def _placement(zoom: float, down: float = 0, right: float = 0) -> Placement:
    return np.array([1 / zoom, down / zoom, 1 / zoom, right / zoom])


def aligned(first: Floats, second: Floats, start: Placement) -> Placement:
    """The placement of ``first`` in ``second`` with the least squared difference, near a first guess.

    Gauss-Newton steps over zoom and shift of both axes, contrast and brightness; the method of Lucas and Kanade
    (An iterative image registration technique, 1981).
    """
    place = np.asarray(start, dtype=np.float64)
    target = _softened(first)
    ramp = np.arange(SIDE, dtype=np.float32) - (SIDE - 1) / 2
    soft = _softened(second)
    for _ in range(STEPS):
        warped = sampled(soft, place)
        down, right = np.gradient(warped)
        # Beyond the other picture's edge the warped one is constant, has no gradient and pulls nowhere.
        columns = [down * ramp[:, None], down, right * ramp[None, :], right, warped, np.ones_like(warped)]
        system = np.stack([column.ravel() for column in columns]).astype(np.float64)
        damped = system @ system.T + 1e-3 * np.eye(len(columns))
        step = np.linalg.solve(damped, system @ target.ravel())
        gain = step[4] if abs(step[4]) > 0.1 else 1.0
        place = np.asarray(place + step[:4] / gain, dtype=np.float64)
    return place


def difference(
    first: Floats,
    second: Floats,
    place: Placement,
    within: tuple[slice, slice] = EVERYWHERE,
    share: float = 97,
) -> float:
    """How far two pictures differ, beyond wear, as a share of their contrast.

    Args:
        first, second: (3, SIDE, SIDE).
        place: of ``first`` in ``second``.
        within: the rows and columns of ``first`` that count.
        share: per cent of the pixels that differ less.
    """
    own = np.arange(SIDE)
    inside = [
        (line >= 0) & (line <= SIDE - 1) & (own >= BORDER) & (own < SIDE - BORDER)
        for line in (_lines(place[0], place[1]), _lines(place[2], place[3]))
    ]
    if min(inside[0].sum(), inside[1].sum()) < SIDE // 2:
        return 1.0
    overlap = np.ix_(*inside)
    a = np.stack([_softened(channel)[overlap] for channel in first])
    b = np.stack([_softened(sampled(channel, place))[overlap] for channel in second])
    contrast = max(float(a.mean(0).std()), 4.0)
    gain = float(a.mean(0).std()) / max(float(b.mean(0).std()), 1e-3)
    apart = np.abs((a - a.mean((1, 2), keepdims=True)) - gain * (b - b.mean((1, 2), keepdims=True))).max(0)
    counted = np.zeros((SIDE, SIDE), bool)
    counted[within] = True
    return max(0.0, float(np.percentile(apart[counted[overlap]], share)) - WEAR) / contrast


def sampled(picture: Floats, place: Placement) -> Floats:
    """A grey picture seen through a placement, by linear interpolation; it goes on unchanged beyond its edges."""
    return _along(_along(picture, _lines(place[0], place[1])).T, _lines(place[2], place[3])).T


def _lines(zoom: float, shift: float) -> npt.NDArray[np.float64]:
    middle = (SIDE - 1) / 2
    lines: npt.NDArray[np.float64] = (np.arange(SIDE, dtype=np.float64) - middle) * zoom + middle + shift
    return lines


def _along(picture: Floats, lines: npt.NDArray[np.float64]) -> Floats:
    within = np.clip(lines, 0, SIDE - 1)
    low = np.floor(within).astype(int)
    share = (within - low).astype(np.float32)[:, None]
    result: Floats = picture[low] * (1 - share) + picture[np.minimum(low + 1, SIDE - 1)] * share
    return result


def detail(picture: Floats, reach: int = 4) -> Floats:
    """A grey picture without what is smooth over ``reach`` px; light and shade are alike in many portraits."""
    padded = np.pad(picture, ((reach + 1, reach), (reach + 1, reach)), mode="edge")
    total = padded.cumsum(0).cumsum(1)
    width = 2 * reach + 1
    smooth = total[width:, width:] - total[:-width, width:] - total[width:, :-width] + total[:-width, :-width]
    result: Floats = picture - smooth / width**2
    return result


def _spectrum(picture: Floats) -> Spectrum:
    """The Fourier transform, padded to twice the size so that shifts do not wrap around."""
    spectrum: Spectrum = np.fft.rfft2(picture, (2 * picture.shape[-2], 2 * picture.shape[-1])).astype(
        np.complex64
    )
    return spectrum


def _best_shift(spectrum: Spectrum, first: Floats, second: Floats) -> tuple[float, int, int]:
    """The correlation at the best shift, and the shift down and right in px."""
    surface = np.fft.irfft2(spectrum * _spectrum(second).conj())
    near = np.r_[0:SHIFT, 2 * SIDE - SHIFT : 2 * SIDE]
    window = surface[np.ix_(near, near)]
    down, right = divmod(int(window.argmax()), len(near))
    power = float(np.sqrt((first * first).sum() * (second * second).sum())) + 1e-3
    return (
        float(window.max()) / power,
        down if down < SHIFT else down - 2 * SHIFT,
        right if right < SHIFT else right - 2 * SHIFT,
    )


def _softened(picture: Floats) -> Floats:
    """The mean of each pixel and its eight neighbours: half a pixel of shift is no difference."""
    padded = np.pad(picture, 1, mode="edge")
    height, width = picture.shape
    total = sum(padded[y : y + height, x : x + width] for y in range(3) for x in range(3))
    result: Floats = (np.asarray(total) / 9).astype(np.float32)
    return result

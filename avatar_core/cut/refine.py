"""From one seam per axis to a border per piece: where a row or column of cells has its seam a few px off."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from avatar_core.cut.lattice import AxisLattice, Seam
from avatar_core.cut.profile import Profile
from avatar_core.cut.scale import px

BEND = 6
"""Px of a 1024 px axis by which one row's seam may be off the common one."""

CLEARLY = 0.5
"""How much more evidence a band must show elsewhere to be moved there; a third of a clear seam."""

AS_WELL = 0.92
"""The share of a seam's evidence that its exact fraction must have, one px off, to be preferred."""

BLUR = 0.75
"""A seam is sharp if its step reaches this share of the whole change across it within one px."""


@dataclass(frozen=True)
class Borders:
    """The borders of one axis, for each band of cells along them: ``bands[band][k]`` is seam k there."""

    first: int
    last: int
    bands: tuple[tuple[Seam, ...], ...]
    blurred: tuple[bool, ...]  #: per seam

    def spans(self, band: int) -> list[tuple[int, int]]:
        """Start and end of every cell in one band."""
        starts = [self.first, *(seam.end for seam in self.bands[band])]
        ends = [*(seam.start for seam in self.bands[band]), self.last]
        return list(zip(starts, ends, strict=True))


def refine(profile: Profile, lattice: AxisLattice) -> Borders:
    """Place the seams of one axis band by band."""
    seams = [_settled(profile, seam, number, lattice) for number, seam in enumerate(lattice.seams, start=1)]
    bands = tuple(tuple(_bent(profile, seam, band) for seam in seams) for band in range(len(profile.bands)))
    return Borders(lattice.first, lattice.last, bands, tuple(_blurred(profile, seam) for seam in seams))


def _settled(profile: Profile, seam: Seam, number: int, lattice: AxisLattice) -> Seam:
    """A seam one px off its exact fraction goes there if it shows there about as well: blur shifts the peak."""
    if seam.gutter or lattice.first or lattice.last != profile.length:
        return seam
    exact = round(profile.length * number / (len(lattice.seams) + 1))
    if abs(exact - seam.start) == 1 and profile.sharp[exact] > AS_WELL * profile.sharp[seam.start]:
        return replace(seam, start=exact, end=exact)
    return seam


def _bent(profile: Profile, seam: Seam, band: int) -> Seam:
    if seam.gutter or not seam.score:
        return seam
    reach = px(BEND, profile.length)
    low = max(1, seam.start - reach)
    evidence = profile.bands[band, low : seam.start + reach + 1]
    best = low + int(evidence.argmax())
    if profile.bands[band, best] - profile.bands[band, seam.start] > CLEARLY:
        return replace(seam, start=best, end=best)
    return seam


def _blurred(profile: Profile, seam: Seam) -> bool:
    """Whether a seam without gutter spreads over more than one px, as after resampling."""
    if seam.gutter or not seam.score or not 3 <= seam.start < profile.length - 3:
        return False
    at, lines = seam.start, profile.strips
    whole = np.abs(lines[:, :, at + 2] - lines[:, :, at - 3]).max(0)
    step = np.abs(lines[:, :, at] - lines[:, :, at - 1]).max(0)
    visible = whole > 24
    return bool(visible.any() and np.median(step[visible] / whole[visible]) < BLUR)

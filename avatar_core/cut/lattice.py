"""The lattice that explains both axes best: one margin at each end, one seam or gutter between neighbouring cells.

Seams are where they should be unless the picture says otherwise: a candidate's score is weighed against how far it
lies from its place in an even lattice. Gutters and margins support each other by having one colour and one width, in
both axes together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from avatar_core.cut.candidates import SAME_COLOUR, SURMISE, Candidates, margins, seams
from avatar_core.cut.frames import unframed
from avatar_core.cut.profile import Profile
from avatar_core.cut.scale import Floats

DRIFT = 0.2
"""What it costs to lie away from the even lattice; grows with the logarithm, as real seams have a long tail."""

DRIFT_SCALE = 0.010
"""Share of the axis that a seam may drift at little cost; three in four real seams lie within a fifth of it."""

ENOUGH = 0.15
"""The least score for which a seam leaves its place in the even lattice; less is no evidence."""

AGREEMENT = 0.65
"""What it counts that a gutter or margin has the common colour; the same against one that has another."""

BARE = 0.3
"""What it costs a seam to have no gutter where others have one."""

EVEN_WIDTH = 0.25
"""What it costs a gutter to be wider or narrower than the others, per factor of e, twice at most."""

EVEN_MARGINS = 0.3
"""What it costs one margin to be wider than the other, per factor of e."""

WIDE_MARGIN = 3.5
"""What a margin beyond 3 % costs, per share of the axis."""


@dataclass(frozen=True)
class Seam:
    """Between two cells: boundaries ``start`` and ``end``, equal without gutter; ``score`` 0 if nothing was seen."""

    start: int
    end: int
    score: float
    gutter: bool


@dataclass(frozen=True)
class AxisLattice:
    """The cells of one axis: margins end at ``first`` and begin at ``last``."""

    first: int
    last: int
    seams: tuple[Seam, ...]
    score: float

    @property
    def spans(self) -> list[tuple[int, int]]:
        """Start and end of every cell."""
        starts = [self.first, *(seam.end for seam in self.seams)]
        ends = [*(seam.start for seam in self.seams), self.last]
        return list(zip(starts, ends, strict=True))


@dataclass(frozen=True)
class Frame:
    """What gutters and margins have in common: a colour (3,) and a width in px."""

    colour: Floats
    width: float | None = None


class AxisSearch:
    """All candidates of one axis, and the best lattice under an assumption about the frame."""

    def __init__(self, profile: Profile, cells: int) -> None:
        self.length = profile.length
        self.cells = cells
        self.near, self.far = margins(profile), margins(profile.reversed())
        places = [unframed(seams(profile, self.length * k / cells), self.length) for k in range(1, cells)]
        self.places = [place for place, _ in places]
        if any(framed for _, framed in places):
            # The frames of the outer cells look like the ends of margins; a margin of one colour still may be one.
            self.near, self.far = _plain_only(self.near), _plain_only(self.far)

    def solve(self, frame: Frame | None) -> AxisLattice:
        """The lattice of the highest score; ``None`` assumes that there are no gutters."""
        pairs = np.indices((len(self.near.end), len(self.far.end))).reshape(2, -1)
        left, right = pairs[0], pairs[1]
        first = self.near.end[left].astype(np.float32)
        last = self.length - self.far.end[right].astype(np.float32)
        total = _margin_score(self.near, frame)[left] + _margin_score(self.far, frame)[right]
        total -= WIDE_MARGIN * sum(np.maximum(0, m / self.length - 0.03) for m in (first, self.length - last))
        total -= EVEN_MARGINS * np.abs(np.log((first + 4) / (self.length - last + 4)))
        choices, values = [], []
        for number, place in enumerate(self.places, start=1):
            value = self._weighed(place, number, frame, first, last)
            choice = value.argmax(1) if value.shape[1] else np.zeros(len(first), np.intp)
            best = value[np.arange(len(first)), choice] if value.shape[1] else np.full(len(first), -1.0)
            total += np.where(best >= ENOUGH, best, 0)
            choices.append(choice)
            values.append(best)
        winner = int(total.argmax())
        pair = int(first[winner]), int(last[winner])
        found = tuple(
            self._seam(place, int(choice[winner]), float(value[winner]))
            for place, choice, value in zip(self.places, choices, values, strict=True)
        )
        return AxisLattice(*pair, self._completed(found, *pair, frame), float(total[winner]))

    def _weighed(
        self, place: Candidates, number: int, frame: Frame | None, first: Floats, last: Floats
    ) -> Floats:
        """(margins, candidates) scores after what the frame and the even lattice make of them."""
        gutter = (place.end - place.start).astype(np.float32)
        score = place.score.copy()
        if frame is None:
            score[place.coloured] -= SURMISE
        else:
            score += np.where(
                place.coloured, np.where(place.matching(frame.colour), AGREEMENT, -AGREEMENT), -BARE
            )
            if frame.width is not None:
                uneven = np.minimum(2, np.abs(np.log((gutter + 1) / (frame.width + 1))))
                score -= np.where(place.coloured, EVEN_WIDTH * uneven, 0)
        middle = (place.start + place.end) / 2
        due = first[:, None] + (last - first)[:, None] * number / self.cells
        # Between cells of one size the gutters move inwards by their own width.
        due = due + gutter[None, :] * (number / self.cells - 0.5)
        drift = (middle[None, :] - due) / (DRIFT_SCALE * self.length)
        weighed: Floats = (score[None, :] - DRIFT * np.log1p(drift * drift)).astype(np.float32)
        return weighed

    def _seam(self, place: Candidates, choice: int, value: float) -> Seam | None:
        if value < ENOUGH:
            return None
        start, end = int(place.start[choice]), int(place.end[choice])
        return Seam(start, end, value, bool(place.coloured[choice]))

    def _completed(
        self, found: tuple[Seam | None, ...], first: int, last: int, frame: Frame | None
    ) -> tuple[Seam, ...]:
        """The seams, with those that nothing was seen of where an even lattice has them."""
        widths = [seam.end - seam.start for seam in found if seam is not None and seam.gutter]
        gutter = float(np.median(widths)) if widths and frame is not None else 0.0
        complete = []
        for number, seam in enumerate(found, start=1):
            if seam is None:
                start = first + (last - first + gutter) * number / self.cells - gutter
                seam = Seam(round(start), round(start + gutter), 0.0, gutter > 0)
            complete.append(seam)
        return tuple(complete)


@dataclass(frozen=True)
class Lattice:
    """Both axes, and the frame that they share."""

    x: AxisLattice
    y: AxisLattice
    frame: Frame | None

    @property
    def score(self) -> float:
        return self.x.score + self.y.score - (SURMISE if self.frame else 0)


def best_lattice(across: AxisSearch, down: AxisSearch) -> Lattice:
    """The best lattice over both axes: without gutters, or with gutters of one of the colours that were seen."""
    best = Lattice(across.solve(None), down.solve(None), None)
    for colour in frame_colours([*across.places, *down.places]):
        frame = Frame(colour)
        trial = across.solve(frame), down.solve(frame)
        widths = [seam.end - seam.start for axis in trial for seam in axis.seams if seam.gutter]
        if not widths:
            continue
        frame = Frame(colour, float(np.median(widths)))
        lattice = Lattice(across.solve(frame), down.solve(frame), frame)
        if lattice.score > best.score:
            best = lattice
    return best


def frame_colours(places: list[Candidates], most: int = 3) -> list[Floats]:
    """The colours that gutters may have, by how much speaks for each."""
    seen = sorted(
        (
            (float(score), colour)
            for place in places
            for score, colour in zip(place.score, place.colour, strict=True)
            if score > 0.3 and not np.isnan(colour[0])
        ),
        key=lambda pair: -pair[0],
    )[:40]
    groups: list[tuple[Floats, list[float]]] = []
    for score, colour in seen:
        for known, scores in groups:
            if float(np.abs(known - colour).max()) < SAME_COLOUR:
                scores.append(score)
                break
        else:
            groups.append((colour, [score]))
    groups.sort(key=lambda group: -sum(group[1]))
    return [colour for colour, _ in groups[:most]]


def _plain_only(margin: Candidates) -> Candidates:
    """No margin, or one of a single colour."""
    return margin.where(margin.coloured | (margin.end == 0))


def _margin_score(margin: Candidates, frame: Frame | None) -> Floats:
    """Scores of margins after what the frame makes of them; a plain margin without gutters is a surmise more."""
    score = margin.score.copy()
    if frame is None:
        score[margin.coloured] -= SURMISE
    else:
        score[margin.coloured] += np.where(margin.matching(frame.colour), AGREEMENT, -AGREEMENT)[
            margin.coloured
        ]
    return score

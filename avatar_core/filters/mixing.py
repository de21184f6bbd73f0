"""Mixing: the same counterbalanced looks, exchanged between people so that each block of nine shows many of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from random import Random

from avatar_core.filters.kinds import Kind
from avatar_core.grid import CELLS

_PASSES = 8
_TRIES = 24  #: partners looked at for a person whose block shows a look too often


def mix_blocks(plan: list[int], kinds: Sequence[Kind], looks: int, random: Random) -> None:
    """Exchange looks within ``plan``, in place, while a block gains by it and no gender, ethnicity or age band loses.

    Args:
        plan: a look from 0 to ``looks`` - 1 for each person, in the order of painting.
        kinds: what each person is.
        looks: how many there are.
        random: where partners are looked for.
    """
    mixer = _Mixer(plan, kinds, looks)
    for _ in range(_PASSES):
        if not mixer.improve(random):
            return


class _Mixer:
    """Counts of looks within every group and block, kept true while people exchange them."""

    def __init__(self, plan: list[int], kinds: Sequence[Kind], looks: int) -> None:
        self.plan, self.kinds, self.looks = plan, kinds, looks
        self.counts: dict[Hashable, list[int]] = defaultdict(lambda: [0] * looks)
        for place, look in enumerate(plan):
            for group in (place // CELLS, kinds[place], *kinds[place]):
                self.counts[group][look] += 1

    def improve(self, random: Random) -> bool:
        """One pass over everybody; tells whether anything became more even."""
        with_look: dict[Hashable, list[int]] = defaultdict(list)
        for place, look in enumerate(self.plan):
            with_look[look].append(place)
            with_look[self.kinds[place], look].append(place)
        changed = False
        for place in random.sample(range(len(self.plan)), len(self.plan)):
            own, block = self.plan[place], self.counts[place // CELLS]
            scarce = [look for look in range(self.looks) if block[own] - block[look] > 1]
            random.shuffle(scarce)
            partners = (
                partner
                for group in (self.kinds[place], None)  # one's own kind first: that exchange costs nothing
                for look in scarce
                for partner in _some(with_look[(group, look) if group else look], random)
            )
            for partner in partners:
                if self._gains(place, partner):
                    self._exchange(place, partner)
                    changed = True
                    break
        return changed

    def _gains(self, one: int, other: int) -> bool:
        mine, theirs = self.plan[one], self.plan[other]
        blocks = self._gain(one // CELLS, other // CELLS, mine, theirs)
        if mine == theirs or blocks <= 0:
            return False
        kinds = self.kinds[one], self.kinds[other]
        if kinds[0] == kinds[1]:
            return True
        if min(self._lost(kinds[0], mine, theirs), self._lost(kinds[1], theirs, mine)) < 0:
            return False  # a kind would no longer be even to within one
        return sum(self._gain(a, b, mine, theirs) for a, b in zip(*kinds, strict=True)) >= 0

    def _gain(self, here: Hashable, there: Hashable, mine: int, theirs: int) -> int:
        return 0 if here == there else self._lost(here, mine, theirs) + self._lost(there, theirs, mine)

    def _lost(self, group: Hashable, old: int, new: int) -> int:
        """Half of what the sum of squared counts loses if one ``old`` of a group becomes ``new``."""
        return self.counts[group][old] - self.counts[group][new] - 1

    def _exchange(self, one: int, other: int) -> None:
        mine, theirs = self.plan[one], self.plan[other]
        for place, old, new in ((one, mine, theirs), (other, theirs, mine)):
            self.plan[place] = new
            for group in (place // CELLS, self.kinds[place], *self.kinds[place]):
                self.counts[group][old] -= 1
                self.counts[group][new] += 1


def _some(places: Sequence[int], random: Random) -> list[int]:
    return list(places) if len(places) <= _TRIES else random.sample(places, _TRIES)

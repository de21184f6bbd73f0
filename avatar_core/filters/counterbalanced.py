"""Counterbalanced plans: every look as even as possible within each gender, each ethnicity and each age band.

People of one gender, ethnicity and age band are a *kind*. Whatever the looks can be dealt evenly within a kind is
dealt so; what remains, fewer people than looks in each kind, decides how even the genders, ethnicities and age bands
turn out. Those leftovers are dealt by minimisation (Taves 1974, Pocock and Simon 1975), each kind to the looks that
are rarest around it, and then exchanged as long as an exchange lowers the sum of squared counts.

Three margins at once cannot always be even to within one; the law that a balanced plan rests on knows two. So this
is a search, and :func:`avatar_core.filters.balance_table` shows what it reached.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations
from random import Random

from avatar_core.filters.kinds import Kind, kind_of
from avatar_core.filters.looks import choice
from avatar_core.filters.mixing import mix_blocks
from avatar_core.types import Persona

_KICKS = 80  #: how often the search is shaken loose before the best deal so far is taken

Deal = dict[Kind, set[int]]


def plan_counterbalanced(
    personas: Sequence[Persona], seed: int, filter_ids: Sequence[str] | None = None
) -> tuple[str, ...]:
    """A filter id for each persona, in order; the same seed gives the same plan on every machine.

    Over all people, and among people of the same gender, ethnicity and age band, the counts of any two filters
    differ by at most one. Within each gender, each ethnicity and each age band, and then within each block of nine,
    they differ as little as the search finds. The plan depends on order, gender, ethnicity and age band alone.

    Args:
        personas: in the order in which they will be painted, nine to a block.
        seed: which of the many such plans.
        filter_ids: the filters to use; all of them if not given.

    Raises:
        FilterUnknown: one of ``filter_ids`` does not exist.
    """
    chosen = choice(filter_ids)
    looks = len(chosen)
    random = Random(f"counterbalanced filters {seed}")
    random.shuffle(chosen)
    kinds = [kind_of(persona) for persona in personas]
    places: dict[Kind, list[int]] = defaultdict(list)
    for place, kind in enumerate(kinds):
        places[kind].append(place)
    left = {kind: len(places[kind]) % looks for kind in sorted(places) if len(places[kind]) % looks}
    once_more = _Leftovers(left, looks, random).dealt()
    plan = [0] * len(personas)
    for kind in sorted(places):
        worn = [*range(looks)] * (len(places[kind]) // looks) + sorted(once_more.get(kind, ()))
        for place, look in zip(places[kind], random.sample(worn, len(worn)), strict=True):
            plan[place] = look
    mix_blocks(plan, kinds, looks, random)
    return tuple(chosen[look] for look in plan)


class _Leftovers:
    """Who remains when every kind has dealt its looks evenly: which looks each kind gives once more."""

    def __init__(self, left: Mapping[Kind, int], looks: int, random: Random) -> None:
        self.left, self.looks, self.random = left, looks, random
        self.over_all = [0] * looks
        #: how often a group wears each look once more; no word is a gender, an ethnicity and an age band at once
        self.within: dict[str, list[int]] = {group: [0] * looks for kind in left for group in kind}
        self.deal: Deal = {}

    def dealt(self) -> Deal:
        """The best deal found."""
        self._deal_out()
        self._exchange()
        best, least = self._copy(), self._surplus()
        for _ in range(_KICKS):
            if not least or len(self.left) < 2:
                break
            for _ in range(3):
                self._swap_by_chance()
            self._exchange()
            if (surplus := self._surplus()) <= least:
                best, least = self._copy(), surplus
            else:
                self._restore(best)
        return best

    def _deal_out(self) -> None:
        """The rarest looks over all first, and among those the rarest in the three groups."""
        for kind in self.random.sample(list(self.left), len(self.left)):
            order = self.random.sample(range(self.looks), self.looks)  # the draw decides between equals
            worn = {look: (self.over_all[look], sum(self.within[g][look] for g in kind)) for look in order}
            self.deal[kind] = set()
            for look in sorted(order, key=worn.__getitem__)[: self.left[kind]]:
                self._give(kind, look, +1)

    def _give(self, kind: Kind, look: int, times: int) -> None:
        (self.deal[kind].add if times > 0 else self.deal[kind].remove)(look)
        self.over_all[look] += times
        for group in kind:
            self.within[group][look] += times

    def _exchange(self) -> None:
        """Take the best exchange of every pair of looks, until none makes anything more even."""
        improved = True
        while improved:
            improved = False
            for one, other in combinations(range(self.looks), 2):
                while self._best_swap(one, other):
                    improved = True

    def _best_swap(self, one: int, other: int) -> bool:
        """Let a kind give ``other`` instead of ``one``, and mostly another kind the reverse; tell if any did."""
        givers, takers = self._gains(one, other), self._gains(other, one)
        gain = 0
        move: list[Kind] = []
        for mine, kind in givers:
            if self.over_all[one] > self.over_all[other] and mine > gain:
                gain, move = mine, [kind]  # one more of ``other`` and one less of ``one`` is as even
            for theirs, partner in takers:
                if mine + theirs + 4 <= gain:
                    break
                # A group that both belong to stays as it is, though each of them counted it as one lost.
                both = mine + theirs + 2 * sum(a == b for a, b in zip(kind, partner, strict=True))
                if both > gain:
                    gain, move = both, [kind, partner]
        for kind, (old, new) in zip(move, ((one, other), (other, one)), strict=False):
            self._give(kind, old, -1)
            self._give(kind, new, +1)
        return bool(move)

    def _gains(self, old: int, new: int) -> list[tuple[int, Kind]]:
        """How much more even its groups would be if a kind gave ``new`` instead of ``old``, the most first."""
        able = (kind for kind, own in self.deal.items() if old in own and new not in own)
        gains = [(sum(self.within[g][old] - self.within[g][new] - 1 for g in kind), kind) for kind in able]
        return sorted(gains, reverse=True)

    def _swap_by_chance(self) -> None:
        one, other = self.random.sample(range(self.looks), 2)
        givers, takers = self._gains(one, other), self._gains(other, one)
        if givers and takers:
            (_, kind), (_, partner) = self.random.choice(givers), self.random.choice(takers)
            for who, old, new in ((kind, one, other), (partner, other, one)):
                self._give(who, old, -1)
                self._give(who, new, +1)

    def _surplus(self) -> int:
        """The sum of squared counts above the least that is thinkable; 0 if every group is even to within one."""
        return sum(
            sum(count * count for count in counts) - _least_squares(sum(counts), self.looks)
            for counts in self.within.values()
        )

    def _copy(self) -> Deal:
        return {kind: set(own) for kind, own in self.deal.items()}

    def _restore(self, deal: Deal) -> None:
        for kind, own in deal.items():
            for look in self.deal[kind] - own:
                self._give(kind, look, -1)
            for look in own - self.deal[kind]:
                self._give(kind, look, +1)


def _least_squares(total: int, parts: int) -> int:
    """The sum of squares of ``parts`` counts that add up to ``total`` and differ by at most one."""
    share, rest = divmod(total, parts)
    return rest * (share + 1) ** 2 + (parts - rest) * share**2

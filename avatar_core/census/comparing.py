"""Compares people with the shares of a population, in exact intervals and in words.

A share that is counted among few people says little: among nine people, nobody is preta with probability 0.38 although
one in ten is. So there is no tick and no cross, but an interval and what follows from it:

- The **interval** is Clopper and Pearson's (1934), exact, of 95 %: all shares under which a count like this one, or a
  rarer one on either side, would come up at least once in forty times.
- **more than the reference**, **fewer than the reference**: the interval lies wholly above or below it.
- **too few to tell**: the interval holds the reference, but reaches down to half of it or up to twice of it as well.
  A group half or twice as frequent would then look the same. Where all others would be halved before it doubles,
  that counts instead: for a reference of 52 % the interval may reach neither 26 % nor 76 %.
- **within the interval**: it holds the reference, and reaches neither.

One comparison in twenty is outside its interval by chance alone; of the dozen in a table, one every other time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from avatar_core.census.shares import Ages, Shares, band_name
from avatar_core.types import Persona

#: How sure the intervals are.
LEVEL = 0.95

MORE = "more than the reference"
FEWER = "fewer than the reference"
WITHIN = "within the interval"
TOO_FEW = "too few to tell"
UNKNOWN = "no reference"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One category of one field, among the people and in the reference."""

    field: str  #: gender, age or ethnicity
    value: str
    count: int
    of: int  #: how many people there are in all
    low: float  #: the interval of the share, from 0 to 1
    high: float
    reference: float | None  #: the share in the population; None where it is not known
    source: str
    words: str  #: one of ``MORE``, ``FEWER``, ``WITHIN``, ``TOO_FEW``, ``UNKNOWN``

    @property
    def share(self) -> float:
        """The share among the people, from 0 to 1."""
        return self.count / self.of if self.of else 0.0

    @property
    def sentence(self) -> str:
        """The whole comparison in words, to read aloud or to paste."""
        counted = (
            f"{self.count} of {self.of} ({self.share:.1%}, 95 % interval {self.low:.1%} to {self.high:.1%})"
        )
        reference = "" if self.reference is None else f", reference {self.reference:.1%}"
        return f"{self.field} {self.value}: {counted}{reference}: {self.words}"


def compare(personas: Sequence[Persona], shares: Shares) -> tuple[Comparison, ...]:
    """Compare people with a population: gender, age in bands, and raça/cor.

    Whoever leaves out an age compares with a population without it: ``compare(people, shares.between(18, 104))``.

    >>> from avatar_core.census.drawing import draw_people
    >>> from avatar_core.census.shares import census_shares
    >>> compare(draw_people(9, seed=2), census_shares())[0].words
    'too few to tell'

    Args:
        personas: the people.
        shares: the reference, see :func:`census_shares` and :func:`read_shares`.
    """
    found: list[Comparison] = []
    for field, read in (
        ("gender", lambda one: one.gender.value),
        ("age", _band_of(shares.compared or shares.bands)),
        ("ethnicity", lambda one: one.ethnicity.value),
    ):
        found += _of_field(field, [read(one) for one in personas], shares)
    return tuple(found)


def interval(count: int, of: int, level: float = LEVEL) -> tuple[float, float]:
    """The exact interval of a share, after Clopper and Pearson.

    >>> [round(end, 4) for end in interval(0, 9)]
    [0.0, 0.3363]
    """
    from scipy.special import betaincinv

    tail = (1 - level) / 2
    low = float(betaincinv(count, of - count + 1, tail)) if count > 0 else 0.0
    high = float(betaincinv(count + 1, of - count, 1 - tail)) if count < of else 1.0
    return low, high


def verdict(low: float, high: float, reference: float | None) -> str:
    """What an interval says about a reference, see the head of this file."""
    if reference is None:
        return UNKNOWN
    if reference < low:
        return MORE
    if reference > high:
        return FEWER
    if reference in (0, 1):
        return WITHIN
    much_more = min(2 * reference, (1 + reference) / 2)
    return TOO_FEW if low <= reference / 2 or much_more <= high else WITHIN


def _of_field(field: str, values: Sequence[str], shares: Shares) -> list[Comparison]:
    references = {share.value: share for share in shares.reference(field)}
    found = []
    for value in dict.fromkeys([*references, *sorted(set(values))]):
        count, known = values.count(value), references.get(value)
        low, high = interval(count, len(values))
        reference = known.share if known else None
        words = verdict(low, high, reference)
        found.append(
            Comparison(
                field, value, count, len(values), low, high, reference, known.source if known else "", words
            )
        )
    return found


def _band_of(bands: Sequence[Ages]) -> Callable[[Persona], str]:
    def band(one: Persona) -> str:
        # The last band of all has no end, whatever it is counted to.
        inside = (ages for ages in bands if ages[0] <= one.age <= (120 if ages[1] >= 104 else ages[1]))
        return next((band_name(ages) for ages in inside), "another age")

    return band

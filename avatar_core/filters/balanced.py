"""Plans: who wears which look, by hand, all the same, or balanced.

A balanced plan is a colouring problem. Draw a graph with the genders on one side, the blocks of nine on the
other, and every person as a line between their gender and their block; a look is a colour of that line. Split
each gender and each block into points with at most as many lines as there are looks: a colouring in which no two
lines of one point share a colour always exists (König 1916), and it gives every look its fair share of each gender
and of each block at once (de Werra 1971). Independent dice promise neither.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import replace
from random import Random

from avatar_core.filters.looks import all_filters, choice, find_filter
from avatar_core.grid import CELLS
from avatar_core.types import Persona


def plan_same(personas: Sequence[Persona], filter_id: str) -> tuple[str, ...]:
    """The same filter for everybody.

    Raises:
        FilterUnknown: there is no such filter.
    """
    return (find_filter(filter_id).id,) * len(personas)


def plan_by_hand(personas: Sequence[Persona], column: str) -> tuple[tuple[Persona, ...], tuple[str, ...]]:
    """The looks that stand in a column of the people's own table, by label or id; an empty cell is no filter.

    Returns:
        The people without that column, and one filter id each.

    Raises:
        FilterUnknown: a cell names no filter.
    """
    by_label = {look.label.casefold(): look.id for look in all_filters()}
    bare, worn = [], []
    for persona in personas:
        said = dict(persona.extra).get(column, "").strip()
        look = by_label.get(said.casefold(), said) or "none"
        worn.append(find_filter(look).id)
        bare.append(replace(persona, extra=tuple(pair for pair in persona.extra if pair[0] != column)))
    return tuple(bare), tuple(worn)


def plan_balanced(
    personas: Sequence[Persona], seed: int, filter_ids: Sequence[str] | None = None
) -> tuple[str, ...]:
    """A filter id for each persona, in order; the same seed gives the same plan on every machine.

    Over all people, within each gender and within each block of nine, the counts of any two filters differ by at
    most one. So with the six filters every full block shows all six. The plan depends on the order and the genders
    of the people and on nothing else about them.

    Args:
        personas: in the order in which they will be painted, nine to a block.
        seed: which of the many balanced plans.
        filter_ids: the filters to use; all of them if not given.

    Raises:
        FilterUnknown: one of ``filter_ids`` does not exist.
    """
    chosen = choice(filter_ids)
    random = Random(f"balanced filters {seed}")
    random.shuffle(chosen)
    genders = [persona.gender for persona in personas]
    blocks = [place // CELLS for place in range(len(personas))]
    lines = list(
        zip(_points(genders, len(chosen), random), _points(blocks, len(chosen), random), strict=True)
    )
    return tuple(chosen[colour] for colour in _even(lines, _coloured(lines, len(chosen)), len(chosen)))


Point = tuple[Hashable, int]
Line = tuple[Point, Point]


def _points(groups: Sequence[Hashable], size: int, random: Random) -> list[Point]:
    """Split every group into points of ``size`` members, the last one short; which member goes where is chance."""
    points: list[Point] = [("", 0)] * len(groups)
    seen: Counter[Hashable] = Counter()
    for place in random.sample(range(len(groups)), len(groups)):
        group = groups[place]
        points[place] = (group, seen[group] // size)
        seen[group] += 1
    return points


def _coloured(lines: Sequence[Line], colours: int) -> list[int]:
    """Colour the lines so that no two at one point share a colour.

    One line after the other; where its two ends are free of different colours only, the path on which those two
    colours alternate is swapped from one end. In a graph with two sides that path never reaches the other end.
    """
    at: dict[tuple[int, Point], dict[int, int]] = {}  # (side, point) -> colour -> line

    def free(end: tuple[int, Point]) -> int:
        return next(colour for colour in range(colours) if colour not in at.setdefault(end, {}))

    result = [-1] * len(lines)
    for number, line in enumerate(lines):
        left, right = (0, line[0]), (1, line[1])
        colour, other = free(left), free(right)
        path, end, wanted = [], right, colour
        while wanted in at[end]:
            step = at[end][wanted]
            path.append(step)
            end = (1 - end[0], lines[step][1 - end[0]])
            wanted = other if wanted == colour else colour
        for step in path:
            del at[0, lines[step][0]][result[step]], at[1, lines[step][1]][result[step]]
        for step in path:
            result[step] = other if result[step] == colour else colour
            at[0, lines[step][0]][result[step]] = at[1, lines[step][1]][result[step]] = step
        result[number] = colour
        at[left][colour] = at[right][colour] = number
    return result


def _even(lines: Sequence[Line], result: list[int], colours: int) -> list[int]:
    """Swap two colours along whole paths until any two colours are used equally often, give or take one."""
    while True:
        used = Counter(dict.fromkeys(range(colours), 0))
        used.update(result)
        (most, high), (least, low) = used.most_common()[0], used.most_common()[-1]
        if high - low < 2:
            return result
        for step in _surplus_path(lines, result, most, least):
            result[step] = least if result[step] == most else most


def _surplus_path(lines: Sequence[Line], result: Sequence[int], most: int, least: int) -> list[int]:
    """A path of alternating colours that holds one line more of ``most``; one exists while ``most`` leads."""
    at: dict[tuple[int, Point], dict[int, int]] = {}
    for number, colour in enumerate(result):
        if colour in (most, least):
            for side in (0, 1):
                at.setdefault((side, lines[number][side]), {})[colour] = number
    for start, here in at.items():
        if least in here:
            continue  # such a path begins and ends at points that lack the rarer colour
        path, end, wanted = [], start, most
        while wanted in at[end]:
            step = at[end][wanted]
            path.append(step)
            end = (1 - end[0], lines[step][1 - end[0]])
            wanted = least if wanted == most else most
        if len(path) % 2:
            return path
    raise AssertionError("two colours differ by two or more, yet no path has a surplus")

"""The plans that say who wears which look: by hand, all the same, balanced."""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avatar_core.errors import FilterUnknown
from avatar_core.filters import all_filters, applicable_after, plan_balanced, plan_by_hand, plan_same
from avatar_core.grid import CELLS
from avatar_core.types import Ethnicity, Gender, Persona

IDS = [look.id for look in all_filters()]
relaxed = settings(deadline=None)
GENDERS = st.lists(st.sampled_from(Gender), max_size=120)


def people(genders: Iterable[Gender]) -> list[Persona]:
    return [
        Persona(f"p{n}", 20 + n % 60, gender, Ethnicity.PARDO, "nurse") for n, gender in enumerate(genders)
    ]


def spread(worn: Sequence[str], ids: Sequence[str] = IDS) -> int:
    """How far the most and the least worn look are apart, counting looks that nobody wears."""
    counts = Counter(worn)
    assert set(counts) <= set(ids)
    return max(counts[id_] for id_ in ids) - min(counts[id_] for id_ in ids)


def test_a_plan_with_an_unknown_look_or_with_none_at_all_is_refused() -> None:
    with pytest.raises(FilterUnknown):
        plan_same(people([Gender.MAN]), "noir")
    with pytest.raises(FilterUnknown):
        plan_balanced(people([Gender.MAN]), 1, ["bw", "noir"])
    with pytest.raises(FilterUnknown, match="Choose at least one"):
        plan_balanced(people([Gender.MAN]), 1, [])


def test_the_same_look_for_everybody() -> None:
    assert plan_same(people([Gender.MAN, Gender.WOMAN]), "sepia") == ("sepia", "sepia")


def test_looks_by_hand_come_from_a_column_by_label_or_id_and_the_column_is_used_up() -> None:
    said = ["Sepia", "bw", "BLACK & WHITE", " 3d ", ""]
    crowd = [
        replace(one, extra=(("look", words), ("note", "x")))
        for one, words in zip(people([Gender.MAN] * 5), said, strict=True)
    ]
    bare, worn = plan_by_hand(crowd, "look")
    assert worn == ("sepia", "bw", "bw", "3d", "none")
    assert all(one.extra == (("note", "x"),) for one in bare)
    with pytest.raises(FilterUnknown, match="noir"):
        plan_by_hand([replace(crowd[0], extra=(("look", "noir"),))], "look")
    assert plan_by_hand(people([Gender.MAN]), "look")[1] == ("none",)


def test_a_plan_for_nobody_is_empty() -> None:
    assert plan_balanced([], 1) == ()


@relaxed
@given(GENDERS, st.integers())
def test_a_balanced_plan_is_even_over_all_within_each_gender_and_within_each_block(
    genders: list[Gender], seed: int
) -> None:
    plan = plan_balanced(people(genders), seed)
    assert len(plan) == len(genders)
    assert spread(plan) <= 1
    for gender in Gender:
        assert spread([look for look, own in zip(plan, genders, strict=True) if own == gender]) <= 1
    for start in range(0, len(plan), CELLS):
        assert spread(plan[start : start + CELLS]) <= 1


@relaxed
@given(GENDERS, st.integers())
def test_every_full_block_shows_all_six_looks(genders: list[Gender], seed: int) -> None:
    six = ["none", "bw", "sepia", "warm", "cool", "3d"]
    plan = plan_balanced(people(genders), seed, six)
    for start in range(0, len(plan) - CELLS + 1, CELLS):
        assert set(plan[start : start + CELLS]) == set(six)


def test_looks_for_finished_pictures_can_be_dealt_alone() -> None:
    plan = plan_balanced(people([Gender.MAN, Gender.WOMAN] * 30), 1, applicable_after())
    assert spread(plan, applicable_after()) <= 1
    assert "3d" not in plan


@relaxed
@given(GENDERS, st.integers(), st.sets(st.sampled_from(IDS), min_size=1))
def test_a_choice_of_looks_is_balanced_too(genders: list[Gender], seed: int, chosen: set[str]) -> None:
    ids = sorted(chosen)
    plan = plan_balanced(people(genders), seed, ids)
    assert spread(plan, ids) <= 1
    for gender in Gender:
        assert spread([look for look, own in zip(plan, genders, strict=True) if own == gender], ids) <= 1


def test_a_look_named_twice_counts_once() -> None:
    crowd = people([Gender.MAN] * 9)
    assert plan_balanced(crowd, 4, ["bw", "bw", "sepia"]) == plan_balanced(crowd, 4, ["bw", "sepia"])


def test_a_seed_gives_the_same_plan_and_another_seed_another() -> None:
    crowd = people([Gender.MAN, Gender.WOMAN, Gender.PERSON] * 6)
    assert plan_balanced(crowd, 7) == plan_balanced(crowd, 7)
    assert len({plan_balanced(crowd, seed) for seed in range(20)}) == 20


def test_a_seed_gives_the_same_plan_in_another_process_with_another_hash_seed() -> None:
    code = (
        "from avatar_core.filters import plan_balanced\n"
        "from avatar_core.types import *\n"
        "genders = [Gender.MAN, Gender.WOMAN, Gender.PERSON] * 6\n"
        "print(','.join(plan_balanced([Persona('x', 1, g, Ethnicity.PARDO, 'x') for g in genders], 7)))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONHASHSEED": "99"},
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    crowd = people([Gender.MAN, Gender.WOMAN, Gender.PERSON] * 6)
    assert ran.stdout.strip() == ",".join(plan_balanced(crowd, 7))


def test_only_order_and_gender_decide_so_an_edited_age_changes_nobodys_look() -> None:
    before = people([Gender.MAN, Gender.WOMAN] * 9)
    after = [Persona("other", 99, one.gender, Ethnicity.ASIAN, "cook", "Ana") for one in before]
    assert plan_balanced(before, 3) == plan_balanced(after, 3)


def test_over_many_seeds_no_look_prefers_a_place() -> None:
    crowd = people([Gender.MAN, Gender.WOMAN, Gender.PERSON] * 3)
    plans = [plan_balanced(crowd, seed) for seed in range(600)]
    at_place = [Counter(plan[place] for plan in plans) for place in range(9)]
    for counts in at_place:
        fair = len(plans) / len(IDS)
        assert all(0.6 * fair <= counts[id_] <= 1.45 * fair for id_ in IDS), counts


def test_ten_thousand_people_are_planned_and_even() -> None:
    random = Random(5)
    plan = plan_balanced(people(random.choices(list(Gender), k=10_000)), 1)
    assert spread(plan) <= 1
    assert max(spread(plan[start : start + CELLS]) for start in range(0, 10_000, CELLS)) <= 1

"""Who the demo model draws: neighbours differ, ages and genders show, groups overlap."""

from dataclasses import replace
from itertools import pairwise
from statistics import fmean, pstdev

import pytest

from avatar_core.models.demo.build import EYES_OPEN, LIPS, LIPS_RANGE, NOSE, NOSE_SPREAD
from avatar_core.models.demo.clothes import OUTFITS
from avatar_core.models.demo.colour import lightness
from avatar_core.models.demo.hats import HATS
from avatar_core.models.demo.look import Look, decide_look, neighbourly
from avatar_core.models.demo.palette import palette_of
from avatar_core.models.demo.reading import read_prompt
from avatar_core.models.demo.scenes import SCENES
from avatar_core.models.demo.trades import all_trades
from avatar_core.types import Ethnicity

BESIDE = [(1, 2), (2, 3), (4, 5), (5, 6), (7, 8), (8, 9), (1, 4), (4, 7), (2, 5), (5, 8), (3, 6), (6, 9)]


def look(words: str, cell: int = 1, seed: int = 3) -> Look:
    sitter = read_prompt(f"[{cell}] {words}.").seats[cell - 1]
    assert sitter is not None
    return decide_look(sitter, seed)


@pytest.mark.parametrize("count", [2, 3, 4, 5, 6, 14])
@pytest.mark.parametrize("seed", [0, 1, 99])
def test_neighbours_get_different_variants(count, seed):
    for one, other in BESIDE:
        assert neighbourly(one, seed, "scene", count) != neighbourly(other, seed, "scene", count)


def test_a_single_variant_is_for_everybody():
    assert {neighbourly(cell, 1, "scene", 1) for cell in range(1, 10)} == {0}


def test_nine_people_of_one_trade_wear_nine_colours_in_several_places():
    nine = [look("Woman, 40 years old, pardo ethnicity, teacher", cell) for cell in range(1, 10)]
    assert len({person.colours.shirt for person in nine}) == 9
    assert len({(person.scene, person.outfit) for person in nine}) >= 4


def test_every_trade_has_scenes_clothes_and_hats_that_exist():
    for trade in all_trades():
        assert set(trade.scenes) <= set(SCENES)
        assert set(trade.outfits) <= set(OUTFITS)
        assert trade.hat in {"", *HATS}


def test_an_unknown_occupation_sits_before_soft_light():
    assert look("Man, 40 years old, black ethnicity, zyzzyvologist").scene == "soft"


def test_firefighters_do_not_wear_the_police_uniform():
    person = look("Woman, 30 years old, pardo ethnicity, bombeira")
    assert (person.outfit, person.extras.hat) in {("turnout", "helmet"), ("turnout", "")}
    assert look("Woman, 30 years old, pardo ethnicity, policial").outfit == "uniform"


@pytest.mark.parametrize("gender", ["Man", "Woman"])
def test_babies_are_babies(gender):
    for cell in range(1, 10):
        baby = look(f"{gender}, 1 year old, white ethnicity, student", cell)
        child = look(f"{gender}, 9 years old, white ethnicity, student", cell)
        assert baby.outfit == "onesie"
        assert baby.scene in ("nursery", "home")
        worn = baby.extras
        assert {worn.glasses, worn.earring, worn.hat, baby.hair.beard} == {""}
        assert baby.smile in ("closed", "laugh")
        assert baby.face.half_width / (baby.face.chin - baby.face.crown) > child.face.half_width / (
            child.face.chin - child.face.crown
        )


def test_a_film_draws_men_with_stronger_jaws_and_brows_and_smaller_eyes_than_women():
    film = "30 years old, {} ethnicity, clerk. 3D movie character style"
    for ethnicity in Ethnicity:
        men = [look(f"Man, {film.format(ethnicity)}", cell) for cell in range(1, 10)]
        women = [look(f"Woman, {film.format(ethnicity)}", cell) for cell in range(1, 10)]
        for part, sign in (("jaw", 1), ("brow_weight", 1), ("neck", 1), ("shoulders", 1), ("eye_size", -1)):
            mean = [fmean(getattr(person.face, part) for person in people) for people in (men, women)]
            assert sign * (mean[0] - mean[1]) > 0, part
        assert not {person.hair.style for person in men} & {"long_plain", "curtains"}
        assert not any(person.extras.makeup for person in men)


def test_people_of_neither_gender_stand_between():
    def jaw(gender: str) -> float:
        words = f"{gender}, 30 years old, white ethnicity, clerk. 3D movie character style"
        return fmean(look(words, cell, seed).face.jaw for cell in range(1, 10) for seed in range(5))

    assert jaw("Woman") < jaw("Person") < jaw("Man")


def test_two_people_of_one_group_differ_more_than_two_groups():
    """The widest distance between the means of two groups is at most the spread within each."""
    assert max(NOSE.values()) - min(NOSE.values()) <= NOSE_SPREAD
    lips = [LIPS.get(ethnicity, 1.0) for ethnicity in Ethnicity]
    assert max(lips) - min(lips) <= (LIPS_RANGE[1] - LIPS_RANGE[0]) / 2
    assert min(EYES_OPEN.values()) >= 0.9


def test_skin_varies_widely_within_each_group_and_neighbouring_groups_overlap():
    tones = {group: sorted(lightness(skin) for skin in palette_of(group).skin) for group in Ethnicity}
    for group, values in tones.items():
        assert values[-1] - values[0] > 0.1, group
    by_mean = sorted(tones.values(), key=fmean)
    for darker, lighter in pairwise(by_mean):
        assert darker[-1] >= lighter[0]


@pytest.mark.parametrize("ethnicity", list(Ethnicity))
def test_no_group_has_one_kind_of_hair(ethnicity):
    styles = {
        look(f"{gender}, 28 years old, {ethnicity} ethnicity, clerk", cell, seed).hair.style
        for gender in ("Man", "Woman")
        for cell in range(1, 10)
        for seed in range(4)
    }
    assert len(styles) >= 8
    assert len(palette_of(ethnicity).texture_weights) >= 3


def test_a_group_says_nothing_about_clothes_place_smile_or_glasses():
    people = [look(f"Woman, 45 years old, {ethnicity} ethnicity, lawyer") for ethnicity in Ethnicity]
    assert len({(person.scene, person.outfit, person.colours.shirt) for person in people}) == 1
    for wish in ("glasses", "smile"):
        shares = []
        for ethnicity in Ethnicity:
            drawn = [
                look(f"Woman, 45 years old, {ethnicity} ethnicity, lawyer", cell, seed)
                for cell in range(1, 10)
                for seed in range(12)
            ]
            happy = [person.smile in ("teeth", "laugh") for person in drawn]
            worn = [bool(person.extras.glasses) for person in drawn]
            shares.append(fmean(happy if wish == "smile" else worn))
        assert pstdev(shares) < 0.1


def test_a_look_changes_nobody():
    natural = look("Man, 35 years old, asian ethnicity, chef. No filter")
    sepia = look("Man, 35 years old, asian ethnicity, chef. Apply sepia filter")
    assert replace(sepia, sitter=natural.sitter) == natural

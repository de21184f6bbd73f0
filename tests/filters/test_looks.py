"""The looks themselves: the six of the contract, and any that a user adds to the file."""

from importlib import resources

import pytest

from avatar_core.errors import FilterBroken, FilterUnknown
from avatar_core.filters import all_filters, applicable_after, find_filter, looks, read_filters
from avatar_core.types import Filter, Tone

SOURCE = resources.files("avatar_core").joinpath("data/filters.toml").read_text(encoding="utf-8")
TEAL = """
[look-of-a-test]
label = "Teal"
sentence = "Apply teal filter."
description = "Colour photograph in a teal tone."
portuguese = "Fotografia colorida em tom azul-petróleo."
"""


def test_the_six_looks_of_the_contract_are_there_with_its_words() -> None:
    six = {
        "none": ("No filter", "No filter."),
        "bw": ("Black & white", "Use black & white filter."),
        "sepia": ("Sepia", "Apply sepia filter."),
        "warm": ("Warm tone", "Apply warm tone filter."),
        "cool": ("Cool tone", "Apply cool tone filter."),
        "3d": ("3D movie character", "Use 3D movie character style."),
    }
    found = {look.id: (look.label, look.sentence) for look in all_filters()}
    assert {id_: found[id_] for id_ in six} == six


@pytest.mark.parametrize("look", all_filters(), ids=list(looks()))
def test_every_look_says_itself_in_one_plain_sentence(look: Filter) -> None:
    for words in (look.sentence, look.description, look.portuguese):
        assert words.endswith(".")
        assert words.count(".") == 1
        assert not set(words) & set("|{}[]\n")


def test_looks_by_id_cannot_be_changed_by_a_reader() -> None:
    with pytest.raises(TypeError):
        looks()["bw"] = find_filter("none")  # type: ignore[index]


def test_an_unknown_filter_is_refused_and_the_known_ones_are_named() -> None:
    with pytest.raises(FilterUnknown, match=r"“noir”.*none, bw, sepia, warm, cool, 3d"):
        find_filter("noir")


def test_all_but_the_film_character_can_be_given_to_a_finished_picture() -> None:
    assert {"none", "bw", "sepia", "warm", "cool"} <= set(applicable_after())
    assert "3d" not in applicable_after()


def test_another_table_in_the_file_is_another_look_with_or_without_pixels() -> None:
    more = read_filters(SOURCE + TEAL)
    assert list(more) == [*looks(), "look-of-a-test"]
    assert more["look-of-a-test"].pixels is None
    assert read_filters(SOURCE + TEAL + "pixels = { a = -12, b = -4 }")["look-of-a-test"].pixels == Tone(
        a=-12, b=-4
    )


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (SOURCE + TEAL.replace("portuguese", "portugues"), "“look-of-a-test” has an unknown part: portugues"),
        (SOURCE + TEAL.replace('label = "Teal"', ""), "“look-of-a-test” lacks its label"),
        (SOURCE + TEAL.replace('"Teal"', "7"), "“look-of-a-test” lacks its label"),
        (SOURCE + TEAL.replace("teal filter.", "teal filter"), "sentence of filter “look-of-a-test”"),
        (SOURCE + TEAL.replace("teal filter.", "[3] teal."), "sentence of filter “look-of-a-test”"),
        (SOURCE + TEAL + "pixels = 'sepia'", "chroma, a, b"),
        (SOURCE + TEAL + "pixels = { hue = 1 }", "chroma, a, b"),
        (SOURCE + TEAL + "pixels = { a = 600 }", "from -60 to 60"),
        (SOURCE + TEAL + "pixels = { a = nan }", "from -60 to 60"),
        (SOURCE + TEAL + "pixels = { chroma = true }", "from 0 to 3"),
        (SOURCE + "[look-of-a-test", "cannot be read"),
        ("look-of-a-test = 3\n" + SOURCE, "“look-of-a-test” stands outside"),
        (TEAL, r"no filter \[none\]"),
    ],
)
def test_a_broken_look_is_refused_with_its_name_and_the_part(text: str, named: str) -> None:
    with pytest.raises(FilterBroken, match=named):
        read_filters(text)

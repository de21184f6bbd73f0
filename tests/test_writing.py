"""Captions and numbers in the cells: told, and never held against a picture whose people only wear words."""

import functools
import random
from dataclasses import replace

import pytest
from PIL import Image, ImageDraw, ImageFont

from avatar_core.checks import examine
from avatar_core.checks.writing import written_cells
from avatar_core.cut import find_grid
from avatar_core.grid import exact_boxes
from avatar_core.types import Cut, Size, Verdict
from tests.cut.portraits import demo_grid, demo_portraits, plain_portraits
from tests.cut.stress import Style, compose

BOXES = exact_boxes(Size(768, 768))
EVERYBODY = range(1, 10)


@functools.cache
def drawn(seed: int) -> Image.Image:
    return demo_grid(seed)


def labelled(words: list[str], place: tuple[int, int], ink: str = "white", seed: int = 3) -> Image.Image:
    """A grid with a word in each cell; an empty word leaves its cell alone."""
    image = drawn(seed).copy()
    pen = ImageDraw.Draw(image)
    font = ImageFont.load_default(24)
    edge = "black" if ink == "white" else "white"
    for word, (left, top, _, _) in zip(words, BOXES, strict=True):
        pen.text(
            (left + place[0], top + place[1]), word, fill=ink, font=font, stroke_width=1, stroke_fill=edge
        )
    return image


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ([str(number) for number in EVERYBODY], (10, 8)),
        ([f"Age {5 + 10 * number}" for number in range(9)], (80, 222)),
        (["Happy"] * 9, (12, 8)),
    ],
)
@pytest.mark.parametrize("ink", ["white", "black"])
def test_what_is_written_into_most_cells_is_told_and_holds_nobody_back(
    words: list[str], place: tuple[int, int], ink: str
) -> None:
    cut = find_grid(labelled(words, place, ink))
    assert cut.verdict is Verdict.UNVERIFIED
    assert any(reason.startswith("Words or numbers seem to be written into") for reason in cut.reasons)
    assert [cell for cell, _ in cut.findings] == [0]
    assert cut.boxes == BOXES


@pytest.mark.parametrize("seed", range(3))
def test_the_demo_models_label_is_no_writing(seed: int) -> None:
    assert not written_cells(demo_grid(seed), BOXES, EVERYBODY)


@pytest.mark.parametrize("seed", range(4))
def test_portraits_alone_hold_no_writing(seed: int) -> None:
    cells = [*demo_portraits(seed)[:4], *plain_portraits(seed)[:5]]
    made = compose(cells, Style(gutter=8 * (seed % 2)), random.Random(seed))
    assert not written_cells(made.image, made.boxes, EVERYBODY)


def test_a_word_in_two_cells_is_something_that_they_wear() -> None:
    assert not written_cells(labelled(["Joy", "", "", "", "Joy", "", "", "", ""], (12, 8)), BOXES, EVERYBODY)


def test_the_cells_are_named() -> None:
    words = ["Age 5", "", "Age 8", "Age 9", "Age 3", "", "Age 7", "Age 4", "Age 6"]
    report = examine(labelled(words, (12, 8)), Cut(BOXES, 1.0, Verdict.ACCEPTED), EVERYBODY)
    assert report.reasons == ("Words or numbers seem to be written into cells 1, 3, 4, 5, 7, 8, 9.",)


def test_a_second_look_does_not_say_it_twice_and_forgets_what_is_gone() -> None:
    image = labelled(["No. 4"] * 9, (12, 8))
    once = find_grid(image)
    assert examine(image, once, EVERYBODY).reasons == once.reasons
    assert examine(drawn(3), replace(once, verdict=Verdict.ACCEPTED), EVERYBODY).reasons == ()


def test_four_people_agree_on_nothing_and_five_do() -> None:
    image = labelled(["Age 2", "Age 3", "Age 4", "Age 5", "Age 6", "", "", "", ""], (12, 8))
    assert not written_cells(image, BOXES, (1, 2, 3, 4))
    assert written_cells(image, BOXES, (1, 2, 3, 4, 5)) == (1, 2, 3, 4, 5)

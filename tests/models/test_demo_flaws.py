"""The demo model fails on request, and always says the truth about it."""

import functools
import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from avatar_core.errors import ChoiceIllegal
from avatar_core.grid import exact_boxes
from avatar_core.models.demo import TRUTH, DemoModel
from avatar_core.models.demo.flaws import NAMED, NONE, Flaws, flaw_names, named_flaws, random_flaws
from avatar_core.models.demo.layout import places, turned
from avatar_core.models.demo.reading import read_prompt
from avatar_core.models.demo.sheet import PLAIN, Sheet, draw_sheet
from avatar_core.models.demo.spoil import spoil_picture
from avatar_core.types import PaintRequest, Size

from .test_demo_model import PROMPT, facts

SIZE = Size(288, 288)
SMALL = Size(96, 96)
NINE = PROMPT.replace(
    "Empty cell, plain background, nobody.", "Woman, 33 years old, black ethnicity, nurse. No filter."
)
HARMLESS = {name for name, make in NAMED.items() if not named_flaws([name], 0).wrong}


@functools.cache
def sheet(flaws: Flaws, prompt: str = NINE, size: Size = SIZE) -> Sheet:
    return draw_sheet(read_prompt(prompt), size, 7, flaws)


def pixels(made: Sheet) -> list[np.ndarray]:
    return [np.asarray(made.picture.crop(box), int) for box in made.boxes]


@functools.cache
def painted(prompt: str, flaws: Flaws = NONE, size: Size = SMALL) -> Image.Image:
    model = DemoModel(facts(), flaws)
    return Image.open(io.BytesIO(model.paint(PaintRequest(prompt, size, seed=7)).data))


@pytest.mark.parametrize("size", [Size(288, 288), Size(400, 301), Size(1024, 1024)])
def test_without_flaws_the_cells_are_exact(size):
    assert tuple(place.box for place in places(size, Flaws())) == exact_boxes(size)


def test_without_flaws_everybody_is_at_home():
    assert sheet(Flaws()).holds == tuple(range(1, 10))
    assert sheet(Flaws(), PROMPT).holds == (*range(1, 9), 0)
    assert not Flaws().wrong


@pytest.mark.parametrize("ground", ["#ffffff", "#000000", "#12ab9f"])
def test_everything_outside_the_true_boxes_is_ground(ground):
    flaws = Flaws(margins=(30, 20, 44, 50), gutter=21, ground=ground, row_shares=(1, 1.2, 0.9))
    made = sheet(flaws)
    outside = np.ones((288, 288), bool)
    for left, top, right, bottom in made.boxes:
        outside[top:bottom, left:right] = False
    assert outside.mean() > 0.1
    level = [int(ground[at : at + 2], 16) for at in (1, 3, 5)]
    assert (np.asarray(made.picture)[outside] == level).all()
    assert made.holds == tuple(range(1, 10))


def test_lengths_scale_with_the_picture_and_never_vanish():
    for side in (96, 512, 1536):
        boxes = [place.box for place in places(Size(side, side), Flaws(gutter=3))]
        assert boxes[1][0] - boxes[0][2] == max(1, round(3 * side / 1024))


def test_shares_make_rows_and_columns_unequal():
    boxes = [
        place.box for place in places(Size(400, 400), Flaws(row_shares=(1, 2, 1), column_shares=(2, 1, 1)))
    ]
    assert boxes[4] == (200, 100, 300, 300)
    assert boxes[8] == (300, 300, 400, 400)


@pytest.mark.parametrize("degrees", [-0.5, 0.5, 2.0])
def test_a_turned_box_lies_where_the_pixels_went(degrees):
    box = (20, 200, 160, 380)
    picture = Image.new("RGB", (400, 400))
    picture.paste("white", box)
    there = np.argwhere(
        np.asarray(spoil_picture(picture, Flaws(turn=degrees, ground="#000000")))[..., 0] > 128
    )
    left, top, right, bottom = turned(box, Size(400, 400), degrees)
    assert np.abs(there.mean(axis=0) - [(top + bottom - 1) / 2, (left + right - 1) / 2]).max() < 1
    assert (right - left, bottom - top) == (140, 180)


@pytest.mark.parametrize(
    ("rows", "count"), [((3, 2, 3), 8), ((3, 3, 4), 10), ((2, 2), 4), ((3, 3), 6), ((4,) * 4, 16)]
)
def test_another_count_is_drawn_with_as_many_boxes(rows, count):
    made = sheet(Flaws(rows=rows))
    assert len(made.boxes) == count
    assert made.holds == tuple(cell if cell <= 9 else -1 for cell in range(1, count + 1))
    assert sum((right - left) * (bottom - top) for left, top, right, bottom in made.boxes) == 288 * 288
    assert min(cell.std() for cell in pixels(made)) > 20


def test_strangers_beyond_the_ninth_cell_are_new_people():
    cells = [
        np.asarray(Image.fromarray(cell.astype(np.uint8)).resize((64, 64)), int)
        for cell in pixels(sheet(Flaws(rows=(4,) * 4)))
    ]
    for stranger in cells[9:]:
        assert min(np.abs(stranger - other).mean() for other in cells if other is not stranger) > 6


def test_merged_cells_are_one_box_that_holds_the_first():
    made = sheet(Flaws(merged=(2, 6), gutter=20))
    assert made.holds == (1, 2, 4, 7, 8, 9)
    whole = [place.box for place in places(SIZE, Flaws(gutter=20))]
    assert made.boxes[1] == (*whole[1][:2], *whole[5][2:])
    assert len({tuple(cell.shape) for cell in pixels(made)}) > 1


def test_an_empty_cell_shows_nobody():
    made = sheet(Flaws(empty=(5,)))
    assert made.holds == (1, 2, 3, 4, 0, 6, 7, 8, 9)
    assert (pixels(made)[4][:70] == [int(PLAIN[at : at + 2], 16) for at in (1, 3, 5)]).all()


def test_twins_show_one_person_before_two_backgrounds():
    lines = [
        f"[{cell}] {'Man' if cell % 2 else 'Woman'}, {25 + 5 * cell} years old, pardo ethnicity, teacher."
        for cell in range(1, 10)
    ]
    made = sheet(Flaws(twins=(2, 7)), "\n".join(lines))
    assert made.holds == (1, 2, 3, 4, 5, 6, 2, 8, 9)
    cells = [cell[30:70, 35:60] for cell in pixels(made)]
    assert np.abs(cells[1] - cells[6]).mean() < 1
    assert np.abs(cells[1] - cells[7]).mean() > 10
    assert not np.array_equal(pixels(made)[1], pixels(made)[6])


def test_a_stranger_replaces_the_person_or_fills_an_empty_cell():
    made = sheet(Flaws(strangers=(3, 9)), PROMPT)
    assert made.holds == (1, 2, -1, 4, 5, 6, 7, 8, -1)
    plain = sheet(Flaws(), PROMPT)
    changed = [not np.array_equal(a, b) for a, b in zip(pixels(made), pixels(plain), strict=True)]
    assert changed == [False, False, True, False, False, False, False, False, True]


@pytest.mark.parametrize(
    "flaws", [Flaws(captions=30), Flaws(numbers=40), Flaws(corners=60), Flaws(jpeg=30), Flaws(warm=0.7)]
)
def test_wear_changes_pixels_and_moves_nothing(flaws):
    made, plain = sheet(flaws), sheet(Flaws())
    assert (made.boxes, made.holds) == (plain.boxes, plain.holds)
    for worn, fresh in zip(pixels(made), pixels(plain), strict=True):
        assert 0 < np.abs(worn - fresh).mean() < 40


def test_rounded_corners_show_the_ground():
    made = sheet(Flaws(corners=100, ground="#ff00ff"))
    assert all((cell[0, 0] == [255, 0, 255]).all() for cell in pixels(made))


def test_another_size_is_another_size():
    picture = painted(NINE, Flaws(scale=(1.0, 1.5)))
    assert picture.size == (96, 144)
    assert json.loads(picture.text[TRUTH])["boxes"][8] == [64, 96, 96, 144]


@pytest.mark.parametrize("name", NAMED)
def test_a_line_in_the_prompt_asks_for_a_flaw(name):
    picture = painted(f"{NINE}\nDemo flaw: {name}.\nUse soft light.")
    assert json.loads(picture.text[TRUTH])["boxes"]
    assert picture.tobytes() != painted(NINE).tobytes()
    truth = json.loads(picture.text[TRUTH])
    assert (truth["holds"] != list(range(1, 10))) is (name not in HARMLESS)


def test_several_flaws_add_up_in_the_prompt_and_with_the_models_own():
    reading = read_prompt("> Demo flaws: Gutters, two  words and twins\n[1] Man, 30 years old, chef.")
    assert reading.flaws == ("gutters", "two words", "twins")
    assert named_flaws(["gutters", "captions"], 1) == Flaws(gutter=16, captions=26)
    truth = json.loads(painted(f"Demo flaw: empty cell\n{NINE}", Flaws(gutter=40), SIZE).text[TRUTH])
    assert 0 in truth["holds"]
    assert truth["boxes"][1][0] - truth["boxes"][0][2] == 11


def test_an_unknown_flaw_is_refused_with_the_list():
    with pytest.raises(ChoiceIllegal, match=r"no flaw called “three legs”.*gutters.*twins"):
        painted(f"{NINE}\nDemo flaw: three legs")


def test_a_flaw_is_only_read_from_a_line_of_its_own():
    assert flaw_names("[1] man, 30 years old, chef, no demo flaw: gutters") == ()
    assert flaw_names("demo flaw:\ngutters") == ()


def test_the_flaws_line_describes_nobody():
    assert replace(read_prompt(f"{NINE}\nDemo flaw: one person"), flaws=()) == read_prompt(NINE)


def test_a_prompt_without_people_gets_its_card_whatever_the_flaws():
    assert draw_sheet(read_prompt("A cat."), SIZE, 1, Flaws(rows=(2, 2))).boxes == ()


def test_random_flaws_follow_their_seed_and_reach_everything():
    many = [random_flaws(seed) for seed in range(400)]
    assert many == [random_flaws(seed) for seed in range(400)]
    assert 0.4 < sum(flaws.wrong for flaws in many) / 400 < 0.6
    for field in Flaws.__dataclass_fields__:
        assert len({getattr(flaws, field) for flaws in many}) > 1, field
    assert not any(random_flaws(seed, wrong=False).wrong for seed in range(100))
    assert all(random_flaws(seed, wrong=True).wrong for seed in range(100))


def test_boxes_of_random_flaws_stay_inside_and_apart():
    for seed in range(60):
        flaws = random_flaws(seed)
        size = Size(512, 512)
        boxes = [turned(place.box, size, flaws.turn) for place in places(size, flaws)]
        cover = np.zeros((512, 512), int)
        for left, top, right, bottom in boxes:
            assert 0 <= left < right <= 512
            assert 0 <= top < bottom <= 512
            cover[top + 3 : bottom - 3, left + 3 : right - 3] += 1
        assert cover.max() == 1


def test_the_page_lists_every_flaw():
    page = Path(__file__).parents[2].joinpath("docs/demo.md").read_text(encoding="utf-8")
    for name in NAMED:
        assert f"`{name}`" in page

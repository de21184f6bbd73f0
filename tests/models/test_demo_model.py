"""The demo model paints nine people from the prompt alone, and the same bytes every time."""

import hashlib
import io
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from avatar_core.errors import ChoiceIllegal, PromptTooLong
from avatar_core.grid import exact_boxes
from avatar_core.models.demo import DemoModel
from avatar_core.models.demo.reading import read_prompt
from avatar_core.models.demo.sheet import PLAIN, draw_sheet
from avatar_core.models.demo.trades import all_trades
from avatar_core.types import ModelFacts, Painting, PaintRequest, Size, SizeRule

SIZE = Size(384, 384)
LINES = (
    "[1] Man, 35 years old, white ethnicity, mechanic. Apply warm tone filter.",
    "[2] Woman, 42 years old, pardo ethnicity, teacher. Use black & white filter.",
    "[3] Man, 71 years old, black ethnicity, retired. No filter.",
    "[4] Woman, 29 years old, asian ethnicity, software developer. Use 3D movie character style.",
    "[5] Man, 52 years old, indigenous ethnicity, farmer. Apply cool tone filter.",
    "[6] Woman, 80 years old, white ethnicity, singer. Apply sepia filter.",
    "[7] Person, 5 years old, black ethnicity, student. No filter.",
    "[8] Man, 24 years old, pardo ethnicity, chef. No filter.",
    "[9] Empty cell, plain background, nobody.",
)
PROMPT = "One image, a 3x3 grid.\n\n" + "\n".join(LINES)


def facts(prompt_limit: int = 32_000) -> ModelFacts:
    return ModelFacts(
        id="demo",
        label="Demo",
        dialect="demo",
        about="Draws on this machine.",
        sizes=SizeRule(),
        grid_sizes=(Size(1536, 1536),),
        qualities=(),
        prompt_limit=prompt_limit,
    )


def paint(prompt: str = PROMPT, size: Size = SIZE, seed: int = 7) -> Painting:
    return DemoModel(facts()).paint(PaintRequest(prompt=prompt, size=size, seed=seed))


def picture_of(painting: Painting) -> Image.Image:
    return Image.open(io.BytesIO(painting.data))


def cells_of(painting: Painting) -> list[np.ndarray]:
    picture = picture_of(painting)
    return [np.asarray(picture.crop(box).convert("RGB"), int) for box in exact_boxes(painting.size)]


def above_the_label(cell: np.ndarray) -> np.ndarray:
    """The part of a cell that the word DEMO never reaches."""
    return cell[: int(cell.shape[0] * 0.8)]


@pytest.fixture(scope="module")
def painting() -> Painting:
    return paint()


def test_a_painting_says_what_it_is(painting):
    picture = picture_of(painting)
    assert painting.media_type == "image/png"
    assert (picture.format, picture.size, picture.mode) == ("PNG", (384, 384), "RGB")
    assert painting.size == SIZE
    assert painting.model == "demo"
    assert painting.seconds > 0
    assert painting.sent == {"prompt": PROMPT, "size": "384x384", "seed": 7}
    assert picture.info["Software"] == "Synth Avatar demo model"


def test_the_same_request_gives_the_same_bytes(painting):
    assert paint().data == painting.data


def test_another_process_gives_the_same_bytes(painting):
    code = (
        "import hashlib, sys; sys.path.insert(0, '.');"
        "from tests.models.test_demo_model import paint; print(hashlib.sha256(paint().data).hexdigest())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "4242"}
    root = Path(__file__).parents[2]
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=root, env=environment, capture_output=True, text=True
    )
    assert answer.stdout.strip() == hashlib.sha256(painting.data).hexdigest(), answer.stderr


def test_another_seed_draws_other_people(painting):
    for before, after in zip(cells_of(painting)[:8], cells_of(paint(seed=8))[:8], strict=True):
        assert np.abs(before - after).mean() > 3


def test_editing_one_line_changes_that_cell_and_no_other(painting):
    edited = paint(PROMPT.replace("chef", "chef wearing blue glasses"))
    changed = [
        not np.array_equal(before, after)
        for before, after in zip(cells_of(painting), cells_of(edited), strict=True)
    ]
    assert changed == [False] * 7 + [True, False]


def test_words_outside_the_lines_change_nothing(painting):
    assert paint("Please. " + PROMPT + "\nUse soft light.").data == painting.data


def test_an_empty_cell_is_plain_but_for_the_label(painting):
    quiet = above_the_label(cells_of(painting)[8])
    assert (quiet == [int(PLAIN[at : at + 2], 16) for at in (1, 3, 5)]).all()


def test_every_cell_says_demo(painting):
    """The label is the same plate in every cell: white letters on a dark ground in the lower right corner."""
    for cell in cells_of(painting):
        corner = cell[-28:-4, -40:-4]
        assert corner.max() > 225
        assert corner.min() < 130


def test_black_and_white_has_no_colour(painting):
    quiet = above_the_label(cells_of(painting)[1])
    assert (quiet.max(axis=2) == quiet.min(axis=2)).all()


def test_warm_sepia_and_cool_lean_to_their_side():
    def lean(look: str) -> float:
        lines = "[1] Man, 40 years old, pardo ethnicity, clerk. " + look
        quiet = above_the_label(cells_of(paint(lines))[0])
        return float((quiet[..., 0] - quiet[..., 2]).mean())

    natural = lean("No filter.")
    assert lean("Apply warm tone filter.") > natural + 10
    assert lean("Apply cool tone filter.") < natural - 10
    assert lean("Apply sepia filter.") > 20


def test_a_filter_keeps_the_person(painting):
    """Changing the look repaints the same person: the pictures agree once colour is taken out."""
    natural = cells_of(paint("[3] Man, 71 years old, black ethnicity, retired. No filter."))[2]
    grey = cells_of(paint("[3] Man, 71 years old, black ethnicity, retired. Use black & white filter."))[2]
    luma = above_the_label(natural)[30:, 35:90] @ np.array([0.299, 0.587, 0.114])
    assert np.corrcoef(luma.ravel(), above_the_label(grey)[30:, 35:90, 0].ravel())[0, 1] > 0.9


def test_the_boxes_are_the_exact_cells():
    sheet = draw_sheet(read_prompt(PROMPT), Size(400, 301), 7)
    assert sheet.boxes == exact_boxes(Size(400, 301))
    assert sheet.picture.size == (400, 301)


@pytest.mark.parametrize("prompt", ["A cat on a sofa.", "{}" * 500])
def test_a_prompt_that_is_no_grid_gets_a_card(prompt):
    card = np.asarray(picture_of(paint(prompt)), int)
    assert card.shape == (384, 384, 3)
    assert 5 < card.std() < 80
    assert draw_sheet(read_prompt(prompt), SIZE, 1).boxes == ()


@pytest.mark.parametrize("size", [Size(96, 96), Size(300, 97), Size(97, 300)])
def test_small_and_oblong_sizes_are_drawn(size):
    assert paint(size=size).size == size


@pytest.mark.parametrize("size", [Size(95, 400), Size(400, 95), Size(3841, 400)])
def test_an_impossible_size_is_refused(size):
    with pytest.raises(ChoiceIllegal, match=str(size)):
        paint(size=size)


def test_a_prompt_over_the_limit_is_refused():
    model = DemoModel(facts(prompt_limit=10))
    with pytest.raises(PromptTooLong, match="11 characters"):
        model.paint(PaintRequest(prompt="x" * 11, size=SIZE))


def test_every_trade_age_and_look_can_be_drawn():
    looks = ("No filter", "3D movie character style", "sepia filter")
    people = [
        f"{gender}, {age} years old, {ethnicity} ethnicity, {trade.id}. {look}."
        for number, trade in enumerate(all_trades())
        for gender in ("Man", "Woman")
        for age in ((number * 17 + len(gender) * 9) % 100,)
        for ethnicity in (("white", "pardo", "black", "asian", "indigenous")[(number + len(gender)) % 5],)
        for look in (looks[number % 3],)
    ]
    for start in range(0, len(people), 9):
        block = people[start : start + 9]
        prompt = "\n".join(f"[{cell}] {person}" for cell, person in enumerate(block, start=1))
        for cell in cells_of(paint(prompt, Size(192, 192)))[: len(block)]:
            assert cell.std() > 20


def test_wishes_are_drawn():
    plain_man = "[1] Man, 30 years old, white ethnicity, clerk."
    for wish in (
        "with glasses",
        "with a beard",
        "bald",
        "with long hair",
        "with a hat",
        "with red hair",
        "serious",
    ):
        assert paint(f"{plain_man} {wish}").data != paint(plain_man).data

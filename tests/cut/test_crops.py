"""Crops for use: square where the face is, no larger than they were, round without a rim."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from avatar_core.cut import ENCODERS, as_webp, crop_and_encode, open_picture, rounded, sized, square, squared
from avatar_core.grid import exact_boxes
from avatar_core.types import Size

sides = st.integers(1, 3000)


@given(sides, sides, st.floats(0, 1))
def test_a_square_is_as_large_as_can_be_and_within_its_cell(width: int, height: int, headroom: float) -> None:
    left, top, right, bottom = square((10, 20, 10 + width, 20 + height), headroom)
    assert right - left == bottom - top == min(width, height)
    assert 10 <= left <= right <= 10 + width
    assert 20 <= top <= bottom <= 20 + height


def test_a_tall_cell_keeps_its_upper_part_and_more_headroom_shows_more_above() -> None:
    tall = (0, 0, 300, 600)
    assert square(tall)[3] < 450
    assert square(tall, 0.6)[1] < square(tall, 0.45)[1] < square(tall, 0.3)[1]


def test_a_square_cell_stays_whole() -> None:
    picture = Image.effect_noise((64, 64), 50)
    assert squared(picture).tobytes() == picture.tobytes()


@given(st.integers(1, 400), st.integers(1, 400), st.sampled_from([128, 256, 512]))
def test_nothing_is_enlarged_unasked(width: int, height: int, side: int) -> None:
    picture = Image.new("L", (width, height))
    small, large = sized(picture, side), sized(picture, side, enlarge=True)
    assert max(small.size) == min(side, max(width, height))
    assert max(large.size) == side
    assert sized(picture, None) is picture


def test_a_round_picture_is_clear_outside_and_whole_inside() -> None:
    picture = Image.new("RGB", (101, 101), "teal")
    round_ = rounded(picture)
    assert round_.mode == "RGBA"
    assert round_.getpixel((0, 0))[3] == 0
    assert round_.getpixel((50, 50)) == (0, 128, 128, 255)
    alpha = round_.getchannel("A")
    assert alpha.transpose(Image.Transpose.FLIP_LEFT_RIGHT).tobytes() == alpha.tobytes()


@pytest.mark.parametrize("format", ["png", "webp"])
@pytest.mark.parametrize("workers", [1, 2, None])
def test_cells_encoded_side_by_side_are_the_cells_in_their_order(format: str, workers: int | None) -> None:
    picture = Image.effect_noise((100, 70), 60).convert("RGB")
    boxes = exact_boxes(Size(*picture.size))
    files = crop_and_encode(picture, boxes, ENCODERS[format], workers)
    assert [open_picture(file).tobytes() for file in files] == [picture.crop(box).tobytes() for box in boxes]


def test_a_round_picture_survives_lossless_encoding_and_becomes_white_around_as_jpeg() -> None:
    round_ = rounded(Image.new("RGB", (40, 40), "teal"))
    assert Image.open(io.BytesIO(as_webp(round_))).convert("RGBA").tobytes() == round_.tobytes()
    corner = open_picture(ENCODERS["jpeg"](round_)).getpixel((0, 0))
    assert min(corner) > 220

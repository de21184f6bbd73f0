"""Looks given to finished pictures, measured with a colour conversion of the tests' own."""

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from avatar_core.errors import FilterNeedsModel, FilterUnknown
from avatar_core.filters import applicable_after, apply
from avatar_core.filters.pixels import toned
from avatar_core.types import Filter, Tone

Bytes = NDArray[np.uint8]
CHANGING = [look for look in applicable_after() if look != "none"]


def luminance(pixels: Bytes) -> NDArray[np.float64]:
    """Relative luminance of sRGB bytes (..., 3), from 0 to 1."""
    value = pixels.astype(np.float64) / 255
    light = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    return np.asarray(light @ [0.2126, 0.7152, 0.0722])


def lab(pixels: Bytes) -> NDArray[np.float64]:
    """CIE L*a*b* (D65) of sRGB bytes (..., 3), written as in the textbooks."""
    value = pixels.astype(np.float64) / 255
    light = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    x = light @ [0.4124, 0.3576, 0.1805] / 0.9505
    y = light @ [0.2126, 0.7152, 0.0722]
    z = light @ [0.0193, 0.1192, 0.9505] / 1.0890
    fx, fy, fz = (np.where(t > (6 / 29) ** 3, np.cbrt(t), t * (29 / 6) ** 2 / 3 + 4 / 29) for t in (x, y, z))
    return np.stack([116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)], axis=-1)


def picture(pixels: Bytes) -> Image.Image:
    return Image.fromarray(pixels)


def greys() -> Bytes:
    return np.arange(256, dtype=np.uint8)[None, :, None].repeat(3, axis=2)


def colours() -> Bytes:
    """Every ninth value of each channel: 24,389 colours, the most saturated among them."""
    steps = np.append(np.arange(0, 255, 9), 255).astype(np.uint8)
    return np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(1, -1, 3)


def given(look: str, pixels: Bytes) -> Bytes:
    return np.array(apply(picture(pixels), look))


def test_no_filter_is_the_picture_itself() -> None:
    image = picture(colours())
    assert apply(image, "none") is image


def test_black_and_white_has_equal_channels_everywhere_and_leaves_greys_alone() -> None:
    shown = given("bw", colours())
    assert (shown == shown[..., :1]).all()
    assert (given("bw", greys()) == greys()).all()


def test_black_and_white_is_the_grey_of_the_same_luminance() -> None:
    # Half a step of a byte is the most that a grey can be away from the luminance it stands for.
    light = luminance(greys()[0])
    shown = given("bw", colours())[0, :, 0].astype(int)
    wanted = luminance(colours()[0])
    nearest = np.abs(lab(greys()[0])[:, 0][None, :] - lab(colours()[0])[:, 0][:, None]).argmin(axis=1)
    assert np.abs(shown - nearest).max() <= 1
    assert np.abs(light[shown] - wanted).max() < 0.005


@pytest.mark.parametrize(("look", "red", "yellow"), [("sepia", +1, +1), ("warm", +1, +1), ("cool", -1, -1)])
def test_a_grey_card_moves_in_the_right_direction_and_keeps_its_lightness(
    look: str, red: int, yellow: int
) -> None:
    (before,), (after,) = (
        lab(np.full((1, 3), 119, np.uint8)),
        lab(given(look, np.full((1, 1, 3), 119, np.uint8)))[0],
    )
    assert abs(after[0] - before[0]) < 0.3
    assert red * (after[1] - before[1]) > 2
    assert yellow * (after[2] - before[2]) > 10


def test_sepia_leaves_no_colour_of_the_picture_and_warm_and_cool_leave_it_all() -> None:
    red_and_green = np.array([[[150, 90, 90], [90, 130, 90]]], np.uint8)
    sepia, warm, cool = (lab(given(look, red_and_green))[0] for look in ("sepia", "warm", "cool"))
    before = lab(red_and_green)[0]
    assert np.abs(sepia[0, 1:] - sepia[1, 1:]).max() < 1.5
    for after in (warm, cool):
        assert np.allclose(after[0] - after[1], before[0] - before[1], atol=1.5)


@pytest.mark.parametrize("look", CHANGING)
def test_luminance_keeps_its_order_on_a_grey_ramp_with_black_and_white_at_its_ends(look: str) -> None:
    ramp = given(look, greys())[0]
    light = luminance(ramp)
    assert all(darker < brighter for darker, brighter in pairwise(light))
    assert ramp[0].tolist() == [0, 0, 0]
    assert ramp[-1].tolist() == [255, 255, 255]


@pytest.mark.parametrize("look", CHANGING)
def test_no_colour_becomes_lighter_or_darker_however_saturated(look: str) -> None:
    before, after = lab(colours()), lab(given(look, colours()))
    assert np.abs(after[..., 0] - before[..., 0]).max() < 0.6  # what rounding to bytes can do


@pytest.mark.parametrize("look", applicable_after())
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_size_mode_transparency_and_notes_stay_and_the_original_is_not_touched(look: str, mode: str) -> None:
    pixels = np.random.default_rng(4).integers(0, 256, (300, 170, len(mode)), dtype=np.uint8)
    image = picture(pixels.copy())
    image.info["note"] = "kept"
    shown = apply(image, look)
    assert (shown.size, shown.mode, shown.info) == ((170, 300), mode, {"note": "kept"})
    assert (np.array(image) == pixels).all()
    assert (np.array(shown)[..., 3:] == pixels[..., 3:]).all()
    # Every pixel is looked at alone, wherever it lies.
    alone = np.array(apply(picture(pixels[123:124, 45:46]), look))
    assert np.abs(alone[0, 0].astype(int) - np.array(shown)[123, 45]).max() <= 1


@pytest.mark.parametrize(("mode", "shown"), [("L", "RGB"), ("P", "RGB"), ("LA", "RGBA"), ("CMYK", "RGB")])
def test_a_picture_of_another_mode_is_shown_in_colour(mode: str, shown: str) -> None:
    assert apply(Image.new(mode, (5, 4)), "sepia").mode == shown


def test_a_transparent_colour_becomes_transparency() -> None:
    image = Image.new("RGB", (2, 2), (9, 9, 9))
    image.info["transparency"] = (9, 9, 9)
    shown = apply(image, "bw")
    assert shown.getpixel((0, 0)) == (9, 9, 9, 0)
    assert "transparency" not in shown.info


def test_a_look_that_only_a_model_can_draw_says_so() -> None:
    with pytest.raises(FilterNeedsModel, match="“3D movie character” cannot be given to a finished picture"):
        apply(Image.new("RGB", (1, 1)), "3d")
    with pytest.raises(FilterUnknown):
        apply(Image.new("RGB", (1, 1)), "noir")


def test_a_look_of_ones_own_is_three_numbers() -> None:
    vivid = Filter("vivid", "Vivid", "Vivid.", "Vivid.", "Vívido.", pixels=Tone(chroma=1.5))
    (before, after) = (lab(np.array(image))[0, 0] for image in _before_and_after(vivid))
    assert np.allclose(after[1:], 1.5 * before[1:], atol=1)
    assert abs(after[0] - before[0]) < 0.3


def _before_and_after(look: Filter) -> tuple[Image.Image, Image.Image]:
    image = Image.new("RGB", (1, 1), (150, 110, 100))
    return image, toned(image, look)

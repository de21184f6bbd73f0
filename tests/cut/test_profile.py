"""The evidence along an axis: seams stand out, texture does not, and a picture that goes on is told from two."""

import numpy as np
import pytest
from PIL import Image

from avatar_core.cut.profile import STRIPS, peaks, read_profile, steps, surprise, wobbled


def texture(width: int, height: int, seed: int = 0) -> np.ndarray:
    """A smooth random landscape, as two photographs differ, (height, width, 3)."""
    small = np.random.default_rng(seed).integers(0, 256, (height // 16 + 1, width // 16 + 1, 3), np.uint8)
    return np.asarray(Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC))


def two_pictures(seam: int, length: int = 512) -> Image.Image:
    pixels = texture(length, 256).copy()
    pixels[:, seam:] = texture(length, 256, seed=1)[:, seam:]
    return Image.fromarray(pixels)


@pytest.mark.parametrize("axis", [0, 1])
def test_the_strongest_evidence_is_at_the_seam(axis: int) -> None:
    picture = two_pictures(200)
    profile = read_profile(picture if axis == 0 else picture.transpose(Image.Transpose.TRANSPOSE), axis, 3)
    assert profile.length == 512
    assert int(profile.sharp.argmax()) == 200
    assert profile.seam[200] > profile.floor + 0.5


def test_both_axes_have_about_as_many_strips_whatever_the_size() -> None:
    for side in (64, 300, 1024, 1536):
        strips = read_profile(Image.new("RGB", (side, side)), 0, 3).strips
        assert strips.shape[0] == 3
        assert strips.shape[2] == side
        assert min(side, STRIPS) <= strips.shape[1] < 2 * STRIPS


def test_a_step_is_surprising_only_among_smaller_ones() -> None:
    calm = np.full((3, 4, 100), 100, np.float32)
    calm[:, :, 50:] += 20
    rough = calm + np.where(np.arange(100) % 2, 20, 0).astype(np.float32)
    assert surprise(steps(calm))[0, 50] > 2.5
    assert surprise(steps(rough))[0, 50] < 1.2


def test_a_plain_picture_has_no_surprise_and_no_seam() -> None:
    profile = read_profile(Image.new("RGB", (300, 200), "navy"), 0, 3)
    assert not profile.bands.any()
    assert profile.plain.min() == 1


def test_a_picture_goes_on_within_itself_and_not_across_a_seam() -> None:
    profile = read_profile(two_pictures(200), 0, 3)
    within, across = profile.continuity(np.array([100, 200]))
    assert across < 0.4 < 0.6 < within


def test_a_band_that_shows_nothing_is_not_asked() -> None:
    pixels = texture(510, 510).copy()
    pixels[:, 170:] = texture(510, 510, seed=1)[:, 170:]
    pixels[340:] = 230
    profile = read_profile(Image.fromarray(pixels), 0, 3)
    assert profile.told[:, 170].tolist() == [True, True, False]
    assert profile.seam[170] > 2


def test_seen_from_its_other_end_everything_is_turned_and_nothing_changed() -> None:
    profile = read_profile(two_pictures(200), 0, 3)
    turned = profile.reversed()
    assert np.array_equal(turned.seam, profile.seam[::-1])
    assert np.array_equal(turned.reversed().colour, profile.colour)
    place = np.array([40, 200, 311])
    assert np.allclose(turned.continuity(512 - place), profile.continuity(place), atol=1e-5)


def test_evidence_that_wobbles_counts_a_little_less() -> None:
    bands = np.zeros((1, 50), np.float32)
    bands[0, 20] = 2
    near = wobbled(bands)[0]
    assert near[20] == 2
    assert 1 < near[23] < near[21] < 2
    assert near[30] == 0


def test_peaks_are_the_highest_tops_in_the_order_of_the_axis() -> None:
    evidence = np.array([0, 3, 0, 1, 0, 5, 0, 2, 0], np.float32)
    assert peaks(evidence, 0, 9, 2).tolist() == [1, 5]

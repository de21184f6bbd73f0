"""Pixels: cells put together again are the picture, the grid is found or doubted, and no bytes bring the program down."""

import contextlib
import io
import random
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from avatar_core.cut import as_png, as_thumbnail, as_webp, crop, draw_lines, find_grid, open_picture
from avatar_core.errors import PictureUnreadable
from avatar_core.grid import exact_boxes
from avatar_core.types import Cut, Size, Verdict
from tests.contract_rules import draw_grid
from tests.cut.faults import FAULTS, faulty_grid, seeded_noise
from tests.cut.portraits import demo_grid, demo_portraits, plain_portraits
from tests.cut.stress import Specimen, Style, compose, stress_grid

counts = st.integers(1, 7)
sides = st.integers(7, 120)


def noise(width: int, height: int, mode: str = "RGB") -> Image.Image:
    pixels = np.random.default_rng(width * 1000 + height).integers(0, 256, (height, width, 3), np.uint8)
    return Image.fromarray(pixels).convert(mode)


def encoded(image: Image.Image, format: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()


def exactly(width: int, height: int, rows: int, columns: int) -> Cut:
    boxes = exact_boxes(Size(width, height), rows, columns)
    return Cut(boxes, 0.0, Verdict.UNVERIFIED, rows=rows, columns=columns)


@given(sides, sides, counts, counts)
@settings(max_examples=60, deadline=None)
def test_exact_cells_put_together_again_are_the_picture_pixel_for_pixel(
    width: int, height: int, rows: int, columns: int
) -> None:
    picture = noise(width, height)
    cut = exactly(width, height, rows, columns)
    again = Image.new("RGB", picture.size)
    for cell, image in crop(picture, cut, range(1, rows * columns + 1)).items():
        again.paste(open_picture(as_png(image)), cut.boxes[cell - 1][:2])
    assert again.tobytes() == picture.tobytes()


def test_only_the_cells_that_are_asked_for_are_cut() -> None:
    assert list(crop(noise(90, 90), exactly(90, 90, 3, 3), range(1, 8))) == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize("format", ["PNG", "WEBP", "BMP", "TIFF", "GIF"])
def test_what_is_kept_without_loss_is_opened_without_loss(format: str) -> None:
    picture = noise(40, 30).quantize(64).convert("RGB")
    data = encoded(picture, format, **({"lossless": True} if format == "WEBP" else {}))
    assert open_picture(data).tobytes() == picture.tobytes()


@pytest.mark.parametrize("mode", ["L", "LA", "P", "1", "RGBA", "CMYK", "YCbCr", "I;16", "F"])
def test_a_picture_of_any_kind_becomes_red_green_and_blue(mode: str) -> None:
    picture = noise(31, 17, "L").convert("I").convert("I;16") if mode == "I;16" else noise(31, 17, mode)
    opened = open_picture(encoded(picture, "TIFF" if mode in {"CMYK", "YCbCr", "F", "I;16"} else "PNG"))
    assert (opened.mode, opened.size) == ("RGB", (31, 17))


def test_a_palette_with_a_transparent_colour_is_opened() -> None:
    picture = noise(30, 30).quantize(8)
    opened = open_picture(encoded(picture, "PNG", transparency=0))
    assert (opened.mode, opened.size) == ("RGB", (30, 30))


def test_the_first_frame_of_an_animation_counts() -> None:
    frames = [Image.new("RGB", (30, 30), colour) for colour in ("red", "green", "blue")]
    for format in ("GIF", "WEBP", "PNG"):
        data = encoded(frames[0], format, save_all=True, append_images=frames[1:])
        red, green, blue = open_picture(data).getpixel((15, 15))  # type: ignore[misc]
        assert red > 200 > 50 > max(green, blue)


def _png_that_claims(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("side", [9_000, 20_000, 2**31 - 1])
def test_a_bomb_is_refused_before_it_is_unpacked(side: int) -> None:
    with pytest.raises(PictureUnreadable):
        open_picture(_png_that_claims(side, side))


@given(st.binary(max_size=200))
@settings(deadline=None)
def test_garbage_is_refused(data: bytes) -> None:
    with pytest.raises(PictureUnreadable):
        open_picture(data)


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow says what it forgives
@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP", "GIF", "TIFF", "BMP"])
@given(st.data())
@settings(max_examples=25, deadline=None)
def test_a_picture_cut_short_is_refused_or_opened_but_never_anything_else(
    format: str, data: st.DataObject
) -> None:
    whole = encoded(noise(48, 48), format)
    length = data.draw(st.integers(0, len(whole) - 1))
    with contextlib.suppress(PictureUnreadable):
        assert open_picture(whole[:length]).size == (48, 48)


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow says what it forgives
@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP", "GIF", "TIFF", "BMP"])
@given(st.data())
@settings(max_examples=25, deadline=None)
def test_a_damaged_picture_is_refused_or_opened_but_never_anything_else(
    format: str, data: st.DataObject
) -> None:
    whole = bytearray(encoded(noise(48, 48), format))
    for _ in range(3):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(PictureUnreadable):
        open_picture(bytes(whole))


def test_lines_are_drawn_on_a_copy() -> None:
    picture = noise(90, 90)
    before = picture.tobytes()
    assert draw_lines(picture, exactly(90, 90, 3, 3).boxes).tobytes() != before
    assert picture.tobytes() == before


@given(sides, sides, st.integers(1, 200))
@settings(max_examples=30, deadline=None)
def test_a_thumbnail_is_never_larger_than_asked_or_than_the_picture(
    width: int, height: int, side: int
) -> None:
    small = Image.open(io.BytesIO(as_thumbnail(noise(width, height), side)))
    assert small.format == "JPEG"
    assert max(small.size) <= min(side, max(width, height))


# The grid is found


GROUPS = [demo_portraits(seed, 576) for seed in (3, 5, 8)]


def overlap(a: tuple[int, ...], b: tuple[int, ...]) -> float:
    """Intersection over union of two boxes."""
    width, height = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    both = max(0, width) * max(0, height)
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (a, b)]
    return both / (sum(areas) - both)


def worst(cut: Cut, specimen: Specimen) -> float:
    return min(overlap(found, true) for found, true in zip(cut.boxes, specimen.boxes, strict=True))


@pytest.mark.parametrize("seed", range(500, 516))
def test_the_cells_of_a_composed_grid_are_found(seed: int) -> None:
    specimen = stress_grid(GROUPS, seed, (768, 768))
    cut = find_grid(specimen.image)
    assert worst(cut, specimen) > (0.95 if not specimen.style.frame else 0.8), specimen.style
    assert cut.verdict is not Verdict.QUARANTINED or specimen.style.frame


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("seed", [21, 22])
def test_a_picture_that_is_not_the_grid_that_was_asked_for_is_not_accepted(fault: str, seed: int) -> None:
    specimen = faulty_grid(GROUPS, seed, fault)
    cut = find_grid(specimen.image, occupied=specimen.occupied)
    mild = fault in ("intruder", "writing")
    assert cut.verdict is (Verdict.UNVERIFIED if mild else Verdict.QUARANTINED), specimen.what
    assert cut.reasons


@pytest.mark.parametrize("people", [9, 7, 3, 1])
def test_the_demo_models_cells_are_cut_at_exact_thirds_pixel_for_pixel(people: int) -> None:
    cut = find_grid(demo_grid(11, 400, people), occupied=range(1, people + 1))
    assert cut.boxes == exact_boxes(Size(400, 400))
    assert cut.verdict is Verdict.ACCEPTED


def test_plain_grounds_that_meet_at_thirds_are_cut_there_and_not_called_verified() -> None:
    grid = compose(plain_portraits(4), Style(), random.Random(0), (900, 900)).image
    cut = find_grid(grid)
    assert cut.boxes == exact_boxes(Size(900, 900))
    assert cut.verdict is Verdict.UNVERIFIED
    assert cut.confidence <= 0.5
    assert "no seam can be seen" in cut.reasons[0]


def test_a_plain_picture_is_no_grid_of_people() -> None:
    cut = find_grid(Image.new("RGB", (768, 768), "white"))
    assert cut.boxes == exact_boxes(Size(768, 768))
    assert cut.verdict is Verdict.QUARANTINED
    assert len(cut.findings) == 9


def test_noise_is_no_grid() -> None:
    assert find_grid(seeded_noise(1, (768, 768))).verdict is not Verdict.ACCEPTED


@pytest.mark.parametrize(("rows", "columns"), [(2, 2), (2, 3), (1, 4), (4, 3)])
def test_other_grids_are_found_when_they_are_asked_for(rows: int, columns: int) -> None:
    cells = [portrait for group in GROUPS for portrait in group][: rows * columns]
    style = Style(gutter=12, margin=12)
    specimen = compose(cells, style, random.Random(5), (256 * columns, 256 * rows), rows, columns)
    cut = find_grid(specimen.image, rows, columns)
    assert worst(cut, specimen) > 0.97
    assert (cut.rows, cut.columns, cut.verdict) == (rows, columns, Verdict.ACCEPTED)


def test_nine_coloured_cells_between_white_gutters_are_found_without_the_gutters() -> None:
    cut = find_grid(open_picture(draw_grid(1024, 1024)))
    assert cut.verdict is Verdict.ACCEPTED
    assert cut.boxes[0] == (11, 11, 331, 331)


@pytest.mark.parametrize("size", [(3, 3), (3, 900), (50, 40), (191, 191)])
def test_cells_too_small_to_measure_are_cut_evenly_without_confidence(size: tuple[int, int]) -> None:
    cut = find_grid(Image.new("RGB", size), occupied=())
    assert cut.boxes == exact_boxes(Size(*size))
    assert (cut.confidence, cut.verdict) == (0, Verdict.UNVERIFIED)


@pytest.mark.parametrize("size", [(1, 500), (500, 1), (2, 2)])
def test_a_picture_with_fewer_pixels_than_cells_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(PictureUnreadable, match="cannot hold 3 x 3 cells"):
        find_grid(Image.new("RGB", size))


def test_exact_cells_lose_no_pixel_at_any_size() -> None:
    for side in range(3, 2001):
        boxes = exact_boxes(Size(side, 2003 - side))
        assert boxes[0][:2] == (0, 0)
        assert boxes[8][2:] == (side, 2003 - side)
        for cell in range(9):
            left, top, right, bottom = boxes[cell]
            assert left < right
            assert top < bottom
            if cell % 3 < 2:
                assert boxes[cell + 1][0] == right
            if cell < 6:
                assert boxes[cell + 3][1] == bottom


@given(st.sampled_from([1, 2, 4]), st.integers(0, 40))
@settings(max_examples=8, deadline=None)
def test_the_cut_does_not_change_with_lossless_encoding(group: int, seed: int) -> None:
    grid = compose(GROUPS[group % 3], Style(gutter=group), random.Random(seed), (400, 400)).image
    assert find_grid(grid) == find_grid(open_picture(as_webp(grid))) == find_grid(open_picture(as_png(grid)))


@given(st.integers(12, 60), st.sampled_from([(255, 255, 255), (12, 12, 14), (40, 60, 90)]))
@settings(max_examples=12, deadline=None)
def test_the_cut_moves_with_an_added_margin(margin: int, colour: tuple[int, int, int]) -> None:
    grid = compose(GROUPS[0], Style(gutter=10, ground=colour), random.Random(1), (600, 600)).image
    wider = Image.new("RGB", (600 + 2 * margin, 600 + 2 * margin), colour)
    wider.paste(grid, (margin, margin))
    for before, after in zip(find_grid(grid).boxes, find_grid(wider).boxes, strict=True):
        # Beside the new margin a cell is drawn in by a pixel, as beside any gutter.
        assert after == pytest.approx([edge + margin for edge in before], abs=2)


def test_the_same_picture_is_cut_the_same_in_any_mode() -> None:
    grid = compose(GROUPS[1], Style(gutter=8), random.Random(1), (400, 400)).image
    assert find_grid(grid.convert("RGBA")) == find_grid(grid)
    assert find_grid(grid.convert("L")).verdict is Verdict.ACCEPTED


# Odd pictures


def test_a_photograph_that_lies_on_its_side_is_stood_up() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert open_picture(encoded(noise(40, 20), "PNG", exif=exif)).size == (20, 40)


def test_what_is_transparent_is_white_whatever_colour_hides_there() -> None:
    hidden = Image.new("RGBA", (20, 20), (0, 0, 0, 0))
    assert open_picture(encoded(hidden, "PNG")).getpixel((5, 5)) == (255, 255, 255)


def test_sixteen_bits_become_eight_and_are_not_clipped() -> None:
    ramp = np.linspace(0, 65535, 100).astype(np.uint16)[None, :].repeat(4, 0)
    opened = np.asarray(open_picture(encoded(Image.fromarray(ramp), "PNG")))[0, :, 0]
    assert (opened[0], opened[50], opened[99]) == (0, pytest.approx(129, abs=1), 255)


def test_a_colour_profile_is_obeyed_and_a_broken_one_ignored() -> None:
    picture = Image.new("RGB", (20, 20), (100, 150, 200))
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert open_picture(encoded(picture, "PNG", icc_profile=lab)).getpixel((0, 0)) == pytest.approx(
        (100, 150, 200), abs=1
    )
    assert open_picture(encoded(picture, "PNG", icc_profile=b"nonsense")).getpixel((0, 0)) == (100, 150, 200)

"""Pixels: cells put together again are the picture, and no bytes from anywhere bring the program down."""

import contextlib
import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from avatar_core.cut import as_png, as_thumbnail, crop, draw_lines, open_picture
from avatar_core.errors import PictureUnreadable
from avatar_core.grid import exact_boxes
from avatar_core.types import Cut, Size, Verdict

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

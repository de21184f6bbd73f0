"""Pictures as the world has them: each is cut as it is meant to be seen, or refused in words; at every door alike."""

from __future__ import annotations

import io
import random
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, features

from avatar_core.cut import find_grid, open_picture
from avatar_core.errors import AnswerUnusable, PictureUnreadable
from avatar_core.grid import exact_boxes
from avatar_core.people import sample_people
from avatar_core.settings import Settings
from avatar_core.studio import Studio, open_studio
from avatar_core.types import Cut, Recipe, Size, Verdict
from tests.command_line import call
from tests.cut.portraits import demo_portraits
from tests.cut.stress import Style, compose
from tests.toys import ToyModel, painting

SIDE = 480
GRID = compose(demo_portraits(3, 576), Style(gutter=12, margin=14), random.Random(2), (SIDE, SIDE)).image
CUT = find_grid(GRID)


def encoded(image: Image.Image, format: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()


def sixteen_bits(mode: str) -> bytes:
    """A PNG with 16 bits a channel, which Pillow itself does not write in colour."""
    pixels = np.asarray(GRID.convert(mode)).astype(">u2") * 257
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 16, {"L": 0, "RGB": 2}[mode], 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 1)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )


def turned(orientation: int, undo: Image.Transpose) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return encoded(GRID.transpose(undo), "JPEG", quality=95, exif=exif)


def with_hidden_pixels() -> bytes:
    """Transparent gutters, under which another colour hides."""
    picture = GRID.convert("RGBA")
    alpha = Image.new("L", GRID.size, 0)
    for box in CUT.boxes:
        alpha.paste(255, box)
    hidden = Image.new("RGBA", GRID.size, (0, 90, 200, 255))
    hidden.paste(picture, mask=alpha)
    hidden.putalpha(alpha)
    return encoded(hidden, "PNG")


def palette_with_transparency() -> bytes:
    picture = GRID.quantize(255, dither=Image.Dither.NONE)
    white = min(range(255), key=lambda each: -sum(picture.getpalette()[3 * each : 3 * each + 3]))  # type: ignore[index]
    return encoded(picture, "PNG", transparency=white)


def animated(format: str) -> bytes:
    frames = [Image.new("RGB", GRID.size, colour) for colour in ("red", "blue")]
    options = {"lossless": True} if format == "WEBP" else {}
    return encoded(GRID, format, save_all=True, append_images=frames, duration=100, **options)


def profiled() -> bytes:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return encoded(GRID, "PNG", icc_profile=profile)


ODD: dict[str, Callable[[], bytes]] = {
    "16-bit grey": lambda: sixteen_bits("L"),
    "16-bit colour": lambda: sixteen_bits("RGB"),
    "CMYK": lambda: encoded(GRID.convert("CMYK"), "JPEG", quality=95),
    "CMYK TIFF": lambda: encoded(GRID.convert("CMYK"), "TIFF"),
    "grey": lambda: encoded(GRID.convert("L"), "PNG"),
    "grey and transparent": lambda: encoded(GRID.convert("LA"), "PNG"),
    "palette with transparency": palette_with_transparency,
    "hidden pixels": with_hidden_pixels,
    "turned right": lambda: turned(6, Image.Transpose.ROTATE_90),
    "upside down": lambda: turned(3, Image.Transpose.ROTATE_180),
    "turned left": lambda: turned(8, Image.Transpose.ROTATE_270),
    "ICC profile": profiled,
    "broken profile": lambda: encoded(GRID, "PNG", icc_profile=b"nonsense"),
    "animated GIF": lambda: animated("GIF"),
    "animated WebP": lambda: animated("WEBP"),
    "animated PNG": lambda: animated("PNG"),
    "WebP": lambda: encoded(GRID, "WEBP", lossless=True),
    "BMP": lambda: encoded(GRID, "BMP"),
    "AVIF": lambda: encoded(GRID, "AVIF", quality=95),
}


def alike(cut: Cut) -> bool:
    """Whether a cut is that of the plain picture, within what lossy formats blur."""
    pairs = zip(cut.boxes, CUT.boxes, strict=True)
    return cut.verdict is Verdict.ACCEPTED and all(
        abs(a - b) <= 1 for box, true in pairs for a, b in zip(box, true, strict=True)
    )


@pytest.mark.parametrize("kind", ODD)
def test_an_odd_picture_is_cut_as_it_is_meant_to_be_seen(kind: str) -> None:
    if kind == "AVIF" and not features.check("avif"):
        pytest.skip("this Pillow reads no AVIF, and the picture is refused")
    data = ODD[kind]()
    picture = open_picture(data)
    assert (picture.mode, picture.size) == ("RGB", (SIDE, SIDE))
    assert alike(find_grid(picture))
    seen, meant = np.asarray(picture.convert("L"), float), np.asarray(GRID.convert("L"), float)
    inner = [(slice(box[1] + 2, box[3] - 2), slice(box[0] + 2, box[2] - 2)) for box in CUT.boxes]
    assert max(float(np.abs(seen[cell] - meant[cell]).mean()) for cell in inner) < 8


@pytest.mark.parametrize(
    "kind", ["16-bit grey", "16-bit colour", "CMYK", "palette with transparency", "animated GIF"]
)
def test_a_picture_that_somebody_opened_themselves_is_understood_as_well(kind: str) -> None:
    with Image.open(io.BytesIO(ODD[kind]())) as picture:
        assert alike(find_grid(picture))


@pytest.mark.parametrize(
    "kind", ["16-bit grey", "CMYK", "palette with transparency", "turned right", "animated WebP"]
)
def test_the_command_line_cuts_it_too(kind: str) -> None:
    Path("odd").write_bytes(ODD[kind]())
    answer = call("cut", "odd", "--json", "--out", "cells", "--overlay", "over.png")
    assert answer.code == 0
    boxes = answer.json["boxes"]
    assert np.abs(np.array(boxes) - np.array(CUT.boxes)).max() <= 1
    left, top, right, bottom = boxes[0]
    cell = open_picture(Path("cells/1.png").read_bytes())
    assert cell.size == (right - left, bottom - top)


def studio_with(data: bytes, folder: Path) -> tuple[Studio, str]:
    model = ToyModel(lambda request: painting(data, size=request.size))
    studio = open_studio(Settings(avatar_data_dir=folder), model=model)
    run_id = studio.begin(studio.plan(sample_people("nine"), Recipe("demo", Size(768, 768), "")))
    return studio, run_id


def bring(studio: Studio, run_id: str) -> None:
    studio.paint(run_id, 0, "test")
    studio.finish(run_id, 0)


@pytest.mark.parametrize("kind", ["16-bit colour", "turned left", "palette with transparency"])
def test_a_model_may_answer_with_it_and_the_original_bytes_are_kept(kind: str, tmp_path: Path) -> None:
    data = ODD[kind]()
    studio, run_id = studio_with(data, tmp_path)
    bring(studio, run_id)
    record = studio.run(run_id).blocks[0]
    assert record.cut is not None
    assert record.grid is not None
    assert alike(record.cut)
    assert studio.picture(record.grid.blob) == data
    assert open_picture(studio.picture(record.avatars[0].blob)).mode == "RGB"
    studio.close()


def bomb() -> bytes:
    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 100_000)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )


REFUSED: dict[str, Callable[[], bytes]] = {
    "bomb": bomb,
    "truncated PNG": lambda: encoded(GRID, "PNG")[:5000],
    "truncated JPEG": lambda: encoded(GRID, "JPEG")[:3000],
    "nothing": lambda: b"",
    "text": lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "1 px wide": lambda: encoded(Image.new("RGB", (1, 500)), "PNG"),
    "1 px high": lambda: encoded(Image.new("RGB", (500, 1)), "PNG"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_cut_is_refused_in_words_at_every_door_and_nothing_is_lost(
    kind: str, tmp_path: Path
) -> None:
    data = REFUSED[kind]()
    with pytest.raises(PictureUnreadable, match="Use a"):
        find_grid(open_picture(data))
    Path("odd").write_bytes(data)
    answer = call("cut", "odd", "--json", "--out", "cells")
    assert (answer.code, answer.json["error"]) == (2, "PictureUnreadable")
    assert not list(Path().glob("cells/*.png"))
    if not data:
        return
    studio, run_id = studio_with(data, tmp_path / "data")
    with pytest.raises(AnswerUnusable, match="generate again"):
        bring(studio, run_id)
    assert studio.picture(studio.store.blobs.id_of(data)) == data
    record = studio.run(run_id).blocks[0]
    assert (record.grid, record.cut) == (None, None)  # the next try asks for another
    studio.close()


@given(st.integers(3, 2000), st.integers(3, 2000))
@settings(deadline=None)
def test_exact_cells_cover_every_pixel_once_at_every_size(width: int, height: int) -> None:
    boxes = exact_boxes(Size(width, height))
    across = [(box[0], box[2]) for box in boxes[:3]]
    down = [(box[1], box[3]) for box in boxes[::3]]
    assert boxes == tuple((left, top, right, bottom) for top, bottom in down for left, right in across)
    for spans, length in ((across, width), (down, height)):
        assert [edge for span in spans for edge in span] == [
            0,
            spans[0][1],
            spans[0][1],
            spans[1][1],
            spans[1][1],
            length,
        ]
        assert max(b - a for a, b in spans) - min(b - a for a, b in spans) <= 1

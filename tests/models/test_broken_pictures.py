"""Answers that were paid for and are no picture: refused, never repeated, and their bytes kept to look at."""

from __future__ import annotations

import base64
import io
import struct
import zlib

import pytest
from PIL import Image

from avatar_core import errors
from tests.contract_server import Fault, ImageServer, draw_grid
from tests.models.painting import Paint, failure


def moving(format: str) -> bytes:
    """A file of two pictures that are shown in turn."""
    file = io.BytesIO()
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("red", "blue")]
    frames[0].save(file, format, save_all=True, append_images=frames[1:], duration=100)
    return file.getvalue()


def bomb() -> bytes:
    """A PNG of a few hundred bytes that says it is 30000 pixels wide and high."""
    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")]
    packed = (struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def text_bomb() -> bytes:
    """A PNG whose comment unfolds into a hundred megabytes."""
    comment = b"c\x00\x00" + zlib.compress(bytes(100 * 2**20), 9)
    chunk = (
        struct.pack(">I", len(comment)) + b"zTXt" + comment + struct.pack(">I", zlib.crc32(b"zTXt" + comment))
    )
    whole = draw_grid(64, 64)
    return whole[:33] + chunk + whole[33:]


def huge() -> bytes:
    file = io.BytesIO()
    Image.new("1", (9000, 9000)).save(file, "PNG")
    return file.getvalue()


BROKEN = {
    "not a picture": b"This is no picture.",
    "half a PNG": draw_grid(300, 300)[:-400],
    "half a JPEG": draw_grid(300, 300, "jpeg")[:-400],
    "half a WebP": draw_grid(300, 300, "webp")[:-400],
    "only a beginning": draw_grid(300, 300)[:20],
    "nothing": b"\x00",
    "moving WebP": moving("WEBP"),
    "moving PNG": moving("PNG"),
    "moving GIF": moving("GIF"),
    "a bomb": bomb(),
    "a bomb in a comment": text_bomb(),
    "more pixels than can be opened": huge(),
    "a drawing in SVG": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
}
EVERY = pytest.mark.parametrize("data", BROKEN.values(), ids=list(BROKEN))


@EVERY
def test_a_broken_picture_is_refused_and_its_bytes_are_kept(
    image_server: ImageServer, paint: Paint, data: bytes
) -> None:
    image_server.script(Fault.picture(data))
    error = failure(paint)
    assert type(error) is errors.AnswerUnusable
    assert error.data == data
    assert error.may_be_billed
    assert not error.retryable
    assert error.message.endswith("generate again.")
    assert len(image_server.generations) == 1


@EVERY
def test_it_makes_no_difference_whether_it_came_by_link(
    image_server: ImageServer, paint: Paint, data: bytes
) -> None:
    image_server.script(Fault.item(url=image_server.serve(data)))
    error = failure(paint)
    assert isinstance(error, errors.AnswerUnusable)
    assert error.data == data


def test_a_data_url_is_no_way_round(image_server: ImageServer, paint: Paint) -> None:
    data = BROKEN["moving PNG"]
    image_server.script(Fault.item(url=f"data:image/png;base64,{base64.b64encode(data).decode()}"))
    error = failure(paint)
    assert isinstance(error, errors.AnswerUnusable)
    assert error.data == data


def test_a_moving_picture_is_called_one(image_server: ImageServer, paint: Paint) -> None:
    image_server.script(Fault.picture(BROKEN["moving PNG"]))
    assert "a moving picture" in failure(paint).message


@pytest.mark.parametrize("name", ["a bomb", "more pixels than can be opened"])
def test_a_picture_that_is_too_large_is_not_unfolded(
    image_server: ImageServer, paint: Paint, name: str
) -> None:
    image_server.script(Fault.picture(BROKEN[name]))
    assert "more pixels than can be opened" in failure(paint).message


def test_base64_that_is_damaged_is_kept_as_it_came(image_server: ImageServer, paint: Paint) -> None:
    image_server.script(Fault.item(b64_json="iVBORw0KGgo*"))
    error = failure(paint)
    assert isinstance(error, errors.AnswerUnusable)
    assert error.data == b"iVBORw0KGgo*"


@pytest.mark.parametrize(
    "fault", [Fault.without_picture(), Fault.raw(200, "<h1>Welcome</h1>"), Fault.item(url="ftp://x/1.png")]
)
def test_where_nothing_came_nothing_is_kept(image_server: ImageServer, paint: Paint, fault: Fault) -> None:
    image_server.script(fault)
    error = failure(paint)
    assert isinstance(error, errors.AnswerUnusable)
    assert error.data == b""


def test_what_holds_the_key_is_not_kept(image_server: ImageServer, paint: Paint) -> None:
    image_server.script(Fault.picture(f"no picture, but {image_server.key}".encode()))
    error = failure(paint)
    assert isinstance(error, errors.AnswerUnusable)
    assert error.data == b""

"""Answers that were paid for and are no picture: refused, never repeated, and their bytes kept to look at."""

from __future__ import annotations

import base64
import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from avatar_core import errors
from avatar_core.studio import open_studio
from avatar_core.types import Recipe, Size
from tests.contract_server import Fault, ImageServer, draw_grid
from tests.models.painting import MakeSettings, Paint, failure
from tests.toys import ToyModel, painting, people
from tests.toys import recipe as toy_recipe


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


def wrong_pixels() -> bytes:
    """A PNG whose parts are whole, and whose pixels cannot be unpacked."""
    header = struct.pack(">IIBBBBB", 300, 300, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", b"no deflated data"), (b"IEND", b"")]
    packed = (struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


BROKEN_FURTHER_IN = {
    "half a PNG": draw_grid(300, 300)[:-400],
    "a small part of a large PNG": draw_grid(1536, 1536)[:5000],
    "half a JPEG": draw_grid(300, 300, "jpeg")[:-400],
}
BROKEN = {
    "not a picture": b"This is no picture.",
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


@pytest.mark.parametrize("data", [*BROKEN.values(), *BROKEN_FURTHER_IN.values()])
def test_whatever_is_broken_is_never_a_grid_and_its_bytes_can_be_looked_at(
    image_server: ImageServer, server_settings: MakeSettings, tmp_path: Path, data: bytes
) -> None:
    studio = open_studio(server_settings(avatar_data_dir=tmp_path))
    recipe = Recipe(model="gpt-image-2", size=Size(816, 816), quality="low")
    run_id = studio.begin(studio.plan(people(9), recipe))
    image_server.script(Fault.picture(data))
    with pytest.raises(errors.AnswerUnusable):
        studio.paint(run_id, 0, "somebody")
    (call,) = studio.store.catalog.calls.of(run_id)
    assert call.outcome == "AnswerUnusable"
    (kept,) = (word.rstrip(".") for word in call.message.split() if len(word) >= 64)
    assert studio.picture(kept) == data
    assert studio.store.arrivals.find(run_id, 0) is None
    assert studio.paint(run_id, 0, "somebody").size == Size(816, 816)  # the next asks for another
    assert len(image_server.generations) == 2
    studio.close()


def test_what_only_unpacking_shows_to_be_broken_is_refused_when_it_is_cut(
    image_server: ImageServer, server_settings: MakeSettings, tmp_path: Path
) -> None:
    studio = open_studio(server_settings(avatar_data_dir=tmp_path))
    recipe = Recipe(model="gpt-image-2", size=Size(816, 816), quality="low")
    run_id = studio.begin(studio.plan(people(9), recipe))
    image_server.script(Fault.picture(wrong_pixels()))
    grid = studio.paint(run_id, 0, "somebody")
    with pytest.raises(errors.AnswerUnusable, match=grid.blob):
        studio.finish(run_id, 0)
    assert studio.picture(grid.blob) == wrong_pixels()
    assert studio.paint(run_id, 0, "somebody").blob != grid.blob  # the next asks for another
    studio.finish(run_id, 0)
    assert len(studio.run(run_id).avatars) == 9
    studio.close()


def test_a_picture_that_was_kept_and_never_opened_is_looked_at_by_whoever_finds_it(
    server_settings: MakeSettings, tmp_path: Path
) -> None:
    studio = open_studio(server_settings(avatar_data_dir=tmp_path), model=ToyModel())
    run_id = studio.begin(studio.plan(people(9), toy_recipe()))
    studio.store.arrivals.keep(run_id, 0, painting(BROKEN_FURTHER_IN["half a PNG"]))  # and the process died
    with pytest.raises(errors.AnswerUnusable):
        studio.paint(run_id, 0, "somebody")
    assert studio.run(run_id).blocks[0].grid is None
    studio.close()


def test_a_picture_with_the_key_written_into_it_is_not_kept(image_server: ImageServer, paint: Paint) -> None:
    whole = draw_grid(64, 64)
    comment = b"Comment\x00" + image_server.key.encode()
    chunk = (
        struct.pack(">I", len(comment)) + b"tEXt" + comment + struct.pack(">I", zlib.crc32(b"tEXt" + comment))
    )
    image_server.script(Fault.picture(whole[:33] + chunk + whole[33:]))
    error = failure(paint)
    assert isinstance(error, errors.AnswerUnusable)
    assert (error.data, "the key" in error.message) == (b"", True)


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

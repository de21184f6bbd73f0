"""Crops for use: form, size and format of avatars that are given away; the archive keeps exact cells."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from avatar_core.cut import finished, open_picture, square
from avatar_core.errors import ChoiceIllegal
from avatar_core.finish import AS_STORED, LARGEST, SMALLEST, Finish, Form, Format
from avatar_core.people import sample_people
from avatar_core.settings import Settings
from avatar_core.studio import Studio, open_studio
from avatar_core.types import FilterMode, Recipe, Run, Size

KINDS = {Format.PNG: "PNG", Format.WEBP: "WEBP", Format.JPEG: "JPEG"}


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    studio = open_studio(Settings(avatar_data_dir=tmp_path_factory.mktemp("finish") / "data"))
    yield studio
    studio.close()


def drawn(studio: Studio, size: Size, mode: FilterMode) -> Run:
    recipe = Recipe("demo", size, "", filter_mode=mode)
    run_id = studio.begin(studio.plan(sample_people("nine"), recipe))
    studio.paint(run_id, 0, "test")
    studio.cut(run_id, 0)
    return studio.run(run_id)


@pytest.fixture(scope="module")
def tall(studio: Studio) -> Run:
    """Cells of 128 x 192 px, with looks that are applied after the cut."""
    return drawn(studio, Size(384, 576), FilterMode.AFTER)


def files(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@given(
    st.integers(20, 400),
    st.integers(20, 400),
    st.sampled_from(list(Form)),
    st.sampled_from([None, 128, 256, 512]),
)
@settings(max_examples=30, deadline=None)
def test_form_and_size_are_as_asked_and_nothing_grows_unasked(
    width: int, height: int, form: Form, side: int | None
) -> None:
    made = finished(Image.new("RGB", (width, height), "teal"), Finish(form, side))
    longer = max(width, height) if form is Form.CELL else min(width, height)
    assert max(made.size) == min(longer, side or longer)
    assert (made.width == made.height) or form is Form.CELL
    assert made.mode == ("RGBA" if form is Form.ROUND else "RGB")
    grown = finished(Image.new("RGB", (width, height)), Finish(form, 512, enlarge=True))
    assert max(grown.size) == 512


@pytest.mark.parametrize("format", list(Format))
@pytest.mark.parametrize("form", list(Form))
def test_every_form_in_every_format_is_named_by_id_and_told_in_the_manifest(
    studio: Studio, tall: Run, form: Form, format: Format
) -> None:
    finish = Finish(form, 128, format)
    inside = files(studio.export(tall.id, finish))
    told = rows(inside["manifest.csv"])
    assert [row["file"] for row in told] == [f"avatars/{who.id}.{finish.ending}" for who in tall.personas]
    assert {row["finish"] for row in told} == {str(finish)}
    for row in told:
        picture = Image.open(io.BytesIO(inside[row["file"]]))
        assert picture.format == KINDS[format]
        assert picture.size == ((85, 128) if form is Form.CELL else (128, 128))
        assert (picture.mode == "RGBA") == (form is Form.ROUND and format is not Format.JPEG)


@pytest.mark.parametrize("format", list(Format))
def test_every_format_says_of_itself_that_no_camera_made_it(
    studio: Studio, tall: Run, format: Format
) -> None:
    data = studio.avatar_file(tall, tall.avatars[0], Finish(format=format))
    picture = Image.open(io.BytesIO(data))
    xmp = picture.info["xmp"] if format is not Format.PNG else picture.info["XML:com.adobe.xmp"]
    text = xmp.decode() if isinstance(xmp, bytes) else xmp
    ElementTree.fromstring(text[text.index("<x:xmpmeta") : text.index("<?xpacket end")])
    assert "algorithmicMedia" in text
    assert tall.id in text


def test_lossless_formats_keep_every_pixel_of_the_archive_in_its_look(studio: Studio, tall: Run) -> None:
    for avatar in tall.avatars[:3]:
        seen = open_picture(studio.portrait(tall, avatar)).tobytes()
        for format in (Format.PNG, Format.WEBP):
            assert open_picture(studio.avatar_file(tall, avatar, Finish(format=format))).tobytes() == seen
        stored = open_picture(studio.picture(avatar.blob))
        assert stored.size == (128, 192)
        assert avatar.filter == "none" or stored.tobytes() != seen


def test_a_square_is_the_upper_part_of_a_tall_cell_in_its_look(studio: Studio, tall: Run) -> None:
    avatar = tall.avatars[4]
    seen = open_picture(studio.portrait(tall, avatar))
    made = open_picture(studio.avatar_file(tall, avatar, Finish(Form.SQUARE)))
    assert made.tobytes() == seen.crop(square((0, 0, 128, 192))).tobytes()


def test_the_default_is_the_exact_cell_as_it_always_was(studio: Studio) -> None:
    run = drawn(studio, Size(384, 384), FilterMode.NONE)
    inside = files(studio.export(run.id))
    assert inside == files(studio.export(run.id, AS_STORED))
    for avatar in run.avatars:
        stored, given_away = studio.picture(avatar.blob), inside[f"avatars/{avatar.persona.id}.png"]
        assert open_picture(given_away).tobytes() == open_picture(stored).tobytes()
        # The compressed pixels are copied as they are.
        assert stored[stored.index(b"IDAT") :] == given_away[given_away.index(b"IDAT") :]


def test_a_folder_keeps_what_belongs_to_others_whatever_the_format(
    studio: Studio, tall: Run, tmp_path: Path
) -> None:
    finish = Finish(Form.SQUARE, 64, Format.JPEG)
    first = tall.personas[0].id
    (tmp_path / f"{first}.jpg").write_bytes(b"somebody's")
    (tmp_path / f"{first}.png").write_bytes(b"somebody's")
    assert studio.strangers(tall, tmp_path, finish) == [f"{first}.jpg"]
    assert studio.save(tall.id, tmp_path, finish) == [who.id for who in tall.personas]
    assert studio.strangers(tall, tmp_path, finish) == []
    assert (tmp_path / f"{first}.png").read_bytes() == b"somebody's"


@pytest.mark.parametrize("side", [SMALLEST - 1, LARGEST + 1, 0, -5])
def test_a_side_that_no_avatar_has_is_refused(side: int) -> None:
    with pytest.raises(ChoiceIllegal, match="Choose a side from 16 to 4096"):
        Finish(side=side)

"""Cutting on the command line: an overlay to look at, JSON to compute with, exit codes to rely on, and cutting again."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from avatar_core.people import sample_people
from avatar_core.settings import Settings
from avatar_core.studio import open_studio
from avatar_core.types import Recipe, Size
from tests.command_line import SMALL, call, manifest, people, write_csv
from tests.cut.portraits import demo_portraits
from tests.cut.stress import Style, compose

PORTRAITS = demo_portraits(3, 576)


def picture_in(path: str | Path) -> Image.Image:
    return Image.open(io.BytesIO(Path(path).read_bytes()))


@pytest.fixture
def grid() -> Path:
    """A good grid with gutters and margins."""
    path = Path("grid.png")
    compose(PORTRAITS, Style(gutter=12, margin=10), random.Random(3), (700, 600)).image.save(path)
    return path


@pytest.fixture
def wrong() -> Path:
    """A grid in which somebody is missing."""
    path = Path("wrong.png")
    cells = [*PORTRAITS[:6], Image.new("RGB", PORTRAITS[0].size, "ivory"), *PORTRAITS[7:]]
    compose(cells, Style(gutter=12), random.Random(3), (700, 600)).image.save(path)
    return path


def test_a_good_grid_is_cut_with_everything_that_is_known_about_it(grid: Path) -> None:
    answer = call("cut", grid, "--json", "--overlay", "look/over.png")
    assert answer.code == 0
    told = answer.json
    assert (told["verdict"], told["origin"], told["findings"], told["reasons"]) == (
        "accepted",
        "found",
        [],
        [],
    )
    assert (told["width"], told["height"], len(told["boxes"])) == (700, 600, 9)
    assert 0.8 < told["confidence"] <= 1
    over = picture_in("look/over.png")
    assert over.size == (700, 600)
    assert told["overlay"] == str(Path("look/over.png"))
    left, top, _, _ = told["boxes"][4]
    assert over.getpixel((left, top)) != picture_in(grid).getpixel((left, top))


def test_a_wrong_grid_is_told_by_the_exit_code_and_cell_by_cell(wrong: Path) -> None:
    answer = call("cut", wrong, "--json")
    assert answer.code == 3
    assert answer.json["verdict"] == "quarantined"
    assert answer.json["findings"]
    for finding in answer.json["findings"]:
        assert f"Cell {finding['cell']}: {finding['reason']}" in answer.json["reasons"]
    plain = call("cut", wrong, "--overlay", "over.png")
    assert plain.code == 3
    assert "over.png" in plain.out


def test_another_file_is_not_replaced_by_an_overlay_unless_asked(grid: Path) -> None:
    Path("mine.png").write_bytes(b"mine")
    assert call("cut", grid, "--overlay", "mine.png").code == 2
    assert Path("mine.png").read_bytes() == b"mine"
    assert call("cut", grid, "--overlay", "mine.png", "--overwrite").code == 0
    assert call("cut", grid, "--overlay", "mine.png").code == 0
    folder = call("cut", grid, "--overlay", ".")
    assert (folder.code, "is a folder" in folder.err) == (2, True)


def test_a_turned_photograph_is_cut_upright_and_the_boxes_refer_to_that(grid: Path) -> None:
    upright = call("cut", grid, "--json").json
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter to the right
    picture_in(grid).transpose(Image.Transpose.ROTATE_90).save("turned.png", exif=exif)
    turned = call("cut", "turned.png", "--json", "--overlay", "turned-over.png").json
    assert turned["boxes"] == upright["boxes"]
    assert (turned["width"], turned["height"]) == (700, 600)
    assert picture_in("turned-over.png").size == (700, 600)


@pytest.fixture
def run() -> str:
    """A run in the data folder that the command line uses here."""
    studio = open_studio(Settings())
    run_id = studio.begin(studio.plan(sample_people("nine"), Recipe("demo", Size(384, 384), "")))
    studio.paint(run_id, 0, "test")
    studio.cut(run_id, 0)
    studio.close()
    return run_id


def test_a_run_is_cut_again_into_thirds_and_back(run: str) -> None:
    thirds = call("recut", run, "thirds", "--json")
    assert thirds.code == 0
    assert thirds.json["cuts"][0]["origin"] == "thirds"
    assert thirds.json["cuts"][0]["confidence"] == 0
    call("export", run, "--out", "thirds.zip")
    with zipfile.ZipFile("thirds.zip") as archive:
        assert b"thirds" in archive.read("manifest.csv")
    found = call("recut", run)
    assert found.code == 0
    assert found.out.startswith("Picture 1: accepted")
    call("export", run, "--out", "found.zip")
    with zipfile.ZipFile("found.zip") as archive:
        assert b"thirds" not in archive.read("manifest.csv")


@pytest.mark.parametrize(
    ("words", "code"), [(("nope",), 2), (("nope", "sideways"), 2), (("nope", "--picture", "0"), 2)]
)
def test_what_cannot_be_cut_again_is_said(words: tuple[str, ...], code: int) -> None:
    answer = call("recut", *words)
    assert answer.code == code
    assert answer.err


def test_a_picture_that_the_run_lacks_is_said(run: str) -> None:
    answer = call("recut", run, "--picture", "4")
    assert (answer.code, "no picture 4" in answer.err) == (2, True)


def test_avatars_are_saved_in_the_form_size_and_format_that_is_asked_for() -> None:
    write_csv("people.csv", people(9))
    wanted = ("--form", "round", "--side", "64", "--format", "webp")
    answer = call("generate", "people.csv", "--out", "faces", *SMALL, *wanted)
    assert answer.code == 0
    faces = sorted(Path("faces").glob("*.webp"))
    assert [face.stem for face in faces] == [f"p{n:02d}" for n in range(9)]
    assert not list(Path("faces").glob("*.png"))
    for face in faces:
        picture = picture_in(face)
        assert (picture.format, picture.mode, picture.size) == ("WEBP", "RGBA", (64, 64))
    assert {row["finish"] for row in manifest("faces")} == {"round, at most 64 px, webp"}
    assert {Path(row["file"]).suffix for row in manifest("faces")} == {".webp"}


def test_the_same_run_is_exported_in_another_form_without_drawing_it_again(run: str) -> None:
    assert (
        call("export", run, "--out", "small.zip", "--form", "square", "--side", "48", "--format", "jpeg").code
        == 0
    )
    with zipfile.ZipFile("small.zip") as archive:
        faces = [name for name in archive.namelist() if name.startswith("avatars/")]
        assert len(faces) == 9
        for name in faces:
            picture = Image.open(io.BytesIO(archive.read(name)))
            assert (picture.format, picture.size) == ("JPEG", (48, 48))
            assert name.endswith(".jpg")


def test_a_side_that_cannot_be_is_refused_before_anything_is_drawn() -> None:
    write_csv("people.csv", people(9))
    assert call("generate", "people.csv", "--out", "faces", "--side", "3").code == 2
    assert not Path("faces").exists()

"""Exports: what is in the zip, what the manifest says of each person, what a picture says of itself."""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from PIL import Image

from avatar_core.errors import BlobMissing, InputError, PictureUnreadable
from avatar_core.export import manifest_csv, manifest_rows, marked_png, write_zip, zip_run
from avatar_core.grid import exact_boxes
from avatar_core.types import (
    Avatar,
    Block,
    BlockRecord,
    BlockState,
    Cost,
    Cut,
    Ethnicity,
    Gender,
    Grid,
    Persona,
    Recipe,
    Run,
    Size,
    Verdict,
)

NOON = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
SIZE = Size(96, 96)


def picture(colour: tuple[int, int, int], size: int = 32, format: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (size, size), colour).save(out, format)
    return out.getvalue()


def person(id: str, occupation: str = "nurse", **more: object) -> Persona:
    return replace(Persona(id, 41, Gender.WOMAN, Ethnicity.PARDO, occupation), **more)  # type: ignore[arg-type]


class Shelf:
    """A store in memory: enough of one for an export."""

    def __init__(self) -> None:
        self.blobs: dict[str, bytes] = {}

    def put(self, data: bytes) -> str:
        name = hashlib.sha256(data).hexdigest()
        self.blobs[name] = data
        return name

    def read(self, blob: str) -> bytes:
        if blob not in self.blobs:
            raise BlobMissing
        return self.blobs[blob]

    def painted(
        self, people: list[Persona], *, index: int = 0, model: str = "demo", format: str = "PNG"
    ) -> BlockRecord:
        """A finished block: one colour per avatar, so that a mix-up shows."""
        block = Block(index, tuple(people), ("sepia",) * len(people))
        grid = Grid(
            id=f"g{index}",
            blob=self.put(picture((index, 9, 9), 96, format)),
            media_type=f"image/{format.lower()}",
            size=SIZE,
            model=model,
            seconds=1.5,
            sent={"n": 1},
            cost=Cost(0.0, "free"),
            arrived=NOON,
        )
        avatars = tuple(
            Avatar(who, "sepia", index, cell, self.put(picture((index, cell, 200))), Verdict.UNVERIFIED)
            for cell, who in enumerate(people, start=1)
        )
        cut = Cut(exact_boxes(SIZE), 0.0, Verdict.UNVERIFIED)
        return BlockRecord(
            block, "Nine people, é", BlockState.DONE, NOON, 1, grid=grid, cut=cut, avatars=avatars
        )


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


def run_of(*blocks: BlockRecord, recipe: Recipe | None = None) -> Run:
    recipe = recipe or Recipe(model="demo", size=SIZE, quality="", seed=7)
    return Run("run-1", NOON, "Pilot", recipe, blocks)


def unzipped(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def table(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def colour(data: bytes) -> object:
    return Image.open(io.BytesIO(data)).convert("RGB").getpixel((5, 5))


def test_every_persona_finds_their_own_picture_in_the_zip(shelf: Shelf) -> None:
    first = shelf.painted([person(f"p{n}") for n in range(9)])
    second = shelf.painted([person("q0"), person("q1")], index=1)
    files = unzipped(zip_run(run_of(first, second), shelf.read))
    rows = table(files["manifest.csv"])
    assert [row["id"] for row in rows] == [*(f"p{n}" for n in range(9)), "q0", "q1"]
    for row in rows:
        assert row["file"] == f"avatars/{row['id']}.png"
        assert colour(files[row["file"]]) == (int(row["block"]) - 1, int(row["cell"]), 200)
        assert hashlib.sha256(files[row["grid"]]).hexdigest() == row["grid_sha256"]
        prompt = files[f"prompts/{row['block']}.txt"]
        assert hashlib.sha256(prompt).hexdigest() == row["prompt_sha256"]
    assert {name.partition("/")[0] for name in files} == {
        *("avatars", "grids", "prompts", "manifest.csv", "recipe.json")
    }


def test_a_row_says_where_the_face_was_cut(shelf: Shelf) -> None:
    row = manifest_rows(run_of(shelf.painted([person(f"p{n}") for n in range(9)])))[5]
    assert (row["block"], row["cell"], row["row"], row["column"]) == ("001", "6", "2", "3")
    assert row["box"] == "64 32 96 64"
    assert row["created"] == "2026-11-22T12:00:00+00:00"
    assert (row["age"], row["gender"], row["ethnicity"], row["filter"]) == ("41", "woman", "pardo", "sepia")


def test_the_same_run_gives_the_same_bytes(shelf: Shelf) -> None:
    run = run_of(shelf.painted([person("p1")]))
    assert zip_run(run, shelf.read) == zip_run(run, shelf.read)


@pytest.mark.parametrize(
    ("model", "says"), [("demo", "DEMO drawing"), ("gpt-image-2.5-flare", "AI-generated")]
)
def test_provenance_says_who_drew(shelf: Shelf, model: str, says: str) -> None:
    files = unzipped(zip_run(run_of(shelf.painted([person("p1")], model=model)), shelf.read))
    assert table(files["manifest.csv"])[0]["provenance"] == says
    assert (b"DEMO" in files["avatars/p1.png"]) == (model == "demo")


def test_a_grid_keeps_its_bytes_and_gets_the_ending_of_what_it_is(shelf: Shelf) -> None:
    record = shelf.painted([person("p1")], format="JPEG")
    files = unzipped(zip_run(run_of(record), shelf.read))
    assert record.grid is not None
    assert files["grids/001.jpg"] == shelf.blobs[record.grid.blob]


def test_a_failed_block_is_in_the_manifest_with_its_reason(shelf: Shelf) -> None:
    failed = BlockRecord(
        Block(0, (person("p1"),), ("none",)),
        "Nine people",
        BlockState.FAILED,
        NOON,
        error="NoCredit",
        message="No credit.",
    )
    files = unzipped(zip_run(run_of(failed), shelf.read))
    (row,) = table(files["manifest.csv"])
    assert (row["file"], row["grid"], row["state"], row["reason"]) == ("", "", "failed", "No credit.")
    assert not any(name.startswith(("avatars/", "grids/")) for name in files)


@pytest.mark.parametrize("verdict", [Verdict.QUARANTINED, Verdict.REJECTED])
def test_a_doubtful_avatar_is_saved_under_nobodys_id(shelf: Shelf, verdict: Verdict) -> None:
    record = shelf.painted([person("p1"), person("p2")])
    doubtful = replace(record.avatars[0], verdict=verdict)
    cut = replace(record.cut, reasons=("two cells look merged",))  # type: ignore[type-var]
    run = run_of(replace(record, avatars=(doubtful, record.avatars[1]), cut=cut))
    files = unzipped(zip_run(run, shelf.read))
    first, second = table(files["manifest.csv"])
    assert (first["file"], first["verdict"], first["reason"]) == ("", verdict.value, "two cells look merged")
    assert second["file"] == "avatars/p2.png"
    assert "avatars/p1.png" not in files


def test_a_lost_blob_is_named_and_the_rest_is_exported(shelf: Shelf) -> None:
    record = shelf.painted([person("p1"), person("p2")])
    del shelf.blobs[record.avatars[0].blob]
    files = unzipped(zip_run(run_of(record), shelf.read))
    lost, kept = table(files["manifest.csv"])
    assert lost["file"] == ""
    assert "missing or damaged" in lost["reason"]
    assert kept["file"] in files


def test_the_recipe_tells_what_was_chosen_and_answered(shelf: Shelf) -> None:
    run = run_of(shelf.painted([person("p1")]))
    story = json.loads(unzipped(zip_run(run, shelf.read))["recipe.json"])
    assert Recipe.from_dict(story["recipe"]) == run.recipe
    assert story["blocks"][0]["grid"]["sent"] == {"n": 1}


@pytest.mark.parametrize(
    "text",
    [
        "=cmd|' /C calc'!A0",
        "+1+1",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        " =1",
        "＝1+1",
        "=1\n=2",
        '=HYPERLINK("x")',
    ],
)
def test_a_spreadsheet_runs_no_formula(shelf: Shelf, text: str) -> None:
    hostile = person("p1", occupation=text, name=text, extra=((text, text),))
    run = run_of(shelf.painted([hostile]))
    (row,) = table(manifest_csv(run))
    assert row["occupation"] == row["name"] == row["'" + text] == "'" + text
    (plain,) = manifest_rows(run)
    assert plain["occupation"] == text


@pytest.mark.parametrize("text", ["-5", "+3.5", "1,5", "", "enfermeira", "mãe d'água", "-", "a=b"])
def test_harmless_text_stays_as_it_is(shelf: Shelf, text: str) -> None:
    (row,) = table(manifest_csv(run_of(shelf.painted([person("p1", extra=(("note", text),))]))))
    assert row["note"] == ("'-" if text == "-" else text)


def test_extra_columns_are_carried_and_never_hide_ours(shelf: Shelf) -> None:
    ana = person("p1", extra=(("file", "x.doc"), ("city", "Recife"), ("extra_file", "y")))
    rui = person("p2", extra=(("income", "4"),))
    first, second = table(manifest_csv(run_of(shelf.painted([ana, rui]))))
    assert first["file"] == "avatars/p1.png"
    assert (first["extra_file"], first["city"], first["extra_extra_file"], first["income"]) == (
        *("x.doc", "Recife", "y", ""),
    )
    assert (second["city"], second["income"]) == ("", "4")


def test_the_manifest_opens_in_a_spreadsheet_with_its_accents(shelf: Shelf) -> None:
    data = manifest_csv(run_of(shelf.painted([person("p1", occupation="técnica, química")])))
    assert data.startswith(b"\xef\xbb\xbf")
    assert table(data)[0]["occupation"] == "técnica, química"


def test_a_run_of_nobody_has_a_manifest_of_titles_only() -> None:
    assert manifest_csv(run_of()).decode("utf-8-sig").startswith("id,name,age,")
    assert table(manifest_csv(run_of())) == []


@pytest.mark.parametrize(
    "id", ["../p1", "a/b", "a\\b", "C:x", "", ".", "..", ".hidden", "a\nb", "a\0", "x" * 200]
)
def test_no_id_leaves_the_folder(shelf: Shelf, id: str) -> None:
    with pytest.raises(InputError, match="cannot name a file"):
        zip_run(run_of(shelf.painted([person(id)])), shelf.read)


def test_two_ids_never_share_a_file(shelf: Shelf) -> None:
    run = run_of(shelf.painted([person("Ana")]), shelf.painted([person("ana")], index=1))
    with pytest.raises(InputError, match="share the file"):
        zip_run(run, shelf.read)


def test_pictures_pass_through_one_at_a_time(shelf: Shelf) -> None:
    run = run_of(shelf.painted([person(f"p{n}") for n in range(9)]))
    out = io.BytesIO()
    asked_at: list[int] = []

    def read(blob: str) -> bytes:
        asked_at.append(out.tell())
        return shelf.read(blob)

    write_zip(run, read, out)
    assert asked_at == sorted(set(asked_at))


def marked(png: bytes, *, demo: bool = False, model: str = "gpt-image-2") -> bytes:
    return marked_png(png, model=model, run_id="run-1", grid_sha256="ab" * 32, demo=demo)


def pixels(png: bytes) -> tuple[str, tuple[int, int], bytes]:
    with Image.open(io.BytesIO(png)) as image:
        image.load()
        return image.mode, image.size, image.tobytes()


def xmp(png: bytes) -> dict[str, str]:
    with Image.open(io.BytesIO(png)) as image:
        text = image.info["XML:com.adobe.xmp"]
        assert image.info["Software"] == "Synth Avatar Studio"
    (description,) = ElementTree.fromstring(text.split("?>", 1)[1].rsplit("<?", 1)[0]).iter(
        "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}Description"
    )
    return {name.rpartition("}")[2]: value for name, value in description.attrib.items()}


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P"])
def test_marks_touch_no_pixel(mode: str) -> None:
    out = io.BytesIO()
    Image.effect_noise((40, 30), 60).convert(mode).save(out, "PNG")
    assert pixels(marked(out.getvalue())) == pixels(out.getvalue())


def test_marks_say_that_a_trained_model_drew_it() -> None:
    said = xmp(marked(picture((1, 2, 3))))
    assert (
        said["DigitalSourceType"] == "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
    )
    assert said["AISystemUsed"] == "gpt-image-2"
    assert said["Source"] == "sha256:" + "ab" * 32
    assert "run-1" in said["Instructions"]


def test_marks_of_a_demo_drawing_claim_no_ai() -> None:
    said = xmp(marked(picture((1, 2, 3)), demo=True, model="demo"))
    assert said["DigitalSourceType"] == "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia"
    assert "AISystemUsed" not in said
    assert "DEMO" in said["Instructions"]


def test_marking_twice_is_marking_once() -> None:
    once = marked(picture((1, 2, 3)))
    assert marked(once) == once


def test_a_strange_model_name_cannot_break_out_of_the_mark() -> None:
    assert xmp(marked(picture((1, 2, 3)), model='x"/><a b="\0&'))["AISystemUsed"] == 'x"/><a b="&'


@pytest.mark.parametrize(
    "spoil", [lambda png: b"", lambda png: png[:-5], lambda png: b"GIF89a" + png, lambda png: png[:20]]
)
def test_only_a_whole_png_is_marked(spoil: Callable[[bytes], bytes]) -> None:
    with pytest.raises(PictureUnreadable):
        marked(spoil(picture((1, 2, 3))))

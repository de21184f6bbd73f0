"""What strangers give to the command line: every mishap is one message, one exit code, and nothing is spent or lost."""

import json
import os
import sqlite3
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from tests.command_line import SMALL, call, people, run, write_csv


@pytest.fixture(autouse=True)
def _files() -> None:
    write_csv("nine.csv", people(9))
    write_csv("bad.csv", people(3, age="old"))
    Path("empty.csv").touch()
    Path("folder").mkdir()
    Image.new("RGB", (90, 90)).save("picture.csv", "PNG")
    Image.new("RGB", (2, 2)).save("tiny.png")
    Path("half.png").write_bytes(Path("picture.csv").read_bytes()[:60])


MISHAPS = [
    (["generate", "missing.csv", "--out", "o"], "“missing.csv” cannot be read"),
    (["generate", "folder", "--out", "o"], "“folder” cannot be read: Is a directory"),
    (["generate", "empty.csv", "--out", "o"], "is empty"),
    (["generate", "picture.csv", "--out", "o"], "is a PNG picture"),
    (["generate", "bad.csv", "--out", "o"], "no usable person"),
    (["generate", "nine.csv", "--out", "nine.csv"], "nine.csv is a file"),
    (["generate", "nine.csv", "--out", "nine.csv/o"], "cannot be written to"),
    (["generate", "nine.csv", "--out", "o", "--size", "1000"], "is not a size"),
    (["generate", "nine.csv", "--out", "o", "--size", "100x100"], "does not draw 100x100"),
    (["generate", "nine.csv", "--out", "o", "--quality", "hi"], "no quality “hi”"),
    (["generate", "nine.csv", "--out", "o", "--model", "gpt-imag-2"], "Choose gpt-image-2,"),
    (["generate", "nine.csv", "--out", "o", "--model", "dall-e-3"], "was shut down"),
    (["generate", "nine.csv", "--out", "o", "--template", "nope"], "no template called “nope”"),
    (["generate", "nine.csv", "--out", "o", "--filters", "sepia"], "'sepia' is not one of"),
    (["generate", "nine.csv", "--out", "o", "--seed", "-1"], "-1 is not in the range"),
    (["generate", "nine.csv"], "Missing option '--out'"),
    (["generate"], "Missing argument 'PEOPLE'"),
    (["prompt", "bad.csv"], "no usable person"),
    (["prompt", "nine.csv", "--model", "dall-e-2"], "was shut down"),
    (["cut", "missing.png"], "cannot be read"),
    (["cut", "folder"], "cannot be read"),
    (["cut", "nine.csv"], "not a picture"),
    (["cut", "half.png"], "not a picture"),
    (["cut", "tiny.png"], "cannot hold 3 x 3 cells"),
    (["cut", "picture.csv", "--out", "nine.csv"], "nine.csv is a file"),
    (["cut", "picture.csv", "--rows", "0"], "0 is not in the range"),
    (["export", "nope", "--out", "o.zip"], "no run of that id"),
    (["export", "nope", "--out", "folder"], "folder is a folder"),
    (["draw"], "No such command 'draw'"),
]


@pytest.mark.parametrize(("words", "said"), MISHAPS, ids=[" ".join(words) for words, _ in MISHAPS])
def test_unusable_input_ends_with_two_and_says_what_is_wrong(words: list[str], said: str) -> None:
    plain = call(*words)
    assert (plain.code, plain.out) == (2, "")
    assert "Error: " in plain.err
    assert said in plain.err
    told = call(*words, "--json")
    assert told.code == 2
    assert set(told.json) >= {"error", "message"}
    assert said in told.json["message"]
    assert not Path("o").exists()


def test_a_setting_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AVATAR_ATTEMPTS", "many")
    told = call("doctor", "--json")
    assert (told.code, told.json["error"]) == (2, "SettingsBroken")
    assert "AVATAR_ATTEMPTS" in told.json["message"]


def test_when_no_row_can_be_used_each_one_is_named() -> None:
    told = call("generate", "bad.csv", "--out", "o", "--json")
    assert told.json["error"] == "NoPeople"
    assert [(each["row"], each["column"], each["fatal"]) for each in told.json["problems"]] == [
        (row, "age", True) for row in (1, 2, 3)
    ]
    assert "Row 2, column “age”: “old” is not an age." in told.err


def test_rows_that_cannot_be_used_are_named_and_the_others_are_drawn() -> None:
    rows = people(3)
    hostile = [{**row, "id": id} for row, id in zip(people(7), HOSTILE, strict=True)]
    write_csv("mixed.csv", [*rows, *hostile])
    said = call("generate", "mixed.csv", "--out", "faces", *SMALL, "--json")
    assert said.code == 3, said.err
    assert said.json["saved"] == ["p00", "p01", "p02"]
    assert said.json["refused_rows"] == [4, 5, 6, 7, 8, 9, 10]
    assert "Row 4, column “id”" in said.err
    assert "Rows refused: 4, 5, 6, 7, 8, 9, 10." in said.err
    assert {path.name for path in Path("faces").glob("*.png")} == {"p00.png", "p01.png", "p02.png"}
    assert not Path("escaped.png").exists()


HOSTILE = ("../escaped", "/tmp/escaped", "..", "CON", "P01", ".hidden", "a\\b")


def test_a_model_without_a_key_is_refused_before_anything_is_made() -> None:
    told = call("generate", "nine.csv", "--out", "o", "--model", "gpt-image-2", "--json")
    assert (told.code, told.json["error"]) == (4, "KeyMissing")
    assert not Path("o").exists()
    assert call("runs", "--json").json == []


def test_a_locked_database_ends_with_five(monkeypatch: pytest.MonkeyPatch) -> None:
    assert call("doctor").code == 0
    monkeypatch.setattr("avatar_core.store.database.BUSY_SECONDS", 0.2)
    with sqlite3.connect("avatar-data/catalog.sqlite") as other:
        other.execute("BEGIN IMMEDIATE")
        told = call("generate", "nine.csv", "--out", "o", "--json")
    other.close()
    assert (told.code, told.json["error"]) == (5, "StoreLocked")
    assert "locked by another program" in told.err


def test_a_newer_database_and_a_broken_one_end_with_five() -> None:
    assert call("doctor").code == 0
    with sqlite3.connect("avatar-data/catalog.sqlite") as other:
        other.execute("UPDATE alembic_version SET version_num = '9999'")
    other.close()
    assert call("doctor", "--json").json["error"] == "StoreNewer"
    Path("avatar-data/catalog.sqlite").write_bytes(b"no database at all, but long enough" * 100)
    told = call("generate", "nine.csv", "--out", "o", "--json")
    assert (told.code, told.json["error"]) == (5, "StoreUnavailable")


@pytest.fixture
def small_disk(tmp_path: Path) -> Path:
    """A disk of 400 kB, for whoever may mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", disk], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("needs the right to mount")
    return disk


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs the right to mount")
def test_a_full_disk_ends_with_five_and_what_was_drawn_is_kept(small_disk: Path) -> None:
    try:
        within = run("generate", "nine.csv", "--out", "o", *SMALL, AVATAR_DATA_DIR=str(small_disk / "data"))
        beside = call("generate", "nine.csv", "--out", small_disk / "faces", *SMALL, "--json")
    finally:
        subprocess.run(["umount", small_disk], check=True)
    assert within.code == beside.code == 5
    assert "Traceback" not in within.err + beside.err
    assert beside.json["error"] == "StoreFull"
    assert "what was drawn is kept" in beside.json["message"]
    saved = call("generate", "nine.csv", "--out", "faces", *SMALL)
    assert saved.code == 0
    assert "drawn before" in saved.err


def test_a_fault_of_ours_is_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise TypeError("never shown")

    monkeypatch.setattr("avatar_core.cut.find_grid", broken)
    told = call("cut", "picture.csv", "--json")
    assert (told.code, told.json["error"]) == (1, "AvatarError")
    assert "TypeError" in told.json["message"]
    assert "never shown" not in told.out + told.err
    assert json.loads(told.out)

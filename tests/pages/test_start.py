"""A studio that cannot start: the page says why, and recovers when the cause is gone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard import state
from tests.pages.app import ROOT, said, sound, visit


@pytest.fixture(autouse=True)
def _open() -> None:
    """These tests open a studio of their own, or fail to."""


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The data folder of a studio that is not open yet, without a key."""
    monkeypatch.setenv("AVATAR_DATA_DIR", str(tmp_path / "data"))
    state.jobs.clear()
    yield tmp_path / "data"
    state.jobs.clear()


def recovers() -> None:
    at = visit()
    assert not at.error
    assert at.button(key="studio.generate")


def test_garbage_in_place_of_the_database(data: Path) -> None:
    data.mkdir()
    (data / "catalog.sqlite").write_bytes(b"this is no database" * 1000)
    at = visit()
    assert "The studio cannot start" in said(at)
    assert "not a usable SQLite database" in said(at)
    (data / "catalog.sqlite").unlink()
    recovers()


def test_garbage_in_place_of_the_engines_database(data: Path) -> None:
    data.mkdir()
    (data / "catalog.sqlite.engine").write_bytes(b"this is no database" * 1000)
    assert "The studio cannot start" in said(visit())
    (data / "catalog.sqlite.engine").unlink()
    recovers()


def test_a_database_of_a_newer_program(data: Path) -> None:
    data.mkdir()
    with sqlite3.connect(data / "catalog.sqlite") as database:
        database.execute("CREATE TABLE alembic_version (version_num VARCHAR(32))")
        database.execute("INSERT INTO alembic_version VALUES ('9999')")
    database.close()
    assert "newer version of this program" in said(visit())
    (data / "catalog.sqlite").unlink()
    recovers()


def test_a_data_folder_that_is_a_file(data: Path) -> None:
    data.write_text("a file")
    assert "The studio cannot start" in said(visit())
    data.unlink()
    recovers()


def test_a_locked_database(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("avatar_core.store.database.BUSY_SECONDS", 0.1)
    data.mkdir()
    database = sqlite3.connect(data / "catalog.sqlite")
    database.execute("CREATE TABLE held (x)")
    database.commit()
    database.execute("BEGIN EXCLUSIVE")
    assert "The studio cannot start" in said(visit())
    database.rollback()
    database.close()
    (data / "catalog.sqlite").unlink()
    recovers()


def test_a_setting_that_cannot_be_used(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AVATAR_ATTEMPTS", "many")
    assert "AVATAR_ATTEMPTS" in said(visit())


def test_without_a_key_the_demo_model_is_chosen_and_the_others_ask_for_one(data: Path) -> None:
    at = visit()
    assert at.selectbox(key=state.MODEL).value == "demo"
    assert "9 people · free" in said(at)
    sound(at.selectbox(key=state.MODEL).set_value("gpt-image-2.5-flare").run())
    assert "No API key is configured" in said(at)
    assert at.button(key="studio.generate").disabled
    at.switch_page(str(ROOT / "pages" / "setup.py"))
    sound(at.run())
    assert "No key" in said(at)
    assert at.button(key="setup.test").disabled


def test_a_model_that_the_settings_name_is_offered_first(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AVATAR_MODEL", "compatible:flux")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    at = visit()
    assert at.selectbox(key=state.MODEL).value == "compatible:flux"
    assert "price unknown" in said(at)


def test_a_model_of_the_settings_that_is_no_more_is_said_and_another_chosen(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AVATAR_MODEL", "gpt-image-1")
    at = visit()
    assert at.selectbox(key=state.MODEL).value == "demo"
    assert "The model of `AVATAR_MODEL` cannot be used" in said(at)
    assert "Choose “gpt-image-2.5-flare” instead" in said(at)


@pytest.mark.parametrize("page", ["tune", "gallery", "present"])
def test_pages_without_any_run_say_what_to_do(data: Path, page: str) -> None:
    at = visit(page)
    assert not at.error
    assert page == "tune" or "yet" in said(at)


def test_an_unreachable_server_is_said_by_the_connection_test(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-wrong-0123456789abcdef")
    at = visit("setup")
    sound(at.button(key="setup.test").click().run())
    assert "The server cannot be reached" in said(at)
    assert "sk-wrong" not in said(at)

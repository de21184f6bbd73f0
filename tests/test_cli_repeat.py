"""Models that come and go on the command line, and earlier runs that are drawn again."""

from datetime import date
from pathlib import Path

import pytest

from avatar_core.people import read_people_file
from avatar_core.settings import Settings
from avatar_core.studio import open_studio
from avatar_core.types import Recipe, Size
from tests.command_line import SMALL, call, manifest, people, write_csv
from tests.contract_server import Fault, ImageServer


@pytest.fixture
def server(image_server: ImageServer) -> dict[str, str]:
    """The variables that lead to the image server."""
    return {
        "OPENAI_BASE_URL": image_server.url,
        "OPENAI_API_KEY": image_server.key,
        "AVATAR_REQUESTS_PER_MINUTE": "6000",
        "AVATAR_ATTEMPTS": "1",
    }


def old_run(model: str, size: str = "1024x1024", quality: str = "") -> str:
    """A run of last year, which nothing was drawn of."""
    studio = open_studio(Settings(openai_api_key="sk-old"), today=lambda: date(2025, 6, 1))
    found = read_people_file(write_csv("old.csv", people(10)))
    recipe = Recipe(model, Size.parse(size), quality, seed=5)
    run = studio.begin(studio.plan(found.personas, recipe), title="old.csv: last year")
    studio.close()
    return run


def test_a_run_is_repeated_as_a_new_one_with_the_same_people_looks_and_words() -> None:
    write_csv("ten.csv", people(10))
    first = call("generate", "ten.csv", "--out", "one", *SMALL, "--plan", "counterbalanced", "--json").json
    again = call("repeat", first["run"], "--out", "two", "--json")
    assert again.code == 0, again.err
    assert again.json["run"] != first["run"]
    assert again.json["saved"] == first["saved"]
    for name in ("001.txt", "002.txt"):
        assert Path("one/prompts", name).read_bytes() == Path("two/prompts", name).read_bytes()
    assert [row["filter"] for row in manifest("one")] == [row["filter"] for row in manifest("two")]
    third = call("repeat", first["run"], "--out", "three", "--json").json
    assert third["run"] not in {first["run"], again.json["run"]}
    assert call("repeat", first["run"], "--out", "one").code == 2
    assert len(call("runs", "--json").json) == 3


def test_a_retired_model_gives_way_to_its_successor_and_what_that_lacks_to_its_default(
    image_server: ImageServer, server: dict[str, str]
) -> None:
    run = old_run("dall-e-3", quality="hd")
    said = call("repeat", run, "--out", "faces", "--json", **server)
    assert said.code == 0, said.err
    assert said.json["model"] == "gpt-image-2.6-flare"
    assert "dall-e-3 was shut down; gpt-image-2.6-flare replaces it." in said.err
    assert "has no quality “hd”" in said.err
    assert {request.json["model"] for request in image_server.generations} == {"gpt-image-2.6-flare"}


def test_a_repeat_that_was_cut_short_goes_on_and_the_model_can_be_chosen(
    image_server: ImageServer, server: dict[str, str]
) -> None:
    run = old_run("dall-e-3")
    asked = ("repeat", run, "--out", "faces", "--model", "gpt-image-2", "--json")
    image_server.script(Fault.failed())
    first = call(*asked, **server)
    assert (first.code, first.json["model"]) == (4, "gpt-image-2")
    second = call(*asked, **server)
    assert (second.code, second.json["run"]) == (0, first.json["run"])
    assert len(image_server.generations) == 3


def test_a_run_that_is_not_there_and_a_model_that_is_not_are_named() -> None:
    assert "no run of that id" in call("repeat", "nope", "--out", "o").err
    run = old_run("dall-e-3")
    told = call("repeat", run, "--out", "o", "--model", "gpt-imag-2", "--json")
    assert (told.code, told.json["error"]) == (2, "ModelUnknown")
    assert not Path("o").exists()


def test_the_last_days_of_a_model_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    def listed(day: date, *words: str) -> dict[str, str]:
        monkeypatch.setattr("avatar_core.cli.listing.today", lambda: day)
        return {line.split()[0]: line for line in call("models", *words).out.splitlines()}

    assert "until 2026-12-01, then" in listed(date(2026, 10, 1))["gpt-image-1-mini"]
    soon = listed(date(2026, 11, 22))["gpt-image-1-mini"]
    assert soon.endswith("until 2026-12-01 (9 days left), then gpt-image-2.6-flare")
    assert "(1 day left)" in listed(date(2026, 11, 30))["gpt-image-1-mini"]
    assert "gpt-image-1-mini" not in listed(date(2026, 12, 1))
    gone = listed(date(2026, 12, 1), "--all")["gpt-image-1-mini"]
    assert gone.endswith("shut down on 2026-12-01, use gpt-image-2.6-flare")
    rows = {row["id"]: row for row in call("models", "--all", "--json").json}
    assert (rows["dall-e-3"]["retired"], rows["dall-e-3"]["successor"]) == (True, "gpt-image-2.6-flare")
    assert (rows["demo"]["retired"], rows["demo"]["days_left"]) == (False, None)


def test_a_server_is_asked_what_it_serves(image_server: ImageServer, server: dict[str, str]) -> None:
    listed = call("models", "--served", "--json", **server)
    assert listed.code == 0, listed.err
    assert "gpt-image-2" in {row["id"] for row in listed.json}
    assert image_server.generations == []
    assert call("models", "--served", "--all").code == 2
    assert call("models", "--served", "--json").json["error"] == "KeyMissing"

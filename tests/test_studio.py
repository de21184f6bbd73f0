"""The use cases for one block, over a real store and a model that draws plain colours."""

from __future__ import annotations

import csv
import io
import json
import logging
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image

from avatar_core.errors import (
    AnswerLost,
    AnswerUnusable,
    InputError,
    KeyMissing,
    KeyRejected,
    ModelRetired,
    ModelUnknown,
    NoPeople,
    RunUnknown,
    StoreFull,
    StoreLocked,
    TooManyPeople,
)
from avatar_core.settings import Settings
from avatar_core.store import CallUnderWay
from avatar_core.studio import Studio, open_studio
from avatar_core.types import BlockState, FilterMode, Persona, Recipe, Size, Verdict
from tests.contract_server import Fault, ImageServer
from tests.toys import COLOURS, HOSTILE, TODAY, ToyModel, painting, people, recipe

SERVED = Recipe(model="gpt-image-2.5-flare", size=Size(1024, 1024), quality="low")


@pytest.fixture
def model() -> ToyModel:
    return ToyModel()


@pytest.fixture
def studio(tmp_path: Path, model: ToyModel) -> Iterator[Studio]:
    studio = open_studio(Settings(avatar_data_dir=tmp_path / "data"), model=model, today=lambda: TODAY)
    yield studio
    studio.close()


@pytest.fixture
def served(tmp_path: Path, server_settings: Callable[..., Settings]) -> Iterator[Studio]:
    """A studio that asks the image server."""
    studio = open_studio(server_settings(avatar_data_dir=tmp_path / "data"), today=lambda: TODAY)
    yield studio
    studio.close()


def begin(studio: Studio, sitting: tuple[Persona, ...] = people(9), **more: Any) -> str:
    return studio.begin(studio.plan(sitting, recipe(**more)))


def draw(studio: Studio, run_id: str) -> None:
    for record in studio.run(run_id).blocks:
        studio.paint(run_id, record.block.index, "me")
        studio.cut(run_id, record.block.index)


def picture(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


# Before anything is sent


def test_the_preview_is_what_is_sent_byte_for_byte(served: Studio, image_server: ImageServer) -> None:
    sitting = (
        *people(6),
        Persona("odd", 30, people(1)[0].gender, people(1)[0].ethnicity, "crème brûlée 🦜 “chef”"),
    )
    chosen = Recipe(model="gpt-image-2.5-flare", size=Size(1024, 1024), quality="low", seed=5)
    preview = served.preview(sitting, chosen).text
    served.paint(served.begin(served.plan(sitting, chosen)), 0, "me")
    (request,) = image_server.generations
    assert request.json["prompt"].encode() == preview.encode()
    assert request.json["size"] == "1024x1024"
    assert request.json["quality"] == "low"


def test_a_prompt_written_by_hand_is_sent_as_it_stands(studio: Studio, model: ToyModel) -> None:
    words = f"  My own words. {HOSTILE}\n"
    studio.paint(begin(studio, exact_prompt=words), 0, "me")
    assert [request.prompt for request in model.asked] == [words]


@pytest.mark.parametrize("bad", ["half \ud83d", "a\0b", " \n"])
def test_a_prompt_that_could_not_be_kept_as_it_stands_is_not_begun(studio: Studio, bad: str) -> None:
    with pytest.raises(InputError, match="generate again"):
        begin(studio, exact_prompt=bad)
    assert studio.store.catalog.count_runs() == 0


def test_the_preview_shows_the_first_nine(studio: Studio) -> None:
    sitting = people(20)
    assert studio.preview(sitting, recipe()) == studio.plan(sitting, recipe()).prompts[0]


def test_nobody_is_invented_and_nobody_is_left_out(studio: Studio) -> None:
    plan = studio.plan(people(25), recipe())
    assert [len(block.personas) for block in plan.blocks] == [9, 9, 7]
    assert plan.people == 25
    with pytest.raises(NoPeople):
        studio.plan((), recipe())
    with pytest.raises(NoPeople):
        studio.preview((), recipe())


def test_a_single_picture_holds_nine(studio: Studio) -> None:
    assert len(studio.plan_one(people(9), recipe()).blocks) == 1
    with pytest.raises(TooManyPeople, match="Remove 3"):
        studio.plan_one(people(12), recipe())


def test_a_retired_or_unknown_model_is_not_planned(tmp_path: Path) -> None:
    settings = Settings(avatar_data_dir=tmp_path)
    alive = open_studio(settings, today=lambda: TODAY).offered()
    mortal = next(facts for facts in alive if facts.shutdown is not None)
    late = open_studio(settings, today=lambda: date(2100, 1, 1))
    with pytest.raises(ModelRetired):
        late.plan(people(9), recipe(model=mortal.id))
    with pytest.raises(ModelUnknown):
        late.plan(people(9), recipe(model="no-such-model"))


def test_a_run_is_planned_again_on_the_living_successor_with_the_same_looks(tmp_path: Path) -> None:
    settings = Settings(avatar_data_dir=tmp_path / "data", openai_api_key="sk-test")
    then, now = (
        open_studio(settings, today=lambda day=day: day) for day in (date(2026, 11, 30), date(2026, 12, 1))
    )
    chosen = Recipe("gpt-image-1.5", Size(1024, 1024), "low", seed=3)
    run = then.run(then.begin(then.plan(people(9), chosen, ["sepia"] * 9)))
    assert then.successor("gpt-image-1.5") == now.successor("gpt-image-1.5")
    heir = now.successor("gpt-image-1.5")
    assert heir is not None
    again = now.plan_again(run, heir)
    assert (again.recipe.model, again.recipe.size, again.recipe.quality) == (heir.id, chosen.size, "low")
    assert again.blocks[0].filters == ("sepia",) * 9
    assert again.prompts[0].text == run.blocks[0].prompt
    assert now.successor("compatible:flux") is None
    assert now.successor("nobody-knows-me") is None
    then.close()
    now.close()


def test_without_a_key_no_run_begins(studio: Studio) -> None:
    plan = studio.plan(people(9), SERVED)
    with pytest.raises(KeyMissing):
        studio.begin(plan)
    with pytest.raises(KeyMissing):
        studio.begin_session({"A": studio.plan(people(9), recipe()), "B": plan})
    assert studio.store.catalog.count_runs() == 0


# Paint


def test_nothing_is_painted_twice(studio: Studio, model: ToyModel) -> None:
    run_id = begin(studio)
    assert studio.paint(run_id, 0, "me") == studio.paint(run_id, 0, "you")
    assert len(model.asked) == 1
    assert studio.run(run_id).blocks[0].attempts == 1


def test_the_original_bytes_are_kept_untouched(studio: Studio, model: ToyModel) -> None:
    run_id = begin(studio)
    grid = studio.paint(run_id, 0, "me")
    assert studio.picture(grid.blob) == ToyModel._draw(model.asked[0]).data
    assert (grid.request_id, grid.cost.usd) == ("req_toy", 0.0)


def test_a_picture_is_kept_before_the_catalog_knows_it(
    studio: Studio, model: ToyModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = begin(studio)

    def fails(*_: object, **__: object) -> None:
        raise StoreLocked()

    with monkeypatch.context() as broken:
        broken.setattr(studio.store.catalog, "add_grid", fails)
        for _ in range(2):
            with pytest.raises(StoreLocked):
                studio.paint(run_id, 0, "me")
    assert studio.run(run_id).blocks[0].grid is None

    reopened = open_studio(studio.settings, model=model)
    grid = reopened.paint(run_id, 0, "another process")
    reopened.close()
    assert len(model.asked) == 1
    assert (grid.request_id, grid.usage is not None) == ("req_toy", True)
    assert studio.store.arrivals.find(run_id, 0) is None
    outcomes = [call.outcome for call in studio.store.catalog.calls.of(run_id)]
    assert outcomes == ["StoreLocked", "StoreLocked", "spared"]


def test_the_error_of_a_call_is_told_also_when_it_cannot_be_written_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(_: object) -> Any:
        raise AnswerLost(request_id="req_1")

    studio = open_studio(Settings(avatar_data_dir=tmp_path), model=ToyModel(lost))
    run_id = begin(studio)

    def fails(*_: object, **__: object) -> None:
        raise StoreLocked()

    monkeypatch.setattr(studio.store.catalog.calls, "end", fails)
    with pytest.raises(AnswerLost):
        studio.paint(run_id, 0, "me")
    studio.close()


def test_what_went_wrong_is_written_down(tmp_path: Path) -> None:
    def lost(_: object) -> Any:
        raise AnswerLost("no answer came", request_id="req_1")

    studio = open_studio(Settings(avatar_data_dir=tmp_path), model=ToyModel(lost))
    run_id = begin(studio)
    with pytest.raises(AnswerLost):
        studio.paint(run_id, 0, "me")
    (call,) = studio.store.catalog.calls.of(run_id)
    assert (call.outcome, call.message, call.request_id) == ("AnswerLost", "no answer came", "req_1")
    assert call.ended is not None
    studio.close()


def test_a_second_caller_is_sent_away_while_a_call_is_under_way(studio: Studio, model: ToyModel) -> None:
    run_id = begin(studio)
    studio.store.catalog.calls.begin(run_id, 0, "somebody")
    with pytest.raises(CallUnderWay, match="somebody"):
        studio.paint(run_id, 0, "me")
    assert model.asked == []


def test_nothing_is_ordered_that_could_not_be_kept(
    studio: Studio, model: ToyModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("avatar_core.store.blobs.MIN_FREE", 2**80)
    with pytest.raises(StoreFull):
        studio.paint(begin(studio), 0, "me")
    assert model.asked == []


def test_a_recipe_reaches_the_model_whole(studio: Studio, model: ToyModel) -> None:
    run_id = begin(studio, people(12), size=Size(1536, 1536), seed=11)
    studio.paint(run_id, 1, "me")
    (request,) = model.asked
    assert (request.size, request.seed) == (Size(1536, 1536), 12)  # each block has a seed of its own
    assert request.prompt == studio.run(run_id).blocks[1].prompt


# Cut


def test_person_i_gets_cell_i_pixel_for_pixel(studio: Studio) -> None:
    run_id = begin(studio)
    draw(studio, run_id)
    record = studio.run(run_id).blocks[0]
    assert record.grid is not None
    assert record.cut is not None
    grid = picture(studio.picture(record.grid.blob))
    assert [avatar.persona for avatar in record.avatars] == list(people(9))
    for cell, avatar in enumerate(record.avatars, start=1):
        shown = picture(studio.picture(avatar.blob))
        assert avatar.cell == cell
        assert shown.getpixel((shown.width // 2, shown.height // 2)) == COLOURS[cell - 1]
        assert shown.tobytes() == grid.crop(record.cut.boxes[cell - 1]).tobytes()


def test_empty_cells_give_no_avatars(studio: Studio) -> None:
    run_id = begin(studio, people(16))
    draw(studio, run_id)
    run = studio.run(run_id)
    assert [len(record.avatars) for record in run.blocks] == [9, 7]
    assert [avatar.persona.id for avatar in run.avatars] == [persona.id for persona in people(16)]
    second = run.blocks[1].avatars
    assert [picture(studio.picture(each.blob)).getpixel((99, 99)) for each in second] == COLOURS[:7]


def test_cutting_again_is_free(studio: Studio, model: ToyModel) -> None:
    run_id = begin(studio)
    draw(studio, run_id)
    before = studio.run(run_id).avatars
    studio.cut(run_id, 0)
    assert studio.run(run_id).avatars == before
    assert len(model.asked) == 1


def test_without_a_picture_there_is_nothing_to_cut(studio: Studio) -> None:
    with pytest.raises(InputError, match="Generate it first"):
        studio.cut(begin(studio), 0)


def test_a_picture_that_cannot_be_opened_is_kept(tmp_path: Path) -> None:
    broken = ToyModel(lambda _: painting(b"\x89PNG\r\n\x1a\n and nothing more"))
    studio = open_studio(Settings(avatar_data_dir=tmp_path), model=broken)
    run_id = begin(studio)
    with pytest.raises(AnswerUnusable):
        studio.paint(run_id, 0, "me")
    data = b"\x89PNG\r\n\x1a\n and nothing more"
    assert studio.picture(studio.store.blobs.id_of(data)) == data
    with pytest.raises(InputError):
        studio.cut(run_id, 0)
    assert studio.run(run_id).avatars == ()
    studio.close()


# Show and export


def test_an_export_holds_pictures_and_their_manifest(studio: Studio) -> None:
    run_id = begin(studio, people(10))
    draw(studio, run_id)
    with zipfile.ZipFile(io.BytesIO(studio.export(run_id))) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        manifest = next(name for name in names if name.endswith("manifest.csv"))
        rows = list(csv.DictReader(io.StringIO(archive.read(manifest).decode("utf-8-sig"))))
    assert [row["id"] for row in rows] == [f"p{n}" for n in range(1, 11)]
    assert sum(name.endswith(".png") for name in names) >= 12


def test_a_run_is_saved_under_its_ids(studio: Studio, tmp_path: Path) -> None:
    run_id = begin(studio, people(7))
    studio.paint(run_id, 0, "me")
    studio.cut(run_id, 0)
    saved = studio.save(run_id, tmp_path / "out")
    accepted = [
        avatar.persona.id
        for avatar in studio.run(run_id).avatars
        if avatar.verdict is not Verdict.QUARANTINED
    ]
    assert saved == accepted
    assert all((tmp_path / "out" / f"{id}.png").exists() for id in saved)
    assert (tmp_path / "out" / "manifest.csv").exists()


def test_an_overlay_is_a_picture_of_the_same_size(studio: Studio) -> None:
    run_id = begin(studio)
    draw(studio, run_id)
    record = studio.run(run_id).blocks[0]
    assert record.grid is not None
    assert record.cut is not None
    drawn = picture(studio.overlay(record.grid.blob, record.cut.boxes))
    assert drawn.size == (record.grid.size.width, record.grid.size.height)
    assert drawn.tobytes() != picture(studio.picture(record.grid.blob)).tobytes()
    assert max(picture(studio.thumbnail(record.grid.blob, 64)).size) == 64


def test_an_unknown_run_is_unknown_everywhere(studio: Studio) -> None:
    for ask in (studio.run, studio.export):
        with pytest.raises(RunUnknown):
            ask("nope")
    with pytest.raises(RunUnknown):
        studio.paint("nope", 0, "me")


def test_variants_of_a_session_belong_together(studio: Studio) -> None:
    plans = {label: studio.plan(people(9), recipe(seed=n)) for n, label in enumerate("ABC")}
    session, runs = studio.begin_session(plans)
    assert [(each.id, each.variant) for each in studio.session(session)] == list(
        zip(runs, "ABC", strict=True)
    )
    assert studio.session("another") == []


def test_an_unfinished_run_is_found_by_its_plan(studio: Studio) -> None:
    plan = studio.plan(people(12), recipe(seed=3))
    assert studio.unfinished(plan) is None
    run_id = studio.begin(plan)
    assert studio.unfinished(plan) == run_id
    assert studio.unfinished(studio.plan(people(12), recipe(seed=4))) is None
    draw(studio, run_id)
    for block in (0, 1):
        studio.store.catalog.states.move(run_id, block, BlockState.DONE)
    assert studio.unfinished(plan) is None


# The key


def test_the_key_is_nowhere_in_what_is_kept(
    served: Studio, image_server: ImageServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    run_id = served.begin(served.plan(people(18), SERVED))
    served.paint(run_id, 0, "me")
    served.cut(run_id, 0)
    image_server.script(Fault.bad_key(image_server.key))
    with pytest.raises(KeyRejected) as refused:
        served.paint(run_id, 1, "me")
    with served.store.catalog._engine.connect() as connection:
        connection.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)"))
    key = image_server.key
    (tmp_path / "export.zip").write_bytes(served.export(run_id))
    for file in tmp_path.rglob("*"):
        assert not file.is_file() or key.encode() not in file.read_bytes(), file
    with zipfile.ZipFile(tmp_path / "export.zip") as archive:
        assert not any(key.encode() in archive.read(name) for name in archive.namelist())
    told = f"{refused.value} {served.health()} {served.settings!r} {caplog.text}"
    assert key not in told
    assert key not in json.dumps([call.message for call in served.store.catalog.calls.of(run_id)])


def test_looks_are_planned_under_the_seed(studio: Studio) -> None:
    plans = [studio.plan(people(9), recipe(filter_mode=FilterMode.PROMPT, seed=seed)) for seed in (1, 1, 2)]
    worn = [plan.blocks[0].filters for plan in plans]
    assert worn[0] == worn[1] != worn[2]
    assert plans[0].fingerprint == plans[1].fingerprint != plans[2].fingerprint

"""A grid that is not what was asked for belongs to nobody until a person accepts it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from avatar_core.errors import InputError
from avatar_core.people import sample_people
from avatar_core.settings import Settings
from avatar_core.studio import Studio, open_studio
from avatar_core.types import Recipe, Run, Size, Verdict
from tests.drawings import KeptDrawings


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    studio = open_studio(Settings(avatar_data_dir=tmp_path / "data"), model=KeptDrawings())
    yield studio
    studio.close()


def drawn(studio: Studio, flaw: str) -> Run:
    """Nine people by the demo model, with something wrong in the picture if ``flaw`` names it."""
    people = sample_people("nine")
    recipe = Recipe(model="demo", size=Size(768, 768), quality="")
    text = studio.preview(people, recipe).text
    recipe = Recipe(model="demo", size=Size(768, 768), quality="", exact_prompt=f"{text}\n{flaw}".strip())
    run_id = studio.begin(studio.plan(people, recipe))
    studio.paint(run_id, 0, "test")
    studio.cut(run_id, 0)
    return studio.run(run_id)


def test_a_good_grid_is_accepted_and_saved_under_every_id(studio: Studio, tmp_path: Path) -> None:
    run = drawn(studio, "")
    assert run.blocks[0].cut is not None
    assert run.blocks[0].cut.verdict is Verdict.ACCEPTED
    assert len(studio.save(run.id, tmp_path / "out")) == 9


@pytest.mark.parametrize("flaw", ["Demo flaw: ten people", "Demo flaw: empty cell", "Demo flaw: 2x2"])
def test_a_wrong_grid_is_quarantined_with_reasons_and_saved_under_nobodys_id(
    studio: Studio, tmp_path: Path, flaw: str
) -> None:
    run = drawn(studio, flaw)
    cut = run.blocks[0].cut
    assert cut is not None
    assert cut.verdict is Verdict.QUARANTINED
    assert cut.reasons
    assert studio.save(run.id, tmp_path / "out") == []
    assert not list((tmp_path / "out").glob("*.png"))
    assert "quarantined" in (tmp_path / "out" / "manifest.csv").read_text(encoding="utf-8-sig")
    assert (tmp_path / "out" / "grids" / "001.png").exists()


def test_an_accepted_grid_belongs_to_its_people_and_keeps_its_reasons(studio: Studio, tmp_path: Path) -> None:
    run = drawn(studio, "Demo flaw: ten people")
    studio.accept(run.id, 0)
    cut = studio.run(run.id).blocks[0].cut
    assert cut is not None
    assert cut.verdict is Verdict.ACCEPTED
    assert cut.by_person
    assert cut.reasons[-1] == "Accepted by a person."
    assert len(cut.reasons) > 1
    assert len(studio.save(run.id, tmp_path / "out")) == 9


def test_a_cut_that_is_accepted_twice_says_so_once(studio: Studio) -> None:
    run = drawn(studio, "Demo flaw: ten people")
    studio.accept(run.id, 0)
    once = studio.run(run.id).blocks[0].cut
    studio.accept(run.id, 0)
    assert studio.run(run.id).blocks[0].cut == once


def test_nothing_can_be_accepted_before_there_is_a_cut(studio: Studio) -> None:
    run_id = studio.begin(studio.plan(sample_people("nine"), Recipe("demo", Size(768, 768), "")))
    with pytest.raises(InputError, match="no cut to accept"):
        studio.accept(run_id, 0)

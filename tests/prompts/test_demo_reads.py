"""The demo model reads every template: what a prompt says is what is drawn."""

import csv
from importlib import resources

import pytest

from avatar_core.filters import looks, plan_balanced
from avatar_core.grid import CELLS, blocks_of
from avatar_core.models.demo.reading import read_prompt
from avatar_core.prompts import Template, render, templates
from avatar_core.types import Block, Ethnicity, Gender, Persona

WORDS = {
    "homem": "man",
    "mulher": "woman",
    "não-binário": "person",
    "outro": "person",
    "pessoa": "person",
    "branca": "white",
    "parda": "pardo",
    "preta": "black",
    "amarela": "asian",
    "indígena": "indigenous",
}


def sample(name: str) -> list[Persona]:
    """One of the built-in lists, read in the simplest way."""
    text = resources.files("avatar_core").joinpath(f"data/people/{name}.csv").read_text(encoding="utf-8")
    rows = list(csv.reader(text.splitlines(), delimiter=";" if ";" in text.splitlines()[0] else ","))
    assert len(rows[0]) == 6
    return [
        Persona(id_, int(age), Gender(WORDS.get(gender, gender)), Ethnicity(WORDS.get(race, race)), work, who)
        for id_, who, age, gender, race, work in rows[1:]
    ]


@pytest.mark.parametrize("name", ["nine", "thirty-six"])
@pytest.mark.parametrize("spoken", [True, False], ids=["looks spoken", "looks unspoken"])
@pytest.mark.parametrize("template", templates(), ids=[one.name for one in templates()])
def test_the_demo_model_reads_the_right_person_in_every_cell(
    template: Template, spoken: bool, name: str
) -> None:
    people = sample(name)[: 4 * CELLS - 3]  # the last block is short where the list is long
    known = ["none", "bw", "sepia", "warm", "cool", "3d"]
    for index, seats in enumerate(blocks_of(list(zip(people, plan_balanced(people, 3, known), strict=True)))):
        shown = Block(index, tuple(one for one, _ in seats), tuple(look for _, look in seats))
        read = read_prompt(render(template, shown, looks() if spoken else {}).text)
        assert read.cells_named == CELLS
        for cell, sitter in enumerate(read.seats):
            if cell >= len(shown.personas):
                assert sitter is None
                continue
            one = shown.personas[cell]
            look = shown.filters[cell] if spoken and template.speaks_of_looks else "none"
            assert sitter is not None
            assert (sitter.age, sitter.gender, sitter.ethnicity, sitter.filter) == (
                one.age,
                one.gender,
                one.ethnicity,
                look,
            ), sitter.line

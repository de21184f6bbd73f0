"""A table before it is read as people: what a dialog shows, what it asks, and what it hands back."""

import json
import re
from pathlib import Path

import pandas as pd
import pytest

from avatar_core.errors import InputError, UnreadableTable
from avatar_core.people import (
    FIELDS,
    examine,
    examine_frame,
    examine_text,
    people_from_records,
    people_of_table,
    read_people,
    read_text,
)
from avatar_core.people.vocabulary import headers, plain, synonyms
from avatar_core.types import Ethnicity, Gender

DOCS = Path(__file__).parents[1] / "docs" / "people.md"
ODD = "quem;anos;sx;pele;faz;cidade\nAna;34 anos;F;parda;enfermeira;Natal\nRui;51;M;preta;pedreiro;Belém\n"
MAPPING = {"name": "quem", "age": "anos", "gender": "sx", "ethnicity": "pele", "occupation": "faz"}


def test_unknown_headers_are_questions_and_the_columns_whose_values_fit_come_first() -> None:
    table = examine(ODD.encode(), "odd.csv")
    assert table.kind == "CSV"
    assert table.questions == ("age", "gender", "ethnicity", "occupation")
    assert [table.candidates(field)[0] for field in table.questions] == ["anos", "sx", "pele", "quem"]
    names = {column.name for column in table.columns}
    assert all(set(table.candidates(field)) == names for field in FIELDS)


def test_a_column_shows_what_it_holds() -> None:
    table = examine((ODD + "Eva;;F;branca;juíza;\n").encode())
    age = table.columns[1]
    assert (age.name, age.guess, age.fits) == ("anos", "", ("age",))
    assert (age.samples, age.filled) == (("34 anos", "51"), 2)
    assert table.preview(1) == [
        {"quem": "Ana", "anos": "34 anos", "sx": "F", "pele": "parda", "faz": "enfermeira", "cidade": "Natal"}
    ]


def test_the_answers_of_a_dialog_give_the_people() -> None:
    people = people_of_table(examine(ODD.encode()), MAPPING)
    assert [(one.name, one.age, one.gender, one.ethnicity, one.occupation) for one in people.personas] == [
        ("Ana", 34, Gender.WOMAN, Ethnicity.PARDO, "enfermeira"),
        ("Rui", 51, Gender.MAN, Ethnicity.BLACK, "pedreiro"),
    ]
    assert people.personas[0].extra == (("cidade", "Natal"),)
    assert read_people(ODD.encode(), mapping=MAPPING) == read_text(ODD, mapping=MAPPING) == people


def test_without_answers_nothing_is_guessed_from_values() -> None:
    with pytest.raises(UnreadableTable, match="no column for age, gender, ethnicity and occupation"):
        people_of_table(examine(ODD.encode()))


TWO = "age,gender,race,cor,occupation\n30,man,black,verde,baker\n31,woman,white,azul,cook\n"


def test_two_headers_that_fit_are_a_question_and_the_choice_is_final() -> None:
    table = examine(TWO.encode())
    assert table.questions == ("ethnicity",)
    assert table.guesses("ethnicity") == ("cor", "race")
    people = people_of_table(table, {"ethnicity": "race"})
    assert [one.ethnicity for one in people.personas] == [Ethnicity.BLACK, Ethnicity.WHITE]
    assert people.personas[0].extra == (("cor", "verde"),)
    assert people.problems == ()


def test_sex_beside_gender_identity_is_no_question_but_two_of_a_kind_are() -> None:
    rest = {"age": 30, "ethnicity": "white", "occupation": "baker"}
    facts = {"idade": 30, "identidade_genero": "outro", "genero_biologico": "feminino"}
    nested = {"demografia": {**facts, "raca_etnia": "parda", "ocupacao": "x"}}
    assert examine(json.dumps([nested]).encode()).questions == ()
    assert examine_frame(pd.DataFrame([{**rest, "gênero": "man", "sexo": "F"}])).questions == ()
    assert examine_frame(pd.DataFrame([{**rest, "sex": "M", "sexo": "F"}])).questions == ("gender",)
    assert examine_frame(pd.DataFrame([{**rest, "gender": "man", "gênero": "F"}])).questions == ("gender",)


def test_several_columns_can_be_chosen_and_the_first_that_is_not_empty_counts() -> None:
    rows = [
        {"age": 30, "born": "woman", "is": "", "cor": "parda", "occupation": "x"},
        {"age": 30, "born": "man", "is": "person", "cor": "parda", "occupation": "x"},
    ]
    people = people_from_records(rows, {"gender": ["is", "born"]})
    assert [one.gender for one in people.personas] == [Gender.WOMAN, Gender.PERSON]


def test_a_column_can_be_left_out_and_is_then_only_carried() -> None:
    text = "id,age,gender,ethnicity,occupation\nx/y,30,man,white,baker\n"
    assert read_people(text.encode()).personas == ()
    (one,) = read_people(text.encode(), mapping={"id": ""}).personas
    assert (one.id, one.extra) == ("p001", (("id", "x/y"),))


def test_a_column_that_is_chosen_for_one_field_is_not_guessed_for_another() -> None:
    text = "age,years,gender,ethnicity,occupation\nbaker,30,man,white,?\n"
    (one,) = read_people(text.encode(), mapping={"age": "years", "occupation": "age"}).personas
    assert (one.age, one.occupation) == (30, "baker")


def test_a_choice_that_names_nothing_is_refused_with_what_there_is() -> None:
    table = examine(TWO.encode())
    with pytest.raises(InputError, match=r"no column called “x” for the age.*“age”"):
        people_of_table(table, {"age": "x"})
    with pytest.raises(InputError, match="no field called “years”"):
        people_of_table(table, {"years": "age"})
    with pytest.raises(UnreadableTable, match="no column for age"):
        people_of_table(table, {"age": ""})


def test_a_table_without_rows_has_no_people_and_says_so() -> None:
    people = people_of_table(examine(b"age,gender,ethnicity,occupation\n"))
    assert "holds no people" in str(people.problems[0])


def test_a_dataframe_and_a_pasted_text_are_examined_too() -> None:
    frame = pd.DataFrame([{"age": 30, "gender": "man", "ethnicity": "white", "occupation": "baker"}])
    assert examine_frame(frame).questions == examine_text(frame.to_csv(sep="\t", index=False)).questions == ()


# The document says what is understood


def rows_of(text: str) -> dict[str, list[str]]:
    """The tables of a document: by first cell the words of the second, which stand in backticks."""
    lines = re.findall(r"^\| `?([^|`]+)`? \| (.*`.*) \|$", text, re.MULTILINE)
    return {name.strip(): re.findall(r"`([^`]+)`", words) for name, words in lines}


def test_the_document_lists_every_header_and_every_word_that_is_understood() -> None:
    rows = rows_of(DOCS.read_text(encoding="utf-8"))
    for field in FIELDS:
        assert rows[field] == list(headers(field))
    for field in ("gender", "ethnicity"):
        for word, said in synonyms(field).items():
            assert rows[word] == list(said)
    assert plain("Raça/Cor") == "raca cor"


def test_what_is_read_and_what_is_carried_along_is_told_before_anything_is_loaded() -> None:
    table = examine(ODD.encode())
    assert table.fields() == {}
    assert table.carried() == ("quem", "anos", "sx", "pele", "faz", "cidade")
    assert table.fields(MAPPING) == {field: [column] for field, column in MAPPING.items()}
    assert table.carried(MAPPING) == ("cidade",)
    people = people_of_table(table, MAPPING)
    assert {column for column, _ in people.personas[0].extra} == set(table.carried(MAPPING))
    with pytest.raises(InputError, match="no column called"):
        table.carried({"age": "nothing"})


def test_a_table_with_too_few_columns_cannot_be_answered_for() -> None:
    assert examine(ODD.encode()).answerable
    assert not examine(b"age,gender\n1,woman\n").answerable

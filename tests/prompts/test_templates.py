"""Templates, and the one exact text that is sent for a block."""

import re
import tomllib
from dataclasses import replace
from importlib import resources
from pathlib import Path
from random import Random

import pytest

from avatar_core.errors import FilterUnknown, PromptTooLong, TemplateBroken, TemplateUnknown
from avatar_core.filters import looks, plan_balanced
from avatar_core.grid import CELLS
from avatar_core.prompts import (
    DEFAULT_TEMPLATE,
    LINE_PLACEHOLDERS,
    PLACEHOLDERS,
    Template,
    check,
    find_template,
    read_template,
    render,
    template_with_words,
    templates,
)
from avatar_core.prompts.portraits import cell_of
from avatar_core.types import Block, Ethnicity, Gender, Persona

ROOT = Path(__file__).parents[2]
CONTRACT_LOOKS = ("none", "bw", "sepia", "warm", "cool", "3d")  # a user may have added more
FILES = sorted(
    file.name.removesuffix(".toml")
    for file in resources.files("avatar_core").joinpath("data/templates").iterdir()
    if file.name.endswith(".toml")
)


def source(name: str) -> str:
    return resources.files("avatar_core").joinpath(f"data/templates/{name}.toml").read_text(encoding="utf-8")


def person(occupation: str = "nurse", **more: object) -> Persona:
    facts = {"id": "p001", "age": 35, "gender": Gender.WOMAN, "ethnicity": Ethnicity.PARDO}
    return Persona(**{**facts, "occupation": occupation, **more})  # type: ignore[arg-type]


def block(*personas: Persona, look: str = "none") -> Block:
    return Block(0, personas, (look,) * len(personas))


def crowd(count: int) -> Block:
    return block(*(person(f"job {chr(97 + n)}", id=f"p00{n}", age=20 + n) for n in range(count)))


@pytest.mark.parametrize("name", FILES)
def test_a_template_renders_its_own_example_to_the_letter(name: str) -> None:
    example = tomllib.loads(source(name)).get("example")
    assert example, f"the template {name} needs an [example] with people and the expected text"
    personas = [
        Persona(f"p{n}", one["age"], Gender(one["gender"]), Ethnicity(one["ethnicity"]), one["occupation"])
        for n, one in enumerate(example["people"])
    ]
    shown = Block(0, tuple(personas), tuple(one["filter"] for one in example["people"]))
    assert render(find_template(name), shown, looks()).text == example["expected"].strip()


@pytest.mark.parametrize("name", FILES)
def test_an_example_shows_a_partial_block_every_gender_and_every_look(name: str) -> None:
    people = tomllib.loads(source(name))["example"]["people"]
    assert len(people) < CELLS
    assert {one["gender"] for one in people} == {gender.value for gender in Gender}
    assert {one["ethnicity"] for one in people} == {ethnicity.value for ethnicity in Ethnicity}
    if find_template(name).speaks_of_looks:
        assert {one["filter"] for one in people} >= set(CONTRACT_LOOKS)


@pytest.mark.parametrize("look", looks())
@pytest.mark.parametrize("template", templates(), ids=[one.name for one in templates()])
def test_every_look_is_said_once_by_every_template_that_speaks_of_looks(
    template: Template, look: str
) -> None:
    shown = replace(crowd(9), filters=("none",) * 4 + (look,) + ("none",) * 4)
    lines = [line for line in render(template, shown, looks()).text.splitlines() if "job e" in line]
    (line,) = lines
    words = getattr(looks()[look], template.look) if template.look else ""
    assert line.endswith(f"job e. {words}".rstrip())


def test_every_file_is_a_template_and_the_default_comes_first() -> None:
    assert {template.name for template in templates()} == set(FILES)
    assert {"contract", "precise", "compact", "retrato", "neutral"} <= set(FILES)
    assert templates()[0].name == DEFAULT_TEMPLATE == "precise"
    assert all(template.label and template.about for template in templates())


@pytest.mark.parametrize("template", templates(), ids=[one.name for one in templates()])
def test_no_template_holds_a_bar_because_some_servers_take_it_for_a_negative_prompt(
    template: Template,
) -> None:
    assert "|" not in repr(template)


def test_the_contract_lines_are_exactly_those_that_other_tools_parse() -> None:
    six = (
        (person("mechanic", age=35, gender=Gender.MAN, ethnicity=Ethnicity.WHITE), "warm"),
        (person("teacher", age=42), "bw"),
        (person("software engineer", age=28, gender=Gender.MAN, ethnicity=Ethnicity.BLACK), "none"),
        (person("nurse", age=56, ethnicity=Ethnicity.WHITE), "sepia"),
        (person("construction worker", age=47, gender=Gender.MAN, ethnicity=Ethnicity.INDIGENOUS), "3d"),
        (person("salesperson", age=33), "cool"),
    )
    shown = Block(0, tuple(one for one, _ in six), tuple(look for _, look in six))
    lines = render(find_template("contract"), shown, looks()).text.splitlines()
    assert [line for line in lines if re.match(r"\[\d\]", line)] == [
        "[1] Man, 35 years old, white ethnicity, mechanic. Apply warm tone filter.",
        "[2] Woman, 42 years old, pardo ethnicity, teacher. Use black & white filter.",
        "[3] Man, 28 years old, black ethnicity, software engineer. No filter.",
        "[4] Woman, 56 years old, white ethnicity, nurse. Apply sepia filter.",
        "[5] Man, 47 years old, indigenous ethnicity, construction worker. Use 3D movie character style.",
        "[6] Woman, 33 years old, pardo ethnicity, salesperson. Apply cool tone filter.",
        "[7] Empty cell, plain background, nobody.",
        "[8] Empty cell, plain background, nobody.",
        "[9] Empty cell, plain background, nobody.",
    ]


def test_the_contract_has_its_sections_in_order_after_the_task() -> None:
    text = render(find_template("contract"), crowd(9), looks()).text
    places = [text.index(part) for part in ("3x3 grid", "GRID LAYOUT", "PORTRAITS", "VISUAL STYLE")]
    assert places == sorted(places)
    assert "nine distinct portrait photographs of Brazilian individuals" in text[: places[1]]
    assert len(text) < 4000


def test_the_precise_template_numbers_rows_and_columns_and_never_brackets() -> None:
    text = render(find_template("precise"), crowd(9), looks()).text
    assert "Row 1, column 2: woman, 21 years old, pardo (mixed-race) Brazilian, job b." in text
    assert "[" not in text


def test_the_precise_template_says_one_year_old_but_the_contract_format_stays_fixed() -> None:
    toddler = block(person("toddler", age=1))
    assert "1 year old," in render(find_template("precise"), toddler, looks()).text
    assert "[1] Woman, 1 years old, pardo" in render(find_template("contract"), toddler, looks()).text
    assert "0 years old," in render(find_template("precise"), block(person(age=0)), looks()).text


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    ("count", "said", "unsaid"),
    [
        (9, "nine ", "mpty"),
        (8, "The last cell stays empty", "cells stay"),
        (7, "The last 2 cells stay empty", "cell stays"),
        (1, "one p", "cell stays"),
    ],
)
def test_a_block_says_how_many_people_it_shows_and_which_cells_stay_empty(
    name: str, count: int, said: str, unsaid: str
) -> None:
    if name == "retrato":
        translated = {
            "nine ": "nove pessoas",
            "The last cell stays empty": "A última célula fica vazia",
            "The last 2 cells stay empty": "As últimas 2 células ficam vazias",
            "one p": "uma pessoa, na primeira célula",
        }
        said, unsaid = (
            translated[said],
            {"mpty": "vazia", "cells stay": "células ficam", "cell stays": "célula fica"}[unsaid],
        )
    text = render(find_template(name), crowd(count), looks()).text
    assert said in text
    assert unsaid not in text
    assert "\n\n\n" not in text


@pytest.mark.parametrize("count", range(1, 10))
@pytest.mark.parametrize("template", templates(), ids=[one.name for one in templates()])
def test_every_empty_cell_has_a_line_that_asks_for_plain_background(template: Template, count: int) -> None:
    text = render(template, crowd(count), looks()).text
    of_cells = {cell_of(line): line for line in text.splitlines() if cell_of(line)}
    assert list(of_cells) == list(range(1, 10))
    for cell in range(count + 1, 10):
        assert re.search(r"(?i)\bempty\b.*\bplain .*background|\bvazia\b.*\bfundo liso", of_cells[cell])


@pytest.mark.parametrize("template", templates(), ids=[one.name for one in templates()])
def test_without_spoken_looks_no_line_and_no_note_speaks_of_a_filter(template: Template) -> None:
    shown = replace(crowd(9), filters=("sepia",) * 9)
    text = render(template, shown, {}).text
    assert "epia" not in text
    assert not re.search(r"job [a-i]\. ?\S", text)
    assert not re.search(r"[ \t]+$", text, re.MULTILINE)


def test_a_look_that_nobody_knows_is_refused() -> None:
    with pytest.raises(FilterUnknown, match="noir"):
        render(find_template("precise"), block(person(), look="noir"), looks())


def test_more_than_nine_people_do_not_fit_a_block() -> None:
    with pytest.raises(ValueError, match="9 cells"):
        render(find_template("precise"), crowd(10), looks())


def test_words_edited_by_a_user_are_used_as_they_are() -> None:
    template = template_with_words(
        find_template("precise"), "A 3x3 grid of {people}\r\n{portraits}  \r\nBye { }"
    )
    text = render(template, crowd(9), {}).text
    assert text.startswith("A 3x3 grid of nine different people, one in each cell\nRow 1, column 1: woman")
    assert text.endswith("job i.\nBye { }")


def test_blank_words_leave_the_template_as_it_is() -> None:
    assert template_with_words(find_template("precise"), " \n ") == find_template("precise")


@pytest.mark.parametrize("words", ["Nine people, please.", "{portraits}\n{portraits}"])
def test_edited_words_must_hold_the_portraits_exactly_once(words: str) -> None:
    with pytest.raises(TemplateBroken, match="exactly once"):
        template_with_words(find_template("precise"), words)


@pytest.mark.parametrize("unknown", ["name", "Count", "0", "portraits!r", "portraits.__class__"])
def test_an_unknown_placeholder_is_named_together_with_the_known_ones(unknown: str) -> None:
    with pytest.raises(TemplateBroken) as caught:
        template_with_words(find_template("precise"), f"{{portraits}} {{{unknown}}}")
    assert f"{{{unknown}}}" in caught.value.message
    assert all(f"{{{known}}}" in caught.value.message for known in PLACEHOLDERS)


def test_every_documented_placeholder_is_filled() -> None:
    words = "\n".join(f"{name}={{{name}}}" for name in PLACEHOLDERS)
    text = render(template_with_words(find_template("precise"), words), crowd(7), looks()).text
    assert "{" not in text
    assert "count=7" in text
    assert "rows=3\ncolumns=3" in text


def test_a_note_with_nothing_to_say_takes_its_line_with_it() -> None:
    template = template_with_words(find_template("precise"), "a\n{empty_note}\nb\n\n{portraits}")
    assert render(template, crowd(9), looks()).text.startswith("a\nb\n\nRow 1")


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('man = "man"', 'mann = "man"', "man"),
        ("{occupation}", "{income}", "income"),
        (", {occupation}", "", "{occupation} exactly once"),
        ("{gender}, {age}", "{gender}, {age}, {age}", "{age} exactly once"),
        ("Row {row}, column {column}: {gender}", "{gender}", "name its cell"),
        ("Row {row}, column {column}: empty", "empty", "name its cell"),
        (". {look}", "", "{look} exactly once"),
        ("[ages]", "[years]", "years"),
        ('look = "description"', 'look = "label"', "look"),
        ("{portraits}", "", "portraits"),
        ("[one_person]", "[one_persona]", "one_person"),
        ('label = "Precise"', "label = ", "value"),
    ],
)
def test_a_broken_template_file_is_refused_by_name(old: str, new: str, named: str) -> None:
    text = source("precise")
    assert old in text
    with pytest.raises(TemplateBroken, match=named):
        read_template("mine", text.replace(old, new, 1))


def test_an_unknown_template_is_refused_and_the_known_ones_are_named() -> None:
    with pytest.raises(TemplateUnknown, match=r"“haiku”.*precise, compact, contract, neutral, retrato"):
        find_template("haiku")


def test_the_compact_template_fits_nine_people_with_ordinary_occupations_into_a_thousand_characters() -> None:
    ordinary = [
        *(
            (
                "mechanic",
                "construction worker",
                "software engineer",
                "nurse",
                "teacher",
                "lawyer",
                "photographer",
                "chef",
            )
        ),
        *(
            (
                "motorista de ônibus",
                "técnica de enfermagem",
                "engenheira civil",
                "vendedora",
                "pedreiro",
                "cozinheira",
            )
        ),
        *(
            (
                "estudante de direito",
                "cabeleireira",
                "auxiliar administrativa",
                "agricultor",
                "salesperson",
                "journalist",
            )
        ),
    ]
    random = Random(1)
    for _ in range(200):
        people = [
            person(
                random.choice(ordinary),
                age=random.randint(18, 90),
                gender=random.choice(list(Gender)),
                ethnicity=random.choice(list(Ethnicity)),
            )
            for _ in range(9)
        ]
        shown = Block(0, tuple(people), plan_balanced(people, random.randrange(1000), CONTRACT_LOOKS))
        assert render(find_template("compact"), shown, looks()).characters < 1000
        assert (
            render(find_template("compact"), replace(shown, personas=shown.personas[:5]), {}).characters
            < 1000
        )


@pytest.mark.parametrize(
    ("gender", "ethnicity", "said"),
    [
        (Gender.WOMAN, Ethnicity.PARDO, "mulher parda, 42 anos, professora."),
        (Gender.MAN, Ethnicity.PARDO, "homem pardo, 42 anos, professora."),
        (Gender.PERSON, Ethnicity.PARDO, "pessoa parda, 42 anos, professora."),
        (Gender.WOMAN, Ethnicity.WHITE, "mulher branca, "),
        (Gender.MAN, Ethnicity.WHITE, "homem branco, "),
        (Gender.PERSON, Ethnicity.WHITE, "pessoa branca, "),
        (Gender.WOMAN, Ethnicity.BLACK, "mulher preta, "),
        (Gender.MAN, Ethnicity.BLACK, "homem preto, "),
        (Gender.PERSON, Ethnicity.BLACK, "pessoa preta, "),
        (Gender.WOMAN, Ethnicity.ASIAN, "mulher amarela (de ascendência do Leste Asiático), "),
        (Gender.MAN, Ethnicity.ASIAN, "homem amarelo (de ascendência do Leste Asiático), "),
        (Gender.PERSON, Ethnicity.ASIAN, "pessoa amarela (de ascendência do Leste Asiático), "),
        (Gender.WOMAN, Ethnicity.INDIGENOUS, "mulher indígena, "),
        (Gender.MAN, Ethnicity.INDIGENOUS, "homem indígena, "),
    ],
)
def test_portuguese_agrees_in_gender(gender: Gender, ethnicity: Ethnicity, said: str) -> None:
    shown = block(person("professora", age=42, gender=gender, ethnicity=ethnicity), look="bw")
    text = render(find_template("retrato"), shown, looks()).text
    assert f"Linha 1, coluna 1: {said}" in text
    assert "Fotografia em preto e branco." in text
    assert "1 ano, " in render(find_template("retrato"), block(person(age=1)), looks()).text


def test_the_neutral_template_shows_the_person_alone_and_no_look() -> None:
    template = find_template("neutral")
    assert not template.speaks_of_looks
    shown = replace(crowd(9), filters=("sepia",) * 9)
    text = render(template, shown, looks()).text
    assert text == render(template, shown, {}).text
    for words in ("Neutral expression", "no filter", "Plain light grey background", "no tools, uniforms"):
        assert words in text


def test_placeholders_are_documented() -> None:
    pages = (ROOT / "docs/prompts.md").read_text(encoding="utf-8")
    for name in (*PLACEHOLDERS, *LINE_PLACEHOLDERS):
        assert f"`{{{name}}}`" in pages
    for template in templates():
        assert f"`{template.name}`" in pages


def test_a_prompt_over_the_limit_is_refused_with_the_figures() -> None:
    check("x" * 4000, 4000)
    with pytest.raises(PromptTooLong, match=r"4,001 characters; the model accepts 4,000\. Shorten it by 1"):
        check("x" * 4001, 4000)

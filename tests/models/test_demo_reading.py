"""Reading a prompt: who sits where, whatever hand wrote it."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from avatar_core.filters import looks
from avatar_core.models.demo.reading import Sitter, read_prompt
from avatar_core.models.demo.trades import OTHER, all_trades, plain, trade_named, trade_of
from avatar_core.prompts import render
from avatar_core.prompts.templates import templates
from avatar_core.types import Block, Ethnicity, Gender, Persona


def only(line: str) -> Sitter:
    """The one person that a line describes."""
    (sitter,) = [seat for seat in read_prompt(line).seats if seat is not None]
    return sitter


def facts(line: str) -> tuple[int, Gender, int, Ethnicity | None, str, str]:
    sitter = only(line)
    return sitter.cell, sitter.gender, sitter.age, sitter.ethnicity, sitter.trade, sitter.filter


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "[1] Man, 35 years old, white ethnicity, mechanic. Apply warm tone filter.",
            (1, Gender.MAN, 35, Ethnicity.WHITE, "mechanic", "warm"),
        ),
        (
            "[2] Woman, 42 years old, pardo ethnicity, teacher. Use black & white filter.",
            (2, Gender.WOMAN, 42, Ethnicity.PARDO, "teacher", "bw"),
        ),
        (
            "[3] Man, 28 years old, black ethnicity, software engineer. No filter.",
            (3, Gender.MAN, 28, Ethnicity.BLACK, "programmer", "none"),
        ),
        (
            "[4] Woman, 56 years old, white ethnicity, nurse. Apply sepia filter.",
            (4, Gender.WOMAN, 56, Ethnicity.WHITE, "nurse", "sepia"),
        ),
        (
            "[5] Man, 47 years old, indigenous ethnicity, construction worker. Use 3D movie character style.",
            (5, Gender.MAN, 47, Ethnicity.INDIGENOUS, "construction", "3d"),
        ),
        (
            "[6] Person, 33 years old, asian ethnicity, salesperson. Apply cool tone filter.",
            (6, Gender.PERSON, 33, Ethnicity.ASIAN, "seller", "cool"),
        ),
    ],
)
def test_a_line_of_the_contract_is_read(line, expected):
    assert facts(line) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "Row 1, column 2: woman, 42 years old, pardo (mixed-race) Brazilian, teacher. Sepia in brown tones.",
            (2, Gender.WOMAN, 42, Ethnicity.PARDO, "teacher", "sepia"),
        ),
        (
            "Row 3, column 1: man, 8 years old, black Brazilian, student. Natural colours.",
            (7, Gender.MAN, 8, Ethnicity.BLACK, "student", "none"),
        ),
        (
            "Linha 2, coluna 3: mulher, 61 anos, indígena, médica. Sépia.",
            (6, Gender.WOMAN, 61, Ethnicity.INDIGENOUS, "doctor", "sepia"),
        ),
    ],
)
def test_a_line_of_the_precise_template_is_read(line, expected):
    assert facts(line) == expected


@pytest.mark.parametrize(
    ("words", "gender", "ethnicity", "trade"),
    [
        ("Homem, 30 anos, branca, pedreiro", Gender.MAN, Ethnicity.WHITE, "construction"),
        ("Mulher, 30 anos, parda, cozinheira", Gender.WOMAN, Ethnicity.PARDO, "cook"),
        ("Pessoa, 30 anos, preta, advogada", Gender.PERSON, Ethnicity.BLACK, "lawyer"),
        ("mulher, 30 anos, amarela, agricultora", Gender.WOMAN, Ethnicity.ASIAN, "farmer"),
        ("homem, 30 anos, indígena, professor", Gender.MAN, Ethnicity.INDIGENOUS, "teacher"),
        ("homem, 30 anos, negro, motorista", Gender.MAN, Ethnicity.BLACK, "driver"),
    ],
)
def test_portuguese_is_read(words, gender, ethnicity, trade):
    assert facts(f"[4] {words}.")[1:5] == (gender, 30, ethnicity, trade)


def test_a_free_description_is_read_with_its_wishes():
    sitter = only("[8] a 25-year-old black woman, nurse, wearing red glasses")
    assert (sitter.gender, sitter.age, sitter.ethnicity) == (Gender.WOMAN, 25, Ethnicity.BLACK)
    assert sitter.trade == "nurse"
    assert sitter.wishes.glasses
    assert sitter.wishes.glasses_colour == "#b3261e"


def test_the_colour_of_hair_or_clothes_is_nobodys_ethnicity():
    sitter = only("[1] Woman, 30 years old, asian ethnicity, baker, with black hair and a white coat.")
    assert sitter.ethnicity is Ethnicity.ASIAN
    assert sitter.wishes.hair_colour == "#1c1c20"
    assert only("[1] man with brown hair, 30 years old, lawyer").ethnicity is None
    assert only("[1] man, 30 years old, lawyer. Black and white photograph.").ethnicity is None


@pytest.mark.parametrize(
    ("words", "look"),
    [
        ("Woman, 30 years old, white ethnicity, 3D artist.", "none"),
        ("Woman, 30 years old, white ethnicity, cold store worker with a warm smile.", "none"),
        ("Woman, 30 years old, white ethnicity, cook, in cool blue tones.", "cool"),
        ("Woman, 30 years old, white ethnicity, cook. Warm.", "warm"),
        ("Mulher, 30 anos, branca, cozinheira. Filtro de tom quente.", "warm"),
        ("Mulher, 30 anos, branca, cozinheira. Preto e branco.", "bw"),
        ("Mulher, 30 anos, branca, cozinheira. Personagem de filme 3D.", "3d"),
    ],
)
def test_a_look_is_told_from_other_words(words, look):
    assert only(f"[7] {words}").filter == look


def test_the_first_word_for_a_gender_counts():
    assert only("[1] Woman, 30 years old, black ethnicity, delivery person.").gender is Gender.WOMAN
    assert only("[1] 30 years old, black ethnicity, policewoman.").gender is Gender.WOMAN


def test_the_look_is_no_part_of_who_somebody_is():
    line = "[1] Man, 30 years old, black ethnicity, teacher."
    callings = {only(f"{line} {look.sentence}").calling for look in looks().values()}
    assert callings == {only(line).calling}


def test_people_on_one_line_and_in_numbered_lists_are_told_apart():
    together = read_prompt("[1] Man, 20 years old, chef. [2] Woman, 30 years old, judge. [3] empty cell")
    assert [seat and seat.trade for seat in together.seats[:3]] == ["cook", "lawyer", None]
    listed = read_prompt("1. Man, 20 years old, chef\n2) woman, 30 years old, judge\n3. Use soft light.")
    assert [seat and seat.trade for seat in listed.seats[:3]] == ["cook", "lawyer", None]
    assert listed.cells_named == 2


def test_an_explanation_of_the_layout_seats_nobody():
    prompt = "Row 1: [1] Top-left | [2] Top-center | [3] Top-right\n[1] Man, 50 years old, white, farmer."
    reading = read_prompt(prompt)
    assert reading.cells_named == 1
    assert reading.seats[0] is not None
    assert reading.seats[0].age == 50


@pytest.mark.parametrize(
    "line",
    [
        "[9] Empty cell, plain background, nobody.",
        "Row 3, column 3: empty cell, plain light grey background, nobody.",
        "Linha 3, coluna 3: célula vazia, fundo liso, ninguém.",
    ],
)
def test_an_empty_cell_is_named_and_seats_nobody(line):
    reading = read_prompt(line)
    assert reading.cells_named == 1
    assert reading.seats == (None,) * 9


def test_a_missing_line_seats_nobody():
    reading = read_prompt("[2] Man, 40 years old, white ethnicity, driver.")
    assert [seat is None for seat in reading.seats] == [True, False] + [True] * 7


@pytest.mark.parametrize(
    "prompt", ["", "A cat on a sofa.", "[10] Man, 30 years old.", "Draw 9 dogs. [1] the first note"]
)
def test_a_prompt_without_people_in_cells_is_no_grid(prompt):
    assert not read_prompt(prompt).is_grid


@pytest.mark.parametrize(
    ("age", "read"), [("0", 0), ("110", 110), ("111", 110), ("999999999999999999999999", 110), ("-5", 5)]
)
def test_ages_stay_within_a_life(age, read):
    assert only(f"[1] Man, {age} years old, white ethnicity, clerk.").age == read


def test_an_occupation_nobody_knows_is_no_other_trade():
    assert only("[1] Man, 30 years old, white ethnicity, zyzzyvologist.").trade == OTHER
    assert trade_of("a trade that does not exist").id == OTHER


@pytest.mark.parametrize(
    ("occupation", "trade"),
    [
        ("bombeiro", "firefighter"),
        ("firefighter", "firefighter"),
        ("policial", "guard"),
        ("data scientist", "analyst"),
        ("cientista de dados", "analyst"),
        ("cientista", "scientist"),
        ("auxiliar de escritório", "office"),
        ("escritora", "designer"),
        ("bibliotecária", "librarian"),
        ("professora de história", "teacher"),
    ],
)
def test_neighbouring_occupations_are_told_apart(occupation, trade):
    assert only(f"[1] Mulher, 30 anos, parda, {occupation}.").trade == trade


@pytest.mark.parametrize("trade", [trade.id for trade in all_trades() if trade.id != OTHER])
def test_every_trade_can_be_reached_by_a_word_of_its_own(trade):
    words = trade_of(trade).words.pattern
    stems = words.removeprefix(r"\b(?:").removesuffix(")").replace(r"\b", "").replace("\\", "").split("|")
    reached = [found.id for stem in stems if (found := trade_named(plain(stem)))]
    assert trade in reached


HOSTILE = "[1] {{{}}} %s %n <svg onload=x> &amp; \"' \\0 \x00 </g> Man, 1e9 years old, ]]]["


@given(st.text(max_size=400))
@example(HOSTILE)
@example("[1] man " + "9" * 5000 + " years")
@example("[" * 5000)
def test_any_text_can_be_read(text):
    assert len(read_prompt(text).seats) == 9


@settings(max_examples=60)
@given(st.text(max_size=120))
def test_any_text_in_a_line_can_be_read(text):
    reading = read_prompt(f"[5] Woman, 30 years old, {text}")
    assert reading.seats[0] is None or "[1]" in plain(text)


def test_thousands_of_lines_are_read():
    """In time that grows with their length alone: the clock of the test run would stop it otherwise."""
    prompt = "[1] nothing here\nRow 2, column 2: \n" * 5000 + "[2] Woman, 30 years old, pardo, teacher."
    assert read_prompt(prompt).cells_named == 1


def test_every_template_is_understood_with_every_look():
    """What the product itself writes must be read back without loss, whatever the template."""
    people = [(gender, ethnicity) for ethnicity in Ethnicity for gender in Gender]
    for template in templates():
        for number, (gender, ethnicity) in enumerate(people):
            for look in looks():
                persona = Persona("a1b2c3", 7 * number, gender, ethnicity, "chef de cozinha")
                prompt = render(template, Block(0, (persona,), (look,)), looks())
                reading = read_prompt(prompt.text)
                sitter = reading.seats[0]
                assert sitter is not None
                assert (sitter.gender, sitter.age, sitter.ethnicity) == (gender, 7 * number, ethnicity)
                assert sitter.trade == "cook"
                assert sitter.filter == (look if template.speaks_of_looks else "none")
                assert reading.seats[1:] == (None,) * 8
                assert reading.cells_named == 9

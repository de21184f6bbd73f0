"""People drawn by the Census of 2022, and people compared with it: figures by hand, exact intervals, plain words."""

import math
import tomllib
from collections import Counter
from contextlib import suppress
from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avatar_core.census import REGIONS, Comparison, census_shares, compare, draw_people, read_shares
from avatar_core.census.comparing import FEWER, MORE, TOO_FEW, UNKNOWN, WITHIN, interval, verdict
from avatar_core.census.occupations import occupations
from avatar_core.errors import InputError, UnreadableTable
from avatar_core.people import people_to_csv, read_people
from avatar_core.types import Ethnicity, Gender, Persona

relaxed = settings(deadline=None, max_examples=50)
DATA = tomllib.loads(
    resources.files("avatar_core").joinpath("data/census-2022.toml").read_text(encoding="utf-8")
)
BRAZIL = census_shares()
#: Ten thousand people are drawn once; every test looks at the same ones.
MANY = draw_people(10_000, seed=2022)


def persona(ethnicity: str = "white", gender: str = "man", age: int = 30) -> Persona:
    return Persona("x", age, Gender(gender), Ethnicity(ethnicity), "baker")


def about(personas: tuple[Persona, ...] | list[Persona], shares: object, value: str) -> Comparison:
    (one,) = (found for found in compare(personas, shares) if found.value == value)  # type: ignore[arg-type]
    return one


# The figures


def test_the_bands_of_age_add_up_to_the_totals_that_ibge_published() -> None:
    bands = DATA["age"]["bands"]
    assert sum(band[2] for band in bands) == 98_532_431
    assert sum(band[3] for band in bands) == 104_548_325
    assert sum(men + women for _, last, men, women in bands if last <= 14) == 40_129_261
    assert sum(men + women for first, _, men, women in bands if first >= 65) == 22_169_101
    assert [band[0] for band in bands[1:]] == [band[1] + 1 for band in bands[:-1]]


def test_the_counts_of_raca_cor_add_up_to_all_who_declared_one() -> None:
    assert sum(DATA["ethnicity"].values()) == 203_069_637


@pytest.mark.parametrize(
    ("field", "value", "percent"),
    [
        ("gender", "woman", 51.5),
        ("gender", "man", 48.5),
        ("age", "0 to 14", 19.8),
        ("age", "65 and over", 10.9),
        ("ethnicity", "pardo", 45.3),
        ("ethnicity", "white", 43.5),
        ("ethnicity", "black", 10.2),
        ("ethnicity", "indigenous", 0.6),
        ("ethnicity", "asian", 0.4),
    ],
)
def test_the_shares_are_those_that_ibge_rounds(field: str, value: str, percent: float) -> None:
    (share,) = (share for share in BRAZIL.reference(field) if share.value == value)
    assert round(share.share * 100, 1) == percent
    assert "IBGE" in share.source


@pytest.mark.parametrize("region", [None, *REGIONS])
def test_the_shares_of_every_field_add_up_to_all_and_each_has_a_source(region: str | None) -> None:
    shares = census_shares(region)
    for figures in (shares.gender, shares.age, shares.ethnicity, shares.reference("age")):
        assert math.isclose(sum(share.share for share in figures), 1, abs_tol=1e-6)
        assert all(share.source for share in figures)
    assert shares.notes


def test_a_regions_shares_are_those_of_ibges_own_text_and_others_say_who_quotes_them() -> None:
    ibge = {
        "norte": {"pardo": 67.2},
        "nordeste": {"pardo": 59.6, "black": 13.0},
        "centro-oeste": {"pardo": 52.4},
        "sudeste": {"white": 49.9, "pardo": 38.7, "black": 10.6, "asian": 0.7},
        "sul": {"white": 72.6, "pardo": 21.7, "asian": 0.4},
    }
    for region, figures in ibge.items():
        shares = census_shares(region).ethnicity
        own = {share.value: share.share * 100 for share in shares if share.source.startswith("IBGE educa")}
        assert own == pytest.approx(figures)
        assert all(
            "as quoted by" in share.source or "not in our source" in share.source
            for share in shares
            if share.value not in figures
        )


def test_men_per_100_women_are_ibges_and_conflicting_ones_are_left_out() -> None:
    assert DATA["men_per_100_women"] == {"white": 89.9, "pardo": 96.4, "black": 103.9}


def test_what_no_source_gives_for_a_region_says_so() -> None:
    (left,) = (
        share for share in census_shares("centro-oeste").ethnicity if "not in our source" in share.source
    )
    assert (left.value, round(left.share, 3)) == ("indigenous", 0.011)


def test_men_and_women_of_a_raca_cor_stand_to_each_other_as_ibge_says() -> None:
    places = {share.value: place for place, share in enumerate(BRAZIL.ethnicity)}
    men, women = (share.share for share in (BRAZIL.gender[1], BRAZIL.gender[0]))
    for value, ratio in DATA["men_per_100_women"].items():
        place = places[value]
        of = men * BRAZIL.ethnicities_of("man")[place] / (women * BRAZIL.ethnicities_of("woman")[place])
        assert round(100 * of, 1) == pytest.approx(ratio, abs=0.15)


def test_a_region_that_there_is_not_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(InputError, match="norte, nordeste, centro-oeste, sudeste, sul"):
        census_shares("south")


# People drawn


def test_the_same_seed_gives_the_same_people_and_another_seed_others() -> None:
    assert draw_people(20, 7) == draw_people(20, 7)
    assert draw_people(20, 7) != draw_people(20, 8)
    assert draw_people(50, 7)[:20] == draw_people(20, 7)


def test_the_people_of_a_seed_stay_the_same_from_version_to_version() -> None:
    assert [one.described for one in draw_people(3, 7, "sul", language="en", min_age=18)] == SEVEN
    assert [one.id for one in draw_people(3, 7, "sul", language="en", min_age=18)] == IDS


def test_many_people_are_as_the_census_says() -> None:
    for found in compare(MANY, BRAZIL):
        low, high = interval(
            found.count, found.of, 0.999
        )  # one in twenty is outside of the usual one by chance
        assert found.reference is not None
        assert low < found.reference < high
    sons = sum(one.gender is Gender.MAN for one in MANY if one.age >= 80) / sum(one.age >= 80 for one in MANY)
    assert 0.3 < sons < 0.45  # men are 38 % of those of 80 and over


def test_people_of_a_region_have_its_raca_cor() -> None:
    south = draw_people(4000, 1, "sul")
    assert about(south, census_shares("sul"), "white").words == WITHIN
    assert about(south, BRAZIL, "white").words == MORE


def test_ages_keep_within_their_limits_and_the_shares_are_those_of_the_others() -> None:
    adults = draw_people(3000, 5, min_age=18, max_age=29)
    assert {one.age for one in adults} == set(range(18, 30))
    young = BRAZIL.between(18, 29)
    assert [share.value for share in young.reference("age")] == ["18 to 29"]
    assert about(adults, young, "man").words == WITHIN
    assert {found.words for found in compare(adults, young)} <= {WITHIN, TOO_FEW}


@pytest.mark.parametrize(
    "asked",
    [
        {"n": 0},
        {"n": 10_001},
        {"region": "x"},
        {"language": "fr"},
        {"min_age": 40, "max_age": 30},
        {"min_age": -1},
        {"min_age": 110, "max_age": 120},
        {"shares": BRAZIL, "region": "sul"},
    ],
)
def test_what_cannot_be_drawn_is_refused_in_words(asked: dict[str, object]) -> None:
    with pytest.raises(InputError) as caught:
        draw_people(**{"n": 3, "seed": 1, **asked})  # type: ignore[arg-type]
    assert caught.value.message.endswith(".")


def test_drawn_people_say_where_they_come_from_and_are_a_table_like_any_other() -> None:
    people = draw_people(40, 3, "nordeste")
    assert people[0].extra == (("drawn_from", "IBGE, Census 2022, Nordeste; seed 3"),)
    assert all(one.name == "" for one in people)
    assert len({one.id for one in MANY}) == len(MANY)
    again = read_people(people_to_csv(people))
    assert (again.personas, again.problems) == (people, ())


def test_children_are_children_pupils_are_pupils_and_only_the_old_are_retired() -> None:
    for one in MANY:
        if one.age < 4:
            assert one.occupation == "criança"
        elif one.age < 16:
            assert one.occupation == "estudante"
        else:
            assert one.occupation not in ("criança", "estudante")
        assert one.age >= 65 or not one.occupation.startswith("aposentad")
    old = [one for one in MANY if one.age >= 65]
    retired = sum(one.occupation.startswith("aposentad") for one in old)
    assert interval(retired, len(old), 0.999)[0] < 0.5 < interval(retired, len(old), 0.999)[1]


def test_an_occupation_tells_nothing_about_gender_or_raca_cor() -> None:
    grown = draw_people(6000, 4, language="en", min_age=30, max_age=60)
    overall = Counter(one.occupation for one in grown)
    for same in (lambda one: one.gender is Gender.WOMAN, lambda one: one.ethnicity is Ethnicity.BLACK):
        part = [one for one in grown if same(one)]
        found = Counter(one.occupation for one in part)
        unusual = 0
        for occupation, count in overall.items():
            low, high = interval(found[occupation], len(part), 0.99)
            unusual += not low <= count / len(grown) <= high
        assert unusual <= 3  # of 76, one in a hundred by chance


def test_the_list_of_occupations_is_long_and_says_each_in_three_ways() -> None:
    known = occupations()
    assert len(known) >= 60
    assert len({one.en for one in known}) == len({one.feminine for one in known}) == len(known)
    for one in known:
        assert 14 <= one.youngest <= 30
        assert one.en.isascii()
        assert max(map(len, (one.en, one.spoken(Gender.PERSON, "pt")))) <= 80
    assert sum(one.masculine != one.feminine for one in known) >= 40


def test_the_words_of_an_occupation_follow_the_gender_and_the_language() -> None:
    nurse = occupations()[1]
    said = [nurse.spoken(gender, "pt") for gender in (Gender.MAN, Gender.WOMAN, Gender.PERSON)]
    assert said == ["enfermeiro", "enfermeira", "enfermeira ou enfermeiro"]
    assert nurse.spoken(Gender.WOMAN, "en") == "nurse"


# People compared


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [
        # By hand: with nobody of n, the upper end u solves (1 - u)^n = 0.025; with all of them, the lower end likewise.
        (0, 9, 0, 1 - 0.025 ** (1 / 9)),
        (9, 9, 0.025 ** (1 / 9), 1),
        (0, 100, 0, 1 - 0.025 ** (1 / 100)),
        # One of one: 0.025 and 1. One of two: l² - 2l + 0.025 = 0 and its mirror.
        (1, 1, 0.025, 1),
        (1, 2, 1 - math.sqrt(0.975), math.sqrt(0.975)),
        # As textbooks print it.
        (5, 10, 0.187086, 0.812914),
    ],
)
def test_the_intervals_are_exact(count: int, of: int, low: float, high: float) -> None:
    assert interval(count, of) == pytest.approx((low, high), abs=1e-6)


@pytest.mark.parametrize(("count", "of"), [(4, 9), (1, 30), (17, 18), (60, 200)])
def test_at_the_ends_of_an_interval_the_count_is_one_in_forty(count: int, of: int) -> None:
    def tail(share: float, counts: range) -> float:
        return sum(math.comb(of, k) * share**k * (1 - share) ** (of - k) for k in counts)

    low, high = interval(count, of)
    assert tail(low, range(count, of + 1)) == pytest.approx(0.025)
    assert tail(high, range(count + 1)) == pytest.approx(0.025)


def test_nobody_of_nine_being_preta_says_nothing_about_the_nine() -> None:
    reference = next(share.share for share in BRAZIL.ethnicity if share.value == "black")
    assert round((1 - reference) ** 9, 2) == 0.38
    found = about([persona() for _ in range(9)], BRAZIL, "black")
    assert (found.count, found.of, found.share, found.words) == (0, 9, 0, TOO_FEW)
    assert (round(found.low, 3), round(found.high, 3)) == (0, 0.336)


def test_nobody_of_a_hundred_being_amarela_says_nothing_either() -> None:
    reference = next(share.share for share in BRAZIL.ethnicity if share.value == "asian")
    assert round((1 - reference) ** 100, 2) == 0.66  # 0.67 by the rounded share of 0.4 %
    assert about([persona() for _ in range(100)], BRAZIL, "asian").words == TOO_FEW


@pytest.mark.parametrize(
    ("women", "of", "words"),
    [
        (5, 9, TOO_FEW),
        (6, 9, TOO_FEW),
        (9, 9, MORE),
        (0, 9, FEWER),
        (51, 100, WITHIN),
        (70, 100, MORE),
        (30, 100, FEWER),
    ],
)
def test_the_words_follow_from_the_interval(women: int, of: int, words: str) -> None:
    people = [persona(gender="woman")] * women + [persona()] * (of - women)
    assert about(people, BRAZIL, "woman").words == words


@pytest.mark.parametrize(
    ("low", "high", "reference", "words"),
    [
        (0.1, 0.3, None, UNKNOWN),
        (0.11, 0.3, 0.1, MORE),
        (0.1, 0.3, 0.31, FEWER),
        (0.11, 0.3, 0.2, WITHIN),
        (0.1, 0.3, 0.2, TOO_FEW),
        (0.15, 0.4, 0.2, TOO_FEW),
        (0.3, 0.75, 0.52, WITHIN),
        (0.3, 0.77, 0.52, TOO_FEW),
        (0, 0.3, 0, WITHIN),
        (0.7, 1, 1, WITHIN),
    ],
)
def test_too_few_to_tell_is_where_half_or_twice_of_it_would_look_the_same(
    low: float, high: float, reference: float | None, words: str
) -> None:
    assert verdict(low, high, reference) == words


def test_what_the_census_has_no_figure_for_is_counted_and_not_judged() -> None:
    found = about([persona(gender="person")] * 3, BRAZIL, "person")
    assert (found.count, found.reference, found.words) == (3, None, UNKNOWN)
    assert about([persona(age=3)], BRAZIL.between(18, 60), "another age").words == UNKNOWN


def test_a_comparison_says_everything_in_one_sentence() -> None:
    assert about([persona("black")] + [persona()] * 8, BRAZIL, "black").sentence == (
        "ethnicity black: 1 of 9 (11.1%, 95 % interval 0.3% to 48.2%), reference 10.2%: too few to tell"
    )


def test_nobody_can_be_compared_without_a_complaint() -> None:
    assert {found.words for found in compare((), BRAZIL)} == {TOO_FEW}


@relaxed
@given(st.lists(st.sampled_from(MANY[:200]), max_size=40))
def test_every_person_is_counted_once_in_every_field(people: list[Persona]) -> None:
    found = compare(people, BRAZIL)
    for field in ("gender", "age", "ethnicity"):
        of = [one for one in found if one.field == field]
        assert sum(one.count for one in of) == len(people)
        assert all(0 <= one.low <= one.share <= one.high <= 1 for one in of)


# Shares of one's own

OWN = """field,value,share,source
gender,mulher,60%,Survey 2025
gender,homem,38%,Survey 2025
gender,person,2%,Survey 2025
age,18-24,0.25,
age,25 a 64,0.5,
age,65+,0.25,
"""


def test_a_table_of_ones_own_takes_the_place_of_the_census_field_by_field() -> None:
    shares = read_shares(OWN.encode(), "own.csv")
    assert [(share.value, share.share, share.source) for share in shares.gender] == [
        ("woman", 0.6, "Survey 2025"),
        ("man", 0.38, "Survey 2025"),
        ("person", 0.02, "Survey 2025"),
    ]
    assert [share.value for share in shares.age] == ["18 to 24", "25 to 64", "65 and over"]
    assert shares.ethnicity == BRAZIL.ethnicity
    assert "ethnicity" in shares.notes[1]
    people = draw_people(3000, 1, shares=shares)
    assert {found.words for found in compare(people, shares)} <= {WITHIN, TOO_FEW}
    assert min(one.age for one in people) == 18
    assert any(one.gender is Gender.PERSON for one in people)
    assert people[0].extra == (("drawn_from", "own.csv; seed 1"),)


@pytest.mark.parametrize(
    "text",
    [
        "field;value;share\nethnicity;parda;60,1\nethnicity;branca;39,9\n",
        "Field\tValue\tShare\r\nethnicity\tpardo\t0.601\r\nethnicity\twhite\t0.399\r\n\r\n",
        "[ethnicity]\nparda = 60.1\nbranca = 39.9\n",
        "# mine\n[ethnicity]\npardo = 0.601\nwhite = 0.399\n",
    ],
    ids=["semicolons", "tabs", "TOML", "TOML in parts"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_table_of_shares_may_be_written_in_several_ways(text: str, encoding: str) -> None:
    shares = read_shares(text.encode(encoding), "own")
    assert [(share.value, round(share.share, 4)) for share in shares.ethnicity] == [
        ("pardo", 0.601),
        ("white", 0.399),
    ]
    assert shares.ethnicities_of("man") == pytest.approx((0.601, 0.399))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no column called field"),
        ("field,value,share\n", "holds no shares"),
        ("field,value,share\ngender,woman,50\n", "add up to 50"),
        ("field,value,share\ngender,woman,0.6\ngender,man,0.6\n", "add up to 1.2"),
        ("field,value,share\ngender,woman,-1\ngender,man,2\n", "the share “-1”"),
        ("field,value,share\ngender,woman,much\n", "the share “much”"),
        ("field,value,share\ngender,woman,nan\n", "the share “nan”"),
        ("field,value,share\ngender,dog,1\n", "“dog”, which is no gender"),
        ("field,value,share\ngender,woman,.5\ngender,mulher,.5\n", "share “.5”"),
        ("field,value,share\ngender,woman,0.5\ngender,mulher,0.5\n", "two shares of woman"),
        ("field,value,share\nage,old,1\n", "ages “old”"),
        ("field,value,share\nage,30-20,1\n", "ages “30-20”"),
        ("field,value,share\nage,0-30,0.5\nage,30+,0.5\n", "overlap: 0 to 30 and 30 and over"),
        ("field,value,share\nincome,high,1\n", "shares of “income”"),
        ("[gender]\nwoman = true\n", "the share “True”"),
        ("[gender\n", "not valid TOML"),
        ("[[gender]]\nwoman = 1\n", "outside of a table"),
        ("x" * 100_001, "too large"),
    ],
)
def test_a_table_of_shares_that_cannot_be_used_is_refused_with_what_is_wrong(text: str, message: str) -> None:
    with pytest.raises(UnreadableTable, match=message) as caught:
        read_shares(text.encode(), "own.csv")
    assert "\n" not in caught.value.message


@relaxed
@given(st.binary(max_size=200))
def test_no_bytes_whatsoever_end_in_anything_but_shares_or_a_plain_refusal(data: bytes) -> None:
    for start in (b"", b"field,value,share\n", b"[age]\n"):
        with suppress(UnreadableTable):
            read_shares(start + data)


SEVEN = ["Man, 41, white, receptionist", "Woman, 40, white, street vendor", "Man, 21, white, doorkeeper"]
IDS = ["f6j0og", "kpshab", "d0gv2m"]

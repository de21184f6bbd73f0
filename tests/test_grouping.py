"""Problems of many rows become few lines: counted, with the first rows, and nothing merged that differs."""

from avatar_core.people import grouped, read_people
from avatar_core.types import RowProblem

HEAD = "id,age,gender,ethnicity,occupation\n"


def lines(table: str) -> list[str]:
    return [str(group) for group in grouped(read_people(table.encode()).problems)]


def test_three_hundred_rows_of_a_word_are_one_line_that_counts_them() -> None:
    (line,) = lines(HEAD + "".join(f"a{row},30,woman,asiatico,nurse\n" for row in range(300)))
    assert line.startswith("300 rows, column “ethnicity”: “asiatico”: is read as asian")
    assert "Rows 1, 2, 3, 4, 5 and 295 more." in line


def test_refused_rows_and_notices_stay_apart_and_so_do_columns() -> None:
    old = "".join(f"a{row},{300 + row},woman,asiatico,nurse\n" for row in range(6))
    found = grouped(read_people((HEAD + old + "c,30,robot,white,nurse\n").encode()).problems)
    assert [(group.count, group.fatal) for group in found] == [(6, True), (6, False), (1, True)]


def test_a_few_of_a_kind_are_each_named() -> None:
    found = lines(HEAD + "".join(f"a{row},{300 + row},woman,black,nurse\n" for row in range(5)))
    assert len(found) == 5
    assert found[4].startswith("Row 5, column “age”: “304” is not an age.")


def test_a_repeated_id_still_names_both_of_its_rows() -> None:
    (line,) = lines(HEAD + "a,30,woman,black,nurse\n" * 2)
    assert "Row 2" in line
    assert "already the id of row 1" in line
    (many,) = lines(HEAD + "".join(f"a{row},30,woman,black,nurse\n" for row in range(6)) * 2)
    assert many.startswith(
        "6 rows, column “id”: row 7, “a0”, is already the id of row 1; row 8, “a1”, is already"
    )
    assert many.split(" Allowed")[0].endswith("; and 1 more.")


def test_what_speaks_of_the_whole_table_is_never_merged() -> None:
    whole = [
        RowProblem(0, "ethnicity", word, f"is read as pardo in {n} rows", fatal=False)
        for word, n in (("a", 1), ("b", 2))
    ]
    assert [str(group) for group in grouped(whole)] == [str(problem) for problem in whole]


def test_every_problem_is_in_exactly_one_group() -> None:
    bad = HEAD + "".join(f"x,{200 + row % 7},robot,asiatico,\n" for row in range(50))
    problems = read_people(bad.encode()).problems
    assert sum(group.count for group in grouped(problems)) == len(problems)

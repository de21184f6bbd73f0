"""Judging: seen borders are trusted, a picture that runs across one is not, and unseen ones are admitted."""

import pytest

from avatar_core.checks import CONTRADICTED
from avatar_core.cut.judging import ASSURED, HIDDEN, confidence_of, judge
from avatar_core.cut.structure import Piece
from avatar_core.types import Verdict

EVERYBODY = range(1, 10)
NOTHING_STRANGE = {"columns": [-0.3], "rows": [-0.2]}
SEEN = {"score": 2.0, "seen": 0.9, "texture": 20.0, "gap": 0.0}


def twelve(**odd: dict[str, float]) -> list[Piece]:
    """All borders of a 3 x 3 grid, well seen but for the odd ones, named by their cells: ``p12={"seen": 0}``."""
    cells = [(a, a + 1) for a in EVERYBODY if a % 3] + [(a, a + 3) for a in range(1, 7)]
    return [Piece(pair, **{**SEEN, **odd.get(f"p{pair[0]}{pair[1]}", {})}) for pair in cells]


def verdict_of(pieces: list[Piece], strange=NOTHING_STRANGE, occupied=EVERYBODY):
    return judge(pieces, strange, 3, 3, occupied)


def test_borders_that_are_seen_are_accepted_with_confidence() -> None:
    found = verdict_of(twelve())
    assert found.verdict is Verdict.ACCEPTED
    assert found.confidence > 0.9
    assert found.reasons == ()


def test_a_busy_picture_across_a_border_is_one_picture() -> None:
    found = verdict_of(twelve(p45={"seen": 0.02}))
    assert found.verdict is Verdict.QUARANTINED
    assert found.confidence <= CONTRADICTED
    assert found.reasons == ("Cells 4 and 5 look like one picture: no border can be seen between them.",)


def test_a_gutter_that_is_interrupted_is_one_picture_too() -> None:
    assert "Cells 2 and 5" in verdict_of(twelve(p25={"gap": 0.9})).reasons[0]


def test_plain_grounds_that_meet_unseen_are_no_contradiction_but_to_be_looked_at() -> None:
    found = verdict_of(twelve(p45={"seen": 0.0, "texture": 0.5}))
    assert found.verdict is Verdict.UNVERIFIED
    assert found.confidence <= ASSURED
    assert found.reasons[0].startswith("No border can be seen between cells 4 and 5.")


def test_the_plain_ground_of_an_empty_cell_may_meet_its_neighbours_unseen() -> None:
    found = verdict_of(twelve(p89={"seen": 0.0, "texture": 0.5}), occupied=range(1, 9))
    assert found.verdict is Verdict.ACCEPTED


def test_most_borders_within_pictures_are_no_grid() -> None:
    odd = {f"p{a}{b}": {"seen": 0.0} for a, b in [(1, 2), (2, 3), (4, 5), (5, 6), (7, 8), (8, 9)]}
    assert "does not look like 3 x 3" in verdict_of(twelve(**odd)).reasons[0]


@pytest.mark.parametrize("axis", ["columns", "rows"])
def test_a_seam_within_the_cells_is_another_grid(axis: str) -> None:
    found = verdict_of(twelve(), {**NOTHING_STRANGE, axis: [1.8, -0.1]})
    assert found.verdict is Verdict.QUARANTINED
    assert axis in found.reasons[0]


def test_a_seam_that_nothing_shows_is_admitted_in_plain_words() -> None:
    hidden = {"score": 0.0, "seen": 0.0, "texture": 0.3}
    found = verdict_of(twelve(p12=hidden, p45=hidden, p78=hidden))
    assert found.verdict is Verdict.UNVERIFIED
    assert found.confidence <= HIDDEN
    assert found.reasons[0].startswith("The grounds of columns 1 and 2 are alike")


def test_a_seam_that_shows_in_one_piece_is_known_and_its_other_pieces_are_named() -> None:
    hidden = {"score": 0.0, "seen": 0.0, "texture": 0.3}
    found = verdict_of(twelve(p12=hidden, p45={**hidden, "seen": 0.8}, p78=hidden))
    assert found.verdict is Verdict.UNVERIFIED
    assert [reason.partition(".")[0] for reason in found.reasons] == [
        "No border can be seen between cells 1 and 2",
        "No border can be seen between cells 7 and 8",
    ]


def test_borders_between_empty_cells_do_not_matter() -> None:
    nothing = {"score": 0.0, "seen": 0.0, "texture": 0.0}
    odd = {f"p{a}{b}": nothing for a, b in [(4, 5), (5, 6), (7, 8), (8, 9), (4, 7), (5, 8), (6, 9)]}
    assert verdict_of(twelve(**odd), occupied=(1, 2, 3)).verdict is Verdict.ACCEPTED


def test_confidence_falls_with_doubt_and_rises_with_evidence() -> None:
    assert confidence_of(0.3, 0, 0) < confidence_of(1.5, 0, 0) == confidence_of(9, 0, 0)
    assert confidence_of(1, 0.8, 0) < confidence_of(1, 0.2, 0) < confidence_of(1, 0, 0)
    assert confidence_of(1, 0, 1.0) < 0.3

"""The checks: who is missing, who is too many, who is there twice; and what may be said of it."""

import io
import json
import random
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from avatar_core.checks import Report, examine
from avatar_core.checks.contents import drawn_share
from avatar_core.checks.copies import twins
from avatar_core.checks.small import SIDE, thumbs
from avatar_core.cut import find_grid
from avatar_core.grid import exact_boxes
from avatar_core.models.catalog import open_catalog
from avatar_core.models.demo import DemoModel
from avatar_core.types import Cut, PaintRequest, Size, Verdict
from tests.cut.faults import backdrop
from tests.cut.portraits import demo_portraits, plain_portraits, prompt_for
from tests.cut.stress import Style, compose

EVERYBODY = range(1, 10)
EXACT = Cut(exact_boxes(Size(768, 768)), 1.0, Verdict.ACCEPTED)


def grid(*cells: Image.Image) -> Image.Image:
    return compose(cells, Style(), random.Random(1), (768, 768)).image


def nine(seed: int = 3) -> list[Image.Image]:
    return list(demo_portraits(seed, 576))


def test_nine_people_are_accepted() -> None:
    assert examine(grid(*nine()), EXACT, EVERYBODY) == Report(Verdict.ACCEPTED)


@pytest.mark.parametrize("seed", range(6))
def test_a_plain_ground_is_nobody_whether_it_is_flat_or_fades(seed: int) -> None:
    cells = nine()
    cells[4] = backdrop(random.Random(seed), cells[4].size)
    report = examine(grid(*cells), EXACT, EVERYBODY)
    assert report.verdict is Verdict.QUARANTINED
    assert [str(finding) for finding in report.findings] == [
        "Cell 5: nobody is there, only a plain background."
    ]


def test_an_empty_cell_that_was_asked_for_is_right() -> None:
    cells = nine()
    cells[7] = cells[8] = Image.new("RGB", cells[0].size, (228, 228, 232))
    assert examine(grid(*cells), EXACT, range(1, 8)).verdict is Verdict.ACCEPTED


def test_a_guest_in_an_empty_cell_is_told_but_holds_nobody_back() -> None:
    report = examine(grid(*nine()), EXACT, range(1, 9))
    assert report.verdict is Verdict.UNVERIFIED
    assert [finding.cell for finding in report.findings] == [9]


@pytest.mark.parametrize(
    "change",
    [
        Image.Image.copy,
        ImageOps.mirror,
        lambda portrait: ImageEnhance.Brightness(portrait).enhance(1.1),
        lambda portrait: portrait.filter(ImageFilter.GaussianBlur(0.8)),
        lambda portrait: portrait.crop((6, 6, portrait.width - 6, portrait.height - 6)),
    ],
)
def test_a_copy_is_found_also_when_it_was_changed_a_little(change) -> None:
    cells = nine()
    cells[6] = change(cells[1])
    report = examine(grid(*cells), EXACT, EVERYBODY)
    assert report.verdict is Verdict.QUARANTINED
    assert [(finding.cell, finding.reason) for finding in report.findings] == [
        (2, "this is the same picture as cell 7."),
        (7, "this is the same picture as cell 2."),
    ]


def test_people_of_one_trade_before_one_ground_are_no_twins() -> None:
    for portraits in (plain_portraits(1), plain_portraits(2), demo_portraits(5, 576)):
        assert twins(thumbs(grid(*portraits), EXACT.boxes)) == []


def test_copies_in_cells_of_unlike_size_are_found() -> None:
    cells = nine()
    cells[8] = cells[0]
    made = compose(cells, Style(jitter=0.03, gutter=8), random.Random(2), (768, 768))
    cut = replace(EXACT, boxes=made.boxes)
    assert {finding.cell for finding in examine(made.image, cut, EVERYBODY).findings} == {1, 9}


def test_a_contradicted_cut_is_not_looked_into() -> None:
    contradicted = replace(EXACT, confidence=0.05, verdict=Verdict.QUARANTINED, reasons=("No grid.",))
    report = examine(Image.new("RGB", (768, 768)), contradicted, EVERYBODY)
    assert report == Report(Verdict.QUARANTINED, ("No grid.",))


def test_a_cut_that_could_not_be_verified_stays_so() -> None:
    unseen = replace(EXACT, confidence=0.5, verdict=Verdict.UNVERIFIED, reasons=("No seam can be seen.",))
    assert examine(grid(*nine()), unseen, EVERYBODY).verdict is Verdict.UNVERIFIED


def test_a_second_look_makes_its_findings_anew() -> None:
    """Nine were asked for and one is missing; then it turns out that eight were asked for."""
    cells = nine()
    cells[8] = Image.new("RGB", cells[0].size, "white")
    first = examine(grid(*cells), EXACT, EVERYBODY).applied_to(EXACT)
    assert first.verdict is Verdict.QUARANTINED
    assert first.findings == ((9, "nobody is there, only a plain background."),)
    second = examine(grid(*cells), first, range(1, 9)).applied_to(first)
    assert (second.verdict, second.reasons, second.findings) == (Verdict.ACCEPTED, (), ())


def test_small_copies_have_one_shape_whatever_the_cell() -> None:
    boxes = [(0, 0, 31, 90), (31, 0, 400, 90), (0, 90, 400, 91)]
    copies = thumbs(Image.effect_noise((400, 200), 40), boxes)
    assert {copy.shape for copy in copies} == {(3, SIDE, SIDE)}


def test_a_label_at_the_bottom_is_nobody() -> None:
    cell = np.full((3, SIDE, SIDE), 230, np.float32)
    cell[:, 54:60, 36:60] = 90
    assert drawn_share(cell) == 0


def flawed(flaw: str, seed: int) -> Image.Image:
    """A grid of the demo model that fails on purpose."""
    prompt = f"{prompt_for(9, seed)}\nDemo flaw: {flaw}"
    painting = DemoModel(open_catalog().find("demo")).paint(PaintRequest(prompt, Size(576, 576), seed=seed))
    return Image.open(io.BytesIO(painting.data))


@pytest.mark.parametrize("seed", [300, 302, 303, 306])
def test_one_person_drawn_twice_before_two_grounds_is_told(seed: int) -> None:
    image = flawed("twins", seed)
    holds = json.loads(image.info["demo-truth"])["holds"]
    first, second = (cell for cell in EVERYBODY if holds.count(holds[cell - 1]) == 2)
    cut = find_grid(image)
    assert cut.verdict is Verdict.UNVERIFIED
    assert cut.findings == (
        (first, f"this may be the same person as in cell {second}."),
        (second, f"this may be the same person as in cell {first}."),
    )


def test_nine_people_of_one_description_are_nine_people() -> None:
    lines = "\n".join(f"[{cell}] Woman, 42 years old, pardo ethnicity, teacher." for cell in EVERYBODY)
    model = DemoModel(open_catalog().find("demo"))
    painting = model.paint(PaintRequest(f"One image, a 3x3 grid.\n\n{lines}", Size(576, 576), seed=1))
    assert find_grid(Image.open(io.BytesIO(painting.data))).verdict is Verdict.ACCEPTED


def test_a_portrait_over_three_cells_is_not_accepted_though_its_ground_is_plain() -> None:
    cut = find_grid(flawed("merged cells", 302))
    assert cut.verdict is not Verdict.ACCEPTED
    assert "No border can be seen between cells 1 and 2" in " ".join(cut.reasons)

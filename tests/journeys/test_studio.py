"""Nine rows in, nine faces out, in a browser."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.contract_server import Fault, ImageServer
from tests.journeys.dashboard import (
    Dashboard,
    choose,
    edit_cell,
    generate,
    go_to,
    pick,
    select_cell,
    settled,
    visit,
)

pytestmark = pytest.mark.xdist_group("journeys in the studio")

TABLE = "\n".join(
    [
        "id,nome,idade,gênero,raça/cor,ocupação,região",
        "s1,Ana,29,mulher,parda,enfermeira,Norte",
        "s2,Bia,300,mulher,branca,juíza,Sul",
        "s3,Caio,51,homem,preta,pedreiro,Oeste",
        "s4,Davi,33,homem,branca,padeiro,Leste",
    ]
)


def test_the_main_job_from_a_table_to_a_zip_and_back(demo: Dashboard, page: Page, tmp_path: Path) -> None:
    visit(page, demo.url, "Portraits")
    file = tmp_path / "survey.csv"
    file.write_text(TABLE, encoding="utf-8")
    page.get_by_role("button", name="Load people").click()
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(file)
    expect(page.get_by_text("1 row is left out")).to_be_visible()
    expect(page.get_by_test_id("stFileUploaderDropzoneInput")).to_have_count(0)
    expect(page.get_by_text("3 people · free")).to_be_visible()
    choose(page, "Size", "768 × 768 px")
    edit_cell(page, 5, 1, "astronaut")
    expect(page.get_by_test_id("stCode")).to_contain_text("51 years old, Black Brazilian, astronaut")
    pick(page, "Exact text")
    exact = page.get_by_role("textbox", name="The exact text to send")
    expect(exact).to_have_value(re.compile("astronaut"))
    exact.fill(exact.input_value() + "\nEverybody smiles.")
    exact.press("Control+Enter")
    settled(page)

    generate(page)
    page.get_by_role("button", name="Cancel").wait_for()
    page.reload()  # in the middle of it
    expect(page.get_by_test_id("stImage").first).to_be_visible(timeout=60_000)
    settled(page)
    expect(page.get_by_role("textbox", name="The exact text to send")).to_have_value(
        re.compile("Everybody smiles.$")
    )
    for name in (
        "Portrait 1: Woman, 29, pardo",
        "Portrait 2: Man, 51, black, astronaut",
        "Portrait 3: Man, 33",
    ):
        expect(page.locator(f'img[alt^="{name}"]')).to_be_visible()

    with page.expect_download() as downloading:
        page.get_by_role("button", name="All as zip").click()
    with zipfile.ZipFile(io.BytesIO(Path(downloading.value.path()).read_bytes())) as made:
        names = made.namelist()
        manifest = next(name for name in names if name.endswith("manifest.csv"))
        rows = list(csv.DictReader(io.StringIO(made.read(manifest).decode("utf-8-sig"))))
        assert [(row["id"], row["occupation"], row["região"]) for row in rows] == [
            ("s1", "enfermeira", "Norte"),
            ("s3", "astronaut", "Oeste"),
            ("s4", "padeiro", "Leste"),
        ]
        for row in rows:
            avatar = next(name for name in names if name.endswith(f"{row['id']}.png"))
            assert Image.open(io.BytesIO(made.read(avatar))).size == (256, 256)

    go_to(page, "Gallery")
    page.get_by_role("button", name="Open", exact=True).first.click()
    page.get_by_role("button", name="All runs").click()
    page.get_by_role("button", name="Open", exact=True).first.click()
    page.get_by_role("button", name="Open in the Studio").click()
    expect(page.get_by_role("textbox", name="The exact text to send")).to_be_visible()
    expect(page.get_by_text("3 people · free")).to_be_visible()
    settled(page)


def test_no_keystroke_is_lost_and_a_refresh_keeps_the_table(demo: Dashboard, page: Page) -> None:
    visit(page, demo.url, "Portraits")
    preview = page.get_by_test_id("stCode")
    for row, occupation in enumerate(["baker", "judge", "pilot"]):
        edit_cell(page, 5, row, occupation)
    for occupation in ("baker", "judge", "pilot"):
        expect(preview).to_contain_text(occupation)

    page.evaluate(
        "navigator.clipboard.writeText('Zoe\\t19\\twoman\\tasian\\tdancer\\nYuri\\t58\\tman\\twhite\\tsailor')"
    )
    select_cell(page, 1, 3)
    page.keyboard.press("Control+V")
    expect(preview).to_contain_text("19 years old, Asian Brazilian of East Asian descent, dancer")
    expect(preview).to_contain_text("58 years old, white Brazilian, sailor")

    page.reload()
    settled(page)
    for occupation in ("baker", "judge", "pilot", "dancer", "sailor"):
        expect(preview).to_contain_text(occupation)
    expect(page.get_by_test_id("stGrid").get_by_text("Zoe")).to_be_visible()


def test_ten_rows_are_refused_and_none_is_lost(demo: Dashboard, page: Page) -> None:
    visit(page, demo.url, "Portraits")
    select_cell(page, 1, 8)
    lines = "Old\\t61\\twoman\\tblack\\tsinger\\nNew\\t20\\tman\\tpardo\\tdriver"
    page.evaluate(f"navigator.clipboard.writeText('{lines}')")
    page.keyboard.press("Control+V")
    expect(page.get_by_text("A picture holds 9 people, and there are 10 here")).to_be_visible()
    expect(page.get_by_role("button", name="Generate", exact=True)).to_be_disabled()
    page.reload()
    expect(page.get_by_text("A picture holds 9 people, and there are 10 here")).to_be_visible()


def test_the_last_result_stays_while_the_next_is_drawn_and_can_be_cancelled(
    real: Dashboard, images: ImageServer, page: Page
) -> None:
    visit(page, real.url, "Portraits")
    first = generate(page)
    expect(page.locator('img[alt^="Portrait 9"]')).to_be_visible()
    images.script(Fault.slow(30))
    assert generate(page) != first
    expect(page.get_by_text("The model is drawing")).to_be_visible()
    expect(page.get_by_text("The run before:")).to_be_visible()
    expect(page.locator('img[alt^="Portrait 9"]')).to_be_visible()
    expect(page.get_by_text(re.compile("drawing · [2-9] s"))).to_be_visible()  # it counts
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("You cancelled this run")).to_be_visible()
    expect(page.locator('img[alt^="Portrait 9"]')).to_be_visible()


def test_a_refusal_says_what_to_do_and_another_try_succeeds(
    real: Dashboard, images: ImageServer, page: Page
) -> None:
    images.script(Fault.moderated())
    visit(page, real.url, "Portraits")
    generate(page)
    expect(page.get_by_text("The picture was refused")).to_be_visible()
    expect(page.get_by_text("Change the words")).to_be_visible()
    page.get_by_role("button", name="Try again").click()
    expect(page.locator('img[alt^="Portrait 9"]')).to_be_visible()
    assert images.generations[-1].json["prompt"] == images.generations[0].json["prompt"]
    assert images.key not in page.content()


HOSTILE = [
    "<script>alert(1)</script> **x**",
    "[a](http://x.example) $x$ :material/x:",
    "www.x.example a@x.example",
]


def test_names_are_shown_as_they_are_and_a_phone_shows_everything(
    real: Dashboard, images: ImageServer, page: Page
) -> None:
    visit(page, real.url, "Portraits")
    for row, name in enumerate(HOSTILE):
        edit_cell(page, 1, row, name)
    generate(page)
    expect(page.locator('img[alt^="Portrait 9"]')).to_be_visible()
    settled(page)
    shown = page.get_by_test_id("stMain").inner_text().replace("\u2060", "")
    for name in HOSTILE:
        assert name in shown
    assert page.locator('a[href*="x.example"], [data-testid="stMain"] script').count() == 0

    page.set_viewport_size({"width": 390, "height": 844})
    for tab in ("Grid", "Prompt", "Facts", "Avatars"):
        page.get_by_role("tab", name=tab).click()
        settled(page)
        width = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
        assert width <= 390, tab

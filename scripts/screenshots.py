"""Take pictures of every page of the real dashboard, drawn by the demo model.

python scripts/screenshots.py          every page and state into ./screenshots, light and dark, desktop and phone
python scripts/screenshots.py --docs   the three pictures of the README into docs/images
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from scripts.browser import find  # noqa: E402
from tests.journeys.dashboard import CHROMIUM_ARGS, Dashboard, generate, settled, visit  # noqa: E402

SCREENS = {"desktop": (1440, 900), "phone": (390, 844)}
THEMES = ("light", "dark")

#: Tables that ask, that are wrong, and that give the proofreader something to say.
UNCLEAR = "nome;idade;sexo;pele;cidade;renda;ocupação\nAna Aparecida dos Santos;34 anos;F;parda;Belém;1.200,00;juíza\n"
WRONG = "idade;sexo;cor;ocupação\n" + "".join(
    f"{30 if row % 3 else 300};F;asiatico;juíza\n" for row in range(300)
)
ODD = "idade;sexo;cor;ocupação\n34;F;parda;desempregada\n35;F;preta;faxineiro\n36;M;branca;cantor como Taylor Swift\n"


@dataclass(frozen=True)
class Shot:
    """A page in a state: its address, a text that tells when it is there, and what to do first."""

    name: str
    path: str
    sign: str
    tab: str = ""
    clicks: tuple[str, ...] = ()  #: texts to click one after the other
    file: str = ""  #: a table to load


def shots(run: str, session: str) -> list[Shot]:
    """Every page and state that is worth a look."""
    result = [
        Shot(f"studio-{tab.lower()}", f"?run={run}", "Portraits", tab) for tab in ("Grid", "Prompt", "Facts")
    ]
    present = [
        Shot(f"present-{step}", f"present?run={run}&step={step}", f"{step} of 4") for step in (1, 2, 3, 4)
    ]
    return [
        Shot("studio-first-visit", "", "Press Generate"),
        Shot("studio-load", "", "Press Generate", clicks=("Load people",)),
        Shot("studio-columns", "", "Press Generate", file=UNCLEAR),
        Shot("studio-problems", "", "Press Generate", file=WRONG, clicks=("Read from", "to check")),
        Shot("studio-draw", "", "Press Generate", clicks=("Draw people", "The figures and their sources")),
        Shot("studio-compare", "", "Press Generate", clicks=("Compare with the census",)),
        Shot("studio-looks", "", "Press Generate", clicks=("Applied here after the cut", "Who wears what")),
        Shot("studio-words", "", "Press Generate", clicks=("Edit words", "Placeholders")),
        Shot("studio-findings", "", "Press Generate", file=ODD, clicks=("to know about",)),
        Shot("studio", f"?run={run}", "Portraits", "Avatars"),
        *result,
        Shot("studio-unknown-run", f"?run={'0' * 32}", "That run is not here"),
        Shot("tune", f"tune?session={session}", "Side by side"),
        Shot("gallery", "gallery", "runs"),
        Shot("gallery-run", f"gallery?run={run}", "Open in the Studio"),
        Shot("present-choose", "present", "Choose what to show"),
        *present,
        Shot("setup", "setup", "Storage and versions"),
    ]


def empty_shots() -> list[Shot]:
    """The pages of a studio in which nothing was made yet."""
    return [
        Shot("gallery-empty", "gallery", "Nothing here yet"),
        Shot("present-empty", "present", "Nothing to present yet"),
    ]


@contextmanager
def tab(browser: Browser, screen: str, theme: str, height: int | None = None) -> Iterator[Page]:
    """A page on a screen in a theme."""
    width, usual = SCREENS[screen]
    size = {"width": width, "height": height or usual}
    context = browser.new_context(viewport=size, color_scheme=theme)  # type: ignore[arg-type]
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


def show(page: Page, url: str, shot: Shot) -> None:
    """Go there, and wait until everything is drawn."""
    visit(page, f"{url}/{shot.path}", shot.sign)
    if shot.tab:
        page.get_by_role("tab", name=shot.tab).click()
        settled(page)
    if shot.file:
        page.get_by_role("button", name="Load people").click()
        chooser = page.get_by_test_id("stFileUploaderDropzoneInput")
        chooser.set_input_files({"name": "survey.csv", "mimeType": "text/csv", "buffer": shot.file.encode()})
        chooser.wait_for(state="detached")
        settled(page)
    for text in shot.clicks:
        page.get_by_text(text).first.click()
        settled(page)
    page.evaluate("Promise.all([...document.images].map(image => image.decode().catch(() => null)))")
    page.wait_for_timeout(700)  # the table is a canvas that draws itself when it likes


def whole(page: Page) -> bytes:
    """A picture of the page from top to bottom."""
    size = page.viewport_size
    if size is None:
        raise RuntimeError("the page has no size")
    high = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({"width": size["width"], "height": max(size["height"], int(high))})
    page.wait_for_timeout(400)
    picture = page.screenshot()
    page.set_viewport_size(size)
    return picture


def prepare(browser: Browser, url: str) -> tuple[str, str]:
    """Make a run and a tuning session; their ids."""
    with tab(browser, "desktop", "light") as page:
        visit(page, url, "Portraits")
        run = generate(page)
        page.locator('img[alt^="Portrait 9"]').wait_for(timeout=120_000)
        visit(page, f"{url}/tune", "Variant B")
        page.get_by_role("button", name="Generate all variants").click()
        for label in "AB":
            page.locator(f'img[alt^="Variant {label}."]').wait_for(timeout=120_000)
        return run, page.url.partition("session=")[2].partition("&")[0]


def take_all(browser: Browser, server: Dashboard, out: Path) -> None:
    """Every page and state, in every theme, on every screen."""
    out.mkdir(exist_ok=True)

    def take(wanted: list[Shot]) -> None:
        for screen in SCREENS:
            for theme in THEMES:
                with tab(browser, screen, theme) as page:
                    for shot in wanted:
                        show(page, server.url, shot)
                        (out / f"{shot.name}-{screen}-{theme}.png").write_bytes(whole(page))
                        print(f"{shot.name}-{screen}-{theme}.png", flush=True)

    take(empty_shots())
    take(shots(*prepare(browser, server.url)))


def take_docs(browser: Browser, server: Dashboard, out: Path) -> None:
    """The pictures of the README: small files, in a frame that shows the essence of a page."""
    out.mkdir(parents=True, exist_ok=True)
    run, session = prepare(browser, server.url)
    made = {each.name: each for each in shots(run, session)}
    for name, shot, theme, height in (
        ("studio-light", made["studio"], "light", 1180),
        ("tune-light", made["tune"], "light", 1180),
        ("present-dark", made["present-4"], "dark", 900),
    ):
        with tab(browser, "desktop", theme, height) as page:
            show(page, server.url, shot)
            if name == "tune-light":
                page.get_by_text("Side by side").scroll_into_view_if_needed()
                page.mouse.move(700, 600)
                page.mouse.wheel(0, 2000)
                page.wait_for_timeout(500)
            save_small(page.screenshot(), out / f"{name}.png")
            print(out / f"{name}.png", (out / f"{name}.png").stat().st_size // 1000, "kB", flush=True)


def save_small(picture: bytes, path: Path) -> None:
    """Write a PNG of 256 well-chosen colours, dithered, so that skies and skins keep their gradients."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image = image.resize((1200, round(image.height * 1200 / image.width)), Image.Resampling.LANCZOS)
    palette = image.quantize(256, kmeans=1)
    image.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG).save(path, optimize=True)


def main() -> int:
    """Start a dashboard over a temporary folder, take the pictures, stop it."""
    path = os.environ.get("CHROMIUM") or find()
    if not path:
        print("No browser was found; see scripts/browser.py.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Dashboard(Path(folder) / "data", OPENAI_API_KEY="", OPENAI_BASE_URL="").start()
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGS)
        try:
            if "--docs" in sys.argv[1:]:
                take_docs(browser, server, ROOT / "docs" / "images")
            else:
                take_all(browser, server, ROOT / "screenshots")
        finally:
            browser.close()
            server.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())

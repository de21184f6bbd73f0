"""Draw the product's mark: nine tiles, one of them a face. Writes the favicon and the two logos of the dashboard.

python scripts/draw_marks.py
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

PLACE = Path(__file__).parents[1] / "dashboard" / "static"
FINE = 8  #: everything is drawn this many times too large and then made smaller, for smooth edges

ACCENT, PAPER, INK = "#0b6e4f", "#fbf7ef", "#1d2b26"
TILES = ("#9fd8c2", "#2f9673", "#5fbf9d", "#5fbf9d", ACCENT, "#9fd8c2", "#2f9673", "#9fd8c2", "#5fbf9d")
FACE = 4  #: the tile in the middle


def mark(side: int) -> Image.Image:
    """The mark on a transparent ground, ``side`` x ``side`` px."""
    big = side * FINE
    image = Image.new("RGBA", (big, big), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    gap = big * 0.05
    # The face gets the widest track, or it would be a dot at 16 px.
    tracks = [0.24, 0.42, 0.24]
    edges = [0.0]
    for track in tracks:
        edges.append(edges[-1] + track * big + gap)
    for cell, colour in enumerate(TILES):
        left, top = edges[cell % 3], edges[cell // 3]
        right, bottom = edges[cell % 3 + 1] - gap, edges[cell // 3 + 1] - gap
        draw.rounded_rectangle((left, top, right, bottom), radius=big * 0.06, fill=colour)
        if cell == FACE:
            smile(draw, left, top, right - left)
    return image.resize((side, side), Image.Resampling.LANCZOS)


def smile(draw: ImageDraw.ImageDraw, left: float, top: float, side: float) -> None:
    """Two eyes and a smile in a square."""

    def at(x: float, y: float) -> tuple[float, float]:
        return left + x * side, top + y * side

    for x in (0.33, 0.67):
        draw.ellipse((*at(x - 0.075, 0.29), *at(x + 0.075, 0.46)), fill=PAPER)
    draw.arc((*at(0.22, 0.26), *at(0.78, 0.80)), 25, 155, fill=PAPER, width=round(side * 0.1))


def logo(ink: str) -> Image.Image:
    """The mark and the name beside it, 48 px high, the name in ``ink``."""
    height = 48
    font = ImageFont.load_default(height * 0.62 * FINE)
    name = "Synth Avatar Studio"
    width = font.getlength(name)
    text = Image.new("RGBA", (round(width) + FINE, height * FINE), (0, 0, 0, 0))
    ImageDraw.Draw(text).text((0, height * FINE / 2), name, font=font, fill=ink, anchor="lm")
    text = text.resize((text.width // FINE, height), Image.Resampling.LANCZOS)
    image = Image.new("RGBA", (height + 14 + text.width, height), (0, 0, 0, 0))
    image.alpha_composite(mark(height), (0, 0))
    image.alpha_composite(text, (height + 14, 0))
    return image


def main() -> None:
    """Write the three files."""
    PLACE.mkdir(exist_ok=True)
    mark(128).save(PLACE / "favicon.png", optimize=True)
    logo(INK).save(PLACE / "logo-light.png", optimize=True)
    logo(PAPER).save(PLACE / "logo-dark.png", optimize=True)


if __name__ == "__main__":
    main()

"""Backgrounds that say little: soft light, a library, a nursery."""

from __future__ import annotations

from avatar_core.models.demo.scenes.brush import Brush

_SOFT = (
    ("#c9d6df", "#8fa3b3"),
    ("#e6d5c3", "#b89c86"),
    ("#d5dfce", "#96a88c"),
    ("#dcd3e4", "#a596b5"),
    ("#e8dcc0", "#bfa777"),
    ("#cfdedd", "#7f9ea0"),
)


def paint_soft(brush: Brush) -> None:
    """Nothing but large soft shapes and lights, for whoever has no place of their own."""
    top, bottom = brush.pick(_SOFT)
    brush.wash(top, bottom)
    for _ in range(7):
        x, y = brush.chance.uniform(-40, 440), brush.chance.uniform(-20, 400)
        brush.shape(
            _blob(x, y, brush.chance.uniform(50, 110)), brush.chance.choice((top, "#ffffff", bottom)), 0.4
        )
    brush.sparkle(16, ("#ffffff", "#fff3d8", top), (0, 330), (4, 9))


def _blob(x: float, y: float, radius: float) -> str:
    return (
        f"M{x - radius:.0f} {y:.0f} a{radius:.0f} {radius:.0f} 0 1 1 {2 * radius:.0f} 0 "
        f"a{radius:.0f} {radius:.0f} 0 1 1 {-2 * radius:.0f} 0Z"
    )


def paint_library(brush: Brush) -> None:
    """Bright wooden shelves full of books, and a window."""
    brush.wash("#f0e3cc", "#cfb48c")
    covers = ("#b8503f", "#3f7a8c", "#d8a13f", "#5b8c5a", "#7a5c91", "#c97b5a", "#e9dcc3")
    for y in (88, 176, 264, 352):
        brush.box(0, y, 250, 9, "#a9794a")
        brush.books(y, 72, covers, 0, 244)
    brush.box(120, 0, 9, 400, "#a9794a")
    brush.box(282, 20, 110, 200, "#ffffff", 6)
    brush.box(292, 30, 90, 180, "#cfe9f7")
    brush.box(334, 30, 6, 180, "#ffffff")
    brush.disc(345, 190, 34, "#8fbf7f")
    brush.box(262, 300, 150, 110, "#a9794a", 4)
    brush.box(330, 262, 8, 40, "#51412f")
    brush.shape("M306 264 l14 -34 h30 l14 34z", "#f3d58a")
    brush.sparkle(14, ("#fff4d6", "#ffffff", "#ffe0a3"), (0, 280), (4, 9))


def paint_nursery(brush: Brush) -> None:
    """A pale wall with a mobile, a cot and toys."""
    brush.wash(
        *brush.pick(
            (("#fdf0dc", "#f0d3b8"), ("#e3f0f5", "#b5d3de"), ("#eef3df", "#c6d6a9"), ("#f4e7f1", "#d9bfd6"))
        )
    )
    brush.line("M90 0 V60 M50 60 H130 M50 60 V100 M90 60 V120 M130 60 V96", "#a98a6a", 4)
    for x, y, colour in ((50, 108, "#f2b84b"), (90, 130, "#ef7b6c"), (130, 104, "#7fb7be")):
        brush.disc(x, y, 16, colour)
    for x in range(220, 400, 26):
        brush.box(x, 190, 9, 180, "#ffffff", 3)
    brush.box(206, 180, 200, 16, "#ffffff", 6)
    brush.box(206, 290, 200, 120, "#f3e4d0", 8)
    brush.disc(60, 330, 44, "#c98d62")
    brush.disc(30, 292, 16, "#c98d62")
    brush.disc(90, 292, 16, "#c98d62")
    brush.sparkle(14, ("#ffffff", "#fff2cf", "#ffe0e6"), (0, 300), (4, 8))

"""Backgrounds of rooms: classroom, screens, charts, hospital, law, office, home."""

from __future__ import annotations

from avatar_core.models.demo.scenes.brush import Brush

PRIMARIES = ("#d9463e", "#2f7dc4", "#f0b429", "#3f9b62", "#7d4fa8", "#ef7f45")


def paint_classroom(brush: Brush) -> None:
    """A blackboard, book shelves and a desk."""
    brush.wash("#e6cfa4", "#c49f6c")
    brush.box(10, 22, 300, 205, "#7b4f2a", 4)
    brush.box(22, 34, 276, 181, "#2b6652")
    for number in range(6):
        x, y = 42 + brush.chance.uniform(0, 20), 60 + number * 25
        writing = f"M{x} {y} q12 -12 24 0 t24 0 t24 0 t24 0 t{brush.chance.uniform(20, 60):.0f} 0"
        brush.line(writing, "#eef6ef", 4, 0.8)
    brush.line("M220 190 L262 190 L241 150Z", "#ffe98a", 4)
    brush.line("M50 190 h70", "#ff9e9e", 4)
    brush.box(318, 0, 90, 400, "#8a5a33")
    for y in (95, 190, 285, 380):
        brush.box(322, y, 82, 6, "#5f3c20")
        brush.books(y, 72, PRIMARIES, 324, 400)
    brush.box(0, 330, 120, 80, "#a06c3b", 4)
    brush.disc(50, 316, 18, "#d9342b")
    brush.books(330, 36, PRIMARIES[:3], 75, 120)
    brush.sparkle(14, ("#fff0c8", "#ffe09a", "#ffffff"), (0, 170), (5, 10))


def paint_screens(brush: Brush) -> None:
    """Two screens full of code in violet light."""
    brush.wash("#1b2150", "#0c1026")
    brush.box(0, 300, 400, 100, "#20243d")
    inks = ("#5ad1ff", "#7cf29c", "#ffb454", "#ff7ab8", "#a88bff", "#e6edf7")
    for left, top, width, height in ((6, 110, 150, 120), (262, 80, 150, 150)):
        brush.box(left - 6, top - 6, width + 12, height + 12, "#05070f", 6)
        brush.box(left, top, width, height, "#12203c", 3)
        for line in range(height // 12):
            x = left + 8.0 + brush.chance.choice((0, 12, 24))
            for _ in range(3):
                word = brush.chance.uniform(10, 42)
                if x + word < left + width - 6:
                    brush.box(x, top + 6 + line * 12, word, 6, brush.chance.choice(inks), 2)
                    x += word + 5
    brush.box(70, 230, 22, 72, "#0a0d1a")
    brush.box(330, 230, 22, 72, "#0a0d1a")
    brush.box(0, 30, 400, 8, "#8b5cff")
    brush.box(0, 38, 400, 26, "#8b5cff", opacity=0.25)
    brush.line("M370 300 q-26 -60 -40 -70 M370 300 q10 -70 30 -80 M370 300 q-4 -60 -8 -96", "#2faa6b", 12)
    brush.sparkle(22, ("#8f6bff", "#3fb8ff", "#ff6fd0", "#56f0c8"), (0, 300), (3, 9))


def paint_charts(brush: Brush) -> None:
    """Screens full of charts in a bright room."""
    brush.wash("#e4ecf2", "#a8bccb")
    brush.box(0, 300, 400, 110, "#d9c9b3")
    inks = ("#2f7dc4", "#ef7f45", "#3f9b62", "#d9463e", "#7d4fa8")
    for left, top, width, height in ((6, 96, 160, 130), (250, 70, 150, 150)):
        brush.box(left - 6, top - 6, width + 12, height + 12, "#2b3440", 6)
        brush.box(left, top, width, height, "#f7fafc", 3)
        for bar in range(6):
            tall = brush.chance.uniform(20, height * 0.55)
            brush.box(left + 10 + bar * 24, top + height - 8 - tall, 16, tall, inks[bar % 5], 2)
        rise = [brush.chance.uniform(6, 26) for _ in range(4)]
        steps = " ".join(f"l34 {-step:.0f}" for step in rise)
        brush.line(f"M{left + 8} {top + height * 0.62} {steps}", "#d9463e", 5)
        brush.box(left + width / 2 - 9, top + height + 4, 18, 66, "#2b3440")
    brush.box(186, 40, 40, 170, "#ffffff", opacity=0.7)
    brush.line("M204 300 q-20 -50 -34 -66 M204 300 q4 -60 12 -84 M204 300 q22 -40 40 -50", "#4a9a68", 11)
    brush.sparkle(14, ("#ffffff", "#d8f0ff", "#fff0c2"), (10, 260), (4, 8))


def paint_hospital(brush: Brush) -> None:
    """A window, a curtain, a monitor and a bed."""
    brush.wash("#d9f2f0", "#9fcfd0")
    brush.box(22, 28, 120, 160, "#ffffff", 4)
    brush.box(30, 36, 104, 144, "#bfe6ff")
    brush.box(78, 28, 8, 160, "#ffffff")
    brush.box(22, 104, 120, 7, "#ffffff")
    for fold in range(9):
        brush.box(160 + fold * 11, 20, 12, 300, ("#8fc9c4", "#a9dad5")[fold % 2])
    brush.box(286, 70, 92, 92, "#ffffff", 12)
    brush.box(322, 84, 20, 64, "#3d8fd1", 2)
    brush.box(300, 106, 64, 20, "#3d8fd1", 2)
    brush.box(300, 190, 84, 64, "#28424c", 6)
    brush.line("M306 226 h18 l7 -22 l9 38 l7 -16 h30", "#5dffa0", 4)
    brush.box(40, 200, 5, 200, "#8fa5aa")
    brush.box(26, 198, 32, 52, "#e9fbff", 8, 0.9)
    brush.box(0, 300, 110, 110, "#ffffff", 8)
    brush.box(0, 340, 110, 70, "#7fc4bd")
    brush.sparkle(13, ("#ffffff", "#d6fffb", "#fff7d6"), (0, 150), (4, 8))


def paint_law(brush: Brush) -> None:
    """Shelves of bound books, scales and a green lamp."""
    brush.wash("#5a3a22", "#2d1b10")
    bindings = ("#6f1d24", "#1f4636", "#27315f", "#7b4a22", "#8a2b2b", "#3a2a20", "#b08d57")
    for y in (92, 184, 276, 368):
        brush.box(0, y, 400, 11, "#7d5130")
        brush.books(y, 78, bindings)
    brush.box(120, 0, 12, 400, "#6b4427")
    brush.box(270, 0, 12, 400, "#6b4427")
    brush.line("M30 300 h90 M75 300 v-70 M40 240 h70", "#e9c46a", 6)
    brush.shape("M28 260 q12 18 24 0z M98 260 q12 18 24 0z", "#e9c46a")
    brush.shape("M310 340 l20 -46 h48 l20 46z", "#2f7d4f")
    brush.box(350, 340, 8, 60, "#d6a94b")
    brush.sparkle(16, ("#ffcf80", "#ffe2ac", "#ffb454"), (0, 300), (3, 9))


def paint_office(brush: Brush) -> None:
    """A desk before a window on the city."""
    brush.wash("#cfe0ee", "#9fb4c7")
    brush.box(0, 20, 400, 220, "#b9dcf5")
    for x in range(0, 400, 36):
        height = brush.chance.uniform(60, 190)
        brush.box(
            x, 240 - height, 32, height, brush.chance.choice(("#8aa5bd", "#7591ab", "#a3bccf", "#6b869f"))
        )
        for y in range(int(240 - height) + 10, 235, 18):
            brush.box(x + 6, y, 20, 7, "#e6f3fb", opacity=0.7)
    for x in (96, 200, 304):
        brush.box(x, 20, 8, 222, "#f4f7fa")
    brush.box(0, 238, 400, 10, "#f4f7fa")
    brush.box(0, 300, 400, 110, "#a67b57")
    brush.box(20, 250, 100, 60, "#2b3440", 4)
    brush.box(300, 262, 50, 48, "#e9e4da", 4)
    brush.line("M325 262 q-26 -40 -30 -60 M325 262 q4 -50 10 -70 M325 262 q20 -30 36 -40", "#3d9960", 11)
    brush.sparkle(13, ("#ffffff", "#fff0c2", "#d8f0ff"), (20, 240), (4, 8))


def paint_home(brush: Brush) -> None:
    """A living room with window, sofa and lamp."""
    wall = brush.pick((("#f3e3cf", "#d5b391"), ("#e3ecdf", "#b5c5a8"), ("#ece3ee", "#c3b1c8")))
    brush.wash(*wall)
    brush.box(24, 30, 120, 150, "#ffffff", 4)
    brush.box(32, 38, 104, 134, "#bfe3f7")
    brush.box(80, 30, 8, 150, "#ffffff")
    brush.disc(60, 150, 30, "#7fb069")
    brush.shape("M14 24 q20 90 -4 200 h24 q14 -120 10 -200z", "#e07a5f", 0.9)
    brush.box(250, 50, 56, 70, "#ffffff", 2)
    brush.box(256, 56, 44, 58, "#81b29a")
    brush.box(320, 70, 50, 50, "#ffffff", 2)
    brush.box(326, 76, 38, 38, "#f2cc8f")
    brush.box(-20, 290, 250, 130, "#6d8ea0", 24)
    brush.box(10, 270, 80, 70, "#f2cc8f", 14)
    brush.box(110, 274, 70, 64, "#e07a5f", 14)
    brush.box(346, 210, 7, 190, "#6b4a32")
    brush.shape("M316 214 l18 -56 h30 l18 56z", "#ffe3a3")
    brush.disc(349, 196, 12, "#fff8da")
    brush.sparkle(13, ("#ffe6b0", "#fff6dd", "#ffcf8a"), (20, 260), (4, 9))

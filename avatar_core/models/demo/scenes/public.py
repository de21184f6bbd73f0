"""Backgrounds where people meet: shop, street, park, salon, café, stage, airport, fire station."""

from __future__ import annotations

from avatar_core.models.demo.scenes.brush import Brush


def paint_shop(brush: Brush) -> None:
    """Shelves of goods and clothes on a rail."""
    brush.wash("#f3ded2", "#cfa79a")
    colours = ("#ef6f6c", "#f7b267", "#7fb7be", "#9c89b8", "#d3f3ee", "#f4845f", "#5c80bc", "#f7d488")
    for y in (120, 210, 300, 392):
        brush.box(0, y, 400, 9, "#fff8f2")
        x = 6.0
        while x < 394:
            width, height = brush.chance.uniform(18, 38), brush.chance.uniform(30, 66)
            brush.box(x, y - height, width - 4, height, brush.chance.choice(colours), 3)
            x += width
    brush.box(0, 24, 400, 5, "#7a5a52")
    for x in range(20, 400, 38):
        brush.shape(f"M{x} 30 l-16 14 v46 h32 v-46z", brush.chance.choice(colours))
    brush.sparkle(16, ("#fff4dc", "#ffe3a8", "#ffd0c2"), (0, 110), (6, 12))


def paint_street(brush: Brush) -> None:
    """A street at dusk with lit windows and cars."""
    brush.wash("#3d4674", "#e59a6f")
    for x in range(0, 400, 54):
        height = brush.chance.uniform(110, 250)
        brush.box(x, 280 - height, 50, height, brush.chance.choice(("#2a3050", "#343b60", "#242a47")))
        for y in range(int(280 - height) + 12, 270, 22):
            for window in (x + 8, x + 28):
                if brush.chance.random() < 0.6:
                    brush.box(window, y, 12, 12, brush.chance.choice(("#ffd98a", "#ffefc2", "#9fd2ff")))
    brush.box(0, 280, 400, 120, "#2b2e3f")
    brush.box(10, 268, 110, 58, "#f2c02c", 14)
    brush.box(28, 244, 70, 36, "#f7d566", 12)
    brush.box(280, 272, 130, 60, "#c8d0da", 14)
    brush.disc(34, 326, 15, "#111111")
    brush.disc(100, 326, 15, "#111111")
    brush.sparkle(26, ("#ffcf70", "#ff5a4a", "#ffffff", "#7fd0ff", "#7dffa8"), (140, 350), (5, 12))


def paint_park(brush: Brush) -> None:
    """Trees, grass, a bench and a slide."""
    brush.wash("#a9ddf8", "#dff3c8")
    brush.box(0, 230, 400, 170, "#7fbf5a")
    for _ in range(16):
        x, y = brush.chance.uniform(-20, 420), brush.chance.uniform(70, 220)
        leaves = brush.chance.choice(("#4c9a4b", "#62b155", "#3c8343", "#86c766"))
        brush.disc(x, y, brush.chance.uniform(34, 62), leaves)
    brush.box(60, 190, 16, 90, "#7a5230")
    brush.box(320, 180, 18, 100, "#7a5230")
    brush.box(90, 290, 110, 12, "#b5793f", 3)
    brush.shape("M300 300 l60 -110 l14 0 l-40 110z", "#f25c54")
    brush.line("M240 320 L330 200", "#ffcb3d", 16)
    brush.sparkle(20, ("#fffdd0", "#f6ffb0", "#ffffff"), (20, 240), (4, 9))


def paint_salon(brush: Brush) -> None:
    """A mirror framed with bulbs, and bottles."""
    brush.wash(*brush.pick((("#fbdfe6", "#d99ab0"), ("#dfeeee", "#9bbcc0"), ("#f4e6d4", "#c9a887"))))
    brush.box(60, 20, 280, 230, "#ffffff", 12)
    brush.box(74, 34, 252, 202, "#e9dff5", 8)
    bottles = ("#ef476f", "#ffd166", "#06d6a0", "#8338ec", "#fb8b24")
    for number in range(9):
        brush.box(
            14 + number * 44, 280 + brush.chance.uniform(0, 20), 24, 70, brush.chance.choice(bottles), 6
        )
    brush.box(0, 350, 400, 60, "#8b5e6b")
    frame = [(float(x), 24.0) for x in range(64, 345, 40)]
    frame += [(float(side), float(y)) for side in (62, 338) for y in range(60, 250, 40)]
    brush.bulbs(frame, 3, 11, "#fff0c8")


def paint_cafe(brush: Brush) -> None:
    """A menu board, jars on shelves and hanging lamps."""
    brush.wash("#6d4c3a", "#3c281d")
    brush.box(20, 50, 150, 150, "#22302b", 4)
    for number in range(5):
        brush.line(f"M36 {76 + number * 24} h{brush.chance.uniform(60, 110):.0f}", "#e7efe8", 5, 0.8)
    for y in (120, 200, 280):
        brush.box(210, y, 190, 8, "#c89b6d")
        for x in range(218, 396, 32):
            jar = brush.chance.choice(("#f1e3d3", "#d98f5c", "#99b898", "#f6c667", "#e84a5f"))
            brush.box(x, y - 34, 22, 34, jar, 4)
    brush.box(0, 320, 400, 90, "#8c5a35")
    brush.box(30, 262, 90, 60, "#c9ced3", 8)
    brush.bulbs([(60, 44), (150, 44), (240, 44), (330, 44)], 4, 13, "#ffcf80")
    brush.sparkle(10, ("#ffb866", "#ffe3b3"), (60, 300), (3, 8))


def paint_stage(brush: Brush) -> None:
    """Coloured spotlights on a dark stage."""
    brush.wash("#2b1245", "#0b0618")
    brush.shape("M60 0 L160 400 H-40Z", "#ff4fa3", 0.35)
    brush.shape("M330 0 L440 400 H220Z", "#3fa9ff", 0.35)
    brush.shape("M200 0 L300 400 H100Z", "#ffd24f", 0.22)
    brush.box(0, 330, 400, 70, "#140a24")
    brush.sparkle(30, ("#ff5fb0", "#5fc2ff", "#ffd95f", "#9dff8a", "#c08bff"), (0, 330), (5, 13))


def paint_airport(brush: Brush) -> None:
    """An aeroplane behind a glass front."""
    brush.wash("#9fd0f2", "#f3e6cf")
    brush.shape("M0 250 H400 V410 H0Z", "#8b95a1")
    brush.shape(
        "M30 190 Q60 160 120 166 H330 Q380 170 392 196 Q380 214 320 214 H90 Q40 214 30 190Z", "#f7f9fb"
    )
    brush.shape("M320 170 L372 96 H396 L372 176Z", "#d9463e")
    brush.shape("M170 200 L110 280 H150 L236 204Z", "#d7dde3")
    for x in range(96, 316, 20):
        brush.box(x, 182, 10, 9, "#5b7fa3", 3)
    for x in (-6, 130, 266, 394):
        brush.box(x, 0, 12, 320, "#e8edf2")
    brush.box(0, 20, 400, 10, "#e8edf2")
    brush.box(0, 316, 400, 100, "#c2ad8f")
    brush.box(16, 300, 120, 50, "#34506e", 10)
    brush.sparkle(16, ("#ffffff", "#ffe9b8", "#cfe8ff"), (20, 320), (4, 9))


def paint_station(brush: Brush) -> None:
    """A fire engine before the station's gate."""
    brush.wash("#cbb9a4", "#8d8276")
    for row in range(9):
        for column in range(-1, 9):
            brush.box(column * 52 + (26 if row % 2 else 0), row * 26, 49, 23, "#b06a50", 2)
    brush.box(150, 20, 240, 240, "#3d434b", 6)
    for bar in range(5):
        brush.box(150, 60 + bar * 42, 240, 5, "#59616b")
    brush.box(-20, 120, 260, 220, "#c4201c", 16)
    brush.box(150, 140, 80, 74, "#bfe0f2", 8)
    brush.box(-20, 232, 262, 22, "#f3c530")
    brush.box(-20, 262, 262, 12, "#ffffff")
    brush.box(0, 150, 120, 60, "#a31915", 6)
    brush.box(20, 98, 70, 20, "#3b7fd6", 8)
    brush.disc(50, 346, 40, "#16181b")
    brush.disc(190, 346, 40, "#16181b")
    brush.box(0, 380, 400, 30, "#5b5f66")
    brush.bulbs([(34, 106), (56, 106), (78, 106)], 4, 12, "#7fb4ff")
    brush.sparkle(14, ("#ffdf9a", "#ff7a5a", "#ffffff"), (20, 340), (4, 9))

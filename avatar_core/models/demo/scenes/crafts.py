"""Backgrounds of work by hand: garage, site, kitchen, field, laboratory, studio."""

from __future__ import annotations

from avatar_core.models.demo.scenes.brush import Brush


def paint_garage(brush: Brush) -> None:
    """Tools on the wall, a tool chest, tyres and a car."""
    brush.wash("#6a7581", "#333a44")
    brush.box(0, 60, 400, 150, "#7f6a4e")
    brush.box(0, 205, 400, 8, "#4b3d2c")
    for number in range(11):
        x, length = 14 + number * 37, brush.chance.uniform(60, 105)
        brush.box(x, 82, 9, length, "#c9d0d6", 3)
        brush.disc(x + 4, 84, 12, "#b4bcc4")
        brush.disc(x + 4, 80, 5, "#7f6a4e")
    brush.box(285, 212, 130, 190, "#c3312c", 6)
    for drawer in range(5):
        brush.box(295, 226 + drawer * 42, 110, 32, "#e04b43", 3)
        brush.box(330, 238 + drawer * 42, 40, 6, "#f4d9d4")
    for y in (392, 322, 256):
        brush.disc(50, y, 52, "#15171a")
        brush.disc(50, y, 27, "#8f979f")
        brush.disc(50, y, 11, "#3a3f45")
    brush.shape("M110 400 L118 300 Q150 250 230 256 L300 300 L310 400Z", "#2f6fb3")
    brush.disc(150, 338, 16, "#ffeec2")
    brush.sparkle(9, ("#ffdfa8", "#ffc46b", "#fff2d8"), (5, 75), (7, 14))
    brush.sparkle(7, ("#ff8a4a", "#ffe2b0"), (210, 380), (3, 7))


def paint_site(brush: Brush) -> None:
    """A building under construction and a crane."""
    brush.wash("#8cc6ef", "#f5e2c2")
    for floor in range(5):
        brush.box(0, 110 + floor * 62, 150, 12, "#8c8f94")
    for column in range(5):
        brush.box(4 + column * 34, 60, 8, 340, "#6f7379")
    for floor in range(4):
        for column in range(4):
            wall = "#c9774d" if (floor + column) % 3 else "#5b6b78"
            brush.box(14 + column * 34, 126 + floor * 62, 22, 42, wall)
    brush.box(312, 30, 14, 380, "#f2b010")
    brush.box(190, 52, 230, 12, "#f2b010")
    brush.line("M318 18 L200 56 M318 18 L400 56", "#c98d00", 5)
    brush.line("M230 64 V150", "#333333", 3)
    brush.box(208, 150, 44, 26, "#a3522e", 2)
    brush.line("M312 40" + " l14 22 l-14 22" * 8, "#c98d00", 4)
    brush.box(170, 330, 240, 80, "#b98253")
    brush.shape("M190 392 l20 -60 l20 60z", "#f2671f")
    brush.shape("M350 392 l18 -56 l18 56z", "#f2671f")
    brush.box(198, 360, 24, 8, "#ffffff")
    brush.sparkle(12, ("#fff6d8", "#ffd98a", "#ffffff"), (0, 190), (3, 7))


def paint_kitchen(brush: Brush) -> None:
    """Tiles, copper pans, an oven and vegetables."""
    brush.wash("#f2efe8", "#bdb6ab")
    for row in range(10):
        for column in range(-1, 10):
            tile = brush.chance.choice(("#f8f5ee", "#efeae0", "#e4ded2"))
            brush.box(column * 42 + (22 if row % 2 else 42), row * 26, 40, 24, tile, 2)
    brush.box(0, 58, 400, 7, "#51565c")
    for x in range(26, 400, 58):
        radius = brush.chance.uniform(19, 27)
        brush.box(x - 2, 62, 4, 36, "#444444")
        brush.disc(x, 98 + radius, radius, brush.chance.choice(("#c66f3d", "#d98a4e", "#7b838a", "#b85f33")))
    brush.box(0, 236, 400, 170, "#8c949b")
    brush.box(0, 236, 400, 12, "#d5dade")
    brush.box(250, 268, 160, 130, "#3b4046", 6)
    brush.box(266, 286, 130, 60, "#ff9d3c", 4, 0.85)
    brush.shape("M40 238 q4 -44 18 -46 q14 4 18 46z", "#ff7a1f")
    brush.shape("M50 238 q3 -24 8 -26 q8 4 10 26z", "#ffd54a")
    brush.box(24, 236, 70, 8, "#23272b")
    for x, colour in ((140, "#d8362b"), (166, "#58a33b"), (190, "#f0c030")):
        brush.disc(x, 227, 13, colour)
    brush.sparkle(16, ("#ffd490", "#fff1cf", "#ffb765"), (0, 250), (5, 11))


def paint_field(brush: Brush) -> None:
    """Rows of crops under the sky, sometimes a barn."""
    brush.wash("#8fd0f5", "#fdebc0")
    brush.disc(310, 80, 34, "#fff3b0")
    brush.shape("M0 190 Q110 130 220 180 T400 160 V410 H0Z", "#7fae5a")
    brush.shape("M0 240 Q200 190 400 230 V410 H0Z", "#5f9440")
    for row in range(-6, 12):
        brush.line(f"M200 225 L{row * 60 - 40} 404", "#3f7530" if row % 2 else "#8ab84e", 16)
    if brush.chance.random() < 0.6:
        brush.box(40, 130, 70, 56, "#b8402f")
        brush.shape("M34 134 l41 -34 l41 34z", "#7d2a20")
    for x, y, radius in ((200, 170, 26), (228, 164, 30), (350, 160, 34)):
        brush.disc(x, y, radius, brush.chance.choice(("#3f7a3a", "#4b8a42")))
    brush.sparkle(14, ("#fffbe0", "#fff3a0", "#e9ffb8"), (60, 260), (2, 6))


def paint_lab(brush: Brush) -> None:
    """Shelves of flasks and bottles."""
    brush.wash("#e3eef8", "#a9c3da")
    for y in (110, 210, 310):
        brush.box(0, y, 400, 9, "#7d95ab")
        for x in range(16, 400, 40):
            colour = brush.chance.choice(("#57c4e5", "#f97068", "#d1d646", "#9b7ede", "#7ee0a8"))
            if brush.chance.random() < 0.5:
                brush.shape(f"M{x} {y} h30 l-10 -26 v-26 h-10 v26z", colour, 0.9)
            else:
                brush.box(x, y - 46, 22, 46, colour, 4)
    brush.sparkle(15, ("#ffffff", "#c9f2ff", "#e6ffd8"), (0, 260), (4, 9))


def paint_studio(brush: Brush) -> None:
    """Pinned sheets, a screen, a plant and pencils."""
    brush.wash("#fbf0e4", "#e7c9b4")
    colours = ("#ff5d73", "#ffb627", "#00b8a9", "#3d5af1", "#a15ee8", "#22223b", "#ff8fab", "#7bd389")
    for y in (22, 100):
        for x in range(12, 400, 66):
            brush.box(x, y, 54, 66, "#ffffff", 3)
            brush.box(x + 5, y + 5, 44, 40, brush.chance.choice(colours), 2)
            if brush.chance.random() < 0.5:
                brush.disc(x + 27, y + 25, 13, brush.chance.choice(colours))
    brush.box(-10, 196, 150, 110, "#22252e", 6)
    brush.box(0, 206, 130, 90, "#5a4fe0", 2)
    brush.line("M8 286 C40 200 80 300 124 216", "#ffd166", 10)
    brush.disc(96, 232, 14, "#ff5d73")
    brush.box(0, 330, 400, 80, "#c98d62")
    brush.box(330, 268, 48, 66, "#ffffff", 6)
    for lean, height in ((-24, -50), (-10, -84), (8, -92), (24, -60)):
        brush.line(f"M354 270 q{lean} -40 {lean * 1.6} {height}", "#3aa76d", 11)
    for number in range(6):
        brush.box(150 + number * 7, 300, 5, 34, colours[number], 1)
    brush.sparkle(14, ("#fff3c4", "#ffc9de", "#c7f5ff"), (0, 210), (4, 9))

"""Looks given to finished pictures, and looks dealt to people: what they take, beside what one would do otherwise."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from random import Random

import numpy as np
from PIL import Image, ImageEnhance, ImageOps

from avatar_core.filters import (
    all_filters,
    applicable_after,
    apply,
    balance_table,
    plan_balanced,
    plan_counterbalanced,
)
from avatar_core.grid import CELLS
from avatar_core.types import Ethnicity, Gender, Persona

PICTURES = 500
SIDE = 512
PEOPLE = 10_000
IDS = [look.id for look in all_filters()]

Picture = Image.Image
OTHERWISE: dict[str, tuple[str, Callable[[Picture], Picture]]] = {
    "bw": ("ImageOps.grayscale", lambda image: ImageOps.grayscale(image).convert("RGB")),
    "sepia": (
        "ImageOps.colorize",
        lambda image: ImageOps.colorize(ImageOps.grayscale(image), "black", "white", "#a08060"),
    ),
    "warm": ("ImageEnhance.Color", lambda image: ImageEnhance.Color(image).enhance(1.3)),
    "cool": ("ImageEnhance.Color", lambda image: ImageEnhance.Color(image).enhance(0.7)),
}


def main() -> None:
    pictures()
    print()
    plans()


def pictures() -> None:
    """Restyle avatars on one core; lightness is CIE L*, from 0 to 100."""
    image = _photograph()
    print(f"{PICTURES} avatars of {SIDE}x{SIDE} px restyled, one process")
    print(f"{'look':8}{'here':>10}{'L* moves':>10}   {'otherwise':22}{'takes':>8}{'L* moves':>10}")
    for look in applicable_after():
        seconds, moved = _restyled(image, lambda each, look=look: apply(each, look))
        line = f"{look:8}{seconds:8.2f} s{moved:10.1f}"
        if look in OTHERWISE:
            name, way = OTHERWISE[look]
            seconds, moved = _restyled(image, way)
            line += f"   {name:22}{seconds:6.2f} s{moved:10.1f}"
        print(line)


def plans() -> None:
    """Deal the looks to people as unevenly spread as a census; imbalance is most worn less least worn, in any group."""
    people = _people()
    print(f"Looks for {PEOPLE:,} people: largest imbalance in any gender, ethnicity or age band")
    print(f"{'plan':18}{'takes':>8}{'overall':>9}{'groups':>8}{'pictures with 5 looks or more':>32}")
    for name, deal in (
        ("dice", lambda: tuple(Random(2).choices(IDS, k=PEOPLE))),
        ("balanced", lambda: plan_balanced(people, 1)),
        ("counterbalanced", lambda: plan_counterbalanced(people, 1)),
    ):
        start = time.perf_counter()
        worn = deal()
        seconds = time.perf_counter() - start
        table = balance_table(people, worn, IDS)
        print(
            f"{name:18}{seconds:6.2f} s{table.rows[-1].imbalance:9}"
            f"{max(row.imbalance for row in table.rows[:-1]):8}{_varied(worn):31.0%}"
        )


def _restyled(image: Picture, way: Callable[[Picture], Picture]) -> tuple[float, float]:
    """Seconds for all pictures, and how far the lightness of a pixel moves at the most."""
    sample = 50
    shown = way(image)
    start = time.perf_counter()
    for _ in range(sample):
        way(image)
    seconds = (time.perf_counter() - start) * PICTURES / sample
    return seconds, float(np.abs(_lightness(shown) - _lightness(image)).max())


def _lightness(image: Picture) -> np.ndarray:
    value = np.asarray(image, dtype=np.float64) / 255
    light = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4) @ [
        0.2126,
        0.7152,
        0.0722,
    ]
    return 116 * np.where(light > (6 / 29) ** 3, np.cbrt(light), light * (29 / 6) ** 2 / 3 + 4 / 29) - 16


def _photograph() -> Picture:
    """Smooth colours with some grain, as a photograph has them."""
    random = np.random.default_rng(1)
    small = Image.fromarray(random.integers(0, 256, (8, 8, 3), dtype=np.uint8))
    smooth = np.asarray(small.resize((SIDE, SIDE), Image.Resampling.BICUBIC), dtype=np.int16)
    return Image.fromarray(np.clip(smooth + random.integers(-6, 7, smooth.shape), 0, 255).astype(np.uint8))


def _people() -> list[Persona]:
    random = Random(1)
    genders = random.choices(list(Gender), [48, 50, 2], k=PEOPLE)
    ethnicities = random.choices(list(Ethnicity), [43, 45, 10, 1, 1], k=PEOPLE)
    return [
        Persona(f"p{n}", random.randrange(90), gender, ethnicity, "nurse")
        for n, (gender, ethnicity) in enumerate(zip(genders, ethnicities, strict=True))
    ]


def _varied(worn: Sequence[str]) -> float:
    blocks = [worn[start : start + CELLS] for start in range(0, len(worn) - CELLS + 1, CELLS)]
    return sum(len(Counter(block)) >= 5 for block in blocks) / len(blocks)


if __name__ == "__main__":
    main()

"""How long the demo model takes for one grid of nine, beside what it may take."""

from __future__ import annotations

import statistics
import time

from avatar_core.models.catalog import open_catalog
from avatar_core.models.demo import DemoModel
from avatar_core.types import PaintRequest, Size

SIZES = (Size(768, 768), Size(1024, 1024), Size(1536, 1536))
AIMS = {1024: 1.2, 1536: 2.5}  #: seconds for one grid on two cores
ROUNDS = 3
PEOPLE = (
    "Man, 35 years old, white ethnicity, mechanic. Apply warm tone filter.",
    "Woman, 42 years old, pardo ethnicity, teacher. Use black & white filter.",
    "Man, 71 years old, black ethnicity, retired. No filter.",
    "Woman, 29 years old, asian ethnicity, software developer. Use 3D movie character style.",
    "Man, 52 years old, indigenous ethnicity, farmer. Apply cool tone filter.",
    "Woman, 80 years old, white ethnicity, singer. Apply sepia filter.",
    "Person, 5 years old, black ethnicity, student. No filter.",
    "Man, 24 years old, pardo ethnicity, chef. No filter.",
    "Woman, 33 years old, black ethnicity, nurse. No filter.",
)
PROMPT = "\n".join(f"[{cell}] {person}" for cell, person in enumerate(PEOPLE, start=1))


def measure(model: DemoModel, size: Size) -> tuple[float, float, int]:
    """Median seconds by the clock and of the processor, and the file's bytes, over different people."""
    clock, processor, length = [], [], 0
    for seed in range(ROUNDS):
        begun, worked = time.perf_counter(), time.process_time()
        painting = model.paint(PaintRequest(PROMPT, size, seed=seed))
        clock.append(time.perf_counter() - begun)
        processor.append(time.process_time() - worked)
        length = len(painting.data)
    return statistics.median(clock), statistics.median(processor), length


def main() -> None:
    model = DemoModel(open_catalog().find("demo"))
    measure(model, SIZES[0])  # reads its tables once
    print(f"One grid of nine, median of {ROUNDS} seeds, one process")
    print(f"{'size':12}{'clock':>10}{'processor':>12}{'per avatar':>12}{'aim':>9}{'PNG':>10}")
    for size in SIZES:
        clock, processor, length = measure(model, size)
        aim = f"{AIMS[size.width]:.1f} s" if size.width in AIMS else ""
        print(
            f"{size!s:12}{clock:8.2f} s{processor:10.2f} s{clock / 9 * 1000:9.0f} ms{aim:>9}"
            f"{length / 1e6:7.1f} MB"
        )

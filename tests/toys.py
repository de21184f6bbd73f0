"""Hand-written stand-ins: people, plans and a model that draws plain colours."""

from __future__ import annotations

import io
import random
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from PIL import Image, ImageDraw

from avatar_core.grid import exact_boxes
from avatar_core.types import (
    Block,
    Cost,
    Cut,
    Ethnicity,
    FilterMode,
    Gender,
    ModelFacts,
    Painting,
    PaintRequest,
    Persona,
    Recipe,
    Size,
    SizeRule,
    Usage,
    Verdict,
)

#: One for each cell, so that a cell's place can be read from its pixels.
COLOURS = [(20 * cell, 255 - 20 * cell, 7 * cell) for cell in range(1, 10)]
TODAY = date(2026, 11, 22)
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
FREE = Cost(0.0, "free")
HOSTILE = "Zoë «ñ» 😀 \u202e ' \" ; DROP TABLE runs; -- %s {0} \\ <b>\r\n\t=1+1"


def people(count: int, prefix: str = "p") -> tuple[Persona, ...]:
    genders, ethnicities = list(Gender), list(Ethnicity)
    return tuple(
        Persona(
            f"{prefix}{n}",
            18 + n % 70,
            genders[n % 3],
            ethnicities[n % 5],
            f"nurse {prefix}{n}",
            extra=(("n", str(n)),),
        )
        for n in range(1, count + 1)
    )


def recipe(**more: Any) -> Recipe:
    return Recipe(
        **{"model": "demo", "size": Size(768, 768), "quality": "", "filter_mode": FilterMode.NONE, **more}
    )


def blocks(sitting: Sequence[Persona], cells: int = 9) -> list[tuple[Block, str]]:
    """Blocks with a prompt each, as a catalog takes them."""
    parts = [tuple(sitting[start : start + cells]) for start in range(0, len(sitting), cells)]
    return [(Block(n, part, ("none",) * len(part)), f"prompt {n}") for n, part in enumerate(parts)]


def nine_colours(size: Size, rows: int = 3, columns: int = 3) -> bytes:
    """A grid as PNG in which cell i has colour i, to its very edge and in its middle; five dots are a person.

    No two people have the same dots: pairs that look alike are compared closely, which takes its time.
    """
    picture = Image.new("RGB", (size.width, size.height))
    pen = ImageDraw.Draw(picture)
    chance = random.Random(27)
    for box, colour in zip(exact_boxes(size, rows, columns), COLOURS, strict=True):
        picture.paste(colour, box)
        width, height = box[2] - box[0], box[3] - box[1]
        for place in chance.sample(range(12), 5):
            x, y = box[0] + width * (4 + place % 4) / 8, box[1] + height * (1 + place // 4) / 9
            pen.ellipse(
                (x - width / 30, y - width / 30, x + width / 30, y + width / 30), fill=(255, 255, 255)
            )
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=1)
    return out.getvalue()


def painting(data: bytes | None = None, **more: Any) -> Painting:
    known = {
        "data": data if data is not None else nine_colours(Size(96, 96)),
        "media_type": "image/png",
        "size": Size(96, 96),
        "model": "demo",
        "seconds": 0.5,
        "sent": {"prompt": "prompt 0", "size": "96x96"},
    }
    return Painting(**{**known, **more})


def a_cut() -> Cut:
    return Cut(exact_boxes(Size(96, 96)), 0.75, Verdict.UNVERIFIED, ("reason one", HOSTILE))


class ToyModel:
    """Draws nine plain colours, and remembers what it was asked."""

    def __init__(self, answer: Callable[[PaintRequest], Painting] | None = None) -> None:
        self.asked: list[PaintRequest] = []
        self._answer = answer or self._draw
        self._lock = threading.Lock()

    @property
    def facts(self) -> ModelFacts:
        return ModelFacts("toy", "Toy", "demo", "", SizeRule(), (Size(96, 96),), (), 32_000)

    def paint(self, request: PaintRequest) -> Painting:
        with self._lock:
            self.asked.append(request)
        return self._answer(request)

    @staticmethod
    def _draw(request: PaintRequest) -> Painting:
        return painting(
            nine_colours(request.size),
            size=request.size,
            sent={"prompt": request.prompt, "size": str(request.size)},
            usage=Usage(10, 0, 20),
            request_id="req_toy",
        )

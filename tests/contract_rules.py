"""The rules of the contract server: which requests OpenAI's images API takes, and what it answers.

Written from the API's documents and not from the product, so that the two check each other.
"""

from __future__ import annotations

import base64
import functools
import io
import random
import re
import time
from typing import Any

import jsonschema
from PIL import Image, ImageDraw
from starlette.responses import JSONResponse, Response

Answer = dict[str, Any]

OLD = ("low", "medium", "high", "auto")
NEW = (*OLD, "xhigh", "max")
MODELS = {
    "gpt-image-2": OLD,
    "gpt-image-2-2026-04-21": OLD,
    "gpt-image-2.5-flare": NEW,
    "gpt-image-2.5-flare-2026-09-08": NEW,
    "gpt-image-2.5-sunburst": NEW,
    "gpt-image-2.5-sunburst-2026-09-08": NEW,
    "gpt-image-2.6-flare": NEW,
    "gpt-image-2.6-sunburst": NEW,
    "gpt-image-1.5": OLD,
    "gpt-image-1.5-2025-12-16": OLD,
    "gpt-image-1-mini": OLD,
    "chatgpt-image-latest": OLD,
}
FIXED_SIZES = ("1024x1024", "1536x1024", "1024x1536", "auto")

REQUEST_SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "additionalProperties": False,
    "required": ["prompt", "model"],
    "properties": {
        "model": {"type": "string"},
        "prompt": {"type": "string", "minLength": 1, "maxLength": 32000},
        "n": {"type": "integer", "minimum": 1, "maximum": 10},
        "size": {"type": "string", "pattern": "^([1-9][0-9]{1,4}x[1-9][0-9]{1,4}|auto)$"},
        "quality": {"enum": list(NEW)},
        "output_format": {"enum": ["png", "jpeg", "webp"]},
        "output_compression": {"type": "integer", "minimum": 0, "maximum": 100},
        "background": {"enum": ["transparent", "opaque", "auto"]},
        "moderation": {"enum": ["auto", "low"]},
        "user": {"type": "string"},
        "safety_identifier": {"type": "string"},
    },
}


def refusal_of(asked: Any) -> Response | None:
    """What OpenAI would answer to a request that breaks its rules, else None."""
    for error in jsonschema.Draft202012Validator(REQUEST_SCHEMA).iter_errors(asked):
        param = ".".join(map(str, error.path)) or None
        if error.validator == "additionalProperties":
            param = next(name for name in asked if name not in REQUEST_SCHEMA["properties"])
            return refuse(400, "unknown_parameter", f"Unknown parameter: '{param}'.", param)
        code = {"type": "invalid_type", "required": "missing_required_parameter"}.get(
            str(error.validator), "string_above_max_length" if param == "prompt" else "invalid_value"
        )
        return refuse(400, code, error.message[-200:], param)
    model = asked["model"]
    if model not in MODELS:
        return refuse(400, "invalid_value", f"The model '{model}' does not exist.", "model", user=True)
    if asked.get("quality", "auto") not in MODELS[model]:
        return refuse(400, "invalid_value", "This model has no such quality.", "quality", user=True)
    if not _size_legal(model, asked.get("size", "auto")):
        return refuse(400, "invalid_value", f"Invalid size '{asked['size']}'.", "size", user=True)
    return None


def _size_legal(model: str, size: str) -> bool:
    if size in FIXED_SIZES:
        return True
    if not model.startswith("gpt-image-2"):
        return False
    width, height = map(int, size.split("x"))
    return (
        width % 16 == height % 16 == 0
        and max(width, height) <= 3840
        and max(width, height) <= 3 * min(width, height)
        and 655_360 <= width * height <= 8_294_400
    )


def answer_to(asked: dict[str, Any]) -> Answer:
    """What OpenAI would answer to a legal request."""
    size = asked.get("size", "auto")
    width, height = map(int, size.split("x")) if re.fullmatch(r"\d+x\d+", size) else (1024, 1024)
    format = asked.get("output_format", "png")
    picture = draw_grid(width, height, format)
    text = len(asked["prompt"]) // 4 + 1
    return {
        "created": int(time.time()),
        "background": "opaque",
        "output_format": format,
        "quality": asked.get("quality", "medium"),
        "size": f"{width}x{height}",
        "data": [{"b64_json": base64.b64encode(picture).decode()} for _ in range(asked.get("n", 1))],
        "usage": {
            "input_tokens": text,
            "input_tokens_details": {"text_tokens": text, "image_tokens": 0},
            "output_tokens": 1756,
            "total_tokens": text + 1756,
        },
    }


COLOURS = ("#c0392b", "#d35400", "#f1c40f", "#27ae60", "#16a085", "#2980b9", "#8e44ad", "#7f8c8d", "#2c3e50")


@functools.lru_cache(maxsize=32)
def draw_grid(width: int, height: int, format: str = "png") -> bytes:
    """Nine cells in nine colours between white gutters; cell i, counted from 1, holds i white blobs.

    They lie about so that no two cells look alike, which would be compared closely.
    """
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    gutter = max(1, min(width, height) // 100)
    chance = random.Random(1)
    for cell, colour in enumerate(COLOURS):
        row, column = divmod(cell, 3)
        left, top = width * column // 3 + gutter, height * row // 3 + gutter
        right, bottom = width * (column + 1) // 3 - gutter, height * (row + 1) // 3 - gutter
        draw.rectangle((left, top, right, bottom), fill=colour)
        step_x, step_y = (right - left) / 6, (bottom - top) / 6
        radius = min(step_x, step_y) / 3
        for place in chance.sample(range(25), cell + 1):
            x, y = left + step_x * (place % 5 + 1), top + step_y * (place // 5 + 1)
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill="white")
    buffer = io.BytesIO()
    image.save(buffer, format)
    return buffer.getvalue()


def refuse(status: int, code: str, message: str, param: str | None = None, *, user: bool = False) -> Response:
    kind = "image_generation_user_error" if user else "invalid_request_error"
    return JSONResponse({"error": {"message": message, "type": kind, "param": param, "code": code}}, status)

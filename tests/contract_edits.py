"""The rules of the contract server for changing pictures: which forms OpenAI takes, and what it answers."""

from __future__ import annotations

import base64
import io
import re
from typing import TYPE_CHECKING, Any

from PIL import Image
from starlette.responses import Response

from tests.contract_rules import refusal_of, refuse

if TYPE_CHECKING:
    from tests.contract_server import Recorded

FIELDS = {
    "model",
    "prompt",
    "n",
    "size",
    "quality",
    "background",
    "output_format",
    "output_compression",
    "user",
}


def edits_refusal(recorded: Recorded, model: str = "") -> Response | None:
    """What OpenAI would answer to a form that breaks its rules, else None."""
    fields, files = recorded.json, recorded.files
    if unknown := (set(fields) | set(files)) - FIELDS - {"image", "image[]", "mask"}:
        return refuse(400, "unknown_parameter", f"Unknown parameter: '{min(unknown)}'.", min(unknown))
    pictures = files.get("image", []) + files.get("image[]", [])
    if not 1 <= len(pictures) <= 16:
        return refuse(400, "missing_required_parameter", "One to sixteen pictures are needed.", "image")
    if any(len(each) >= 50 * 10**6 or _opened(each) is None for each in pictures):
        return refuse(400, "invalid_image_file", "Invalid image file or mode.", "image")
    for mask in files.get("mask", []):
        opened, first = _opened(mask), _opened(pictures[0])
        if opened is None or opened.format != "PNG" or len(mask) >= 4 * 10**6:
            return refuse(400, "invalid_image_file", "Invalid mask.", "mask")
        if "A" not in opened.getbands():
            return refuse(400, "invalid_value", "The mask has no alpha channel.", "mask")
        if first is None or opened.size != first.size:
            return refuse(400, "invalid_value", "The mask is not of the picture's size.", "mask")
    numbers = {"n": int(fields["n"])} if "n" in fields else {}
    return refusal_of({**fields, **numbers, **({"model": model} if model else {})})


def edited(recorded: Recorded) -> dict[str, Any]:
    """The first picture in the size that was asked for, its masked part in magenta, and not a pixel quite the same."""
    fields, files = recorded.json, recorded.files
    first = (files.get("image", []) + files.get("image[]", []))[0]
    picture = Image.open(io.BytesIO(first)).convert("RGB").point(lambda value: min(255, value + 3))
    for data in files.get("mask", []):
        seen_through = (
            Image.open(io.BytesIO(data)).convert("RGBA").getchannel("A").point(lambda value: 255 - value)
        )
        picture.paste((255, 0, 255), (0, 0, *picture.size), seen_through)
    size = fields.get("size", "auto")
    if re.fullmatch(r"\d+x\d+", size):
        width, height = map(int, size.split("x"))
        picture = picture.resize((width, height))
    file = io.BytesIO()
    picture.save(file, "PNG")
    text, image = len(fields["prompt"]) // 4 + 1, picture.width * picture.height // 1024
    return {
        "created": 1,
        "data": [{"b64_json": base64.b64encode(file.getvalue()).decode()}],
        "usage": {
            "input_tokens": text + image,
            "input_tokens_details": {"text_tokens": text, "image_tokens": image},
            "output_tokens": 1756,
            "total_tokens": text + image + 1756,
        },
    }


def _opened(data: bytes) -> Image.Image | None:
    try:
        image = Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP"))
        image.load()
    except (OSError, ValueError, SyntaxError):
        return None
    return image

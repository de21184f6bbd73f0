"""What goes out besides model and prompt: the request's fields, in the words of the model's dialect."""

from __future__ import annotations

import math
from typing import Any

from avatar_core.types import ModelFacts, Size


def request_fields(facts: ModelFacts, size: Size, quality: str) -> dict[str, Any]:
    """Only the fields that the model's dialect has, and always a quality if the model has any.

    Without one, models choose for themselves, at up to ten times the price.
    """
    values: dict[str, Any] = {
        "size": str(size),
        "quality": quality or next(iter(facts.qualities), ""),
        "n": 1,
        "output_format": "png",
        "aspect_ratio": aspect_ratio(size),
        "resolution": f"{max(1, round(max(size.width, size.height) / 1024))}k",
    }
    legal = {name: values[name] for name in facts.parameters if values[name] != ""}
    return {**legal, **facts.fixed}


def aspect_ratio(size: Size) -> str:
    """A size as the smallest whole numbers of the same shape.

    >>> aspect_ratio(Size(1024, 1024)), aspect_ratio(Size(1536, 1024))
    ('1:1', '3:2')
    """
    common = math.gcd(size.width, size.height)
    return f"{size.width // common}:{size.height // common}"

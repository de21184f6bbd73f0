"""What one attempt asks of a model, the picture that comes back, and what it costs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from avatar_core.types.sizes import Size


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one answer, as the server counted them."""

    input_text: int
    input_image: int
    output: int
    usd: float | None = None  #: what the server says that it charged, where it says so


@dataclass(frozen=True, slots=True)
class Cost:
    """An amount in USD; ``basis`` says where it comes from: free, estimate, usage or unknown."""

    usd: float | None
    basis: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class PaintRequest:
    """What one attempt asks of a model: the prompt byte for byte, and the legal choices."""

    prompt: str
    size: Size
    quality: str = ""
    seed: int = 0  #: the demo model draws the same picture for the same seed; real models have none


@dataclass(frozen=True, slots=True)
class EditRequest:
    """What one attempt asks of a model that can change a picture: what to draw anew, and where.

    ``mask`` is a PNG of the picture's size whose transparent part is drawn anew; empty: all of it may change. Models
    take a mask as a hint and touch other parts too, so only the part that was meant may be taken from the answer.
    """

    prompt: str
    picture: bytes  #: PNG, JPEG or WebP
    mask: bytes
    size: Size  #: of the picture to come
    quality: str = ""


@dataclass(frozen=True, slots=True)
class Painting:
    """The picture that a model gave: its original bytes and what is known about them."""

    data: bytes
    media_type: str  #: by magic bytes, such as image/png
    size: Size  #: read from the picture, whatever was asked for
    model: str
    seconds: float
    sent: dict[str, Any]  #: the request's parameters as sent, never a header or a key
    request_id: str | None = None
    revised_prompt: str | None = None
    usage: Usage | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """The uncut picture as it arrived, kept for ever."""

    id: str
    blob: str
    media_type: str
    size: Size
    model: str
    seconds: float
    sent: dict[str, Any] = field(hash=False)
    cost: Cost
    arrived: datetime
    request_id: str | None = None
    revised_prompt: str | None = None
    usage: Usage | None = None
    estimate: Cost | None = None  #: what it was to cost, before it was ordered; ``cost`` is what it did cost

"""What programs order: pictures of one prompt, without people."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from avatar_core.types.sizes import Size


@dataclass(frozen=True, slots=True)
class Change:
    """A picture that a program sent to be changed: blobs, because an order may wait, and a restart sends them again."""

    picture: str  #: its blob
    mask: str  #: the blob of its mask; empty: all of it may change
    size: Size  #: of both, in px


@dataclass(frozen=True, slots=True)
class Wish:
    """What a program orders: pictures of one prompt, without people, and how they are brought about.

    A model that was shut down may be asked for; another draws then, perhaps larger, and its words may be added to.
    """

    prompt: str  #: as given
    model: str  #: as asked for
    size: Size  #: of the pictures that are handed out
    quality: str
    style: str
    count: int
    drawn_by: str  #: the id of the model that draws
    drawn_size: Size
    drawn_quality: str
    sent: str  #: the prompt that goes out
    change: Change | None = None  #: what is to be changed; None draws from the prompt alone

    def as_dict(self) -> dict[str, Any]:
        change = asdict(self.change) | {"size": str(self.change.size)} if self.change else None
        sizes = {"size": str(self.size), "drawn_size": str(self.drawn_size)}
        return {**asdict(self), **sizes, "change": change}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Wish:
        sizes = {name: Size.parse(data[name]) for name in ("size", "drawn_size")}
        told = data.get("change")
        change = Change(**{**told, "size": Size.parse(told["size"])}) if told else None
        return cls(**{**data, **sizes, "change": change})

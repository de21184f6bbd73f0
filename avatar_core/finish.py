"""How avatars are made for use: form, size and format of their files. The archive always holds exact cells as PNG."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from avatar_core.errors import ChoiceIllegal

SIDES = (512, 256, 128)
"""Px of a side that are offered, apart from the avatar's own."""

SMALLEST, LARGEST = 16, 4096
"""Px of a side that can be asked for."""


class Form(StrEnum):
    """Which part of its cell an avatar shows."""

    CELL = "cell"  #: exactly the cell
    SQUARE = "square"  #: the largest square within it in which the face sits well
    ROUND = "round"  #: the same, transparent outside the circle


class Format(StrEnum):
    """The kind of file."""

    PNG = "png"  #: lossless, for everybody
    WEBP = "webp"  #: lossless and smaller
    JPEG = "jpeg"  #: smallest, with losses that are hard to see; a round one is white around


@dataclass(frozen=True, slots=True)
class Finish:
    """What avatars are to be like when they are given away; unless something is chosen, exact cells as PNG.

    ``side`` is px of the longer side, None for the avatar's own. What is smaller stays as it is, unless ``enlarge``.

    >>> str(Finish(Form.SQUARE, 256, Format.WEBP))
    'square, at most 256 px, webp'
    """

    form: Form = Form.CELL
    side: int | None = None
    format: Format = Format.PNG
    enlarge: bool = False

    def __post_init__(self) -> None:
        if self.side is not None and not SMALLEST <= self.side <= LARGEST:
            raise ChoiceIllegal(
                f"Avatars of {self.side} px are not made. Choose a side from {SMALLEST} to {LARGEST} px, or leave it out."
            )

    def __str__(self) -> str:
        size = "own size" if self.side is None else f"{'' if self.enlarge else 'at most '}{self.side} px"
        form = "exact cell" if self.form is Form.CELL else self.form.value
        return f"{form}, {size}, {self.format.value}"

    @property
    def untouched(self) -> bool:
        """Whether the stored pictures are already like this."""
        return self.form is Form.CELL and self.side is None and self.format is Format.PNG

    @property
    def ending(self) -> str:
        """Of the file's name, without the dot."""
        return "jpg" if self.format is Format.JPEG else self.format.value

    @property
    def media_type(self) -> str:
        """Such as image/webp."""
        return f"image/{self.format.value}"


AS_STORED = Finish()
"""Exact cells in their own size as PNG."""

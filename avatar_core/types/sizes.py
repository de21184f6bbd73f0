"""How large a picture is."""

from __future__ import annotations

import re
from dataclasses import dataclass

from avatar_core.errors import ChoiceIllegal


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height in pixels.

    >>> str(Size.parse("1536x1536"))
    '1536x1536'
    """

    width: int
    height: int

    @classmethod
    def parse(cls, text: str) -> Size:
        match = re.fullmatch(r"\s*(\d{1,5})\s*[x×X]\s*(\d{1,5})\s*", text, flags=re.ASCII)
        if match is None or not (int(match[1]) and int(match[2])):
            raise ChoiceIllegal(f"“{text[:40]}” is not a size. Write width x height, such as 1536x1536.")
        return cls(int(match[1]), int(match[2]))

    @property
    def pixels(self) -> int:
        return self.width * self.height

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"

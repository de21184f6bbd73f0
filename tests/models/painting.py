"""What the tests of the OpenAI adapter share: a request, and a way to watch it fail."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from avatar_core import errors
from avatar_core.settings import Settings
from avatar_core.types import Painting, PaintRequest, Size

PROMPT = "Nine portraits, “Zé” and a crème brûlée 🦜\n[1] Woman, 42 years old, pardo ethnicity, teacher."
REQUEST = PaintRequest(PROMPT, Size(1536, 1536), "high")

MakeSettings = Callable[..., Settings]
Paint = Callable[..., Painting]


def failure(paint: Paint, **more: object) -> errors.ModelError:
    with pytest.raises(errors.ModelError) as caught:
        paint(**more)
    return caught.value

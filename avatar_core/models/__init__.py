"""The ImageModel port: one method, one attempt, one picture.

An adapter sends a prompt byte for byte and gives back the original bytes, or raises an error of the ModelError
family. It never repeats a request by itself: whether to try again is decided once, in the jobs room.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Protocol

from avatar_core.settings import Settings
from avatar_core.types import ModelFacts, Painting, PaintRequest


class ImageModel(Protocol):
    """Anything that draws a picture from a prompt."""

    @property
    def facts(self) -> ModelFacts:
        """What is known about this model; ``facts.wire_id`` is the id that is sent."""
        ...

    def paint(self, request: PaintRequest) -> Painting:
        """Draw one picture with one request.

        Raises:
            InputError: before anything is sent, such as ChoiceIllegal or PromptTooLong.
            ModelError: the server said no or said nothing; see ``retryable`` and ``may_be_billed``.
        """
        ...


def open_model(settings: Settings, model_id: str, *, today: date | None = None) -> ImageModel:
    """The adapter that speaks to ``model_id`` with these settings, as of ``today`` (UTC).

    Raises:
        ModelUnknown, ModelRetired: it cannot be used.
        KeyMissing: the model needs a key that is not configured.
    """
    from avatar_core.models.catalog import open_catalog

    facts = open_catalog().usable(model_id, today or datetime.now(UTC).date())
    if facts.local:
        from avatar_core.models.demo import DemoModel

        return DemoModel(facts)
    from avatar_core.models.openai import OpenAIModel

    return OpenAIModel(facts, settings)

"""The ImageModel port: one method, one attempt, one picture.

An adapter sends a prompt byte for byte and gives back the original bytes, or raises an error of the ModelError
family. It never repeats a request by itself: whether to try again is decided once, in the jobs room.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Protocol

from avatar_core.errors import ChoiceIllegal
from avatar_core.settings import Settings
from avatar_core.types import EditRequest, ModelFacts, Painting, PaintRequest


class ImageModel(Protocol):
    """Anything that draws a picture from a prompt."""

    @property
    def facts(self) -> ModelFacts:
        """What is known about this model; ``facts.wire_id`` is the id that is sent."""
        ...

    def paint(self, request: PaintRequest) -> Painting:
        """Draw one picture with one request, and give it back at once: whether it is whole is seen after it is kept.

        Raises:
            InputError: before anything is sent, such as ChoiceIllegal or PromptTooLong.
            ModelError: the server said no or said nothing; see ``retryable`` and ``may_be_billed``.
        """
        ...


class ImageEditor(ImageModel, Protocol):
    """An image model that can also change a part of a picture; ``facts.edits`` says which can."""

    def edit(self, request: EditRequest) -> Painting:
        """Draw a part of a picture anew with one request; the rest of it may change too.

        Raises:
            InputError: before anything is sent, such as PictureUnreadable for a mask of another size.
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


def open_editor(settings: Settings, model_id: str, *, today: date | None = None) -> ImageEditor:
    """The adapter that changes pictures with ``model_id``, as of ``today`` (UTC).

    Raises:
        ChoiceIllegal: this model cannot change pictures.
        ModelUnknown, ModelRetired: it cannot be used.
        KeyMissing: the model needs a key that is not configured.
    """
    from avatar_core.models.catalog import open_catalog
    from avatar_core.models.openai import OpenAIModel

    facts = open_catalog().usable(model_id, today or datetime.now(UTC).date())
    if not facts.edits:
        raise ChoiceIllegal(
            f"{facts.label} cannot change a part of a picture. Choose another model, or draw the picture anew."
        )
    return OpenAIModel(facts, settings)

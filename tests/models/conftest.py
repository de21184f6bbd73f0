"""Fixtures of the tests of the models."""

from __future__ import annotations

import pytest

from avatar_core.models.catalog import open_catalog
from avatar_core.models.openai import OpenAIModel
from avatar_core.types import Painting, PaintRequest
from tests.models.painting import REQUEST, MakeSettings, Paint


@pytest.fixture
def paint(server_settings: MakeSettings) -> Paint:
    """Paint once with a model and settings; the tests say what the server does."""

    def run(request: PaintRequest = REQUEST, model: str = "gpt-image-2.5-flare", **more: object) -> Painting:
        return OpenAIModel(open_catalog().find(model), server_settings(**more)).paint(request)

    return run

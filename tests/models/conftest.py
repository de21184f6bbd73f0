"""Fixtures of the tests of the models."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from avatar_core.models.catalog import open_catalog
from avatar_core.models.openai import OpenAIModel
from avatar_core.types import Painting, PaintRequest
from tests.contract_server import ImageServer
from tests.models.painting import REQUEST, MakeSettings, Paint
from tests.service.conftest import settings_for
from tests.service.served import Served


@pytest.fixture
def paint(server_settings: MakeSettings) -> Paint:
    """Paint once with a model and settings; the tests say what the server does."""

    def run(request: PaintRequest = REQUEST, model: str = "gpt-image-2.5-flare", **more: object) -> Painting:
        return OpenAIModel(open_catalog().find(model), server_settings(**more)).paint(request)

    return run


@pytest.fixture(scope="module")
def service_url(_image_server: ImageServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of our own service, which asks the image server in its turn."""
    served = Served(settings_for(_image_server, tmp_path_factory.mktemp("service"))).start()
    yield f"{served.url}/v1"
    served.stop()

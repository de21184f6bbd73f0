"""What a server lists: its image models with what is known of each, known ones by the catalog, others by a dialect."""

from __future__ import annotations

from datetime import date

import pytest

from avatar_core import errors
from avatar_core.models import open_model
from avatar_core.models.catalog import open_catalog
from avatar_core.models.served import list_models, served
from avatar_core.types import PaintRequest
from tests.contract_server import ImageServer
from tests.models.painting import PROMPT, MakeSettings

TODAY = date(2026, 11, 22)


def test_known_models_come_with_their_facts_and_models_of_other_kinds_are_left_out(
    image_server: ImageServer, server_settings: MakeSettings
) -> None:
    found = {facts.id: facts for facts in served(server_settings(), dialect="openai", today=TODAY)}
    assert found["gpt-image-2.5-flare"] == open_catalog().find("gpt-image-2.5-flare")
    assert "openai:gpt-image-9-flare" in found
    assert not {"gpt-5.9", "text-embedding-4", "openai:gpt-5.9"} & set(found)
    assert [each.path for each in image_server.requests] == ["/v1/models"]


def test_a_model_past_its_date_is_not_offered_though_the_list_still_has_it(
    image_server: ImageServer, server_settings: MakeSettings
) -> None:
    names = {facts.id for facts in served(server_settings(), today=date(2026, 12, 1))}
    assert "gpt-image-1.5" in list_models(server_settings()).ids
    assert "gpt-image-1.5" not in names


def test_the_servers_own_date_for_a_model_goes_before_ours(
    image_server: ImageServer, server_settings: MakeSettings
) -> None:
    image_server.mode = "compatible"
    image_server.listed = [
        {"id": "gpt-image-2", "shutdown_date": "2026-12-10"},
        {"id": "gpt-image-2.5-flare", "shutdown_date": "2026-11-01"},
        {"id": "gpt-image-2.6-flare", "shutdown_date": "one day"},
    ]
    found = {facts.id: facts for facts in served(server_settings(), today=TODAY)}
    assert found["gpt-image-2"].shutdown == date(2026, 12, 10)
    assert found["gpt-image-2.6-flare"].shutdown is None
    assert "gpt-image-2.5-flare" not in found


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("localai", ["localai:flux.1-schnell"]),
        ("ollama", ["ollama:x/z-image-turbo:latest"]),
        ("vllm-omni", ["vllm-omni:Qwen/Qwen-Image"]),
        ("sglang", ["sglang:Tongyi-MAI/Z-Image-Turbo"]),
        ("sd-cpp", ["sd-cpp:sd-cpp-local"]),
        ("xai", ["xai:grok-imagine-image"]),
        ("compatible", ["compatible:whatever-it-is"]),
    ],
)
def test_an_unknown_model_that_is_listed_can_be_painted_with_in_the_chosen_dialect(
    image_server: ImageServer, server_settings: MakeSettings, mode: str, expected: list[str]
) -> None:
    image_server.mode = mode
    found = served(server_settings(), dialect=mode, today=TODAY)
    assert [facts.id for facts in found] == expected
    size = found[0].grid_sizes[0]
    assert open_model(server_settings(), found[0].id).paint(PaintRequest(PROMPT, size)).size == size


@pytest.mark.parametrize(
    ("url", "dialect"),
    [
        ("https://api.openai.com/v1", "openai"),
        ("https://eu.api.openai.com/v1", "openai"),
        ("https://api.x.ai/v1", "xai"),
        ("https://notopenai.com/v1", "compatible"),
        ("http://localhost:8080/v1", "compatible"),
        ("http://[::1]:8080/v1", "compatible"),
    ],
)
def test_the_dialect_of_a_well_known_host_is_known(url: str, dialect: str) -> None:
    assert open_catalog().dialect_of(url) == dialect


def test_a_list_that_is_none_and_a_refusal_are_errors_of_ours(
    image_server: ImageServer, server_settings: MakeSettings
) -> None:
    image_server.listed = [{"no": "id"}]
    with pytest.raises(errors.AnswerUnusable, match="not with a list of models"):
        served(server_settings())
    with pytest.raises(errors.RequestRejected, match="usually ends in /v1"):
        served(server_settings(openai_base_url=f"{image_server.root}/v2"))

"""What every image model promises, run against each adapter over the real thing."""

from __future__ import annotations

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image

from avatar_core.errors import ChoiceIllegal, InputError, PromptTooLong
from avatar_core.models import ImageModel, open_model
from avatar_core.models.catalog import open_catalog
from avatar_core.settings import Settings
from avatar_core.types import PaintRequest, Size
from tests.contract_server import ImageServer

PROMPT = (
    "Nine portraits of people from São Paulo, “três por três” 🦜\n\n"
    "[1] Woman, 42 years old, pardo ethnicity, teacher. Apply sepia filter.\n"
    "[2] Man, 35 years old, white ethnicity, mechanic. No filter.\n"
)


MODELS = {
    "demo": "",
    "gpt-image-2.5-flare": "openai",
    "openai:gpt-image-2.6-flare": "openai",
    "gpt-image-2.5-sunburst": "our own service",
    "azure:faces": "azure",
    "litellm:gpt-image-2": "litellm",
    "legacy:gpt-image-1-mini-2": "legacy",
    "legacy:gpt-image-1-mini-3": "legacy",
    "compatible:flux.1-schnell": "compatible",
    "localai:flux.1-schnell": "localai",
    "vllm-omni:Qwen/Qwen-Image": "vllm-omni",
    "sglang:Tongyi-MAI/Z-Image-Turbo": "sglang",
    "sd-cpp:sd-cpp-local": "sd-cpp",
    "ollama:x/z-image-turbo:latest": "ollama",
    "xai:grok-imagine-image": "xai",
}


@pytest.fixture(params=MODELS)
def model(
    request: pytest.FixtureRequest, image_server: ImageServer, server_settings: Callable[..., Settings]
) -> ImageModel:
    """The adapters, opened as the product opens them, each before the server that it is made for."""
    if MODELS[request.param] == "our own service":
        token = {
            "openai_base_url": request.getfixturevalue("service_url"),
            "openai_api_key": "a-service-token",
        }
        return open_model(server_settings(**token), request.param)
    image_server.mode = MODELS[request.param]
    azure = {"azure_openai_endpoint": image_server.root, "azure_openai_api_key": image_server.key}
    return open_model(server_settings(**azure), request.param)


def test_every_dialect_of_the_catalog_is_tried_here() -> None:
    tried = {open_catalog().find(name).dialect for name in MODELS}
    assert tried == {"demo", *(facts.id for facts in open_catalog().dialects())}


def asked(model: ImageModel, prompt: str = PROMPT) -> PaintRequest:
    return PaintRequest(prompt, model.facts.grid_sizes[-1], next(iter(model.facts.qualities), ""), seed=7)


def test_a_picture_has_the_size_that_was_asked_for_and_the_type_that_it_claims(model: ImageModel) -> None:
    request = asked(model)
    painting = model.paint(request)
    with Image.open(io.BytesIO(painting.data)) as image:
        image.load()
        assert Image.MIME[image.format or ""] == painting.media_type
        assert Size(*image.size) == painting.size == request.size


def test_a_painting_says_which_model_drew_it_how_long_it_took_and_what_was_sent(model: ImageModel) -> None:
    painting = model.paint(asked(model))
    assert painting.model == model.facts.id
    assert 0 < painting.seconds < 60
    assert painting.sent["prompt"].encode() == PROMPT.encode()
    assert {"size", "aspect_ratio"} & set(painting.sent)
    assert not {"api_key", "key"} & set(painting.sent)
    assert painting.usage is None or painting.usage.output or painting.usage.usd


def test_the_prompt_reaches_the_model_byte_for_byte(model: ImageModel, image_server: ImageServer) -> None:
    model.paint(asked(model))
    assert len(image_server.generations) == (not model.facts.local)
    for received in image_server.generations:
        assert received.json["prompt"].encode() == PROMPT.encode()


def test_each_offered_grid_size_can_be_drawn(model: ImageModel) -> None:
    for size in model.facts.grid_sizes:
        assert model.paint(PaintRequest(PROMPT, size)).size == size


def test_an_illegal_size_or_quality_is_refused(model: ImageModel) -> None:
    legal = model.facts.grid_sizes[0]
    for request in (PaintRequest(PROMPT, Size(16, 16)), PaintRequest(PROMPT, legal, "splendid")):
        with pytest.raises(ChoiceIllegal):
            model.paint(request)


def test_a_prompt_that_is_too_long_empty_or_half_a_character_is_refused(model: ImageModel) -> None:
    with pytest.raises(PromptTooLong):
        model.paint(asked(model, "x" * (model.facts.prompt_limit + 1)))
    for prompt in ("", " \n", "half \ud83e a parrot"):
        with pytest.raises(InputError):
            model.paint(asked(model, prompt))


def test_a_prompt_with_words_that_the_server_would_obey_is_refused_and_not_sent(
    model: ImageModel, image_server: ImageServer
) -> None:
    for order in model.facts.forbidden:
        with pytest.raises(InputError, match="take for an order"):
            model.paint(asked(model, f"{PROMPT} {order} blur"))
    assert not image_server.requests


def test_one_model_paints_for_several_threads_at_once(model: ImageModel) -> None:
    prompts = [f"{PROMPT}[3] Person, {age} years old, black ethnicity, nurse." for age in range(20, 24)]
    with ThreadPoolExecutor(4) as pool:
        paintings = list(pool.map(lambda prompt: model.paint(asked(model, prompt)), prompts))
    assert [painting.sent["prompt"] for painting in paintings] == prompts

"""OpenAI's dialect: its SDK, our own adapter and our own dashboard's grids, with this service as the server."""

from __future__ import annotations

import base64
import io
import json
import re
from typing import Any

import openai
import pytest
from PIL import Image

from avatar_core import errors
from avatar_core.models import open_model
from avatar_core.models.served import served as served_facts
from avatar_core.settings import Settings
from avatar_core.types import PaintRequest, Size
from tests.contract_server import Fault, ImageServer, draw_grid
from tests.service.served import Served

GRID = "ONE image with exactly 9 cells.\n[1] Woman, 42 years old, pardo ethnicity, teacher. “Zé” 🦜"


@pytest.fixture
def sdk(service: Served) -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{service.url}/v1", api_key="a-service-token", max_retries=0)


@pytest.fixture
def through(service: Served) -> Settings:
    """The settings of a dashboard that has no key of its own and asks the service."""
    return Settings(_env_file=None, openai_base_url=f"{service.url}/v1", openai_api_key="a-service-token")


def test_the_sdk_draws_and_counts(sdk: openai.OpenAI, image_server: ImageServer) -> None:
    answer = sdk.images.generate(
        model="gpt-image-2.5-flare", prompt=GRID, size="1536x1536", quality="low", n=2
    )
    assert answer.data is not None
    assert len(answer.data) == 2
    assert base64.b64decode(answer.data[0].b64_json or "") == draw_grid(1536, 1536)
    assert answer.usage is not None
    assert answer.usage.output_tokens > 0
    assert answer.usage.total_tokens == answer.usage.input_tokens + answer.usage.output_tokens
    assert [request.json["prompt"] for request in image_server.generations] == [GRID] * 2


@pytest.mark.parametrize(("format", "opened"), [("jpeg", "JPEG"), ("webp", "WEBP"), ("png", "PNG")])
def test_the_sdk_gets_the_format_that_it_asks_for(sdk: openai.OpenAI, format: str, opened: str) -> None:
    answer = sdk.images.generate(prompt="A kite", model="gpt-image-2", output_format=format)  # type: ignore[call-overload]
    with Image.open(io.BytesIO(base64.b64decode(answer.data[0].b64_json))) as image:
        assert (image.format, image.size) == (opened, (1024, 1024))


def test_the_old_names_are_answered_with_a_link_unless_the_picture_is_asked_for(
    sdk: openai.OpenAI, service: Served
) -> None:
    (linked,) = sdk.images.generate(prompt="A kite", model="dall-e-3", style="natural").data or ()
    # Where nobody needs a token, nothing is signed.
    assert re.fullmatch(rf"{service.url}/images/[0-9a-f-]{{36}}", linked.url or "")
    assert service.client.get(linked.url or "").headers["content-type"] == "image/png"
    (inline,) = (
        sdk.images.generate(
            prompt="A kite", model="dall-e-2", size="256x256", response_format="b64_json"
        ).data
        or ()
    )
    with Image.open(io.BytesIO(base64.b64decode(inline.b64_json or ""))) as image:
        assert image.size == (256, 256)


def test_the_answer_says_which_model_drew_and_what_it_cost(service: Served) -> None:
    for model in ("dall-e-3", "gpt-image-2.5-flare"):
        answer = service.client.post("/v1/images/generations", json={"prompt": "A kite", "model": model})
        told, job = answer.json(), service.client.get(f"/jobs/{answer.headers['x-job-id']}").json()
        assert told["served_by"] == job["images"][0]["served_by"] == "gpt-image-2.5-flare"
        assert told["cost_usd"] == job["cost_usd"] > 0
        assert "drawn_size" not in told["data"][0]


def test_a_picture_of_another_size_than_was_ordered_is_never_handed_out_in_silence(
    service: Served, image_server: ImageServer
) -> None:
    """Some servers draw what they like. A grid that was stretched on the way would be cut in the wrong places."""
    small = draw_grid(512, 384)
    body = json.dumps({"created": 1, "data": [{"b64_json": base64.b64encode(small).decode()}]})
    image_server.script(*[Fault.raw(200, body, "application/json")] * 3)

    def post(**fields: str) -> tuple[Any, Any]:
        answer = service.client.post("/v1/images/generations", json={"prompt": "A kite", **fields})
        return answer.json(), service.client.get(f"/jobs/{answer.headers['x-job-id']}").json()["images"][0]

    told, kept = post(model="gpt-image-2", size="1536x1536")
    assert told["size"] == told["data"][0]["drawn_size"] == kept["drawn_size"] == "512x384"
    assert base64.b64decode(told["data"][0]["b64_json"]) == small
    told, kept = post(model="gpt-image-2", size="1536x1536", response_format="url")
    assert (told["size"], told["data"][0]["drawn_size"]) == ("1536x1536", "512x384")
    told, kept = post(model="dall-e-3", size="1792x1024")
    assert (told["data"][0]["drawn_size"], kept["drawn_size"], kept["size"]) == (
        "512x384",
        "512x384",
        "1792x1024",
    )


def test_models_are_listed_and_found(sdk: openai.OpenAI, through: Settings) -> None:
    names = [model.id for model in sdk.models.list()]
    assert {"dall-e-3", "gpt-image-2.5-flare", "gpt-image-2.6-sunburst"} <= set(names)
    assert "gpt-image-1" not in names
    assert sdk.models.retrieve("dall-e-3").id == "dall-e-3"
    with pytest.raises(openai.NotFoundError):
        sdk.models.retrieve("gpt-9")
    assert any(facts.id.endswith("gpt-image-2.5-flare") for facts in served_facts(through))


def test_errors_have_openais_shape_and_are_not_repeated_by_the_sdk(
    service: Served, image_server: ImageServer
) -> None:
    sdk = openai.OpenAI(base_url=f"{service.url}/v1", api_key="x")  # with its own retries, as people use it
    with pytest.raises(openai.BadRequestError) as bad:
        sdk.images.generate(prompt="A kite", model="gpt-image-2", size="17x17")  # type: ignore[call-overload]
    assert (bad.value.code, bad.value.param) == ("invalid_value", "size")
    image_server.script(Fault.moderated())
    with pytest.raises(openai.BadRequestError) as refused:
        sdk.images.generate(prompt="A kite", model="gpt-image-2")
    assert refused.value.code == "moderation_blocked"
    image_server.script(Fault.cut_before())
    with pytest.raises(openai.InternalServerError) as lost:
        sdk.images.generate(prompt="A kite", model="gpt-image-2")
    assert lost.value.status_code == 504
    assert len(image_server.generations) == 2


def test_a_grid_of_the_dashboard_comes_through_byte_for_byte(
    through: Settings, image_server: ImageServer
) -> None:
    painting = open_model(through, "gpt-image-2.5-flare").paint(PaintRequest(GRID, Size(1536, 1536), "low"))
    assert painting.data == draw_grid(1536, 1536)
    assert painting.usage is not None
    (request,) = image_server.generations
    assert request.json["prompt"] == GRID
    assert (request.json["size"], request.json["quality"]) == ("1536x1536", "low")


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault.moderated(), errors.PromptRefused),
        (Fault.no_credit(), errors.NoCredit),
        (Fault.rate_limited(retry_after="33"), errors.RateLimited),
        (Fault.cut_before(), errors.AnswerLost),
        (Fault.without_picture(), errors.AnswerLost),
        (Fault.bad_key("sk-x"), errors.ServerFailed),
    ],
)
def test_what_the_server_behind_refuses_means_the_same_through_the_service(
    through: Settings, image_server: ImageServer, fault: Fault, expected: type[errors.ModelError]
) -> None:
    short = Fault.rate_limited(retry_after="0.01")
    image_server.script(*([short, short] if expected is errors.RateLimited else []), fault)
    with pytest.raises(errors.ModelError) as caught:
        open_model(through, "gpt-image-2.5-flare").paint(PaintRequest(GRID, Size(1024, 1024), "low"))
    assert type(caught.value) is expected
    if expected is errors.RateLimited:
        assert caught.value.retry_after is not None
        assert caught.value.retry_after >= 32


def test_what_cannot_be_served_is_named_and_what_changes_nothing_is_taken(service: Served) -> None:
    def post(**fields: object) -> tuple[int, object]:
        answer = service.client.post("/v1/images/generations", json={"prompt": "x", **fields})
        return answer.status_code, answer.json().get("error", {}).get("param")

    assert (
        post(model="gpt-image-2", background="auto", moderation="auto", user="me", n=1, size="auto")[0] == 200
    )
    for field, value in {
        "stream": True,
        "background": "transparent",
        "n": 0,
        "frames": 3,
        "quality": 5,
    }.items():
        assert post(**{field: value}) == (400, field)
    nowhere = service.client.post("/v1/images/dreams", json={})
    assert (nowhere.status_code, nowhere.json()["error"]["code"]) == (404, "unknown_url")

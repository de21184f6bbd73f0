"""The relatives of OpenAI, each with its own ways: what comes back from them, and what their refusals mean."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest

from avatar_core import errors
from avatar_core.cost import settle
from avatar_core.models import open_model
from avatar_core.models.catalog import open_catalog
from avatar_core.types import Painting, PaintRequest, Size
from tests.contract_server import Fault, ImageServer, draw_grid
from tests.models.painting import PROMPT, MakeSettings

REQUEST = PaintRequest(PROMPT, Size(1024, 1024))
NAMES = {
    "azure": "azure:faces",
    "litellm": "litellm:gpt-image-2",
    "legacy": "legacy:gpt-image-1-mini-3",
    "localai": "localai:flux.1-schnell",
    "vllm-omni": "vllm-omni:Qwen/Qwen-Image",
    "sglang": "sglang:Tongyi-MAI/Z-Image-Turbo",
    "sd-cpp": "sd-cpp:sd-cpp-local",
    "ollama": "ollama:x/z-image-turbo:latest",
    "xai": "xai:grok-imagine-image",
}


def paint(
    server: ImageServer, make: MakeSettings, mode: str, model: str = "", request: PaintRequest = REQUEST
) -> Painting:
    """Paint with a server's own model, the server being itself."""
    server.mode = mode
    azure = {"azure_openai_endpoint": server.root, "azure_openai_api_key": server.key}
    return open_model(make(**azure), model or NAMES[mode]).paint(request)


def refused(
    server: ImageServer, make: MakeSettings, mode: str, fault: Fault | None = None, model: str = ""
) -> errors.ModelError:
    if fault:
        server.script(fault)
    with pytest.raises(errors.ModelError) as caught:
        paint(server, make, mode, model)
    return caught.value


def test_the_page_about_servers_shows_every_dialect() -> None:
    page = (Path(__file__).parents[2] / "docs" / "servers.md").read_text(encoding="utf-8")
    for facts in open_catalog().dialects():
        row = re.search(rf"\| `{facts.id}` \|.*\| (yes|no) \|", page)
        assert row is not None, facts.id
        assert (row[1] == "yes") == facts.edits
        assert f"{facts.id}:" in page


def test_a_legacy_server_answers_with_a_link_that_is_followed_at_once(
    image_server: ImageServer, server_settings: MakeSettings
) -> None:
    painting = paint(image_server, server_settings, "legacy")
    assert painting.data == draw_grid(1024, 1024)
    assert painting.revised_prompt == "As drawn."
    assert [each.path.split("/")[1] for each in image_server.requests] == ["v1", "files"]
    assert "/files/" not in repr(painting.sent)


def test_the_contract_of_the_legacy_models_is_kept(
    image_server: ImageServer, server_settings: MakeSettings
) -> None:
    paint(image_server, server_settings, "legacy", request=PaintRequest("x" * 4000, Size(1024, 1024), "hd"))
    small = PaintRequest("x" * 1000, Size(256, 256))
    assert paint(image_server, server_settings, "legacy", "legacy:dall-e-2", small).size == Size(256, 256)
    for model, request in (
        ("legacy:gpt-image-1-mini-3", PaintRequest("x" * 4001, Size(1024, 1024))),
        ("legacy:gpt-image-1-mini-2", PaintRequest("x" * 1001, Size(1024, 1024))),
        ("legacy:gpt-image-1-mini-2", PaintRequest("x", Size(1024, 1024), "hd")),
        ("legacy:gpt-image-1-mini-3", PaintRequest("x", Size(512, 512))),
    ):
        with pytest.raises(errors.InputError):
            paint(image_server, server_settings, "legacy", model, request)
    assert len(image_server.generations) == 2


def test_azure_gets_the_deployment_in_the_path_its_version_and_its_own_key_header(
    image_server: ImageServer, server_settings: MakeSettings
) -> None:
    paint(image_server, server_settings, "azure", request=PaintRequest(PROMPT, Size(1024, 1024), "low"))
    (received,) = image_server.requests
    assert received.path == "/openai/deployments/faces/images/generations"
    assert received.query == {"api-version": "2025-04-01-preview"}
    assert received.headers["api-key"] == image_server.key
    assert "authorization" not in received.headers
    assert received.json["quality"] == "low"


def test_azure_needs_an_address_and_a_key_of_its_own_and_never_gets_openais(
    image_server: ImageServer, server_settings: MakeSettings
) -> None:
    with pytest.raises(errors.SettingsBroken, match="AZURE_OPENAI_ENDPOINT is not set"):
        open_model(server_settings(), "azure:faces")
    with pytest.raises(errors.KeyMissing, match="Set AZURE_OPENAI_API_KEY"):
        open_model(server_settings(azure_openai_endpoint=image_server.root), "azure:faces")
    assert not image_server.requests


def test_azures_refusals_name_azures_settings(
    image_server: ImageServer, server_settings: MakeSettings
) -> None:
    gone = refused(image_server, server_settings, "azure", model="azure:elsewhere")
    assert type(gone) is errors.ModelNotServed
    image_server.script(Fault.status(401, code="401", message="Access denied due to invalid key."))
    key = refused(image_server, server_settings, "azure")
    assert type(key) is errors.KeyRejected
    assert key.message.endswith("Check AZURE_OPENAI_API_KEY and AZURE_OPENAI_ENDPOINT, then start again.")
    where = refused(
        image_server, server_settings, "azure", Fault.status(404, code="404", message="Resource not found")
    )
    assert "Check AZURE_OPENAI_ENDPOINT" in where.message


def test_azures_content_filter_says_what_it_filtered(
    image_server: ImageServer, server_settings: MakeSettings
) -> None:
    inner = {"content_filter_result": {"violence": {"filtered": True}, "hate": {"filtered": False}}}
    fault = Fault.status(400, code="contentFilter", message="Your task failed.", innererror=inner)
    error = refused(image_server, server_settings, "azure", fault)
    assert type(error) is errors.PromptRefused
    assert "(violence)" in error.message


@pytest.mark.parametrize(
    ("fault", "expected", "retryable"),
    [
        (Fault.status(400, code="400", message="Your request was rejected by the safety system."), errors.PromptRefused, False),
        (Fault.status(429, code="429", message="You exceeded your current quota, please check."), errors.NoCredit, False),
        (Fault.status(429, code="429", message="You have reached the spend limit of your project."), errors.NoCredit, False),
        (Fault.status(400, code="400", message="Billing hard limit has been reached"), errors.NoCredit, False),
        (Fault.status(400, code="400", type="no_db_connection", message="No connected db."), errors.KeyRejected, False),
        (Fault.status(400, code="400", message="Invalid model name passed in model=x."), errors.ModelNotServed, False),
        (Fault.status(500, code="500", message="litellm.APIConnectionError: Connection error."), errors.AnswerLost, False),
        (Fault.status(408, code="408", message="litellm.Timeout: gave up"), errors.AnswerLost, False),
        (Fault.status(500, code="500", message="litellm.InternalServerError: sorry"), errors.ServerFailed, True),
        (Fault.status(429, code="429", message="litellm.RateLimitError: slow down"), errors.RateLimited, True),
    ],
)  # fmt: skip
def test_behind_litellm_the_words_decide_where_the_code_was_lost(
    image_server: ImageServer, server_settings: MakeSettings, fault: Fault, expected: type, retryable: bool
) -> None:
    error = refused(image_server, server_settings, "litellm", fault)
    assert type(error) is expected
    assert error.retryable is retryable
    assert error.request_id is None


def test_localai_is_asked_for_the_picture_itself_and_gets_every_word(
    image_server: ImageServer, server_settings: MakeSettings
) -> None:
    assert paint(image_server, server_settings, "localai").size == Size(1024, 1024)
    assert image_server.avoided == ""
    assert len(image_server.requests) == 1
    with pytest.raises(errors.InputError, match=r"holds “\|”"):
        paint(image_server, server_settings, "localai", request=PaintRequest("faces | hats", Size(768, 768)))


@pytest.mark.parametrize(
    ("mode", "fault", "expected", "words"),
    [
        ("vllm-omni", Fault.raw(422, '{"detail":[{"loc":["body","size"],"msg":"size must be in format"}]}', "application/json"), errors.RequestRejected, "size must be in format"),
        ("vllm-omni", Fault.raw(503, '{"detail":"Engine is not ready"}', "application/json"), errors.ServerFailed, "Engine is not ready"),
        ("sglang", Fault.raw(400, '{"detail":"requires cloud storage to be configured."}', "application/json"), errors.RequestRejected, "requires cloud storage"),
        ("sd-cpp", Fault.raw(400, '{"error":"invalid params"}', "application/json"), errors.RequestRejected, "invalid params"),
        ("sd-cpp", Fault.raw(500, '{"error":"server_error","message":"boom"}', "application/json"), errors.ServerFailed, "server_error"),
        ("localai", Fault.raw(500, '{"error":{"code":500,"message":"could not load model","type":""}}', "application/json"), errors.ServerFailed, "could not load model"),
        ("xai", Fault.raw(400, '{"code":"Client specified an invalid argument","error":"Argument not supported: size"}', "application/json"), errors.RequestRejected, "Argument not supported"),
        ("xai", Fault.raw(400, '{"code":"x","error":"Incorrect API key provided: xai-abc123. You can obtain one."}', "application/json"), errors.KeyRejected, "key"),
    ],
)  # fmt: skip
def test_an_error_in_a_servers_own_shape_is_understood(
    image_server: ImageServer,
    server_settings: MakeSettings,
    mode: str,
    fault: Fault,
    expected: type,
    words: str,
) -> None:
    error = refused(image_server, server_settings, mode, fault)
    assert type(error) is expected
    assert words in error.message
    assert "xai-" not in error.message


def test_a_model_that_ollama_did_not_pull_is_not_served(
    image_server: ImageServer, server_settings: MakeSettings
) -> None:
    error = refused(image_server, server_settings, "ollama", model="ollama:missing")
    assert type(error) is errors.ModelNotServed
    assert "try pulling it first" in error.message


def test_xai_is_asked_for_a_shape_and_a_resolution_and_says_what_it_charged(
    image_server: ImageServer, server_settings: MakeSettings
) -> None:
    painting = paint(image_server, server_settings, "xai", request=PaintRequest(PROMPT, Size(2048, 2048)))
    assert (painting.media_type, painting.size) == ("image/jpeg", Size(2048, 2048))
    assert image_server.requests[0].json["resolution"] == "2k"
    facts = open_model(server_settings(), "xai:grok-imagine-image").facts
    cost = settle(facts, painting.usage)
    assert (cost.usd, cost.basis) == (0.02, "usage")


def test_a_picture_in_base64_that_is_written_as_a_data_url_is_read(
    image_server: ImageServer, server_settings: MakeSettings
) -> None:
    data = draw_grid(300, 300, "jpeg")
    text = f"data:image/jpeg;base64,{base64.b64encode(data).decode()}"
    image_server.script(Fault.item(b64_json=text))
    assert paint(image_server, server_settings, "xai").data == data


def test_a_block_that_comes_with_a_status_of_success_is_quoted(
    image_server: ImageServer, server_settings: MakeSettings
) -> None:
    blocked = '{"block_reason": "content moderation", "data": [{"url": null, "b64_json": null}]}'
    error = refused(image_server, server_settings, "xai", Fault.raw(200, blocked, "application/json"))
    assert "said: “content moderation”" in error.message


def test_a_link_without_a_host_leads_to_the_server_itself(
    image_server: ImageServer, server_settings: MakeSettings
) -> None:
    data = draw_grid(300, 300)
    image_server.serve(data, "relative.png")
    image_server.script(Fault.item(url="/files/relative.png"))
    assert paint(image_server, server_settings, "sglang").data == data


@pytest.mark.parametrize("format", ["png", "jpeg", "webp"])
def test_a_server_that_sends_the_picture_alone_is_understood(
    image_server: ImageServer, server_settings: MakeSettings, format: str
) -> None:
    data = draw_grid(300, 300, format)
    image_server.script(Fault(body=data, headers={"content-type": "image/whatever"}))
    assert paint(image_server, server_settings, "vllm-omni").data == data

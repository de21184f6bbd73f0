"""The OpenAI adapter over the real SDK and real HTTP, against the contract server."""

from __future__ import annotations

import email.utils
import socket
import time

import pytest

from avatar_core import errors
from avatar_core.models import open_model
from avatar_core.types import PaintRequest, Size, Usage
from tests.contract_server import Fault, ImageServer, draw_grid
from tests.models.painting import PROMPT, MakeSettings, Paint, failure


def test_a_picture_arrives_byte_for_byte_with_all_that_is_known_about_it(
    image_server: ImageServer, paint: Paint
) -> None:
    painting = paint()
    assert painting.data == draw_grid(1536, 1536)
    assert (painting.media_type, painting.size) == ("image/png", Size(1536, 1536))
    assert painting.model == "gpt-image-2.5-flare"
    assert painting.request_id is not None
    assert painting.request_id.startswith("req_")
    assert painting.usage == Usage(input_text=len(PROMPT) // 4 + 1, input_image=0, output=1756)
    assert 0 < painting.seconds < 20
    assert painting.sent == image_server.requests[0].json


def test_the_prompt_goes_out_byte_for_byte_with_only_the_legal_parameters(
    image_server: ImageServer, paint: Paint
) -> None:
    paint()
    (request,) = image_server.requests
    assert PROMPT.encode() in request.body.replace(b"\\n", b"\n")
    assert request.json == {
        "model": "gpt-image-2.5-flare",
        "prompt": PROMPT,
        "size": "1536x1536",
        "quality": "high",
        "n": 1,
        "output_format": "png",
    }
    assert request.headers["authorization"] == f"Bearer {image_server.key}"


def test_without_a_chosen_quality_the_default_of_the_model_is_sent(
    image_server: ImageServer, paint: Paint
) -> None:
    paint(PaintRequest(PROMPT, Size(1024, 1024)), model="gpt-image-2")
    assert image_server.requests[0].json["quality"] == "medium"


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (PaintRequest(PROMPT, Size(1000, 1000), "high"), errors.ChoiceIllegal),
        (PaintRequest(PROMPT, Size(1536, 1536), "hd"), errors.ChoiceIllegal),
        (PaintRequest("x" * 32_001, Size(1536, 1536), "high"), errors.PromptTooLong),
        (PaintRequest("   ", Size(1536, 1536), "high"), errors.InputError),
        (PaintRequest("half \ud83e a parrot", Size(1536, 1536), "high"), errors.InputError),
    ],
)
def test_what_the_model_would_refuse_is_refused_before_anything_is_sent(
    image_server: ImageServer, paint: Paint, request_: PaintRequest, expected: type[errors.InputError]
) -> None:
    with pytest.raises(expected):
        paint(request_)
    assert not image_server.requests


@pytest.mark.parametrize(
    ("fault", "expected", "retryable"),
    [
        (Fault.bad_key("sk-wrong"), errors.KeyRejected, False),
        (Fault.moderated("input", "violence"), errors.PromptRefused, False),
        (Fault.moderated("output"), errors.PromptRefused, False),
        (Fault.status(400, code="content_policy_violation"), errors.PromptRefused, False),
        (Fault.status(400, code="contentFilter"), errors.PromptRefused, False),
        (
            Fault.status(
                400,
                code="invalid_value",
                type="image_generation_user_error",
                param="model",
                message="The model 'gpt-image-2.5-flare' does not exist.",
            ),
            errors.ModelNotServed,
            False,
        ),
        (Fault.status(404, code="model_not_found"), errors.ModelNotServed, False),
        (Fault.status(403, code="model_not_found"), errors.AccessDenied, False),
        (Fault.status(400, code="invalid_value", param="size"), errors.RequestRejected, False),
        (
            Fault.status(400, code="unknown_parameter", message="Unknown parameter: 'response_format'."),
            errors.RequestRejected,
            False,
        ),
        (Fault.billing_limit(), errors.NoCredit, False),
        (Fault.no_credit(), errors.NoCredit, False),
        (Fault.status(429, code="organization_spend_limit_exceeded"), errors.NoCredit, False),
        (Fault.status(429, code="project_spend_limit_exceeded"), errors.NoCredit, False),
        (Fault.status(429, code="billing_not_active"), errors.NoCredit, False),
        (Fault.raw(408, "<h1>Request timeout</h1>"), errors.AnswerLost, False),
        (Fault.status(402, message="Payment required."), errors.NoCredit, False),
        (Fault.rate_limited(retry_after="1"), errors.RateLimited, True),
        (Fault.no_image_access(), errors.AccessDenied, False),
        (Fault.unverified(), errors.OrganizationUnverified, False),
        (Fault.status(403, message="Country not supported."), errors.AccessDenied, False),
        (Fault.failed(500), errors.ServerFailed, True),
        (Fault.failed(503), errors.ServerFailed, True),
        (Fault.raw(504, "<h1>Gateway Timeout</h1>"), errors.AnswerLost, False),
        (Fault.raw(524, "<h1>A timeout occurred</h1>"), errors.AnswerLost, False),
        (
            Fault.raw(502, "<html><style>p{}</style><p>Bad <b>gateway</b></p></html>"),
            errors.ServerFailed,
            True,
        ),
        (Fault.raw(404, '{"detail":"Not Found"}', "application/json"), errors.RequestRejected, False),
        (
            Fault.raw(422, '{"detail":[{"loc":["body"],"msg":"n is wrong"}]}', "application/json"),
            errors.RequestRejected,
            False,
        ),
        (Fault.raw(400, ""), errors.RequestRejected, False),
        (Fault.raw(400, "[1, 2]", "application/json"), errors.RequestRejected, False),
        (Fault.raw(500, '{"error": "out of memory"}', "application/json"), errors.ServerFailed, True),
        (
            Fault.raw(418, '{"error": {"message": {"a": 1}}}', "application/json"),
            errors.RequestRejected,
            False,
        ),
        # a proxy put the HTTP status where the code was
        (
            Fault.status(400, code="400", message="Your request was rejected by the safety system."),
            errors.PromptRefused,
            False,
        ),
        (Fault.status(429, code="429", message="You exceeded your current quota."), errors.NoCredit, False),
        (Fault.status(429, code="429", message="Slow down."), errors.RateLimited, True),
        (
            Fault.status(400, code="400", message="The model `x` does not exist."),
            errors.ModelNotServed,
            False,
        ),
    ],
)
def test_each_refusal_becomes_the_error_that_says_what_to_do(
    image_server: ImageServer, paint: Paint, fault: Fault, expected: type[errors.ModelError], retryable: bool
) -> None:
    image_server.script(fault)
    error = failure(paint)
    assert type(error) is expected
    assert error.retryable is retryable
    assert error.request_id is not None
    assert error.request_id.startswith("req_")
    assert len(image_server.generations) == 1, "the adapter never asks twice"
    assert "”. " in error.message, "what to do comes after the server's words"
    assert error.message.endswith(".")
    assert "<" not in error.message


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (
            Fault.moderated("input", "violence"),
            "refused the prompt (violence). The server said: “Your request",
        ),
        (Fault.moderated("output"), "refused the picture that was drawn (sexual)"),
        (Fault.status(400, code="moderation_blocked"), "refused the prompt or the picture."),
        (Fault.no_image_access(), "its image limit is 0"),
        (Fault.unverified(), "Verify it at platform.openai.com/settings/organization/general"),
        (Fault.no_credit(), "Add credit at the provider"),
        (Fault.billing_limit(), "Raise the limit at platform.openai.com/settings/organization/limits"),
        (Fault.status(429, code="project_spend_limit_exceeded"), "spending limit that is set for it"),
        (Fault.status(429, code="billing_not_active"), "Add a way to pay"),
        (Fault.bad_key("sk-x"), "Check OPENAI_API_KEY and OPENAI_BASE_URL"),
        (Fault.raw(504, "<h1>Gateway Timeout</h1>"), "it may have been billed"),
        (Fault.raw(404, '{"detail":"Not Found"}', "application/json"), "usually ends in /v1"),
        (Fault.raw(502, "<html><style>p{}</style><p>Bad <b>gateway</b></p></html>"), "“Bad gateway”"),
        (Fault.raw(422, '{"detail":[{"msg":"n is wrong"}]}', "application/json"), "“n is wrong”"),
        (Fault.status(400, code="invalid_value", param="size"), "parameter “size”"),
        (Fault.status(400, code="unknown_parameter", param="n"), "does not know the parameter “n”"),
        (Fault.status(400, code="unknown_parameter", param="n"), "with another dialect"),
        (Fault.raw(503, ""), "“Service Unavailable”"),
        (Fault.status(404, code="model_not_found"), "does not have the model “gpt-image-2.5-flare”"),
    ],
)
def test_a_refusal_is_told_in_words_that_fit_it(
    image_server: ImageServer, paint: Paint, fault: Fault, words: str
) -> None:
    image_server.script(fault)
    assert words in failure(paint).message


@pytest.mark.parametrize(
    ("wait", "seconds"),
    [
        ({"retry_after": "7"}, 7),
        ({"retry_after": "1.5"}, 1.5),
        ({"retry_after_ms": "250"}, 0.25),
        ({"retry_after_ms": "250", "retry_after": "7"}, 0.25),
        ({"retry_after": "3600"}, 3600),
        ({"retry_after": "-3"}, None),
        ({"retry_after": "nan"}, None),
        ({"retry_after": "soon"}, None),
        ({"retry_after": "Sat, 01 Jan 2000 00:00:00 GMT"}, 0),
        ({}, None),
    ],
)
def test_the_wait_that_the_server_asks_for_is_kept_in_seconds(
    image_server: ImageServer, paint: Paint, wait: dict[str, str], seconds: float | None
) -> None:
    image_server.script(Fault.rate_limited(**wait))
    assert failure(paint).retry_after == seconds


def test_a_wait_given_as_a_date_is_counted_from_now(image_server: ImageServer, paint: Paint) -> None:
    image_server.script(Fault.rate_limited(retry_after=email.utils.formatdate(time.time() + 60, usegmt=True)))
    assert failure(paint).retry_after == pytest.approx(60, abs=3)


def test_a_wait_that_only_the_message_names_is_found(image_server: ImageServer, paint: Paint) -> None:
    image_server.script(Fault.status(429, message="Limit 5, Used 5. Please try again in 12s."))
    assert failure(paint).retry_after == 12


def test_a_server_that_is_not_there_may_be_tried_again(paint: Paint) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    error = failure(paint, openai_base_url=f"http://127.0.0.1:{port}/v1")
    assert type(error) is errors.ServerUnreachable
    assert error.retryable
    assert not error.may_be_billed
    assert "127.0.0.1 cannot be reached" in error.message


def test_a_name_that_nobody_has_is_unreachable(paint: Paint) -> None:
    error = failure(paint, openai_base_url="http://nobody.invalid/v1")
    assert type(error) is errors.ServerUnreachable


@pytest.mark.parametrize("fault", [Fault.cut_before(), Fault.cut_within()])
def test_a_connection_cut_after_sending_may_be_billed_and_is_not_repeated(
    image_server: ImageServer, paint: Paint, fault: Fault
) -> None:
    image_server.script(fault)
    error = failure(paint)
    assert type(error) is errors.AnswerLost
    assert error.may_be_billed
    assert not error.retryable
    assert len(image_server.generations) == 1


def test_a_slow_answer_is_given_up_after_the_configured_time_and_may_be_billed(
    image_server: ImageServer, paint: Paint
) -> None:
    image_server.script(Fault.slow(1.0))
    error = failure(paint, avatar_timeout=0.2)
    assert type(error) is errors.AnswerLost
    assert "within 0.2 seconds" in error.message
    assert len(image_server.generations) == 1


@pytest.mark.parametrize(
    "fault",
    [
        Fault.without_picture(),
        Fault.item(),
        Fault.item(b64_json=None, url=None),
        Fault.item(b64_json="not base64!"),
        Fault.item(b64_json="ünïcode"),
        Fault.picture(b"This is no picture."),
        Fault.picture(draw_grid(1536, 1536)[:20]),
        Fault.item(url="data:image/svg+xml;utf8,<svg/>"),
        Fault.item(url="ftp://pictures.example/1.png"),
        Fault.item(url="http://[::1"),
        Fault.raw(200, "<h1>Welcome</h1>"),
        Fault.raw(200, "[]", "application/json"),
        Fault.raw(200, '{"error": {"message": "No model is loaded."}}', "application/json"),
        Fault.raw(200, "[" * 100_000, "application/json"),
    ],
)
def test_an_answer_without_a_picture_is_unusable_and_may_be_billed(
    image_server: ImageServer, paint: Paint, fault: Fault
) -> None:
    image_server.script(fault)
    error = failure(paint)
    assert type(error) is errors.AnswerUnusable
    assert error.may_be_billed
    assert error.request_id is not None
    assert error.message.endswith("generate again.")


@pytest.mark.parametrize(("format", "media_type"), [("jpeg", "image/jpeg"), ("webp", "image/webp")])
def test_type_and_size_are_read_from_the_bytes_whatever_was_asked_for(
    image_server: ImageServer, paint: Paint, format: str, media_type: str
) -> None:
    data = draw_grid(1000, 1001, format)
    image_server.script(Fault.picture(data))
    painting = paint()
    assert painting.data == data
    assert (painting.media_type, painting.size) == (media_type, Size(1000, 1001))


@pytest.mark.parametrize("fault", [Fault.without_usage(), Fault.zero_usage()])
def test_a_server_that_counts_no_tokens_leaves_the_usage_unknown(
    image_server: ImageServer, paint: Paint, fault: Fault
) -> None:
    image_server.script(fault)
    assert paint().usage is None


def test_a_model_that_was_shut_down_is_not_opened(server_settings: MakeSettings) -> None:
    with pytest.raises(errors.ModelRetired, match=r"gpt-image-2\.6-flare"):
        open_model(server_settings(), "dall-e-3")


def test_a_model_that_the_server_has_retired_names_its_successor_for_one_click(
    image_server: ImageServer, paint: Paint
) -> None:
    said = "The model 'gpt-image-1.5' does not exist."
    image_server.script(Fault.status(400, code="invalid_value", param="model", message=said))
    error = failure(paint, request=PaintRequest(PROMPT, Size(1024, 1024)), model="gpt-image-1.5")
    assert isinstance(error, errors.ModelNotServed)
    assert error.successor == "gpt-image-2.6-sunburst"
    assert error.message.endswith("Choose “gpt-image-2.6-sunburst”, then generate again.")


def test_empty_variables_of_the_sdk_count_as_unset(
    image_server: ImageServer, paint: Paint, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_BASE_URL"):
        monkeypatch.setenv(name, "")
    paint()
    assert not {"openai-organization", "openai-project"} & set(image_server.requests[0].headers)
    monkeypatch.setenv("OPENAI_ORG_ID", "org-1")
    paint()
    assert image_server.requests[1].headers["openai-organization"] == "org-1"

"""The OpenAI adapter over the real SDK and real HTTP, against the contract server."""

from __future__ import annotations

import base64
import email.utils
import io
import logging
import socket
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from avatar_core import errors
from avatar_core.models import downloads, open_model
from avatar_core.models.catalog import open_catalog
from avatar_core.models.openai import OpenAIModel
from avatar_core.settings import Settings
from avatar_core.types import Painting, PaintRequest, Size, Usage
from tests.contract_server import Fault, ImageServer, draw_grid

PROMPT = "Nine portraits, “Zé” and a crème brûlée 🦜\n[1] Woman, 42 years old, pardo ethnicity, teacher."
REQUEST = PaintRequest(PROMPT, Size(1536, 1536), "high")

MakeSettings = Callable[..., Settings]
Paint = Callable[..., Painting]


@pytest.fixture
def paint(server_settings: MakeSettings) -> Paint:
    """Paint once with a model and settings; the tests say what the server does."""

    def run(request: PaintRequest = REQUEST, model: str = "gpt-image-2.5-flare", **more: object) -> Painting:
        return OpenAIModel(open_catalog().find(model), server_settings(**more)).paint(request)

    return run


def failure(paint: Paint, **more: object) -> errors.ModelError:
    with pytest.raises(errors.ModelError) as caught:
        paint(**more)
    return caught.value


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
        (Fault.no_image_access(), "its image limit is 0"),
        (Fault.raw(404, '{"detail":"Not Found"}', "application/json"), "usually ends in /v1"),
        (Fault.raw(502, "<html><style>p{}</style><p>Bad <b>gateway</b></p></html>"), "“Bad gateway”"),
        (Fault.raw(422, '{"detail":[{"msg":"n is wrong"}]}', "application/json"), "“n is wrong”"),
        (Fault.status(400, code="invalid_value", param="size"), "parameter “size”"),
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
        Fault.picture(draw_grid(1536, 1536)[:5000]),
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


def test_a_small_file_that_unfolds_into_a_giant_picture_is_refused(
    image_server: ImageServer, paint: Paint
) -> None:
    giant = io.BytesIO()
    Image.new("1", (9000, 9000)).save(giant, "PNG")
    image_server.script(Fault.picture(giant.getvalue()))
    assert "more than can be opened" in failure(paint).message


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


# -------------------------------------------------------------------------------------------- links


def test_a_link_to_the_picture_is_followed(image_server: ImageServer, paint: Paint) -> None:
    image_server.script(Fault.url())
    assert paint().data == draw_grid(1536, 1536)


def test_a_data_url_is_a_picture_too(image_server: ImageServer, paint: Paint) -> None:
    data = draw_grid(300, 300)
    image_server.script(Fault.item(url=f"data:image/png;base64,{base64.b64encode(data).decode()}"))
    assert paint().data == data


def test_the_key_is_sent_to_the_server_itself_and_not_where_its_link_redirects(
    image_server: ImageServer, paint: Paint
) -> None:
    elsewhere = ImageServer().start()
    try:
        target = elsewhere.serve(draw_grid(300, 300))
        link = image_server.serve(Fault.redirect(target, 302))
        image_server.script(Fault.item(url=link))
        assert paint().size == Size(300, 300)
        assert image_server.requests[-1].headers["authorization"] == f"Bearer {image_server.key}"
        assert "authorization" not in elsewhere.requests[-1].headers
    finally:
        elsewhere.stop()


def test_three_redirects_are_followed_and_a_fourth_is_not(image_server: ImageServer, paint: Paint) -> None:
    link = image_server.serve(draw_grid(300, 300))
    for _ in range(3):
        link = image_server.serve(Fault.redirect(link, 302))
    image_server.script(Fault.item(url=link), Fault.item(url=image_server.serve(Fault.redirect(link, 302))))
    assert paint().size == Size(300, 300)
    assert "redirects too often" in failure(paint).message


def test_a_download_that_breaks_once_is_asked_for_once_more(image_server: ImageServer, paint: Paint) -> None:
    broken = image_server.serve(Fault.cut_before(), "flaky.png")
    data = draw_grid(300, 300)
    threading.Timer(0.3, lambda: image_server.serve(data, "flaky.png")).start()
    image_server.files["flaky.png"] = Fault.cut_before().after(0.4)
    image_server.script(Fault.item(url=broken))
    assert paint().data == data


@pytest.mark.parametrize("fault", [Fault.raw(404, "gone"), Fault.cut_before(), Fault.cut_within()])
def test_a_download_that_fails_is_an_unusable_answer(
    image_server: ImageServer, paint: Paint, fault: Fault
) -> None:
    image_server.script(Fault.item(url=image_server.serve(fault)))
    error = failure(paint)
    assert type(error) is errors.AnswerUnusable
    assert "/files/" not in error.message


@pytest.mark.parametrize(
    "link",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.1/x.png",
        "http://192.168.1.1/x.png",
        "http://[fd00::1]/x.png",
        "http://0.0.0.0/x.png",
        "http://[::ffff:10.0.0.1]/x.png",
    ],
)
def test_a_link_into_another_private_network_is_not_followed(
    image_server: ImageServer, paint: Paint, link: str
) -> None:
    image_server.script(Fault.item(url=link))
    assert "not followed" in failure(paint).message


@pytest.mark.parametrize("link", ["http://127.0.0.1:9/x.png", "http://localhost:9/x.png", "http://[::1]:9/x"])
def test_a_public_server_cannot_point_into_this_machine(link: str) -> None:
    with pytest.raises(errors.AnswerUnusable, match="not followed"):
        downloads.Source("https://1.1.1.1/v1", "").download(link)


def test_a_download_that_is_too_large_is_stopped(image_server: ImageServer) -> None:
    link = image_server.serve(bytes(2 << 20))
    with pytest.raises(errors.AnswerUnusable, match="more than 1 MB"):
        downloads.Source(image_server.url, "", max_bytes=1 << 20).download(link)


def test_a_download_that_takes_too_long_is_stopped(image_server: ImageServer) -> None:
    link = image_server.serve(Fault(body=draw_grid(300, 300), delay=0.6))
    started = time.monotonic()
    with pytest.raises(errors.AnswerUnusable, match="ReadTimeout"):
        downloads.Source(image_server.url, "", max_seconds=0.2).download(link)
    assert time.monotonic() - started < 1


def test_a_link_is_followed_through_the_proxy_of_this_network(
    http_proxy: list[str],
) -> None:
    data = downloads.Source("https://1.1.1.1/v1", "").download("http://pictures.example/1.png")
    assert data == b"by proxy"
    assert http_proxy == ["GET http://pictures.example/1.png HTTP/1.1"]


@pytest.fixture
def http_proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A proxy that answers one request itself; gives the request lines that it saw."""
    seen: list[str] = []

    def answer() -> None:
        connection, _ = listening.accept()
        with connection:
            seen.append(connection.recv(65536).decode().splitlines()[0])
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\nConnection: close\r\n\r\nby proxy")

    with socket.create_server(("127.0.0.1", 0)) as listening:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{listening.getsockname()[1]}")
        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield seen
        thread.join(5)


# --------------------------------------------------------------------------------------------- keys


def test_openai_itself_needs_a_key() -> None:
    for url in ("https://api.openai.com/v1", "https://eu.api.openai.com/v1"):
        with pytest.raises(errors.KeyMissing):
            open_model(Settings(openai_base_url=url), "gpt-image-2.5-flare")


def test_another_server_needs_none_and_gets_a_placeholder(image_server: ImageServer) -> None:
    image_server.compatible = True
    settings = Settings(openai_base_url=image_server.url)
    painting = open_model(settings, "compatible:flux.1-schnell").paint(PaintRequest(PROMPT, Size(768, 768)))
    (request,) = image_server.requests
    assert request.headers["authorization"] == "Bearer none"
    assert request.json == {"model": "flux.1-schnell", "prompt": PROMPT, "size": "768x768", "n": 1}
    assert painting.model == "compatible:flux.1-schnell"


def test_a_host_that_only_ends_like_openai_gets_no_special_treatment() -> None:
    open_model(Settings(openai_base_url="https://notopenai.com/v1"), "gpt-image-2.5-flare")


@pytest.mark.parametrize("key", ["sk-two words", "sk-line\nbreak", "sk-clé"])
def test_a_key_that_cannot_be_sent_is_rejected_without_being_repeated(
    server_settings: MakeSettings, key: str
) -> None:
    with pytest.raises(errors.KeyRejected) as caught:
        open_model(server_settings(openai_api_key=key), "gpt-image-2.5-flare")
    assert "sk-" not in str(caught.value)


@pytest.mark.parametrize("url", ["http://", "https:///v1", "http://[::1/v1"])
def test_an_address_that_is_none_is_a_broken_setting(server_settings: MakeSettings, url: str) -> None:
    with pytest.raises(errors.SettingsBroken):
        open_model(server_settings(openai_base_url=url), "gpt-image-2.5-flare")


PLANTED = "sk-planted-0123456789abcdefXYZ"


@pytest.mark.parametrize(
    "fault",
    [
        Fault.bad_key(PLANTED),
        Fault.bad_key("sk-plant***************fXYZ"),
        Fault.bad_key("sk-planted-0123…"),
        Fault.bad_key("plan**********fXYZ"),
        Fault.raw(401, f"<html>Bearer {PLANTED}</html>"),
        Fault.raw(500, f"{'x' * 290} {PLANTED}"),
        Fault.raw(400, f'{{"detail": [{{"msg": "bad {PLANTED}"}}]}}', "application/json", x_echo=PLANTED),
        Fault.raw(200, f"not JSON {PLANTED}"),
        Fault.raw(200, f'{{"error": "{PLANTED}"}}', "application/json"),
        Fault.status(400, code="invalid_value", param=PLANTED, message="&#115;k-planted-0123456789"),
        Fault.moderated("input", PLANTED),
        Fault.cut_before(),
        Fault.slow(0),
    ],
)
def test_the_key_appears_in_no_error_and_no_log(
    image_server: ImageServer, paint: Paint, caplog: pytest.LogCaptureFixture, fault: Fault
) -> None:
    image_server.script(fault)
    image_server.key = PLANTED
    with caplog.at_level(logging.DEBUG):
        try:
            painted = repr(paint(openai_api_key=PLANTED).sent)
        except errors.ModelError as error:
            painted = "".join(traceback.format_exception(error)) + repr(error) + repr(vars(error))
            painted += repr(error.__context__) + repr(error.__cause__)
    for secret in (PLANTED, "planted", "fXYZ"):
        assert secret not in painted
        assert secret not in caplog.text


def test_a_key_of_another_kind_is_not_quoted_either(image_server: ImageServer, paint: Paint) -> None:
    key = "Zm9vYmFyLWtleS1mb3ItdGVzdHM"
    image_server.script(Fault.bad_key(key), Fault.bad_key(f"{key[:10]}…"))
    for _ in range(2):
        message = failure(paint, openai_api_key=key).message
        assert key[:8] not in message
        assert "[key]" in message


def test_a_password_in_the_address_is_not_quoted(image_server: ImageServer, paint: Paint) -> None:
    url = image_server.url.replace("http://", "http://user:hunter2secret@")
    image_server.script(Fault.status(403, message="no hunter2secret here"))
    assert "hunter2" not in failure(paint, openai_base_url=url).message


def test_the_key_is_not_in_the_model_itself(server_settings: MakeSettings) -> None:
    model = open_model(server_settings(openai_api_key=PLANTED), "gpt-image-2.5-flare")
    assert "planted" not in repr(model) + repr(vars(model))


def test_markup_of_a_server_becomes_plain_text(image_server: ImageServer, paint: Paint) -> None:
    image_server.script(
        Fault.status(400, message="![x](http://evil.example/x.png) <script>1</script> `$x$` [a](b)\x00\u202e")
    )
    message = failure(paint).message
    assert not set("<>[]`$\x00\u202e") & set(message)


def test_a_long_complaint_is_shortened(image_server: ImageServer, paint: Paint) -> None:
    image_server.script(Fault.status(400, message="blah " * 1000))
    assert len(failure(paint).message) < 500


def test_a_model_that_was_shut_down_is_not_opened(server_settings: MakeSettings) -> None:
    with pytest.raises(errors.ModelRetired, match=r"gpt-image-2\.6-flare"):
        open_model(server_settings(), "dall-e-3")


def test_a_key_from_a_file_is_used(image_server: ImageServer, paint: Paint, tmp_path: Path) -> None:
    (tmp_path / "key.txt").write_text(f"{image_server.key}\n")
    paint(openai_api_key=None, openai_api_key_file=tmp_path / "key.txt")
    assert image_server.requests[0].headers["authorization"] == f"Bearer {image_server.key}"

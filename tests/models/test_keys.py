"""The key: who needs one, where it goes, and that nothing ever repeats it."""

from __future__ import annotations

import logging
import traceback
from pathlib import Path

import pytest

from avatar_core import errors
from avatar_core.models import open_model
from avatar_core.settings import Settings
from avatar_core.types import PaintRequest, Size
from tests.contract_server import Fault, ImageServer
from tests.models.painting import PROMPT, MakeSettings, Paint, failure


def test_openai_itself_needs_a_key() -> None:
    for url in ("https://api.openai.com/v1", "https://eu.api.openai.com/v1"):
        with pytest.raises(errors.KeyMissing):
            open_model(Settings(openai_base_url=url), "gpt-image-2.5-flare")


def test_another_server_needs_none_and_gets_a_placeholder(image_server: ImageServer) -> None:
    image_server.mode = "compatible"
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
        Fault.bad_key(PLANTED[-8:]),
        Fault.status(401, message=f"The key ending in '…{PLANTED[-4:]}' is not valid."),
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


def test_a_key_from_a_file_is_used(image_server: ImageServer, paint: Paint, tmp_path: Path) -> None:
    (tmp_path / "key.txt").write_text(f"{image_server.key}\n")
    paint(openai_api_key=None, openai_api_key_file=tmp_path / "key.txt")
    assert image_server.requests[0].headers["authorization"] == f"Bearer {image_server.key}"

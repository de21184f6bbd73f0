"""A planted key, searched for: in every dialect, for paintings, edits and lists, it is in no error, log or record."""

from __future__ import annotations

import base64
import json
import logging
import traceback
from base64 import b64encode
from collections.abc import Callable, Iterator

import pytest

from avatar_core import errors
from avatar_core.models import open_editor, open_model
from avatar_core.models.answers import read_answer
from avatar_core.models.edits import make_mask
from avatar_core.models.served import served
from avatar_core.settings import Settings
from avatar_core.types import EditRequest, PaintRequest, Size
from tests.contract_server import Fault, ImageServer, draw_grid
from tests.models.painting import PROMPT

PLANTED = "Zq9-xylophone-0123456789abcdefXYZ"
MODELS = {
    "gpt-image-2.5-flare": "openai",
    "azure:faces": "azure",
    "litellm:gpt-image-2": "litellm",
    "legacy:dall-e-3": "legacy",
    "compatible:any": "compatible",
    "localai:any": "localai",
    "vllm-omni:any": "vllm-omni",
    "sglang:any": "sglang",
    "sd-cpp:any": "sd-cpp",
    "ollama:any": "ollama",
    "xai:any": "xai",
}
EDITORS = [
    name for name, mode in MODELS.items() if mode in ("openai", "azure", "litellm", "sglang", "sd-cpp")
]
SIZE = Size(1024, 1024)
FAULTS = {
    "echoed": Fault.status(401, code="401", message=f"The key {PLANTED} is wrong."),
    "echoed in part": Fault.status(403, message=f"No access for {PLANTED[:14]}…"),
    "shouted": Fault.status(400, message=f"NOT {PLANTED.upper()}!"),
    "packed": Fault.status(400, message=f"Basic {b64encode(f'user:{PLANTED}'.encode()).decode()}"),
    "on a page": Fault.raw(502, f"<html>api-key: {PLANTED} Bearer {PLANTED}</html>"),
    "in a detail": Fault.raw(422, f'{{"detail": [{{"msg": "{PLANTED}"}}]}}', "application/json"),
    "in a success": Fault.raw(200, f'{{"error": "{PLANTED}"}}', "application/json"),
    "in a picture": Fault.picture(PLANTED.encode()),
    "cut": Fault.cut_before(),
    "none": Fault(),
}  # fmt: skip


@pytest.fixture(scope="module")
def _elsewhere() -> Iterator[ImageServer]:
    server = ImageServer().start()
    yield server
    server.stop()


@pytest.fixture
def elsewhere(_elsewhere: ImageServer) -> ImageServer:
    """A server of somebody else."""
    _elsewhere.reset()
    return _elsewhere


def settings_for(server: ImageServer, name: str) -> Settings:
    """Only the key that this dialect uses is the planted one."""
    server.mode, server.key = MODELS[name], PLANTED
    if name.startswith("azure"):
        return Settings(azure_openai_endpoint=server.root, azure_openai_api_key=PLANTED)
    return Settings(openai_base_url=server.url, openai_api_key=PLANTED)


def told(action: Callable[[], object]) -> str:
    """Everything that an action leaves behind: its record, or its error with all that hangs on it."""
    try:
        return repr(action())
    except errors.ModelError as error:
        trace = "".join(traceback.format_exception(error))
        return f"{trace}{error!r}{vars(error)!r}{error.__context__!r}{error.__cause__!r}"


def shown(text: str) -> bool:
    """Whether the key can be read in a text: as it is, in other letters, or in base64."""
    return "xylophone" in text.lower() or b64encode(f"user:{PLANTED}".encode()).decode()[8:24] in text


@pytest.mark.parametrize("fault", FAULTS.values(), ids=list(FAULTS))
@pytest.mark.parametrize("name", MODELS)
def test_no_painting_in_any_dialect_repeats_the_key(
    image_server: ImageServer, caplog: pytest.LogCaptureFixture, name: str, fault: Fault
) -> None:
    model = open_model(settings_for(image_server, name), name)
    image_server.script(fault)
    with caplog.at_level(logging.DEBUG):
        left = told(lambda: model.paint(PaintRequest(PROMPT, SIZE)).sent)
    assert not shown(left + caplog.text + repr(model) + repr(vars(model)))
    (received,) = image_server.generations
    assert PLANTED in repr(received.headers)


@pytest.mark.parametrize("fault", FAULTS.values(), ids=list(FAULTS))
@pytest.mark.parametrize("name", EDITORS)
def test_no_edit_in_any_dialect_repeats_the_key(
    image_server: ImageServer, caplog: pytest.LogCaptureFixture, name: str, fault: Fault
) -> None:
    editor = open_editor(settings_for(image_server, name), name)
    image_server.script(fault)
    request = EditRequest(PROMPT, draw_grid(96, 96), make_mask(Size(96, 96), [(0, 0, 32, 32)]), SIZE)
    with caplog.at_level(logging.DEBUG):
        left = told(lambda: editor.edit(request).sent)
    assert not shown(left + caplog.text)
    (received,) = image_server.edits
    assert PLANTED in repr(received.headers)
    assert PLANTED.encode() not in received.body


def test_no_list_of_models_repeats_the_key(
    image_server: ImageServer, caplog: pytest.LogCaptureFixture
) -> None:
    settings = settings_for(image_server, "gpt-image-2.5-flare")
    image_server.listed = [{"no id": PLANTED}]
    with caplog.at_level(logging.DEBUG):
        left = told(lambda: served(settings))
    assert not shown(left + caplog.text)


@pytest.mark.parametrize("name", MODELS)
def test_a_link_shows_the_key_to_the_server_and_to_no_other(
    image_server: ImageServer, elsewhere: ImageServer, name: str
) -> None:
    model = open_model(settings_for(image_server, name), name)
    data = draw_grid(96, 96)
    image_server.script(Fault.item(url=image_server.serve(data)), Fault.item(url=elsewhere.serve(data)))
    for _ in range(2):
        model.paint(PaintRequest(PROMPT, SIZE))
    assert PLANTED in repr(image_server.requests[1].headers)
    assert PLANTED not in repr(elsewhere.requests)


@pytest.mark.parametrize("name", ["gpt-image-2.5-flare", "azure:faces"])
def test_a_server_that_sends_the_request_elsewhere_does_not_send_the_key_along(
    image_server: ImageServer, elsewhere: ImageServer, name: str
) -> None:
    model = open_model(settings_for(image_server, name), name)
    image_server.script(Fault.redirect(f"{elsewhere.root}/v1/images/generations"))
    told(lambda: model.paint(PaintRequest(PROMPT, SIZE)))
    assert elsewhere.requests
    assert PLANTED not in repr(elsewhere.requests)


def test_neither_service_gets_the_others_key(image_server: ImageServer) -> None:
    image_server.mode, image_server.key = "azure", PLANTED
    settings = Settings(
        openai_base_url=image_server.url,
        openai_api_key="sk-of-openai-123456",
        azure_openai_endpoint=image_server.root,
        azure_openai_api_key=PLANTED,
    )
    open_model(settings, "azure:faces").paint(PaintRequest(PROMPT, SIZE))
    image_server.mode, image_server.key = "openai", "sk-of-openai-123456"
    open_model(settings, "gpt-image-2").paint(PaintRequest(PROMPT, SIZE))
    azure, openai = (repr(each.headers) for each in image_server.requests)
    assert "sk-of-openai" not in azure
    assert "xylophone" not in openai


def test_a_wording_that_echoes_the_key_is_kept_without_it() -> None:
    item = {
        "b64_json": base64.b64encode(draw_grid(64, 64)).decode(),
        "revised_prompt": f"A cat. Authorization: Bearer {PLANTED}",
    }
    answer = read_answer(json.dumps({"data": [item]}).encode(), lambda _: b"", [PLANTED])
    assert answer.revised_prompt is not None
    assert answer.revised_prompt.startswith("A cat.")
    assert PLANTED not in answer.revised_prompt

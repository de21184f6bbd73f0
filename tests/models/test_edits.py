"""Changing a part of a picture: the form that goes out, what comes back, and what is refused before."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

import pytest
from PIL import Image

from avatar_core import errors
from avatar_core.models import ImageEditor, open_editor
from avatar_core.models.catalog import open_catalog
from avatar_core.models.edits import make_mask
from avatar_core.types import EditRequest, Size
from tests.contract_server import Fault, ImageServer, draw_grid
from tests.models.painting import PROMPT, MakeSettings

SIZE = Size(816, 816)
GRID = draw_grid(816, 816)
CELL = (272, 272, 544, 544)
REQUEST = EditRequest(PROMPT, GRID, make_mask(SIZE, [CELL]), SIZE, "low")

EDITORS = {
    "gpt-image-2.5-flare": "openai",
    "gpt-image-2.5-sunburst": "our own service",
    "azure:faces": "azure",
    "litellm:gpt-image-2": "litellm",
    "sglang:any": "sglang",
    "sd-cpp:any": "sd-cpp",
}


Open = Callable[[str], ImageEditor]


@pytest.fixture
def open_for(
    request: pytest.FixtureRequest, image_server: ImageServer, server_settings: MakeSettings
) -> Open:
    """Open an editor as the product opens it, before the server that it is made for."""

    def run(name: str) -> ImageEditor:
        if EDITORS[name] == "our own service":
            token = {
                "openai_base_url": request.getfixturevalue("service_url"),
                "openai_api_key": "a-service-token",
            }
            return open_editor(server_settings(**token), name)
        image_server.mode = EDITORS[name]
        azure = {"azure_openai_endpoint": image_server.root, "azure_openai_api_key": image_server.key}
        return open_editor(server_settings(**azure), name)

    return run


def test_every_dialect_that_can_change_pictures_is_tried_here() -> None:
    dialects = {facts.id for facts in open_catalog().dialects() if facts.edits}
    assert {open_catalog().find(name).dialect for name in EDITORS} == dialects


@pytest.mark.parametrize("name", EDITORS)
def test_the_masked_cell_comes_back_changed_and_the_form_holds_only_what_the_server_has(
    image_server: ImageServer, open_for: Open, name: str
) -> None:
    editor = open_for(name)
    request = REQUEST if editor.facts.qualities else replace(REQUEST, quality="")
    painting = editor.edit(request)
    with Image.open(io.BytesIO(painting.data)) as image:
        assert image.getpixel((400, 400)) == (255, 0, 255)
        assert image.getpixel((10, 10)) != (255, 0, 255)
        assert Size(*image.size) == painting.size == SIZE
    (received,) = image_server.edits
    assert received.json["prompt"].encode() == PROMPT.encode()
    assert received.files == {"image": [GRID], "mask": [REQUEST.mask]}
    assert set(received.json) == {"model", "prompt", *editor.facts.parameters, *editor.facts.fixed} - (
        set() if request.quality else {"quality"}
    )
    assert painting.model == name


def test_the_record_of_what_was_sent_names_the_pictures_by_their_hashes_and_counts_their_tokens(
    image_server: ImageServer, server_settings: MakeSettings
) -> None:
    painting = open_editor(server_settings(), "gpt-image-2.5-flare").edit(REQUEST)
    assert painting.sent["image"].startswith("sha256:")
    assert painting.sent["mask"].startswith("sha256:")
    assert painting.sent["quality"] == "low"
    assert painting.usage is not None
    assert painting.usage.input_image == 650
    assert painting.usage.input_text == len(PROMPT) // 4 + 1


def test_without_a_mask_the_whole_picture_may_change(
    image_server: ImageServer, server_settings: MakeSettings
) -> None:
    open_editor(server_settings(), "gpt-image-2").edit(replace(REQUEST, mask=b""))
    assert "mask" not in image_server.edits[0].files


def test_a_mask_serves_those_who_read_transparency_and_those_who_read_brightness() -> None:
    with Image.open(io.BytesIO(REQUEST.mask)) as mask:
        inside = [mask.getpixel(place) for place in ((272, 272), (543, 543))]
        outside = [mask.getpixel(place) for place in ((271, 400), (544, 400), (0, 0))]
    assert set(inside) == {(255, 255, 255, 0)}
    assert set(outside) == {(0, 0, 0, 255)}


def flat(size: tuple[int, int], mode: str, format: str = "PNG") -> bytes:
    file = io.BytesIO()
    Image.new(mode, size).save(file, format)
    return file.getvalue()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"mask": flat((512, 512), "RGBA")}, "The mask is 512x512 and the picture is 816x816"),
        ({"mask": flat((816, 816), "RGB")}, "The mask has no transparent part"),
        ({"mask": flat((816, 816), "RGBA", "WEBP")}, "The mask is no PNG"),
        ({"mask": b"\x89PNG no mask"}, "The mask cannot be opened"),
        ({"mask": bytes(4_000_001)}, "The mask has more than 4 MB"),
        ({"picture": b"no picture"}, "The picture cannot be opened"),
        ({"picture": bytes(50_000_001)}, "The picture has more than 50 MB"),
        ({"prompt": " "}, "The prompt is empty"),
        ({"size": Size(100, 100)}, "does not draw 100x100"),
        ({"quality": "hd"}, "no quality “hd”"),
    ],
)
def test_what_the_server_would_refuse_is_refused_before_anything_is_sent(
    image_server: ImageServer, server_settings: MakeSettings, change: dict[str, object], words: str
) -> None:
    editor = open_editor(server_settings(), "gpt-image-2.5-flare")
    with pytest.raises(errors.InputError, match=words):
        editor.edit(replace(REQUEST, **change))  # type: ignore[arg-type]
    assert not image_server.requests


@pytest.mark.parametrize(
    "name", ["demo", "compatible:x", "ollama:x", "xai:x", "localai:x", "legacy:dall-e-3"]
)
def test_a_model_that_cannot_change_pictures_says_so_before_anything_is_sent(
    server_settings: MakeSettings, name: str
) -> None:
    with pytest.raises(errors.ChoiceIllegal, match="cannot change a part"):
        open_editor(server_settings(), name)


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault.moderated("output"), errors.PromptRefused),
        (Fault.rate_limited(retry_after="2"), errors.RateLimited),
        (Fault.cut_before(), errors.AnswerLost),
        (Fault.picture(b"no picture"), errors.AnswerUnusable),
    ],
)
def test_an_edit_fails_as_a_painting_does_and_is_never_sent_twice(
    image_server: ImageServer, server_settings: MakeSettings, fault: Fault, expected: type[errors.ModelError]
) -> None:
    image_server.script(fault)
    with pytest.raises(errors.ModelError) as caught:
        open_editor(server_settings(), "gpt-image-2.5-flare").edit(REQUEST)
    assert type(caught.value) is expected
    assert len(image_server.edits) == 1

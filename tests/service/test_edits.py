"""Changing a picture through the service: OpenAI's SDK, what is kept, what is paid once, and what deletion leaves."""

from __future__ import annotations

import base64
import hashlib
import io
import json
from pathlib import Path
from typing import Any

import httpx2
import openai
import pytest
from PIL import Image

from avatar_core.allowance import Customer
from avatar_core.types import Change
from tests.contract_server import Fault, ImageServer
from tests.service.pictures import MASK, SIZE, files, picture
from tests.service.served import Served

PROMPT = "Draw the face in the middle anew: “Zé”, 42 🦜\nand nothing else"


@pytest.fixture
def sdk(service: Served) -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{service.url}/v1", api_key="a-service-token", max_retries=0)


def change(service: Served, image: bytes | None = None, key: str = "", **fields: Any) -> httpx2.Response:
    mask = fields.pop("mask", MASK)
    fields = {"prompt": PROMPT, "model": "gpt-image-2.5-flare", **fields}
    headers = {"idempotency-key": key} if key else None
    return service.client.post("/v1/images/edits", data=fields, files=files(image, mask), headers=headers)


def kept(service: Served, data: bytes) -> bool:
    """Whether the service has these bytes."""
    name = hashlib.sha256(data).hexdigest()
    return (service.settings.avatar_data_dir / "blobs" / name[:2] / name).exists()


def images_of(service: Served, answer: httpx2.Response) -> list[str]:
    job = service.client.get(f"/jobs/{answer.headers['x-job-id']}").json()
    return [image["id"] for image in job["images"]]


def opened(item: Any) -> Image.Image:
    image = Image.open(io.BytesIO(base64.b64decode(item.b64_json)))
    image.load()
    return image


def test_the_sdk_changes_the_masked_part_and_the_server_behind_gets_every_byte(
    sdk: openai.OpenAI, image_server: ImageServer
) -> None:
    sent = picture(1)
    answer = sdk.images.edit(
        image=("../../me.png", sent), mask=io.BytesIO(MASK), prompt=PROMPT, model="gpt-image-2", n=2, quality="low"
    )  # fmt: skip
    assert answer.data is not None
    for item in answer.data:
        assert opened(item).size == (816, 816), "a picture keeps its size unless another is asked for"
        assert opened(item).getpixel((400, 400)) == (255, 0, 255)
        assert opened(item).getpixel((10, 10)) != (255, 0, 255)
    assert answer.usage is not None
    assert answer.usage.input_tokens_details.image_tokens == 2 * 650
    assert len(answer.data) == len(image_server.edits) == 2
    assert not image_server.generations
    for received in image_server.edits:
        assert received.files == {"image": [sent], "mask": [MASK]}
        assert received.json["prompt"] == PROMPT
        assert (received.json["size"], received.json["quality"]) == ("816x816", "low")


@pytest.mark.parametrize(("format", "opens_as"), [("jpeg", "JPEG"), ("webp", "WEBP"), ("png", "PNG")])
def test_a_list_of_one_picture_of_any_format_is_taken_and_any_format_is_given(
    sdk: openai.OpenAI, image_server: ImageServer, format: Any, opens_as: str
) -> None:
    sent = picture(2, format=opens_as)
    answer = sdk.images.edit(
        image=[io.BytesIO(sent)], prompt=PROMPT, model="gpt-image-2", size="1024x1536", output_format=format,
        stream=False, background="auto", user="me",
    )  # fmt: skip
    (item,) = answer.data or ()
    assert (opened(item).format, opened(item).size) == (opens_as, (1024, 1536))
    assert image_server.edits[0].files == {"image": [sent]}


def test_the_old_names_are_answered_with_a_link_in_the_size_that_they_have(
    sdk: openai.OpenAI, service: Served, image_server: ImageServer
) -> None:
    (item,) = sdk.images.edit(image=picture(3), prompt="A kite", model="dall-e-2", size="256x256").data or ()
    with Image.open(io.BytesIO(service.client.get(item.url or "").content)) as image:
        assert image.size == (256, 256)
    assert image_server.edits[0].json["model"] == "gpt-image-2.5-flare"
    assert change(service, model="dall-e-3").status_code == 200


def test_the_metadata_and_the_log_name_the_pictures_by_their_hashes_and_never_hold_them(
    service: Served,
) -> None:
    sent = picture(4)
    answer = change(service, sent)
    assert answer.status_code == 200, answer.text
    job = answer.headers["x-job-id"]
    told = json.loads((service.folder / job / "metadata.json").read_text(encoding="utf-8"))
    hashes = {
        "picture_sha256": hashlib.sha256(sent).hexdigest(),
        "mask_sha256": hashlib.sha256(MASK).hexdigest(),
    }
    assert told["changed"] == {**hashes, "size": "816x816"}
    line = json.loads(service.audit().splitlines()[-1])
    assert line["path"] == "/v1/images/edits"
    assert {name: line[name] for name in hashes} == hashes
    assert line["usd"] > 0
    assert PROMPT not in service.audit()
    assert len(service.audit().splitlines()[-1]) < 1500


def test_the_same_key_and_form_give_the_same_job_paid_once_and_another_picture_or_mask_is_refused(
    service: Served, image_server: ImageServer
) -> None:
    first, again = (change(service, picture(5), key="edit-once") for _ in range(2))
    assert first.status_code == again.status_code == 200
    assert first.headers["x-job-id"] == again.headers["x-job-id"]
    assert first.json()["data"] == again.json()["data"]
    other = picture(6)
    for answer in (
        change(service, other, key="edit-once"),
        change(service, picture(5), key="edit-once", mask=None),
        change(service, picture(5), key="edit-once", prompt="Another"),
    ):
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "idempotency_key_reused")
    assert not kept(service, other)
    assert len(image_server.edits) == 1


def test_what_failed_without_a_bill_is_taken_up_again_and_what_may_have_been_billed_is_not(
    service: Served, image_server: ImageServer
) -> None:
    image_server.script(Fault.bad_key("sk-x"))
    assert change(service, picture(7), key="mend-edit").status_code == 500
    assert change(service, picture(7), key="mend-edit").status_code == 200
    assert len(image_server.edits) == 2
    image_server.script(Fault.cut_before())
    for _ in range(2):
        lost = change(service, picture(8), key="lost-edit")
        assert (lost.status_code, lost.json()["error"]["code"]) == (504, "answer_lost")
    assert len(image_server.edits) == 3


def test_deleting_the_last_image_deletes_the_picture_and_the_mask_that_it_was_made_from(
    service: Served,
) -> None:
    sent = picture(9)
    mask = MASK + b"its own"  # what follows a PNG's end is not looked at
    answer = change(service, sent, n=2, mask=mask)
    first, second = images_of(service, answer)
    assert service.client.delete(f"/images/{first}").status_code == 200
    assert kept(service, sent)
    assert service.client.delete(f"/images/{second}").status_code == 200
    assert not kept(service, sent)
    assert not kept(service, mask)
    assert service.client.delete(f"/images/{second}").status_code == 404
    order = service.pictures.find(answer.headers["x-job-id"], Customer())
    assert (order.wish.prompt, order.wish.change) == ("", Change("", "", SIZE))


def test_a_picture_stays_as_long_as_anything_else_is_made_from_it(service: Served) -> None:
    sent = picture(10)
    (one,), (other,) = (images_of(service, change(service, sent)) for _ in range(2))
    service.client.delete(f"/images/{one}")
    assert kept(service, sent)
    service.client.delete(f"/images/{other}")
    assert not kept(service, sent)


def test_a_picture_that_was_drawn_here_stays_while_a_change_of_it_is_here(service: Served) -> None:
    drawn = service.generate(size="1024x1024", model="gpt-image-2.5-flare").json()["images"][0]["url"]
    sent = service.client.get(drawn).content
    assert kept(service, sent), "the picture is handed out as it arrived"
    (changed,) = images_of(service, change(service, sent, mask=None))
    for each in service.client.get("/images?limit=200").json()["images"]:
        if each["id"] != changed:
            service.client.delete(each["url"])
    assert kept(service, sent)
    service.client.delete(f"/images/{changed}")
    assert not kept(service, sent)


def test_openai_sees_the_same_through_the_service_as_without_it(
    sdk: openai.OpenAI, image_server: ImageServer
) -> None:
    image_server.script(Fault.moderated())
    with pytest.raises(openai.BadRequestError) as refused:
        sdk.images.edit(image=picture(11), prompt="A kite", model="gpt-image-2")
    assert refused.value.code == "moderation_blocked"


def test_no_file_that_was_sent_is_left_in_the_folder_for_temporary_ones(
    service: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    large = picture(12) + bytes(3_000_000)
    assert change(service, large).status_code == 200
    assert not [file for file in tmp_path.rglob("*") if file.is_file()]

"""The contract that scripts of DALL·E's time rely on: fields, codes, messages and files, word for word."""

from __future__ import annotations

import hashlib
import io
import json
import re
import uuid
from datetime import datetime
from pathlib import Path

import pytest
from PIL import Image

from tests.contract_server import Fault, ImageServer
from tests.service.served import Served

SIZES = {
    "dall-e-3": ("1024x1024", "1024x1792", "1792x1024"),
    "dall-e-2": ("256x256", "512x512", "1024x1024"),
}


def failed(message: str, code: str = "VALIDATION_ERROR") -> dict[str, str]:
    return {"error": message, "status": "failed", "code": code}


def one_of(name: str, model: str, *choices: str) -> str:
    return f"Invalid {name} for model {model}. Must be one of: {', '.join(choices)}"


def folder_of(service: Served, job: str) -> Path:
    return service.folder / job


def test_health_says_whether_a_key_is_there_and_what_time_it_is(service: Served) -> None:
    answer = service.client.get("/health")
    assert answer.status_code == 200
    told = answer.json()
    assert list(told) == ["status", "api_key_configured", "timestamp"]
    assert (told["status"], told["api_key_configured"]) == ("healthy", True)
    assert datetime.fromisoformat(told["timestamp"]).tzinfo is not None


def test_an_order_brings_a_picture_that_is_found_deleted_and_then_gone(
    service: Served, image_server: ImageServer
) -> None:
    answer = service.generate("A red kite over dunes")
    assert answer.status_code == 200
    told = answer.json()
    assert list(told) == ["job_id", "status", "images"]
    assert told["status"] == "completed"
    (image,) = told["images"]
    assert str(uuid.UUID(told["job_id"])) == told["job_id"]
    assert image == {
        "id": str(uuid.UUID(image["id"])),
        "url": f"/images/{image['id']}",
        "prompt": "A red kite over dunes",
        "model": "dall-e-3",
        "size": "1024x1024",
    }

    picture = service.client.get(image["url"])
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/png")
    with Image.open(io.BytesIO(picture.content)) as opened:
        assert (opened.format, opened.size) == ("PNG", (1024, 1024))

    folder = folder_of(service, told["job_id"])
    assert {file.name for file in folder.iterdir()} == {f"001-{image['id']}.png", "metadata.json"}
    assert (folder / f"001-{image['id']}.png").read_bytes() == picture.content

    assert service.client.delete(image["url"]).json() == {
        "status": "success",
        "message": f"Image {image['id']} deleted",
    }
    for again in (service.client.delete(image["url"]), service.client.get(image["url"])):
        assert (again.status_code, again.json()["code"]) == (404, "IMAGE_NOT_FOUND")
    assert not folder.exists()
    blob = hashlib.sha256(picture.content).hexdigest()
    assert not list((service.settings.avatar_data_dir / "blobs").rglob(blob))
    assert len(image_server.generations) == 1


def test_the_metadata_say_what_was_asked_for_and_what_really_drew_it(
    service: Served, image_server: ImageServer
) -> None:
    told = service.generate("A kite", model="dall-e-2", size="256x256").json()
    metadata = json.loads((folder_of(service, told["job_id"]) / "metadata.json").read_text("utf-8"))
    (request,) = image_server.generations
    assert metadata["model"] == "dall-e-2"
    assert metadata["served_by"] == request.json["model"] == "gpt-image-2.5-flare"
    assert metadata["drawn_size"] == request.json["size"] == "816x816"
    assert metadata["sent"] == request.json["prompt"] == "A kite"
    (image,) = metadata["images"]
    assert image["served_by"] == "gpt-image-2.5-flare"
    assert (image["id"], image["size"]) == (told["images"][0]["id"], "256x256")


@pytest.mark.parametrize(("model", "size"), [(model, size) for model in SIZES for size in SIZES[model]])
def test_each_size_of_the_table_comes_out_exactly(service: Served, model: str, size: str) -> None:
    (image,) = service.generate(model=model, size=size).json()["images"]
    assert image["size"] == size
    with Image.open(io.BytesIO(service.client.get(image["url"]).content)) as opened:
        assert "{}x{}".format(*opened.size) == size


def test_quality_and_style_become_a_quality_and_words_of_the_model_that_draws(
    service: Served, image_server: ImageServer
) -> None:
    for fields in ({}, {"quality": "hd", "style": "natural"}):
        assert service.generate("A kite", **fields).status_code == 200
    usual, other = (request.json for request in image_server.generations)
    assert (usual["quality"], other["quality"]) == ("medium", "high")
    assert re.match(r"A kite\n\nStyle: vivid", usual["prompt"])
    assert re.match(r"A kite\n\nStyle: natural", other["prompt"])


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"size": "256x256"}, one_of("size", "dall-e-3", *SIZES["dall-e-3"])),
        ({"size": "huge"}, one_of("size", "dall-e-3", *SIZES["dall-e-3"])),
        ({"model": "dall-e-2", "size": "1792x1024"}, one_of("size", "dall-e-2", *SIZES["dall-e-2"])),
        ({"quality": "ultra"}, one_of("quality", "dall-e-3", "standard", "hd")),
        ({"style": "drab"}, one_of("style", "dall-e-3", "vivid", "natural")),
        ({"model": "dall-e-2", "quality": "hd"}, "Quality is not supported for model dall-e-2"),
        ({"model": "dall-e-2", "style": "vivid"}, "Style is not supported for model dall-e-2"),
        ({"count": 0}, "Invalid count. Must be between 1 and 10"),
        ({"count": 11}, "Invalid count. Must be between 1 and 10"),
        ({"count": True}, "Invalid count. Must be an integer"),
        ({"count": "2"}, "Invalid count. Must be an integer"),
        ({"count": 1.0}, "Invalid count. Must be an integer"),
        ({"prompt": 5}, "Invalid prompt. Must be a string"),
        ({"prompt": None}, "Invalid prompt. Must be a string"),
        ({"prompt": ""}, "Invalid prompt. Must not be empty"),
        ({"prompt": " \n"}, "Invalid prompt. Must not be empty"),
        ({"prompt": "x" * 4001}, "Invalid prompt for model dall-e-3. Must have at most 4000 characters"),
        ({"prompt": "x" * 99_999}, "Invalid prompt. Must have at most 32000 characters"),
        ({"model": "dall-e-2", "prompt": "x" * 1001}, "Invalid prompt for model dall-e-2. Must have at most 1000 characters"),
        ({"size": None}, "Invalid size. Must be a string"),
        ({"model": ["dall-e-3"]}, "Invalid model. Must be a string"),
        ({"n": 1}, "Unknown field n"),
        ({"model": "gpt-image-2", "style": "vivid"}, "Style is not supported for model gpt-image-2"),
    ],
)  # fmt: skip
def test_what_the_table_does_not_have_is_refused_with_the_field_named(
    service: Served, image_server: ImageServer, fields: dict[str, object], message: str
) -> None:
    answer = service.client.post("/generate", json={"prompt": "A kite", **fields})
    assert (answer.status_code, answer.json()) == (400, failed(message))
    assert not image_server.requests


def test_a_prompt_is_required_and_an_unknown_model_is_answered_with_those_there_are(service: Served) -> None:
    assert service.client.post("/generate", json={}).json() == failed("Invalid prompt. It is required")
    told = service.generate(model="dall-e-4").json()
    assert told["code"] == "VALIDATION_ERROR"
    assert told["error"].startswith("Invalid model. Must be one of: dall-e-3, dall-e-2, demo, gpt-image-")


def test_todays_models_are_ordered_by_their_own_names_sizes_and_qualities(
    service: Served, image_server: ImageServer
) -> None:
    answer = service.generate(model="gpt-image-2.6-flare", size="1536x1024", quality="low").json()
    assert answer["images"][0]["size"] == "1536x1024"
    (request,) = image_server.generations
    assert (request.json["model"], request.json["size"], request.json["quality"]) == (
        "gpt-image-2.6-flare",
        "1536x1024",
        "low",
    )
    assert service.generate(model="gpt-image-2.6-flare", size="100x100").status_code == 400
    assert service.generate(model="gpt-image-2.6-flare", quality="hd").status_code == 400
    assert service.generate(model="gpt-image-1").status_code == 400


def test_several_pictures_are_drawn_at_once_and_numbered(service: Served, image_server: ImageServer) -> None:
    image_server.script(*[Fault.slow(0.5)] * 4)
    told = service.generate(count=4).json()
    assert image_server.at_once > 1
    assert len({image["id"] for image in told["images"]}) == 4
    names = sorted(file.name for file in folder_of(service, told["job_id"]).glob("*.png"))
    assert names == [f"{n:03d}-{image['id']}.png" for n, image in enumerate(told["images"], start=1)]


def test_what_was_drawn_is_kept_and_reported_when_the_rest_fails(
    service: Served, image_server: ImageServer
) -> None:
    image_server.script(Fault(), Fault.moderated(), Fault())
    answer = service.generate(count=3)
    told = answer.json()
    assert (answer.status_code, told["status"], told["code"]) == (400, "failed", "VALIDATION_ERROR")
    assert len(told["images"]) == 2
    assert all(service.client.get(image["url"]).status_code == 200 for image in told["images"])
    job = service.client.get(f"/jobs/{told['job_id']}").json()
    assert (job["status"], job["code"], len(job["images"])) == ("failed", "VALIDATION_ERROR", 2)


def test_a_busy_server_is_answered_with_how_long_to_wait_and_never_less(
    service: Served, image_server: ImageServer
) -> None:
    short = Fault.rate_limited(retry_after="0.01")
    image_server.script(short, short, Fault.rate_limited(retry_after="41.2"))
    answer = service.generate()
    assert (answer.status_code, answer.json()["code"]) == (429, "RATE_LIMIT_EXCEEDED")
    assert 41 <= int(answer.headers["retry-after"]) <= 42
    assert len(image_server.generations) == 3


@pytest.mark.parametrize(
    "fault", [Fault.failed(500), Fault.raw(200, "{}", "application/json"), Fault.cut_before()]
)
def test_a_failing_server_is_a_service_error(
    service: Served, image_server: ImageServer, fault: Fault
) -> None:
    image_server.script(*[fault] * 3)
    answer = service.generate()
    told = answer.json()
    assert (answer.status_code, told["status"], told["code"]) == (500, "failed", "SERVICE_ERROR")
    assert told["images"] == []


def test_small_pictures_are_made_from_a_large_one_and_kept_by_browsers(service: Served) -> None:
    (image,) = service.generate().json()["images"]
    whole = service.client.get(image["url"])
    assert whole.headers["etag"] == f'"{hashlib.sha256(whole.content).hexdigest()}"'
    assert "immutable" in whole.headers["cache-control"]
    small = service.client.get(image["url"], params={"size": 100})
    with Image.open(io.BytesIO(small.content)) as opened:
        assert opened.size == (100, 100)
    assert small.headers["etag"] != whole.headers["etag"]
    for answer in (whole, small):
        again = service.client.get(answer.url, headers={"if-none-match": f'W/"x", {answer.headers["etag"]}'})
        assert (again.status_code, again.content) == (304, b"")
    for side in ("63", "1025", "0", "-1", "x", "1e2", "٣٠٠"):
        assert service.client.get(image["url"], params={"size": side}).status_code == 400
    tiny = service.generate(model="dall-e-2", size="256x256").json()["images"][0]["url"]
    assert service.client.get(tiny, params={"size": 1024}).content == service.client.get(tiny).content


def test_images_are_listed_page_by_page_the_newest_first(service: Served) -> None:
    made = [service.generate().json()["images"][0]["id"] for _ in range(3)]
    first = service.client.get("/images", params={"limit": 2}).json()
    assert [image["id"] for image in first["images"]] == [made[2], made[1]]
    second = service.client.get("/images", params={"limit": 1, "cursor": first["next"]}).json()
    assert [image["id"] for image in second["images"]] == [made[0]]
    for wrong in ({"limit": "0"}, {"limit": "many"}, {"cursor": "%%%"}, {"cursor": "eA"}):
        assert service.client.get("/images", params=wrong).json()["code"] == "VALIDATION_ERROR"


def test_a_file_that_somebody_removed_is_made_again_from_the_picture(service: Served) -> None:
    told = service.generate(model="dall-e-2", size="512x512").json()
    (image,) = told["images"]
    before = service.client.get(image["url"]).content
    for file in folder_of(service, told["job_id"]).glob("*.png"):
        file.unlink()
    assert service.client.get(image["url"]).content == before

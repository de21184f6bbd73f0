"""An order whose images were deleted: its key brings no new picture, and says so."""

from __future__ import annotations

import hashlib
import json

import openai
import pytest

from tests.contract_server import ImageServer
from tests.service.pictures import files
from tests.service.served import Served


def named(key: str) -> dict[str, str]:
    return {"idempotency-key": key}


def delete_all(service: Served, job: str) -> None:
    for image in service.client.get(f"/jobs/{job}").json()["images"]:
        assert service.client.delete(image["url"]).status_code == 200


def test_the_key_of_an_order_without_images_says_that_they_were_deleted(
    service: Served, image_server: ImageServer
) -> None:
    first = service.generate(count=2, headers=named("own")).json()
    service.client.delete(first["images"][0]["url"])
    some = service.generate(count=2, headers=named("own"))
    assert (some.status_code, some.json()["images"]) == (200, first["images"][1:])
    job = service.client.get(f"/jobs/{first['job_id']}").json()
    assert (job["status"], job["deleted"], len(job["images"])) == ("completed", 1, 1)

    delete_all(service, first["job_id"])
    for _ in range(2):
        none = service.generate(count=2, headers=named("own"))
        assert none.status_code == 410
        assert none.json() == {
            "error": "This order is completed, and its images were deleted since. Nothing was drawn or paid again. "
            "To have new ones, order with a new Idempotency-Key.",
            "status": "failed",
            "code": "IMAGES_DELETED",
            "job_id": first["job_id"],
            "images": [],
        }
    job = service.client.get(f"/jobs/{first['job_id']}").json()
    assert (job["status"], job["deleted"], job["images"]) == ("completed", 2, [])
    assert job["cost_usd"] > 0
    assert len(image_server.generations) == 2
    assert service.generate("A boat", count=2, headers=named("own")).status_code == 422
    assert service.generate(count=2, headers=named("own, anew")).status_code == 200
    line = json.loads([line for line in service.audit().splitlines() if '"status": 410' in line][-1])
    assert "prompt_sha256" not in line
    assert hashlib.sha256(b"").hexdigest() not in service.audit()


def test_so_it_is_in_openais_dialect_and_its_sdk_asks_once(
    service: Served, image_server: ImageServer
) -> None:
    sdk = openai.OpenAI(base_url=f"{service.url}/v1", api_key="x")
    ask = sdk.images.with_raw_response.generate
    first = ask(prompt="A kite", model="gpt-image-2", extra_headers=named("sdk"))
    job = first.headers["x-job-id"]
    delete_all(service, job)
    with pytest.raises(openai.APIStatusError) as gone:
        ask(prompt="A kite", model="gpt-image-2", extra_headers=named("sdk"))
    assert (gone.value.status_code, gone.value.code) == (410, "images_deleted")
    assert "were deleted since" in gone.value.message
    assert gone.value.response.json()["job_id"] == gone.value.response.headers["x-job-id"] == job
    assert len(image_server.generations) == 1
    asked = [line for line in service.audit().splitlines() if '"status": 410' in line and job in line]
    assert len(asked) == 1


def test_so_it_is_with_a_change_of_a_picture(service: Served, image_server: ImageServer) -> None:
    def change() -> tuple[int, str]:
        form = {"prompt": "A hat", "model": "gpt-image-2"}
        answer = service.client.post("/v1/images/edits", data=form, files=files(), headers=named("changed"))
        return answer.status_code, answer.headers["x-job-id"]

    status, job = change()
    assert status == 200
    delete_all(service, job)
    assert change() == (410, job)
    assert len(image_server.requests) == 1

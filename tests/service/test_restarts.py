"""A service that is killed: what was ordered is finished by the next, and nothing that arrived is paid again."""

from __future__ import annotations

import json
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest

from tests.contract_server import KEY, Fault, ImageServer
from tests.jobs.running import soon
from tests.service.pictures import MASK, files, picture
from tests.service.served import Process

ONCE = {"idempotency-key": "through-thick-and-thin"}


def generate(service: Process, seconds: float = 60) -> httpx2.Response:
    order = {"prompt": "A kite"}
    return httpx2.post(f"{service.url}/generate", json=order, headers=ONCE, timeout=seconds)


@pytest.mark.timeout(240)
def test_killed_between_the_servers_answer_and_ours_the_next_finishes_the_order_without_asking_again(
    image_server: ImageServer, tmp_path: Path, database_url: str
) -> None:
    """The kill falls as soon as the picture's bytes are kept; the order's answer has not been sent."""
    first = Process(image_server, tmp_path, AVATAR_DATABASE_URL=database_url)
    try:
        with pytest.raises(httpx2.TransportError):
            generate(first, 0.001)  # it is ordered, or will be below: under one key it is the same order
        soon(lambda: list((tmp_path / "blobs" / "inbox").glob("*")) or _images(tmp_path), 30)
        first.end(signal.SIGKILL)
    finally:
        first.process.kill()
    assert len(image_server.generations) == 1
    second = Process(image_server, tmp_path, AVATAR_DATABASE_URL=database_url)
    try:
        answer = generate(second)
        assert answer.status_code == 200
        (image,) = answer.json()["images"]
        assert httpx2.get(f"{second.url}{image['url']}").status_code == 200
        assert generate(second).json() == answer.json()
        assert len(image_server.generations) == 1
    finally:
        second.process.kill()
        second.process.communicate()


@pytest.mark.timeout(240)
def test_killed_while_the_provider_draws_the_order_ends_as_perhaps_billed_and_is_not_sent_again(
    image_server: ImageServer, tmp_path: Path
) -> None:
    image_server.script(Fault.slow(30))
    first = Process(image_server, tmp_path)
    try:
        later = {**ONCE, "prefer": "respond-async"}
        ordered = httpx2.post(f"{first.url}/generate", json={"prompt": "A kite"}, headers=later)
        soon(lambda: image_server.generations, 30)
        first.end(signal.SIGKILL)
    finally:
        first.process.kill()
    second = Process(image_server, tmp_path)
    try:
        job = f"{second.url}/jobs/{ordered.json()['job_id']}"
        soon(lambda: httpx2.get(job).json()["status"] == "failed", 30)
        answer = generate(second)
        assert (answer.status_code, answer.json()["code"]) == (500, "SERVICE_ERROR")
        assert "may have been billed" in answer.json()["error"]
        assert len(image_server.generations) == 1
        anew = httpx2.post(f"{second.url}/generate", json={"prompt": "A kite"}, timeout=60)
        assert (anew.status_code, len(image_server.generations)) == (200, 2)
    finally:
        second.process.kill()
        second.process.communicate()


@pytest.mark.timeout(240)
def test_told_to_stop_it_finishes_what_is_running_and_leaves_in_order(
    image_server: ImageServer, tmp_path: Path
) -> None:
    image_server.script(Fault.slow(1.5))
    service = Process(image_server, tmp_path)
    try:
        with httpx2.Client() as client:
            later = {**ONCE, "prefer": "respond-async"}
            client.post(f"{service.url}/generate", json={"prompt": "A kite"}, headers=later)
        soon(lambda: len(image_server.generations) == 1)
        begun = time.monotonic()
        code, err = service.end(signal.SIGTERM)
        assert code in (0, -signal.SIGTERM), err
        assert time.monotonic() - begun < 30
        assert "Traceback" not in err
        assert KEY not in err
    finally:
        service.process.kill()
    assert len(_images(tmp_path)) == 1


@pytest.mark.timeout(240)
def test_killed_while_pictures_are_changed_the_next_finishes_them_from_what_was_sent(
    image_server: ImageServer, tmp_path: Path
) -> None:
    """One was refused for now and is asked for again, with the same bytes; one has come, and is not."""
    waiting, come = picture(21), picture(22)
    image_server.script(Fault.rate_limited(retry_after="3"))
    first = Process(image_server, tmp_path)
    try:
        with ThreadPoolExecutor(2) as pool:
            asked = [pool.submit(change, first, waiting, "waiting")]
            soon(lambda: len(image_server.edits) == 1, 30)
            asked.append(pool.submit(change, first, come, "come"))
            soon(lambda: list((tmp_path / "blobs" / "inbox").glob("*")) or _images(tmp_path), 30)
            first.end(signal.SIGKILL)
        assert isinstance(asked[0].exception(), httpx2.TransportError)
    finally:
        first.process.kill()
    assert len(image_server.edits) == 2
    second = Process(image_server, tmp_path)
    try:
        for sent, key in ((come, "come"), (waiting, "waiting")):
            answer = change(second, sent, key)
            assert answer.status_code == 200, answer.text
        assert [each.files["image"] for each in image_server.edits] == [[waiting], [come], [waiting]]
        assert {tuple(each.files["mask"]) for each in image_server.edits} == {(MASK,)}
        assert len(_images(tmp_path)) == 2
    finally:
        second.process.kill()
        second.process.communicate()


def change(service: Process, sent: bytes, key: str) -> httpx2.Response:
    return httpx2.post(
        f"{service.url}/v1/images/edits",
        data={"prompt": "A kite", "model": "gpt-image-2"},
        files=files(sent),
        headers={"idempotency-key": key},
        timeout=60,
    )


def _images(folder: Path) -> list[str]:
    found = folder.glob("images/*/metadata.json")
    return [image["id"] for file in found for image in json.loads(file.read_text("utf-8"))["images"]]


@pytest.mark.timeout(240)
def test_told_to_stop_it_tells_those_who_wait_too_long_where_their_pictures_will_be(
    image_server: ImageServer, tmp_path: Path
) -> None:
    image_server.script(Fault.slow(4), Fault.slow(4))
    service = Process(image_server, tmp_path, AVATAR_SERVICE_DRAIN="1")
    try:
        with ThreadPoolExecutor(2) as pool:
            asked = [pool.submit(generate, service), pool.submit(change, service, picture(23), "change")]
            soon(lambda: len(image_server.requests) == 2, 30)
            service.end(signal.SIGTERM)
            own, openai = (each.result() for each in asked)
    finally:
        service.process.kill()
    assert (own.status_code, own.json()["status"]) == (202, "running")
    assert (openai.status_code, openai.headers["x-should-retry"]) == (504, "false")
    assert openai.json()["job_id"] in openai.json()["error"]["message"]
    lines = (tmp_path / "audit" / "requests.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["outcome"] for line in lines[-2:]] == ["stopped"] * 2

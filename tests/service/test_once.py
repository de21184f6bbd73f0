"""An order under a key is made and paid once, whatever its client does; a client may also come back later."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest

from tests.contract_server import Fault, ImageServer
from tests.jobs.running import soon
from tests.service.conftest import ON_EACH_DATABASE
from tests.service.served import Served

pytestmark = ON_EACH_DATABASE

KEY = {"idempotency-key": "order-1"}


def key(name: str) -> dict[str, str]:
    return {"idempotency-key": name}


def test_the_same_key_and_order_give_the_same_job_paid_once(
    service: Served, image_server: ImageServer
) -> None:
    first, again = (service.generate(headers=key("twice")).json() for _ in range(2))
    assert first == again
    written_out = service.generate(headers=key("twice"), model="dall-e-3", quality="standard").json()
    assert written_out == first
    assert len(image_server.generations) == 1
    assert service.generate().json()["job_id"] != first["job_id"]


def test_also_while_the_first_is_still_under_way(service: Served, image_server: ImageServer) -> None:
    image_server.script(Fault.slow(1.0))
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: service.generate(headers=key("crowd")).json(), range(8)))
    assert len({answer["job_id"] for answer in answers}) == 1
    assert {answer["status"] for answer in answers} == {"completed"}
    assert len(image_server.generations) == 1


def test_the_same_key_with_another_order_is_refused(service: Served, image_server: ImageServer) -> None:
    service.generate("A kite", headers=key("other"))
    answer = service.generate("A boat", headers=key("other"))
    assert (answer.status_code, answer.json()["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")
    assert len(image_server.generations) == 1


@pytest.mark.parametrize("bad", ["", "x" * 256, "tab\there"])
def test_a_key_that_cannot_be_used_is_named(service: Served, bad: str) -> None:
    answer = service.generate(headers=key(bad))
    assert (answer.status_code, answer.json()["code"]) == (400, "VALIDATION_ERROR")
    assert "Idempotency-Key" in answer.json()["error"]


@pytest.mark.parametrize(
    "fault",
    [
        Fault.bad_key("sk-x"),
        Fault.status(400, code="invalid_value", message="No.", param="size"),
        Fault.status(404, code="model_not_found", message="No such model."),
    ],
    ids=["key", "request", "model"],
)
def test_what_failed_without_a_bill_is_taken_up_again_under_its_key(
    service: Served, image_server: ImageServer, fault: Fault, request: pytest.FixtureRequest
) -> None:
    mend = key(f"mend-{request.node.callspec.id}")
    image_server.script(Fault(), fault)
    first = service.generate(count=2, headers=mend)
    assert (first.status_code, len(first.json()["images"])) == (500, 1)
    second = service.generate(count=2, headers=mend)
    assert (second.status_code, second.json()["job_id"]) == (200, first.json()["job_id"])
    assert first.json()["images"][0] in second.json()["images"]
    assert len(image_server.generations) == 3


def test_what_may_have_been_billed_is_never_asked_for_again_by_itself(
    service: Served, image_server: ImageServer
) -> None:
    image_server.script(Fault.cut_before())
    for _ in range(2):
        answer = service.generate(headers=key("lost"))
        assert (answer.status_code, answer.json()["code"]) == (500, "SERVICE_ERROR")
        assert "may have been billed" in answer.json()["error"]
    assert len(image_server.generations) == 1


def test_a_program_may_come_back_later(service: Served, image_server: ImageServer) -> None:
    image_server.script(Fault.slow(0.5))
    answer = service.generate(headers={"prefer": "respond-async"})
    told = answer.json()
    assert (answer.status_code, told["status"], told["images"]) == (202, "running", [])
    where = answer.headers["location"]
    assert where == f"/jobs/{told['job_id']}"
    assert service.client.get(where).json()["status"] == "running"
    soon(lambda: service.client.get(where).json()["status"] == "completed")
    job = service.client.get(where).json()
    assert job["images"][0]["served_by"] == "gpt-image-2.5-flare"
    assert job["cost_usd"] > 0


def test_a_client_that_leaves_finds_its_pictures_by_its_key(
    service: Served, image_server: ImageServer
) -> None:
    image_server.script(Fault.slow(0.8))
    with pytest.raises(httpx2.ReadTimeout):
        httpx2.post(
            f"{service.url}/generate", json={"prompt": "A red kite"}, headers=key("left"), timeout=0.3
        )
    assert service.generate(headers=key("left")).status_code == 200
    assert len(image_server.generations) == 1


def test_two_hundred_clients_that_wait_refuse_nobody_a_health_check(
    service: Served, image_server: ImageServer
) -> None:
    image_server.script(*[Fault.slow(1.5)] * 16)
    clients = 200
    statuses: list[int] = []
    limits = httpx2.Limits(max_connections=clients)

    def wait(number: int) -> None:
        response = waiting.post("/generate", json={"prompt": "A kite"}, headers=key(f"w{number % 16}"))
        statuses.append(response.status_code)

    with httpx2.Client(base_url=service.url, limits=limits, timeout=60) as waiting:
        threads = [threading.Thread(target=wait, args=(number,)) for number in range(clients)]
        for thread in threads:
            thread.start()
        soon(lambda: len(image_server.generations) == 16, 30)
        assert all(service.client.get("/health").status_code == 200 for _ in range(20))
        for thread in threads:
            thread.join()
    assert statuses == [200] * clients
    assert len(image_server.generations) == 16

"""What only the operator can mend is told the client in words that help it, and the operator in the log."""

from __future__ import annotations

import logging
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from avatar_core import errors
from image_service.answers import OPERATORS, PROBLEMS, told
from tests.contract_server import KEY, Fault, ImageServer
from tests.jobs.running import soon
from tests.service.served import Process, Served

OPERATORS_WORDS = re.compile(
    r"\b(AVATAR|OPENAI|AZURE)_|start again|provider's usage page|platform\.openai|the log\b|data folder|backup"
)


def family(kind: type[errors.AvatarError] = errors.AvatarError) -> Iterator[type[errors.AvatarError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from family(child)


@pytest.mark.parametrize("kind", sorted(set(family()), key=lambda kind: kind.__name__))
def test_no_error_tells_a_client_what_only_the_operator_can_do(
    kind: type[errors.AvatarError], caplog: pytest.LogCaptureFixture
) -> None:
    answer = told(kind(), ())
    assert not OPERATORS_WORDS.search(answer.message)
    assert answer.message
    kept = OPERATORS_WORDS.search(kind().message)
    assert not kept or [record.getMessage() for record in caplog.records] == [
        f"{kind.__name__}: {kind().message}"
    ]
    assert answer.problem == next(problem for each, problem in PROBLEMS if issubclass(kind, each))


def test_what_a_kind_is_told_stands_before_what_its_family_is_told() -> None:
    kinds = [kind for kind, _ in OPERATORS]
    for place, kind in enumerate(kinds):
        assert not any(issubclass(kind, earlier) for earlier in kinds[:place]), kind


def test_what_the_client_itself_can_mend_stays_in_its_own_words(caplog: pytest.LogCaptureFixture) -> None:
    for error in (
        errors.BudgetSpent("The budget of this token has $0.10 left for today. Order less."),
        errors.RequestRejected("The server rejected the request because of the parameter “size”."),
        errors.PromptRefused("The provider's safety system refused the prompt. Change the words."),
        errors.WishIllegal("Invalid size for model dall-e-3. Must be one of: 1024x1024", "size"),
        errors.ImageUnknown(),
        errors.OrderUnknown(),
        errors.OrdersTooMany(),
    ):
        assert told(error, ()).message == error.message
    assert not caplog.records
    budget = errors.BudgetSpent("The daily budget of $1.00 leaves no room. Raise AVATAR_DAILY_BUDGET.")
    assert "$1.00" not in told(budget, ()).message
    wrong = errors.RequestRejected(
        "The server has no images API. Check OPENAI_BASE_URL, then generate again."
    )
    assert "OPENAI_BASE_URL" not in told(wrong, ()).message
    assert [record.getMessage() for record in caplog.records] == [
        f"BudgetSpent: {budget.message}",
        f"RequestRejected: {wrong.message}",
    ]


@pytest.mark.parametrize(
    ("fault", "status", "code", "says", "logged"),
    [
        (Fault.bad_key(KEY), 500, "SERVICE_ERROR", "refused its key", "KeyRejected"),
        (Fault.no_credit(), 500, "SERVICE_ERROR", "no credit left", "NoCredit"),
        (Fault.cut_before(), 500, "SERVICE_ERROR", "may have been billed", "AnswerLost"),
    ],
)
def test_an_order_that_fails_is_explained_to_both(
    service: Served,
    image_server: ImageServer,
    caplog: pytest.LogCaptureFixture,
    fault: Fault,
    status: int,
    code: str,
    says: str,
    logged: str,
) -> None:
    image_server.script(fault, fault)
    own = service.generate()
    assert (own.status_code, own.json()["code"]) == (status, code)
    openai = service.client.post("/v1/images/generations", json={"prompt": "A kite"})
    messages = [own.json()["error"], openai.json()["error"]["message"]]
    for message in messages:
        assert says in message
        assert not OPERATORS_WORDS.search(message)
    lines = [record.getMessage() for record in caplog.records if record.name == "image_service.answers"]
    jobs = [own.json()["job_id"], openai.json()["job_id"]]
    assert [line.partition(": ")[0] for line in lines] == [f"{logged} of job {job}" for job in jobs]
    assert not any(KEY in line or message in line for line in lines for message in messages)
    assert all(
        record.levelno == logging.ERROR for record in caplog.records if record.name == "image_service.answers"
    )


def test_the_operator_reads_it_where_the_service_writes(tmp_path: Path, image_server: ImageServer) -> None:
    image_server.script(Fault.bad_key(KEY))
    process = Process(image_server, tmp_path / "data")
    answer = httpx2.post(f"{process.url}/generate", json={"prompt": "A kite"}, timeout=60)
    image_server.faults.clear()
    httpx2.get(f"{process.url}/images/0")
    job = answer.json()["job_id"]
    _, said = process.end(signal.SIGTERM)
    (line,) = [line for line in said.splitlines() if job in line]
    assert line.startswith(f"KeyRejected of job {job}: The server refused the API key.")
    assert "Check OPENAI_API_KEY" in line
    assert KEY not in said


def test_a_service_whose_key_file_went_away_says_no_more_than_that_it_cannot(
    image_server: ImageServer, tmp_path: Path
) -> None:
    file = tmp_path / "key.txt"
    file.write_text(KEY)
    process = Process(image_server, tmp_path / "data", OPENAI_API_KEY="", OPENAI_API_KEY_FILE=str(file))
    file.unlink()
    for path, read in (
        ("/generate", lambda told: told["error"]),
        ("/v1/images/generations", lambda told: told["error"]["message"]),
    ):
        answer = httpx2.post(f"{process.url}{path}", json={"prompt": "A kite"}, timeout=60)
        assert answer.status_code == 500
        assert "one of its settings is wrong" in read(answer.json())
    soon(lambda: httpx2.get(f"{process.url}/health").json()["status"] == "unhealthy")
    _, said = process.end(signal.SIGTERM)
    assert said.count("OPENAI_API_KEY_FILE cannot be read") == 2
    assert "Traceback" not in said

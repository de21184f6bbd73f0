"""Tokens: who may do what, how often and for how much; and a service that nobody guards does not open its door."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from avatar_core.errors import InputError, SettingsBroken
from avatar_core.settings import Settings
from image_service.commands import ANYONE, check_open_door, main
from image_service.tokens import Token, Tokens, hash_of, make_secret
from tests.contract_server import Fault, ImageServer
from tests.jobs.running import soon
from tests.service.conftest import Serve
from tests.service.served import Served

ROOT = Path(__file__).parents[2]


def bearer(secret: str) -> dict[str, str]:
    return {"authorization": f"Bearer {secret}"}


@pytest.fixture
def tokens(tmp_path: Path) -> Tokens:
    return Tokens(tmp_path / "tokens.json")


def make(tokens: Tokens, name: str, *scopes: str, **more: object) -> str:
    secret = make_secret()
    tokens.create(Token(name, hash_of(secret), scopes or ("generate", "read", "delete"), **more))  # type: ignore[arg-type]
    return secret


def test_a_token_is_kept_as_a_hash_for_its_owner_alone(tokens: Tokens) -> None:
    secret = make(tokens, "one")
    assert secret not in tokens.file.read_text()
    assert stat.S_IMODE(tokens.file.stat().st_mode) == 0o600
    assert len({make_secret() for _ in range(100)}) == 100
    assert tokens.find(secret) is not None
    for wrong in ("", secret[:-1], secret + "x", secret.upper(), "é", "\ud800"):
        assert tokens.find(wrong) is None


def test_a_name_is_taken_once_and_a_scope_is_one_of_those_there_are(tokens: Tokens) -> None:
    make(tokens, "one")
    for name, scopes in (("one", ("read",)), ("../x", ("read",)), ("", ("read",)), ("two", ("all",))):
        with pytest.raises(InputError):
            make(tokens, name, *scopes)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"tokens": [{}]}', '{"tokens": [{"name": "x", "sha256": "1", "scopes": []}]}'])  # fmt: skip
def test_a_broken_file_lets_nobody_in(tokens: Tokens, text: str) -> None:
    tokens.file.write_text(text)
    with pytest.raises(SettingsBroken, match="AVATAR_SERVICE_TOKENS_FILE"):
        tokens.find("x")


def test_without_a_good_token_nothing_is_told_or_ordered(
    serve: Serve, tokens: Tokens, image_server: ImageServer
) -> None:
    made, reading = make(tokens, "maker"), make(tokens, "reader", "read")
    expired = make(tokens, "old", expires="2020-01-01T00:00:00+00:00")
    service = serve(avatar_service_tokens_file=tokens.file)
    assert service.client.get("/health").status_code == 200
    for headers in ({}, bearer("x"), {"authorization": "Bearer"}, bearer(expired), {"authorization": made}, {"authorization": f"Basic {made}"}):  # fmt: skip
        for method, path in (("POST", "/generate"), ("GET", "/images"), ("GET", "/v1/models"), ("DELETE", "/images/0"), ("GET", "/jobs/0"), ("POST", "/v1/images/generations")):  # fmt: skip
            answer = service.client.request(method, path, headers=headers)
            assert answer.status_code == 401, (path, headers)
            assert answer.headers["www-authenticate"] == "Bearer"
    assert service.generate(headers=bearer(reading)).status_code == 403
    assert not image_server.requests
    url = service.generate(headers=bearer(made)).json()["images"][0]["url"]
    assert service.client.get(url, headers=bearer(made)).status_code == 200
    assert '"token": "maker"' in service.audit()
    assert made not in service.audit()

    # What one ordered is hidden from others, but from those who may see everything.
    assert service.client.get(url, headers=bearer(reading)).status_code == 404
    assert service.client.get("/images", headers=bearer(reading)).json()["images"] == []
    everything = make(tokens, "chief", "read", "admin")
    assert service.client.get(url, headers=bearer(everything)).status_code == 200
    assert len(service.client.get("/images", headers=bearer(everything)).json()["images"]) == 1

    # A revocation and a new secret hold at once.
    fresh = tokens.rotate("maker")
    assert service.client.get(url, headers=bearer(made)).status_code == 401
    assert service.client.get(url, headers=bearer(fresh)).status_code == 200
    tokens.revoke("maker")
    assert service.client.get(url, headers=bearer(fresh)).status_code == 401


def test_a_file_of_tokens_that_goes_away_opens_no_door(serve: Serve, tokens: Tokens) -> None:
    secret = make(tokens, "one")
    service = serve(avatar_service_tokens_file=tokens.file)
    assert service.client.get("/images", headers=bearer(secret)).status_code == 200
    tokens.file.unlink()
    for headers in ({}, bearer(secret)):
        assert service.client.get("/images", headers=headers).status_code == 401


def test_a_token_has_its_rate_and_its_budget(serve: Serve, tokens: Tokens, image_server: ImageServer) -> None:
    hasty, poor = make(tokens, "hasty", per_minute=2), make(tokens, "poor", usd_per_day=0.05)
    service = serve(avatar_service_tokens_file=tokens.file)
    answers = [service.generate(headers=bearer(hasty)) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 1 <= int(answers[2].headers["retry-after"]) <= 60

    ordered = len(image_server.generations)
    statuses = [service.generate(quality="hd", headers=bearer(poor)).status_code for _ in range(4)]
    assert statuses[-1] == 429
    assert len(image_server.generations) - ordered == statuses.count(200)
    told = service.generate(quality="hd", headers=bearer(poor)).json()
    assert (told["code"], "budget" in told["error"]) == ("RATE_LIMIT_EXCEEDED", True)


def test_more_orders_than_the_service_takes_are_asked_to_wait(
    serve: Serve, image_server: ImageServer
) -> None:
    image_server.script(*[Fault.slow(1.5)] * 2)
    service = serve(avatar_service_open_orders=2)
    later = {"prefer": "respond-async"}
    assert [service.generate(headers=later).status_code for _ in range(3)] == [202, 202, 429]
    soon(lambda: len(image_server.generations) == 2)  # none is left to be sent to the server of the next test


def test_after_the_longest_wait_the_job_is_named_and_goes_on(serve: Serve, image_server: ImageServer) -> None:
    image_server.script(*[Fault.slow(1.0)] * 2)
    service = serve(avatar_service_timeout=0.2)
    answer = service.generate()
    assert (answer.status_code, answer.json()["status"]) == (202, "running")
    late = service.client.post("/v1/images/generations", json={"prompt": "A kite"})
    assert late.status_code == 504
    assert late.headers["x-should-retry"] == "false"
    for job in (answer.json()["job_id"], late.headers["x-job-id"]):
        soon(lambda: service.client.get(f"/jobs/{job}").json()["status"] == "completed")  # noqa: B023
    assert len(image_server.generations) == 2


def test_without_a_key_it_is_unhealthy_and_draws_nothing_unless_the_demo_model_is_chosen(
    serve: Serve,
) -> None:
    keyless = {"openai_api_key": None, "openai_base_url": "https://api.openai.com/v1"}
    service = serve(**keyless)
    told = service.client.get("/health").json()
    assert (told["status"], told["api_key_configured"]) == ("unhealthy", False)
    for fields in ({}, {"model": "demo"}, {"model": "gpt-image-2"}):
        answer = service.generate(**fields)
        assert (answer.status_code, answer.json()["code"]) == (500, "SERVICE_ERROR")
    service.stop()
    demo = serve(**keyless, avatar_model="demo")
    assert demo.client.get("/health").json()["status"] == "healthy"
    one, other = (
        demo.generate("[1] Woman, 42 years old, pardo ethnicity, teacher.", model="dall-e-2").json()
        for _ in range(2)
    )
    assert one["status"] == other["status"] == "completed"
    files = [demo.client.get(each["images"][0]["url"]).content for each in (one, other)]
    assert files[0] != files[1]


@pytest.mark.parametrize(
    ("host", "tokens", "words", "opens"),
    [
        ("127.0.0.1", False, None, True),
        ("localhost", False, None, True),
        ("::1", False, None, True),
        ("0.0.0.0", False, None, False),
        ("192.0.2.7", False, "yes", False),
        ("example.org", False, None, False),
        ("0.0.0.0", True, None, True),
        ("0.0.0.0", False, ANYONE, True),
    ],
)
def test_without_tokens_it_opens_for_this_machine_only(
    host: str, tokens: bool, words: str | None, opens: bool
) -> None:
    settings = Settings(_env_file=None, avatar_service_without_tokens=words)
    if opens:
        check_open_door(settings, host, has_tokens=tokens)
    else:
        with pytest.raises(SettingsBroken, match="tokens create"):
            check_open_door(settings, host, has_tokens=tokens)


def test_the_program_refuses_to_start_for_everybody(tmp_path: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-m", "image_service", "--host", "0.0.0.0", "--port", "0"],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "AVATAR_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (said.returncode, said.stdout) == (2, "")
    assert "There is no access token" in said.stderr
    assert "Traceback" not in said.stderr


def test_tokens_are_looked_after_from_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "kept" / "tokens.json"
    monkeypatch.setenv("AVATAR_SERVICE_TOKENS_FILE", str(file))

    def run(*arguments: str, ends: int = 0) -> str:
        result = CliRunner().invoke(main, ["tokens", *arguments])
        assert result.exit_code == ends, result.output
        return result.output.strip()

    secret = run("create", "notebook", "--scope", "generate", "--per-minute", "5", "--usd-per-day", "2.5")
    assert Tokens(file).find(secret) is not None
    listed = run("list")
    assert "notebook  generate  5 orders a minute  $2.5 a day" in listed
    assert secret not in listed
    assert hash_of(secret) not in run("list", "--json")
    fresh = run("rotate", "notebook")
    assert Tokens(file).find(secret) is None
    run("revoke", "notebook")
    assert Tokens(file).find(fresh) is None
    assert "revoked" in run("list")
    assert "There is no token called nobody" in run("revoke", "nobody", ends=2)
    assert "already" in run("create", "notebook", ends=2)


def test_a_service_that_stops_frees_its_engine(serve: Serve, tmp_path: Path) -> None:
    make_one: Callable[[], Served] = lambda: serve(avatar_data_dir=tmp_path / "again")  # noqa: E731
    for _ in range(2):
        served = make_one()
        assert served.generate().status_code == 200
        served.stop()

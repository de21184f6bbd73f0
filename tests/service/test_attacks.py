"""Attacks: each is refused in our own words, and nothing is touched, ordered or given away."""

from __future__ import annotations

import json
import socket
import uuid
from typing import Any

import pytest

from tests.contract_server import KEY, Fault, ImageServer
from tests.service.served import Served


def raw(service: Served, request: bytes) -> bytes:
    """What the service answers to bytes of our own, until it closes."""
    with socket.create_connection(("127.0.0.1", service.port), timeout=10) as connection:
        try:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # it closed while we were still sending
        pieces = []
        while piece := connection.recv(65_536):
            pieces.append(piece)
        return b"".join(pieces)


def post(body: str | bytes, *headers: str, host: str = "localhost", path: str = "/generate") -> bytes:
    data = body.encode() if isinstance(body, str) else body
    lines = [
        f"POST {path} HTTP/1.1",
        f"Host: {host}",
        "Connection: close",
        "Content-Type: application/json",
        f"Content-Length: {len(data)}",
        *headers,
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + data


def status_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_only_a_whole_uuid_is_an_id(service: Served, method: str) -> None:
    (image,) = service.generate().json()["images"]
    known = image["id"]
    near = known[:-1] + ("0" if known[-1] != "0" else "1")
    wrong = ["0", "-", "png", "", known[:8], known[:-1], known + "0", near, known.replace("-", ""),
             f"{{{known}}}", f"urn:uuid:{known}", f"{known}.png", f"001-{known}", f"{known}%00", "%25",
             "..%2f..%2fetc%2fpasswd", f"..%2f{known}", f"%2e%2e/{known}", "*", "%", "_", known.replace("-", "_"),
             str(uuid.uuid4()), "١" * 8 + known[8:], f" {known}", f"{known}%20", f"{known}%0a"]  # fmt: skip
    for each in wrong:
        answer = service.client.request(method, f"/images/{each}")
        assert answer.status_code in (404, 405), each
        assert answer.json()["status"] == "failed"
    assert service.client.get(image["url"].upper().replace("IMAGES", "images")).status_code == 200
    assert service.client.get(image["url"]).status_code == 200


def test_a_path_with_dots_leads_nowhere(service: Served) -> None:
    for path in ("/images/../health", "/images/..%2f..%2fcatalog.sqlite", "//images", "/images//x", "/.env"):
        answer = raw(service, f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        assert status_of(answer) == 404
        assert b"SQLite" not in answer


@pytest.mark.parametrize(
    "body",
    [
        b"", b"null", b"[]", b'"x"', b"{", b"{'prompt': 'x'}", b'{"prompt": "x",}', b"\xff\xfe{\x00}\x00",
        b'{"prompt": "\xff"}', b'{"prompt": NaN}', b'{"prompt": "x", "count": 1e400}', b"[" * 200_000,
        b'{"a":' * 100_000, b'{"prompt": "x", "prompt": "y"}', b'{"prompt": "x", "count": ' + b"9" * 5000 + b"}",
        b'{"prompt": "x", "\\ud800": 1}', b'{"prompt": "half \\ud83e"}', b'{"prompt": "x\\u0000y"}',
        b'{"prompt": {"a": [[[[[[[[[1]]]]]]]]]}}', b'\xef\xbb\xbf{"prompt": "x"}',
        b'"\\' * 250_000, b'"' * 500_000, b'{"prompt": "' + b'\\"' * 250_000, b'{"pr\\u006fmpt": "x", "prompt": "y"}',
        b'{"a": "]]]]]]]]]", "b": [[[[[[[[1]]]]]]]]}', b'{"a": "\\"", "b": [[[[[[[[1]]]]]]]]}',
    ],
)  # fmt: skip
def test_a_body_that_is_no_order_is_refused(service: Served, image_server: ImageServer, body: bytes) -> None:
    answer = service.client.post("/generate", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 400
    assert answer.json()["code"] == "VALIDATION_ERROR"
    assert not image_server.requests


def test_only_json_is_taken_so_that_no_form_of_a_page_can_order(service: Served) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        answer = service.client.post("/generate", content='{"prompt": "x"}', headers={"content-type": kind})
        assert answer.status_code == 400


def test_a_body_is_bounded_while_it_comes_whatever_its_headers_say(
    service: Served, image_server: ImageServer
) -> None:
    head = b"POST /generate HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n"
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    answer = raw(service, head + b"Transfer-Encoding: chunked\r\n\r\n" + chunk * 9)
    assert status_of(answer) == 413
    assert service.generate("x" * 32_001).status_code == 400
    assert not image_server.requests


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost.evil.example", "evil.example:5000", "localhost@evil.example", "127.0.0.1.nip.io",
     "", "[::1", "localhost:x", "a b"],
)  # fmt: skip
def test_a_name_that_is_not_ours_is_refused_as_a_page_may_have_pointed_it_here(
    service: Served, image_server: ImageServer, host: str
) -> None:
    answer = raw(service, post('{"prompt": "x"}', host=host))
    assert status_of(answer) in (400, 421)
    assert not image_server.requests


def test_a_page_of_another_host_can_neither_order_nor_delete_nor_read(
    service: Served, image_server: ImageServer
) -> None:
    (image,) = service.generate().json()["images"]
    ordered = len(image_server.requests)
    for header in (
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": f"http://127.0.0.1:{service.port + 1}"},
        {"sec-fetch-site": "cross-site"},
    ):
        assert service.generate(headers=header).status_code == 403
        assert service.client.delete(image["url"], headers=header).status_code == 403
    asked_first = service.client.options(
        "/generate", headers={"origin": "https://evil.example", "access-control-request-method": "POST"}
    )
    assert asked_first.status_code in (403, 405)
    answer = service.client.get(image["url"], headers={"origin": "https://evil.example"})
    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert len(image_server.requests) == ordered
    own = {"origin": service.url}
    assert service.generate(headers=own).status_code == 200


def test_every_answer_carries_the_headers_that_keep_browsers_careful(service: Served) -> None:
    for path in ("/health", "/images", "/nothing", "/openapi.json", "/v1/models", "/images/0"):
        headers = service.client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["x-frame-options"] == "DENY"
        assert headers["cache-control"]


@pytest.mark.parametrize(
    "fault",
    [
        Fault.status(401, code="401", message=f"The key {KEY} is wrong. Authorization: Bearer {KEY}"),
        Fault.raw(502, f"<html>api-key: {KEY} Bearer {KEY}</html>"),
        Fault.raw(200, json.dumps({"error": KEY}), "application/json"),
    ],
)
def test_a_key_that_the_server_echoes_is_in_no_answer_log_or_file(
    service: Served, image_server: ImageServer, fault: Fault, capfd: pytest.CaptureFixture[str]
) -> None:
    image_server.script(*[fault] * 3)
    for path in ("/generate", "/v1/images/generations"):
        image_server.script(*[fault] * 3)
        answer = service.client.post(path, json={"prompt": "A kite"})
        assert answer.status_code >= 400
        assert KEY not in answer.text
        assert KEY not in str(answer.headers)
    image_server.faults.clear()
    said = capfd.readouterr()
    assert KEY not in said.out + said.err
    for file in service.settings.avatar_data_dir.rglob("*"):
        if file.is_file():
            assert KEY.encode() not in file.read_bytes(), file


def test_an_error_carries_no_traceback_and_no_path(service: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise RuntimeError(f"secret at {service.settings.avatar_data_dir}")

    monkeypatch.setattr(type(service.pictures), "images", fail)
    answer = service.client.get("/images")
    assert answer.status_code == 500
    assert answer.json()["code"] == "SERVICE_ERROR"
    for word in ("secret", "Traceback", "RuntimeError", str(service.settings.avatar_data_dir), ".py"):
        assert word not in answer.text


def test_the_audit_log_has_a_line_for_each_request_and_no_prompt(service: Served) -> None:
    before = len(service.audit().splitlines())
    told = service.generate("A very private kite\n\u2028and a line").json()
    service.generate(size="1x1")
    service.client.delete(told["images"][0]["url"])
    service.client.get("/images/%0a%22forged%22")
    lines = [json.loads(line) for line in service.audit().splitlines()[before:]]
    made, refused, deleted, odd = lines
    assert (made["method"], made["path"], made["status"], made["outcome"]) == ("POST", "/generate", 200, "ok")
    assert (made["job_id"], made["usd"] > 0, len(made["prompt_sha256"])) == (told["job_id"], True, 64)
    assert refused["outcome"] == "refused"
    assert deleted["images"] == [told["images"][0]["id"]]
    assert odd["path"] == '/images/\n"forged"'
    assert "private" not in service.audit()

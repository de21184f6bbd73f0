"""Requests as no honest program writes them, byte by byte: each has one meaning here, or none."""

from __future__ import annotations

import base64
import socket

import pytest

from tests.contract_server import ImageServer
from tests.service.served import Served
from tests.service.test_attacks import post, raw, status_of

ORDER = b'{"prompt": "A kite"}'


def get(path: str, *headers: str, method: str = "GET") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", "Connection: close", *headers]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"


@pytest.mark.parametrize(
    "twice",
    [
        ("Authorization: Bearer a", "Authorization: Bearer b"),
        ("Idempotency-Key: a", "Idempotency-Key: b"),
        ("Origin: http://localhost", "Origin: http://evil.example"),
        ("Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: cross-site"),
        ("Content-Type: text/plain",),  # beside the one that every order of these tests has
        ("Host: evil.example",),
        ("Content-Length: 5",),
    ],
)
def test_a_header_that_decides_stands_there_once(
    service: Served, image_server: ImageServer, twice: tuple[str, ...]
) -> None:
    assert status_of(raw(service, post(ORDER, *twice))) == 400
    assert not image_server.requests


@pytest.mark.parametrize(
    "origin",
    ["http://[", "http://]", "http://[::1", "null", "", "http://", "localhost", "http://a@localhost"],
)
def test_an_origin_that_is_none_is_another_ones(
    service: Served, image_server: ImageServer, origin: str
) -> None:
    answer = raw(service, post(ORDER, f"Origin: {origin}"))
    assert status_of(answer) == 403
    assert b"FORBIDDEN" in answer
    assert not image_server.requests


def test_a_body_with_two_ends_is_refused_and_what_follows_is_no_request(
    service: Served, image_server: ImageServer
) -> None:
    """A proxy that goes by the length would not see the second request, which nobody has let in."""
    head = "POST /generate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    inner = b"0\r\n\r\n" + get("/openapi.json")
    request = f"{head}Content-Length: {len(inner)}\r\nTransfer-Encoding: chunked\r\n\r\n".encode() + inner
    with socket.create_connection(("127.0.0.1", service.port), timeout=10) as connection:
        connection.sendall(request)
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))
    assert status_of(answer) == 400
    assert answer.count(b"HTTP/1.1") == 1
    assert not image_server.requests


def test_several_conditions_are_one_list_whichever_way_they_are_sent(service: Served) -> None:
    url = service.generate().json()["images"][0]["url"]
    tag = service.client.get(url).headers["etag"]
    many = ", ".join(['"x"'] * 5000)
    for headers in (
        [("if-none-match", '"x"'), ("if-none-match", tag)],
        [("if-none-match", f"{many}, {tag}")],
        [("if-none-match", "*")],
    ):
        assert service.client.get(url, headers=headers).status_code == 304
    for wrong in (many, ",,,", '"', tag[:-1], tag.strip('"')):
        assert service.client.get(url, headers={"if-none-match": wrong}).status_code == 200
    nobodys = "/images/00000000-0000-0000-0000-000000000000"
    assert service.client.get(nobodys, headers={"if-none-match": "*"}).status_code == 404


def test_what_a_query_says_twice_is_refused(service: Served) -> None:
    url = service.generate().json()["images"][0]["url"]
    for each in (f"{url}?size=64&size=128", "/images?limit=1&limit=2", "/images?cursor=a&cursor=b"):
        answer = service.client.get(each)
        assert (answer.status_code, "given twice" in answer.json()["error"]) == (400, True)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22T21:26:45+00:00", "2026-11-22T21:26:45+00:00 x", "2026-11-22T21:26:45+00:00 \0",
        "2026-11-22T21:26:45+00:00 ' OR 1=1", f"2026-11-22T21:26:45+00:00 {'a' * 20_000}",
        "0001-01-01T00:00:00+23:59 251fcc8d-b9d8-4d65-8c7f-e2224e4a53ec", "2026-11-22T21:26:45 251fcc8d-b9d8-4d65-8c7f-e2224e4a53ec",
        "", " ", "é",
    ],
)  # fmt: skip
def test_a_place_in_the_list_that_was_never_given_out_is_none(service: Served, text: str) -> None:
    cursor = base64.urlsafe_b64encode(text.encode()).decode()
    answer = service.client.get("/images", params={"cursor": cursor})
    assert (answer.status_code, answer.json()["code"]) == (400, "VALIDATION_ERROR")


def test_methods_that_there_are_not_are_answered_with_those_there_are(service: Served) -> None:
    url = service.generate().json()["images"][0]["url"]
    for method in ("OPTIONS", "TRACE", "PUT", "PATCH", "CONNECT", "get", "A" * 300):
        answer = raw(service, get(url, method=method))
        assert status_of(answer) == 405, method
        (allow,) = [line for line in answer.split(b"\r\n") if line.startswith(b"allow: ")]
        assert set(allow.removeprefix(b"allow: ").split(b", ")) == {b"GET", b"HEAD", b"DELETE"}
    head, whole = service.client.head(url), service.client.get(url)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == whole.headers["content-length"]


def test_parts_of_a_picture_and_other_protocols_are_not_served_and_do_no_harm(service: Served) -> None:
    url = service.generate().json()["images"][0]["url"]
    whole = service.client.get(url).content
    for part in ("bytes=0-9", "bytes=-1", "bytes=0-,0-,0-", "bytes=99999999999-", "x"):
        answer = service.client.get(url, headers={"range": part})
        assert (answer.status_code, answer.content) == (200, whole)
    upgrade = (
        "Upgrade: websocket",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version: 13",
    )
    answer = raw(
        service, get("/health", *upgrade).replace(b"Connection: close", b"Connection: Upgrade, close")
    )
    assert status_of(answer) == 200

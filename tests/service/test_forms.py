"""Forms that are none, or are meant to hurt: each is refused with the field named, and nothing is ordered or kept."""

from __future__ import annotations

import io
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image

from image_service.forms import MOST_BYTES
from tests.contract_server import ImageServer
from tests.service.pictures import MASK, Part, bomb, files, form, moving, picture
from tests.service.served import Served

PATH = "/v1/images/edits"
FIELDS = {"prompt": "Another face", "model": "gpt-image-2"}
IMAGE: Part = ('name="image"; filename="me.png"', picture())
PROMPT: Part = ('name="prompt"', b"Another face")


@pytest.fixture(autouse=True)
def _untouched(service: Served, image_server: ImageServer) -> Iterator[None]:
    """Whatever these tests send, no request is made for it and no picture kept."""
    yield
    blobs = service.settings.avatar_data_dir / "blobs"
    assert not image_server.requests
    assert not [file for file in blobs.rglob("*") if file.is_file()]


def refused(
    service: Served, body: bytes, kind: str = "multipart/form-data; boundary=x7"
) -> tuple[int, Any, str]:
    answer = service.client.post(PATH, content=body, headers={"content-type": kind})
    error = answer.json()["error"]
    assert error["type"] == "invalid_request_error"
    return answer.status_code, error["param"], error["message"]


def saved(mode: str, format: str, size: tuple[int, int] = (816, 816)) -> bytes:
    file = io.BytesIO()
    Image.new(mode, size).save(file, format)
    return file.getvalue()


@pytest.mark.parametrize(
    ("sent", "field", "words"),
    [
        (files(b"no picture"), "image", "cannot be opened"),
        (files(b""), "image", "cannot be opened"),
        (files(picture()[:500]), "image", "cannot be opened"),
        (files(moving(), None), "image", "still picture"),
        (files(bomb(), None), "image", "more than 16 million pixels"),
        (files(saved("1", "PNG", (4097, 4096)), None), "image", "more than 16 million pixels"),
        (files(saved("RGB", "GIF")), "image", "PNG, JPEG or WebP"),
        (files(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "image", "PNG, JPEG or WebP"),
        (files(mask=b""), "mask", "The mask cannot be opened"),
        (files(mask=saved("RGBA", "PNG", (1632, 1632))), "mask", "The mask is 1632x1632 and the picture is 816x816"),
        (files(mask=saved("RGB", "PNG")), "mask", "no transparent part"),
        (files(mask=saved("RGBA", "WEBP")), "mask", "no PNG"),
        (files(mask=bomb()), "mask", "The mask has more than 16 million pixels"),
        (files(mask=MASK + bytes(4_000_000)), "mask", "more than 4 MB"),
        ({"mask": ("m.png", MASK)}, "image", "It is required"),
        ([("image", ("a.png", picture())), ("image", ("b.png", picture(1)))], "image", "Only one picture"),
        ([("image[]", (f"{n}.png", picture())) for n in range(16)], "image", "Only one picture"),
        ([("image", ("a.png", picture())), ("image[]", ("b.png", picture()))], "image", "Only one picture"),
        ([("image", ("a.png", picture())), ("mask", ("m", MASK)), ("mask", ("m", MASK))], "mask", "one mask"),
        ({**files(), "markup": ("m.png", MASK)}, "markup", "Unknown field markup"),
        ({**files(), "size": ("size", b"1024x1024")}, "size", "text and no file"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_changed_is_refused_by_its_name(
    service: Served, sent: Any, field: str, words: str
) -> None:
    answer = service.client.post(PATH, data=FIELDS, files=sent)
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, field)
    assert words in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"prompt": ""}, "prompt"),
        ({"prompt": " "}, "prompt"),
        ({"prompt": "x" * 32_001}, "prompt"),
        ({"model": "gpt-9"}, "model"),
        ({"size": "17x17"}, "size"),
        ({"quality": "hd"}, "quality"),
        ({"n": "0"}, "n"),
        ({"n": "11"}, "n"),
        ({"n": "two"}, "n"),
        ({"n": "1.0"}, "n"),
        ({"n": "٣"}, "n"),
        ({"stream": "true"}, "stream"),
        ({"response_format": "gif"}, "response_format"),
        ({"output_compression": "50"}, "output_compression"),
        ({"input_fidelity": "low"}, "input_fidelity"),
        ({"style": "vivid"}, "style"),
        ({"frames": "3"}, "frames"),
        ({"": "x"}, ""),
        ({"n": ["1", "2"]}, "n"),
    ],
)
def test_a_field_that_cannot_be_had_is_named(service: Served, fields: dict[str, Any], field: str) -> None:
    answer = service.client.post(PATH, data={**FIELDS, **fields}, files=files())
    assert answer.status_code == 400
    assert (answer.json()["error"]["param"] or "") == field


def test_a_form_that_is_none_is_refused(service: Served) -> None:
    whole = form(PROMPT, IMAGE)
    for kind in (
        "application/json",
        "application/x-www-form-urlencoded",
        "multipart/mixed; boundary=x7",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=another",
        "multipart/form-data; boundary=x7; charset=utf-16",
        f"multipart/form-data; boundary={'x' * 4000}",
        "",
    ):
        assert refused(service, whole, kind)[0] == 400, kind
    for body in (
        b"",
        b"--x7--\r\n",
        b"--x7",
        whole[:-600],
        b"\r\n" * 50_000,
        b"\x00" * 1000,
        whole.replace(b"\r\n", b""),
    ):
        assert refused(service, body)[0] == 400  # fmt: skip


def test_text_that_is_no_utf8_is_refused_and_not_taken_for_something_else(service: Served) -> None:
    assert refused(service, form(('name="prompt"', b"Jos\xe9"), IMAGE))[:2] == (400, "prompt")
    assert refused(service, form(PROMPT, IMAGE, ('name="n\xe9"', b"1")))[0] == 400
    name = form(PROMPT, IMAGE, ('name="PLACE"', b"1")).replace(b"PLACE", b"n\xff")
    assert refused(service, name)[0] == 400


def test_a_thousand_parts_and_a_part_within_a_part_are_refused(service: Served) -> None:
    many = [(f'name="f{n}"', b"x") for n in range(1000)]
    assert "Too many fields" in refused(service, form(PROMPT, IMAGE, *many))[2]
    several = [(f'name="image"; filename="{n}.png"', b"x") for n in range(1000)]
    assert "Too many files" in refused(service, form(PROMPT, *several))[2]
    inner = form(PROMPT, IMAGE, boundary="inner")
    head = 'name="image"\r\nContent-Type: multipart/mixed; boundary=inner'
    assert refused(service, form(PROMPT, (head, inner)))[:2] == (400, "image")
    filed = 'name="image"; filename="x"\r\nContent-Type: multipart/mixed; boundary=inner'
    assert refused(service, form(PROMPT, (filed, inner)))[:2] == (400, "image")
    assert refused(service, form(("filename=x", b"no name"), PROMPT, IMAGE))[0] == 400
    long = 'name="prompt"\r\n' + "\r\n".join(f"X-{n}: {'y' * 400}" for n in range(50))
    assert refused(service, form((long, b"x"), IMAGE))[0] == 400
    assert "maximum size" in refused(service, form(('name="prompt"', b"x" * 200_000), IMAGE))[2]


def test_a_form_is_bounded_while_it_comes_whatever_its_headers_say(service: Served) -> None:
    head = (
        b"POST /v1/images/edits HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        b"Content-Type: multipart/form-data; boundary=x7\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    start = b'--x7\r\nContent-Disposition: form-data; name="image"; filename="me.png"\r\n\r\n'
    piece = b"100000\r\n" + bytes(0x100000) + b"\r\n"
    sent = 0
    with socket.create_connection(("127.0.0.1", service.port), timeout=30) as connection:
        connection.sendall(head + f"{len(start):x}\r\n".encode() + start + b"\r\n")
        try:
            while sent < 4 * MOST_BYTES:
                connection.sendall(piece)
                sent += len(piece)
        except OSError:
            pass  # it was refused while we were still sending
        try:
            answer = connection.recv(65_536)
        except OSError:
            answer = b""
    assert not answer or answer.split(b" ", 2)[1] == b"413"
    assert sent < 2 * MOST_BYTES
    assert service.client.get("/health").status_code == 200


def test_the_name_of_a_file_leads_nowhere(service: Served) -> None:
    for name in ("../../../etc/passwd", "..\\..\\x.png", "/etc/passwd", "a\\x00b", "x" * 3000, "%2e%2e%2f"):
        part = (f'name="image"; filename="{name}"', b"no picture")
        status, field, said = refused(service, form(PROMPT, part))
        assert (status, field) == (400, "image")
        assert name not in said


def test_a_page_of_another_host_cannot_send_a_form_though_browsers_let_it(service: Served) -> None:
    for header in ({"origin": "https://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}):
        answer = service.client.post(PATH, data=FIELDS, files=files(), headers=header)
        assert answer.status_code == 403


def test_who_hangs_up_in_the_middle_is_no_failure_of_the_service(service: Served) -> None:
    before = len(service.audit().splitlines())
    head = (
        b"POST /v1/images/edits HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x7\r\n"
        b"Content-Length: 100000\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", service.port), timeout=10) as connection:
        connection.sendall(head + form(PROMPT, IMAGE)[:500])
    while len(service.audit().splitlines()) == before:
        pass
    assert '"outcome": "left"' in service.audit().splitlines()[-1]

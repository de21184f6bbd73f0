"""Pictures that come as a link: followed with care, over real HTTP."""

from __future__ import annotations

import base64
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from avatar_core import errors
from avatar_core.models import downloads
from avatar_core.types import Size
from tests.contract_server import Fault, ImageServer, draw_grid
from tests.models.painting import Paint, failure


def test_a_link_to_the_picture_is_followed(image_server: ImageServer, paint: Paint) -> None:
    image_server.script(Fault.url())
    assert paint().data == draw_grid(1536, 1536)


def test_a_data_url_is_a_picture_too(image_server: ImageServer, paint: Paint) -> None:
    data = draw_grid(300, 300)
    image_server.script(Fault.item(url=f"data:image/png;base64,{base64.b64encode(data).decode()}"))
    assert paint().data == data


def test_the_key_is_sent_to_the_server_itself_and_not_where_its_link_redirects(
    image_server: ImageServer, paint: Paint
) -> None:
    elsewhere = ImageServer().start()
    try:
        target = elsewhere.serve(draw_grid(300, 300))
        link = image_server.serve(Fault.redirect(target, 302))
        image_server.script(Fault.item(url=link))
        assert paint().size == Size(300, 300)
        assert image_server.requests[-1].headers["authorization"] == f"Bearer {image_server.key}"
        assert "authorization" not in elsewhere.requests[-1].headers
    finally:
        elsewhere.stop()


def test_three_redirects_are_followed_and_a_fourth_is_not(image_server: ImageServer, paint: Paint) -> None:
    link = image_server.serve(draw_grid(300, 300))
    for _ in range(3):
        link = image_server.serve(Fault.redirect(link, 302))
    image_server.script(Fault.item(url=link), Fault.item(url=image_server.serve(Fault.redirect(link, 302))))
    assert paint().size == Size(300, 300)
    assert "redirects too often" in failure(paint).message


def test_a_download_that_breaks_once_is_asked_for_once_more(image_server: ImageServer, paint: Paint) -> None:
    broken = image_server.serve(Fault.cut_before(), "flaky.png")
    data = draw_grid(300, 300)
    threading.Timer(0.3, lambda: image_server.serve(data, "flaky.png")).start()
    image_server.files["flaky.png"] = Fault.cut_before().after(0.4)
    image_server.script(Fault.item(url=broken))
    assert paint().data == data


@pytest.mark.parametrize("fault", [Fault.raw(404, "gone"), Fault.cut_before(), Fault.cut_within()])
def test_a_download_that_fails_is_an_unusable_answer(
    image_server: ImageServer, paint: Paint, fault: Fault
) -> None:
    image_server.script(Fault.item(url=image_server.serve(fault)))
    error = failure(paint)
    assert type(error) is errors.AnswerUnusable
    assert "/files/" not in error.message


@pytest.mark.parametrize(
    "link",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.1/x.png",
        "http://192.168.1.1/x.png",
        "http://[fd00::1]/x.png",
        "http://0.0.0.0/x.png",
        "http://[::ffff:10.0.0.1]/x.png",
        "http://[::ffff:a9fe:a9fe]/x.png",
        "http://[64:ff9b::a00:1]/x.png",
        "http://[2002:a00:1::]/x.png",
        "http://[fe80::1]/x.png",
        "http://[::]/x.png",
        "http://[ff02::1]/x.png",
        "http://100.64.0.1/x.png",
        "http://224.0.0.1/x.png",
        "http://255.255.255.255/x.png",
        "http://167772161/x.png",
        "http://0x0a000001/x.png",
        "http://10.1/x.png",
        "http://user@10.0.0.1/x.png",
    ],
)
def test_a_link_into_another_private_network_is_not_followed(
    image_server: ImageServer, paint: Paint, link: str
) -> None:
    image_server.script(Fault.item(url=link))
    assert "not followed" in failure(paint).message


@pytest.mark.parametrize(
    "link",
    [
        "http://127.0.0.1:9/x.png",
        "http://localhost:9/x.png",
        "http://[::1]:9/x",
        "http://[::ffff:127.0.0.1]:9/x",
        "http://[64:ff9b::7f00:1]:9/x",
        "http://127.1:9/x",
        "http://2130706433:9/x",
        "http://0x7f.1:9/x",
        "http://017700000001:9/x",
    ],
)
def test_a_public_server_cannot_point_into_this_machine(link: str) -> None:
    with pytest.raises(errors.AnswerUnusable, match="not followed"):
        downloads.Source("https://1.1.1.1/v1").download(link)


@pytest.mark.parametrize("link", ["http://10.0.0.1/x.png", "http://169.254.169.254/latest"])
def test_a_redirect_into_a_private_network_is_not_followed(
    image_server: ImageServer, paint: Paint, link: str
) -> None:
    image_server.script(Fault.item(url=image_server.serve(Fault.redirect(link, 302))))
    assert "not followed" in failure(paint).message


@pytest.mark.parametrize("link", ["ftp://127.0.0.1/x.png", "file:///etc/passwd", "gopher://127.0.0.1/"])
def test_a_redirect_to_something_else_than_the_web_is_not_followed(
    image_server: ImageServer, paint: Paint, link: str
) -> None:
    image_server.script(Fault.item(url=image_server.serve(Fault.redirect(link, 302))))
    assert "no web address" in failure(paint).message


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "fd00::1", "::1"])
def test_a_name_of_a_private_address_is_not_followed(address: str, names: dict[str, list[str]]) -> None:
    names["pictures.example"] = ["93.184.215.14", address]
    with pytest.raises(errors.AnswerUnusable, match="not followed"):
        downloads.Source("https://1.1.1.1/v1").download("http://pictures.example/x.png")


def test_a_name_is_looked_up_once_so_that_it_cannot_change_after_the_check(
    image_server: ImageServer, names: dict[str, list[str]]
) -> None:
    names["pictures.example"] = ["127.0.0.1"]
    link = image_server.serve(draw_grid(300, 300)).replace("127.0.0.1", "pictures.example")
    assert downloads.Source(image_server.url).download(link) == draw_grid(300, 300)
    assert image_server.requests[-1].headers["host"] == f"pictures.example:{image_server.port}"
    assert names["asked"].count("pictures.example") == 1


def test_an_endless_download_is_stopped_by_its_size_and_what_came_is_kept(image_server: ImageServer) -> None:
    link = image_server.serve(Fault(endless=bytes(1 << 16)))
    with pytest.raises(errors.AnswerUnusable, match="more than 1 MB") as caught:
        downloads.Source(image_server.url, max_bytes=1 << 20).download(link)
    assert len(caught.value.data) == 1 << 20


def test_an_endless_download_in_drops_is_stopped_by_the_clock(image_server: ImageServer) -> None:
    link = image_server.serve(Fault(endless=b"."))
    with pytest.raises(errors.AnswerUnusable, match=r"took more than 0\.3 seconds") as caught:
        downloads.Source(image_server.url, max_seconds=0.3).download(link)
    assert set(caught.value.data) == {ord(".")}


@pytest.mark.parametrize("length", ["999999", "10"])
def test_a_lie_about_the_length_gives_no_half_a_picture(
    image_server: ImageServer, paint: Paint, length: str
) -> None:
    link = image_server.serve(Fault(body=draw_grid(300, 300), headers={"content-length": length}))
    image_server.script(Fault.item(url=link))
    assert type(failure(paint)) is errors.AnswerUnusable


def test_a_lie_about_the_type_makes_no_difference(image_server: ImageServer, paint: Paint) -> None:
    page = image_server.serve(Fault(body=b"<h1>no</h1>", headers={"content-type": "image/png"}))
    picture = image_server.serve(Fault(body=draw_grid(9, 9), headers={"content-type": "text/html"}))
    image_server.script(Fault.item(url=page), Fault.item(url=picture))
    assert type(failure(paint)) is errors.AnswerUnusable
    assert paint().media_type == "image/png"


def test_a_download_asks_for_bytes_that_do_not_unfold(image_server: ImageServer) -> None:
    downloads.Source(image_server.url).download(image_server.serve(draw_grid(9, 9)))
    assert image_server.requests[0].headers["accept-encoding"] == "identity"


def test_a_download_that_is_too_large_is_stopped(image_server: ImageServer) -> None:
    link = image_server.serve(bytes(2 << 20))
    with pytest.raises(errors.AnswerUnusable, match="more than 1 MB"):
        downloads.Source(image_server.url, max_bytes=1 << 20).download(link)


def test_a_download_that_takes_too_long_is_stopped(image_server: ImageServer) -> None:
    link = image_server.serve(Fault(body=draw_grid(300, 300), delay=0.6))
    started = time.monotonic()
    with pytest.raises(errors.AnswerUnusable, match="ReadTimeout"):
        downloads.Source(image_server.url, max_seconds=0.2).download(link)
    assert time.monotonic() - started < 1


def test_a_link_is_followed_through_the_proxy_of_this_network(
    http_proxy: list[str],
) -> None:
    data = downloads.Source("https://1.1.1.1/v1").download("http://pictures.example/1.png")
    assert data == b"by proxy"
    assert http_proxy == ["GET http://pictures.example/1.png HTTP/1.1"]


@pytest.mark.parametrize("link", ["http://169.254.169.254/x", "http://2130706433/x", "http://localhost/x"])
def test_the_proxy_of_this_network_is_not_asked_for_private_addresses(
    monkeypatch: pytest.MonkeyPatch, link: str
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with pytest.raises(errors.AnswerUnusable, match="not followed"):
        downloads.Source("https://1.1.1.1/v1").download(link)


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """A name server: the addresses of each name, and under "asked" which names were looked up."""
    known: dict[str, list[str]] = {"asked": []}
    real = socket.getaddrinfo

    def look_up(host: str, *rest: Any, **more: Any) -> list[Any]:
        found = known.get(host)
        if found is None:
            return real(host, *rest, **more)
        known["asked"].append(host)
        return [each for address in found for each in real(address, *rest, **more)]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return known


@pytest.fixture
def http_proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A proxy that answers one request itself; gives the request lines that it saw."""
    seen: list[str] = []

    def answer() -> None:
        connection, _ = listening.accept()
        with connection:
            seen.append(connection.recv(65536).decode().splitlines()[0])
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\nConnection: close\r\n\r\nby proxy")

    with socket.create_server(("127.0.0.1", 0)) as listening:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{listening.getsockname()[1]}")
        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield seen
        thread.join(5)

"""Links without a token: one picture, one hour, whoever has them; everything near them is refused."""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import stat
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx2
import openai
import pytest
from PIL import Image

from avatar_core.errors import StoreError
from image_service.links import FILE, SECONDS, Links, open_links
from image_service.tokens import Token, Tokens, hash_of, make_secret
from tests.contract_server import ImageServer
from tests.service.conftest import settings_for
from tests.service.pictures import files
from tests.service.served import Served


@pytest.fixture(scope="module")
def _guarded(
    _image_server: ImageServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Served, str]]:
    folder, secret = tmp_path_factory.mktemp("guarded"), make_secret()
    tokens = Tokens(folder / "tokens.json")
    tokens.create(Token("chat", hash_of(secret)))
    service = Served(settings_for(_image_server, folder, avatar_service_tokens_file=tokens.file)).start()
    yield service, secret
    service.stop()


@pytest.fixture
def guarded(_guarded: tuple[Served, str], image_server: ImageServer) -> tuple[Served, str]:
    """A service that wants tokens, and one that is good."""
    return _guarded


def links_of(service: Served, secret: str, n: int = 1) -> list[str]:
    sdk = openai.OpenAI(base_url=f"{service.url}/v1", api_key=secret, max_retries=0)
    answer = sdk.images.generate(prompt="A kite", model="dall-e-2", n=n, response_format="url")
    return [each.url or "" for each in answer.data or ()]


def secret_of(service: Served) -> bytes:
    return bytes.fromhex((service.settings.avatar_data_dir / FILE).read_text().strip())


def status(url: str, method: str = "GET", **more: object) -> int:
    return httpx2.request(method, url, **more).status_code  # type: ignore[arg-type]


def test_a_link_is_followed_plainly_as_browsers_and_chat_programs_do(guarded: tuple[Served, str]) -> None:
    service, secret = guarded
    (link,) = links_of(service, secret)
    with urllib.request.urlopen(link) as answer, Image.open(io.BytesIO(answer.read())) as picture:
        assert (picture.format, picture.size) == ("PNG", (1024, 1024))
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    for small in (f"{link}&size=128", link.replace("?", "?size=128&")):
        with Image.open(io.BytesIO(httpx2.get(small).content)) as picture:
            assert picture.size == (128, 128)
    assert status(link, "HEAD") == 200
    assert status(link, headers={"authorization": "Bearer of-something-else"}) == 200
    tag = httpx2.get(link).headers["etag"]
    assert status(link, headers={"if-none-match": tag}) == 304


def test_a_changed_picture_is_linked_as_well(guarded: tuple[Served, str], image_server: ImageServer) -> None:
    service, secret = guarded
    form = {"prompt": "A hat", "model": "gpt-image-2", "response_format": "url"}
    told = service.client.post(
        "/v1/images/edits", data=form, files=files(), headers={"authorization": f"Bearer {secret}"}
    ).json()
    assert status(told["data"][0]["url"]) == 200


def test_a_link_opens_nothing_but_reading_its_picture(guarded: tuple[Served, str]) -> None:
    service, secret = guarded
    link, other = links_of(service, secret, 2)
    query = urlsplit(link).query
    for method in ("DELETE", "POST", "PUT", "PATCH", "OPTIONS"):
        assert status(link, method) in (401, 405), method
    for path in (
        "/images",
        "/jobs/0",
        "/v1/models",
        f"{urlsplit(other).path}",
        "/images/0",
        f"/images/{query}",
    ):
        assert status(f"{service.url}{path}?{query}") == 401, path
    assert status(f"{service.url}/generate?{query}", "POST", json={"prompt": "x"}) == 401
    assert status(link) == status(other) == 200


def test_a_link_that_was_touched_is_none(guarded: tuple[Served, str]) -> None:
    service, secret = guarded
    (link,) = links_of(service, secret)
    plain, _, query = link.partition("?")
    (expires,), (signature,) = (parse_qs(query)[name] for name in ("expires", "signature"))
    image = plain.rpartition("/")[2]
    other = "0" if signature[-1] != "0" else "1"

    def made(expires: str, key: bytes = secret_of(service), name: str = image) -> str:
        text = f"read image {name} until {expires}"
        return f"expires={expires}&signature={hmac.new(key, text.encode(), hashlib.sha256).hexdigest()}"

    assert made(expires) == query  # so that what follows is wrong in one thing only
    past = str(int(time.time()) - 1)
    wrong = [
        "", "expires", "signature", f"expires={expires}", f"signature={signature}", f"expires={expires}&signature=",
        f"expires={int(expires) + 1}&signature={signature}", f"expires=0{expires}&signature={signature}",
        f"expires={expires}.0&signature={signature}", f"expires={expires}%20&signature={signature}",
        f"expires=%D9%A3{expires[1:]}&signature={signature}", f"expires=-1&signature={signature}",
        f"expires={'9' * 5000}&signature={signature}", f"expires={expires}&signature={signature[:-1]}",
        f"expires={expires}&signature={signature}0", f"expires={expires}&signature={signature[:-1]}{other}",
        f"expires={expires}&signature={signature.upper()}", f"expires={expires}&signature=%C3%A9{signature[1:]}",
        f"expires={expires}&signature={signature}%0A", f"expires={expires}&signature={signature}%00",
        f"{query}&expires={expires}", f"{query}&signature={signature}", f"{query}&{query}",
        f"signature=0&{query}", f"Expires={expires}&Signature={signature}", f"expires[]={expires}&signature[]={signature}",
        made(past), made(expires, b""), made(expires, b"0" * 32), made(expires, name="0"), f"{query};",
        made("9" * 12, b"x"), f"amp;{query.replace('&', '&amp;')}", f"%23{query}",
    ]  # fmt: skip
    for each in wrong:
        answer = httpx2.get(f"{plain}?{each}")
        assert answer.status_code == 401, each
        assert answer.json()["code"] == "UNAUTHORIZED"
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    bearer = {"authorization": f"Bearer {secret}"}
    assert status(f"{plain}?{made(past)}", headers=bearer) == 200  # whoever has a token needs no link
    assert status(link) == 200
    for near in (
        plain[:-1] + other,
        plain.replace("-", ""),
        plain + "0",
        f"{plain}/",
        f"{plain}%00",
        f"{plain}.png",
    ):
        assert status(f"{near}?{query}") in (401, 404), near


def test_a_link_ends_after_an_hour_and_not_before() -> None:
    links = Links(b"a secret")
    parts = parse_qs(links.query("an image", now=1000.9))
    expires, signature = parts["expires"], parts["signature"]
    assert links.open("an image", expires, signature, now=1000 + SECONDS - 0.1)
    assert not links.open("an image", expires, signature, now=1000 + SECONDS)
    assert not Links(b"another").open("an image", expires, signature, now=1000)


def test_the_link_to_a_picture_that_was_deleted_leads_nowhere(guarded: tuple[Served, str]) -> None:
    service, secret = guarded
    (link,) = links_of(service, secret)
    bearer = {"authorization": f"Bearer {secret}"}
    assert status(link.partition("?")[0], "DELETE", headers=bearer) == 200
    assert status(link) == 404


def test_the_secret_is_its_owners_alone_and_neither_it_nor_a_signature_is_told_anybody_else(
    guarded: tuple[Served, str], capfd: pytest.CaptureFixture[str]
) -> None:
    service, secret = guarded
    folder = service.settings.avatar_data_dir
    (link,) = links_of(service, secret)
    assert status(link) == 200
    assert status(f"{link}0") == 401
    signature = parse_qs(urlsplit(link).query)["signature"][0]
    kept = (folder / FILE).read_text().strip()
    assert stat.S_IMODE((folder / FILE).stat().st_mode) == 0o600
    lines = [json.loads(line) for line in service.audit().splitlines()]
    assert [line.get("link", False) for line in lines[-2:]] == [True, False]
    assert lines[-2]["path"] == urlsplit(link).path
    said = capfd.readouterr()
    assert signature not in said.out + said.err
    for file in folder.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert signature.encode() not in content, file
            assert kept.encode() not in content or file.name == FILE, file


def test_all_processes_on_a_folder_share_one_secret(tmp_path: Path) -> None:
    made: list[str] = []
    threads = [
        threading.Thread(target=lambda: made.append(open_links(tmp_path).query("x", 0))) for _ in range(16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 16
    assert len(set(made)) == 1
    assert not list(tmp_path.glob(".link-*"))
    (tmp_path / FILE).write_text("")  # as a full disk or a careless hand leaves it
    assert open_links(tmp_path).query("x", 0) not in made
    assert len((tmp_path / FILE).read_text().strip()) == 64


def test_a_secret_that_cannot_be_read_is_said_so(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    with pytest.raises(StoreError, match="secret of links"):
        open_links(tmp_path)


def test_behind_a_proxy_with_tls_a_link_begins_as_the_client_called(guarded: tuple[Served, str]) -> None:
    service, secret = guarded
    headers = {"authorization": f"Bearer {secret}", "x-forwarded-proto": "https"}
    body = {"prompt": "A kite", "model": "dall-e-2"}
    told = service.client.post("/v1/images/generations", json=body, headers=headers).json()
    assert told["data"][0]["url"].startswith(f"https://127.0.0.1:{service.port}/images/")

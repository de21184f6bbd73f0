"""Connections on which no request begins are closed, and those that are used stay."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from image_service import patience
from image_service.patience import Patience

HEAD = b"GET / HTTP/1.1\r\nHost: localhost\r\n"


async def _slow(scope: Scope, receive: Receive, send: Send) -> None:
    """Waits for the body, then for longer than a head may take, and answers."""
    await Request(scope, receive).body()
    await asyncio.sleep(3 * patience.HEAD_SECONDS)
    await PlainTextResponse("done")(scope, receive, send)


async def _talk(*pieces: bytes, pause: float = 0.0) -> bytes:
    """What is answered to these pieces until the connection is closed."""
    config = uvicorn.Config(_slow, http=Patience, ws="none", lifespan="off", log_config=None)
    config.load()
    state = ServerState()
    listening = await asyncio.get_running_loop().create_server(
        lambda: Patience(config=config, server_state=state, app_state={}), "127.0.0.1", 0
    )
    async with listening:
        reader, writer = await asyncio.open_connection(*listening.sockets[0].getsockname())
        answer = b""
        with suppress(ConnectionError):  # it was closed while we were still sending
            for piece in pieces:
                writer.write(piece)
                await asyncio.sleep(pause)
            answer = await asyncio.wait_for(reader.read(), 60)
        writer.close()
    return answer


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "HEAD_SECONDS", 0.5)


@pytest.mark.parametrize("begun", [b"", b"G", HEAD, HEAD + b"X: "])
def test_a_request_that_does_not_begin_is_not_waited_for(begun: bytes) -> None:
    assert asyncio.run(_talk(begun)) == b""


def test_a_request_is_answered_however_long_that_takes_and_the_next_has_its_own_time() -> None:
    answer = asyncio.run(_talk(HEAD + b"\r\n"))
    assert answer.count(b"HTTP/1.1 200") == 1
    answer = asyncio.run(_talk(HEAD + b"\r\n" + HEAD + b"\r\n" + HEAD))
    assert answer.count(b"HTTP/1.1 200") == 2


def test_a_body_has_a_time_of_its_own() -> None:
    head = HEAD.replace(b"GET", b"POST") + b"Content-Length: 2\r\n\r\n"
    assert asyncio.run(_talk(head, b"a", b"b", pause=0.8)).endswith(b"done")


def test_a_head_that_comes_letter_by_letter_is_given_up() -> None:
    letters = [bytes([letter]) for letter in HEAD[:8]]
    assert asyncio.run(_talk(*letters, pause=0.2)) == b""

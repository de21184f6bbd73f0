"""A small image API on this machine: what OpenAI's images endpoints, and those of its relatives, accept and answer.

It is a second witness of the contract, so it knows nothing of the product: its own schema, its own rules, its
own picture. Tests queue faults, which are played once each in their order before it behaves again.

By hand: ``python -m tests.contract_server --port 9000``, then OPENAI_BASE_URL=http://127.0.0.1:9000/v1. ``--mode``
names another server to be.
"""

from __future__ import annotations

import argparse
import json
import re
import socket
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

import anyio
import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from uvicorn.protocols.http.h11_impl import H11Protocol

from tests.contract_dialects import MODES
from tests.contract_faults import Fault
from tests.contract_rules import draw_grid, refusal_of

__all__ = ["KEY", "Fault", "ImageServer", "Recorded", "draw_grid", "refusal_of"]

KEY = "sk-contract-0123456789abcdefghij"


@dataclass(frozen=True)
class Recorded:
    """One request as it arrived; ``at`` is time.monotonic() in seconds. A form's fields are in ``json``."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    json: Any
    at: float
    query: dict[str, str] = field(default_factory=dict)
    files: dict[str, list[bytes]] = field(default_factory=dict)


class ImageServer:
    """The server in a thread of its own, on a free port of the loopback interface."""

    def __init__(self, port: int = 0) -> None:
        # Named as TCP, because asyncio lets only such sockets send small pieces at once.
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("127.0.0.1", port))
        self._socket.listen()
        self.port: int = self._socket.getsockname()[1]
        self.root = f"http://127.0.0.1:{self.port}"
        self.url = f"{self.root}/v1"
        self.reset()
        routes = [
            Route("/v1/models", self._models),
            Route("/files/{name}", self._file),
            Route("/{path:path}", self._images, methods=["POST"]),
        ]
        config = uvicorn.Config(
            Starlette(routes=routes),
            http=_Protocol,
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="critical",
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), daemon=True)

    def start(self) -> Self:
        self._thread.start()
        while not self._server.started:
            time.sleep(0.005)
        return self

    def stop(self) -> None:
        self._server.should_exit = self._server.force_exit = True
        self._thread.join()

    def reset(self) -> None:
        """Forget requests, faults and files; behave as OpenAI again."""
        #: Which server to be: one of MODES in contract_dialects.py.
        self.mode = "openai"
        self.key = KEY
        #: More entries of the list of models, such as one with a shutdown_date.
        self.listed: list[dict[str, Any]] = []
        #: What the last prompt said after a bar, where the server takes that for what to avoid.
        self.avoided = ""
        self.requests: list[Recorded] = []
        self.faults: deque[Fault] = deque()
        self.files: dict[str, Fault] = {}
        #: As many as the most pictures that were under way at once.
        self.at_once = self._under_way = 0

    def script(self, *faults: Fault) -> None:
        """Play these, one for each of the next pictures."""
        self.faults.extend(faults)

    def serve(self, content: bytes | Fault, name: str = "") -> str:
        """Put bytes, or a fault, under /files and give its URL."""
        name = name or f"{uuid.uuid4().hex}.png"
        self.files[name] = content if isinstance(content, Fault) else Fault(body=content)
        return f"{self.root}/files/{name}"

    @property
    def generations(self) -> list[Recorded]:
        return [each for each in self.requests if each.path.endswith("/images/generations")]

    @property
    def edits(self) -> list[Recorded]:
        return [each for each in self.requests if each.path.endswith("/images/edits")]

    async def _record(self, request: Request) -> Recorded:
        body = await request.body()
        parsed, files = await _form(request)
        if not files:
            try:
                parsed = json.loads(body) if body else None
            except ValueError:
                parsed = None
        recorded = Recorded(
            request.method,
            request.url.path,
            dict(request.headers),
            body,
            parsed,
            time.monotonic(),
            dict(request.query_params),
            files,
        )
        self.requests.append(recorded)
        return recorded

    async def _images(self, request: Request) -> Response:
        recorded = await self._record(request)
        fault = self.faults.popleft() if self.faults else Fault()
        self._under_way += 1
        self.at_once = max(self.at_once, self._under_way)
        try:
            return await self._play(fault, request, lambda: self._answer(recorded, fault))
        finally:
            self._under_way -= 1

    async def _models(self, request: Request) -> Response:
        await self._record(request)
        listed = [{"id": name, "object": "model", "owned_by": "system"} for name in MODES[self.mode].listed]
        return JSONResponse({"object": "list", "data": [*listed, *self.listed]})

    async def _file(self, request: Request) -> Response:
        await self._record(request)
        fault = self.files.get(request.path_params["name"], Fault(404, b"gone"))
        return await self._play(fault, request, lambda: Response(b""))

    async def _play(self, fault: Fault, request: Request, behave: Callable[[], Response]) -> Response:
        await anyio.sleep(fault.delay)
        if fault.cut == "before":
            request.state.transport.close()
            return Response()
        if fault.endless:
            return StreamingResponse(_for_ever(fault.endless), fault.code, fault.headers)
        if fault.body is not None:
            response = Response(fault.body, fault.code, fault.headers)
        else:
            response = await anyio.to_thread.run_sync(behave)
        if self.mode != "litellm":  # the proxy drops what it is not asked to keep
            response.headers["x-request-id"] = f"req_{uuid.uuid4().hex}"
        if fault.cut == "within":
            return _cut_within(response, request)
        return response

    def _answer(self, recorded: Recorded, fault: Fault) -> Response:
        mode = MODES[self.mode]
        found = re.fullmatch(mode.paths, recorded.path)
        play = {"generations": mode.generate, "edits": mode.edit}.get(found[1]) if found else None
        if play is None:
            return JSONResponse({"detail": "Not Found"}, 404)
        response = play(self, recorded)
        if fault.change and response.status_code == 200:
            return JSONResponse(fault.change(self, json.loads(response.body)))
        return response


async def _form(request: Request) -> tuple[dict[str, str] | None, dict[str, list[bytes]]]:
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return None, {}
    fields: dict[str, str] = {}
    files: dict[str, list[bytes]] = {}
    async with request.form() as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                files.setdefault(name, []).append(await value.read())
            else:
                fields[name] = value
    return fields, files


async def _for_ever(piece: bytes) -> Any:
    while True:
        yield piece
        await anyio.sleep(0.002)


def _cut_within(whole: Response, request: Request) -> Response:
    async def half() -> Any:
        yield whole.body[: len(whole.body) // 2]
        request.state.transport.close()
        await anyio.sleep(0.01)

    return StreamingResponse(half(), whole.status_code, dict(whole.headers))


class _Protocol(H11Protocol):
    """Hands the connection to the application, so that a fault can close it."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


def main() -> None:
    parser = argparse.ArgumentParser(description="Speak OpenAI's images API on this machine.")
    parser.add_argument("--port", type=int, default=9000)
    parser.add_argument("--mode", choices=list(MODES), default="openai", help="the server to be")
    choice = parser.parse_args()
    server = ImageServer(choice.port)
    server.mode = choice.mode
    server.start()
    print(f"OPENAI_BASE_URL={server.url} OPENAI_API_KEY={server.key}", flush=True)  # noqa: T201
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        server.stop()


if __name__ == "__main__":
    main()

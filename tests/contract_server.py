"""A small image API on this machine: what OpenAI's images endpoint accepts, answers and refuses.

It is a second witness of the contract, so it knows nothing of the product: its own schema, its own rules, its
own picture. Tests queue faults, which are played once each in their order before it behaves again.

By hand: ``python -m tests.contract_server --port 9000``, then OPENAI_BASE_URL=http://127.0.0.1:9000/v1.
"""

from __future__ import annotations

import argparse
import base64
import json
import socket
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Self

import anyio
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from uvicorn.protocols.http.h11_impl import H11Protocol

from tests.contract_rules import MODELS, Answer, answer_to, draw_grid, refusal_of, refuse

__all__ = ["KEY", "Fault", "ImageServer", "Recorded", "draw_grid", "refusal_of"]

KEY = "sk-contract-0123456789abcdefghij"


@dataclass(frozen=True)
class Recorded:
    """One request as it arrived; ``at`` is time.monotonic() in seconds."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    json: Any
    at: float


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong once. Make them by the class methods; ``after`` delays any of them."""

    code: int = 200
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    cut: str = ""
    change: Callable[[ImageServer, Answer], Answer] | None = None

    def after(self, seconds: float) -> Fault:
        return replace(self, delay=seconds)

    @classmethod
    def raw(cls, status: int, body: str, media_type: str = "text/html", **headers: str) -> Self:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return cls(status, body.encode(), {"content-type": media_type, **named})

    @classmethod
    def status(
        cls,
        status: int,
        *,
        code: str | None = None,
        message: str = "Something went wrong.",
        type: str = "invalid_request_error",
        param: str | None = None,
        retry_after: str | None = None,
        retry_after_ms: str | None = None,
        **more: Any,
    ) -> Self:
        error = {"message": message, "type": type, "param": param, "code": code, **more}
        wait = {"retry-after": retry_after, "retry-after-ms": retry_after_ms}
        headers = {"content-type": "application/json", **{k: v for k, v in wait.items() if v is not None}}
        return cls(status, json.dumps({"error": error}).encode(), headers)

    @classmethod
    def rate_limited(cls, **wait: str) -> Self:
        said = "Rate limit reached for images per min (IPM): Limit 5, Used 5, Requested 1."
        return cls.status(429, code="rate_limit_exceeded", message=said, type="input-images", **wait)

    @classmethod
    def no_image_access(cls) -> Self:
        said = "Rate limit exceeded for images per minute in organization org-1. Limit: 0/1min."
        return cls.status(429, code="rate_limit_exceeded", message=said, type="requests")

    @classmethod
    def no_credit(cls) -> Self:
        said = "You exceeded your current quota, please check your plan and billing details."
        return cls.status(429, code="insufficient_quota", message=said, type="insufficient_quota")

    @classmethod
    def billing_limit(cls) -> Self:
        said = "Billing hard limit has been reached"
        return cls.status(400, code="billing_hard_limit_reached", message=said)

    @classmethod
    def unverified(cls) -> Self:
        said = "Your organization must be verified to use the model `gpt-image-2`. Please go to the settings."
        return cls.status(403, message=said)

    @classmethod
    def bad_key(cls, echoed: str) -> Self:
        said = f"Incorrect API key provided: {echoed}. You can find your API key in your account settings."
        return cls.status(401, code="invalid_api_key", message=said)

    @classmethod
    def moderated(cls, stage: str = "input", *categories: str) -> Self:
        return cls.status(
            400,
            code="moderation_blocked",
            type="image_generation_user_error",
            message="Your request was rejected by the safety system. safety_violations=[sexual].",
            moderation_details={"moderation_stage": stage, "categories": list(categories or ["sexual"])},
        )

    @classmethod
    def failed(cls, status: int = 500) -> Self:
        said = "The server had an error while processing your request."
        return cls.status(status, message=said, type="server_error")

    @classmethod
    def cut_before(cls) -> Self:
        """The request is read, then the connection closes."""
        return cls(cut="before")

    @classmethod
    def cut_within(cls) -> Self:
        """Half of the answer, then the connection closes."""
        return cls(cut="within")

    @classmethod
    def slow(cls, seconds: float) -> Self:
        return cls(delay=seconds)

    @classmethod
    def redirect(cls, url: str, status: int = 307) -> Self:
        return cls(status, b"", {"location": url})

    @classmethod
    def without_picture(cls) -> Self:
        return cls(change=lambda server, answer: {**answer, "data": []})

    @classmethod
    def without_usage(cls) -> Self:
        return cls(change=lambda server, answer: {k: v for k, v in answer.items() if k != "usage"})

    @classmethod
    def zero_usage(cls) -> Self:
        zeros = {"input_tokens": 0, "output_tokens": 0, "total_tokens": 0}
        return cls(change=lambda server, answer: {**answer, "usage": zeros})

    @classmethod
    def item(cls, **item: Any) -> Self:
        """These fields stand where the picture should be."""
        return cls(change=lambda server, answer: {**answer, "data": [item]})

    @classmethod
    def picture(cls, data: bytes) -> Self:
        """These bytes come as the picture."""
        return cls.item(b64_json=base64.b64encode(data).decode())

    @classmethod
    def url(cls) -> Self:
        """A link to the picture comes instead of the picture."""

        def change(server: ImageServer, answer: Answer) -> Answer:
            data = base64.b64decode(answer["data"][0]["b64_json"])
            return {**answer, "data": [{"url": server.serve(data)}]}

        return cls(change=change)


class ImageServer:
    """The server in a thread of its own, on a free port of the loopback interface."""

    def __init__(self, port: int = 0) -> None:
        self.key = KEY
        #: True: like a server of somebody else, that takes any model, any parameter and no key.
        self.compatible = False
        self._socket = socket.create_server(("127.0.0.1", port))
        self.port: int = self._socket.getsockname()[1]
        self.root = f"http://127.0.0.1:{self.port}"
        self.url = f"{self.root}/v1"
        self.reset()
        routes = [
            Route("/v1/images/generations", self._generate, methods=["POST"]),
            Route("/v1/models", self._models),
            Route("/files/{name}", self._file),
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
        """Forget requests, faults and files; behave again."""
        self.compatible = False
        self.requests: list[Recorded] = []
        self.faults: deque[Fault] = deque()
        self.files: dict[str, Fault] = {}
        #: As many as the most generations that were under way at once.
        self.at_once = self._under_way = 0

    def script(self, *faults: Fault) -> None:
        """Play these, one for each of the next generations."""
        self.faults.extend(faults)

    def serve(self, content: bytes | Fault, name: str = "") -> str:
        """Put bytes, or a fault, under /files and give its URL."""
        name = name or f"{uuid.uuid4().hex}.png"
        self.files[name] = content if isinstance(content, Fault) else Fault(body=content)
        return f"{self.root}/files/{name}"

    @property
    def generations(self) -> list[Recorded]:
        return [each for each in self.requests if each.path == "/v1/images/generations"]

    async def _record(self, request: Request) -> Recorded:
        body = await request.body()
        try:
            parsed = json.loads(body) if body else None
        except ValueError:
            parsed = None
        recorded = Recorded(
            request.method, request.url.path, dict(request.headers), body, parsed, time.monotonic()
        )
        self.requests.append(recorded)
        return recorded

    async def _generate(self, request: Request) -> Response:
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
        listed = [{"id": name, "object": "model", "created": 0, "owned_by": "system"} for name in MODELS]
        return JSONResponse({"object": "list", "data": listed})

    async def _file(self, request: Request) -> Response:
        await self._record(request)
        fault = self.files.get(request.path_params["name"], Fault(404, b"gone"))
        return await self._play(fault, request, lambda: Response(b""))

    async def _play(self, fault: Fault, request: Request, behave: Callable[[], Response]) -> Response:
        await anyio.sleep(fault.delay)
        if fault.cut == "before":
            request.state.transport.close()
            return Response()
        if fault.body is not None:
            response = Response(fault.body, fault.code, fault.headers)
        else:
            response = await anyio.to_thread.run_sync(behave)
        response.headers["x-request-id"] = f"req_{uuid.uuid4().hex}"
        if fault.cut == "within":
            return _cut_within(response, request)
        return response

    def _answer(self, recorded: Recorded, fault: Fault) -> Response:
        asked = recorded.json
        if not self.compatible:
            if recorded.headers.get("authorization") != f"Bearer {self.key}":
                return refuse(401, "invalid_api_key", "Incorrect API key provided.")
            if refusal := refusal_of(asked):
                return refusal
        answer = answer_to(asked)
        return JSONResponse(fault.change(self, answer) if fault.change else answer)


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
    parser.add_argument("--compatible", action="store_true", help="take any model and no key")
    choice = parser.parse_args()
    server = ImageServer(choice.port)
    server.compatible = choice.compatible
    server.start()
    print(f"OPENAI_BASE_URL={server.url} OPENAI_API_KEY={server.key}", flush=True)  # noqa: T201
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        server.stop()


if __name__ == "__main__":
    main()

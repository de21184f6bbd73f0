"""What can go wrong at an image server: faults that a test scripts, played once each in their order."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from tests.contract_server import ImageServer

Answer = dict[str, Any]


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong once. Make them by the class methods; ``after`` delays any of them."""

    code: int = 200
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    cut: str = ""
    #: Send this again and again, without an end.
    endless: bytes = b""
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

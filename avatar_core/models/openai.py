"""OpenAI, and every server that speaks its images API: one request, one answer, one picture.

The SDK's own retries are off: it would repeat requests that may have been billed, and refusals for want of
credit. Whether to try again is decided once, in the jobs room.
"""

from __future__ import annotations

import logging
import time
from typing import Any

import httpx2
import openai
from pydantic import SecretStr

from avatar_core.errors import AnswerUnusable, KeyMissing, KeyRejected, ModelError, SettingsBroken
from avatar_core.models.answers import read_answer
from avatar_core.models.catalog import check_request
from avatar_core.models.downloads import Source
from avatar_core.models.refusals import disconnection, refusal
from avatar_core.settings import Settings
from avatar_core.types import ModelFacts, Painting, PaintRequest

#: Seconds to wait for a connection, which is either quick or broken.
CONNECT_SECONDS = 10.0

#: What the SDK must be given for a server that wants no key.
NO_KEY = "none"


class OpenAIModel:
    """A model behind OpenAI's images API: at OpenAI, at a compatible server, or at our own service.

    Raises:
        KeyMissing: OpenAI itself is the server, and no key is configured.
        KeyRejected: the configured key cannot even be sent.
        SettingsBroken: OPENAI_BASE_URL is no address.
    """

    def __init__(self, facts: ModelFacts, settings: Settings) -> None:
        self._facts = facts
        self._base_url = settings.openai_base_url
        self._host = _host(self._base_url)
        self._timeout = settings.avatar_timeout
        key = settings.key()
        if not key and _is_openai(self._host):
            raise KeyMissing()
        if not key.isascii() or not key.isprintable() or " " in key:
            raise KeyRejected(
                "The configured API key holds a space, a line break or a letter that no key has. "
                "Copy it again into OPENAI_API_KEY, then start again."
            )
        self._key = SecretStr(key)
        # At their lower levels these write whole addresses, which may hold a password or a token.
        for name in ("httpx2", "httpcore2"):
            logging.getLogger(name).setLevel(logging.WARNING)

    @property
    def facts(self) -> ModelFacts:
        """What is known about this model; ``facts.wire_id`` is the id that is sent."""
        return self._facts

    def paint(self, request: PaintRequest) -> Painting:
        """Draw one picture with one request. Blocks until the answer came, in seconds to minutes.

        Raises:
            InputError: before anything is sent, such as ChoiceIllegal or PromptTooLong.
            ModelError: the server said no or said nothing; see ``retryable`` and ``may_be_billed``.
        """
        check_request(self._facts, request)
        sent = self._parameters(request)
        started = time.monotonic()
        answered = self._send(sent)
        # Raised here and not where it was caught: an exception's context would carry the server's own words.
        if isinstance(answered, ModelError):
            raise answered
        request_id = answered.headers.get("x-request-id")
        source = Source(self._base_url, self._key.get_secret_value())
        try:
            answer = read_answer(answered.content, source.download, self._secrets())
        except AnswerUnusable as error:
            error.request_id = request_id
            raise
        return Painting(
            data=answer.data,
            media_type=answer.media_type,
            size=answer.size,
            model=self._facts.id,
            seconds=time.monotonic() - started,
            sent=sent,
            request_id=request_id,
            revised_prompt=answer.revised_prompt,
            usage=answer.usage,
        )

    def _parameters(self, request: PaintRequest) -> dict[str, Any]:
        """The request's fields: only those that the model's dialect has, and always a quality if it has any.

        Without one, models choose for themselves, at up to ten times the price.
        """
        values: dict[str, Any] = {
            "size": str(request.size),
            "quality": request.quality or next(iter(self._facts.qualities), ""),
            "n": 1,
            "output_format": "png",
        }
        legal = {name: values[name] for name in self._facts.parameters if values[name] != ""}
        return {"model": self._facts.wire_id, "prompt": request.prompt, **legal}

    def _send(self, parameters: dict[str, Any]) -> httpx2.Response | ModelError:
        """The HTTP answer of a success, or the error that it means."""
        # A client of its own for each picture: a connection kept from the last one, minutes ago, may have been
        # closed meanwhile, and a request lost on it could not be told from one that was billed.
        with openai.OpenAI(
            api_key=self._key.get_secret_value() or NO_KEY,
            base_url=self._base_url,
            max_retries=0,
            timeout=httpx2.Timeout(self._timeout, connect=min(CONNECT_SECONDS, self._timeout)),
        ) as client:
            try:
                return client.images.with_raw_response.generate(**parameters).http_response
            except openai.APIStatusError as error:
                return refusal(error, self._facts.wire_id, self._secrets())
            except openai.APIConnectionError as error:
                return disconnection(error, self._host, self._timeout, self._secrets())

    def _secrets(self) -> list[str]:
        password = httpx2.URL(self._base_url).password
        return [secret for secret in (self._key.get_secret_value(), password) if secret]


def _host(base_url: str) -> str:
    try:
        host = httpx2.URL(base_url).host
    except (httpx2.InvalidURL, ValueError):
        host = ""
    if not host:
        raise SettingsBroken(
            "OPENAI_BASE_URL is no address. Write one such as http://localhost:8080/v1, then start again."
        )
    return host


def _is_openai(host: str) -> bool:
    return host == "openai.com" or host.endswith(".openai.com")

"""OpenAI, and every server that speaks its images API: one request, one answer, one picture."""

from __future__ import annotations

import time
from typing import Any

import httpx2
import openai

from avatar_core.errors import AnswerUnusable
from avatar_core.models.answers import read_answer
from avatar_core.models.catalog import check_request
from avatar_core.models.server import Server
from avatar_core.settings import Settings
from avatar_core.types import ModelFacts, Painting, PaintRequest


class OpenAIModel:
    """A model behind OpenAI's images API: at OpenAI, at a compatible server, or at our own service.

    Raises:
        KeyMissing: OpenAI itself is the server, and no key is configured.
        KeyRejected: the configured key cannot even be sent.
        SettingsBroken: OPENAI_BASE_URL is no address.
    """

    def __init__(self, facts: ModelFacts, settings: Settings) -> None:
        self._facts = facts
        self._server = Server(settings)
        self._timeout = settings.avatar_timeout

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

        def question(client: openai.OpenAI) -> httpx2.Response:
            return client.images.with_raw_response.generate(**sent).http_response

        started = time.monotonic()
        answered = self._server.ask(question, self._timeout, self._facts.wire_id)
        request_id = answered.headers.get("x-request-id")
        try:
            answer = read_answer(answered.content, self._server.source().download, self._server.secrets())
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

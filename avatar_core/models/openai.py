"""OpenAI, and every server that speaks its images API: one request, one answer, one picture."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import httpx2
import openai

from avatar_core.errors import AnswerUnusable, ChoiceIllegal
from avatar_core.models.answers import read_answer
from avatar_core.models.catalog import check_request
from avatar_core.models.downloads import unusable
from avatar_core.models.edits import check_edit, described, part
from avatar_core.models.server import Server
from avatar_core.models.wire import request_fields
from avatar_core.settings import DEMO_MODEL, Settings
from avatar_core.types import EditRequest, ModelFacts, Painting, PaintRequest

LONG = 16
"""From so many letters on, a key is in a picture because somebody wrote it there, and not by chance."""


class OpenAIModel:
    """A model behind OpenAI's images API: at OpenAI, at Azure, at a compatible server, or at our own service.

    What differs between these is data: the facts name the fields that may be sent.

    Raises:
        KeyMissing: the server wants a key, and none is configured.
        KeyRejected: the configured key cannot even be sent.
        SettingsBroken: the server's address is none.
    """

    def __init__(self, facts: ModelFacts, settings: Settings) -> None:
        self._facts = facts
        self._server = Server(settings, facts.dialect)
        self._timeout = settings.avatar_timeout

    @property
    def facts(self) -> ModelFacts:
        """What is known about this model; ``facts.wire_id`` is the id that is sent."""
        return self._facts

    def paint(self, request: PaintRequest) -> Painting:
        """Draw one picture with one request. Blocks until the answer came, in seconds to minutes.

        The picture is known to begin as one; see :func:`avatar_core.models.answers.check_whole` for the rest of it.

        Raises:
            InputError: before anything is sent, such as ChoiceIllegal or PromptTooLong.
            ModelError: the server said no or said nothing; see ``retryable`` and ``may_be_billed``.
        """
        check_request(self._facts, request)
        model, prompt = self._facts.wire_id, request.prompt
        fields = request_fields(self._facts, request.size, request.quality)

        def question(client: openai.OpenAI) -> httpx2.Response:
            generate = client.images.with_raw_response.generate
            # As an extra body, because servers have fields that the SDK does not know.
            return generate(model=model, prompt=prompt, extra_body=fields).http_response

        return self._painting(question, {"model": model, "prompt": prompt, **fields})

    def edit(self, request: EditRequest) -> Painting:
        """Draw a part of a picture anew with one request; the rest may change too. Blocks as ``paint`` does.

        Raises:
            InputError: before anything is sent, such as ChoiceIllegal for a model without edits.
            ModelError: the server said no or said nothing; see ``retryable`` and ``may_be_billed``.
        """
        if not self._facts.edits:
            raise ChoiceIllegal(
                f"{self._facts.label} cannot change a picture. Choose a model that can, or draw it anew."
            )
        check_request(self._facts, PaintRequest(request.prompt, request.size, request.quality))
        check_edit(request)
        model, prompt = self._facts.wire_id, request.prompt
        fields = request_fields(self._facts, request.size, request.quality)
        picture = part("picture", request.picture)
        mask = part("mask", request.mask) if request.mask else openai.omit

        def question(client: openai.OpenAI) -> httpx2.Response:
            edit = client.images.with_raw_response.edit
            return edit(model=model, prompt=prompt, image=picture, mask=mask, extra_body=fields).http_response

        return self._painting(question, {"model": model, "prompt": prompt, **fields, **described(request)})

    def _painting(
        self, question: Callable[[openai.OpenAI], httpx2.Response], sent: dict[str, Any]
    ) -> Painting:
        started = time.monotonic()
        answered = self._server.ask(question, self._timeout, self._facts.wire_id, self._facts.successor)
        request_id = answered.headers.get("x-request-id") or answered.headers.get("apim-request-id")
        secrets = self._server.secrets()
        try:
            answer = read_answer(answered.content, self._server.source().download, secrets)
            if any(len(secret) >= LONG and secret.encode() in answer.data for secret in secrets):
                raise unusable("The server sent a picture with the key written into it")
        except AnswerUnusable as error:
            error.request_id = request_id
            if any(secret.encode() in error.data for secret in secrets):
                error.data = b""
            raise
        return Painting(
            data=answer.data,
            media_type=answer.media_type,
            size=answer.size,
            # A drawing is told to be one, also when it came by way of our own service.
            model=DEMO_MODEL if answer.served_by == DEMO_MODEL else self._facts.id,
            seconds=time.monotonic() - started,
            sent=sent,
            request_id=request_id,
            revised_prompt=answer.revised_prompt,
            usage=answer.usage,
        )

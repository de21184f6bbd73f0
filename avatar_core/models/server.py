"""One image server and how it is asked. Used by whatever speaks to it.

The SDK's own retries are off: it would repeat requests that may have been billed, and refusals for want of
credit. Whether to try again is decided once, in the jobs room.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import httpx2
import openai

from avatar_core.errors import AnswerUnusable, ModelError
from avatar_core.models.downloads import Source
from avatar_core.models.place import find_place
from avatar_core.models.refusals import disconnection, refusal
from avatar_core.settings import Settings

#: Seconds to wait for a connection, which is either quick or broken.
CONNECT_SECONDS = 10.0

#: Seconds to wait for the list of models.
LIST_SECONDS = 20.0


class Server:
    """The server that the settings name for a dialect.

    Raises:
        KeyMissing, KeyRejected, SettingsBroken: see :func:`avatar_core.models.place.find_place`.
    """

    def __init__(self, settings: Settings, dialect: str = "openai") -> None:
        self._place = find_place(settings, dialect)
        # At their lower levels these write whole addresses, which may hold a password or a token.
        for name in ("httpx2", "httpcore2"):
            logging.getLogger(name).setLevel(logging.WARNING)

    def ask(
        self,
        question: Callable[[openai.OpenAI], httpx2.Response],
        timeout: float,
        model: str = "",
        successor: str = "",
    ) -> httpx2.Response:
        """Put one question to the server, once.

        Args:
            question: calls the SDK and gives the HTTP answer of a success.
            timeout: seconds to wait for the answer.
            model: the id in question, for messages.
            successor: the id of what replaces it, for messages.

        Raises:
            ModelError: what the server's refusal or silence means.
        """
        answered = self._ask(question, timeout, model, successor)
        # Raised here and not where it was caught: an exception's context would carry the server's own words.
        if isinstance(answered, ModelError):
            raise answered
        return answered

    def _ask(
        self, question: Callable[[openai.OpenAI], httpx2.Response], timeout: float, model: str, successor: str
    ) -> httpx2.Response | ModelError:
        # A client of its own for each question: a connection kept from the last one, minutes ago, may have been
        # closed meanwhile, and a request lost on it could not be told from one that was billed.
        with self._place.client(httpx2.Timeout(timeout, connect=min(CONNECT_SECONDS, timeout))) as client:
            try:
                return question(client)
            except openai.APIStatusError as error:
                return refusal(error, model, self._place, successor)
            except openai.APIConnectionError as error:
                return disconnection(error, timeout, self._place)

    def models(self) -> list[dict[str, Any]]:
        """The models that the server lists, each with its ``id``. Asking costs nothing.

        Raises:
            ModelError: the server refused, or did not answer.
        """
        answer = self.ask(lambda client: client.models.with_raw_response.list().http_response, LIST_SECONDS)
        try:
            return [{**model, "id": str(model["id"])} for model in answer.json()["data"]]
        except (ValueError, KeyError, TypeError):
            raise AnswerUnusable(
                "The server answered, but not with a list of models. Check that OPENAI_BASE_URL ends in /v1."
            ) from None

    def source(self) -> Source:
        """Where pictures may be fetched from that the server answers with a link."""
        return Source(self._place.url, self._place.headers())

    def secrets(self) -> list[str]:
        """What must not stand in any message."""
        return self._place.secrets

"""One image server: where it is, which key it wants, and how it is asked. Used by whatever speaks to it.

The SDK's own retries are off: it would repeat requests that may have been billed, and refusals for want of
credit. Whether to try again is decided once, in the jobs room.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

import httpx2
import openai
from pydantic import SecretStr

from avatar_core.errors import AnswerUnusable, KeyMissing, KeyRejected, ModelError, SettingsBroken
from avatar_core.models.downloads import Source
from avatar_core.models.refusals import disconnection, refusal
from avatar_core.settings import Settings

#: Seconds to wait for a connection, which is either quick or broken.
CONNECT_SECONDS = 10.0

#: What the SDK must be given for a server that wants no key.
NO_KEY = "none"

#: Seconds to wait for the list of models.
LIST_SECONDS = 20.0


class Server:
    """The server that the settings name.

    Raises:
        KeyMissing: OpenAI itself is the server, and no key is configured.
        KeyRejected: the configured key cannot even be sent.
        SettingsBroken: OPENAI_BASE_URL is no address.
    """

    def __init__(self, settings: Settings) -> None:
        self._base_url = settings.openai_base_url
        self._host = _host(self._base_url)
        key = settings.key()
        if not key and not settings.server_usable:
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

    def ask(
        self, question: Callable[[openai.OpenAI], httpx2.Response], timeout: float, model: str
    ) -> httpx2.Response:
        """Put one question to the server, once.

        Args:
            question: calls the SDK and gives the HTTP answer of a success.
            timeout: seconds to wait for the answer.
            model: the id in question, for messages.

        Raises:
            ModelError: what the server's refusal or silence means.
        """
        answered = self._ask(question, timeout, model)
        # Raised here and not where it was caught: an exception's context would carry the server's own words.
        if isinstance(answered, ModelError):
            raise answered
        return answered

    def _ask(
        self, question: Callable[[openai.OpenAI], httpx2.Response], timeout: float, model: str
    ) -> httpx2.Response | ModelError:
        # A client of its own for each question: a connection kept from the last one, minutes ago, may have been
        # closed meanwhile, and a request lost on it could not be told from one that was billed.
        with openai.OpenAI(
            api_key=self._key.get_secret_value() or NO_KEY,
            base_url=self._base_url,
            max_retries=0,
            timeout=httpx2.Timeout(timeout, connect=min(CONNECT_SECONDS, timeout)),
        ) as client:
            try:
                return question(client)
            except openai.APIStatusError as error:
                return refusal(error, model, self.secrets())
            except openai.APIConnectionError as error:
                return disconnection(error, self._host, timeout, self.secrets())

    def source(self) -> Source:
        """Where pictures may be fetched from that the server answers with a link."""
        return Source(self._base_url, self._key.get_secret_value())

    def secrets(self) -> list[str]:
        """What must not stand in any message."""
        password = httpx2.URL(self._base_url).password
        return [secret for secret in (self._key.get_secret_value(), password) if secret]


def served_models(settings: Settings) -> tuple[str, ...]:
    """The ids of the models that the server lists. Asking costs nothing.

    Raises:
        ModelError: the server refused, or did not answer.
    """
    server = Server(settings)
    answer = server.ask(lambda client: client.models.with_raw_response.list().http_response, LIST_SECONDS, "")
    try:
        return tuple(str(model["id"]) for model in answer.json()["data"])
    except (ValueError, KeyError, TypeError):
        raise AnswerUnusable(
            "The server answered, but not with a list of models. Check that OPENAI_BASE_URL ends in /v1."
        ) from None


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

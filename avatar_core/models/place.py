"""Where a server is, what it wants to be shown, and which settings say so."""

from __future__ import annotations

import functools
import ssl
from dataclasses import dataclass, field

import httpx2
import openai

from avatar_core.errors import KeyMissing, KeyRejected, SettingsBroken
from avatar_core.settings import Settings

#: What the SDK must be given for a server that wants no key.
NO_KEY = "none"


@dataclass(frozen=True)
class Place:
    """One server's address and key; the names of the settings are for messages."""

    url: str
    key: str = field(repr=False)
    url_setting: str = "OPENAI_BASE_URL"
    key_setting: str = "OPENAI_API_KEY"

    @property
    def host(self) -> str:
        return httpx2.URL(self.url).host

    @property
    def secrets(self) -> list[str]:
        """What must not stand in any message."""
        password = httpx2.URL(self.url).password
        return [secret for secret in (self.key, password) if secret]

    def headers(self) -> dict[str, str]:
        """What shows the key to the server itself, and to no other."""
        return {"authorization": f"Bearer {self.key}"} if self.key else {}

    def client(self, timeout: httpx2.Timeout) -> openai.OpenAI:
        """The SDK's client for this server, with the SDK's own retries off."""
        client = openai.OpenAI(
            api_key=self.key or NO_KEY,
            base_url=self.url,
            max_retries=0,
            timeout=timeout,
            http_client=_connection(timeout),
        )
        return _without_empty_headers(client)

    def told(self, message: str) -> str:
        """A message of ours with the names of this place's settings in it."""
        named = message.replace("OPENAI_BASE_URL", self.url_setting)
        return named.replace("OPENAI_API_KEY", self.key_setting)


@dataclass(frozen=True)
class AzurePlace(Place):
    """An Azure OpenAI resource: the model is a deployment and stands in the path, the key has a header of its own."""

    url_setting: str = "AZURE_OPENAI_ENDPOINT"
    key_setting: str = "AZURE_OPENAI_API_KEY"
    api_version: str = ""

    def headers(self) -> dict[str, str]:
        return {"api-key": self.key}

    def client(self, timeout: httpx2.Timeout) -> openai.OpenAI:
        client = openai.AzureOpenAI(
            api_key=self.key,
            azure_endpoint=self.url,
            api_version=self.api_version,
            max_retries=0,
            timeout=timeout,
            http_client=_connection(timeout),
        )
        return _without_empty_headers(client)


@functools.cache
def _trusted() -> ssl.SSLContext:
    """Whom to trust, read once: it takes longer than everything else about a request."""
    return httpx2.create_ssl_context()


def _connection(timeout: httpx2.Timeout) -> httpx2.Client:
    """What the SDK makes for itself, with certificates that were read before."""
    return openai.DefaultHttpxClient(timeout=timeout, verify=_trusted())


def find_place(settings: Settings, dialect: str) -> Place:
    """Where the server for models of a dialect stands.

    Raises:
        KeyMissing: that server wants a key, and none is configured.
        KeyRejected: the configured key cannot even be sent.
        SettingsBroken: the address is missing or none.
    """
    place: Place
    if dialect == "azure":
        if not settings.azure_openai_endpoint:
            raise SettingsBroken(
                "AZURE_OPENAI_ENDPOINT is not set. Write the address of your Azure OpenAI resource, such as "
                "https://NAME.openai.azure.com, then start again."
            )
        version = settings.openai_api_version
        place = AzurePlace(settings.azure_openai_endpoint, settings.azure_key(), api_version=version)
    else:
        place = Place(settings.openai_base_url, settings.key())
    _check_address(place)
    if not settings.usable_for(dialect):
        raise KeyMissing(
            f"No API key is configured. Set {place.key_setting} and start again, or choose the demo model."
        )
    if not place.key.isascii() or not place.key.isprintable() or " " in place.key:
        raise KeyRejected(
            "The configured API key holds a space, a line break or a letter that no key has. "
            f"Copy it again into {place.key_setting}, then start again."
        )
    return place


def _check_address(place: Place) -> None:
    try:
        host = place.host
    except (httpx2.InvalidURL, ValueError):
        host = ""
    if not host:
        raise SettingsBroken(
            f"{place.url_setting} is no address. Write one such as http://localhost:8080/v1, then start again."
        )


def _without_empty_headers(client: openai.OpenAI) -> openai.OpenAI:
    """An empty variable counts as unset; the SDK reads two of its own and would send them as empty headers."""
    client.organization = client.organization or None
    client.project = client.project or None
    return client

"""Quoting a server: its words without secrets, without markup, and short."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Sequence

#: Characters of a server's text that a message repeats.
LONGEST = 300

_KEY = "[key]"
_AROUND = "\"'`.,:;!?…()[]{}<>“”‘’"
_KEY_LIKE = re.compile(
    r"(?<![A-Za-z0-9])(?:sk|sess|rk|xai|gsk)-[^\s\"'`,;)\]}<>]{3,}"
    r"|(?i:\bbearer\s+)(?=\S*\d)[^\s\"',]{8,}"
)

#: Messages are shown as Markdown in places; no upstream text may become a link, a picture, code or a formula.
_NEUTRAL = str.maketrans(
    {"[": "(", "]": ")", "<": "‹", ">": "›", "`": "'", "*": "∗", "$": "＄", "“": "'", "”": "'"}
)


def quoted(text: str, secrets: Sequence[str] = ()) -> str:
    """A server's own words, fit for a message, a log and a page.

    >>> quoted("Incorrect API key provided: sk-abc***xyz. See <b>docs</b>")
    'Incorrect API key provided: [key] See ‹b›docs‹/b›'
    """
    text = text[:20_000]
    if text.lstrip()[:1] == "<":
        text = _plain(text)
    # Unescaped before it is redacted: a key may hide behind an entity.
    text = html.unescape(text)
    text = "".join(letter if letter.isprintable() else " " for letter in text)
    # Redacted before it is shortened: half a key is a secret too.
    text = (
        " ".join(redacted(text, secrets).split()).replace(_KEY, "\0").translate(_NEUTRAL).replace("\0", _KEY)
    )
    return text if len(text) <= LONGEST else text[:LONGEST].rstrip() + " …"


def redacted(text: str, secrets: Sequence[str] = ()) -> str:
    """The text without the secrets, and without anything that looks like a key: whole, its end, or masked with stars."""
    for secret in secrets:
        text = text.replace(secret, _KEY)
    text = _KEY_LIKE.sub(_KEY, text)
    parts = [secret[:8].lower() for secret in secrets if len(secret) > 8]
    # Some servers name a key by its end; a short password is no such key, and its end may be any word.
    parts += [secret[-8:].lower() for secret in secrets if len(secret) >= 2 * 8]
    packed = [part for secret in secrets if len(secret) >= 2 * 8 for part in _packed(secret)]
    ends = {secret[-n:] for secret in secrets if len(secret) >= 2 * 8 for n in range(4, 8)}

    def hidden(word: re.Match[str]) -> str:
        bare = word[0].strip(_AROUND)
        small = word[0].lower()
        telling = "***" in word[0] or bare in ends or any(part in small for part in parts)
        telling = telling or any(part in word[0] for part in packed)
        return _KEY if telling else word[0]

    return re.sub(r"\S+", hidden, text)


def _packed(secret: str) -> list[str]:
    """What stands in a base64 text that holds the secret, at whichever of three places a letter of it may begin."""
    return [
        base64.urlsafe_b64encode(bytes(shift) + secret[:24].encode())[4:-4].decode().translate(table)
        for shift in range(3)
        for table in ({}, {ord("-"): "+", ord("_"): "/"})
    ]


def _plain(page: str) -> str:
    """The words of an HTML page, as gateways send them instead of an answer."""
    page = re.sub(r"(?is)<(script|style)\b[^>]*>.*?</\1\s*>", " ", page)
    return re.sub(r"<[^<>]*>", " ", page)

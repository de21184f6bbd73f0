"""Quoting a server: its words without secrets, without markup, and short."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

#: Characters of a server's text that a message repeats.
LONGEST = 300

_KEY = "[key]"
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
    """The text without the secrets, and without anything that looks like a key, whole or masked with stars."""
    for secret in secrets:
        text = text.replace(secret, _KEY)
    text = _KEY_LIKE.sub(_KEY, text)
    beginnings = tuple(secret[:8] for secret in secrets if len(secret) > 8)
    return re.sub(
        r"\S+",
        lambda word: _KEY if "***" in word[0] or any(start in word[0] for start in beginnings) else word[0],
        text,
    )


def _plain(page: str) -> str:
    """The words of an HTML page, as gateways send them instead of an answer."""
    page = re.sub(r"(?is)<(script|style)\b[^>]*>.*?</\1\s*>", " ", page)
    return re.sub(r"<[^<>]*>", " ", page)

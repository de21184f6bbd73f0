"""The proofreader's lists (data/proofread.toml), and the plain form in which words are compared."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any

_MARKS = re.compile("[\u0300-\u036f]")  # accents and cedillas, once they stand apart from their letters


@cache
def wordlists() -> dict[str, Any]:
    """The lists by name."""
    text = resources.files("avatar_core").joinpath("data/proofread.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def plain(text: str) -> str:
    """Lower case without accents.

    >>> plain("Sósia de Pelé")
    'sosia de pele'
    """
    return text.lower() if text.isascii() else _MARKS.sub("", unicodedata.normalize("NFKD", text)).lower()


def any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    """One expression for several, each of whole words."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)")

"""Occupations in Portuguese and English, and what the picture makes of them."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources

OTHER = "other"  #: the trade of everybody whom no word claims


@dataclass(frozen=True, slots=True)
class Trade:
    """What an occupation looks like: its backgrounds, its clothes and perhaps a hat."""

    id: str
    scenes: tuple[str, ...]
    outfits: tuple[str, ...]
    words: re.Pattern[str]
    hat: str = ""
    hat_chance: float = 1.0


def plain(text: str) -> str:
    """Lower case without accents: the form in which words are compared.

    >>> plain("Médica, Indígena")
    'medica, indigena'
    """
    parts = unicodedata.normalize("NFKD", text)
    return "".join(char for char in parts if not unicodedata.combining(char)).lower()


@cache
def all_trades() -> tuple[Trade, ...]:
    """The table in its order; the last trade is for every occupation that nobody claims."""
    text = resources.files(__package__).joinpath("trades.toml").read_text(encoding="utf-8")
    return tuple(
        Trade(
            id=row["id"],
            scenes=tuple(row["scenes"]),
            outfits=tuple(row["outfits"]),
            words=_matcher(row["words"]),
            hat=row.get("hat", ""),
            hat_chance=row.get("hat_chance", 1.0),
        )
        for row in tomllib.loads(text)["trade"]
    )


def trade_named(words: str) -> Trade | None:
    """The first trade that ``words`` names, in plain letters; None if it names none."""
    return next((trade for trade in all_trades() if trade.words.search(words)), None)


def trade_of(trade_id: str) -> Trade:
    """The trade of that id, or the one for everybody else."""
    return next((trade for trade in all_trades() if trade.id == trade_id), all_trades()[-1])


def _matcher(words: list[str]) -> re.Pattern[str]:
    """A pattern for any of the words; without words, one that matches nothing."""
    if not words:
        return re.compile(r"(?!)")
    stems = [re.escape(word.removesuffix(".")) + (r"\b" if word.endswith(".") else "") for word in words]
    return re.compile(r"\b(?:" + "|".join(stems) + ")")

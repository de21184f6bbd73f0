"""Wishes beyond age, gender, ethnicity and occupation, as people write them into a prompt by hand."""

from __future__ import annotations

import re
from dataclasses import dataclass

COLOURS = {
    "black": "#1c1c20",
    "pret": "#1c1c20",
    "brown": "#6b4425",
    "castanh": "#6b4425",
    "marrom": "#6b4425",
    "blond": "#c39a55",
    "loir": "#c39a55",
    "red": "#b3261e",
    "vermelh": "#b3261e",
    "ruiv": "#7c3a1c",
    "ginger": "#7c3a1c",
    "blue": "#2456a6",
    "azu": "#2456a6",
    "green": "#1f7a4d",
    "verde": "#1f7a4d",
    "yellow": "#e3b505",
    "amarel": "#e3b505",
    "orange": "#e2711d",
    "laranja": "#e2711d",
    "pink": "#d1477a",
    "rosa": "#d1477a",
    "purple": "#6a3d9a",
    "rox": "#6a3d9a",
    "white": "#f1efec",
    "branc": "#f1efec",
    "grey": "#a9a7a6",
    "gray": "#a9a7a6",
    "grisalh": "#a9a7a6",
    "gold": "#d9a928",
    "dourad": "#d9a928",
}
"""The beginning of a colour's name, in plain letters, and the colour."""

_COLOUR = r"(?:" + "|".join(COLOURS) + r")[a-z]{0,4}"
_GARMENTS = (
    r"shirt|t-shirt|blouse|sweater|jacket|coat|dress|top|scarf|hoodie"
    r"|camis[ae]\w*|blusa|jaqueta|casaco|vestido"
)
_THINGS = rf"hair|eyes|beard|hat|background|cabelos?|olhos|barba|fundo|glasses|oculos|{_GARMENTS}"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a line asks for in so many words; None or "" leaves it to chance."""

    glasses: bool | None = None
    glasses_colour: str = ""
    hair_colour: str = ""
    hair_length: str = ""  #: short, long or bald
    beard: str = ""  #: full, moustache or none
    hat: bool | None = None
    earrings: bool | None = None
    smile: bool | None = None
    shirt_colour: str = ""


def read_wishes(words: str) -> Wishes:
    """What the words, in plain letters, ask for."""
    return Wishes(
        glasses=_wanted(words, r"glasses|spectacles|oculos"),
        glasses_colour=_colour_of(words, r"glasses|spectacles|oculos"),
        hair_colour=_colour_of(words, r"hair|cabelos?") or _hair_word(words),
        hair_length=_hair_length(words),
        beard=_beard(words),
        hat=_wanted(words, r"hat|cap|helmet|chapeu|bone|capacete"),
        earrings=_wanted(words, r"earrings?|brincos?"),
        smile=_smile(words),
        shirt_colour=_colour_of(words, _GARMENTS),
    )


def without_wishes(words: str) -> str:
    """The words without coloured things, so that black hair makes nobody black."""
    words = re.sub(rf"\b(?:{_COLOUR}|dark)[ -](?:[a-z]+ )?(?:{_THINGS})\b", " ", words)
    words = re.sub(rf"\b(?:{_THINGS}) {_COLOUR}\b", " ", words)
    return re.sub(r"\b(?:wearing|with|usando|vestindo|com) [^,.;0-9]*", " ", words)


def _wanted(words: str, thing: str) -> bool | None:
    if re.search(rf"\b(?:no|without|sem) (?:{thing})\b", words):
        return False
    return True if re.search(rf"\b(?:{thing})\b", words) else None


def _colour_of(words: str, thing: str) -> str:
    before = re.search(rf"\b({_COLOUR})[ -](?:[a-z]+ )?(?:{thing})\b", words)
    after = re.search(rf"\b(?:{thing}) ({_COLOUR})\b", words)
    match = before or after
    if match is None:
        return ""
    return next(colour for name, colour in COLOURS.items() if match[1].startswith(name))


def _hair_word(words: str) -> str:
    """A hair colour said of the person: a blonde woman, um homem ruivo."""
    match = re.search(r"\b(blond|loir|ruiv|ginger|redhead|grisalh)", words)
    if match is None:
        return ""
    return COLOURS.get(match[1], COLOURS["ginger"])


def _hair_length(words: str) -> str:
    if re.search(r"\b(?:bald|carec[ao]|calv[ao]|shaved head)\b", words):
        return "bald"
    if re.search(r"\blong [a-z ]{0,20}hair\b|\bcabelos? [a-z ]{0,20}(?:longo|comprido)s?\b", words):
        return "long"
    if re.search(r"\bshort [a-z ]{0,20}hair\b|\bcabelos? [a-z ]{0,20}curtos?\b", words):
        return "short"
    return ""


def _beard(words: str) -> str:
    if re.search(r"\b(?:no beard|without (?:a )?beard|clean.?shaven|sem barba)\b", words):
        return "none"
    if re.search(r"\b(?:moustache|mustache|bigode)\b", words):
        return "moustache"
    return "full" if re.search(r"\b(?:beard(?:ed)?|barb[ua]d?[oa]?)\b", words) else ""


def _smile(words: str) -> bool | None:
    if re.search(r"\b(?:serious|not smiling|serio|seria|sem sorrir)\b", words):
        return False
    return True if re.search(r"\b(?:smil\w+|laugh\w*|sorri\w*|happy|feliz)\b", words) else None

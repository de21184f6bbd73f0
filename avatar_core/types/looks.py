"""The looks that portraits wear, and how it is decided who wears which."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Tone:
    """A look as arithmetic in CIE L*a*b*: L* stays, (a*, b*) becomes ``chroma`` times itself plus (``a``, ``b``).

    The shift is whole for a middle grey and fades to nothing in black and in white.
    """

    chroma: float = 1.0
    a: float = 0.0
    b: float = 0.0


@dataclass(frozen=True, slots=True)
class Filter:
    """A look, how a prompt says it, and how it is made here after the cut."""

    id: str
    label: str
    sentence: str  #: the order in a portrait line of the contract: "Apply sepia filter."
    description: str  #: the same look in plain photographic words
    portuguese: str  #: the description in Portuguese
    pixels: Tone | None = None  #: None: only the image model can draw it


class FilterMode(StrEnum):
    """Where the looks come from."""

    PROMPT = "prompt"  #: spoken in the prompt
    AFTER = "after"  #: applied here, after the cut
    NONE = "none"


class FilterPlan(StrEnum):
    """How it was decided who wears which look."""

    BALANCED = "balanced"  #: as even as can be, over all and within each gender
    COUNTERBALANCED = "counterbalanced"  #: over gender, ethnicity and age band together
    SAME = "same"
    BY_HAND = "by hand"

"""What a user chose: people seated in blocks, the words around them, and the recipe."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from avatar_core.types.looks import FilterMode, FilterPlan
from avatar_core.types.people import Persona
from avatar_core.types.sizes import Size


@dataclass(frozen=True, slots=True)
class Block:
    """Up to nine personas of one picture. ``personas[i]`` sits in cell i + 1 and wears ``filters[i]``."""

    index: int  #: place in the run, from 0
    personas: tuple[Persona, ...]
    filters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prompt:
    """The exact text that is sent for one block."""

    text: str
    template: str

    @property
    def characters(self) -> int:
        return len(self.text)


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything the user chose about a run, apart from the people."""

    model: str
    size: Size
    quality: str
    template: str = "precise"
    words: str = ""  #: the template's text as edited by the user; empty: the template as it stands
    exact_prompt: str = ""  #: a whole prompt written by hand, for a run of one block
    filter_mode: FilterMode = FilterMode.PROMPT
    filter_plan: FilterPlan = FilterPlan.BALANCED
    seed: int = 0

    def as_dict(self) -> dict[str, Any]:
        return {
            "model": self.model,
            "size": str(self.size),
            "quality": self.quality,
            "template": self.template,
            "words": self.words,
            "exact_prompt": self.exact_prompt,
            "filter_mode": self.filter_mode.value,
            "filter_plan": self.filter_plan.value,
            "seed": self.seed,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Recipe:
        return cls(
            **{
                **data,
                "size": Size.parse(data["size"]),
                "filter_mode": FilterMode(data["filter_mode"]),
                "filter_plan": FilterPlan(data.get("filter_plan", FilterPlan.BALANCED)),
            }
        )

"""Templates: the words around nine people, as TOML files in data/templates or as edited by a user."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from typing import Any

from avatar_core.errors import TemplateBroken, TemplateUnknown
from avatar_core.types import Ethnicity, Gender

DEFAULT_TEMPLATE = "precise"

#: What a template's words may hold, and what takes its place. ``{portraits}`` must be there exactly once.
PLACEHOLDERS: Mapping[str, str] = {
    "portraits": "one line for each of the nine cells, people first, then empty cells",
    "people": "how many people the picture shows, such as “nine different people, one in each cell”",
    "empty_note": "one sentence about the empty cells; nothing if there are none",
    "look_note": "one sentence about the looks, or about natural colour if the looks are not spoken",
    "count": "the number of people",
    "rows": "the number of rows, 3",
    "columns": "the number of columns, 3",
}
_LINE_PLACEHOLDERS = ("cell", "row", "column", "gender", "age", "ethnicity", "occupation", "look")
_OCCASIONS = ("full", "one_empty", "some_empty", "one_person")


@dataclass(frozen=True, slots=True)
class Template:
    """Words around nine people, and how they are said for a person, an empty cell and a partial block."""

    name: str
    label: str
    about: str
    words: str
    person: str
    empty: str
    look: str  #: which words of a filter a line uses: "sentence" or "description"
    look_spoken: str
    look_unspoken: str
    genders: Mapping[str, str] = field(hash=False)
    #: by ethnicity; a mapping by gender where a language needs it
    ethnicities: Mapping[str, str | Mapping[str, str]] = field(hash=False)
    ages: Mapping[str, str] = field(hash=False)  #: for "one" year and for "many"
    #: by occasion (full, one_empty, some_empty, one_person): what {people} and {empty_note} say
    occasions: Mapping[str, Mapping[str, str]] = field(hash=False)

    def gender_words(self, gender: Gender) -> str:
        return self.genders[gender.value]

    def ethnicity_words(self, gender: Gender, ethnicity: Ethnicity) -> str:
        words = self.ethnicities[ethnicity.value]
        return words if isinstance(words, str) else words[gender.value]


def read_template(name: str, text: str) -> Template:
    """Make a template from the text of its TOML file.

    Raises:
        TemplateBroken: a part is missing or a placeholder is unknown; the message names it.
    """
    try:
        data: dict[str, Any] = tomllib.loads(text)
        data.pop("example", None)
        occasions = {occasion: data.pop(occasion) for occasion in _OCCASIONS}
        template = Template(name=name, occasions=occasions, **data)
        _speak_all(template)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as error:
        raise TemplateBroken(
            f"Template “{name}” lacks a part or has an unknown one: {error}. Compare it with another template."
        ) from None
    for line in (template.person, template.empty):
        _refuse_unknown(line, _LINE_PLACEHOLDERS)
    return template_with_words(template, template.words)


def _speak_all(template: Template) -> None:
    """Look up everything that any block may need, so that a missing word is found now and not in a run."""
    for gender in Gender:
        template.gender_words(gender)
        for ethnicity in Ethnicity:
            template.ethnicity_words(gender, ethnicity)
    for said in template.occasions.values():
        said["people"], said["empty_note"]
    template.ages["one"], template.ages["many"]
    if template.look not in ("sentence", "description"):
        raise KeyError("look must be “sentence” or “description”")


@cache
def templates() -> tuple[Template, ...]:
    """Every built-in template, the default first, the others by name."""
    folder = resources.files("avatar_core").joinpath("data/templates")
    names = sorted(
        file.name.removesuffix(".toml") for file in folder.iterdir() if file.name.endswith(".toml")
    )
    names.sort(key=lambda name: name != DEFAULT_TEMPLATE)
    return tuple(
        read_template(name, folder.joinpath(f"{name}.toml").read_text(encoding="utf-8")) for name in names
    )


def find_template(name: str) -> Template:
    """The built-in template of this name.

    Raises:
        TemplateUnknown: there is none; the message names those that exist.
    """
    for template in templates():
        if template.name == name:
            return template
    known = ", ".join(template.name for template in templates())
    raise TemplateUnknown(f"There is no template called “{name[:40]}”. Choose one of: {known}.")


def template_with_words(template: Template, words: str) -> Template:
    """The template with its words edited by a user; blank words leave it as it is.

    Raises:
        TemplateBroken: {portraits} is missing or stands there twice, or a placeholder is unknown.
    """
    words = "\n".join(line.rstrip() for line in words.splitlines()).strip()
    if not words:
        return template
    _refuse_unknown(words, tuple(PLACEHOLDERS))
    if (times := words.count("{portraits}")) != 1:
        raise TemplateBroken(
            f"The template holds {{portraits}} {times} times. Write it exactly once, on a line of its own: the people go there."
        )
    return replace(template, words=words)


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put values into their places in one pass: what a value holds is never read as a placeholder."""
    return re.sub(r"\{([a-z_]+)\}", lambda found: values.get(found[1], found[0]), text)


def _refuse_unknown(text: str, allowed: tuple[str, ...]) -> None:
    unknown = [name for name in re.findall(r"\{([^{}\n]*\S[^{}\n]*)\}", text) if name not in allowed]
    if unknown:
        raise TemplateBroken(
            f"The template names {{{unknown[0][:40]}}}, which is unknown. Allowed: {', '.join(f'{{{name}}}' for name in allowed)}."
        )

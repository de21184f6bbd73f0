"""Templates: the words around nine people, as TOML files in data/templates or as edited by a user."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
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
#: What the line of a cell may hold. A person's line has the four facts once each and says which cell it is about.
LINE_PLACEHOLDERS: Mapping[str, str] = {
    "cell": "the number of the cell, 1 to 9, row by row",
    "row": "its row, 1 to 3 from the top",
    "column": "its column, 1 to 3 from the left",
    "gender": "the word of [genders]",
    "age": "the words of [ages], whose {years} is the number",
    "ethnicity": "the words of [ethnicities]",
    "occupation": "the occupation as the row has it, kept on its line",
    "look": "how the filter is said; nothing if looks are not spoken",
}
_FACTS = ("gender", "age", "ethnicity", "occupation")
_LOOKS = ("sentence", "description", "portuguese", "")
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
    look: str  #: which words of a filter a line uses: sentence, description, portuguese; empty: it never speaks of one
    look_spoken: str
    look_unspoken: str
    genders: Mapping[str, str] = field(hash=False)
    #: by ethnicity; a mapping by gender where a language needs it
    ethnicities: Mapping[str, str | Mapping[str, str]] = field(hash=False)
    ages: Mapping[str, str] = field(hash=False)  #: for "one" year and for "many"
    #: by occasion (full, one_empty, some_empty, one_person): what {people} and {empty_note} say
    occasions: Mapping[str, Mapping[str, str]] = field(hash=False)

    @property
    def speaks_of_looks(self) -> bool:
        """Whether its prompts can ask for a look. One that does not draws everybody without any."""
        return bool(self.look)

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
    _check_lines(template)
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
    if template.look not in _LOOKS:
        raise KeyError(f"look must be one of {', '.join(map(repr, _LOOKS))}")


def _check_lines(template: Template) -> None:
    """A line that lacks a fact, or does not say whose it is, would spoil every picture without anyone noticing."""
    _refuse_unknown(template.person, LINE_PLACEHOLDERS)
    _refuse_unknown(template.empty, ("cell", "row", "column"))
    wanted = (*_FACTS, "look") if template.look else _FACTS
    for fact in wanted:
        if template.person.count(f"{{{fact}}}") != 1:
            raise TemplateBroken(f"The person's line of “{template.name}” must hold {{{fact}}} exactly once.")
    for line in (template.person, template.empty):
        if "\n" in line or not ("{cell}" in line or ("{row}" in line and "{column}" in line)):
            raise TemplateBroken(
                f"Each line of “{template.name}” must be one line and name its cell: {{cell}}, or {{row}} and {{column}}."
            )


def _files() -> dict[str, str]:
    """The text of every built-in template by name, the default first, the others by name."""
    folder = resources.files("avatar_core").joinpath("data/templates")
    names = sorted(
        file.name.removesuffix(".toml") for file in folder.iterdir() if file.name.endswith(".toml")
    )
    names.sort(key=lambda name: name != DEFAULT_TEMPLATE)
    return {name: folder.joinpath(f"{name}.toml").read_text(encoding="utf-8") for name in names}


@cache
def own_words() -> frozenset[str]:
    """Every word and number, in lower case, that some template says itself or in its example's looks."""
    said = set()
    for name, text in _files().items():
        example = tomllib.loads(text).get("example", {})
        people = " ".join(one["occupation"] for one in example.get("people", ())).casefold()
        expected = set(re.findall(r"\w+", example.get("expected", "").casefold()))
        said |= expected - set(re.findall(r"\w+", people))
        said |= set(re.findall(r"\w+", repr(find_template(name)).casefold()))
    return frozenset(said)


@cache
def templates() -> tuple[Template, ...]:
    """Every built-in template, the default first, the others by name."""
    return tuple(read_template(name, text) for name, text in _files().items())


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
    _refuse_unknown(words, PLACEHOLDERS)
    if (times := words.count("{portraits}")) != 1:
        raise TemplateBroken(
            f"The template holds {{portraits}} {times} times. Write it exactly once, on a line of its own: the people go there."
        )
    return replace(template, words=words)


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put values into their places in one pass: what a value holds is never read as a placeholder."""
    return re.sub(r"\{([a-z_]+)\}", lambda found: values.get(found[1], found[0]), text)


def _refuse_unknown(text: str, allowed: Iterable[str]) -> None:
    unknown = [name for name in re.findall(r"\{([^{}\n]*\S[^{}\n]*)\}", text) if name not in allowed]
    if unknown:
        raise TemplateBroken(
            f"The template names {{{unknown[0][:40]}}}, which is unknown. Allowed: {', '.join(f'{{{name}}}' for name in allowed)}."
        )

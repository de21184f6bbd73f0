"""What tables call columns, genders and ethnicities, and which of our words that is (data/vocabulary.toml)."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

#: The columns without which there is no portrait, in the order of the editor.
REQUIRED = ("age", "gender", "ethnicity", "occupation")
FIELDS = ("id", "name", *REQUIRED)

#: Characters. Whatever is longer is no header and no word of ours.
MAX_WORD = 200

ALLOWED = {
    "gender": "man, woman or person (homem, mulher, pessoa)",
    "ethnicity": "white, pardo, black, asian or indigenous (branca, parda, preta, amarela, indígena)",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a word was taken for: ``word`` is empty if it was refused, and then ``problem`` says why."""

    word: str = ""
    problem: str = ""
    #: Why the user should look at it although it was accepted.
    notice: str = ""
    #: Whether another word stood there.
    translated: bool = False


def plain(text: str) -> str:
    """The bare words of a text: no accents, case or punctuation.

    >>> plain(" Raça/COR ")
    'raca cor'
    """
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    bare = (c for c in decomposed if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in bare).split())


@lru_cache(maxsize=1024)
def column_rank(header: str) -> tuple[str, int] | None:
    """The field that a header names and how good a name it is, 0 being the best; None for any other column.

    A dotted header is a path in nested data: only the known objects may stand before the last part. What stands in
    brackets is a remark.

    >>> column_rank("demografia.raca_etnia")
    ('ethnicity', 1)
    """
    if len(header) > MAX_WORD:  # a text and no header
        return None
    *parents, last = header.split(".")
    if not all(_joined(parent) in _vocabulary().objects for parent in parents):
        parents, last = [], header
    columns = _vocabulary().columns
    return columns.get(_joined(last)) or columns.get(_joined(re.sub(r"[(\[][^)\]]*[)\]]", "", last)))


def steps_back(field: str, header: str) -> bool:
    """Whether a header of a field stands behind another one without anybody being asked.

    >>> steps_back("gender", "demografia.genero_biologico"), steps_back("gender", "gender")
    (True, False)
    """
    return _joined(header.rpartition(".")[2]) in map(_joined, _data()["behind"].get(field, ()))


def synonyms(field: str) -> Mapping[str, Sequence[str]]:
    """Every word that is understood for each of our words, as the vocabulary lists them."""
    said: Mapping[str, Sequence[str]] = _data()[field]["words"]
    return said


def headers(field: str) -> Sequence[str]:
    """Every header that is understood as a field, the best first."""
    said: Sequence[str] = _data()["columns"][field]
    return said


def read_word(field: str, text: str) -> Reading:
    """Take a gender or an ethnicity for one of our words.

    Args:
        field: ``gender`` or ``ethnicity``.
        text: what stood in the cell; not empty.
    """
    words, bare = _vocabulary().words[field], plain(text[:MAX_WORD])
    if bare in words.questions:
        return Reading(problem=words.questions[bare])
    if bare not in words.synonyms or len(text) > MAX_WORD:
        return Reading(problem=f"is not a known {field}")
    word = words.synonyms[bare]
    return Reading(word, notice=words.notices.get(bare, ""), translated=bare != word)


@dataclass(frozen=True, slots=True)
class _Words:
    synonyms: Mapping[str, str]
    notices: Mapping[str, str]
    questions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    columns: Mapping[str, tuple[str, int]]
    objects: frozenset[str]
    words: Mapping[str, _Words]


@cache
def _data() -> Mapping[str, Any]:
    file = resources.files("avatar_core").joinpath("data/vocabulary.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


@cache
def _vocabulary() -> _Vocabulary:
    data = _data()
    return _Vocabulary(
        columns={
            _joined(header): (field, rank)
            for field, headers in data["columns"].items()
            for rank, header in enumerate(headers)
        },
        objects=frozenset(map(_joined, data["nesting"]["objects"])),
        words={field: _words(data[field]) for field in ALLOWED},
    )


def _words(data: Mapping[str, Mapping[str, object]]) -> _Words:
    synonyms: dict[str, str] = {}
    for word, said in data["words"].items():
        assert isinstance(said, list)  # noqa: S101 - our own file
        synonyms.update({plain(one): word for one in said})
    said_of = {
        key: {plain(word): str(text) for word, text in data.get(key, {}).items()}
        for key in ("notices", "questions")
    }
    return _Words(synonyms, said_of["notices"], said_of["questions"])


def _joined(header: str) -> str:
    """A header without any separators: raca_etnia, raça/etnia and RacaEtnia are one."""
    return plain(header).replace(" ", "")

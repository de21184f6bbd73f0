"""The vocabulary of the product: read this file and you know what it is about.

Frozen values that rooms hand to each other. No file, network, pixel or page is touched here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from avatar_core.errors import ChoiceIllegal


class Gender(StrEnum):
    """How a portrait line opens. ``PERSON`` stands for every identity that is neither man nor woman."""

    MAN = "man"
    WOMAN = "woman"
    PERSON = "person"


class Ethnicity(StrEnum):
    """Cor ou raça as IBGE asks it (branca, parda, preta, amarela, indígena); self-declared data of the row."""

    WHITE = "white"
    PARDO = "pardo"
    BLACK = "black"
    ASIAN = "asian"
    INDIGENOUS = "indigenous"


class Verdict(StrEnum):
    """What is known about a grid or an avatar."""

    UNVERIFIED = "unverified"  #: nobody and nothing has checked it yet
    ACCEPTED = "accepted"
    QUARANTINED = "quarantined"  #: shown with its reasons, saved under nobody's id
    REJECTED = "rejected"


class Origin(StrEnum):
    """Where the lines of a cut come from."""

    FOUND = "found"  #: by looking at the picture
    THIRDS = "thirds"  #: equal parts, asked for by a person
    BY_HAND = "by hand"  #: a person moved them


class BlockState(StrEnum):
    """Where a block of a run stands."""

    QUEUED = "queued"
    PAINTING = "painting"
    WAITING = "waiting"  #: before another attempt
    CUTTING = "cutting"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def finished(self) -> bool:
        return self in (BlockState.DONE, BlockState.FAILED, BlockState.CANCELLED)


def overall(states: Iterable[BlockState]) -> BlockState:
    """The state to show for many blocks: what is still going on, else the worst that happened."""
    seen = set(states)
    order = (
        BlockState.PAINTING,
        BlockState.CUTTING,
        BlockState.WAITING,
        BlockState.QUEUED,
        BlockState.FAILED,
        BlockState.CANCELLED,
    )
    return next((state for state in order if state in seen), BlockState.DONE)


@dataclass(frozen=True, slots=True)
class Persona:
    """One synthetic person. Only age, gender, ethnicity and occupation ever leave this machine."""

    id: str
    age: int
    gender: Gender
    ethnicity: Ethnicity
    occupation: str
    name: str = ""
    #: Other columns of the row, in order, carried to the manifest and never sent.
    extra: tuple[tuple[str, str], ...] = ()

    @property
    def described(self) -> str:
        """One line about the person, for captions and for those who cannot see the picture."""
        return f"{self.gender.value.capitalize()}, {self.age}, {self.ethnicity.value}, {self.occupation}"


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One thing wrong with one row: where, what, and what would be allowed.

    ``row`` counts data rows from 1, as a user sees them; 0 speaks of the whole table.
    ``fatal`` rows are left out; the others are notices about rows that stay usable.
    """

    row: int
    column: str
    value: str
    problem: str
    allowed: str = ""
    fatal: bool = True

    def __str__(self) -> str:
        where = f"Row {self.row}" if self.row else "The table"
        column = f", column “{self.column}”" if self.column else ""
        said = f" “{self.value}”" if self.value else ""
        allowed = f" Allowed: {self.allowed}." if self.allowed else ""
        return f"{where}{column}:{said} {self.problem}.{allowed}"


@dataclass(frozen=True, slots=True)
class People:
    """What a table gave: the usable people and every problem of the others."""

    personas: tuple[Persona, ...]
    problems: tuple[RowProblem, ...] = ()


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


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height in pixels.

    >>> str(Size.parse("1536x1536"))
    '1536x1536'
    """

    width: int
    height: int

    @classmethod
    def parse(cls, text: str) -> Size:
        match = re.fullmatch(r"\s*(\d{1,5})\s*[x×X]\s*(\d{1,5})\s*", text, flags=re.ASCII)
        if match is None or not (int(match[1]) and int(match[2])):
            raise ChoiceIllegal(f"“{text[:40]}” is not a size. Write width x height, such as 1536x1536.")
        return cls(int(match[1]), int(match[2]))

    @property
    def pixels(self) -> int:
        return self.width * self.height

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"


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


@dataclass(frozen=True, slots=True)
class SizeRule:
    """Which sizes a model draws: a fixed list, or any size within bounds (edges in px)."""

    fixed: tuple[Size, ...] = ()
    multiple_of: int = 1
    min_pixels: int = 1
    max_pixels: int = 10**9
    min_edge: int = 1
    max_edge: int = 10**5
    max_aspect: float = 10**5
    experimental_above: int = 10**9  #: pixels, beyond which the provider promises less


@dataclass(frozen=True, slots=True)
class Prices:
    """USD per million tokens, with the date and source of the figures."""

    text_in: float
    image_in: float
    image_out: float
    as_of: date
    source: str


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What is known about a model: data from the catalog, read by pages, checks, cost and adapters alike."""

    id: str
    label: str
    dialect: str  #: how to speak to it: demo, openai, …
    about: str
    sizes: SizeRule
    grid_sizes: tuple[Size, ...]  #: the sizes offered for a 3x3 grid, the default first
    qualities: tuple[str, ...]  #: the default first; empty: the parameter does not exist
    prompt_limit: int  #: characters
    prices: Prices | None = None
    #: tokens of one output picture, per quality: the G of the derived formula in cost.py; empty: not known
    token_scale: dict[str, int] = field(default_factory=dict, hash=False)
    #: measured or published output tokens, per (size, quality) written "1024x1024 high"
    token_table: dict[str, int] = field(default_factory=dict, hash=False)
    token_source: str = ""  #: who says so, for the note beside an estimate
    parameters: tuple[str, ...] = ()  #: what a request may carry besides model and prompt
    #: what every request carries besides, with its value, such as response_format
    fixed: dict[str, str] = field(default_factory=dict, hash=False)
    #: what a prompt may not hold, because the server would take it for an order
    forbidden: tuple[str, ...] = ()
    edits: bool = False  #: whether it can change a part of a picture, see EditRequest
    names: tuple[str, ...] = ()  #: snapshots and other names under which the same model is found
    shutdown: date | None = None
    successor: str = ""

    @property
    def local(self) -> bool:
        """Whether the model runs on this machine, free and without a key."""
        return self.dialect == "demo"

    @property
    def wire_id(self) -> str:
        """The id as the server knows it: without the dialect that a user wrote before it."""
        return self.id.removeprefix(f"{self.dialect}:")

    def retired(self, today: date) -> bool:
        return self.shutdown is not None and today >= self.shutdown


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one answer, as the server counted them."""

    input_text: int
    input_image: int
    output: int
    usd: float | None = None  #: what the server says that it charged, where it says so


@dataclass(frozen=True, slots=True)
class Cost:
    """An amount in USD; ``basis`` says where it comes from: free, estimate, usage or unknown."""

    usd: float | None
    basis: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class PaintRequest:
    """What one attempt asks of a model: the prompt byte for byte, and the legal choices."""

    prompt: str
    size: Size
    quality: str = ""
    seed: int = 0  #: the demo model draws the same picture for the same seed; real models have none


@dataclass(frozen=True, slots=True)
class Change:
    """A picture that a program sent to be changed: blobs, because an order may wait, and a restart sends them again."""

    picture: str  #: its blob
    mask: str  #: the blob of its mask; empty: all of it may change
    size: Size  #: of both, in px


@dataclass(frozen=True, slots=True)
class Wish:
    """What a program orders: pictures of one prompt, without people, and how they are brought about.

    A model that was shut down may be asked for; another draws then, perhaps larger, and its words may be added to.
    """

    prompt: str  #: as given
    model: str  #: as asked for
    size: Size  #: of the pictures that are handed out
    quality: str
    style: str
    count: int
    drawn_by: str  #: the id of the model that draws
    drawn_size: Size
    drawn_quality: str
    sent: str  #: the prompt that goes out
    change: Change | None = None  #: what is to be changed; None draws from the prompt alone

    def as_dict(self) -> dict[str, Any]:
        change = asdict(self.change) | {"size": str(self.change.size)} if self.change else None
        sizes = {"size": str(self.size), "drawn_size": str(self.drawn_size)}
        return {**asdict(self), **sizes, "change": change}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Wish:
        sizes = {name: Size.parse(data[name]) for name in ("size", "drawn_size")}
        told = data.get("change")
        change = Change(**{**told, "size": Size.parse(told["size"])}) if told else None
        return cls(**{**data, **sizes, "change": change})


@dataclass(frozen=True, slots=True)
class EditRequest:
    """What one attempt asks of a model that can change a picture: what to draw anew, and where.

    ``mask`` is a PNG of the picture's size whose transparent part is drawn anew; empty: all of it may change. Models
    take a mask as a hint and touch other parts too, so only the part that was meant may be taken from the answer.
    """

    prompt: str
    picture: bytes  #: PNG, JPEG or WebP
    mask: bytes
    size: Size  #: of the picture to come
    quality: str = ""


@dataclass(frozen=True, slots=True)
class Painting:
    """The picture that a model gave: its original bytes and what is known about them."""

    data: bytes
    media_type: str  #: by magic bytes, such as image/png
    size: Size  #: read from the picture, whatever was asked for
    model: str
    seconds: float
    sent: dict[str, Any]  #: the request's parameters as sent, never a header or a key
    request_id: str | None = None
    revised_prompt: str | None = None
    usage: Usage | None = None


Box = tuple[int, int, int, int]
"""(left, top, right, bottom) in px; right and bottom exclusive, as Pillow has it."""


ACCEPTED_BY_PERSON = "Accepted by a person."
"""The last reason of a cut that a person let through."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Where the cells lie in a grid: ``boxes`` row by row, cell 1 first.

    ``confidence`` runs from 0 to 1; an exact division of the picture that looked at no pixel has 0.
    """

    boxes: tuple[Box, ...]
    confidence: float
    verdict: Verdict
    reasons: tuple[str, ...] = ()
    rows: int = 3
    columns: int = 3
    #: What is wrong with single cells: the cell from 1, and why. ``reasons`` say it too, as sentences.
    findings: tuple[tuple[int, str], ...] = ()
    origin: Origin = Origin.FOUND

    @property
    def by_person(self) -> bool:
        """Whether a person looked at it and accepted it."""
        return ACCEPTED_BY_PERSON in self.reasons

    def findings_of(self, cell: int) -> tuple[str, ...]:
        """What is wrong with one cell, from 1."""
        return tuple(said for place, said in self.findings if place == cell)


@dataclass(frozen=True, slots=True)
class PastCut:
    """One cut in the history of a grid. Nothing is ever deleted there."""

    id: int
    made: datetime  #: UTC
    cut: Cut
    in_use: bool  #: whether it is its block's cut now


@dataclass(frozen=True, slots=True)
class Avatar:
    """One persona's picture: which cell of which block, and the blob that holds its PNG."""

    persona: Persona
    filter: str
    block: int
    cell: int
    blob: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Grid:
    """The uncut picture as it arrived, kept for ever."""

    id: str
    blob: str
    media_type: str
    size: Size
    model: str
    seconds: float
    sent: dict[str, Any] = field(hash=False)
    cost: Cost
    arrived: datetime
    request_id: str | None = None
    revised_prompt: str | None = None
    usage: Usage | None = None
    estimate: Cost | None = None  #: what it was to cost, before it was ordered; ``cost`` is what it did cost


@dataclass(frozen=True, slots=True)
class BlockRecord:
    """One block of a run, as the store knows it now."""

    block: Block
    prompt: str  #: the exact text that is or was sent
    state: BlockState
    changed: datetime  #: when ``state`` was entered, UTC
    attempts: int = 0
    error: str = ""  #: the error's code, see errors.py
    message: str = ""  #: what to tell the user
    not_before: datetime | None = None  #: when a server that refused allows another try
    grid: Grid | None = None
    cut: Cut | None = None
    avatars: tuple[Avatar, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """A recipe over people: everything that was chosen, and everything that came of it."""

    id: str
    created: datetime  #: UTC
    title: str
    recipe: Recipe
    blocks: tuple[BlockRecord, ...]
    session: str = ""  #: runs of one tuning session share it
    variant: str = ""  #: the run's label within its session, such as A

    @property
    def personas(self) -> tuple[Persona, ...]:
        return tuple(persona for record in self.blocks for persona in record.block.personas)

    @property
    def avatars(self) -> tuple[Avatar, ...]:
        return tuple(avatar for record in self.blocks for avatar in record.avatars)

    @property
    def finished(self) -> bool:
        return all(record.state.finished for record in self.blocks)

    @property
    def complete(self) -> bool:
        """Whether every picture is here and cut; a run can be finished without, when some of it failed.

        A picture without people has nothing to cut.
        """
        return all(
            record.grid is not None and (record.cut is not None or not record.block.personas)
            for record in self.blocks
        )

    @property
    def state(self) -> BlockState:
        """The state to show for the whole run: what is still going on, else the worst that happened."""
        return overall(record.state for record in self.blocks)

    @property
    def usd(self) -> float | None:
        """What the arrived pictures cost in USD; None if that is unknown for any of them."""
        costs = [record.grid.cost.usd for record in self.blocks if record.grid]
        known = [usd for usd in costs if usd is not None]
        return sum(known) if len(known) == len(costs) else None

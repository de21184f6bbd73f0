"""What is known about a model: data of the catalog."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from avatar_core.types.sizes import Size


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

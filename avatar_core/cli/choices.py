"""What the user chose: the arguments and options that commands share, and what is made of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from avatar_core.cli.terminal import Refusal, problem_rows, say_problems
from avatar_core.errors import NoPeople
from avatar_core.types import FilterMode, People, Recipe, Size

if TYPE_CHECKING:
    from avatar_core.models.catalog import Catalog
    from avatar_core.settings import Settings

people_file = click.argument("people", type=click.Path(path_type=Path))
model_option = click.option(
    "--model",
    default="",
    metavar="ID",
    help="The image model, see the `models` command.  [default: AVATAR_MODEL if set; else demo without a key, "
    "gpt-image-2.5-flare with one]",
)
size_option = click.option(
    "--size",
    default="",
    metavar="WxH",
    help="Size of the whole picture of nine in px, such as 1536x1536.  [default: the model's first]",
)
quality_option = click.option(
    "--quality", default="", help="One of the model's qualities, such as low or high.  [default: its first]"
)
template_option = click.option(
    "--template",
    default="precise",
    show_default=True,
    metavar="NAME",
    help="The words around the people, such as precise or contract.",
)
seed_option = click.option(
    "--seed",
    default=1,
    show_default=True,
    type=click.IntRange(0, 2**31 - 1),
    metavar="N",
    help="Another number deals the looks anew, and lets the demo draw other faces.",
)
filters_option = click.option(
    "--filters",
    type=click.Choice([mode.value for mode in FilterMode]),
    default=FilterMode.PROMPT.value,
    show_default=True,
    help="Looks such as sepia, dealt out evenly: spoken in the prompt, applied here after the cut, or none.",
)


def read_people_of(path: Path) -> People:
    """The people of a file, of whom there is at least one.

    Raises:
        InputError: the file cannot be used.
        Refusal: none of its rows can.
    """
    from avatar_core.people import read_people_file

    found = read_people_file(path)
    if not found.personas:
        say_problems(found)
        raise Refusal(NoPeople(), problems=problem_rows(found))
    return found


def recipe_of(
    settings: Settings,
    models: Catalog,
    *,
    model: str,
    size: str,
    quality: str,
    template: str,
    filters: str,
    seed: int,
) -> Recipe:
    """The recipe that the options make; what was left out is the model's default.

    Raises:
        InputError: an option cannot be used.
    """
    model = model or settings.default_model
    facts = models.find(model)
    return Recipe(
        model=model,
        size=Size.parse(size) if size else facts.grid_sizes[0],
        quality=quality,
        template=template,
        filter_mode=FilterMode(filters),
        seed=seed,
    )

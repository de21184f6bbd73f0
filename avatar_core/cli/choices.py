"""What the user chose: the arguments and options that commands share, and what is made of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from avatar_core.cli.terminal import today
from avatar_core.errors import InputError
from avatar_core.finish import LARGEST, SMALLEST, Finish, Form, Format
from avatar_core.types import FilterMode, FilterPlan, Persona, Recipe, Size

if TYPE_CHECKING:
    from avatar_core.models.catalog import Catalog
    from avatar_core.planning import Plan
    from avatar_core.settings import Settings

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
    help="Looks such as sepia: spoken in the prompt, applied here after the cut, or none.",
)
LOOK_COLUMN = "look"
"""Where a table says by hand who wears what."""

_PLANS = {
    "balanced": FilterPlan.BALANCED,
    "counterbalanced": FilterPlan.COUNTERBALANCED,
    "by-hand": FilterPlan.BY_HAND,
}


def _plan(_: click.Context, __: click.Parameter, said: str) -> str:
    if said not in _PLANS and not said.startswith("same:"):
        raise click.BadParameter(
            f"“{said}” is no plan. Write balanced, counterbalanced, by-hand, or same:ID such as same:sepia."
        )
    return said


plan_option = click.option(
    "--plan",
    default="balanced",
    show_default=True,
    metavar="HOW",
    callback=_plan,
    help="Who wears which look: balanced over all and each gender; counterbalanced over gender, ethnicity and age "
    "together; same:ID, one look for everybody, such as same:sepia; by-hand, as the column “look” of the table says.",
)
balance_option = click.option(
    "--balance",
    type=click.Path(path_type=Path),
    help="Save the table of how often each group wears each look, .md or .csv.",
)


def recipe_of(
    settings: Settings,
    models: Catalog,
    *,
    model: str,
    size: str,
    quality: str,
    template: str,
    filters: str,
    plan: str,
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
        filter_plan=_PLANS.get(plan, FilterPlan.SAME),
        seed=seed,
    )


def plan_of(settings: Settings, models: Catalog, personas: Sequence[Persona], **chosen: Any) -> Plan:
    """The plan of a run that the options make.

    Raises:
        InputError: an option cannot be used, or something cannot be sent.
    """
    from avatar_core.filters import plan_by_hand, plan_same
    from avatar_core.planning import make_plan

    recipe = recipe_of(settings, models, **chosen)
    filters: Sequence[str] | None = None
    if recipe.filter_plan is FilterPlan.SAME:
        filters = plan_same(personas, chosen["plan"].removeprefix("same:"))
    elif recipe.filter_plan is FilterPlan.BY_HAND:
        if not any(name == LOOK_COLUMN for persona in personas for name, _ in persona.extra):
            raise InputError(
                f"The table has no column “{LOOK_COLUMN}”, which says by hand who wears which look. Add it."
            )
        personas, filters = plan_by_hand(personas, LOOK_COLUMN)
    return make_plan(models.usable(recipe.model, today()), personas, recipe, filters)


def finish_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of how avatars are made, and hand them to it as its ``finish``."""

    @wraps(command)
    def with_finish(*given: Any, form: str, side: int | None, kind: str, enlarge: bool, **others: Any) -> Any:
        return command(*given, finish=Finish(Form(form), side, Format(kind), enlarge), **others)

    options = (
        click.option(
            "--form",
            type=click.Choice([each.value for each in Form]),
            default=Form.CELL.value,
            show_default=True,
            help="What an avatar shows: exactly its cell; a square with head-room; or a round one.",
        ),
        click.option(
            "--side",
            type=click.IntRange(SMALLEST, LARGEST),
            metavar="PX",
            help="Longer side of an avatar, such as 512, 256 or 128; smaller ones stay as they are.  [default: its own]",
        ),
        click.option(
            "--format",
            "kind",
            type=click.Choice([each.value for each in Format]),
            default=Format.PNG.value,
            show_default=True,
            help="PNG and WebP are lossless; JPEG is small, and a round one is white around.",
        ),
        click.option("--enlarge", is_flag=True, help="Also enlarge avatars to --side."),
    )
    for option in reversed(options):
        with_finish = option(with_finish)
    return with_finish


def check_balance(path: Path | None) -> None:
    """Refuse, before anything is spent, a file that a balance table is not written to.

    Raises:
        InputError: its ending.
    """
    if path is not None and path.suffix.lower() not in (".md", ".csv"):
        raise InputError(f"A balance table is not saved as {path.name}. End the name with .md or .csv.")


def balance_of(plan: Plan, path: Path) -> bytes:
    """How often each group of people wears each look, in the format that the file's ending names."""
    from avatar_core.filters import all_filters, applicable_after, balance_table

    dealt: Sequence[str] | None = None
    if plan.recipe.filter_plan in (FilterPlan.BALANCED, FilterPlan.COUNTERBALANCED):
        # Looks that were to be dealt are counted also where nobody wears them.
        dealt = {
            FilterMode.PROMPT: [look.id for look in all_filters()],
            FilterMode.AFTER: list(applicable_after()),
            FilterMode.NONE: None,
        }[plan.recipe.filter_mode]
    personas = [persona for block in plan.blocks for persona in block.personas]
    worn = [look for block in plan.blocks for look in block.filters]
    table = balance_table(personas, worn, dealt)
    return (table.csv() if path.suffix.lower() == ".csv" else table.markdown()).encode()

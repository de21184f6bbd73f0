"""The command that lists models: the catalog's, or those that the server says it serves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from avatar_core.cli.terminal import as_json, print_json, say, today
from avatar_core.errors import ModelRetired
from avatar_core.types import Cost, ModelFacts

if TYPE_CHECKING:
    from avatar_core.models.catalog import Catalog

TYPICAL_PROMPT = 2000
"""Characters of a prompt about nine people, for prices."""


@click.command(short_help="List the models, with prices and dates.")
@click.option("--served", is_flag=True, help="Ask the configured server what it serves, which is free.")
@click.option("--all", "everything", is_flag=True, help="Also models that were shut down.")
@as_json
def models(served: bool, everything: bool, as_json: bool) -> None:
    """List the models that can be used today, with prices and dates.

    The price is our estimate for one picture of nine people at the model's first size and first quality, which are
    the defaults. A model that is shut down within 30 days says how many are left.
    """
    from avatar_core.models.catalog import open_catalog

    if served and everything:
        raise click.UsageError("--served lists what can be used now. Leave out --all.")
    catalog = open_catalog()
    if served:
        from avatar_core.models.served import served as listed
        from avatar_core.settings import load_settings

        found = listed(load_settings(), today=today())
    else:
        found = catalog.all() if everything else catalog.offered(today())
    if as_json:
        print_json([_row(catalog, facts) for facts in found])
        return
    for facts in found:
        click.echo(_line(catalog, facts))
    if not found:
        say("The server lists no model that draws pictures.")


def _row(catalog: Catalog, facts: ModelFacts) -> dict[str, Any]:
    from avatar_core.models.catalog import days_left

    return {
        "id": facts.id,
        "label": facts.label,
        "about": facts.about,
        "sizes": [str(size) for size in facts.grid_sizes],
        "qualities": list(facts.qualities),
        "usd_per_grid": _price(facts).usd,
        "last_day": facts.shutdown.isoformat() if facts.shutdown else None,
        "days_left": days_left(facts, today()),
        "retired": facts.retired(today()),
        "successor": _heir(catalog, facts) or None,
    }


def _line(catalog: Catalog, facts: ModelFacts) -> str:
    from avatar_core.cost import format_usd

    price = format_usd(_price(facts))
    qualities = ", ".join(facts.qualities) or "one quality"
    return f"{facts.id:<24} {price:<13} {facts.grid_sizes[0]!s:<11}{qualities}{_end(catalog, facts)}"


def _end(catalog: Catalog, facts: ModelFacts) -> str:
    """When a model ends, how soon that is, and what to use then."""
    from avatar_core.models.catalog import days_left

    if facts.shutdown is None:
        return ""
    heir = _heir(catalog, facts)
    use = f", then {heir}" if heir else ""
    if facts.retired(today()):
        return f", shut down on {facts.shutdown}" + (f", use {heir}" if heir else "")
    left = days_left(facts, today())
    days = "" if left is None else " (1 day left)" if left == 1 else f" ({left} days left)"
    return f", until {facts.shutdown}{days}{use}"


def _heir(catalog: Catalog, facts: ModelFacts) -> str:
    """What replaces a model that has an end: the first of its line that will live then; empty if nothing does."""
    if facts.shutdown is None:
        return ""
    try:
        return catalog.successor(facts.id, max(facts.shutdown, today())).id
    except ModelRetired:
        return ""


def _price(facts: ModelFacts) -> Cost:
    from avatar_core.cost import estimate

    return estimate(facts, facts.grid_sizes[0], next(iter(facts.qualities), ""), TYPICAL_PROMPT)

"""The commands about the house itself: which models, how it stands, a worker for the queue."""

from __future__ import annotations

import json
import time

import click

from avatar_core.cli.terminal import as_json, doors, say


@click.command()
@as_json
def models(as_json: bool) -> None:
    """List the models that can be used today, with prices and dates."""
    from datetime import UTC, datetime

    from avatar_core.cost import estimate, format_usd
    from avatar_core.models.catalog import open_catalog

    offered = open_catalog().offered(datetime.now(UTC).date())
    prices = [
        estimate(facts, facts.grid_sizes[0], next(iter(facts.qualities), ""), 2000) for facts in offered
    ]
    if as_json:
        rows = [
            {
                "id": facts.id,
                "label": facts.label,
                "sizes": [str(size) for size in facts.grid_sizes],
                "qualities": list(facts.qualities),
                "usd_per_grid": price.usd,
                "last_day": facts.shutdown.isoformat() if facts.shutdown else None,
                "successor": facts.successor or None,
            }
            for facts, price in zip(offered, prices, strict=True)
        ]
        click.echo(json.dumps(rows, indent=2))
        return
    for facts, price in zip(offered, prices, strict=True):
        ends = f", until {facts.shutdown}" if facts.shutdown else ""
        click.echo(
            f"{facts.id:<24} {format_usd(price):<14} {', '.join(facts.qualities) or 'one quality'}{ends}"
        )


@click.command()
@as_json
def doctor(as_json: bool) -> None:
    """Check settings, storage and versions; nothing is sent and the key is never shown."""
    with doors() as studio:
        health = studio.health()
    if as_json:
        click.echo(json.dumps(health, indent=2))
        return
    width = max(map(len, health))
    for name, value in health.items():
        click.echo(f"{name:<{width}}  {value}")


@click.command()
def worker() -> None:
    """Work on queued pictures until stopped, for as many processes as you start."""
    from avatar_core.jobs import open_jobs

    with doors() as studio:
        jobs = open_jobs(studio)
        say("Working. Ctrl+C stops after the pictures that are under way.")
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            say("Stopping.")
        finally:
            jobs.close()

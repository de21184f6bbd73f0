"""The commands about the house itself: its runs, how it stands, a worker for the queue."""

from __future__ import annotations

import signal
import time

import click

from avatar_core.cli.terminal import as_json, doors, print_json, say


@click.command(short_help="List what was drawn.")
@click.option(
    "--limit",
    default=20,
    show_default=True,
    type=click.IntRange(1, 1000),
    metavar="N",
    help="At most so many.",
)
@as_json
def runs(limit: int, as_json: bool) -> None:
    """List what was drawn, the newest first, with the ids that `export` takes."""
    with doors() as studio:
        found = studio.store.catalog.summaries(limit=limit)
    if as_json:
        print_json(
            [
                {
                    "id": run.id,
                    "created": run.created.isoformat(timespec="seconds"),
                    "state": run.state.value,
                    "people": run.people,
                    "model": run.model,
                    "title": run.title,
                }
                for run in found
            ]
        )
        return
    for run in found:
        click.echo(f"{run.id}  {run.created:%Y-%m-%d %H:%M} UTC  {run.state.value:<9}  {run.title}")
    if not found:
        say("Nothing was drawn yet.")


@click.command(short_help="Show settings, storage and versions.")
@as_json
def doctor(as_json: bool) -> None:
    """Show settings, storage and versions; nothing is sent and the key is never shown."""
    with doors() as studio:
        health = studio.health()
    if as_json:
        print_json(health)
        return
    width = max(map(len, health))
    for name, value in health.items():
        click.echo(f"{name:<{width}}  {value}")


@click.command(short_help="Work on queued pictures until stopped.")
def worker() -> None:
    """Work on queued pictures until stopped.

    Start as many as you like, also on other machines that share the database and the storage.
    """
    from avatar_core.jobs import open_jobs

    with doors() as studio:
        jobs = open_jobs(studio)
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # what stops a container is a Ctrl+C too
        say("Working. Ctrl+C stops after the pictures that are under way.")
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            say("Stopping.")
        finally:
            jobs.close()

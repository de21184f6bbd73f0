"""Wait for a run's pictures: a progress bar on a terminal, a line where something is worth one, an orderly stop."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from avatar_core.cli.terminal import say
from avatar_core.types import BlockState, Run

if TYPE_CHECKING:
    from avatar_core.studio import Studio


def work(studio: Studio, run_id: str) -> Run:
    """Start a run, or go on with it, and return it when it is finished."""
    from avatar_core.jobs import BATCH, INTERACTIVE, open_jobs

    blocks = len(studio.run(run_id).blocks)
    jobs = open_jobs(studio)
    try:
        with _shown(blocks) as show:
            jobs.start(run_id, priority=BATCH if blocks > 1 else INTERACTIVE)
            return jobs.wait(run_id, on_change=show, poll=0.1 if blocks < 20 else 1.0)
    except KeyboardInterrupt:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        say(
            "Stopping: a picture that is under way may be paid, so it is waited for; Ctrl+C again leaves at once. "
            "The same command goes on where this one was."
        )
        raise
    finally:
        jobs.close()


@contextmanager
def _shown(blocks: int) -> Iterator[Callable[[Run], None]]:
    """Give a function that shows how a run stands."""
    said: set[tuple[int, str]] = set()

    def news(run: Run) -> Iterator[str]:
        """What has just been said of a picture that waits for another try."""
        for record in run.blocks:
            told = (record.block.index, record.message)
            if record.state is BlockState.WAITING and record.message and told not in said:
                said.add(told)
                yield f"Picture {record.block.index + 1}: {record.message}"

    if not sys.stderr.isatty():

        def tell(run: Run) -> None:
            for line in news(run):
                say(line)

        yield tell
        return

    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Pictures", total=blocks)

        def show(run: Run) -> None:
            for line in news(run):
                bar.console.print(line, markup=False, highlight=False)
            finished = sum(record.state.finished for record in run.blocks)
            bar.update(task, completed=finished, description=run.state.value.capitalize())

        yield show

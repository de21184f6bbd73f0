"""A worker with short pauses: works on the queue, and leaves when the run it was given is finished."""

from __future__ import annotations

import sys
import time

from avatar_core import jobs
from avatar_core.settings import load_settings
from avatar_core.studio import open_studio


def main(run_id: str = "") -> None:
    jobs.REAP_SECONDS, jobs.TIDY_SECONDS, jobs.SETTLE_SECONDS = 0.2, 0.5, 0.0
    studio = open_studio(load_settings())
    engine = jobs.open_jobs(studio, parallel=4)
    if not run_id:
        time.sleep(60)
        return
    engine.start(run_id, priority=jobs.BATCH)
    engine.wait(run_id)
    engine.close(seconds=10)
    studio.close()


if __name__ == "__main__":
    main(*sys.argv[1:])

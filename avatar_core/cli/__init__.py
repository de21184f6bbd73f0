"""The command line: thin doors over the studio and its jobs, one function a command."""

from __future__ import annotations

import click

from avatar_core import __version__
from avatar_core.cli.ending import CommandLine
from avatar_core.cli.house import doctor, runs, worker
from avatar_core.cli.listing import models
from avatar_core.cli.painting import generate, prompt, repeat
from avatar_core.cli.people import people
from avatar_core.cli.pictures import cut, export, recut


@click.group(
    cls=CommandLine,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    commands=[generate, repeat, prompt, people, cut, recut, export, runs, models, doctor, worker],
    epilog="""\b
Start here, with no key and no network:
  python -m avatar_core generate people.csv --out faces
Then look at what a command can do:
  python -m avatar_core generate --help

\b
Exit codes: 0 all done; 2 unusable input; 3 some people have no avatar; 4 the model or the key failed;
5 the store failed; 1 a fault of the program; 130 and 143 stopped.

What a program reads goes to standard output, everything else to standard error.""",
)
@click.version_option(__version__, prog_name="avatar_core")
def main() -> None:
    """Rows of synthetic people become portrait avatars, nine to a picture."""

"""The command line: thin doors over the studio and its jobs, one function a command."""

from __future__ import annotations

import click

from avatar_core import __version__
from avatar_core.cli.house import doctor, models, worker
from avatar_core.cli.painting import generate, prompt
from avatar_core.cli.pictures import cut, export


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    commands=[generate, prompt, cut, export, models, doctor, worker],
)
@click.version_option(__version__, prog_name="avatar_core")
def main() -> None:
    """Rows of synthetic people become portrait avatars, nine to a picture."""

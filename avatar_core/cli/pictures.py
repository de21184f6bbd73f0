"""The commands that take what is there: cut any picture, export a run."""

from __future__ import annotations

from pathlib import Path

import click

from avatar_core.cli.terminal import as_json, doors, print_json, translated
from avatar_core.errors import InputError


@click.command()
@click.argument("grid", type=click.Path(path_type=Path))
@click.option("--rows", default=3, show_default=True, type=click.IntRange(1, 20))
@click.option("--columns", default=3, show_default=True, type=click.IntRange(1, 20))
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="Save the cells here as 1.png, 2.png …"
)
@as_json
def cut(grid: Path, rows: int, columns: int, out: Path | None, as_json: bool) -> None:
    """Find the cells of a picture GRID, and cut it."""
    from avatar_core.cut import as_png, crop, find_grid, open_picture
    from avatar_core.export import write_file

    with translated():
        picture = open_picture(_bytes_of(grid))
        found = find_grid(picture, rows, columns)
        names = []
        if out is not None:
            for cell, image in crop(picture, found, range(1, rows * columns + 1)).items():
                names.append(f"{cell}.png")
                write_file(out / names[-1], as_png(image))
    if as_json:
        print_json(
            boxes=found.boxes,
            confidence=found.confidence,
            verdict=found.verdict.value,
            reasons=found.reasons,
            rows=rows,
            columns=columns,
            width=picture.width,
            height=picture.height,
            saved=names,
        )
        return
    click.echo(f"{found.verdict.value}, confidence {found.confidence:.2f}: {' '.join(found.reasons)}")
    for cell, box in enumerate(found.boxes, start=1):
        click.echo(f"{cell}: left {box[0]}, top {box[1]}, right {box[2]}, bottom {box[3]}")


@click.command()
@click.argument("run")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The zip file to write."
)
def export(run: str, out: Path) -> None:
    """Write a run as a zip: avatars, grids, manifest, prompts, recipe."""
    from avatar_core.export import write_file

    with doors() as studio:
        write_file(out, studio.export(run))
    click.echo(f"Run {run} written to {out}.")


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}). Name an existing picture.") from None

"""The commands that take what is there: cut any picture, export a run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from avatar_core.cli.terminal import as_json, doors, print_json, refuse_to_replace
from avatar_core.errors import InputError, PictureUnreadable

if TYPE_CHECKING:
    from PIL import Image

    from avatar_core.types import Cut

MAX_BYTES = 256_000_000
"""Largest file that is read as a picture."""


@click.command(
    short_help="Find the cells of any picture, and cut it.",
    epilog="""\b
Examples:
  python -m avatar_core cut grid.png
  python -m avatar_core cut sheet.jpg --rows 2 --columns 4 --out cells --json""",
)
@click.argument("grid", type=click.Path(path_type=Path))
@click.option("--rows", default=3, show_default=True, type=click.IntRange(1, 20), help="Cells down.")
@click.option("--columns", default=3, show_default=True, type=click.IntRange(1, 20), help="Cells across.")
@click.option(
    "--out", type=click.Path(path_type=Path), help="Save the cells in this folder as 1.png, 2.png …"
)
@click.option("--overwrite", is_flag=True, help="Replace other files of the same names in the folder.")
@as_json
def cut(grid: Path, rows: int, columns: int, out: Path | None, overwrite: bool, as_json: bool) -> None:
    """Find the cells of the picture GRID, from anywhere, and cut it.

    Prints how sure that is, and each cell's edges in px, row by row; right and bottom are the first px outside.
    """
    from avatar_core.cut import find_grid, open_picture

    picture = open_picture(_bytes_of(grid))
    found = find_grid(picture, rows, columns)
    names = _save(picture, found, out, overwrite=overwrite) if out is not None else []
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
    if out is not None:
        click.echo(f"{len(names)} cells saved in {out}.")


@click.command(short_help="Save a run as a zip file.")
@click.argument("run")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The zip file to write.")
@as_json
def export(run: str, out: Path, as_json: bool) -> None:
    """Write the run of the id RUN as a zip file: avatars, grids, manifest, prompts, recipe.

    `generate` prints the id of its run, and `runs` lists all of them. A file of that name is replaced.
    """
    from avatar_core.export import check_folder, write_file

    if out.is_dir():
        raise InputError(f"{out} is a folder. Name the zip file to write, such as {out / 'faces.zip'}.")
    with doors() as studio:
        data = studio.export(run)
    check_folder(out.parent)
    write_file(out, data)
    if as_json:
        print_json(run=run, out=str(out), bytes=len(data))
    else:
        click.echo(f"Run {run} written to {out}.")


def _save(picture: Image.Image, found: Cut, out: Path, *, overwrite: bool) -> list[str]:
    """Save each cell and return the files' names; other files of these names are replaced only on request."""
    from avatar_core.cut import as_png, crop
    from avatar_core.export import check_folder, write_file

    check_folder(out)
    cells = crop(picture, found, range(1, len(found.boxes) + 1))
    files = {f"{cell}.png": as_png(image) for cell, image in cells.items()}
    if not overwrite:
        refuse_to_replace(
            [name for name, data in files.items() if (out / name).exists() and not _holds(out / name, data)],
            out,
        )
    for name, data in files.items():
        write_file(out / name, data)
    return list(files)


def _holds(path: Path, data: bytes) -> bool:
    return path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data


def _bytes_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}). Name an existing picture.") from None
    if len(data) > MAX_BYTES:
        raise PictureUnreadable(
            f"{path} is larger than {MAX_BYTES // 1_000_000} MB, more than can be opened safely. Use a smaller one."
        )
    return data

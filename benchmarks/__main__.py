"""Runs every benchmark of this folder, or those that are named."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path


def run(wanted: list[str]) -> int:
    """Print the tables of the wanted benchmarks, or of all; 2 if one of them does not exist."""
    names = sorted(file.stem for file in Path(__file__).parent.glob("*.py") if not file.stem.startswith("_"))
    if unknown := [name for name in wanted if name not in names]:
        print(f"There is no benchmark called {unknown[0]}. There are: {', '.join(names)}.", file=sys.stderr)
        return 2
    for name in wanted or names:
        main = getattr(import_module(f"benchmarks.{name}"), "main", None)
        if main is not None:
            print(f"\n{name}\n{'=' * len(name)}", flush=True)
            main()
    return 0


if __name__ == "__main__":
    raise SystemExit(run(sys.argv[1:]))

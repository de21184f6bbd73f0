"""``python -m avatar_core``: the command line."""

from avatar_core.cli import main

if __name__ == "__main__":
    main()

"""Find a Chromium-like browser for tests and screenshots, and install one where that is possible.

python scripts/browser.py             prints the path; exit 1 if there is none
python scripts/browser.py --install   makes sure that there is one, or says what to do
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
APPS = (
    "Google Chrome.app/Contents/MacOS/Google Chrome",
    "Chromium.app/Contents/MacOS/Chromium",
    "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)


def candidates() -> Iterator[str]:
    """Where a browser may be, the most deliberate choice first."""
    yield os.environ.get("CHROMIUM", "")
    yield from (shutil.which(name) or "" for name in NAMES)
    yield from (
        str(root / app) for root in (Path("/Applications"), Path.home() / "Applications") for app in APPS
    )
    yield playwrights_own()


def playwrights_own() -> str:
    """The browser that Playwright would download for itself, whether or not it is there."""
    try:
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            return playwright.chromium.executable_path
    except Exception:  # not installed, or its driver does not run here: then it has no browser either
        return ""


def runs(path: str) -> bool:
    """Whether this is a browser that starts. Ubuntu's chromium-browser may be a stub, a cached one may lack libraries."""
    if not path or not Path(path).exists():
        return False
    try:
        answer = subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0


def find() -> str | None:
    """The path of a browser that starts, or None."""
    return next((path for path in candidates() if runs(path)), None)


def tell(*command: str) -> bool:
    """Run a command with its output on stderr and nothing to read from; whether it succeeded."""
    print("$ " + " ".join(command), file=sys.stderr, flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        return not subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=sys.stderr, env=environment, check=False
        ).returncode
    except OSError as error:
        print(error, file=sys.stderr)
        return False


def becoming_root() -> list[str] | None:
    """What to put before a command so that it runs as root, or None if nobody may."""
    if os.name != "posix":
        return None
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and not subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode:
        return [sudo, "-n"]
    return None


def install() -> str | None:
    """Try the ways to get a browser, the system's own first."""
    root = becoming_root()
    release = Path("/etc/os-release")
    # Ubuntu's package of that name is a door to a snap, which containers do not have.
    debian = release.exists() and "ID=debian" in release.read_text().splitlines()
    if root is not None and debian and shutil.which("apt-get"):
        tell(*root, "apt-get", "update", "-qq")
        if tell(*root, "apt-get", "install", "-y", "-qq", "chromium") and (found := find()):
            return found
    playwright = [sys.executable, "-m", "playwright"]
    if root is not None and shutil.which("apt-get"):
        tell(*playwright, "install-deps", "chromium")
    tell(*playwright, "install", "chromium")
    return find()


def main() -> int:
    """Print the path of a browser; see the module's docstring."""
    found = find() or (install() if "--install" in sys.argv[1:] else None)
    if found:
        print(found)
        return 0
    print(
        "The browser tests need Chromium or Chrome, and none was found that starts.\n"
        "  Debian:   sudo apt-get install chromium\n"
        "  Ubuntu:   sudo .venv/bin/python -m playwright install --with-deps chromium\n"
        "  macOS:    install Google Chrome, or: .venv/bin/python -m playwright install chromium\n"
        "If it lies elsewhere, name it: CHROMIUM=/path/to/chrome make test",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())

"""Stopping a command in the middle: in order, with what is paid for kept, and the same command goes on."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.command_line import SMALL, command, environment, people, run, write_csv
from tests.contract_server import Fault, ImageServer

DRAW = ("generate", "people.csv", "--out", "faces", "--model", "gpt-image-2", "--size", "816x816")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are those of Unix")


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_stopped_run_keeps_the_picture_on_its_way_and_goes_on_later(
    image_server: ImageServer, number: signal.Signals, code: int
) -> None:
    write_csv("people.csv", people(10))
    server = {
        "OPENAI_BASE_URL": image_server.url,
        "OPENAI_API_KEY": image_server.key,
        "AVATAR_REQUESTS_PER_MINUTE": "5",
    }
    image_server.script(Fault.slow(2))
    with subprocess.Popen(
        command(*DRAW, "--json"),
        env=environment(**server),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        wait_until(lambda: len(image_server.generations) == 1)
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
    assert process.returncode == code, err
    assert '"error": "RunStopped"' in out
    assert "The same command goes on where this one was." in err
    assert "Traceback" not in err
    assert list(Path("faces").iterdir()) == []
    if number is signal.SIGINT:
        return

    later = run(*DRAW, "--json", **{**server, "AVATAR_REQUESTS_PER_MINUTE": "6000"})
    assert later.code == 0, later.err
    assert "Going on with the unfinished run" in later.err
    assert len(later.json["saved"]) == 10
    assert len(image_server.generations) == 2


def test_a_terminal_gets_a_bar_and_leaves_no_trace_of_it_in_the_answer() -> None:
    import pty

    write_csv("people.csv", people(1))
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        command("generate", "people.csv", "--out", "faces", *SMALL),
        env=environment(TERM="xterm"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        shown = b""
        while True:
            try:
                part = os.read(ours, 4096)
            except OSError:  # how Linux says that the other side is closed
                break
            if not part:
                break
            shown += part
        assert process.stdout is not None
        said = process.stdout.read().decode()
    os.close(ours)
    assert process.returncode == 0
    assert "0/1" in shown.decode()
    assert "\x1b[" in shown.decode()
    assert said.startswith("1 of 1 avatars saved in faces")
    assert "\x1b" not in said

"""The page about the service is true: every example of it runs here, and answers as it says."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from PIL import Image

from image_service.tokens import Token, Tokens, hash_of, make_secret
from tests.command_line import ROOT, environment
from tests.jobs.running import soon

EXAMPLES = ROOT / "docs" / "examples"
SHOWN = sorted(file.stem for file in EXAMPLES.glob("*.json") if file.with_suffix(".sh").exists())
ADDRESS = "http://127.0.0.1:5000"  # as the page has it

pytestmark = pytest.mark.skipif(
    shutil.which("curl") is None, reason="the examples need curl, which is not installed"
)


@dataclass(frozen=True)
class Reader:
    """Somebody who has the page, a token and an empty folder."""

    service: str
    data: Path
    folder: Path
    token: str

    def run(self, name: str, **more: str) -> str:
        """Run an example as it stands, and return what it printed."""
        file = EXAMPLES / name
        program = {".sh": "sh", ".py": sys.executable, ".mjs": shutil.which("node") or "node"}[file.suffix]
        done = subprocess.run(
            [program, file],
            cwd=self.folder,
            env={**environment(SERVICE=self.service, TOKEN=self.token), **more},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def ordered(self) -> dict[str, str]:
        """The variables of an order that was made before."""
        told = json.loads(self.run("order.sh"))
        return {"JOB": told["job_id"], "IMAGE": told["images"][0]["id"]}

    def masked(self, text: str) -> Any:
        """An answer in which everything that differs from one time to the next is only named."""
        text = text.replace(self.service, ADDRESS)
        for pattern, word in (
            (r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "UUID"),
            (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[^\"]*", "MOMENT"),
            (r"\b[0-9a-f]{64}\b", "SHA256"),
            (r"(?<=\"created\": )\d{10}", "1"),
            (r"(?<=expires=)\d{10}", "1"),
            (r"(?<=\"next\": \")[\w-]+", "CURSOR"),
        ):
            text = re.sub(pattern, word, text)
        return json.loads(text)


@pytest.fixture(scope="module")
def _running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The service in a process of its own that serves drawings, with a token from the start."""
    data = tmp_path_factory.mktemp("service")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    variables = environment(AVATAR_MODEL="demo", AVATAR_DATA_DIR=str(data), PORT=str(port))
    serve = [sys.executable, "-m", "image_service"]
    subprocess.run(
        [*serve, "tokens", "create", "somebody"], env=variables, cwd=data, check=True, capture_output=True
    )
    with (data / "said").open("wb") as said:
        process = subprocess.Popen(
            serve, env=variables, cwd=data, stdin=subprocess.DEVNULL, stdout=said, stderr=said
        )
    try:
        soon(lambda: _answers(process, f"http://127.0.0.1:{port}/health"), 60)
        yield f"http://127.0.0.1:{port}", data
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def _answers(process: subprocess.Popen[bytes], url: str) -> bool:
    assert process.poll() is None
    try:
        return httpx2.get(url).status_code == 200
    except httpx2.TransportError:
        return False


@pytest.fixture
def reader(_running: tuple[str, Path], tmp_path: Path) -> Reader:
    service, data = _running
    secret = make_secret()
    Tokens(data / "service-tokens.json").create(Token(f"reader-{os.urandom(4).hex()}", hash_of(secret)))
    return Reader(service, data, tmp_path, secret)


def _size(file: Path) -> tuple[str | None, tuple[int, int]]:
    with Image.open(file) as image:
        return image.format, image.size


def test_the_examples_of_the_page_are_the_files_that_run_here() -> None:
    page = (ROOT / "docs" / "rest.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```(?:sh|python|js|json)\n(.*?)\n```$", page, re.DOTALL | re.MULTILINE)
    files = [file.read_text(encoding="utf-8").strip() for file in EXAMPLES.iterdir()]
    assert sorted(blocks) == sorted(files)
    run = {*SHOWN, "metadata", "image", "small", "unchanged", "once", "plain", "sdk", "fetch"}
    assert {file.stem for file in EXAMPLES.iterdir()} == run


@pytest.mark.parametrize("name", SHOWN)
def test_a_call_answers_as_the_page_shows(reader: Reader, name: str) -> None:
    needed = reader.ordered() if name in ("job", "list", "delete") else {}
    answer = reader.masked(reader.run(f"{name}.sh", **needed))
    shown = (EXAMPLES / f"{name}.json").read_text(encoding="utf-8")
    assert answer == reader.masked(shown)


def test_the_folder_of_an_order_is_as_the_page_shows(reader: Reader) -> None:
    job = json.loads(reader.run("several.sh"))
    folder = reader.data / "images" / job["job_id"]
    names = [f"{number:03d}-{image['id']}.png" for number, image in enumerate(job["images"], start=1)]
    assert sorted(file.name for file in folder.iterdir()) == [*names, "metadata.json"]
    kept = reader.masked((folder / "metadata.json").read_text(encoding="utf-8"))
    assert kept == reader.masked((EXAMPLES / "metadata.json").read_text(encoding="utf-8"))


def test_an_image_is_fetched_whole_then_small_and_not_again(reader: Reader) -> None:
    known = reader.ordered()
    reader.run("image.sh", **known)
    assert _size(reader.folder / "kite.png") == ("PNG", (1024, 1024))
    reader.run("small.sh", **known)
    assert _size(reader.folder / "small.png") == ("PNG", (128, 128))
    assert reader.run("unchanged.sh", **known) == "304\n"


def test_an_order_under_a_key_is_one_job_however_often_it_is_sent(reader: Reader) -> None:
    first, again = reader.run("once.sh").splitlines()
    assert first == again
    assert json.loads(first)["images"][0]["size"] == "1792x1024"


def test_the_plain_python_program_saves_its_pictures_and_orders_once(reader: Reader) -> None:
    lines = reader.run("plain.py").splitlines()
    assert len(lines) == 2
    for line in lines:
        name, size = line.split()
        assert _size(reader.folder / f"{name}.png") == ("PNG", (1024, 1024))
        assert size == "1024x1024"
    assert reader.run("plain.py").splitlines() == lines


def test_openais_sdk_draws_with_nothing_changed_but_address_and_token(reader: Reader) -> None:
    assert "'dall-e-3'" in reader.run("sdk.py")
    assert _size(reader.folder / "sdk.png") == ("PNG", (1024, 1024))


@pytest.mark.skipif(
    shutil.which("node") is None, reason="the JavaScript example needs node, which is not installed"
)
def test_the_javascript_program_saves_its_picture(reader: Reader) -> None:
    name, size, drawn_by = reader.run("fetch.mjs").split()
    assert (size, drawn_by) == ("512x512", "demo")
    assert _size(reader.folder / "fetch.png") == ("PNG", (512, 512))
    assert name in reader.run("list.sh")

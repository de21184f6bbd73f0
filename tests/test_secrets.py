"""A planted key, and a search through every byte that was written or said while it was used."""

import base64
import os
import re
import sqlite3
import subprocess
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.command_line import Answer, call, command, environment, people, run, write_csv
from tests.contract_server import Fault, ImageServer

TAIL = "Zq7RkW3vTx9LmP2s"
KEY = f"sk-planted-{TAIL}"
DRAW = ("--model", "gpt-image-2", "--size", "816x816")


@pytest.fixture
def server(image_server: ImageServer) -> Iterator[ImageServer]:
    own, image_server.key = image_server.key, KEY
    yield image_server
    image_server.key = own


def in_the_environment() -> dict[str, str]:
    return {"OPENAI_API_KEY": KEY}


def in_a_key_file() -> dict[str, str]:
    Path("secret").mkdir()
    Path("secret/key").write_text(f"{KEY}\n")
    return {"OPENAI_API_KEY_FILE": str(Path("secret/key").absolute())}


def in_dotenv() -> dict[str, str]:
    Path(".env").write_text(f"OPENAI_API_KEY={KEY}\n")
    return {}


def written(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file with its bytes; zip files, PNG texts and database dumps also unpacked."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.name == ".env" or path.parent.name == "secret":
            continue
        data = path.read_bytes()
        yield str(path), data
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                for name in archive.namelist():
                    yield f"{path}/{name}", archive.read(name)
        if data.startswith(b"SQLite format 3"):
            with sqlite3.connect(path) as database:
                yield f"{path} dumped", "\n".join(database.iterdump()).encode()
            database.close()
        for start in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", data[:4096]):
            try:
                yield f"{path} inflated", zlib.decompressobj().decompress(data[start.start() :], 1_000_000)
            except zlib.error:
                continue


def traces(folder: Path, *said: Answer) -> list[str]:
    """Where the key, or its secret part, stands: plain, in base64 or in hexadecimal."""
    tail = TAIL.encode()
    # Two of three alignments of base64 leave the inner letters of the tail the same.
    forms = [tail, tail.hex().encode(), *(base64.b64encode(b"x" * n + tail)[4:-4] for n in range(3))]
    texts = [(f"answer {n}", (answer.out + answer.err).encode()) for n, answer in enumerate(said)]
    return [name for name, data in [*written(folder), *texts] if any(form in data for form in forms)]


@pytest.mark.parametrize("plant", [in_the_environment, in_a_key_file, in_dotenv])
def test_a_key_reaches_the_server_and_nothing_else(
    server: ImageServer, tmp_path: Path, plant: Callable[[], dict[str, str]]
) -> None:
    write_csv("people.csv", people(37))  # five pictures
    variables = {**plant(), "OPENAI_BASE_URL": server.url, "AVATAR_REQUESTS_PER_MINUTE": "6000"}
    server.script(
        Fault.bad_key(KEY),
        Fault.status(400, code="invalid_value", message=f"Bad header Authorization: Bearer {KEY}", param=KEY),
        Fault.raw(200, f"<html>Authorization: Bearer {KEY} {KEY[:9]}***{KEY[-4:]}</html>", x_echo=KEY),
        Fault.raw(500, f'{{"error": {{"message": "key {KEY}", "headers": "Bearer {KEY}"}}}}'),
    )
    # One of them from outside: there, everything that a process says is seen.
    draw = run if plant is in_the_environment else call
    drawn = draw("generate", "people.csv", "--out", "faces", *DRAW, "--json", **variables)
    assert drawn.code == 4, drawn.err
    assert len(drawn.json["failures"]) == 3
    assert {each.headers["authorization"] for each in server.generations} == {f"Bearer {KEY}"}
    said = [drawn]
    for name, value in variables.items():
        os.environ[name] = value
    try:
        said += [call("doctor"), call("doctor", "--json"), call("models"), call("runs")]
        said += [call("prompt", "people.csv"), call("export", drawn.json["run"], "--out", "faces.zip")]
    finally:
        for name in variables:
            del os.environ[name]
    assert [answer.code for answer in said[1:]] == [0] * 6
    assert "not configured" not in said[1].out
    assert traces(tmp_path, *said) == []


def test_the_search_finds_a_key_wherever_it_hides(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text(f"a {KEY} b")
    (tmp_path / "coded").write_bytes(base64.b64encode(f"ab{KEY}cd".encode()))
    (tmp_path / "inflated").write_bytes(zlib.compress(KEY.encode() * 3))
    with zipfile.ZipFile(tmp_path / "packed.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner", KEY * 3)
    with sqlite3.connect(tmp_path / "rows.sqlite") as database:
        database.execute("CREATE TABLE rows (text)")
        database.execute("INSERT INTO rows VALUES (?)", [KEY])
    database.close()
    found = {Path(name.removesuffix("/inner").split()[0]).name for name in traces(tmp_path)}
    assert found == {"plain", "coded", "inflated", "packed.zip", "rows.sqlite"}


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="needs /proc")
def test_no_process_shows_the_key_to_others(server: ImageServer) -> None:
    write_csv("people.csv", people(1))
    server.script(Fault.slow(2))
    variables = {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": server.url}
    with subprocess.Popen(
        command("generate", "people.csv", "--out", "faces", *DRAW),
        env=environment(**variables),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        while not server.generations and process.poll() is None:
            time.sleep(0.05)
        shown = b"".join(_read(path / "cmdline") for path in Path("/proc").glob("[0-9]*"))
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
    assert server.generations
    assert TAIL.encode() not in shown
    assert children.strip() == ""


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""

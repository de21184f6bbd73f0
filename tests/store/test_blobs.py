"""Bytes by their content, in a folder and in an object store alike; and what a folder alone must stand."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import threading
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from avatar_core.errors import BlobMissing, StoreFull, StoreUnavailable
from avatar_core.store import blobs as room
from avatar_core.store.blobs import Blobs
from tests.store.test_database import mounted, python

DATA = b"\x89PNG and so on" * 1000


@pytest.fixture(params=["folder", "memory"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "folder":
        yield str(tmp_path / "blobs")
        return
    root = f"memory://{uuid.uuid4().hex}"
    yield root
    fsspec.filesystem("memory").rm(root, recursive=True)


@pytest.fixture
def blobs(url: str) -> Blobs:
    return Blobs(url)


def overwrite(blobs: Blobs, blob: str, data: bytes) -> None:
    """Damage a blob behind the store's back."""
    blobs._fs.pipe_file(blobs._path(blob), data)


def test_an_id_is_the_hash_of_the_bytes(blobs: Blobs) -> None:
    assert blobs.put(DATA) == hashlib.sha256(DATA).hexdigest() == Blobs.id_of(DATA)
    assert blobs.get(Blobs.id_of(DATA)) == DATA


@given(st.binary(max_size=2000))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_come_back_as_they_were(blobs: Blobs, data: bytes) -> None:
    assert blobs.get(blobs.put(data)) == data


def test_the_same_bytes_are_kept_once(blobs: Blobs) -> None:
    assert blobs.put(DATA) == blobs.put(DATA)
    assert len(blobs._fs.find(blobs._root)) == 1


def test_another_opening_finds_the_same_bytes(blobs: Blobs, url: str) -> None:
    blob = blobs.put(DATA)
    blobs.write_note("run-0", b"note")
    again = Blobs(url)
    assert again.get(blob) == DATA
    assert again.read_note("run-0") == b"note"


def test_an_unknown_blob_is_missing(blobs: Blobs) -> None:
    with pytest.raises(BlobMissing):
        blobs.get("0" * 64)


@pytest.mark.parametrize("damage", [b"", DATA[:-1], DATA + b"x", b"something else"])
def test_damage_is_noticed_and_the_bytes_can_be_put_again(blobs: Blobs, damage: bytes) -> None:
    blob = blobs.put(DATA)
    overwrite(blobs, blob, damage)
    with pytest.raises(BlobMissing):
        blobs.get(blob)
    blobs.put(DATA)
    assert blobs.get(blob) == DATA


@pytest.mark.parametrize(
    "id",
    [
        "",
        "..",
        "../" * 10 + "etc/passwd",
        "/etc/passwd",
        "a" * 63,
        "a" * 65,
        "A" * 64,
        "a" * 64 + "\n",
        "a" * 60 + "/../",
        "a" * 63 + "\0",
        "٣" * 64,
        "inbox/run-0",
    ],
)
def test_what_is_no_id_leads_nowhere(blobs: Blobs, id: str) -> None:
    blobs.write_note("run-0", b"secret")
    with pytest.raises(BlobMissing):
        blobs.get(id)


@pytest.mark.parametrize("name", ["", "../x", "a/b", "..", "a" * 81, "x\0", "x\n", ".hidden", "é"])
def test_what_is_no_name_holds_no_note(blobs: Blobs, name: str) -> None:
    actions: list[Callable[[], Any]] = [
        lambda: blobs.write_note(name, b""),
        lambda: blobs.read_note(name),
        lambda: blobs.drop_note(name),
    ]
    for action in actions:
        with pytest.raises(ValueError, match="not a note's name"):
            action()


def test_a_note_is_replaced_and_forgotten(blobs: Blobs) -> None:
    assert blobs.read_note("run-0") is None
    blobs.write_note("run-0", b"one")
    blobs.write_note("run-0", b"two")
    assert blobs.read_note("run-0") == b"two"
    blobs.drop_note("run-0")
    blobs.drop_note("run-0")
    assert blobs.read_note("run-0") is None


def test_many_threads_put_the_same_bytes(blobs: Blobs) -> None:
    got: list[str] = []
    threads = [threading.Thread(target=lambda: got.append(blobs.put(DATA))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(got) == {Blobs.id_of(DATA)}
    assert len(got) == 8
    assert blobs.get(got[0]) == DATA


def test_a_place_says_where_it_is_and_how_much_it_holds(blobs: Blobs, url: str) -> None:
    assert url.rpartition("/")[2] in blobs.place
    blobs.check_space()
    assert blobs.free_space().endswith(("GB", "not known here"))


# A folder alone


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "blobs"


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("name", ["with space", "ação 😀", "hash#1 100%", "what?", "quo'te", "[a]*", "a::b"])
def test_a_folder_may_have_any_name(tmp_path: Path, name: str) -> None:
    blobs = Blobs(str(tmp_path / name))
    assert blobs.get(blobs.put(DATA)) == DATA
    assert len(files(tmp_path / name)) == len(files(tmp_path)) == 1


def test_an_unknown_protocol_is_unavailable() -> None:
    with pytest.raises(StoreUnavailable, match="AVATAR_STORAGE_URL"):
        Blobs("nonsense://bucket/avatars")


def test_a_file_where_the_folder_should_be_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreUnavailable):
        Blobs(str(tmp_path / "file" / "blobs"))


def test_a_folder_that_went_away_is_made_again(folder: Path) -> None:
    blobs = Blobs(str(folder))
    (folder / "unfinished").rmdir()
    folder.rmdir()
    assert blobs.get(blobs.put(DATA)) == DATA


def test_a_place_that_cannot_be_read_is_unavailable_and_not_missing(folder: Path) -> None:
    blobs = Blobs(str(folder))
    (folder / blobs.put(DATA)[:2] / Blobs.id_of(DATA)).unlink()
    (folder / Blobs.id_of(DATA)[:2] / Blobs.id_of(DATA)).mkdir()
    with pytest.raises(StoreUnavailable):
        blobs.get(Blobs.id_of(DATA))


def test_a_client_of_an_object_store_has_errors_of_its_own(
    blobs: Blobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    class NoCredentials(Exception):
        pass

    def fails(*_: object, **__: object) -> None:
        raise NoCredentials("AKIA-secret")

    monkeypatch.setattr(blobs._fs, "cat_file", fails)
    with pytest.raises(StoreUnavailable, match="NoCredentials") as caught:
        blobs.get("0" * 64)
    assert "AKIA" not in str(caught.value)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a small disk")
def test_a_full_disk_keeps_nothing_half(tmp_path: Path) -> None:
    with mounted(tmp_path, "size=256k"):
        blobs = Blobs(str(tmp_path / "blobs"))
        small = blobs.put(b"small")
        with pytest.raises(StoreFull):
            blobs.check_space()
        with pytest.raises(StoreFull):
            blobs.put(os.urandom(400_000))
        assert [path.name for path in files(tmp_path)] == [small]
        blobs.put(b"small again")


def test_a_file_that_may_not_grow_keeps_nothing_half(folder: Path) -> None:
    limited = """
import resource, signal, sys
from avatar_core.errors import StoreError
from avatar_core.store.blobs import Blobs
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    Blobs(sys.argv[1]).put(b"x" * 5000)
except StoreError:
    sys.exit(7)
"""
    assert python(limited, str(folder)).wait(30) == 7
    assert files(folder) == []


def test_what_stood_when_a_process_was_killed_is_whole(folder: Path) -> None:
    writer = """
import os, sys
from avatar_core.store.blobs import Blobs
blobs = Blobs(sys.argv[1])
while True:
    blobs.put(os.urandom(300_000))
    blobs.write_note("run-0", os.urandom(200_000))
    print(flush=True)
"""
    for _ in range(3):
        process = python(writer, str(folder), stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
    blobs = Blobs(str(folder))
    kept = [path for path in files(folder) if path.parent.name not in ("unfinished", "inbox")]
    assert len(kept) >= 3
    for path in kept:
        assert len(blobs.get(path.name)) == 300_000
    assert len(blobs.read_note("run-0") or b"") == 200_000


def test_what_crashes_left_is_swept_up_when_it_is_old(folder: Path) -> None:
    Blobs(str(folder))
    old, new = folder / room.UNFINISHED / "old", folder / room.UNFINISHED / "new"
    for file in (old, new):
        file.write_bytes(b"half")
    os.utime(old, (0, 0))
    Blobs(str(folder))
    assert files(folder) == [new]

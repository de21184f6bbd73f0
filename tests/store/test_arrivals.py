"""Pictures that have arrived: the note brings back all that is known about one."""

from __future__ import annotations

from pathlib import Path

import pytest

from avatar_core.errors import BlobMissing
from avatar_core.store.arrivals import Arrivals
from avatar_core.store.blobs import Blobs
from avatar_core.types import Painting, Usage
from tests.toys import HOSTILE, painting


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "blobs"


@pytest.fixture
def arrivals(folder: Path) -> Arrivals:
    return Arrivals(Blobs(str(folder)))


@pytest.mark.parametrize(
    "arrived",
    [
        painting(),
        painting(usage=Usage(1, 2, 3)),
        painting(usage=Usage(0, 0, 0, usd=0.02)),
        painting(usage=Usage(0, 0, 0), request_id="req_1", revised_prompt=HOSTILE),
        painting(
            model=HOSTILE, sent={"prompt": HOSTILE, "n": 1, "size": "1x1"}, revised_prompt="half \ud800 \0"
        ),
    ],
    ids=["bare", "with usage", "with a charge", "with everything", "with odd text"],
)
def test_a_picture_comes_back_as_it_arrived(arrivals: Arrivals, arrived: Painting) -> None:
    blob = arrivals.keep("run", 3, arrived)
    assert arrivals.find("run", 3) == (arrived, blob)


def test_a_picture_is_found_for_its_own_block_alone(arrivals: Arrivals) -> None:
    arrivals.keep("run", 3, painting())
    assert arrivals.find("run", 4) is None
    assert arrivals.find("other", 3) is None


def test_a_dropped_note_is_forgotten_and_the_bytes_stay(arrivals: Arrivals, folder: Path) -> None:
    blob = arrivals.keep("run", 3, painting())
    arrivals.drop("run", 3)
    arrivals.drop("run", 3)
    assert arrivals.find("run", 3) is None
    assert Blobs(str(folder)).get(blob) == painting().data


def test_a_note_whose_picture_is_gone_says_so(arrivals: Arrivals, folder: Path) -> None:
    blob = arrivals.keep("run", 3, painting())
    (folder / blob[:2] / blob).unlink()
    with pytest.raises(BlobMissing):
        arrivals.find("run", 3)

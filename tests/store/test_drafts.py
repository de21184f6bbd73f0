"""Drafts are kept under ids that nobody can guess, and not for ever."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from avatar_core.errors import StoreError
from avatar_core.store.blobs import Blobs
from avatar_core.store.drafts import MAX_BYTES, Drafts


@pytest.fixture
def drafts(tmp_path: Path) -> Drafts:
    return Drafts(Blobs(str(tmp_path / "blobs")))


def test_a_draft_is_found_by_its_id_and_replaced_under_it(drafts: Drafts) -> None:
    draft = drafts.keep(b"first")
    assert drafts.keep(b"second", draft) == draft
    assert drafts.find(draft) == b"second"
    assert drafts.keep(b"another") != draft


@pytest.mark.parametrize("draft", ["", "nonsense", "../" * 11, "A" * 32, "0" * 31, "0" * 33])
def test_what_is_no_id_finds_nothing_and_names_no_file(drafts: Drafts, draft: str) -> None:
    assert drafts.find(draft) is None
    assert drafts.keep(b"new", draft) != draft


def test_an_unknown_id_finds_nothing(drafts: Drafts) -> None:
    assert drafts.find("0" * 32) is None


def test_a_draft_that_is_too_large_is_refused(drafts: Drafts) -> None:
    with pytest.raises(StoreError, match="MB"):
        drafts.keep(b"x" * (MAX_BYTES + 1))


def test_old_drafts_are_forgotten_when_a_new_one_begins(drafts: Drafts, tmp_path: Path) -> None:
    old, young = drafts.keep(b"old"), drafts.keep(b"young")
    (note,) = tmp_path.rglob(f"*{old}*")
    long_ago = time.time() - 31 * 86_400
    os.utime(note, (long_ago, long_ago))
    drafts.keep(b"new")
    assert drafts.find(old) is None
    assert drafts.find(young) == b"young"

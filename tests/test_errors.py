"""The family of errors: the drawing, the classes and the stored names agree."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from avatar_core import errors
from avatar_core.errors import AvatarError, ModelError, error_named


def family(member: type[AvatarError] = AvatarError) -> Iterator[type[AvatarError]]:
    yield member
    for child in member.__subclasses__():
        if child.__module__ == errors.__name__:
            yield from family(child)


def drawn() -> list[tuple[int, str, str]]:
    """The drawing in the module's docstring: depth, name and note of each line."""
    lines = re.findall(r"^([│ ]*(?:[├└]─ )?)(\w+)(?: {2,}(.*))?$", errors.__doc__ or "", flags=re.MULTILINE)
    start = next(i for i, (_, name, _) in enumerate(lines) if name == "AvatarError")
    return [(len(indent) // 3, name, note) for indent, name, note in lines[start:]]


EVERY = pytest.mark.parametrize("error", list(family()), ids=lambda error: error.__name__)


def test_the_drawing_shows_every_error_once_under_its_parent_and_in_the_order_of_the_file() -> None:
    path: list[str] = []
    parents = []
    for depth, name, _ in drawn():
        path[depth:] = [name]
        parents.append((name, path[depth - 1] if depth else "Exception"))
    assert parents == [(error.__name__, error.__bases__[0].__name__) for error in family()]


def test_the_drawing_says_truly_which_errors_are_tried_again_and_which_may_be_billed() -> None:
    notes = {name: note or "" for _, name, note in drawn()}
    for error in family(ModelError):
        assert ("tried again" in notes[error.__name__]) == error.retryable


@EVERY
def test_an_error_without_a_message_says_what_happened_and_then_what_to_do(error: type[AvatarError]) -> None:
    message = error().message
    assert message == (error.__doc__ or "").strip().partition("\n")[0]
    happened, _, advice = message.partition(". ")
    assert happened
    assert advice.endswith(".")
    assert "`" not in message


@EVERY
def test_a_stored_error_comes_back_as_itself(error: type[AvatarError]) -> None:
    again = error_named(error("What happened.").code, "What happened.")
    assert type(again) is error
    assert again.message == "What happened."


def test_an_unknown_name_comes_back_as_the_oldest_ancestor() -> None:
    again = error_named("Nonsense", "What happened.")
    assert type(again) is AvatarError
    assert again.message == "What happened."


@pytest.mark.parametrize("error", list(family(ModelError)), ids=lambda error: error.__name__)
def test_what_may_be_billed_is_never_repeated_by_itself(error: type[ModelError]) -> None:
    assert not (error.may_be_billed and error.retryable)
    made = error("What happened.", retry_after=2.5, request_id="req_1")
    assert (made.retry_after, made.request_id) == (2.5, "req_1")

"""How fast requests may leave."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avatar_core.pace import limit_for


@given(st.integers(1, 100_000), st.booleans())
def test_the_rate_is_never_above_what_was_asked(rate: int, sqlite: bool) -> None:
    limit = limit_for(rate, sqlite=sqlite)
    assert limit.starts >= 1
    assert limit.starts * 60 <= rate * limit.seconds


@given(st.integers(1, 100_000), st.booleans())
def test_the_rate_is_near_what_was_asked(rate: int, sqlite: bool) -> None:
    limit = limit_for(rate, sqlite=sqlite)
    assert limit.starts * 60 >= rate * limit.seconds * (1 if sqlite else 0.95)


@given(st.integers(1, 100_000))
def test_on_sqlite_a_window_is_whole_seconds(rate: int) -> None:
    limit = limit_for(rate, sqlite=True)
    assert limit.seconds == int(limit.seconds) >= 2


@pytest.mark.parametrize(
    ("rate", "starts", "seconds"),
    [
        (1, 1, 60),
        (2, 1, 30),
        (5, 1, 12),
        (10, 1, 6),
        (20, 2, 6),
        (30, 1, 2),
        (60, 2, 2),
        (300, 10, 2),
        (7, 7, 60),
    ],
)
def test_common_rates_make_short_windows(rate: int, starts: int, seconds: int) -> None:
    limit = limit_for(rate, sqlite=True)
    assert (limit.starts, limit.seconds) == (starts, seconds)

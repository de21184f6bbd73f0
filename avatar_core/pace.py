"""How fast requests may leave: a rate per minute as starts per short window."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limit:
    """Starts per period, for the engine's limiter."""

    starts: int
    seconds: float


def limit_for(requests_per_minute: int, *, sqlite: bool) -> Limit:
    """Spread a rate over short windows: no burst, and a short wait for whoever comes next.

    On SQLite the engine's clock counts whole seconds, so a window is a whole number of them; elsewhere it is padded
    by 2 %, because a request leaves a little later than the engine counted it.

    >>> limit_for(300, sqlite=True)
    Limit(starts=10, seconds=2)
    >>> limit_for(5, sqlite=True)
    Limit(starts=1, seconds=12)
    """
    for window in (2, 6, 12, 30, 60):
        if requests_per_minute * window >= 60 and (requests_per_minute * window) % 60 == 0:
            break
    starts = max(1, requests_per_minute * window // 60)
    return Limit(starts, window if sqlite else round(window * 1.02 + 0.05, 2))

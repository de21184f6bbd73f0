"""How long a server asks us to wait, in whichever of three ways it says so."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

#: Seconds, a week: beyond it, a server's clock or unit is wrong.
_LONGEST_WAIT = 604_800.0


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that the server asks us to wait: ``retry-after-ms``, or ``retry-after`` in seconds or as a date."""
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    value = headers.get("retry-after")
    seconds = _number(value)
    if seconds is not None or not value:
        return seconds
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (TypeError, ValueError, OverflowError):
        return None


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return min(number, _LONGEST_WAIT) if math.isfinite(number) and number >= 0 else None


def wait_in(text: str) -> float | None:
    """The wait that a message names, for proxies that drop the header: "Please try again in 12s"."""
    found = re.search(r"try again in (\d+(?:\.\d+)?)\s?(ms|s|m)\b", text)
    return float(found[1]) * {"ms": 0.001, "s": 1, "m": 60}[found[2]] if found else None

"""The demo model: an illustrator on this machine that reads the prompt and draws its people."""

from __future__ import annotations

from avatar_core.models.demo.flaws import Flaws, random_flaws
from avatar_core.models.demo.model import TRUTH, DemoModel

__all__ = ["TRUTH", "DemoModel", "Flaws", "random_flaws"]

"""The demo model: an illustrator on this machine that reads the prompt and draws its people."""

from __future__ import annotations

from avatar_core.models.demo.model import DemoModel

__all__ = ["DemoModel"]

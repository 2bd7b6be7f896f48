"""The only door of searching."""

from __future__ import annotations

from mingzheng.portal.searching.asking import Asked, understand
from mingzheng.portal.searching.engine import Found, Wanted
from mingzheng.portal.searching.projection import Opened, follow, opened, rebuild, sweep
from mingzheng.portal.searching.texts import KINDS

__all__ = [
    "KINDS", "Asked", "Found", "Opened", "Wanted", "follow", "opened", "rebuild", "sweep", "understand",
]  # fmt: skip

"""The only door of searching."""

from __future__ import annotations

from mingzheng.portal.searching.asking import Asked, understand
from mingzheng.portal.searching.engine import Busy, Found, Wanted
from mingzheng.portal.searching.projection import Opened, follow, is_behind, opened, rebuild, sweep
from mingzheng.portal.searching.texts import KINDS

__all__ = [
    "KINDS", "Asked",
    "Busy", "Found", "Opened", "Wanted", "follow",
    "is_behind", "opened", "rebuild", "sweep", "understand",
]  # fmt: skip

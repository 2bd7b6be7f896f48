"""The only door of searching."""

from __future__ import annotations

from mingzheng.portal.searching.asking import LONGEST, tidy
from mingzheng.portal.searching.engine import Busy, Found
from mingzheng.portal.searching.finding import Answer, Question, find, knows_all
from mingzheng.portal.searching.projection import Opened, follow, is_behind, opened, rebuild, sweep
from mingzheng.portal.searching.suggesting import suggest
from mingzheng.portal.searching.texts import KINDS

__all__ = [
    "KINDS",
    "LONGEST",
    "Answer",
    "Busy",
    "Found",
    "Opened",
    "Question",
    "find",
    "follow",
    "is_behind",
    "knows_all",
    "opened",
    "rebuild",
    "suggest",
    "sweep",
    "tidy",
]  # fmt: skip

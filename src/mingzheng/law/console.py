"""Small helpers of the room's commands: dates read strictly, lines and tables written for a terminal."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Sequence
from datetime import date

from mingzheng.law.errors import Refusal

_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
WEEKDAYS = "一二三四五六日"


def read_day(text: str, option: str) -> date:
    """Return the day written as 2018-02-09. Raises Refusal that names the option."""
    try:
        if _ISO_DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise Refusal(f"{option}的日期“{text}”有误，应为实际存在的日期并写作2018-02-09。")


def write(line: str) -> None:
    """Write one line to standard output."""
    sys.stdout.write(line + "\n")


def write_table(rows: Sequence[Sequence[str]]) -> None:
    """Write rows in columns; a Chinese character takes two places."""
    widths = [max(_width(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True))
        write("  ".join(cells).rstrip())


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(mark) in "WF" else 1 for mark in text)

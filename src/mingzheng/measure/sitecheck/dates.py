"""Dates as pages show them, and how long a column has stood still."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

_DAY: Final = r"(?<!\d)((?:19|20)\d{2})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})(?!\d)日?"
_ANY: Final = re.compile(_DAY)
# A piece of text that is nothing but a date, as lists show it.
_ALONE: Final = re.compile(
    rf"\W*(?:(?:发布|更新)(?:时间|日期)?\W*)?{_DAY}(?:[\sT]+\d{{1,2}}:\d{{2}}(?::\d{{2}})?)?\W*(?:发布)?"
)
_MONTH_DAY: Final = re.compile(r"\W*(\d{2})[-/.月](\d{2})日?\W*")
LONGEST: Final = 36  # characters of such a piece


def dates_in(text: str) -> Iterator[date]:
    """Every whole date in the text."""
    for match in _ANY.finditer(text):
        if day := _date(match):
            yield day


def date_alone(text: str) -> date | None:
    """The date that the text consists of, else None."""
    match = _ALONE.fullmatch(text)
    return _date(match) if match else None


def month_and_day(text: str, on: date) -> date | None:
    """``09-19`` as the last such day up to ``on``: home pages often leave the year out."""
    match = _MONTH_DAY.fullmatch(text)
    if match is None:
        return None
    for year in (on.year, on.year - 1):
        try:
            day = date(year, int(match[1]), int(match[2]))
        except ValueError:
            continue
        if day <= on:
            return day
    return None


def _date(match: re.Match[str]) -> date | None:
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def add_months(day: date, months: int) -> date:
    """The same day so many calendar months later, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def is_idle(newest: date, on: date, *, days: int = 0, months: int = 0) -> bool:
    """Whether more than so many days (or calendar months) have passed: the 14th day is fine, the 15th is not."""
    last = add_months(newest, months) if months else newest + timedelta(days=days)
    return on > last

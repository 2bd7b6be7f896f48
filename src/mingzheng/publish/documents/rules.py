"""The rules about documents that an office can edit, from ``data/validity.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from importlib import resources
from typing import Any

import yaml

from mingzheng.law.errors import Refusal


@dataclass(frozen=True, slots=True)
class ValidityRule:
    """How many years a silent document holds, by which source, and how many days before the end its unit is told."""

    silent_years: int
    source: str
    warn_days: int
    urgent_days: int

    def end_of_silent(self, start: date) -> date:
        """The first day on which a document no longer holds that began on ``start`` and names no end."""
        return _years_later(start, self.silent_years)

    def last_start(self, on: date) -> date:
        """The last start of a silent document that has ended by that day."""
        day = _years_later(on, -self.silent_years)
        after = day + timedelta(days=1)
        return after if self.end_of_silent(after) <= on else day


@lru_cache(maxsize=1)
def validity_rule() -> ValidityRule:
    """The rule in force. Raises Refusal when the file is wrong."""
    told = read_data("validity.yaml")
    numbers = [told.get(name) for name in ("silent_years", "warn_days", "urgent_days")]
    if not all(isinstance(each, int) and each > 0 for each in numbers) or not told.get("source"):
        raise Refusal("规则数据文件validity.yaml有误：年数和天数应为正整数，并须写明依据。")
    return ValidityRule(told["silent_years"], told["source"], told["warn_days"], told["urgent_days"])


def read_data(name: str) -> dict[str, Any]:
    """One of this room's data files."""
    text = resources.files("mingzheng.publish.documents").joinpath(f"data/{name}").read_text("utf-8")
    told: dict[str, Any] = yaml.safe_load(text)
    return told


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # the 29th of February
        return day.replace(year=day.year + years, day=28)

"""Rules of opening and closing sites, by date: data that an office may edit (国办发〔2017〕47号)."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, Final

import yaml
from django.conf import settings

from mingzheng.law.errors import Refusal

DATA: Final = Path(__file__).parent / "data" / "rules.yaml"
OWN_FILE: Final = "site-rules.yaml"


@dataclass(frozen=True, slots=True)
class SiteRules:
    """What held from one day on; numbers of days are calendar days."""

    effective_from: date
    basis: str
    tiers: list[str]
    suspensions_per_year: int
    suspension_days: int
    closing_notice_days: int
    domains: list[str]


def rules_on(on: date) -> SiteRules:
    """The rules in force on that day; before the first, the first."""
    path = settings.HOME / OWN_FILE
    every = _read(path if path.exists() else DATA)
    return max(
        (each for each in every if each.effective_from <= on), key=_since, default=min(every, key=_since)
    )


def _since(rules: SiteRules) -> date:
    return rules.effective_from


def _read(path: Path) -> list[SiteRules]:
    try:
        found = yaml.safe_load(path.read_text("utf-8"))
        every = [_checked(each) for each in found]
    except (yaml.YAMLError, UnicodeDecodeError, TypeError, ValueError):
        raise Refusal(f"网站管理规则文件“{path.name}”有误，应为规则的列表，每条写明全部项目。") from None
    if not every:
        raise Refusal(f"网站管理规则文件“{path.name}”没有任何规则。")
    return every


def _checked(given: dict[str, Any]) -> SiteRules:
    made = SiteRules(**given)
    kinds = {"date": date, "str": str, "int": int}
    for each in fields(SiteRules):
        value, kind = getattr(made, each.name), kinds.get(str(each.type))
        right = (
            isinstance(value, kind)
            if kind
            else isinstance(value, list) and all(isinstance(one, str) for one in value)
        )
        if not right or (kind is int and value < 0):
            raise ValueError(each.name)
    return made

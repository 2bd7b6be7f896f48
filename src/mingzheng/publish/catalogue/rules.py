"""What a column of the catalogue must say, each rule with its sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, Final

from django.utils import timezone

from mingzheng.city.models import Tier
from mingzheng.law.errors import Refusal
from mingzheng.publish.catalogue import standards
from mingzheng.publish.catalogue.column_tree import MAX_LEVEL
from mingzheng.publish.catalogue.models import FiveOpens
from mingzheng.publish.catalogue.standing import Standing, StandingColumn

_CODE: Final = re.compile(r"[A-Z]{2}(?:\d{2})*")
_LENGTHS: Final = {"name": (60, "名称"), "legal_basis": (200, "公开依据"), "column_type": (30, "栏目类别")}

Rule = Callable[[Standing, StandingColumn], str]


def vocabulary(key: str) -> dict[str, str]:
    """The words of the standard: five_opens, column_types, time_units, time_from, statutory_items."""
    words = standards.load_standard().vocabulary[key]
    return {value: label or value for value, label in words.items()}


def not_past(day: date, label: str) -> None:
    """The past of the catalogue is not rewritten."""
    if day < timezone.localdate():
        raise Refusal(f"{label}{day}早于今天，公开目录的过去不能改写。")


def check_code(code: str, parent: str) -> None:
    """A code of the standard is two capitals at the top, and two digits more on each level."""
    if not _CODE.fullmatch(code) or (code[:-2] != parent if parent else len(code) != 2):
        wanted = f"上级代码{parent}加两位数字" if parent else "两个大写字母"
        raise Refusal(f"栏目代码“{code}”不合规则，应当是{wanted}。")


def check_column(standing: Standing, column: StandingColumn) -> None:
    """Refuse the first rule that the column breaks, by its name."""
    for rule in _RULES:
        if fault := rule(standing, column):
            raise Refusal(f"栏目“{column.name or column.code}”{fault}。")


def check_leaves(standing: Standing, columns: Iterable[StandingColumn]) -> None:
    """A column without children says what must be there, what is looked at, and how often or how soon."""
    for column in columns:
        if column.open_children or column.planned == "closed":
            continue
        values = column.values
        if not values["elements"]:
            raise Refusal(f"栏目“{column.name}”没有下级，应当列出公开要素。")
        if not values["check_points"]:
            raise Refusal(f"栏目“{column.name}”没有下级，应当列出考察点。")
        if not (values["update_exempt"] or values["update_cycle_days"] or values["time_limit"]):
            raise Refusal(f"栏目“{column.name}”没有下级，应当有更新周期、公开时限，或者标明无需经常更新。")


def _texts(standing: Standing, column: StandingColumn) -> str:
    values = column.values
    if not values["name"].strip():
        return "没有名称"
    for name, (most, label) in _LENGTHS.items():
        if len(values[name] or "") > most:
            return f"的{label}超过{most}字"
    if not values["content_requirements"].strip():
        return "没有写明内容要求"
    return ""


def _words(standing: Standing, column: StandingColumn) -> str:
    values = column.values
    if values["five_opens"] and values["five_opens"] not in FiveOpens.values:
        return f"的五公开“{values['five_opens']}”不在可选范围"
    if values["column_type"] not in vocabulary("column_types"):
        return f"的栏目类别“{values['column_type']}”不在可选范围"
    if values["statutory_item"] and values["statutory_item"] not in vocabulary("statutory_items"):
        return f"的条例事项“{values['statutory_item']}”不在可选范围"
    for name, label in (("elements", "公开要素"), ("check_points", "考察点")):
        if len(set(values[name])) < len(values[name]):
            return f"的{label}有重复"
    return ""


def _tiers(standing: Standing, column: StandingColumn) -> str:
    tiers = column.values["tiers"]
    if not tiers:
        return "没有选定适用层级"
    if unknown := [tier for tier in tiers if tier not in Tier.values]:
        return f"的适用层级“{'、'.join(unknown)}”不在可选范围"
    above = standing.columns.get(column.parent)
    if above and (outside := [tier for tier in tiers if tier not in above.values["tiers"]]):
        return f"的上级栏目“{above.name}”不适用于{_named(outside)}"
    for child in _of_same_owner(standing, column.open_children):
        if outside := [tier for tier in child.values["tiers"] if tier not in tiers]:
            return f"的下级栏目“{child.name}”还适用于{_named(outside)}，不能先去掉"
    return ""


def _place(standing: Standing, column: StandingColumn) -> str:
    if column.level > MAX_LEVEL:
        return f"在第{column.level}级，公开目录最多{MAX_LEVEL}级"
    siblings = standing.columns[column.parent].children if column.parent else standing.roots
    for other in _of_same_owner(standing, siblings):
        if other is column or other.planned == "closed" or other.name != column.name:
            continue
        if set(other.values["tiers"]) & set(column.values["tiers"]):
            return f"与同级栏目{other.code}名称相同"
    return ""


def _cycle(standing: Standing, column: StandingColumn) -> str:
    cycle, least = column.values["update_cycle_days"], column.values["min_per_period"]
    if any(number is not None and not _positive(number) for number in (cycle, least)):
        return "的更新周期和最少条数应当是正整数"
    if column.values["update_exempt"] and (cycle or least):
        return "标明无需经常更新，就不能有更新周期和最少条数"
    if least and not cycle:
        return "有周期内最少条数而没有更新周期"
    return ""


def _time_limit(standing: Standing, column: StandingColumn) -> str:
    limit = column.values["time_limit"]
    if limit is None:
        return ""
    if set(limit) != {"value", "unit", "from"} or not _positive(limit["value"]):
        return "的公开时限应当写明天数、单位和起算点"
    if limit["unit"] not in vocabulary("time_units") or limit["from"] not in vocabulary("time_from"):
        return "的公开时限的单位或者起算点不在可选范围"
    return ""


def _of_same_owner(standing: Standing, columns: Iterable[StandingColumn]) -> list[StandingColumn]:
    """Without the columns that units set up for themselves: the standard does not give way to them."""
    return [each for each in columns if standing.unit is not None or each.owner_id is None]


def _positive(value: Any) -> bool:
    return isinstance(value, int) and 0 < value < 100_000


def _named(tiers: Iterable[str]) -> str:
    return "、".join(str(Tier(tier).label) for tier in tiers)


_RULES: Final[tuple[Rule, ...]] = (_texts, _words, _place, _tiers, _cycle, _time_limit)

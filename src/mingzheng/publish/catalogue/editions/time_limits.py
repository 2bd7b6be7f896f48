"""Reads a time limit (公开时限) from the words of a standard table: so many days, of which kind, from which event."""

from __future__ import annotations

import re
from typing import Final

from mingzheng.publish.catalogue.column_specs import TimeLimit

_AMOUNT: Final = re.compile(
    r"(?<![\d年月至])(?P<number>\d{1,3}|[一二两三四五六七八九十]{1,3})\s*(?:个)?\s*"
    r"(?P<unit>法定工作日|工作日|自然日|日历日|日|天|小时|月)(?P<end>[^。；;，,]{0,6})"
)
_UNITS: Final = {
    "法定工作日": "working_day", "工作日": "working_day", "自然日": "day", "日历日": "day", "日": "day", "天": "day",
    "月": "month",
}  # fmt: skip
# The first word found decides; what is formed or changed is counted from its forming.
_EVENTS: Final = (
    ("征集", "solicitation_closed"),
    ("形成", "formed"),
    ("制作", "formed"),
    ("变更", "changed"),
    ("批准", "approved"),
    ("批复", "approved"),
    ("审批", "approved"),
    ("合同", "signed"),
    ("签订", "signed"),
    ("答复", "replied"),
    ("作出", "decided"),
    ("做出", "decided"),
    ("决定", "decided"),
    ("会议", "held"),
    ("举行", "held"),
    ("发生", "occurred"),
    ("年度终了", "year_end"),
    ("年度结束", "year_end"),
)
_DIGITS: Final = {digit: value for value, digit in enumerate("一二三四五六七八九", start=1)} | {"两": 2}
# How long something stays public is no limit by which it must be.
_LASTING: Final = re.compile(
    r"(?:不少于|不得少于|不低于|至少|公示期|公示时间|期限为|提前|前)[^0-9一二两三四五六七八九十]{0,3}$"
)


def parse_time_limit(text: str) -> TimeLimit | None:
    """The first limit that the text states; None when it states none in days, such as 实时公开 or 公示不少于30日."""
    plain = re.sub(r"\s+", "", text)
    for match in _AMOUNT.finditer(plain):
        if _LASTING.search(plain[: match.start()]):
            continue
        if match["end"].startswith("前"):  # 每月10日前 is a date, not a period
            continue
        number = _number(match["number"])
        if match["unit"] == "小时":
            if number % 24:
                continue
            return _limit(plain, number // 24, "day")
        if match["unit"] == "月" and "个月" not in match[0]:
            continue  # a month of the calendar
        return _limit(plain, number, _UNITS[match["unit"]])
    return None


def _limit(plain: str, number: int, unit: str) -> TimeLimit | None:
    if not number:
        return None
    return TimeLimit(number, unit, next((event for word, event in _EVENTS if word in plain), "formed"))


def _number(written: str) -> int:
    if written.isdigit():
        return int(written)
    tens, _, ones = written.rpartition("十")
    if "十" not in written:
        return _DIGITS.get(written, 0)
    return 10 * (_DIGITS.get(tens, 1) if tens else 1) + _DIGITS.get(ones, 0)

"""The outcomes of a disclosure request, as data: legal basis, report rows and the relief paragraph.

Sources: 国务院令第711号 arts 14-16, 30-39; 国务院令第492号 arts 21-23; report rows of 国办公开办函〔2021〕30号,
table 三, and of the statistics sheet of 2014-2018. Relief: 行政复议法, 行政诉讼法 (see ``data/outcomes.yaml``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from mingzheng.law.data_files import load_yaml
from mingzheng.law.errors import Refusal
from mingzheng.law.rules import rule_set_on


@dataclass(frozen=True)
class SubCode:
    """A finer reason inside one outcome, with its own article and row in the old sheet."""

    code: str
    name: str
    basis: tuple[str, ...]
    old_row: str


@dataclass(frozen=True)
class Outcome:
    """One reply type. ``row`` is its row in table 三 (C1 to C6.3); ``old_rows`` those of the sheet 2014-2018."""

    code: str
    name: str
    basis: tuple[str, ...]
    basis_2007: tuple[str, ...]
    row: str
    old_rows: tuple[str, ...]
    needs_relief: bool
    review_first: bool
    sub_code_required: bool
    sub_codes: Mapping[str, SubCode]

    def sub_code(self, code: str) -> SubCode:
        """Return one sub-code. Raises Refusal for a code that this outcome does not have."""
        if code not in self.sub_codes:
            known = "、".join(self.sub_codes) or "无"
            raise Refusal(f"办理结果“{self.name}”没有细分代码“{code}”；可用：{known}。")
        return self.sub_codes[code]

    def check_sub_code(self, code: str) -> None:
        """Raise Refusal when the sub-code is unknown, or missing where the notice and the old sheet need one."""
        if code:
            self.sub_code(code)
        elif self.sub_code_required:
            raise Refusal(f"办理结果“{self.name}”须填写细分代码：{'、'.join(self.sub_codes)}。")

    def basis_on(self, received_on: date, sub_code: str = "") -> tuple[str, ...]:
        """Return the legal basis, each with document number, under the version in force on the day of receipt.

        Empty where that version has no such reply. Raises Refusal before 2008-05-01 or for an unknown sub-code.
        """
        rules = rule_set_on(received_on)
        articles = self.basis
        if rules.key == "regulation-2007":
            articles = self.basis_2007
        elif sub_code:
            articles = self.sub_code(sub_code).basis
        return tuple(f"{rules.document}{article}" for article in articles)


@dataclass(frozen=True)
class Relief:
    """A relief paragraph for replies from ``in_force`` on; ``review_first`` None serves every outcome."""

    in_force: date
    review_first: bool | None
    text: str
    sources: tuple[str, ...]


def _outcome(row: Mapping[str, Any]) -> Outcome:
    sub_codes = (
        SubCode(sub["code"], sub["name"], tuple(sub["basis"]), sub["old_row"])
        for sub in row.get("sub_codes", ())
    )
    return Outcome(
        code=row["code"],
        name=row["name"],
        basis=tuple(row["basis"]),
        basis_2007=tuple(row.get("basis_2007", ())),
        row=row["row"],
        old_rows=tuple(row["old_row"]),
        needs_relief=row.get("relief", False),
        review_first=row.get("review_first", False),
        sub_code_required=row.get("sub_code_required", False),
        sub_codes={sub.code: sub for sub in sub_codes},
    )


@lru_cache(maxsize=1)
def _data() -> tuple[dict[str, Outcome], tuple[Relief, ...]]:
    data = load_yaml("outcomes.yaml")
    # Folded YAML lines are joined by a space, which Chinese text does not have.
    reliefs = tuple(
        Relief(row["in_force"], row.get("review_first"), row["text"].replace(" ", ""), tuple(row["sources"]))
        for row in data["reliefs"]
    )
    return {row["code"]: _outcome(row) for row in data["outcomes"]}, reliefs


def outcomes() -> tuple[Outcome, ...]:
    """Return every outcome in the order of the report's table."""
    return tuple(_data()[0].values())


def outcome(code: str) -> Outcome:
    """Return one outcome. Raises Refusal for an unknown code."""
    found = _data()[0].get(code)
    if found is None:
        raise Refusal(f"没有代码为“{code}”的办理结果。")
    return found


def relief_on(replied_on: date, result: Outcome) -> Relief:
    """Return the relief that a reply of this date and outcome must name.

    Since 2024-01-01 a refusal to disclose goes to review first (行政复议法 2023 第二十三条第一款第四项).
    Raises Refusal before 2008-05-01.
    """
    for relief in _data()[1]:
        if relief.in_force <= replied_on and relief.review_first in (None, result.review_first):
            return relief
    raise Refusal(
        f"{replied_on}早于2008-05-01，《政府信息公开条例》尚未施行（国务院令第492号第三十八条），没有可用的救济告知。"
    )


def relief_paragraph(replied_on: date, result: Outcome, *, review_organ: str, court: str) -> str:
    """Return the relief paragraph of a reply, or an empty text for outcomes that need none (made public, abandoned).

    ``review_organ`` hears the administrative review, ``court`` the litigation. Raises Refusal before 2008-05-01.
    """
    if not result.needs_relief:
        return ""
    return relief_on(replied_on, result).text.format(review_organ=review_organ, court=court)

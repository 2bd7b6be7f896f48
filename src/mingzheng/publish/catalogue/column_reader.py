"""Turns the entries of a standard file into columns, each checked by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from mingzheng.publish.catalogue.column_specs import ColumnSpec, TimeLimit
from mingzheng.publish.catalogue.data_files import check, mapping, texts

# A column's own keys, and those that it takes from its parent when it does not give them.
OWN = ("code", "name", "role", "content_requirements", "elements", "check_points")
INHERITED = (
    "tiers",
    "five_opens",
    "column_type",
    "statutory_item",
    "legal_basis",
    "time_limit",
    "allow_statement",
    "update_exempt",
    "update_cycle_days",
    "min_per_period",
    "evidence",
)
SORT_STEP = 10
_CODE = re.compile(r"[A-Z]{2}(?:\d{2}){0,3}")


@dataclass(frozen=True)
class ColumnReader:
    """Turns the entries of one file into columns and checks each of them by itself."""

    file: str
    vocabulary: Mapping[str, Mapping[str, str]]
    effective_from: date

    def branch(
        self, nodes: Any, parent: ColumnSpec | None, inherited: Mapping[str, Any], before: int = 0
    ) -> Iterator[ColumnSpec]:
        """Yield columns depth first; ``before`` is the number of siblings that stand in earlier files."""
        check(
            isinstance(nodes, list) and bool(nodes),
            self.file,
            parent.code if parent else "文件",
            "应当是栏目列表",
        )
        for place, node in enumerate(nodes, start=before + 1):
            column = self.column(node, parent, inherited, place * SORT_STEP, with_children=True)
            yield column
            if "children" in node:
                yield from self.branch(node["children"], column, self.inheritable(column))

    def column(
        self,
        node: Any,
        parent: ColumnSpec | None,
        inherited: Mapping[str, Any],
        sort: int,
        *,
        with_children: bool = False,
    ) -> ColumnSpec:
        """Return one column, its absent keys taken from the parent."""
        allowed = (*OWN, *INHERITED, *(("children",) if with_children else ()))
        node = mapping(node, self.file, parent.code if parent else "一级栏目", allowed, OWN[:2])
        code = node["code"]
        check(
            isinstance(code, str) and bool(_CODE.fullmatch(code)),
            self.file,
            code,
            "编码应当是两个大写字母加每级两位数字",
        )
        if parent is None:
            check(len(code) == 2, self.file, code, "一级栏目编码应当是两个大写字母")
        else:
            check(code[:-2] == parent.code, self.file, code, f"编码应当是上级栏目编码{parent.code}加两位数字")
        values = self.values({key: node[key] for key in INHERITED if key in node}, inherited, code)
        own = self.own({key: node.get(key) for key in OWN[1:]}, code)
        if not own["elements"] and "children" not in node and with_children:
            check(False, self.file, code, "没有下级的栏目应当列出公开要素")
        level = parent.level + 1 if parent else 1
        spec = ColumnSpec(
            code=code,
            parent=parent.code if parent else None,
            level=level,
            sort=sort,
            effective_from=self.effective_from,
            **own,
            **values,
        )
        if "children" not in node and with_children:
            self.check_leaf(spec)
        return spec

    def check_leaf(self, column: ColumnSpec) -> None:
        """A column without children says what must be there, what is looked at, and how often (or that it is standing)."""
        check(bool(column.elements), self.file, column.code, "没有下级的栏目应当列出公开要素")
        check(bool(column.check_points), self.file, column.code, "没有下级的栏目应当列出考察点")
        measured = column.update_exempt or column.update_cycle_days is not None
        check(measured, self.file, column.code, "没有下级的栏目应当有更新周期或者标明免于更新考核")

    def own(self, given: Mapping[str, Any], code: str) -> dict[str, Any]:
        """Return the keys that are never inherited, checked."""
        for key in ("name", "content_requirements"):
            value = given[key]
            check(isinstance(value, str) and bool(value.strip()), self.file, code, f"缺少{key}")
        role = given["role"]
        check(role is None or role in self.vocabulary["roles"], self.file, code, f"未知的role“{role}”")
        lists = {key: texts(given[key] or [], self.file, code, key) for key in ("elements", "check_points")}
        return {
            "name": given["name"],
            "content_requirements": given["content_requirements"],
            "role": role,
            **lists,
        }

    def values(self, given: Mapping[str, Any], inherited: Mapping[str, Any], code: str) -> dict[str, Any]:
        """Return the inheritable keys, the given ones over the inherited ones, checked."""
        values = dict(inherited) | dict(given)
        if "time_limit" in given:
            values["time_limit"] = self.time_limit(given["time_limit"], code)
        if "tiers" in given:
            values["tiers"] = texts(given["tiers"], self.file, code, "tiers")
            check(bool(values["tiers"]), self.file, code, "tiers不能为空")
        self.check_words(values, code)
        for key in ("allow_statement", "update_exempt"):
            check(isinstance(values[key], bool), self.file, code, f"{key}应当是true或者false")
        basis = values["legal_basis"]
        check(
            basis is None or (isinstance(basis, str) and bool(basis)),
            self.file,
            code,
            "legal_basis应当是文字",
        )
        self.settle_cycle(values, given, code)
        return values

    def settle_cycle(self, values: dict[str, Any], given: Mapping[str, Any], code: str) -> None:
        """Make cycle, minimum and exemption agree: standing columns have no cycle, every cycle has a minimum."""
        if values["update_exempt"]:
            stated = given.get("update_cycle_days") or given.get("min_per_period")
            check(not stated, self.file, code, "免于更新考核的栏目不能有更新周期")
            values["update_cycle_days"] = values["min_per_period"] = None
        elif values["update_cycle_days"] is None:
            check(not given.get("min_per_period"), self.file, code, "没有更新周期而规定了周期内最少条数")
            values["min_per_period"] = None
        elif values["min_per_period"] is None or (
            "update_cycle_days" in given and "min_per_period" not in given
        ):
            values["min_per_period"] = 1
        for key in ("update_cycle_days", "min_per_period"):
            check(values[key] is None or is_positive(values[key]), self.file, code, f"{key}应当是正整数")

    def check_words(self, values: Mapping[str, Any], code: str) -> None:
        """Hold every coded value against its vocabulary."""
        for key, words, may_be_null in (
            ("five_opens", "five_opens", True),
            ("column_type", "column_types", False),
            ("statutory_item", "statutory_items", True),
            ("evidence", "evidence", False),
        ):
            value = values[key]
            fine = (value is None and may_be_null) or (
                isinstance(value, str) and value in self.vocabulary[words]
            )
            check(fine, self.file, code, f"未知的{key}“{value}”")
        unknown = [tier for tier in values["tiers"] if tier not in self.vocabulary["tiers"]]
        check(not unknown, self.file, code, f"未知的层级{'、'.join(unknown)}")

    def time_limit(self, value: Any, code: str) -> TimeLimit | None:
        if value is None:
            return None
        keys = ("value", "unit", "from")
        check(
            isinstance(value, dict) and set(value) == set(keys),
            self.file,
            code,
            "time_limit应当有value、unit、from",
        )
        amount, unit, event = (value[key] for key in keys)
        check(is_positive(amount), self.file, code, "time_limit的value应当是正整数")
        check(unit in self.vocabulary["time_units"], self.file, code, f"未知的期限单位“{unit}”")
        check(event in self.vocabulary["time_from"], self.file, code, f"未知的起算点“{event}”")
        return TimeLimit(amount, unit, event)

    def inheritable(self, column: ColumnSpec) -> dict[str, Any]:
        return {key: getattr(column, key) for key in INHERITED}


def is_date(value: object) -> bool:
    return isinstance(value, date)


def is_positive(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0

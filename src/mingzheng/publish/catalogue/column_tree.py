"""The column standard as a tree over which the dated changes of the years are played."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from importlib.resources.abc import Traversable
from typing import Any

from mingzheng.publish.catalogue.column_reader import INHERITED, OWN, SORT_STEP, ColumnReader, is_date
from mingzheng.publish.catalogue.column_specs import ColumnChange, ColumnSpec, Standard, TimeLimit
from mingzheng.publish.catalogue.data_files import check, mapping, read_yaml

MAX_LEVEL = 4
_CHANGEABLE: Mapping[str, tuple[str, ...]] = {
    "rename": ("name",),
    "move": ("parent",),
    "tiers": ("tiers",),
    "requirements": (
        "content_requirements",
        "elements",
        "check_points",
        *(key for key in INHERITED if key not in ("tiers", "evidence")),
    ),
}
_CHANGE_FILE_KEYS = ("year", "standard", "orders")
_ORDER_KEYS = ("order", "dated", "title", "reason", "changes")


class ColumnTree:
    """The columns as they stand while the changes of the years are played over them."""

    def __init__(self, standard: Standard) -> None:
        self.standard = standard
        self.columns = {column.code: column for column in standard.columns}

    def replay(self, folder: Traversable, year: int, until: date = date.max) -> list[ColumnChange]:
        """Apply one year's file up to ``until`` and return what was done. Raises Refusal."""
        file = f"changes-{year}.yaml"
        head = mapping(read_yaml(folder, file), file, "文件头", _CHANGE_FILE_KEYS, _CHANGE_FILE_KEYS)
        check(head["year"] == year, file, head["year"], f"年份与文件名不符，应为{year}")
        check(
            head["standard"] == self.standard.code,
            file,
            head["standard"],
            f"应当是对{self.standard.code}的调整",
        )
        last = max(date(year, 1, 1), self.standard.effective_from)
        done: list[ColumnChange] = []
        for order in head["orders"]:
            order = mapping(order, file, "orders", _ORDER_KEYS, _ORDER_KEYS)
            on, number = order["dated"], order["order"]
            check(is_date(on) and on.year == year, file, number, f"日期应当在{year}年内")
            check(on >= last, file, number, "调整应当按日期先后排列，且不早于标准施行日期")
            last = on
            if on <= until:
                done.extend(self.change(entry, file, order) for entry in order["changes"])
        check_tree(self.columns.values(), file)
        self.check_added_leaves(done, file)
        return done

    def check_added_leaves(self, done: Iterable[ColumnChange], file: str) -> None:
        """A column added in the year that got no children is measured, and must say by what."""
        parents = {column.parent for column in self.columns.values()}
        reader = ColumnReader(file, self.standard.vocabulary, self.standard.effective_from)
        for change in done:
            if change.kind == "added" and change.code not in parents:
                reader.check_leaf(self.columns[change.code])

    def change(self, entry: Any, file: str, order: Mapping[str, Any]) -> ColumnChange:
        kind = entry.get("kind") if isinstance(entry, dict) else None
        check(kind in ("added", "adjusted"), file, order["order"], f"未知的调整种类“{kind}”")
        reader = ColumnReader(file, self.standard.vocabulary, order["dated"])
        what: str | None = None
        before: Mapping[str, Any] = {}
        after: Mapping[str, Any] = {}
        if kind == "added":
            entry = mapping(entry, file, order["order"], ("kind", "column", "reason"), ("column",))
            column = self.add(entry["column"], reader)
        else:
            keys = ("code", "what", "fields")
            entry = mapping(entry, file, order["order"], ("kind", *keys, "reason"), keys)
            column, before, after = self.adjust(entry, reader)
            what = entry["what"]
        return ColumnChange(
            on=order["dated"],
            order=order["order"],
            title=order["title"],
            kind=str(kind),
            code=column.code,
            level=column.level,
            column=column,
            reason=entry.get("reason") or order["reason"],
            what=what,
            before=before,
            after=after,
        )

    def add(self, node: Any, reader: ColumnReader) -> ColumnSpec:
        code = str(node.get("code")) if isinstance(node, dict) else ""
        parent = self.columns.get(code[:-2]) if len(code) > 2 else None
        check(
            parent is not None or len(code) <= 2,
            reader.file,
            code,
            f"上级栏目{code[:-2]}尚不存在，应当先增上级",
        )
        check(code not in self.columns, reader.file, code, "栏目编码已被使用")
        inherited = reader.inheritable(parent) if parent else self.standard.defaults
        column = reader.column(node, parent, inherited, self.next_sort(parent))
        self.columns[code] = column
        return column

    def adjust(
        self, entry: Mapping[str, Any], reader: ColumnReader
    ) -> tuple[ColumnSpec, dict[str, Any], dict[str, Any]]:
        code, what, given = entry["code"], entry["what"], entry["fields"]
        check(code in self.columns, reader.file, code, "所调整的栏目不存在")
        check(what in _CHANGEABLE, reader.file, code, f"未知的调整内容“{what}”")
        mapping(given, reader.file, code, _CHANGEABLE[what], ())
        old = self.columns[code]
        if what == "move":
            new = self.moved(old, given["parent"], reader)
        else:
            own = reader.own({key: given.get(key, _plain(getattr(old, key))) for key in OWN[1:]}, code)
            values = {key: given[key] for key in INHERITED if key in given}
            new = replace(old, **own, **reader.values(values, reader.inheritable(old), code))
        changed = [key for key in given if getattr(old, key) != getattr(new, key)]
        check(bool(given) and len(changed) == len(given), reader.file, code, "有的字段调整前后相同")
        self.columns[code] = new
        before, after = ({key: _plain(getattr(side, key)) for key in given} for side in (old, new))
        return new, before, after

    def moved(self, column: ColumnSpec, parent_code: Any, reader: ColumnReader) -> ColumnSpec:
        """Return the column under its new parent; the levels of what stands below it follow."""
        check(parent_code in self.columns, reader.file, column.code, f"移入的上级栏目“{parent_code}”不存在")
        parent = self.columns[parent_code]
        above: ColumnSpec | None = parent
        while above is not None:
            check(above.code != column.code, reader.file, column.code, "不能移到自己的下级")
            above = self.columns[above.parent] if above.parent else None
        shift = parent.level + 1 - column.level
        for below in self.below(column.code):
            self.columns[below.code] = replace(below, level=below.level + shift)
        return replace(column, parent=parent.code, level=parent.level + 1, sort=self.next_sort(parent))

    def below(self, code: str) -> list[ColumnSpec]:
        children = [column for column in self.columns.values() if column.parent == code]
        return children + [deeper for child in children for deeper in self.below(child.code)]

    def next_sort(self, parent: ColumnSpec | None) -> int:
        siblings = [c.sort for c in self.columns.values() if c.parent == (parent.code if parent else None)]
        return max(siblings, default=0) + SORT_STEP

    def in_order(self) -> tuple[ColumnSpec, ...]:
        children: dict[str | None, list[ColumnSpec]] = defaultdict(list)
        for column in sorted(self.columns.values(), key=lambda column: column.sort):
            children[column.parent].append(column)

        def walk(parent: str | None) -> Iterator[ColumnSpec]:
            for column in children[parent]:
                yield column
                yield from walk(column.code)

        return tuple(walk(None))


def check_tree(columns: Iterable[ColumnSpec], file: str) -> None:
    """Hold what no column can know alone: codes and siblings' names once, tiers within the parent's, roles once a tier."""
    by_code: dict[str, ColumnSpec] = {}
    names: set[tuple[str | None, str, str]] = set()
    roles: set[tuple[str, str]] = set()
    for column in columns:
        check(column.code not in by_code, file, column.code, "栏目编码重复")
        by_code[column.code] = column
        for tier in column.tiers:
            check((column.parent, column.name, tier) not in names, file, column.code, "同级栏目的名称重复")
            names.add((column.parent, column.name, tier))
            if column.role is not None:
                check(
                    (column.role, tier) not in roles,
                    file,
                    column.code,
                    f"层级{tier}已有用途为{column.role}的栏目",
                )
                roles.add((column.role, tier))
    for column in by_code.values():
        parent = by_code[column.parent] if column.parent else None
        outside = [tier for tier in column.tiers if parent is not None and tier not in parent.tiers]
        check(not outside, file, column.code, f"上级栏目不适用于层级{'、'.join(outside)}")
        check(column.level <= MAX_LEVEL, file, column.code, f"栏目超过{MAX_LEVEL}级")


def _plain(value: Any) -> Any:
    """Return a column's value as the files write it: lists for tuples, a mapping for the time limit."""
    if isinstance(value, TimeLimit):
        return value.as_json()
    return list(value) if isinstance(value, tuple) else value

"""Column standards (栏目标准) of the seven tiers, their dated changes, and the theme and genre classes, as checked data.

The files stand in ``data/``; ``data/columns.yaml`` explains their keys and how a column inherits from its parent.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cache
from importlib.resources.abc import Traversable
from typing import Any

from mingzheng.law.errors import Refusal
from mingzheng.publish.catalogue.data_files import DATA, check, mapping, read_yaml, texts

MAX_LEVEL = 4
_HEADER = "columns.yaml"
_CODE = re.compile(r"[A-Z]{2}(?:\d{2}){0,3}")
_INHERITED = (
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
_OWN = ("code", "name", "role", "content_requirements", "elements", "check_points")
_CHANGEABLE: Mapping[str, tuple[str, ...]] = {
    "rename": ("name",),
    "move": ("parent",),
    "tiers": ("tiers",),
    "requirements": (
        "content_requirements",
        "elements",
        "check_points",
        *(key for key in _INHERITED if key not in ("tiers", "evidence")),
    ),
}
_SORT_STEP = 10


@dataclass(frozen=True)
class TimeLimit:
    """A period in working days, days or months, counted from a kind of event; both from the file's vocabulary."""

    value: int
    unit: str
    event: str

    def as_json(self) -> dict[str, Any]:
        return {"value": self.value, "unit": self.unit, "from": self.event}


@dataclass(frozen=True)
class ColumnSpec:
    """One column of the standard with everything inherited already filled in. Cycles are calendar days."""

    code: str
    parent: str | None
    name: str
    level: int
    sort: int
    tiers: tuple[str, ...]
    content_requirements: str
    elements: tuple[str, ...]
    check_points: tuple[str, ...]
    role: str | None
    five_opens: str | None
    column_type: str
    update_cycle_days: int | None
    min_per_period: int | None
    update_exempt: bool
    statutory_item: str | None
    legal_basis: str | None
    time_limit: TimeLimit | None
    allow_statement: bool
    evidence: str
    effective_from: date
    effective_to: date | None = None

    @property
    def slug(self) -> str:
        """The code as it stands in addresses."""
        return self.code.lower()

    def as_row(self) -> dict[str, Any]:
        """Return the values as a database row takes them: lists for tuples, a plain mapping for the time limit."""
        row = {field.name: getattr(self, field.name) for field in fields(self)}
        row |= {key: list(value) for key, value in row.items() if isinstance(value, tuple)}
        row["time_limit"] = self.time_limit.as_json() if self.time_limit else None
        return row


@dataclass(frozen=True)
class ColumnChange:
    """One adjustment of the catalogue: a column ``added``, or some of its fields ``adjusted`` from ``before`` to ``after``.

    ``column`` is the column as it stands after the change; ``level`` is its level in the tree then.
    """

    on: date
    order: str
    title: str
    kind: str
    code: str
    level: int
    column: ColumnSpec
    reason: str
    what: str | None
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True)
class Standard:
    """One version of the column standard: its name, date, vocabularies and columns in the order of the tree."""

    code: str
    name: str
    effective_from: date
    source: str
    vocabulary: Mapping[str, Mapping[str, str]]
    defaults: Mapping[str, Any]
    columns: tuple[ColumnSpec, ...]


def load_standard(folder: Traversable = DATA) -> Standard:
    """Read and check the column standard. Raises Refusal in one sentence that names file and column."""
    return _shipped_standard() if folder is DATA else _read_standard(folder)


@cache
def _shipped_standard() -> Standard:
    return _read_standard(DATA)


def _read_standard(folder: Traversable) -> Standard:
    header = mapping(read_yaml(folder, _HEADER), _HEADER, "文件头", _HEADER_KEYS, _HEADER_KEYS)
    about = mapping(header["standard"], _HEADER, "standard", _ABOUT_KEYS, _ABOUT_KEYS)
    check(_is_date(about["effective_from"]), _HEADER, about["code"], "effective_from应当是日期")
    words = mapping(header["vocabulary"], _HEADER, "vocabulary", _VOCABULARY_KEYS, _VOCABULARY_KEYS)
    vocabulary = {
        key: dict(value) if isinstance(value, dict) else dict.fromkeys(value, "")
        for key, value in words.items()
    }
    defaults = mapping(
        header["defaults"], _HEADER, "defaults", _INHERITED, ("tiers", "column_type", "evidence")
    )
    reader = _Reader(_HEADER, vocabulary, about["effective_from"])
    defaults = reader.values(defaults, {}, "defaults")
    columns: list[ColumnSpec] = []
    for part in texts(header["parts"], _HEADER, "parts", "parts"):
        reader = _Reader(f"columns-{part}.yaml", vocabulary, about["effective_from"])
        top = sum(column.parent is None for column in columns)
        columns.extend(reader.branch(read_yaml(folder, reader.file), None, defaults, top))
    _check_tree(columns, _HEADER)
    return Standard(
        about["code"],
        about["name"],
        about["effective_from"],
        about["source"],
        vocabulary,
        defaults,
        tuple(columns),
    )


def load_columns(folder: Traversable = DATA) -> tuple[ColumnSpec, ...]:
    """Return the columns of the standard as it first came into force, parents before children. Raises Refusal."""
    return load_standard(folder).columns


def load_changes(year: int, folder: Traversable = DATA) -> tuple[ColumnChange, ...]:
    """Return the year's adjustments in the order of their taking effect. Raises Refusal, also for a year without a file."""
    years = change_years(folder)
    if year not in years:
        raise Refusal(f"没有{year}年的栏目调整文件changes-{year}.yaml。")
    standard = load_standard(folder)
    tree = _Tree(standard)
    for earlier in (other for other in years if other < year):
        tree.replay(folder, earlier)
    return tuple(tree.replay(folder, year))


def columns_on(day: date, folder: Traversable = DATA) -> tuple[ColumnSpec, ...]:
    """Return the columns in force on ``day``, changes included, in the order of the tree. Raises Refusal."""
    standard = load_standard(folder)
    if day < standard.effective_from:
        raise Refusal(
            f"{day}早于《{standard.name}》的施行日期{standard.effective_from}，没有可适用的栏目标准。"
        )
    tree = _Tree(standard)
    for year in change_years(folder):
        if year <= day.year:
            tree.replay(folder, year, until=day)
    return tree.in_order()


def change_years(folder: Traversable = DATA) -> tuple[int, ...]:
    """Return the years that have a file of adjustments, oldest first."""
    names = (re.fullmatch(r"changes-(\d{4})\.yaml", entry.name) for entry in folder.iterdir())
    return tuple(sorted(int(name[1]) for name in names if name))


def for_tier(columns: Iterable[ColumnSpec], tier: str) -> tuple[ColumnSpec, ...]:
    """Return the columns that units of this tier (T1 to T7) must keep."""
    return tuple(column for column in columns if tier in column.tiers)


_HEADER_KEYS = ("standard", "parts", "defaults", "vocabulary")
_ABOUT_KEYS = ("code", "name", "effective_from", "source")
_VOCABULARY_KEYS = (
    "tiers",
    "five_opens",
    "column_types",
    "time_units",
    "time_from",
    "evidence",
    "statutory_items",
    "roles",
)
_CHANGE_FILE_KEYS = ("year", "standard", "orders")
_ORDER_KEYS = ("order", "dated", "title", "reason", "changes")


@dataclass(frozen=True)
class _Reader:
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
            column = self.column(node, parent, inherited, place * _SORT_STEP, with_children=True)
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
        allowed = (*_OWN, *_INHERITED, *(("children",) if with_children else ()))
        node = mapping(node, self.file, parent.code if parent else "一级栏目", allowed, _OWN[:2])
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
        values = self.values({key: node[key] for key in _INHERITED if key in node}, inherited, code)
        own = self.own({key: node.get(key) for key in _OWN[1:]}, code)
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
            check(values[key] is None or _is_positive(values[key]), self.file, code, f"{key}应当是正整数")

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
        check(_is_positive(amount), self.file, code, "time_limit的value应当是正整数")
        check(unit in self.vocabulary["time_units"], self.file, code, f"未知的期限单位“{unit}”")
        check(event in self.vocabulary["time_from"], self.file, code, f"未知的起算点“{event}”")
        return TimeLimit(amount, unit, event)

    def inheritable(self, column: ColumnSpec) -> dict[str, Any]:
        return {key: getattr(column, key) for key in _INHERITED}


class _Tree:
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
            check(_is_date(on) and on.year == year, file, number, f"日期应当在{year}年内")
            check(on >= last, file, number, "调整应当按日期先后排列，且不早于标准施行日期")
            last = on
            if on <= until:
                done.extend(self.change(entry, file, order) for entry in order["changes"])
        _check_tree(self.columns.values(), file)
        self.check_added_leaves(done, file)
        return done

    def check_added_leaves(self, done: Iterable[ColumnChange], file: str) -> None:
        """A column added in the year that got no children is measured, and must say by what."""
        parents = {column.parent for column in self.columns.values()}
        reader = _Reader(file, self.standard.vocabulary, self.standard.effective_from)
        for change in done:
            if change.kind == "added" and change.code not in parents:
                reader.check_leaf(self.columns[change.code])

    def change(self, entry: Any, file: str, order: Mapping[str, Any]) -> ColumnChange:
        kind = entry.get("kind") if isinstance(entry, dict) else None
        check(kind in ("added", "adjusted"), file, order["order"], f"未知的调整种类“{kind}”")
        reader = _Reader(file, self.standard.vocabulary, order["dated"])
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

    def add(self, node: Any, reader: _Reader) -> ColumnSpec:
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
        self, entry: Mapping[str, Any], reader: _Reader
    ) -> tuple[ColumnSpec, dict[str, Any], dict[str, Any]]:
        code, what, given = entry["code"], entry["what"], entry["fields"]
        check(code in self.columns, reader.file, code, "所调整的栏目不存在")
        check(what in _CHANGEABLE, reader.file, code, f"未知的调整内容“{what}”")
        mapping(given, reader.file, code, _CHANGEABLE[what], ())
        old = self.columns[code]
        if what == "move":
            new = self.moved(old, given["parent"], reader)
        else:
            own = reader.own({key: given.get(key, _plain(getattr(old, key))) for key in _OWN[1:]}, code)
            values = {key: given[key] for key in _INHERITED if key in given}
            new = replace(old, **own, **reader.values(values, reader.inheritable(old), code))
        changed = [key for key in given if getattr(old, key) != getattr(new, key)]
        check(bool(given) and len(changed) == len(given), reader.file, code, "有的字段调整前后相同")
        self.columns[code] = new
        before, after = ({key: _plain(getattr(side, key)) for key in given} for side in (old, new))
        return new, before, after

    def moved(self, column: ColumnSpec, parent_code: Any, reader: _Reader) -> ColumnSpec:
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
        return max(siblings, default=0) + _SORT_STEP

    def in_order(self) -> tuple[ColumnSpec, ...]:
        children: dict[str | None, list[ColumnSpec]] = defaultdict(list)
        for column in sorted(self.columns.values(), key=lambda column: column.sort):
            children[column.parent].append(column)

        def walk(parent: str | None) -> Iterator[ColumnSpec]:
            for column in children[parent]:
                yield column
                yield from walk(column.code)

        return tuple(walk(None))


def _check_tree(columns: Iterable[ColumnSpec], file: str) -> None:
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


def _is_date(value: object) -> bool:
    return isinstance(value, date)


def _is_positive(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _plain(value: Any) -> Any:
    """Return a column's value as the files write it: lists for tuples, a mapping for the time limit."""
    if isinstance(value, TimeLimit):
        return value.as_json()
    return list(value) if isinstance(value, tuple) else value

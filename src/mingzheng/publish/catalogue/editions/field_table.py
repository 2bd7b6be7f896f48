"""Reads a table of the grass-roots standards (基层政务公开标准指引, 国办发〔2019〕54号) as the columns of a field.

The table has fixed columns under one or two rows of headings. Every 一级事项 becomes a column of the field and every
二级事项 a column below it; a matter whose two cells are merged into one has nothing below it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from mingzheng.law.errors import Refusal
from mingzheng.publish.catalogue.editions.field_cells import channels_of, elements_of, is_ticked, short_basis
from mingzheng.publish.catalogue.editions.time_limits import parse_time_limit
from mingzheng.publish.catalogue.standing import Standing, StandingColumn

MOST_ROWS: Final = 2000
_HEAD_ROWS: Final = 10
# What a heading begins with, and what the screens call the column.
_COLUMNS: Final = {
    "first": "一级事项", "second": "二级事项", "content": "公开内容", "basis": "公开依据", "limit": "公开时限",
    "publisher": "公开主体", "channels": "公开渠道", "audience": "公开对象", "way": "公开方式", "level": "公开层级",
}  # fmt: skip
_NOTE: Final = re.compile(r"(?:备注|说明|填表|注)[：:]?")


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a sheet as text: ``continued`` are the places (from nought) whose merged cell began in a row above."""

    number: int
    cells: tuple[str, ...]
    continued: frozenset[int] = frozenset()
    problems: tuple[str, ...] = ()


@dataclass(slots=True)
class Matter:
    """A matter to be made public: an 一级事项 with those below it, or one without any."""

    name: str
    number: int
    values: dict[str, Any] = field(default_factory=dict)
    below: list[Matter] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class FieldTable:
    """A field as its table describes it: matters in order, or a sentence for each row that is wrong."""

    matters: list[Matter]
    errors: dict[int, str]

    @property
    def columns(self) -> int:
        return sum(1 + len(matter.below) for matter in self.matters)

    def plan(self, standing: Standing, code: str, parent: str, name: str) -> list[StandingColumn]:
        """The field and its matters as planned columns of the tree."""
        if self.errors:
            raise Refusal(f"领域“{name}”的标准目录有{len(self.errors)}行不合要求，请更正后重新导入。")
        if not name:
            raise Refusal("导入标准目录须写明领域名称。")
        own = [standing.unit.tier] if standing.unit else None
        field_tiers = own or sorted({tier for matter in self.matters for tier in _tiers(matter)})
        made = [
            standing.add(
                code, parent,
                {"name": name, "tiers": field_tiers, "content_requirements": f"按基层政务公开标准目录公开{name}领域的信息。"},
            )
        ]  # fmt: skip
        for matter in self.matters:
            made.extend(self._add(standing, code, matter, own, name))
        return made

    def _add(
        self, standing: Standing, parent: str, matter: Matter, own: list[str] | None, name: str
    ) -> Iterator[StandingColumn]:
        values = matter.values or {"content_requirements": f"按{name}领域标准目录公开“{matter.name}”的信息。"}
        tiers = own or sorted(_tiers(matter))
        column = standing.add(
            standing.free_code(parent), parent, values | {"name": matter.name, "tiers": tiers}
        )
        yield column
        for each in matter.below:
            yield from self._add(standing, column.code, each, own, name)


def read_field(rows: Sequence[TableRow], file: str) -> FieldTable:
    """The matters of a table. Raises ``Refusal`` when it lacks a heading or has no rows; what is wrong with a row is told."""
    if len(rows) > MOST_ROWS:
        raise Refusal(f"“{file}”有{len(rows)}行，超过标准目录{MOST_ROWS}行的上限。")
    head, columns = _headings(rows, file)
    reader = _Reader(columns)
    for row in rows[head + 1 :]:
        reader.read(row)
    if not reader.matters and not reader.errors:
        raise Refusal(f"“{file}”的表头之下没有任何事项。")
    return FieldTable(reader.matters, reader.errors)


def _headings(rows: Sequence[TableRow], file: str) -> tuple[int, dict[str, dict[int, str]]]:
    """The last row of headings, and by column of the standard the places that hold it with their lower heading."""
    for place, row in enumerate(rows[:_HEAD_ROWS]):
        lower = [_plain(cell) for cell in row.cells]
        if not any(cell.startswith("一级事项") for cell in lower):
            continue
        upper = [_plain(cell) for cell in rows[place - 1].cells] if place else lower
        columns: dict[str, dict[int, str]] = {}
        for at, below in enumerate(lower):
            above = upper[at] if at < len(upper) else ""
            for key, label in _COLUMNS.items():
                if below.startswith(label) or above.startswith(label):
                    columns.setdefault(key, {})[at] = "" if below.startswith(label) else below
                    break
        if missing := [label for key, label in _COLUMNS.items() if key not in columns]:
            raise Refusal(f"“{file}”的表头缺少“{'”“'.join(missing)}”列，请使用标准目录的固定格式。")
        return place, columns
    raise Refusal(f"“{file}”前{_HEAD_ROWS}行中没有“一级事项”的表头，请使用标准目录的固定格式。")


def _plain(cell: str) -> str:
    return re.sub(r"[\s（）()*＊]", "", cell)


class _Reader:
    """Gathers the matters row by row."""

    def __init__(self, columns: Mapping[str, Mapping[int, str]]) -> None:
        self.columns = columns
        self.matters: list[Matter] = []
        self.errors: dict[int, str] = {}
        self._named: set[tuple[str, str]] = set()
        self._last: Matter | None = None

    def read(self, row: TableRow) -> None:
        first, second = self._text(row, "first"), self._text(row, "second")
        if self._is_no_matter(row, first):
            return
        errors = list(row.problems)
        if not first and self.matters and second:
            first = self.matters[-1].name  # left empty instead of merged
        errors += self._names(first, second)
        values, faults = self._values(row)
        errors += faults
        if errors:
            self.errors[row.number] = "；".join(errors) + "。"
            return
        if self._last is not None and self._is_continued(row, first, second):
            _join(self._last, values)
        elif (first, second) in self._named:
            self.errors[row.number] = f"事项“{first}／{second}”与前面的行重复。"
        else:
            self._named.add((first, second))
            self._last = self._place(first, second, row.number, values)

    def _is_no_matter(self, row: TableRow, first: str) -> bool:
        """An empty row, one with a serial number alone, a repeated heading, or a note across the table."""
        filled = [cell for cell in row.cells if cell.strip()]
        content = any(self._text(row, key) for key in ("first", "second", "content"))
        is_note = len(set(filled)) == 1 and bool(_NOTE.match(filled[0]))
        return not content or _plain(first).startswith(("一级事项", "公开事项")) or is_note

    def _is_continued(self, row: TableRow, first: str, second: str) -> bool:
        """Whether the cell of this 二级事项 is merged with that of the row above."""
        merged = all(at in row.continued for at in self.columns["second"])
        return merged and (first, second) in self._named

    def _names(self, first: str, second: str) -> list[str]:
        errors = []
        if not first:
            errors.append("缺少一级事项")
        if not second:
            errors.append("缺少二级事项；没有二级事项的，请把一级、二级两格合并")
        errors += [
            f"{label}“{name[:10]}……”超过60字"
            for label, name in (("一级事项", first), ("二级事项", second))
            if len(name) > 60
        ]
        return errors

    def _values(self, row: TableRow) -> tuple[dict[str, Any], list[str]]:
        errors = []
        elements = elements_of(self._text(row, "content", lines=True))
        if not elements:
            errors.append("缺少公开内容（要素）")
        basis = self._text(row, "basis")
        if not basis:
            errors.append("缺少公开依据")
        limit_text = self._text(row, "limit")
        if not limit_text:
            errors.append("缺少公开时限")
        tiers = self._tiers(row, errors)
        way = self._ticks(row, "way", errors)
        limit = parse_time_limit(limit_text)
        on_request_only = bool(way) and all("依申请" in each for each in way)
        values = {
            "content_requirements": _requirements(
                elements, {
                    "公开依据": basis if len(basis) > 200 else "",
                    "公开时限": limit_text,
                    "公开主体": self._text(row, "publisher"),
                    "公开渠道和载体": "、".join(self._channels(row)),
                    "公开对象": "、".join(self._ticks(row, "audience", errors)),
                    "公开方式": "、".join(way),
                },
            ),
            "elements": elements,
            "check_points": _check_points(elements, limit_text),
            "legal_basis": short_basis(basis),
            "time_limit": limit.as_json() if limit else None,
            "tiers": tiers,
            # Neither a cycle nor a limit in days: what is published when it happens, or only on request.
            "update_exempt": limit is None or on_request_only,
        }  # fmt: skip
        return values, errors

    def _tiers(self, row: TableRow, errors: list[str]) -> list[str]:
        found = set()
        for label in self._ticks(row, "level", errors):
            if re.search("县|区", label):
                found |= {"T4", "T5"}
            if re.search("乡|镇|村|街道|社区", label):
                found |= {"T6", "T7"}
            if "市" in label:
                found |= {"T1", "T2", "T3"}
        if not found and not any("公开层级" in error for error in errors):
            errors.append("公开层级没有打勾")
        return sorted(found)

    def _ticks(self, row: TableRow, key: str, errors: list[str]) -> list[str]:
        """The choices of a group that are ticked: a column for each, or all in one cell."""
        ticked = []
        for at, label in self.columns[key].items():
            cell = row.cells[at] if at < len(row.cells) else ""
            if not label:
                ticked += channels_of(cell)
                continue
            mark = is_ticked(cell)
            if mark is None and key != "audience":
                errors.append(f"{_COLUMNS[key]}“{label}”列的“{cell.strip()[:10]}”不是√、□之类的标记")
            elif mark:
                ticked.append(label)
            elif mark is None:  # 特定群体 is often named in the cell
                ticked.append(f"{label}（{' '.join(cell.split())}）")
        return ticked

    def _channels(self, row: TableRow) -> list[str]:
        found: list[str] = []
        for at, label in self.columns["channels"].items():
            cell = row.cells[at] if at < len(row.cells) else ""
            found += [label] if label and is_ticked(cell) else [] if label else channels_of(cell)
        return found

    def _text(self, row: TableRow, key: str, *, lines: bool = False) -> str:
        parts = [row.cells[at] for at in self.columns[key] if at < len(row.cells)]
        text = "\n".join(dict.fromkeys(part.strip() for part in parts if part.strip()))
        return text if lines else "".join(text.split())

    def _place(self, first: str, second: str, number: int, values: dict[str, Any]) -> Matter:
        matter = next((each for each in self.matters if each.name == first), None)
        if matter is None:
            matter = Matter(first, number)
            self.matters.append(matter)
        if first == second and not matter.below:
            matter.values = values
            return matter
        matter.below.append(Matter(second, number, values))
        return matter.below[-1]


def _join(matter: Matter, values: dict[str, Any]) -> None:
    """A further row of the same matter: more elements, other levels; its limit is that of its first row."""
    own = matter.values
    own["elements"] = list(dict.fromkeys([*own["elements"], *values["elements"]]))
    own["check_points"] = list(dict.fromkeys([*own["check_points"], *values["check_points"]]))
    own["tiers"] = sorted({*own["tiers"], *values["tiers"]})
    own["content_requirements"] += values["content_requirements"]


def _tiers(matter: Matter) -> set[str]:
    return set(matter.values.get("tiers", ())).union(*(_tiers(each) for each in matter.below))


def _requirements(elements: list[str], facts: Mapping[str, str]) -> str:
    said = [f"公开内容：{'；'.join(elements)}。"] if elements else []
    return "".join([*said, *(f"{label}：{text.rstrip('。')}。" for label, text in facts.items() if text)])


def _check_points(elements: list[str], limit: str) -> list[str]:
    points = [f"是否公开{element.rstrip('。；')}" for element in elements]
    return [*points, f"是否符合公开时限（{limit.rstrip('。')}）"] if limit else points

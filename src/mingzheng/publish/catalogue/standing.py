"""The columns as they stand on a day with planned changes over them: one tree, the standard's or with one unit's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Q

from mingzheng.city.models import Unit
from mingzheng.law.errors import Refusal
from mingzheng.publish.catalogue.changing import NORM
from mingzheng.publish.catalogue.models import Column, EditionChange

_INHERITED = ("tiers", "five_opens", "column_type", "statutory_item", "legal_basis", "time_limit")
_EMPTY: dict[str, Any] = {
    "name": "", "content_requirements": "", "elements": [], "check_points": [], "five_opens": "",
    "column_type": "信息公开目录", "tiers": [], "update_cycle_days": None, "min_per_period": None,
    "statutory_item": "", "legal_basis": "", "time_limit": None, "allow_statement": False, "update_exempt": False,
}  # fmt: skip


@dataclass(slots=True)
class StandingColumn:
    """A column in the tree, with what is planned for it: ``added``, ``adjusted``, ``closed`` or nothing."""

    code: str
    parent: str
    level: int
    values: dict[str, Any]
    column: Column | None = None
    planned: str = ""
    children: list[StandingColumn] = field(default_factory=list)

    @property
    def name(self) -> str:
        return str(self.values["name"])

    @property
    def owner_id(self) -> int | None:
        return self.column.owner_id if self.column else None

    @property
    def before(self) -> dict[str, Any]:
        """The values that the database holds now."""
        return {name: getattr(self.column, name) for name in NORM} if self.column else {}

    @property
    def open_children(self) -> list[StandingColumn]:
        """The children that are not about to close."""
        return [child for child in self.children if child.planned != "closed"]


class Standing:
    """The columns in force on a day, those of every unit or, with ``unit``, of the standard and that unit."""

    def __init__(self, on: date, unit: Unit | None = None) -> None:
        self.unit = unit
        self.columns: dict[str, StandingColumn] = {}
        self.roots: list[StandingColumn] = []
        self.lost: list[EditionChange] = []
        """Planned changes of columns that are no longer there."""
        self._codes = set(Column.objects.values_list("code", flat=True))
        waiting = EditionChange.objects.filter(edition__state__in=["draft", "adopted"], kind="added")
        self._codes |= set(waiting.values_list("code", flat=True))
        own = Q(owner=None) | Q(owner=unit) if unit else Q()
        rows = (
            Column.objects.valid_on(on).filter(own).select_related("owner").order_by("level", "sort", "code")
        )
        codes = {row.pk: row.code for row in rows}
        for row in rows:
            values = {name: getattr(row, name) for name in NORM}
            self._hang(
                StandingColumn(row.code, codes.get(row.parent_id or 0, ""), row.level, values, column=row)
            )

    def _hang(self, column: StandingColumn) -> StandingColumn:
        parent = self.columns.get(column.parent)
        if column.parent == "" and column.level > 1:
            return column  # what hangs below a closed column is not shown
        (parent.children if parent else self.roots).append(column)
        self.columns[column.code] = column
        return column

    def get(self, code: str) -> StandingColumn:
        """The column with that code; refuses one that is not in this tree."""
        column = self.columns.get(code)
        if column is None:
            raise Refusal(f"公开目录中没有代码为“{code}”的栏目，或者它已经停用。")
        return column

    def branch(self, code: str) -> list[StandingColumn]:
        """The column and everything below it, from above."""
        found = [self.get(code)]
        for column in found:
            found.extend(column.children)
        return found

    def path(self, column: StandingColumn) -> str:
        """``重点领域 / 征地和房屋征收``: the columns above it and itself."""
        above = self.columns.get(column.parent)
        return f"{self.path(above)} / {column.name}" if above else column.name

    def in_order(self, columns: Iterable[StandingColumn] | None = None) -> Iterator[StandingColumn]:
        """Every column, each before those below it."""
        for column in self.roots if columns is None else columns:
            yield column
            yield from self.in_order(column.children)

    def free_code(self, parent: str) -> str:
        """The next code below ``parent``: two digits more, or for a unit's own column a part that nobody else uses."""
        column = self.columns.get(parent)
        stem = parent
        if self.unit is not None and (column is None or not (column.owner_id or column.planned)):
            stem = f"{parent}B{self.unit.pk}X"
        elif not parent:
            raise Refusal("一级栏目的代码由两个大写字母组成，请填写。")
        for number in range(1, 100):
            if (code := f"{stem}{number:02}") not in self._codes:
                return code
        raise Refusal(f"栏目“{column or parent}”下的两位编号已经用完，不能再增设。")

    def add(self, code: str, parent: str, values: dict[str, Any]) -> StandingColumn:
        """Plan a column; what ``values`` lacks is taken from the parent."""
        above = self.get(parent) if parent else None
        if above is not None and above.planned == "closed":
            raise Refusal(f"栏目“{above.name}”将要停用，不能在其下增设栏目。")
        if code in self.columns or (code in self._codes and Column.objects.filter(code=code).exists()):
            raise Refusal(f"栏目代码“{code}”已被使用，不能重复。")
        inherited = {name: above.values[name] for name in _INHERITED} if above else {}
        if above is None and self.unit is not None:
            inherited = {"tiers": [self.unit.tier]}
        self._codes.add(code)
        column = StandingColumn(
            code, parent, above.level + 1 if above else 1, _EMPTY | inherited | values, planned="added"
        )
        return self._hang(column)

    def apply(self, changes: Iterable[EditionChange]) -> None:
        """Plan the changes of an edition, those of higher columns first; what has become impossible is ``lost``."""
        for change in sorted(changes, key=lambda each: (each.level, each.pk)):
            if change.kind == "added":
                parent = change.fields["parent"]
                if change.code in self.columns or (parent and parent not in self.columns):
                    self.lost.append(change)
                    continue
                values = {name: change.fields[name] for name in NORM}
                level = self.columns[parent].level + 1 if parent else 1
                self._hang(StandingColumn(change.code, parent, level, values, planned="added"))
            elif (column := self.columns.get(change.code)) is None:
                self.lost.append(change)
            else:
                column.planned = change.kind
                column.values = column.values | change.fields


def items_below(codes: Iterable[str]) -> dict[str, int]:
    """The published items that stand in each of these columns; columns without any are absent."""
    published = Count("items", filter=Q(items__status="published"))
    rows = (
        Column.objects.filter(code__in=list(codes)).order_by().values_list("code").annotate(number=published)
    )
    return {code: number for code, number in rows if number}

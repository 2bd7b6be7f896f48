"""Which kind of text a column gets, who writes there and how often, from ``data/columns.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from mingzheng.demo.data_files import read
from mingzheng.demo.structure import UnitSpec
from mingzheng.demo.texts import kinds
from mingzheng.publish.catalogue.column_specs import ColumnSpec
from mingzheng.publish.catalogue.standards import columns_on

_STANDING = 0.4  # what a unit renews in a column without an update cycle, items in a year
_SIZE = {"T1": 2.0, "T2": 1.3, "T3": 0.7}
_BELOW = {("county", "g"): 1.6, ("county", "d"): 0.45, ("town", "g"): 1.0}


@dataclass(frozen=True)
class Route:
    """What is written in a column: ``yearly`` items of an average unit, ``busy`` its share of the rest."""

    column: ColumnSpec
    kind: str
    who: str
    domain: str | None
    yearly: float
    busy: float
    roles: frozenset[str]  # of the column and of those above it
    fields: frozenset[str]  # the only fields whose departments write here; any when empty
    titles: tuple[str, ...]  # instead of the kind's own
    months: tuple[int, ...]  # instead of the kind's own

    def size(self, unit: UnitSpec) -> float:
        """How much of an average unit's work in this column falls to this unit; 0 when it does not write there."""
        if unit.tier not in self.column.tiers or unit.kind not in self.who:
            return 0.0
        if self.domain is None:
            if unit.kind == "e":
                return 0.5
            if unit.kind == "d" and self.fields and unit.domain not in self.fields:
                return 0.0
            return _SIZE.get(unit.tier) or _BELOW[unit.group, unit.kind]
        if unit.domain == self.domain:
            return 1.5
        return 0.8 if unit.kind == "g" else 0.0


@cache
def routes(year: int) -> tuple[Route, ...]:
    """The columns that take items in that year: those without children, in force before the year ended."""
    columns = columns_on(date(2018, 12, 31))
    parents = {column.parent for column in columns}
    by_code = {column.code: column for column in columns}
    table = read("columns.yaml")
    found = []
    for column in columns:
        if column.code in parents or column.effective_from >= date(year, 12, 15):
            continue
        prefixes = (column.code[:length] for length in range(len(column.code), 1, -1))
        told = table[next(prefix for prefix in prefixes if prefix in table)]
        if told["kind"] == "none":
            continue
        found.append(_route(column, told, by_code))
    return tuple(found)


def _route(column: ColumnSpec, told: dict[str, Any], by_code: dict[str, ColumnSpec]) -> Route:
    cycle = column.update_cycle_days
    by_cycle = (column.min_per_period or 1) * 365 / cycle if cycle else _STANDING
    line, above = [column], column.parent
    while above:
        line.append(by_code[above])
        above = by_code[above].parent
    return Route(
        column,
        told["kind"],
        told.get("who", "gde"),
        told.get("domain"),
        told.get("yearly") or by_cycle,
        told.get("busy", 0),
        frozenset(each.role for each in line if each.role),
        frozenset(read("columns.yaml")["fields"].get(told.get("fields"), ())),
        tuple(read("titles.yaml").get(column.code, ())),
        tuple(told.get("months", kinds()[told["kind"]].months)),
    )

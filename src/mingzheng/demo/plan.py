"""Decides how many items of which kind each unit has in each column and month, so that every figure is exact.

Group totals are divided among columns, a column's items among units, a unit's among months; each step is an
apportionment with largest remainders, so nothing is patched afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from mingzheng.demo.apportion import apportion
from mingzheng.demo.figures import GROUPS, ROLES, Meeting, Wanted, wanted
from mingzheng.demo.routing import Route, routes
from mingzheng.demo.structure import UnitSpec, units
from mingzheng.demo.texts import kinds

NEWS = "DT01"  # where every unit has at least one item
ATTENDANCE = "ZH0102"
LEADER = "JD0201"


@dataclass(frozen=True)
class Cell:
    """A unit's items in one column: how many in each month (January first).

    Own interpretations have no months: each follows a document of its unit.
    """

    unit: UnitSpec
    route: Route
    count: int
    months: tuple[int, ...]


@dataclass(frozen=True)
class Plan:
    wanted: Wanted
    cells: tuple[Cell, ...]
    meetings: tuple[Meeting, ...]


def make_plan(year: int, scale: str) -> Plan:
    """The plan of a year at ``scale`` (full or small); the same every time."""
    figures = wanted(year, scale)
    cells = [cell for group in GROUPS for cell in _Group(group, figures).cells()]
    return Plan(figures, tuple(cells), figures.meetings)


def is_own_interpretation(route: Route) -> bool:
    return route.kind == "interpretation_own"


class _Group:
    """One tier group of a year."""

    def __init__(self, group: str, figures: Wanted) -> None:
        self.group, self.figures = group, figures
        self.units = [unit for unit in units() if unit.group == group]
        self.sizes: dict[str, list[float]] = {}
        self.routes: list[Route] = []
        for route in routes(figures.year):
            jitter = Random(f"{figures.year}/{group}/{route.column.code}")
            sizes = [route.size(unit) * jitter.uniform(0.6, 1.4) for unit in self.units]
            if any(sizes):
                self.routes.append(route)
                self.sizes[route.column.code] = sizes

    def cells(self) -> Iterable[Cell]:
        counts = self.columns()
        documents = [0] * len(self.units)
        # Documents come first: an interpretation needs one in its own unit.
        for route in sorted(self.routes, key=is_own_interpretation):
            code = route.column.code
            own = is_own_interpretation(route)
            least = [1] * len(self.units) if code == NEWS else None
            shares = apportion(counts[code], self.sizes[code], least=least, most=documents if own else None)
            jitter = Random(f"{self.figures.year}/{code}/months")
            for place, (unit, count) in enumerate(zip(self.units, shares, strict=True)):
                if kinds()[route.kind].policy:
                    documents[place] += count
                if own:
                    documents[place] -= count
                if count:
                    yield Cell(unit, route, count, () if own else self.months(route, count, jitter))

    def columns(self) -> dict[str, int]:
        """How many items each column has in the group."""
        counts = self.fixed()
        free = [route for route in self.routes if route.column.code not in counts]
        busy = self.busy_factor(free)
        weights = [self.average(route) + busy * self.busy(route) for route in free]
        least = [len(self.units) if route.column.code == NEWS else 1 for route in free]
        rest = self.figures.items[self.group] - sum(counts.values())
        shares = apportion(rest, weights, least=least)
        return counts | {route.column.code: share for route, share in zip(free, shares, strict=True)}

    def average(self, route: Route) -> float:
        """What the column's cycle asks of all units; a busy column's work is in its busy share."""
        return 0.0 if route.busy else route.yearly * sum(self.sizes[route.column.code])

    def busy(self, route: Route) -> float:
        return route.busy * route.yearly * sum(self.sizes[route.column.code])

    def busy_factor(self, free: list[Route]) -> float:
        """The factor at which the busy columns take up what the city publishes beyond its duty, at full scale."""
        full = wanted(self.figures.year, "full").items[self.group]
        duty = sum(self.average(route) for route in free)
        return max(full - duty, full / 10) / sum(self.busy(route) for route in free)

    def fixed(self) -> dict[str, int]:
        """Columns whose number of items follows from a figure of its own."""
        told = self.figures.interpretations[self.group]
        by_code = {route.column.code: route for route in self.routes}
        counts = {"JD01": told.superior}
        if LEADER in by_code:
            counts[LEADER] = told.leader
        others = [r for r in self.routes if is_own_interpretation(r) and r.column.code != LEADER]
        counts |= self.split(told.own - told.leader, others)
        if self.group == "city":
            for figure, roles in ROLES.items():
                columns = [route for route in self.routes if route.roles & set(roles)]
                counts |= self.split(self.figures.city_columns[figure], columns)
            counts[ATTENDANCE] = len(self.figures.meetings)
        return counts

    def split(self, total: int, columns: list[Route]) -> dict[str, int]:
        weights = [route.yearly * sum(self.sizes[route.column.code]) for route in columns]
        return dict(zip((route.column.code for route in columns), apportion(total, weights), strict=True))

    def months(self, route: Route, count: int, jitter: Random) -> tuple[int, ...]:
        """The items of a unit spread over the months in which the column and the kind of text are in season."""
        season = route.months
        since = route.column.effective_from
        first = since.month if since.year == self.figures.year else 1
        if season and first > max(season):
            season = ()
        weights = [
            jitter.uniform(0.5, 1.5) if month >= first and (not season or month in season) else 0.0
            for month in range(1, 13)
        ]
        return tuple(apportion(count, weights))

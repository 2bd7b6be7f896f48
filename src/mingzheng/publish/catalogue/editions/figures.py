"""What an edition comes to: its changes counted by level as the annual report does, and whom they reach."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Count, Q
from django.db.models.functions import ExtractYear

from mingzheng.city.models import Tier, Unit
from mingzheng.publish.catalogue.changing import NORM
from mingzheng.publish.catalogue.models import CatalogueChange, CatalogueEdition, EditionChange, UnitColumn
from mingzheng.publish.catalogue.standing import Standing, items_below

LEVELS: Final = ((1, "一级"), (2, "二级"), (3, "三级"), (4, "四级"))


@dataclass(frozen=True, slots=True)
class ChangeCounts:
    """How many columns were added, adjusted and closed, by level."""

    by_kind: dict[str, Counter[int]]

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, int]]) -> ChangeCounts:
        """From pairs of kind and level."""
        counts: dict[str, Counter[int]] = {kind: Counter() for kind in EditionChange.Kind.values}
        for kind, level in pairs:
            if kind in counts:
                counts[kind][level] += 1
        return cls(counts)

    def total(self, kind: str) -> int:
        return self.by_kind[kind].total()

    @property
    def lines(self) -> list[dict[str, Any]]:
        """A line for each kind: its label, the number on each level, and their sum."""
        return [
            {
                "kind": kind,
                "label": EditionChange.Kind(kind).label,
                "levels": [counts[level] for level, _ in LEVELS],
                "total": counts.total(),
            }
            for kind, counts in self.by_kind.items()
        ]

    @property
    def sentence(self) -> str:
        """As the annual report says it (第三部分): 新增目录115个，其中一级主栏目5个……"""
        added = self.by_kind["added"]
        deeper = sum(number for level, number in added.items() if level >= 3)
        return (
            f"新增目录{added.total()}个，其中一级主栏目{added[1]}个，二级子目录{added[2]}个，"
            f"三级以下子目录{deeper}个，调整子目录{self.total('adjusted')}个，停用目录{self.total('closed')}个。"
        )


@dataclass(frozen=True, slots=True)
class Line:
    """One planned change as the screens show it."""

    change: EditionChange
    place: str
    fields: list[tuple[str, Any, Any]]
    """Field, its value before, and after."""


@dataclass(frozen=True, slots=True)
class Closure:
    """A column that would close: its published items, and whether a reason is still missing."""

    change: EditionChange
    items: int

    @property
    def is_missing_reason(self) -> bool:
        return bool(self.items) and not self.change.reason


@dataclass(frozen=True, slots=True)
class Preview:
    """Whom an edition reaches, before it is adopted."""

    tiers: list[dict[str, Any]]
    units: list[Unit]
    closures: list[Closure]
    local: list[UnitColumn]

    @property
    def items(self) -> int:
        return sum(closure.items for closure in self.closures)


def counts_of(edition: CatalogueEdition) -> ChangeCounts:
    """The changes of an edition by kind and level."""
    return ChangeCounts.of(edition.changes.values_list("kind", "level"))


def lines_of(edition: CatalogueEdition, standing: Standing) -> list[Line]:
    """The diff against what is or was in force, column by column, in the order of the tree."""
    places = {column.code: place for place, column in enumerate(standing.in_order())}
    lines = []
    for change in edition.changes.select_related("fact"):
        column = standing.columns.get(change.code)
        if change.kind == "added":
            fields = [(name, None, change.fields.get(name)) for name in NORM]
        elif change.kind == "adjusted":
            before = change.fact.details["before"] if change.fact else column.before if column else {}
            fields = [(name, before.get(name), value) for name, value in change.fields.items()]
        else:
            fields = []
        lines.append(Line(change, standing.path(column) if column else change.name, fields))
    return sorted(lines, key=lambda line: places.get(line.change.code, len(places)))


def preview(edition: CatalogueEdition, standing: Standing) -> Preview:
    """Which tiers and units an edition reaches, and what stands in the columns that it closes."""
    reached: dict[str, Counter[str]] = {}
    changes = list(edition.changes.all())
    for change in changes:
        column = standing.columns.get(change.code)
        if column is not None:
            for tier in {*column.values["tiers"], *column.before.get("tiers", ())}:
                reached.setdefault(tier, Counter())[change.kind] += 1
    units = Unit.objects.active(edition.effective_on).order_by("sort", "id")
    units = units.filter(pk=edition.unit_id) if edition.unit_id else units.filter(tier__in=reached)
    found = list(units)
    each_tier = Counter(unit.tier for unit in found)
    tiers = [
        {
            "label": label,
            "units": each_tier[tier],
            **{kind: reached[tier][kind] for kind in EditionChange.Kind.values},
        }
        for tier, label in Tier.choices
        if tier in reached and each_tier[tier]
    ]
    closing = [change for change in changes if change.kind == "closed"]
    published = items_below(change.code for change in closing)
    closures = [Closure(change, published.get(change.code, 0)) for change in closing]
    return Preview(tiers, found, closures, _local(changes, edition.effective_on))


def _local(changes: Sequence[EditionChange], on: date) -> list[UnitColumn]:
    """Units' own names and closures of the columns that change, which go on holding over the new norm."""
    adjustments = UnitColumn.objects.filter(
        Q(effective_to=None) | Q(effective_to__gt=on), column__code__in=[change.code for change in changes]
    )
    return list(adjustments.select_related("unit", "column").order_by("column__sort", "unit__sort"))


def years() -> list[tuple[int, ChangeCounts]]:
    """The counted changes of each year, the newest first; the first loading is none."""
    rows = CatalogueChange.objects.exclude(kind="initial").order_by().annotate(year=ExtractYear("on"))
    found: dict[int, list[tuple[str, int]]] = {}
    for year, kind, level, number in rows.values_list("year", "kind", "level").annotate(number=Count("pk")):
        found.setdefault(year, []).extend([(kind, level)] * number)
    return [(year, ChangeCounts.of(found[year])) for year in sorted(found, reverse=True)]

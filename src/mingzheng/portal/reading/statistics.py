"""Readings of a period: in all, by day, unit, column and item. Every sum opens to the items it is made of.

A reading belongs to the unit and column in which the page stood on its day. Periods include both their days.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple, TypeVar

from django.db.models import Model, Q, QuerySet, Sum
from django.utils import timezone

from mingzheng.city.models import Unit
from mingzheng.portal.reading.models import ItemDay, PageDay, VisitorDay
from mingzheng.publish.catalogue.models import Column
from mingzheng.publish.items.models import Item

M = TypeVar("M", bound=Model)


class Period(NamedTuple):
    since: date
    until: date

    @property
    def days(self) -> list[date]:
        return [self.since + timedelta(days=n) for n in range((self.until - self.since).days + 1)]


class Sums(NamedTuple):
    """Readings of items, and of the pages that are none (homes, lists, sections of the portal)."""

    items: int = 0
    pages: int = 0

    @property
    def all(self) -> int:
        return self.items + self.pages

    def plus(self, other: Sums) -> Sums:
        return Sums(self.items + other.items, self.pages + other.pages)


class ItemSum(NamedTuple):
    item: int
    unit: int
    column: int
    views: int


@dataclass(frozen=True, slots=True)
class Part:
    """What is counted: a period; of these units (None: the whole portal, with the pages that are no unit's); of one
    column or one item."""

    period: Period
    units: Collection[int] | None = None
    column: int | None = None
    item: int | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it is everything that was read in the period."""
        return self.units is None and self.column is None and self.item is None

    def _of(self, model: type[M]) -> QuerySet[M]:
        found = model._default_manager.filter(day__gte=self.period.since, day__lte=self.period.until)
        if self.units is not None:
            found = found.filter(unit__in=self.units)
        return found if self.column is None else found.filter(column=self.column)

    def _items(self) -> QuerySet[ItemDay]:
        found = self._of(ItemDay)
        return found if self.item is None else found.filter(item=self.item)

    def _pages(self) -> QuerySet[PageDay]:
        return self._of(PageDay) if self.item is None else PageDay.objects.none()

    def total(self) -> Sums:
        return Sums(
            *(found.aggregate(sum=Sum("count"))["sum"] or 0 for found in (self._items(), self._pages()))
        )

    def by_day(self) -> dict[date, Sums]:
        """Every day of the period, the first one first; a month that is kept as one stands on its first day."""
        return dict.fromkeys(self.period.days, Sums()) | self._by("day")

    def by_unit(self) -> dict[int | None, Sums]:
        """By unit; None are the pages of the portal that are no unit's."""
        return self._by("unit")

    def by_column(self) -> dict[int | None, Sums]:
        """By column; None are the pages that are in no column."""
        return self._by("column")

    def by_item(self, limit: int) -> list[ItemSum]:
        """The items read most, at most ``limit`` of them."""
        sums = self._items().values("item").annotate(sum=Sum("count")).order_by("-sum", "-item")
        found = {row["item"]: row["sum"] for row in sums[:limit]}
        about = Item.objects.filter(pk__in=found).values_list("pk", "unit_id", "column_id")
        placed = {pk: (unit, column) for pk, unit, column in about}
        return [ItemSum(item, *placed[item], views) for item, views in found.items()]

    def by_page(self, limit: int) -> list[tuple[str, int]]:
        """The pages that are no items read most, by their address, at most ``limit`` of them."""
        sums = self._pages().values("page").annotate(sum=Sum("count")).order_by("-sum", "page")
        return [(row["page"], row["sum"]) for row in sums[:limit]]

    def visitors(self) -> int | None:
        """Different readers of each day, added up; None for a part of the portal, of which nothing is known."""
        return _visitors(self.period) if self.is_whole else None

    def _by(self, field: str) -> dict[Any, Sums]:
        sums: dict[Any, Sums] = {}
        for found, place in ((self._items(), 0), (self._pages(), 1)):
            rows: Any = found.values_list(field).annotate(sum=Sum("count")).order_by(field)
            for key, count in rows:
                one = Sums(count) if place == 0 else Sums(0, count)
                sums[key] = sums.get(key, Sums()).plus(one)
        return sums


class Visits(NamedTuple):
    """The two figures of a site's yearly report (国办发〔2017〕47号, 政府网站工作年度报表)."""

    pages: int
    """网站总访问量: pages read."""
    visitors: int
    """独立用户访问总量: different readers of each day, added up; readers are not known again on another day."""


def visits(year: int) -> Visits:
    """How often the portal was visited in a year."""
    part = Part(Period(date(year, 1, 1), date(year, 12, 31)))
    return Visits(part.total().all, _visitors(part.period))


def _visitors(period: Period) -> int:
    found = VisitorDay.objects.filter(day__gte=period.since, day__lte=period.until)
    return found.aggregate(sum=Sum("count"))["sum"] or 0


def most_read(
    days: int, unit: Unit | None = None, column: Column | None = None, limit: int = 10
) -> list[Item]:
    """The public items read most in the last ``days`` days, today included, with their number as ``views``.

    Of a unit: its own and those of everything below it. Items are without their bodies; what is read equally often
    stands by its date, the newest first.
    """
    found = Item.objects.public().filter(readings__day__gt=timezone.localdate() - timedelta(days=days))
    if unit is not None:
        found = found.filter(Q(unit=unit) | Q(unit__path__startswith=f"{unit.path}/"))
    if column is not None:
        found = found.filter(column=column)
    sums = (
        found.values("pk")
        .annotate(views=Sum("readings__count"))
        .order_by("-views", "-first_published_at", "-pk")
    )
    views = {row["pk"]: row["views"] for row in sums[:limit]}
    items = (
        Item.objects.filter(pk__in=views).defer("body", "abstract").select_related("unit", "column").in_bulk()
    )
    for item in items.values():
        item.views = views[item.pk]  # type: ignore[attr-defined]
    return [items[pk] for pk in views]

"""A year of made-up readings of the fictional city's pages, so that statistics and lists of the most read show something.

Few items are read much and most hardly at all, working days more than weekends. The same city has the same readings on
the same day. A mark among the buffers (``demo-…``) says that they are a demonstration's, and keeps them from being
written twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
from django.db import transaction

from mingzheng.city.models import Unit
from mingzheng.demo.drafting import source_prefix
from mingzheng.portal.addresses import list_path, unit_path
from mingzheng.portal.reading.models import Fold, ItemDay, PageDay, VisitorDay
from mingzheng.portal.reading.services import SECTIONS
from mingzheng.publish.catalogue.models import Column
from mingzheng.publish.items.models import Item

DAYS: Final = 365
SPREAD: Final = 1.2  # of the logarithm of how much an item draws readers
ITEM_DAYS: Final = 2.0  # on which an item of middling interest is read, in the year
LIST_DAYS: Final = 6.0
HOME_DAYS: Final = 40.0
MOST: Final = 60_000  # days of all items of middling interest; many items are read on fewer days each
PAGES_PER_VISITOR: Final = 2.8
_BATCH: Final = 5000


def write_readings(year: int, scale: str, until: date, progress: Callable[[int], object]) -> int:
    """Write the readings of the year's items, and of lists and homes, in the 365 days up to ``until``, unless they are
    there; returns the rows written. All or nothing is written."""
    with transaction.atomic():
        _, is_new = Fold.objects.get_or_create(pk=f"demo-{scale}", defaults={"day": until})
        return _Writer(year, scale, until, progress).write() if is_new else 0


class _Writer:
    def __init__(self, year: int, scale: str, until: date, progress: Callable[[int], object]) -> None:
        self.rng = np.random.default_rng([year, len(scale)])
        self.days = [until - timedelta(days=DAYS - 1 - number) for number in range(DAYS)]
        self.prefix = source_prefix(year, scale)
        self.progress = progress
        weekdays = np.array([1.0 if day.weekday() < 5 else 0.45 for day in self.days])
        self.pull = weekdays * self.rng.uniform(0.8, 1.2, DAYS) * np.linspace(0.85, 1.15, DAYS)
        """How much each day draws."""
        self.read = np.zeros(DAYS, dtype=np.int64)

    def write(self) -> int:
        items = Item.objects.sourced().public().filter(source_key__startswith=self.prefix)
        rows = list(items.order_by("pk").values_list("pk", "unit_id", "column_id"))
        written = self._write_items(rows) + self._write_pages(rows)
        visitors = np.maximum(1, (self.read / PAGES_PER_VISITOR).astype(int)).tolist()
        found = [VisitorDay(day=day, count=count) for day, count in zip(self.days, visitors, strict=True)]
        VisitorDay.objects.bulk_create(found, ignore_conflicts=True)
        return written + len(found)

    def _write_items(self, rows: Sequence[tuple[int, int, int]]) -> int:
        which, days, counts = self._draw(
            self.rng.lognormal(0, SPREAD, len(rows)), min(ITEM_DAYS, MOST / max(1, len(rows)))
        )
        made = []
        for place, day, count in zip(which, days, counts, strict=True):
            pk, unit, column = rows[place]
            made.append(ItemDay(item_id=pk, unit_id=unit, column_id=column, day=self.days[day], count=count))
        return self._save(ItemDay, made)

    def _write_pages(self, rows: Sequence[tuple[int, int, int]]) -> int:
        codes, slugs = (
            dict(Unit.objects.values_list("id", "code")),
            {c.pk: c.slug for c in Column.objects.all()},
        )
        lists = sorted({(unit, column) for _, unit, column in rows})
        made = []
        for page, draw in zip(SECTIONS, (60.0, 6, 8, 3, 4, 3, 2, 12), strict=True):
            for day, count in enumerate(self.rng.poisson(self.pull * draw).tolist()):
                self.read[day] += count
                if count:
                    made.append(PageDay(page=page, day=self.days[day], count=count))
        units = sorted({unit for unit, _ in lists})
        for place, day, count in self._drawn(len(units), HOME_DAYS):
            unit = units[place]
            made.append(PageDay(page=unit_path(codes[unit]), unit_id=unit, day=self.days[day], count=count))
        for place, day, count in self._drawn(len(lists), min(LIST_DAYS, MOST / max(1, len(lists)) / 4)):
            unit, column = lists[place]
            path = list_path(codes[unit], slugs[column])
            made.append(PageDay(page=path, unit_id=unit, column_id=column, day=self.days[day], count=count))
        return self._save(PageDay, made)

    def _drawn(self, count: int, days: float) -> Any:
        return zip(*self._draw(self.rng.lognormal(0, 0.6, count), days), strict=True)

    def _draw(self, interest: Any, days: float) -> tuple[list[int], list[int], list[int]]:
        """For pages of such interest: which page, on which day, how often; each pair of page and day once."""
        times = np.minimum(self.rng.poisson(interest * days), DAYS)
        which = np.repeat(np.arange(len(interest)), times)
        when = self.rng.choice(DAYS, size=len(which), p=self.pull / self.pull.sum())
        pairs = np.unique(which * DAYS + when)
        which, when = pairs // DAYS, pairs % DAYS
        counts = 1 + self.rng.poisson(interest[which] * 0.5)
        self.read += np.bincount(when, weights=counts, minlength=DAYS).astype(np.int64)
        return which.tolist(), when.tolist(), counts.tolist()

    def _save(self, model: Any, made: list[Any]) -> int:
        for start in range(0, len(made), _BATCH):
            piece = made[start : start + _BATCH]
            model.objects.bulk_create(piece, ignore_conflicts=True)
            self.progress(len(piece))
        return len(made)

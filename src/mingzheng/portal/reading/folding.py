"""Adds the buffers up into the rows of a day, and old days into months. ``mingzheng work`` does it every few seconds.

How far a buffer was added up is written in the transaction that adds: a process killed at any point has either done
both or nothing, and two at once wait for each other.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from django.db import connection, models, transaction
from django.utils import timezone

from mingzheng.portal.reading import buffer
from mingzheng.portal.reading.models import Fold, ItemDay, PageDay, VisitorDay
from mingzheng.portal.reading.pages import places
from mingzheng.publish.items.models import Item

LINES: Final = 50_000  # of a buffer in one transaction
GRACE: Final = timedelta(minutes=10)  # after midnight, for requests that began before it
YEARS_BY_DAY: Final = 2
_CHUNK: Final = 500
log = logging.getLogger(__name__)


def fold(now: datetime | None = None) -> int:
    """Add up what waits in this machine's buffers and close those of past days; returns the readings added.

    A buffer that cannot be read is logged and left; the others go on.
    """
    now = now or timezone.now()
    folded = 0
    for day, path in buffer.days():
        try:
            folded += _fold_buffer(day, path)
        except sqlite3.Error as error:
            log.error("the readings of %s cannot be added up: %s", day, error)
            continue
        if timezone.localdate(now - GRACE) > day:
            buffer.throw_away(path)
            condense(timezone.localdate(now))
    return folded


def _fold_buffer(day: date, path: Path) -> int:
    lines = buffer.Buffer(path)
    try:
        reached = Fold.objects.filter(pk=lines.name).values_list("reached", flat=True).first() or 0
        folded, last = 0, lines.last()
        while reached < last:
            added, reached = _fold_lines(day, lines, last)
            folded += added
        return folded
    finally:
        lines.close()


def _fold_lines(day: date, lines: buffer.Buffer, last: int) -> tuple[int, int]:
    """Add up the next lines; returns how many there were, and the last of them."""
    with transaction.atomic():
        Fold.objects.get_or_create(pk=lines.name, defaults={"day": day})
        mark = Fold.objects.select_for_update().get(pk=lines.name)
        upto = min(last, mark.reached + LINES)
        sums, readers = lines.sums(mark.reached, upto)
        _add_items(day, {int(page): count for page, count in sums.items() if page.isdigit()})
        _add_pages(day, {page: count for page, count in sums.items() if not page.isdigit()})
        if readers:
            _add_up(VisitorDay, ["day"], [], [(day, readers)])
        mark.reached = max(mark.reached, upto)
        mark.save(update_fields=["reached"])
    return sum(sums.values()), mark.reached


def _add_items(day: date, counts: dict[int, int]) -> None:
    items = sorted(counts)
    for start in range(0, len(items), _CHUNK):
        found = (
            Item.objects.filter(pk__in=items[start : start + _CHUNK])
            .order_by("pk")
            .values_list("pk", "unit_id", "column_id")
        )
        rows = [(pk, day, unit, column, counts[pk]) for pk, unit, column in found]
        _add_up(ItemDay, ["item_id", "day"], ["unit_id", "column_id"], rows)


def _add_pages(day: date, counts: dict[str, int]) -> None:
    if counts:
        rows = [(page, day, *place, counts[page]) for page, place in sorted(places(counts).items())]
        _add_up(PageDay, ["page", "day"], ["unit_id", "column_id"], rows)


def _add_up(
    model: type[models.Model], key: Sequence[str], about: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """Add counts to the rows of these keys, or write them; rows come sorted, so that two machines never wait in a ring."""
    names = [*key, *about, "count"]
    marks = ", ".join(["%s"] * len(names))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {_table(model)} ({_listed(names)}) VALUES ({marks}) {_plus(model, key)}", rows
        )


def condense(today: date) -> int:
    """Add up the days of months that ended two years ago and more into one row a month; returns the months done."""
    before = date(today.year - YEARS_BY_DAY, today.month, 1)
    done = 0
    for model, key, about in (
        (ItemDay, ["item_id"], ["unit_id", "column_id"]),
        (PageDay, ["page"], ["unit_id", "column_id"]),
        (VisitorDay, [], []),
    ):
        for first in _months_by_day(model, before):
            with transaction.atomic():
                _condense_month(model, key, about, first)
            done += 1
    return done


def _months_by_day(model: type[models.Model], before: date) -> Iterator[date]:
    days = model._default_manager.filter(day__lt=before).exclude(day__day=1)
    yield from list(days.dates("day", "month"))


def _condense_month(model: type[models.Model], key: Sequence[str], about: Sequence[str], first: date) -> None:
    """An item or page that changed its column within the month keeps that of the month's first day, if it has one."""
    following = (first + timedelta(days=32)).replace(day=1)
    days = "WHERE day > %s AND day < %s"
    chosen = [*key, "%s", *(f"min({name})" for name in about), "sum(count)"]
    together = f"GROUP BY {_listed(key)}" if key else "HAVING count(*) > 0"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {_table(model)} ({_listed([*key, 'day', *about, 'count'])}) "
            f"SELECT {', '.join(chosen)} FROM {_table(model)} {days} {together} {_plus(model, [*key, 'day'])}",
            [first, first, following],
        )
        cursor.execute(f"DELETE FROM {_table(model)} {days}", [first, following])


def _plus(model: type[models.Model], key: Sequence[str]) -> str:
    return f"ON CONFLICT ({_listed(key)}) DO UPDATE SET count = {_table(model)}.count + excluded.count"


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)

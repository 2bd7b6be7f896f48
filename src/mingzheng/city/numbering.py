"""Serial numbers that are never given twice; gaps are allowed."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from mingzheng.city.models import NumberCounter


class Counters:
    """Counters under lock, for use inside one transaction: ``load`` keys, take ``next``, then ``save``.

    The rows stay locked until the transaction ends; a rollback gives the numbers back together with the
    rows that carried them. Keys of one ``load`` are locked in order, so that writers never wait in a ring.
    """

    def __init__(self) -> None:
        self._last: dict[str, int] = {}

    def load(self, keys: Iterable[str]) -> None:
        """Lock the counters of these keys and learn their last numbers."""
        missing = sorted(set(keys) - self._last.keys())
        for start in range(0, len(missing), 500):
            part = missing[start : start + 500]
            NumberCounter.objects.bulk_create([NumberCounter(key=key) for key in part], ignore_conflicts=True)
            rows = NumberCounter.objects.select_for_update().filter(key__in=part).order_by("key")
            self._last.update(rows.values_list("key", "last"))

    def next(self, key: str) -> int:
        """The next number under a loaded key."""
        number = self._last[key] + 1
        self._last[key] = number
        return number

    def save(self) -> None:
        """Write the last numbers back; without this nothing was given out."""
        with connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE city_numbercounter SET last = %s WHERE key = %s",
                [(last, key) for key, last in self._last.items()],
            )


def reserve_one(key: str) -> int:
    """The next number under ``key``, inside the caller's transaction."""
    counters = Counters()
    counters.load([key])
    number = counters.next(key)
    counters.save()
    return number

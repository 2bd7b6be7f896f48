"""Rows that a fixture makes once in a process, put back as they were for every later test: a tenth of the time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.apps import apps

_KEPT: dict[str, list[list[Any]]] = {}


def once(name: str, make: Callable[[], object]) -> None:
    """Run ``make`` the first time and keep the rows that it adds; later only put these rows back.

    It must add rows only, never change those that were there.
    """
    if name not in _KEPT:
        before = {model: _keys(model) for model in _models()}
        make()
        _KEPT[name] = [rows for model, keys in before.items() if (rows := _rows(model, _keys(model) - keys))]
    else:
        for rows in _KEPT[name]:
            type(rows[0])._base_manager.bulk_create(rows)


def _models() -> list[Any]:
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]


def _keys(model: Any) -> set[Any]:
    return set(model._base_manager.values_list("pk", flat=True))


def _rows(model: Any, keys: set[Any]) -> list[Any]:
    return list(model._base_manager.filter(pk__in=keys).order_by("pk")) if keys else []

"""What a change of the catalogue does to its rows, each with its dated fact. Who may ask stands in the services."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.db.models import F, Max

from mingzheng.city.models import Person, Unit
from mingzheng.law.errors import Refusal
from mingzheng.publish.catalogue.column_specs import ColumnSpec
from mingzheng.publish.catalogue.models import CatalogueChange, Column

NORM: Final = (
    "name", "content_requirements", "elements", "check_points", "five_opens", "column_type", "tiers",
    "update_cycle_days", "min_per_period", "statutory_item", "legal_basis", "time_limit",
    "allow_statement", "update_exempt",
)  # fmt: skip
"""What the content norm (内容规范) says of a column."""
ADJUSTABLE: Final = frozenset({*NORM, "sort", "role"})
_TEXTS: Final = ("role", "five_opens", "statutory_item", "legal_basis")


def column_by_code(code: str) -> Column:
    """The column with that code (either case); refuses in a sentence that names it."""
    column = Column.objects.filter(code__iexact=code).first()
    if column is None:
        raise Refusal(f"没有代码为“{code}”的栏目，请核对公开目录。")
    return column


def row_of(spec: ColumnSpec) -> dict[str, Any]:
    """A column's own values as its row takes them."""
    row = {name: value for name, value in spec.as_row().items() if name in ADJUSTABLE}
    return row | {name: row[name] or "" for name in _TEXTS}


def add(
    actor: Person | None,
    code: str,
    *,
    parent: str | None,
    owner: Unit | None,
    on: date,
    values: dict[str, Any],
    reason: str,
) -> CatalogueChange:
    """Add a column below ``parent`` from that day on; without a place of its own it becomes the last there."""
    if Column.objects.filter(code__iexact=code).exists():
        raise Refusal(f"栏目代码“{code}”已被使用，不能重复。")
    above = column_by_code(parent) if parent else None
    column = Column(code=code, parent=above, level=above.level + 1 if above else 1, owner=owner)
    column.effective_from = on
    column.sort = last_sort(above) + 10
    _set(column, values)
    column.save(force_insert=True)
    return CatalogueChange.objects.create(
        on=on, kind="added", column=column, level=column.level, unit=owner, reason=reason, actor=actor,
        details={"name": column.name},
    )  # fmt: skip


def adjust(
    actor: Person | None, column: Column, on: date, fields: dict[str, Any], reason: str
) -> CatalogueChange:
    """Change what the norm says of a column, or where it hangs."""
    unknown = sorted(set(fields) - ADJUSTABLE - {"parent"})
    if unknown or not fields:
        raise Refusal(f"栏目“{column}”的调整内容有误：{'、'.join(unknown) or '没有写明调整什么'}。")
    before = {name: getattr(column, name) for name in fields if name != "parent"}
    if "parent" in fields:
        before["parent"] = column.parent and column.parent.code
        _move(column, column_by_code(fields["parent"]))
    _set(column, {name: value for name, value in fields.items() if name != "parent"})
    column.save()
    return CatalogueChange.objects.create(
        on=on, kind="adjusted", column=column, level=column.level, unit=column.owner, reason=reason,
        actor=actor, details={"before": before, "after": fields},
    )  # fmt: skip


def close(actor: Person | None, column: Column, on: date, reason: str) -> CatalogueChange:
    """End a column: ``on`` is the first day without it. Its items keep their addresses."""
    if column.effective_to is not None:
        raise Refusal(f"栏目“{column}”自{column.effective_to}起已经停用。")
    if on < column.effective_from:
        raise Refusal(f"栏目“{column}”的停用日期{on}早于启用日期{column.effective_from}。")
    column.effective_to = on
    column.save(update_fields=["effective_to"])
    return CatalogueChange.objects.create(
        on=on, kind="closed", column=column, level=column.level, unit=column.owner, reason=reason,
        actor=actor, details={"name": column.name},
    )  # fmt: skip


def last_sort(parent: Column | None) -> int:
    """The place of the last column below ``parent``."""
    return Column.objects.filter(parent=parent).aggregate(last=Max("sort"))["last"] or 0


def _set(column: Column, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(column, name, "" if value is None and name in _TEXTS else value)


def _move(column: Column, parent: Column) -> None:
    """Hang a column under another parent; it keeps its code, and the levels below it follow."""
    above: Column | None = parent
    while above is not None:
        if above.pk == column.pk:
            raise Refusal(f"栏目“{column}”不能移到自己的下级“{parent}”。")
        above = above.parent
    below, shift = [column], parent.level + 1 - column.level
    while below:
        descendants = list(Column.objects.filter(parent__in=below))
        Column.objects.filter(pk__in=[each.pk for each in descendants]).update(level=F("level") + shift)
        below = descendants
    column.parent, column.level, column.sort = parent, parent.level + 1, last_sort(parent) + 10

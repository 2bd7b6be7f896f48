"""What units owe today: columns past their update cycle, documents without their interpretation.

Computed from what is published, the column standard and the work calendar; nothing is stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Max, QuerySet
from django.utils import timezone

from mingzheng.city.models import Unit
from mingzheng.law.calendar import add_working_days
from mingzheng.measure.measures import INTERPRETATION_DAYS, uninterpreted
from mingzheng.publish.catalogue.models import Column
from mingzheng.publish.catalogue.services import CatalogueView, ColumnNode
from mingzheng.publish.documents.services import (
    end_of_term,
    ended_by,
    normative_columns,
    normative_documents,
    term_over_by,
    validity_rule,
)
from mingzheng.publish.items.models import Item

WARN_DAYS: Final = 7
LOOK_BACK: Final = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class ColumnDue:
    """A column that must be updated by ``due_on``; ``overdue`` in days, negative while there is time."""

    unit: Unit
    column: Column
    name: str
    last: date | None
    due_on: date
    overdue: int

    @property
    def rule(self) -> str:
        return f"每{self.column.update_cycle_days}天至少更新{self.column.min_per_period or 1}条"


@dataclass(frozen=True, slots=True)
class DocumentDue:
    """A document whose interpretation is to be published by ``due_at``; ``hours`` left, negative when late."""

    item: Item
    last_day: date
    due_at: datetime
    hours: int


@dataclass(frozen=True, slots=True)
class DocumentEnding:
    """A normative document that ends on ``ends_on``; ``is_stated`` tells whether it says so itself."""

    item: Item
    ends_on: date
    is_stated: bool
    days: int
    is_urgent: bool


def columns_due(units: QuerySet[Unit], on: date, within: int = WARN_DAYS) -> list[ColumnDue]:
    """Columns of these units that are overdue or due within so many days: the worst first, empty ones last.

    A column without children is due one cycle after its latest item (情况说明 counts), or after it was opened.
    """
    view = CatalogueView()
    chosen = {unit.pk: unit for unit in units.active(on)}  # type: ignore[attr-defined]
    newest = (
        Item.objects.public().filter(unit__in=chosen).order_by().values_list("unit_id", "column_id")
        .annotate(Max("first_published_at"))
    )  # fmt: skip
    latest = {(unit_id, column_id): timezone.localdate(at) for unit_id, column_id, at in newest}
    found = []
    for unit in chosen.values():
        for node in _leaves(view.tree(unit, on)):
            column = node.column
            if not column.update_cycle_days or column.update_exempt:
                continue
            last = latest.get((unit.pk, column.pk))
            start = last or max(column.effective_from, unit.active_from)
            due_on = start + timedelta(days=column.update_cycle_days)
            overdue = (on - due_on).days
            if overdue >= -within:
                found.append(ColumnDue(unit, column, node.name, last, due_on, overdue))
    # What was kept up and fell behind comes first; what never had anything is a list of its own kind.
    return sorted(
        found, key=lambda each: (each.last is None, -each.overdue, each.unit.sort, each.column.sort)
    )


def documents_to_interpret(units: QuerySet[Unit], now: datetime) -> list[DocumentDue]:
    """Normative documents of these units without an own interpretation, the most urgent first."""
    documents = normative_documents().filter(unit__in=units, first_published_at__gte=now - LOOK_BACK)
    found = []
    for item in uninterpreted(documents).select_related("unit").defer("body"):
        day = add_working_days(timezone.localdate(item.first_published_at), INTERPRETATION_DAYS)
        due_at = timezone.make_aware(datetime.combine(day + timedelta(days=1), datetime.min.time()))
        found.append(DocumentDue(item, day, due_at, int((due_at - now).total_seconds() // 3600)))
    return sorted(found, key=lambda each: each.due_at)


def documents_ending(units: QuerySet[Unit], on: date) -> list[DocumentEnding]:
    """Normative documents of these units whose term ends within 90 days, the next first.

    One that states no end holds five years from the day on which it takes effect, else from its date. What was
    repealed already is left out.
    """
    rule = validity_rule()
    soon = term_over_by(on + timedelta(days=rule.warn_days))
    found = normative_documents().filter(soon, unit__in=units).exclude(ended_by(on))
    normative, rows = normative_columns(), []
    for item in found.select_related("unit").defer("body"):
        ends_on = end_of_term(item, normative)
        if ends_on is not None:
            days = (ends_on - on).days
            rows.append(
                DocumentEnding(item, ends_on, item.expires_on is not None, days, days <= rule.urgent_days)
            )
    return sorted(rows, key=lambda each: (each.ends_on, each.item.pk))


def _leaves(nodes: list[ColumnNode]) -> list[ColumnNode]:
    leaves: list[ColumnNode] = []
    for node in nodes:
        leaves += _leaves(node.children) if node.children else [node]
    return leaves

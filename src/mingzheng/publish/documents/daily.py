"""What midnight changes: documents that take effect, run out, or are repealed from today on."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet

from mingzheng.city.services import emit
from mingzheng.publish.documents.models import CleanupResult, DocumentRelation, ValidityDay
from mingzheng.publish.documents.validity import term_over_by
from mingzheng.publish.items.models import Item

ROW: Final = 1
CHUNK: Final = 500


def turn_day(on: date) -> int:
    """Tell whoever makes pages which documents change by themselves up to that day; returns how many.

    The day and the events are written together: a process killed on the way has told nothing, and a second one
    finds the day turned. On the very first day nothing is told, because all pages are built anew.
    """
    if ValidityDay.objects.filter(pk=ROW, on__gte=on).exists():
        return 0
    with transaction.atomic():
        day, first = ValidityDay.objects.select_for_update().get_or_create(pk=ROW, defaults={"on": on})
        if first or day.on >= on:
            return 0
        ids = list(changing(day.on, on).order_by("pk").values_list("pk", flat=True))
        for start in range(0, len(ids), CHUNK):
            emit("document.changed", ids=ids[start : start + CHUNK])
        day.on = on
        day.save(update_fields=["on"])
    return len(ids)


def changing(since: date, on: date) -> QuerySet[Item]:
    """The public items with a date that comes after ``since`` and by ``on``; whatever else they are, they may change."""

    def comes(field: str) -> Q:
        return Q(**{f"{field}__gt": since, f"{field}__lte": on})

    relations = DocumentRelation.objects.standing().filter(comes("on")).values("other")
    cleanups = CleanupResult.objects.standing().filter(comes("on")).values("item")
    runs_out = term_over_by(on) & ~term_over_by(since)
    dates = comes("effective_on") | comes("repealed_on") | runs_out
    return Item.objects.public().filter(dates | Q(pk__in=relations) | Q(pk__in=cleanups))

"""What midnight changes: placements that begin, end, or are pinned no more."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db import transaction
from django.db.models import Q

from mingzheng.city.services import emit
from mingzheng.publish.placements.models import Placement, PlacementDay, PlacementQuerySet
from mingzheng.publish.placements.placing import place_of

ROW: Final = 1


def turn_placements(on: date) -> int:
    """Tell whoever makes pages which lists change by themselves up to that day; returns how many placements do.

    The day and the events are written together, so that a second process finds the day turned. The first time of
    all, everything that ever began is told.
    """
    if PlacementDay.objects.filter(pk=ROW, on__gte=on).exists():
        return 0
    with transaction.atomic():
        day, _ = PlacementDay.objects.select_for_update().get_or_create(pk=ROW, defaults={"on": date.min})
        if day.on >= on:
            return 0
        changing = list(changing_between(day.on, on).order_by("pk"))
        for placement in changing:
            emit("item.placed", **place_of(placement))
        day.on = on
        day.save(update_fields=["on"])
    return len(changing)


def changing_between(since: date, on: date) -> PlacementQuerySet:
    """Those with a first day after ``since`` and by ``on``, or a last day from ``since`` on and before ``on``."""

    def passes(field: str) -> Q:
        return Q(**{f"{field}__gte": since, f"{field}__lt": on})

    begins = Q(starts_on__gt=since, starts_on__lte=on)
    return Placement.objects.accepted().filter(begins | passes("ends_on") | passes("pinned_until"))

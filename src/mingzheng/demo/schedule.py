"""Gives every planned item its day and minute: working days, office hours, documents before what interprets them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from random import Random

from mingzheng.demo.plan import ATTENDANCE, Cell, Plan, is_own_interpretation
from mingzheng.demo.texts import kinds
from mingzheng.law.calendar import add_working_days, is_working_day

OPENS, CLOSES = 8 * 60 + 30, 17 * 60 + 30
INTERPRETATION_DAYS = 3  # working days after the document


@dataclass(slots=True)
class Event:
    """An item with its moment: ``day`` and ``minute`` of the day. ``document`` is what it interprets."""

    day: date
    minute: int
    cell: Cell
    document: Event | None = None
    number: int = 0
    # What the document turned out to be, noted when it is written:
    key: str = ""
    title: str = ""
    doc_no: str = ""
    topic: str = ""
    domain: str = ""


def schedule(plan: Plan) -> list[Event]:
    """All items of the plan in the order of their publication."""
    events: list[Event] = []
    documents: dict[str, list[Event]] = defaultdict(list)
    for cell in plan.cells:
        if is_own_interpretation(cell.route):
            continue
        made = _attended_meetings(plan, cell) or _spread(plan.wanted.year, cell)
        events += made
        if kinds()[cell.route.kind].policy:
            documents[cell.unit.code] += made
    for cell in plan.cells:
        if is_own_interpretation(cell.route):
            events += _interpretations(plan.wanted.year, cell, documents[cell.unit.code])
    events.sort(key=lambda event: (event.day, event.minute, event.document is not None))
    return events


def _attended_meetings(plan: Plan, cell: Cell) -> list[Event]:
    if cell.route.column.code != ATTENDANCE or cell.unit.parent is not None:
        return []
    return [Event(meeting.day, CLOSES - 30, cell, number=meeting.number) for meeting in plan.meetings]


def _spread(year: int, cell: Cell) -> list[Event]:
    rng = Random(f"{year}/{cell.unit.code}/{cell.route.column.code}")
    since = cell.route.column.effective_from
    events = []
    for month, count in enumerate(cell.months, start=1):
        if not count:
            continue
        days = working_days(year, month)
        if since.year == year and since.month == month:
            days = tuple(day for day in days if day > since)
        for _ in range(count):
            events.append(Event(days[int(rng.random() * len(days))], _minute(rng, OPENS), cell))
    return events


def _interpretations(year: int, cell: Cell, documents: list[Event]) -> list[Event]:
    """Each interprets another document of the unit; chosen documents leave the list."""
    rng = Random(f"{year}/{cell.unit.code}/{cell.route.column.code}")
    events = []
    for _ in range(cell.count):
        document = documents.pop(int(rng.random() * len(documents)))
        day = add_working_days(document.day, rng.randint(0, INTERPRETATION_DAYS))
        if day.year != year:
            day = document.day
        minute = _minute(rng, document.minute if day == document.day else OPENS)
        events.append(Event(day, minute, cell, document))
    return events


def _minute(rng: Random, earliest: int) -> int:
    return earliest + int(rng.random() * (CLOSES - earliest + 1))


@cache
def working_days(year: int, month: int) -> tuple[date, ...]:
    """The working days of a month."""
    day, found = date(year, month, 1), []
    while day.month == month:
        if is_working_day(day):
            found.append(day)
        day += timedelta(days=1)
    return tuple(found)

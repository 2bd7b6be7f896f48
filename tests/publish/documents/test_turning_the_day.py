"""Midnight: exactly the documents whose validity changes are told, once, also after a killed run or a long stop."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from mingzheng.city.models import OutboxEvent
from mingzheng.publish.documents import daily
from mingzheng.publish.documents.models import ValidityDay
from mingzheng.publish.documents.services import clean_up, relate, retract, turn_day, with_validity
from mingzheng.publish.items.models import Item

EVE, DAY = date(2019, 5, 31), date(2019, 6, 1)


def told():
    events = OutboxEvent.objects.filter(topic="document.changed")
    return [pk for payload in events.values_list("payload", flat=True) for pk in payload["ids"]]


@pytest.fixture
def documents(document):
    return {
        "runs out": document("甲", expires_on=DAY),
        "silent": document("乙", effective_on=date(2014, 6, 1)),
        "begins": document("丙", effective_on=DAY),
        "repealed": document("丁", repealed_on=DAY),
        "stays": document("戊", effective_on=date(2018, 1, 1)),
        "later": document("己", expires_on=DAY + timedelta(days=1)),
        "earlier": document("庚", expires_on=EVE),
    }


def test_what_changes_today_is_told_once(catalogue, documents):
    turn_day(EVE)
    assert told() == []
    assert turn_day(DAY) == 4
    assert sorted(told()) == sorted(
        documents[each].pk for each in ("runs out", "silent", "begins", "repealed")
    )
    assert (turn_day(DAY), turn_day(EVE)) == (0, 0)
    assert len(told()) == 4


def test_days_without_a_worker_are_made_up(documents):
    turn_day(EVE)
    assert turn_day(DAY + timedelta(days=30)) == 5


def test_a_run_that_is_killed_has_told_nothing_and_the_next_tells_all(documents, monkeypatch):
    turn_day(EVE)
    emit = daily.emit

    def killed(*arguments, **payload):
        emit(*arguments, **payload)
        raise KeyboardInterrupt

    monkeypatch.setattr(daily, "emit", killed)
    with pytest.raises(KeyboardInterrupt):
        turn_day(DAY)
    assert (told(), ValidityDay.objects.get().on) == ([], EVE)
    monkeypatch.undo()
    assert turn_day(DAY) == 4


def test_coming_repeals_and_clean_ups_are_told_on_their_day(catalogue, document):
    office = catalogue.people["office"]
    new, old, gone, undone = (document(title, effective_on=date(2018, 1, 1)) for title in "甲乙丙丁")
    relate(office, new, old, "repeals", DAY)
    clean_up(office, {gone.pk: "expired"}, year=2019, on=DAY, basis="清理决定")
    retract(office, "relation", relate(office, new, undone, "repeals", DAY).pk, reason="有误")
    OutboxEvent.objects.all().delete()
    turn_day(EVE)
    turn_day(DAY)
    assert sorted(told()) == sorted([old.pk, gone.pk])


def test_nobody_is_left_out(documents):
    """Every document whose validity differs between two days is among those that are told."""

    def on(day):
        return dict(with_validity(Item.objects.all(), day).values_list("pk", "validity"))

    before, after = on(EVE), on(DAY)
    differ = {pk for pk, validity in after.items() if before[pk] != validity}
    assert differ <= set(daily.changing(EVE, DAY).values_list("pk", flat=True))
    assert len(differ) == 4

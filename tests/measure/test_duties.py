"""What units owe: computed from what is published, the column standard and the calendar."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from mingzheng.city.models import Unit
from mingzheng.law.calendar import add_working_days
from mingzheng.measure.duties import columns_due, documents_ending, documents_to_interpret
from mingzheng.measure.registry import measure_of
from mingzheng.measure.scopes import whole_city
from mingzheng.publish.catalogue.models import Column
from mingzheng.publish.items.models import Item
from mingzheng.publish.items.services import InterpretationDraft, ItemDraft, import_items

CITY = ZoneInfo("Asia/Shanghai")
BEIJING_NOON = datetime(2018, 3, 5, 12, tzinfo=CITY)  # a Monday


def published(catalogue, column, at, **fields):
    draft = ItemDraft("czj", column, fields.pop("title", "某办法"), "<p>一。</p>", published_at=at, **fields)
    report = import_items(catalogue.people["office"], [draft], source="test")
    assert report.refused == []
    return Item.objects.get(pk=report.ids[0])


@pytest.fixture
def czj(catalogue):
    return Unit.objects.filter(code="czj")


def test_a_document_has_three_working_days_until_its_interpretation(catalogue, czj):
    published(catalogue, "ZC0101", BEIJING_NOON, doc_no="示财〔2018〕1号")
    [due] = documents_to_interpret(czj, BEIJING_NOON)
    assert f"{due.last_day}" == "2018-03-08"
    assert due.hours == 84
    [late] = documents_to_interpret(czj, BEIJING_NOON + timedelta(days=4))
    assert late.hours < 0


def test_a_weekend_and_a_holiday_do_not_count(catalogue, czj):
    friday = datetime(
        2018, 4, 4, 12, tzinfo=CITY
    )  # 清明节 from the fifth to the seventh, the eighth is worked
    published(catalogue, "ZC0101", friday, doc_no="示财〔2018〕2号")
    [due] = documents_to_interpret(czj, friday)
    assert f"{due.last_day}" == "2018-04-10"


def test_an_interpreted_document_is_not_owed_and_a_withdrawn_interpretation_is(catalogue, czj):
    from mingzheng.publish.items.services import withdraw_item

    document = published(catalogue, "ZC0101", BEIJING_NOON, doc_no="示财〔2018〕3号")
    told = InterpretationDraft("own", document_id=document.pk)
    reading = published(
        catalogue, "JD0202", BEIJING_NOON + timedelta(hours=1), title="某办法的解读", interpretation=told
    )
    assert documents_to_interpret(czj, BEIJING_NOON) == []
    withdraw_item(catalogue.people["office"], reading.pk, "有误")
    assert len(documents_to_interpret(czj, BEIJING_NOON)) == 1


def test_other_documents_and_reprints_owe_nothing(catalogue, czj):
    published(catalogue, "ZC0102", BEIJING_NOON, doc_no="示财〔2018〕4号")
    assert documents_to_interpret(czj, BEIJING_NOON) == []


def test_the_measure_counts_the_documents_that_are_late_today(catalogue):
    today = timezone.localdate()
    at = timezone.now() - timedelta(days=30)
    late = published(catalogue, "ZC0101", at, doc_no="示财〔2018〕5号")
    published(catalogue, "ZC0101", timezone.now() - timedelta(minutes=1), doc_no="示财〔2018〕6号")
    assert add_working_days(timezone.localdate(at), 3) < today
    rows = measure_of("interpretation.missing").rows(whole_city(timezone.localdate(at).year))
    assert list(rows) == [late]


def test_a_column_is_due_one_cycle_after_its_latest_item(catalogue, czj):
    column = Column.objects.get(code="ZC0102")
    assert column.update_cycle_days == 90
    published(catalogue, "ZC0102", BEIJING_NOON)
    day = timezone.localdate(BEIJING_NOON)

    def due(days):
        rows = [each for each in columns_due(czj, day + timedelta(days=days)) if each.column == column]
        return [(each.overdue, f"{each.due_on}", f"{each.last}") for each in rows]

    assert due(82) == []
    assert due(83) == [(-7, "2018-06-03", "2018-03-05")]
    assert due(95) == [(5, "2018-06-03", "2018-03-05")]


def test_columns_that_need_no_updating_or_are_hidden_are_never_due(catalogue, czj):
    from mingzheng.publish.catalogue.services import adjust_for_unit

    far = timezone.localdate(BEIJING_NOON) + timedelta(days=1000)
    codes = {each.column.code for each in columns_due(czj, far)}
    exempt = set(Column.objects.filter(update_exempt=True).values_list("code", flat=True))
    assert codes
    assert not codes & exempt
    hidden = Column.objects.get(code=min(codes))
    adjust_for_unit(
        catalogue.people["office"], catalogue.units["czj"], hidden, kind="hide", on=far, reason="职能调整"
    )
    assert hidden.code not in {each.column.code for each in columns_due(czj, far)}


@pytest.mark.parametrize(
    ("fields", "on", "expected"),
    [
        ({"expires_on": date(2019, 6, 1)}, date(2019, 3, 3), [("2019-06-01", True, 90)]),
        ({"expires_on": date(2019, 6, 1)}, date(2019, 3, 2), []),  # 91 days before
        ({"expires_on": date(2019, 6, 1)}, date(2019, 6, 2), []),  # it has ended
        ({"effective_on": date(2018, 4, 1)}, date(2023, 3, 2), [("2023-04-01", False, 30)]),  # five years
        ({"written_on": date(2016, 2, 29)}, date(2021, 2, 1), [("2021-02-28", False, 27)]),  # a leap day
        ({"effective_on": date(2018, 4, 1), "repealed_on": date(2020, 1, 1)}, date(2023, 3, 2), []),
    ],
)
def test_a_document_that_ends_is_told_ninety_days_before(catalogue, czj, fields, on, expected):
    published(catalogue, "ZC0101", BEIJING_NOON, doc_no="示财〔2018〕7号", **fields)
    found = [(f"{each.ends_on}", each.is_stated, each.days) for each in documents_ending(czj, on)]
    assert found == expected

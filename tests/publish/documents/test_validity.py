"""Whether a document holds on a day: the table of its dates, and the same answer for one and for many."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mingzheng.city.models import Person
from mingzheng.publish.documents.models import CleanupResult, DocumentRelation
from mingzheng.publish.documents.rules import validity_rule
from mingzheng.publish.documents.services import ended_by, validity, with_validity
from mingzheng.publish.items.models import Item
from mingzheng.publish.items.services import ItemDraft, import_items

AT = datetime(2018, 5, 2, 1, tzinfo=UTC)
DAYS = st.dates(date(2015, 12, 1), date(2016, 4, 30))
MAYBE = st.none() | DAYS


@pytest.mark.parametrize(
    ("dates", "on", "expected"),
    [
        ({"effective_on": date(2018, 6, 2)}, date(2018, 6, 1), "pending"),
        ({"effective_on": date(2018, 6, 1)}, date(2018, 6, 1), "valid"),  # from its first day on
        ({"expires_on": date(2018, 6, 2)}, date(2018, 6, 1), "valid"),
        ({"expires_on": date(2018, 6, 1)}, date(2018, 6, 1), "expired"),  # on the day that is stated
        ({"repealed_on": date(2018, 6, 1), "expires_on": date(2018, 5, 30)}, date(2018, 6, 1), "repealed"),
        ({"effective_on": date(2018, 1, 1)}, date(2022, 12, 31), "valid"),
        ({"effective_on": date(2018, 1, 1)}, date(2023, 1, 1), "expired"),  # silent: five years
        ({"effective_on": date(2018, 1, 1), "expires_on": date(2030, 1, 1)}, date(2023, 1, 1), "valid"),
        ({"written_on": date(2018, 2, 1)}, date(2023, 2, 1), "expired"),  # no day of effect: from its date
        ({}, date(2023, 5, 1), "valid"),  # no date at all: from its publication
        ({}, date(2023, 5, 2), "expired"),
        ({"effective_on": date(2016, 2, 29)}, date(2021, 2, 27), "valid"),
        ({"effective_on": date(2016, 2, 29)}, date(2021, 2, 28), "expired"),  # a leap day
    ],
)
def test_a_normative_document_follows_its_dates(document, dates, on, expected):
    made = document("办法", **dates)
    assert validity(made, on) == expected
    assert with_validity(Item.objects.all(), on).get(pk=made.pk).validity == expected


def test_other_documents_do_not_run_out_by_themselves(document):
    notice = document("通知", column="ZC0102", written_on=date(2008, 1, 1))
    assert validity(notice, date(2026, 1, 1)) == "valid"


@given(st.dates(date(2004, 1, 1), date(2040, 12, 31)))
def test_the_last_start_is_the_last_one_that_has_ended(on):
    rule = validity_rule()
    last = rule.last_start(on)
    assert rule.end_of_silent(last) <= on < rule.end_of_silent(last + timedelta(days=1))


LIVES = st.fixed_dictionaries(
    {"written_on": MAYBE, "effective_on": MAYBE, "expires_on": MAYBE, "repealed_on": MAYBE}
)
ACTS = st.lists(st.tuples(st.sampled_from(DocumentRelation.Kind.values), DAYS), max_size=2)
CLEANED = st.lists(st.tuples(st.sampled_from(CleanupResult.Result.values), DAYS), max_size=2)


@pytest.mark.usefixtures("catalogue")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    LIVES, ACTS, CLEANED, st.sampled_from(["ZC0101", "ZC0102"]), st.dates(date(2015, 12, 1), date(2021, 5, 1))
)
def test_one_and_many_give_the_same_answer(life, acts, cleaned, column, on):
    office, now = Person.objects.get(username="office"), timezone.now()
    drafts = [ItemDraft("czj", column, each, "<p>一。</p>", published_at=AT) for each in ("甲", "乙")]
    made = [Item.objects.get(pk=pk) for pk in import_items(office, drafts, source="test").ids]
    Item.objects.filter(pk=made[0].pk).update(**life)
    item = Item.objects.get(pk=made[0].pk)
    for kind, day in acts:
        DocumentRelation.objects.create(item=made[1], other=item, kind=kind, on=day, actor=office, at=now)
    for result, day in cleaned:
        CleanupResult.objects.create(
            item=item, year=2016, result=result, on=day, basis="清理", actor=office, at=now
        )
    answer = validity(item, on)
    assert with_validity(Item.objects.all(), on).get(pk=item.pk).validity == answer
    assert Item.objects.filter(ended_by(on), pk=item.pk).exists() is (answer in ("expired", "repealed"))

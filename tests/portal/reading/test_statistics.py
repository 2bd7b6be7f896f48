"""Sums of readings: every way of dividing a period gives the same whole, and most-read lists hold what is public."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mingzheng.portal.reading.models import BEFORE_DAYS, ItemDay, PageDay, VisitorDay
from mingzheng.portal.reading.services import Part, Period, Sums, most_read, visits
from mingzheng.publish.catalogue.services import column_by_code
from mingzheng.publish.items.services import withdraw_item

FIRST, LAST = date(2026, 3, 1), date(2026, 3, 10)
MARCH = Period(FIRST, LAST)


def put(item, day, count):
    ItemDay.objects.create(item=item, unit=item.unit, column=item.column, day=day, count=count)


@pytest.fixture
def items(portal):
    places = [("czj", "DT01"), ("czj", "TZ01"), ("hexi", "DT01"), ("hexi-czj", "DT01"), ("city", "DT01")]
    return portal.bring_in(*(portal.draft(f"{unit}的{column}", unit, column) for unit, column in places))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15, deadline=None)
@given(
    st.dictionaries(st.tuples(st.integers(0, 4), st.integers(-3, 12)), st.integers(1, 50), max_size=25),
    st.dictionaries(st.integers(-3, 12), st.integers(1, 50), max_size=6),
)
def test_every_division_sums_up_to_the_whole(items, read_items, read_homes):
    ItemDay.objects.all().delete()
    PageDay.objects.all().delete()
    for (place, day), count in read_items.items():
        put(items[place], FIRST + timedelta(days=day), count)
    for day, count in read_homes.items():
        PageDay.objects.create(page="/", day=FIRST + timedelta(days=day), count=count)
    part = Part(MARCH)
    within = range(10)
    expected = Sums(
        sum(count for (_, day), count in read_items.items() if day in within),
        sum(count for day, count in read_homes.items() if day in within),
    )
    assert part.total() == expected
    for division in (part.by_day(), part.by_unit(), part.by_column()):
        assert sum(sums.items for sums in division.values()) == expected.items
        assert sum(sums.pages for sums in division.values()) == expected.pages
    assert sum(each.views for each in part.by_item(100)) == expected.items
    assert sum(count for _, count in part.by_page(100)) == expected.pages
    assert list(part.by_day()) == MARCH.days
    units = {unit: Part(MARCH, [unit]).total() for unit in part.by_unit() if unit is not None}
    assert units == {unit: sums for unit, sums in part.by_unit().items() if unit is not None}
    for each in part.by_item(100):
        assert Part(MARCH, item=each.item).total() == Sums(each.views)


def test_numbers_without_a_day_are_in_no_period(items):
    put(items[0], BEFORE_DAYS, 100)
    assert Part(Period(date(2000, 1, 1), LAST)).total() == Sums()
    assert most_read(30) == []


def test_visitors_are_known_of_the_whole_portal_alone(items):
    VisitorDay.objects.create(day=FIRST, count=7)
    VisitorDay.objects.create(day=LAST, count=5)
    put(items[0], FIRST, 20)
    PageDay.objects.create(page="/", day=LAST, count=3)
    assert Part(MARCH).visitors() == 12
    assert Part(MARCH, [items[0].unit_id]).visitors() is None
    assert Part(MARCH, item=items[0].pk).visitors() is None
    assert visits(2026) == (23, 12)
    assert visits(2025) == (0, 0)


def test_the_most_read_are_public_in_order_and_of_the_last_days(portal, items):
    today = timezone.localdate()
    czj, notice, hexi, hexi_czj, city = items
    for item, ago, count in (
        (czj, 0, 5), (czj, 6, 4), (notice, 6, 8), (hexi, 1, 7), (hexi_czj, 2, 8), (city, 7, 99),
    ):  # fmt: skip
        put(item, today - timedelta(days=ago), count)
    found = most_read(7)
    assert [(item, item.views) for item in found] == [(czj, 9), (hexi_czj, 8), (notice, 8), (hexi, 7)]
    assert most_read(8, limit=1) == [city]
    assert most_read(7, unit=portal.city.units["hexi"]) == [hexi_czj, hexi]
    assert most_read(7, column=column_by_code("TZ01")) == [notice]
    withdraw_item(portal.office, czj.pk, "内容有误")
    assert czj not in most_read(7)


def test_the_most_read_take_two_questions(portal, items, django_assert_num_queries):
    put(items[0], timezone.localdate(), 1)
    put(items[1], timezone.localdate(), 2)
    with django_assert_num_queries(2):
        assert [item.unit.name + item.column.name for item in most_read(7)]

"""The work calendar: known totals, make-up days, one counting convention, and no guess beyond what is known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mingzheng.law import calendar as work
from mingzheng.law.calendar import CalendarUnknown, WorkCalendar, default_calendar
from mingzheng.law.errors import Refusal

DAYS = st.dates(date(2007, 1, 1), date(2026, 12, 31))
COUNTS = st.integers(-300, 300)

# One year after the shipped ones, as a city would enter it; the dates are made up for the tests.
NEXT_YEAR = {
    "year": 2027,
    "notices": ["测试用通知"],
    "holidays": [
        {"name": "元旦", "off": ["2026-12-31/2027-01-02"], "make_up": ["2026-12-27"]},
        {"name": "国庆节", "off": ["2027-10-01/2027-10-07"]},
    ],
}


@pytest.mark.parametrize(
    ("year", "total"),
    [
        (2015, 249),  # a one-off holiday in September by a second notice
        (2016, 250),
        (2017, 249),
        (2018, 250),  # its last three days are arranged by the notice for 2019
        (2019, 250),  # May Day lengthened by a second notice
        (2020, 249),  # Spring Festival prolonged by an epidemic notice
        (2021, 250),
        (2022, 249),  # 31 December is off by the notice for 2023
        (2023, 249),
        (2024, 251),  # a leap year with one holiday on a Sunday
        (2025, 248),  # first year with 13 statutory holidays
        (2026, 248),
    ],
)
def test_a_year_has_its_known_number_of_working_days(year: int, total: int) -> None:
    assert default_calendar().year_table(year).working_days == total
    days = (date(year, 1, 1) + timedelta(days=n) for n in range(366))
    assert sum(work.is_working_day(day) for day in days if day.year == year) == total


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2018, 12, 29), True),  # make-up Saturday fixed by the next year's notice
        (date(2018, 12, 31), False),  # Monday off by the next year's notice
        (date(2020, 1, 31), False),  # Friday of the prolonged Spring Festival
        (date(2020, 2, 3), True),  # the Monday on which work began again
        (date(2015, 9, 3), False),  # the one-off holiday
        (date(2019, 5, 5), True),  # make-up Sunday of the changed May Day
        (date(2022, 12, 31), False),  # a Saturday that is also named as off
        (date(2021, 9, 18), True),  # make-up Saturday
        (date(2021, 9, 25), False),  # an ordinary Saturday
        (date(2007, 1, 1), False),  # the first known day
        (date(2026, 12, 31), True),  # the last known day
    ],
)
def test_a_day_is_worked_or_not_as_the_notices_say(day: date, worked: bool) -> None:
    assert work.is_working_day(day) is worked


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2018, 2, 9), 15, date(2018, 3, 7)),  # across Spring Festival with two make-up days
        (date(2018, 12, 20), 15, date(2019, 1, 11)),  # across a year and a make-up Saturday
        (date(2021, 9, 16), 7, date(2021, 9, 27)),  # two make-up days around Mid-Autumn
        (date(2018, 4, 28), 20, date(2018, 5, 29)),  # starts on a make-up Saturday
        (date(2018, 3, 10), 1, date(2018, 3, 12)),  # starts on a Saturday: day 1 is the Monday
        (date(2018, 3, 10), 0, date(2018, 3, 10)),  # day 0 is the given day even when it is not worked
        (date(2018, 3, 11), -1, date(2018, 3, 9)),  # backwards from a Sunday
        (date(2018, 3, 12), -1, date(2018, 3, 9)),  # backwards from a Monday
    ],
)
def test_day_1_is_the_next_working_day(start: date, days: int, end: date) -> None:
    assert work.add_working_days(start, days) == end


def naive_add(day: date, n: int) -> date:
    step = timedelta(days=1 if n > 0 else -1)
    while n:
        day += step
        n -= work.is_working_day(day) if n > 0 else -work.is_working_day(day)
    return day


def known_or_missing(add: Callable[[date, int], date], day: date, n: int) -> date | int:
    """The result, or the year that is missing."""
    try:
        return add(day, n)
    except CalendarUnknown as unknown:
        return unknown.year


@given(DAYS, COUNTS)
def test_adding_agrees_with_a_walk_day_by_day(day: date, n: int) -> None:
    assert known_or_missing(work.add_working_days, day, n) == known_or_missing(naive_add, day, n)


@given(DAYS, st.integers(0, 400))
def test_between_agrees_with_a_walk_day_by_day(start: date, length: int) -> None:
    end = start + timedelta(days=length)
    assume(end.year <= 2026)
    walk = sum(work.is_working_day(start + timedelta(days=n)) for n in range(1, length + 1))
    assert work.working_days_between(start, end) == walk
    assert work.working_days_between(end, start) == -walk


@given(st.dates(date(2008, 6, 1), date(2025, 6, 1)), st.integers(1, 300))
def test_between_undoes_adding(day: date, n: int) -> None:
    assert work.working_days_between(day, work.add_working_days(day, n)) == n


@given(st.dates(date(2008, 6, 1), date(2025, 6, 1)), st.integers(1, 300))
def test_going_back_undoes_adding_from_a_working_day(day: date, n: int) -> None:
    assume(work.is_working_day(day))
    assert work.add_working_days(work.add_working_days(day, n), -n) == day


@given(st.lists(st.tuples(st.dates(date(2008, 6, 1), date(2025, 6, 1)), COUNTS, DAYS), max_size=20))
def test_arrays_give_what_single_days_give(rows: list[tuple[date, int, date]]) -> None:
    days = np.array([row[0] for row in rows], dtype="datetime64[D]")
    counts = np.array([row[1] for row in rows], dtype=np.int64)
    ends = np.array([row[2] for row in rows], dtype="datetime64[D]")
    assert work.are_working_days(days).tolist() == [work.is_working_day(row[0]) for row in rows]
    moved = work.add_working_days_to(days, counts)
    assert moved.dtype == np.dtype("datetime64[D]")
    assert moved.tolist() == [work.add_working_days(row[0], row[1]) for row in rows]
    between = work.working_days_between_all(days, ends)
    assert between.tolist() == [work.working_days_between(row[0], row[2]) for row in rows]


def test_one_number_serves_a_whole_array() -> None:
    days = np.array([["2018-02-09", "2018-04-03"]], dtype="datetime64[D]")
    assert work.add_working_days_to(days, 15).tolist() == [[date(2018, 3, 7), date(2018, 4, 25)]]
    assert work.add_working_days_to(days, 0).tolist() == days.tolist()


@pytest.mark.parametrize(
    ("call", "year"),
    [
        (lambda: work.is_working_day(date(2027, 1, 1)), 2027),  # the day after the last known one
        (
            lambda: work.is_working_day(date(2006, 12, 30)),
            2006,
        ),  # named by the notice for 2007, its year is not
        (lambda: work.add_working_days(date(2026, 12, 20), 20), 2027),  # the result lies beyond
        (lambda: work.add_working_days(date(2026, 12, 31), 1), 2027),  # one step beyond
        (lambda: work.add_working_days(date(2007, 1, 4), -1), 2006),  # one step before
        (lambda: work.add_working_days(date(2030, 1, 1), 0), 2030),  # even without moving
        (lambda: work.working_days_between(date(2026, 1, 1), date(2028, 1, 1)), 2028),  # an end beyond
        (
            lambda: work.add_working_days_to(np.array(["2026-12-31"], "datetime64[D]"), 1),
            2027,
        ),  # as the scalar
        (
            lambda: work.add_working_days_to(np.array(["2007-01-04"], "datetime64[D]"), -1),
            2006,
        ),  # as the scalar
        (
            lambda: work.are_working_days(np.array(["2018-01-01", "2031-05-05"], "datetime64[D]")),
            2031,
        ),  # the odd one
    ],
)
def test_an_unknown_year_is_named_never_guessed(call, year: int) -> None:
    with pytest.raises(CalendarUnknown, match=f"{year}年的节假日安排尚未录入") as raised:
        call()
    assert raised.value.year == year


def test_the_last_known_working_day_is_still_reached() -> None:
    assert work.add_working_days(date(2026, 12, 30), 1) == date(2026, 12, 31)


def test_an_empty_date_in_an_array_is_refused() -> None:
    with pytest.raises(Refusal, match="空值"):
        work.are_working_days(np.array(["2018-01-02", "NaT"], dtype="datetime64[D]"))


def test_importing_a_year_extends_the_calendar_and_reaches_into_december() -> None:
    extended = default_calendar().with_data([NEXT_YEAR])
    assert extended.add_working_days(date(2026, 12, 30), 1) == date(2027, 1, 4)
    assert extended.is_working_day(date(2026, 12, 27))
    table = extended.year_table(2026)
    assert date(2026, 12, 27) in [note.day for note in table.make_up]
    assert table.working_days == 248  # one day more and one day less
    assert "测试用通知" in table.notices
    assert default_calendar().last_year == 2026


def test_importing_a_year_again_replaces_it() -> None:
    changed = {**NEXT_YEAR, "holidays": [{"name": "元旦", "off": ["2027-01-01"]}]}
    calendar = default_calendar().with_data([NEXT_YEAR]).with_data([changed])
    assert calendar.is_working_day(date(2026, 12, 31))
    assert calendar.is_working_day(date(2027, 10, 1))


def test_a_gap_between_years_is_refused_and_named() -> None:
    with pytest.raises(CalendarUnknown, match="2027年"):
        default_calendar().with_data(
            [{"year": 2028, "notices": ["x"], "holidays": [{"off": ["2028-01-01"]}]}]
        )


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"notices": []}, "来源通知"),  # nobody could check it
        ({"holidays": []}, "没有任何放假日"),  # an empty sheet would make every weekday worked
        ({"holidays": [{"name": "元旦", "off": ["2027-02-30"]}]}, "2027-02-30"),  # no such day
        ({"holidays": [{"name": "元旦", "off": ["2026-10-01"]}]}, "不在当年"),  # too far back
        ({"holidays": [{"name": "元旦", "off": ["2027-01-03/2027-01-01"]}]}, "不在当年"),  # runs backwards
        (
            {"holidays": [{"name": "元旦", "off": ["2027-01-02"], "make_up": ["2027-01-02"]}]},
            "既列为放假",
        ),  # both
        ({"year": "2027"}, "年份"),  # a text is not a year
    ],
)
def test_a_faulty_arrangement_is_refused_with_its_reason(change: dict[str, object], reason: str) -> None:
    with pytest.raises(Refusal, match=reason):
        WorkCalendar.from_data([{**NEXT_YEAR, **change}])


def test_a_calendar_without_years_is_refused() -> None:
    with pytest.raises(Refusal, match="没有任何年份"):
        WorkCalendar.from_data([])


def test_every_shipped_year_names_its_notices() -> None:
    for year in range(2007, 2027):
        assert all(notice.startswith("http") for notice in default_calendar().year_table(year).notices)


def test_make_up_days_lie_on_weekends() -> None:
    for item in default_calendar().arrangements.values():
        assert all(note.day.weekday() >= 5 for note in item.make_up)

"""Measures: what a figure counts, in which scope, and that it opens to exactly its rows."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.measure.factory import document, draft

from mingzheng.city.models import Person
from mingzheng.law.errors import Refusal
from mingzheng.law.report_tables import ReportTables
from mingzheng.measure import services as measure
from mingzheng.measure.registry import all_measures
from mingzheng.measure.report_forms import MEASURED
from mingzheng.measure.scopes import levels, of_unit, parse_scope, whole_city
from mingzheng.publish.items.models import Item
from mingzheng.publish.items.services import InterpretationDraft, import_items

SCOPES = ("all", "city", "county", "town", "unit-city", "unit-hexi", "under-hexi", "unit-qingshui")
KEYS = [each.key for each in all_measures()]


def value(key, scope="all", year="2018"):
    return measure.figure(key, parse_scope(year, scope)).value


WANTED = [
    ("disclosure.items", "all", 3 * 5 + 3 * 3 + 1),
    ("disclosure.items", "city", 3 * 2 + 3 * 2 + 1),
    ("disclosure.items", "county", 3 * 2 + 3),
    ("disclosure.items", "town", 3),
    ("disclosure.items", "unit-hexi", 6),
    ("disclosure.items", "under-hexi", 3 * 3 + 3),
    ("documents.normative_made", "all", 3),
    ("documents.normative_valid", "all", 5),
    ("interpretation.all", "all", 6),
    ("interpretation.own", "city", 3),
    ("interpretation.superior", "county", 3),
    ("interpretation.leader", "all", 1),
    ("press.conferences", "city", 1),
    ("press.attendance", "city", 2),
    ("catalogue.columns_added", "all", 115),
    ("catalogue.columns_added_l1", "all", 5),
    ("catalogue.columns_added_l2", "all", 9),
    ("catalogue.columns_added_l3", "all", 101),
    ("catalogue.columns_adjusted", "all", 14),
    ("catalogue.columns_added", "unit-hexi", 0),
]


def test_a_figure_counts_its_rows_in_its_scope(year):
    assert [(key, scope, value(key, scope)) for key, scope, _ in WANTED] == WANTED


def test_interpretations_within_three_working_days_are_timely(year):
    """Documents of 1, 2 and 3 March 2018; interpretations 3, 6 and 3 days later, a weekend between."""
    timely = measure.measure_of("interpretation.timely").rows(whole_city(2018))
    assert sorted(timely.values_list("item__title", flat=True)) == ["解读0", "解读2"]


def test_an_interpretation_of_a_document_older_than_every_calendar_is_late(catalogue):
    """The State Council's arrangements are known from 2007; the figures of 2018 must not need those of 2006."""
    own = InterpretationDraft("own", "graphic", document_no="示政规〔2006〕9号")
    rows = [
        document(9, date(2006, 1, 5)),
        draft("city", "JD0202", "旧文新解", date(2018, 1, 5), interpretation=own),
    ]
    assert import_items(catalogue.people["office"], rows, source="旧").refused == []
    assert (value("interpretation.own"), value("interpretation.timely")) == (1, 0)


def test_withdrawn_and_closed_items_count_nowhere(year):
    titles = measure.measure_of("disclosure.items").rows(whole_city(2018)).values_list("title", flat=True)
    assert not {"撤回的", "不公开的"} & set(titles)


def test_what_is_announced_before_a_press_conference_is_no_conference(everything):
    rows = measure.measure_of("press.conferences").rows(whole_city(2018))
    assert set(rows.values_list("title", flat=True)) == {"发布会", "XF0102的信息"}
    assert value("press.attendance") == 2


DAYS = st.dates(date(2016, 1, 1), date(2019, 12, 31))
ENDS = st.none() | st.integers(1, 1000)


@pytest.mark.usefixtures("catalogue")
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(DAYS, ENDS, ENDS), min_size=1, max_size=6))
def test_documents_valid_made_and_ended_add_up_over_the_years(lives):
    """R07 of the report's cross checks: valid this year = valid last year + made - ended, each ended but once."""
    Item.objects.all().delete()
    rows = [
        document(
            number,
            begins,
            repealed_on=begins + timedelta(repeal) if repeal else None,
            expires_on=begins + timedelta(expiry) if expiry else None,
        )
        for number, (begins, repeal, expiry) in enumerate(lives, start=1)
    ]
    office = Person.objects.get(username="office")
    assert import_items(office, rows, source="办法").refused == []
    before = 0
    for each in range(2016, 2024):
        made, ended, valid = (
            value(f"documents.normative_{what}", year=f"{each}") for what in ("made", "repealed", "valid")
        )
        assert valid == before + made - ended
        before = valid


def test_every_figure_opens_to_exactly_as_many_rows_as_it_says(everything):
    assert [key for key in KEYS if not value(key)] == [], "the factory leaves these measures without rows"
    for key in KEYS:
        for scope in SCOPES:
            found, about = measure.from_address(key, "2018", scope)
            page = measure.rows_page(found, about, 1)
            assert page.total == value(key, scope), (key, scope)
            assert len(page.rows) == min(page.total, 50)
            assert all(len(row) == len(page.head) for row in page.rows)


def test_the_pages_of_a_figure_hold_each_row_once_and_newest_first(everything, monkeypatch):
    monkeypatch.setattr("mingzheng.measure.drilldown.PAGE", 4)
    found, about = measure.from_address("disclosure.items", "2018", "all")
    last = measure.rows_page(found, about, 1).pages
    pages = [measure.rows_page(found, about, number) for number in range(1, last + 1)]
    listed = [row[0].item for page in pages for row in page.rows]
    wanted = found.rows(about).order_by("-first_published_at", "-id")
    assert [item.pk for item in listed] == list(wanted.values_list("pk", flat=True))


def test_the_levels_add_up_to_the_whole_and_one_grouped_query_agrees_with_each_scope(everything):
    counts = measure.YearCounts(2018)
    for key in KEYS:
        for scope in SCOPES:
            assert counts.value(key, parse_scope("2018", scope)) == value(key, scope), (key, scope)
        if not key.startswith("catalogue."):
            *parts, whole = (counts.value(key, scope) for scope in levels(2018))
            assert sum(parts) == whole


@pytest.mark.parametrize(
    ("moment", "counts"),
    [
        (datetime(2017, 12, 31, 23, 59, 59), False),
        (datetime(2018, 1, 1, 0, 0), True),
        (datetime(2018, 12, 31, 23, 59, 59), True),
        (datetime(2019, 1, 1, 0, 0), False),
    ],
)
def test_a_year_begins_and_ends_at_midnight_in_the_city(catalogue, moment, counts):
    row = draft("city", "TZ01", "边界", moment.date())
    row.published_at = timezone.make_aware(moment)
    import_items(catalogue.people["office"], [row], source="边界")
    assert value("disclosure.items") == int(counts)


def test_the_parts_of_a_figure_add_up_to_it_and_open_in_their_turn(year):
    for scope in ("all", "city", "under-hexi"):
        lines = measure.breakdown("disclosure.items", parse_scope("2018", scope))
        assert sum(line.now.value for line in lines) == value("disclosure.items", scope)
        for line in lines:
            _, key, name, part = line.now.url.strip("/").split("/")[0:4]
            assert measure.figure(key, parse_scope(name, part)).value == line.now.value
    assert measure.breakdown("disclosure.items", parse_scope("2018", "unit-hexi")) == []


@pytest.mark.parametrize("key", MEASURED)
def test_a_measured_cell_stands_in_a_form_and_is_no_sum_of_others(key):
    cells = [ReportTables(year, {}).figures.get(key) for year in (2018, 2019, 2022)]
    assert any(cells)
    assert not any(cell.parts for cell in cells if cell)
    measure.measure_of(MEASURED[key])


def test_the_years_tables_hold_the_same_numbers_as_single_figures(year):
    tables = measure.year_figures(2018)
    assert [line.now.value for line in tables[0].lines] == [13, 9, 3, 25]
    assert [line.before.value for line in tables[0].lines] == [8, 6, 2, 16]
    for table in tables:
        for line in table.lines:
            assert line.now.value == measure.figure(line.now.key, line.now.scope).value
            assert line.before.value == measure.figure(line.before.key, line.before.scope).value


def test_a_unit_with_others_below_it_has_two_tables(year):
    assert len(measure.unit_figures(year.units["hexi"], 2018)) == 2
    assert len(measure.unit_figures(year.units["czj"], 2018)) == 1


def test_the_home_shows_the_newest_year(year):
    assert {figure.scope.year for figure in measure.home_figures()} == {2018}
    assert measure.years_with_items() == [2018, 2017]


def test_a_city_without_items_has_no_years_and_no_home_figures(catalogue):
    assert measure.years_with_items() == []
    assert measure.home_figures() == []


@pytest.mark.parametrize(
    ("now", "before", "wanted"),
    [(33240, 30062, "10.57"), (50649, 44530, "13.74"), (28415, 27191, "4.50"), (1, 3, "-66.67"), (5, 5, "0.00"), (2, 0, None), (201, 200, "0.50"), (8001, 8000, "0.01")],
)  # fmt: skip
def test_growth_is_rounded_half_up_to_two_places(now, before, wanted):
    assert measure.growth_of(now, before) == (None if wanted is None else Decimal(wanted))


@given(st.integers(0, 10**7), st.integers(1, 10**7))
def test_growth_is_never_off_by_more_than_half_a_hundredth(now, before):
    assert abs(measure.growth_of(now, before) * before - (now - before) * 100) <= Decimal("0.005") * before


@pytest.mark.parametrize(
    ("address", "named"),
    [
        (("no.such", "2018", "all"), "no.such"),
        (("disclosure.items", "2007", "all"), "2007"),
        (("disclosure.items", "9999", "all"), "9999"),
        (("disclosure.items", "20x8", "all"), "20x8"),
        (("disclosure.items", "2018", "moon"), "moon"),
        (("disclosure.items", "2018", "unit-moon"), "moon"),
        (("disclosure.items", "2018", "unit-"), "unit-"),
    ],
)
def test_an_unknown_address_is_refused_by_name(city, address, named):
    with pytest.raises(Refusal, match=named):
        measure.from_address(*address)


@pytest.mark.parametrize("year_asked", [0, 1, 2007, 2100, 99999])
def test_a_year_that_is_not_counted_is_refused_in_every_table(city, year_asked):
    for asked in (measure.year_figures, lambda each: measure.unit_figures(city.units["czj"], each)):
        with pytest.raises(Refusal, match=f"没有“{year_asked}”年的数据"):
            asked(year_asked)


def test_the_whole_branch_below_the_root_is_the_city(year):
    assert of_unit(2018, year.units["city"], below=True) == whole_city(2018)
    assert Item.objects.count() == value("disclosure.items") + value("disclosure.items", year="2017") + 2

"""The annual report's tables: which form a year has, what is printed, and how totals come about."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest

from mingzheng.law.errors import Refusal
from mingzheng.law.report_forms import generation_for_year
from mingzheng.law.report_tables import ReportTables


@pytest.mark.parametrize(
    ("year", "key", "source"),
    [
        (2008, "G1", "国办发〔2014〕32号"),
        (2018, "G1", "国办发〔2014〕32号"),
        (2019, "G2", "国办公开办函〔2019〕60号"),
        (2020, "G2", "国办公开办函〔2019〕60号"),
        (2021, "G3", "国办公开办函〔2021〕30号"),
        (2026, "G3", "国办公开办函〔2021〕30号"),
    ],
)
def test_a_year_has_the_form_of_its_time(year, key, source):
    generation = generation_for_year(year)
    assert (generation.key, generation.source) == (key, source)


def test_a_year_before_the_regulation_is_refused_by_name():
    with pytest.raises(Refusal, match="2007年没有年度报告的格式"):
        generation_for_year(2007)


def test_an_unknown_cell_is_refused_by_name():
    with pytest.raises(Refusal, match=r"“t3\.C9\.natural”"):
        ReportTables(2022, {"t3.C9.natural": 1})
    with pytest.raises(Refusal, match=r"“t2\.normdocs\.published”"):
        ReportTables(2022, {}).value("t2.normdocs.published")
    with pytest.raises(Refusal, match="没有编号为“g1”的表格"):
        ReportTables(2022, {}).layout("g1")


TABLES = [(2018, "g1"), (2020, "t2"), (2020, "t3"), (2020, "t4"), (2022, "t2"), (2022, "t3"), (2022, "t4")]


@pytest.mark.parametrize(("year", "form"), TABLES)
def test_a_printed_table_is_a_full_rectangle_with_every_figure_once(year, form):
    tables = ReportTables(year, {})
    grid: Counter[tuple[int, int]] = Counter()
    shown: Counter[str] = Counter()
    for y, row in enumerate(tables.layout(form)):
        x = 0
        for cell in row:
            while grid[y, x]:
                x += 1
            for down in range(cell.rowspan):
                for right in range(cell.colspan):
                    grid[y + down, x + right] += 1
            if cell.key:
                shown[cell.key] += 1
    width, height = max(x for _, x in grid) + 1, max(y for y, _ in grid) + 1
    assert height == len(tables.layout(form))
    assert all(grid[y, x] == 1 for y in range(height) for x in range(width))
    assert shown == Counter(key for key in tables.figures if key.startswith(f"{form}."))


@pytest.mark.parametrize(("year", "rows"), [(2020, 20), (2022, 22)])
def test_table_three_has_the_outcomes_of_its_generation(year, rows):
    printed = ReportTables(year, {}).layout("t3")
    [outcomes] = [cell for row in printed for cell in row if cell.text == "三、本年度办理结果"]
    assert outcomes.rowspan == rows


def test_totals_follow_from_their_parts_and_only_where_all_are_there():
    parts = {
        f"t4.review.{name}": number
        for number, name in enumerate(("upheld", "corrected", "other", "pending"), 1)
    }
    assert ReportTables(2022, parts).with_totals().value("t4.review.total") == 10
    assert ReportTables(2022, dict(list(parts.items())[:3])).with_totals().value("t4.review.total") is None
    assert ReportTables(2022, {**parts, "t4.review.total": 11}).with_totals().value("t4.review.total") == 11


def test_totals_of_totals_are_computed_in_any_order():
    figures = ReportTables(2022, {}).figures
    leaves = {key: 1 for key, figure in figures.items() if key.startswith("t3.") and not figure.parts}
    full = ReportTables(2022, leaves).with_totals()
    assert full.value("t3.C7.natural") == 21
    assert full.value("t3.C7.total") == 126


def test_amounts_are_printed_as_they_are():
    tables = ReportTables(2022, {"t2.fees.amount": Decimal("12.50"), "t2.permit.decisions": 0})
    assert (
        tables.text("t2.fees.amount"),
        tables.text("t2.permit.decisions"),
        tables.text("t2.rules.made"),
    ) == ("12.50", "0", "")

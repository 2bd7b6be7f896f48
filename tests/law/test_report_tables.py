"""The annual report's tables: which form a year has, what is printed, and how totals come about."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from mingzheng.law.errors import Refusal
from mingzheng.law.report_forms import generation_for_year
from mingzheng.law.report_tables import ReportTables, figures_of_year


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
def test_a_year_has_the_form_of_its_time(year: int, key: str, source: str) -> None:
    generation = generation_for_year(year)
    assert (generation.key, generation.source) == (key, source)


def test_a_year_before_the_regulation_is_refused_by_name() -> None:
    with pytest.raises(Refusal, match="2007年没有年度报告的格式"):
        generation_for_year(2007)


def test_an_unknown_cell_is_refused_by_name() -> None:
    with pytest.raises(Refusal, match=r"“t3\.C9\.natural”"):
        ReportTables(2022, {"t3.C9.natural": 1})
    with pytest.raises(Refusal, match=r"“t2\.normdocs\.published”"):
        ReportTables(2022, {}).value("t2.normdocs.published")
    with pytest.raises(Refusal, match="没有编号为“g1”的表格"):
        ReportTables(2022, {}).layout("g1")


TABLES = [(2018, "g1"), (2020, "t2"), (2020, "t3"), (2020, "t4"), (2022, "t2"), (2022, "t3"), (2022, "t4")]


@pytest.mark.parametrize(("year", "form"), TABLES)
def test_a_printed_table_is_a_full_rectangle_with_every_figure_once(year: int, form: str) -> None:
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
def test_table_three_has_the_outcomes_of_its_generation(year: int, rows: int) -> None:
    printed = ReportTables(year, {}).layout("t3")
    [outcomes] = [cell for row in printed for cell in row if cell.text == "三、本年度办理结果"]
    assert outcomes.rowspan == rows


def test_totals_follow_from_their_parts_and_only_where_all_are_there() -> None:
    parts = {
        f"t4.review.{name}": number
        for number, name in enumerate(("upheld", "corrected", "other", "pending"), 1)
    }
    assert ReportTables(2022, parts).with_totals().value("t4.review.total") == 10
    assert ReportTables(2022, dict(list(parts.items())[:3])).with_totals().value("t4.review.total") is None
    assert ReportTables(2022, {**parts, "t4.review.total": 11}).with_totals().value("t4.review.total") == 11


def test_totals_of_totals_are_computed_in_any_order() -> None:
    figures = ReportTables(2022, {}).figures
    leaves = {key: 1 for key, figure in figures.items() if key.startswith("t3.") and not figure.parts}
    full = ReportTables(2022, leaves).with_totals()
    assert full.value("t3.C7.natural") == 21
    assert full.value("t3.C7.total") == 126


def test_amounts_are_printed_as_they_are() -> None:
    tables = ReportTables(2022, {"t2.fees.amount": Decimal("12.50"), "t2.permit.decisions": 0})
    assert (
        tables.text("t2.fees.amount"),
        tables.text("t2.permit.decisions"),
        tables.text("t2.rules.made"),
    ) == ("12.50", "0", "")


def test_a_blank_is_filled_by_its_total_as_an_absent_cell_is() -> None:
    parts = dict.fromkeys(("upheld", "corrected", "other", "pending"), 2)
    cells = {f"t4.review.{name}": number for name, number in parts.items()} | {"t4.review.total": None}
    assert ReportTables(2022, cells).value("t4.review.total") is None
    assert ReportTables(2022, cells).with_totals().value("t4.review.total") == 8


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("Infinity"), 1.5, "12", True])
def test_what_is_no_number_is_refused_by_the_name_of_its_cell(value: Any) -> None:
    with pytest.raises(Refusal, match=r"^行政许可本年处理决定数量应填数字，不能是“.+”。$"):
        ReportTables(2022, {"t2.permit.decisions": value})


def test_figures_cannot_be_changed_behind_the_tables() -> None:
    given = {"t2.permit.decisions": 1}
    tables = ReportTables(2022, given)
    given["t2.permit.decisions"] = 2
    assert tables.value("t2.permit.decisions") == 1
    assert not isinstance(tables.cells, dict)


@pytest.mark.parametrize(
    ("year", "key", "unit", "parts"),
    [
        (2022, "t2.fees.amount", "万元", 0),
        (2022, "t2.permit.decisions", "件", 0),
        (2022, "t3.C2.natural", "件", 0),
        # the outcomes of an applicant: 21 rows since 2021, 19 while other handling was one row
        (2022, "t3.C7.natural", "件", 21),
        (2020, "t3.C7.natural", "件", 19),
        (2020, "t3.C6.total", "件", 6),
        (2022, "t4.suit_direct.total", "件", 4),
        (2020, "t2.procurement.amount", "万元", 0),
        (2018, "g1.budget", "万元", 0),
        (2018, "g1.trainees", "人次", 0),
        (2018, "g1.received", "件", 4),
        (2018, "g1.replied", "件", 8),
        (2018, "g1.refused", "件", 6),
        # a part that is not the whole makes no sum
        (2018, "g1.disclosed", "条", 0),
    ],
)
def test_a_figure_has_a_unit_and_the_parts_that_add_up_to_it(
    year: int, key: str, unit: str, parts: int
) -> None:
    figure = figures_of_year(year)[key]
    assert (figure.unit, len(figure.parts)) == (unit, parts)
    assert set(figure.parts) <= set(figures_of_year(year))


def heads(year: int, form: str) -> list[list[str]]:
    return [[cell.text for cell in row if cell.header] for row in ReportTables(year, {}).layout(form)]


def test_table_three_prints_the_applicants_in_groups_beside_its_balance() -> None:
    first, second, third, new, *_ = ReportTables(2022, {"t3.A.ngo": 45}).layout("t3")
    assert [(cell.text, cell.colspan, cell.rowspan) for cell in first] == [
        ("（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", 3, 3),
        ("申请人情况", 7, 1),
    ]
    assert [(cell.text, cell.colspan, cell.rowspan) for cell in second] == [
        ("自然人", 1, 2), ("法人或其他组织", 5, 1), ("总计", 1, 2),
    ]  # fmt: skip
    assert [cell.text for cell in third] == ["商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"]
    assert [(cell.text, cell.header, cell.align) for cell in new[:2]] == [
        ("一、本年新收政府信息公开申请数量", True, "left"), ("", False, "center"),
    ]  # fmt: skip
    assert [cell.key for cell in new if cell.text == "45"] == ["t3.A.ngo"]


def test_table_four_prints_three_groups_of_five_in_one_row() -> None:
    first, second, third, figures = ReportTables(2022, {}).layout("t4")
    assert [(cell.text, cell.colspan) for cell in first] == [("行政复议", 5), ("行政诉讼", 10)]
    assert [(cell.text, cell.colspan) for cell in second if cell.colspan > 1] == [
        ("未经复议直接起诉", 5), ("复议后起诉", 5),
    ]  # fmt: skip
    assert [cell.text for cell in third] == ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"] * 2
    assert [cell.key for cell in figures][4::5] == [
        "t4.review.total", "t4.suit_direct.total", "t4.suit_after_review.total",
    ]  # fmt: skip


def test_table_two_prints_each_item_of_article_20_with_columns_of_its_own() -> None:
    assert heads(2022, "t2")[:6] == [
        ["第二十条第（一）项"],
        ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
        ["规章"],
        ["行政规范性文件"],
        ["第二十条第（五）项"],
        ["信息内容", "本年处理决定数量"],
    ]
    assert ["第二十条第（九）项"] in heads(2020, "t2")


def test_the_old_sheet_prints_its_numbers_and_units() -> None:
    rows = ReportTables(2018, {"g1.normative": 3}).layout("g1")
    printed = [[cell.text for cell in row] for row in rows]
    assert printed[1] == ["一、主动公开情况", "——", "——"]
    assert printed[3] == ["　　其中：主动公开规范性文件数", "条", "3"]
    assert ["四、行政复议数量", "件", ""] in printed

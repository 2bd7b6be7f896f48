"""The cross checks: what is consistent holds, and each rule finds what breaks it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingzheng.law.cross_checks import RULES, Context, Statement, broken, check
from mingzheng.law.errors import Refusal
from mingzheng.law.report_tables import Number, ReportTables, figures_of_year

COLUMNS = ("natural", "company", "research", "ngo", "legal_service", "other")
RESULTS = ("upheld", "corrected", "other", "pending", "total")
PROBLEMS = "一是公开不够及时，部分栏目更新慢；二是解读形式单一，群众看不懂的情况仍然存在。"
PROBLEMS_BEFORE = "上年的问题是人手不足、经费不够，培训也没有跟上。"


def leaves(year: int) -> list[str]:
    return [key for key, figure in figures_of_year(year).items() if not figure.parts]


def consistent(year: int, counts: Sequence[int]) -> ReportTables:
    """A sound report: any counts, and what comes in set so that it equals what goes out."""
    cells: dict[str, Number] = dict(zip(leaves(year), counts, strict=True))
    tables = ReportTables(year, cells).with_totals()
    if tables.generation.key != "G1":
        for column in COLUMNS:
            out = tables.cells[f"t3.C7.{column}"] + tables.cells[f"t3.D.{column}"]
            cells[f"t3.B.{column}"] = min(cells[f"t3.B.{column}"], out)
            cells[f"t3.A.{column}"] = out - cells[f"t3.B.{column}"]
        tables = ReportTables(year, cells).with_totals()
    return tables


def counts_for(year: int) -> st.SearchStrategy[list[int]]:
    size = len(leaves(year))
    return st.lists(st.integers(0, 9999), min_size=size, max_size=size)


def reports(*years: int) -> st.SearchStrategy[ReportTables]:
    return st.sampled_from(years).flatmap(lambda year: st.builds(consistent, st.just(year), counts_for(year)))


def added(*parts: ReportTables) -> ReportTables:
    return ReportTables(
        parts[0].year, {key: sum(part.cells[key] for part in parts) for key in parts[0].cells}
    )


def with_cells(tables: ReportTables, cells: Mapping[str, Number]) -> ReportTables:
    return ReportTables(tables.year, {**tables.cells, **cells})


def year_before(tables: ReportTables) -> ReportTables:
    """A sound report of the year before, from which this one's carried-over figures follow."""
    cells: dict[str, Number] = dict.fromkeys(figures_of_year(tables.year - 1), 0)
    cells |= {f"t3.D.{column}": tables.cells[f"t3.B.{column}"] for column in (*COLUMNS, "total")}
    for row in ("rules", "normdocs"):
        valid, made, repealed = (tables.cells[f"t2.{row}.{name}"] for name in ("valid", "made", "repealed"))
        cells[f"t2.{row}.valid"] = valid - made + repealed
    return ReportTables(tables.year - 1, cells)


def cases_of(tables: ReportTables) -> dict[str, int]:
    return {key: int(tables.cells[key]) for key in leaves(tables.year) if key.startswith("t3.")}


def full_context(tables: ReportTables, *parts: ReportTables) -> Context:
    """Everything that lies beside a sound report, so that every rule applies."""
    own, *children = parts
    return Context(
        previous=year_before(tables),
        statements=[Statement(key, tables.cells[key], "正文") for key in ("t3.A.total", "t4.review.total")],
        fee_income=Decimal("120.50"),
        fee_reported=True,
        children=children,
        own=own,
        published_on=date(tables.year + 1, 1, 31),
        is_government=False,
        problems=PROBLEMS,
        problems_before=PROBLEMS_BEFORE,
        cases=cases_of(tables),
    )


@given(reports(2018, 2020, 2022))
def test_a_consistent_report_breaks_no_rule(tables: ReportTables) -> None:
    assert broken(check(tables)) == []


@given(st.lists(st.builds(consistent, st.just(2022), counts_for(2022)), min_size=2, max_size=3))
def test_with_everything_beside_it_every_rule_of_the_form_holds(parts: list[ReportTables]) -> None:
    tables = added(*parts)
    findings = check(tables, full_context(tables, *parts))
    assert {each.rule: each.status for each in findings} == {
        rule.id: "not_applicable" if rule.id == "R14" else "holds" for rule in RULES
    }
    assert broken(findings) == []


@given(reports(2020, 2022), st.data())
def test_one_changed_figure_of_table_three_or_four_is_found_without_anything_beside_it(
    tables: ReportTables, data: st.DataObject
) -> None:
    key = data.draw(st.sampled_from([key for key in tables.figures if key.startswith(("t3", "t4"))]))
    changed = with_cells(tables, {key: tables.cells[key] + data.draw(st.integers(1, 50))})
    assert any(key in each.places for each in broken(check(changed), "error"))


@given(st.lists(st.builds(consistent, st.just(2022), counts_for(2022)), min_size=2, max_size=2), st.data())
def test_any_changed_figure_of_a_government_is_found_beside_its_units(
    parts: list[ReportTables], data: st.DataObject
) -> None:
    tables = added(*parts)
    key = data.draw(st.sampled_from(sorted(tables.figures)))
    changed = with_cells(tables, {key: tables.cells[key] + data.draw(st.integers(1, 50))})
    assert any(key in each.places for each in broken(check(changed, full_context(tables, *parts)), "error"))


@given(reports(2018), st.data())
def test_one_changed_total_or_part_of_the_old_sheet_is_found(
    tables: ReportTables, data: st.DataObject
) -> None:
    totals = [figure for figure in tables.figures.values() if figure.parts]
    key = data.draw(
        st.sampled_from(sorted({key for figure in totals for key in (figure.key, *figure.parts)}))
    )
    findings = broken(check(with_cells(tables, {key: tables.cells[key] + 1})))
    assert {each.rule for each in findings} == {"R14"}
    assert any(key in each.places for each in findings)


@given(reports(2018, 2020, 2022), st.data())
def test_each_rule_judges_a_place_once(tables: ReportTables, data: st.DataObject) -> None:
    blank = data.draw(st.sets(st.sampled_from(sorted(tables.figures)), max_size=5))
    left = ReportTables(tables.year, {key: value for key, value in tables.cells.items() if key not in blank})
    judged = Counter((each.rule, each.places) for each in check(left))
    assert judged.most_common(1)[0][1] == 1


def test_the_totals_of_a_national_specimen_hold() -> None:
    numbers = {
        "A": (13612, 252, 0, 45, 128, 32, 14069),
        "B": (535, 6, 0, 1, 18, 0, 560),
    }
    specimen = {"t3.C7.total": 13810, "t3.D.total": 819}
    for row, values in numbers.items():
        specimen |= {f"t3.{row}.{c}": n for c, n in zip((*COLUMNS, "total"), values, strict=True)}
    for group, results in {
        "review": (376, 97, 196, 121, 790),
        "suit_direct": (16, 1, 12, 27, 56),
        "suit_after_review": (74, 1, 30, 51, 156),
    }.items():
        specimen |= {f"t4.{group}.{c}": n for c, n in zip(RESULTS, results, strict=True)}
    held = [each for each in check(ReportTables(2022, specimen)) if each.status != "not_applicable"]
    judged = {each.places[0]: each for each in held if each.rule in ("R01", "R03", "R05")}
    assert set(judged) == {
        "t3.A.total", "t3.B.total", "t4.review.total", "t4.suit_direct.total", "t4.suit_after_review.total",
    }  # fmt: skip
    assert {each.status for each in judged.values()} == {"holds"}
    [flow] = [each for each in held if each.rule == "R01"]
    assert flow.computed == "14069+560=14629，13810+819=14629"


SOUND = consistent(2022, [7] * len(leaves(2022)))
TWICE = added(SOUND, SOUND)
BEFORE = year_before(TWICE)
WHOLE = full_context(TWICE, SOUND, SOUND)
BLANK_PERMITS = {key: value for key, value in TWICE.cells.items() if key != "t2.permit.decisions"}
OLD = consistent(2018, [3] * len(leaves(2018)))

# One fact is wrong in each row; the rules named are those that find it, and no other does.
PERTURBATIONS = [
    # what was done in a column no longer equals what came in; the units below and the cases differ too
    ("R01 R03 R10 R13", with_cells(TWICE, {"t3.D.natural": 15}), WHOLE),
    # an outcome that the total of outcomes does not contain
    ("R02 R03 R10 R13", with_cells(TWICE, {"t3.C3.5.company": 15}), WHOLE),
    # a total column: the flow of the column of totals does not contain outcomes
    ("R02 R03 R10 R13", with_cells(TWICE, {"t3.C1.total": 1}), WHOLE),
    # last year left other numbers open
    ("R04", TWICE, replace(WHOLE, previous=with_cells(BEFORE, {"t3.D.natural": 1}))),
    # table four
    ("R05 R09 R10", with_cells(TWICE, {"t4.review.total": 1}), WHOLE),
    ("R05 R10", with_cells(TWICE, {"t4.suit_after_review.pending": 0}), WHOLE),
    # a negative count, a count that is not whole, a blank
    ("R06 R10", with_cells(TWICE, {"t2.permit.decisions": -1}), WHOLE),
    ("R06 R10", with_cells(TWICE, {"t2.permit.decisions": Decimal("14.5")}), WHOLE),
    ("R06", ReportTables(2022, BLANK_PERMITS), WHOLE),
    # documents in force that nothing explains
    ("R07", TWICE, replace(WHOLE, previous=with_cells(BEFORE, {"t2.normdocs.valid": 99}))),
    # fees taken, or unpaid, without a word in chapter six
    ("R08", TWICE, replace(WHOLE, fee_reported=False)),
    ("R08", TWICE, replace(WHOLE, fee_reported=False, fee_income=0)),
    # the text says another number
    ("R09", TWICE, replace(WHOLE, statements=[Statement("t2.permit.decisions", 8, "办理行政许可8件")])),
    # one unit more than the sum contains
    ("R10", TWICE, replace(WHOLE, children=[SOUND, SOUND])),
    # a department by 31 January, a government by 31 March
    ("R11", TWICE, replace(WHOLE, published_on=date(2023, 2, 1))),
    ("R11", TWICE, replace(WHOLE, published_on=date(2023, 4, 1), is_government=True)),
    # chapter five empty, or last year's with a word changed
    ("R12", TWICE, replace(WHOLE, problems=" ")),
    ("R12", TWICE, replace(WHOLE, problems_before=PROBLEMS.replace("慢", "迟"))),
    # a case too many in the system, and a table with figures that no case stands behind
    ("R13", TWICE, replace(WHOLE, cases={**cases_of(TWICE), "t3.C1.natural": 15})),
    ("R13", TWICE, replace(WHOLE, cases={})),
    # the old sheet: received by channel, closed in time, refused by reason
    ("R14", with_cells(OLD, {"g1.received": 1}), Context()),
    ("R14", with_cells(OLD, {"g1.closed_extended": 1}), Context()),
    ("R14", with_cells(OLD, {"g1.refused_secret": 1}), Context()),
]


@pytest.mark.parametrize(("rules", "tables", "context"), PERTURBATIONS)
def test_each_rule_finds_what_breaks_it_and_says_so_in_a_sentence(
    rules: str, tables: ReportTables, context: Context
) -> None:
    found = broken(check(tables, context))
    assert " ".join(sorted({each.rule for each in found})) == rules
    assert all(each.message.endswith("。") and each.message.count("。") == 1 for each in found)


def test_every_rule_is_broken_by_some_perturbation() -> None:
    assert {rule for rules, _, _ in PERTURBATIONS for rule in rules.split()} == {rule.id for rule in RULES}


def test_a_finding_names_its_cells_its_claim_and_its_working() -> None:
    [outcome] = [each for each in broken(check(with_cells(SOUND, {"t3.C7.ngo": 140}))) if each.rule == "R02"]
    assert outcome.places[:2] == ("t3.C7.ngo", "t3.C1.ngo")
    assert outcome.claim == "140"
    assert outcome.computed == "+".join(["7"] * 21) + "=147"
    assert outcome.message == "“（七）总计”社会公益组织为140，按“办理结果总计等于各项结果之和”应为147。"
    [flow] = [each for each in broken(check(with_cells(SOUND, {"t3.A.ngo": 140}))) if each.rule == "R01"]
    assert flow.places == ("t3.A.ngo", "t3.B.ngo", "t3.C7.ngo", "t3.D.ngo")
    assert "表三“社会公益组织”列新收140与上年结转7之和为147" in flow.message


@pytest.mark.parametrize(
    ("rule", "tables", "context"),
    [
        # the Regulation of 2007 gave every organ until 31 March
        ("R11", ReportTables(2018, {}), Context(published_on=date(2019, 3, 31), is_government=False)),
        ("R11", SOUND, Context(published_on=date(2023, 3, 31), is_government=True)),
        # no text of the year before: what is written is new
        ("R12", SOUND, Context(problems=PROBLEMS)),
    ],
)
def test_each_rule_holds_where_it_is_kept(rule: str, tables: ReportTables, context: Context) -> None:
    assert {each.status for each in check(tables, context) if each.rule == rule} == {"holds"}


def test_a_reorganised_organ_is_only_warned_of_what_was_carried_over() -> None:
    context = Context(previous=with_cells(year_before(SOUND), {"t3.D.ngo": 1}))
    [strict] = broken(check(SOUND, context))
    [lenient] = broken(check(SOUND, replace(context, reorganised=True)))
    assert (strict.rule, strict.level, lenient.rule, lenient.level) == ("R04", "error", "R04", "warning")


def test_rules_say_which_level_they_have() -> None:
    assert {rule.id for rule in RULES if rule.level == "warning"} == {"R07", "R08", "R09", "R12"}


def test_a_rule_whose_facts_are_absent_says_why() -> None:
    silent = [each for each in check(SOUND) if each.status == "not_applicable"]
    assert {each.rule for each in silent} == {
        "R04", "R07", "R08", "R09", "R10", "R11", "R12", "R13", "R14",
    }  # fmt: skip
    assert all("未核对：" in each.message and each.message.endswith("。") for each in silent)


def test_fees_are_asked_for_only_where_there_are_any_and_only_since_2021() -> None:
    none = with_cells(SOUND, {f"t3.C6.2.{column}": 0 for column in (*COLUMNS, "total")})
    early = consistent(2020, [7] * len(leaves(2020)))
    for tables in (none, early):
        [fee] = [each for each in check(tables, Context(fee_reported=False)) if each.rule == "R08"]
        assert fee.status == "not_applicable"


def test_the_first_report_of_a_form_is_not_compared_with_what_the_older_form_did_not_ask() -> None:
    first = consistent(2021, [7] * len(leaves(2021)))
    before = consistent(2020, [7] * len(leaves(2020)))
    findings = check(first, Context(previous=before))
    assert {each.status for each in findings if each.rule == "R07"} == {"not_applicable"}
    assert {each.status for each in findings if each.rule == "R04"} == {"holds"}


def test_tables_of_a_wrong_year_are_refused() -> None:
    with pytest.raises(Refusal, match="应与2021年度的表格核对，不能用2022年度的"):
        check(SOUND, Context(previous=SOUND))
    with pytest.raises(Refusal, match="2022年度的汇总不能用2021年度的表格核对"):
        check(SOUND, Context(children=[year_before(SOUND)], own=SOUND))


def test_cases_of_a_row_that_the_form_has_not_are_refused() -> None:
    with pytest.raises(Refusal, match=r"“t3\.C6\.1\.natural”"):
        check(consistent(2020, [0] * len(leaves(2020))), Context(cases={"t3.C6.1.natural": 1}))


def test_there_are_fourteen_rules() -> None:
    assert [rule.id for rule in RULES] == [f"R{number:02}" for number in range(1, 15)]

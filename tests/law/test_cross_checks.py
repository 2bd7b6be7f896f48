"""The cross checks: what is consistent holds, and each rule finds what breaks it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingzheng.law.cross_checks import RULES, Context, Statement, broken, check
from mingzheng.law.report_tables import ReportTables

COLUMNS = ("natural", "company", "research", "ngo", "legal_service", "other")
SPECIMEN = {
    "A": (13612, 252, 0, 45, 128, 32), "B": (535, 6, 0, 1, 18, 0), "C7": (13810,), "D": (819,),
}  # fmt: skip


def leaves(year):
    return [key for key, figure in ReportTables(year, {}).figures.items() if not figure.parts]


def consistent(year, counts):
    """A sound report: any counts, and what comes in set so that it equals what goes out."""
    cells = dict(zip(leaves(year), counts, strict=False))
    tables = ReportTables(year, cells).with_totals()
    if tables.generation.key != "G1":
        for column in COLUMNS:
            out = tables.cells[f"t3.C7.{column}"] + tables.cells[f"t3.D.{column}"]
            cells[f"t3.B.{column}"] = min(cells[f"t3.B.{column}"], out)
            cells[f"t3.A.{column}"] = out - cells[f"t3.B.{column}"]
        tables = ReportTables(year, cells).with_totals()
    return tables


def counts_for(year):
    size = len(leaves(year))
    return st.lists(st.integers(0, 9999), min_size=size, max_size=size)


def ids(findings):
    return {each.rule for each in findings}


@given(st.sampled_from([2018, 2020, 2022]).flatmap(lambda year: st.tuples(st.just(year), counts_for(year))))
def test_a_consistent_report_breaks_no_rule(given_report):
    year, counts = given_report
    assert broken(check(consistent(year, counts))) == []


@given(st.data())
def test_one_changed_figure_of_table_three_or_four_is_always_found(data):
    tables = consistent(2022, data.draw(counts_for(2022)))
    key = data.draw(st.sampled_from([key for key in tables.figures if key[:2] in ("t3", "t4")]))
    changed = ReportTables(2022, {**tables.cells, key: tables.cells[key] + data.draw(st.integers(1, 50))})
    findings = broken(check(changed), "error")
    assert findings
    assert any(key in each.places for each in findings)


def test_the_totals_of_a_national_specimen_hold():
    specimen = {"t3.A.total": 14069, "t3.B.total": 560, "t3.C7.total": 13810, "t3.D.total": 819}
    specimen |= {f"t3.A.{c}": n for c, n in zip(COLUMNS, SPECIMEN["A"], strict=True)}
    specimen |= {f"t3.B.{c}": n for c, n in zip(COLUMNS, SPECIMEN["B"], strict=True)}
    for group, numbers in {
        "review": (376, 97, 196, 121, 790),
        "suit_direct": (16, 1, 12, 27, 56),
        "suit_after_review": (74, 1, 30, 51, 156),
    }.items():
        specimen |= {
            f"t4.{group}.{c}": n
            for c, n in zip(("upheld", "corrected", "other", "pending", "total"), numbers, strict=True)
        }
    findings = [each for each in check(ReportTables(2022, specimen)) if each.rule in ("R01", "R03", "R05")]
    assert {each.rule for each in findings if each.status == "holds"} == {"R01", "R03", "R05"}
    assert broken(findings) == []


SOUND = consistent(2022, [7] * len(leaves(2022)))
BEFORE = ReportTables(2021, {**consistent(2021, [7] * len(leaves(2021))).cells, "t2.normdocs.valid": 7, "t2.rules.valid": 7} | {f"t3.D.{c}": SOUND.cells[f"t3.B.{c}"] for c in (*COLUMNS, "total")})  # fmt: skip
PROBLEMS = "一是公开不够及时，部分栏目更新慢；二是解读形式单一，群众看不懂的情况仍然存在。"


def changed(**cells):
    return ReportTables(
        2022, {**SOUND.cells, **{key.replace("__", "."): value for key, value in cells.items()}}
    )


@pytest.mark.parametrize(
    ("rule", "tables", "context"),
    [
        ("R01", changed(t3__D__natural=8), Context()),
        ("R02", changed(t3__C7__natural=1), Context()),
        ("R03", changed(t3__C1__total=1), Context()),
        ("R04", SOUND, Context(previous=ReportTables(2021, {f"t3.D.{c}": 1 for c in (*COLUMNS, "total")}))),
        ("R05", changed(t4__review__total=1), Context()),
        ("R06", changed(t2__permit__decisions=-1), Context()),
        ("R06", ReportTables(2022, {k: v for k, v in SOUND.cells.items() if k != "t2.permit.decisions"}), Context()),
        ("R07", changed(t2__normdocs__valid=99), Context(previous=BEFORE)),
        ("R08", SOUND, Context(fee_reported=False)),
        ("R09", SOUND, Context(statements=[Statement("t2.permit.decisions", 8, "办理行政许可8件")])),
        ("R10", SOUND, Context(children=[SOUND], own=SOUND)),
        ("R11", SOUND, Context(published_on=date(2023, 2, 1), is_government=False)),
        ("R11", SOUND, Context(published_on=date(2023, 4, 1), is_government=True)),
        ("R12", SOUND, Context(problems=" ")),
        ("R12", SOUND, Context(problems=PROBLEMS, problems_before=PROBLEMS.replace("慢", "迟"))),
        ("R13", SOUND, Context(cases={"t3.A.natural": 1})),
        ("R14", ReportTables(2018, {"g1.reviews": 3, "g1.reviews_upheld": 1, "g1.reviews_corrected": 1, "g1.reviews_other": 0}), Context()),
    ],
)  # fmt: skip
def test_each_rule_finds_what_breaks_it_and_says_so_in_a_sentence(rule, tables, context):
    found = [each for each in broken(check(tables, context)) if each.rule == rule]
    assert found
    assert all(each.message.endswith("。") and each.message.count("。") == 1 for each in found)


@pytest.mark.parametrize(
    ("rule", "tables", "context"),
    [
        ("R04", SOUND, Context(previous=BEFORE)),
        ("R07", SOUND, Context(previous=BEFORE)),
        ("R08", SOUND, Context(fee_reported=True)),
        ("R09", SOUND, Context(statements=[Statement("t2.permit.decisions", 7, "办理行政许可7件")])),
        (
            "R10",
            ReportTables(2022, {k: v * 2 for k, v in SOUND.cells.items()}),
            Context(children=[SOUND], own=SOUND),
        ),
        ("R11", SOUND, Context(published_on=date(2023, 1, 31), is_government=False)),
        ("R11", ReportTables(2018, {}), Context(published_on=date(2019, 3, 31), is_government=False)),
        (
            "R12",
            SOUND,
            Context(problems=PROBLEMS, problems_before="上年的问题是人手不足、经费不够，培训也没有跟上。"),
        ),
        ("R13", SOUND, Context(cases={"t3.D.natural": 7})),
    ],
)
def test_each_rule_holds_where_it_is_kept(rule, tables, context):
    findings = [each for each in check(tables, context) if each.rule == rule]
    assert {each.status for each in findings} == {"holds"}


def test_a_rule_whose_facts_are_absent_says_why():
    silent = [each for each in check(SOUND) if each.status == "not_applicable"]
    assert ids(silent) == {"R04", "R07", "R08", "R09", "R10", "R11", "R12", "R13", "R14"}
    assert all("未核对：" in each.message for each in silent)


def test_there_are_fourteen_rules():
    assert [rule.id for rule in RULES] == [f"R{number:02}" for number in range(1, 15)]

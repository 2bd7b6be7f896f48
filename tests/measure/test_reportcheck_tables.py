"""Tables of the three generations of forms: identities, run-together columns, text against table."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.measure import reportcheck_form as form

from mingzheng.measure.reportcheck import Result, check_lines
from mingzheng.measure.reportcheck.lines import Line

NEW, CARRIED_IN, CLOSED, CARRIED_OUT = (
    "一、本年新收政府信息公开申请数量", "二、上年结转政府信息公开申请数量", "(七)总计", "四、结转下年度继续办理",
)  # fmt: skip


def check(text: str) -> Result:
    numbered = enumerate(text.split("\n"), start=1)
    return check_lines([Line(line, f"第{number}行", is_row="|" in line) for number, line in numbered])


def errors(result: Result) -> list[tuple[str, str]]:
    return [(finding.kind, finding.place) for finding in result.findings if finding.level == "error"]


@pytest.mark.parametrize("cell", [" ", " | ", "", "\n|\n"])
def test_a_sound_table_is_confirmed_however_its_cells_are_parted(cell: str) -> None:
    result = check(form.as_lines(form.table_three(), cell=cell))
    assert [finding for finding in result.findings if finding.level != "note"] == []
    claims = {claim.claim for claim in result.confirmed}
    assert "新收40+上年结转3=办结41+结转下年2" in claims
    assert "办理结果总计41" in claims
    assert "行政复议总计5" in claims


def wrong(name: str, column: int, value: int) -> form.Rows:
    rows = form.table_three()
    rows[name][column] = value
    return rows


# Row, column and value that are changed; the rule that breaks.
BROKEN = [
    (NEW, 6, 41, "R03"),  # the total column no longer adds up
    (CARRIED_IN, 0, 4, "R01"),  # natural persons: 36+4 against 37+2
    (CARRIED_OUT, 0, 5, "R01"),
    (CLOSED, 0, 36, "R02"),
    (form.OUTCOMES[form.GRANTED], 1, 2, "R02"),  # companies: 2+1 against 4
]


@pytest.mark.parametrize(("name", "column", "value", "rule"), BROKEN)
@pytest.mark.parametrize("cell", [" ", " | "])
def test_a_broken_identity_is_an_error(name: str, column: int, value: int, rule: str, cell: str) -> None:
    result = check(form.as_lines(wrong(name, column, value), cell=cell))
    assert any(rule in finding.message for finding in result.findings if finding.level == "error")


def test_the_place_names_table_row_and_column() -> None:
    result = check(form.as_lines(wrong(CARRIED_IN, 0, 4)))
    assert any("表三" in place and "“自然人”列" in place for _, place in errors(result))


def test_a_run_together_row_that_cannot_add_up_is_a_warning() -> None:
    rows = form.table_three()
    rows[NEW] = [36, 4, 0, 0, 0, 0, 99]
    assert ("warning", "表内勾稽") in [
        (f.level, f.kind) for f in check(form.as_lines(rows, cell="")).findings
    ]


def test_blank_cells_are_noted_and_not_taken_for_figures() -> None:
    text = form.as_lines(form.table_three(), cell=" | ").replace(" | 0", " | ")
    result = check(text)
    assert errors(result) == []
    assert any("空格" in finding.message for finding in result.findings if finding.level == "note")


def test_a_missing_row_gives_no_verdict_on_the_sum() -> None:
    rows = form.table_three()
    del rows[form.OUTCOMES[form.NOT_HELD]]
    assert not any("R02" in finding.message for finding in check(form.as_lines(rows)).findings)


def test_reviews_and_suits_must_add_up() -> None:
    result = check(form.as_lines(form.table_three(), four=[3, 1, 0, 1, 6, *form.TABLE_FOUR[5:]]))
    assert any("R05" in finding.message for finding in result.findings)


# What the text says and whether the table contradicts it.
TEXTS: list[tuple[Callable[[str], str], int]] = [
    (lambda text: text, 0),
    (lambda text: text.replace("申请40件", "申请43件"), 0),  # with those carried in
    (lambda text: text.replace("申请40件", "申请50件"), 1),
    (lambda text: text.replace("予以公开15件", "予以公开16件"), 1),
    (lambda text: text.replace("办理2件", "办理1件"), 1),
    (lambda text: text.replace("复议5件", "复议6件"), 1),
    (lambda text: text.replace("诉讼4件", "诉讼2件"), 1),
    (lambda text: text.replace("收到政府信息公开申请40件", "未收到政府信息公开申请"), 1),
    (
        lambda text: text.replace("本局全年收到政府信息公开申请40件", "局办公室收到政府信息公开申请12件"),
        0,
    ),  # a part
    (lambda text: text.replace("收到政府信息公开申请40件", "收到信访投诉举报700件"), 0),  # something else
]


@pytest.mark.parametrize(("change", "expected"), TEXTS)
def test_text_is_held_against_the_table(change: Callable[[str], str], expected: int) -> None:
    result = check(form.as_lines(form.table_three(), text=change(form.TEXT)))
    assert len([finding for finding in result.findings if finding.level == "error"]) == expected


def test_the_head_of_the_old_form_after_2021_is_a_warning() -> None:
    text = "某局2023年政府信息公开工作年度报告\n信息内容|\n本年新 制作数量|\n本年新 公开数量|\n规章|\n0|"
    assert [(f.level, f.kind) for f in check(text).findings] == [("warning", "表头版本")]
    assert check(text.replace("2023", "2020")).findings == []


SHEET = (
    "某县2014年政府信息公开工作年度报告\n全县主动公开政府信息2026条。收到政府信息公开申请21条,其中当面申请数18条,电子邮件申请数3条。"
    "未收到有关政府信息公开行政复议申请。\n附件:统计表 指标名称计量单位2014年度历年累计主动公开信息数条20263542其中:1.网站公开条179533042."
    "政府公报公开条231238受理依申请公开信息总数条2139其中:1.当面申请数条18202.传真申请数条003.电子邮件申请数条3194.网上申请数条005."
    "信函申请数条00对申请的答复数条2139其中:1.同意公开答复数条17302.同意部分公开答复数条253.否决公开答复数条24行政复议数条01行政诉讼数条00"
)


def test_a_sheet_that_ran_together_is_read_by_its_sums() -> None:
    result = check(SHEET)
    assert [finding for finding in result.findings if finding.level == "error"] == []
    assert {"收到申请数21", "答复数21"} <= {claim.claim for claim in result.confirmed}


@pytest.mark.parametrize(
    ("said", "instead"),
    [
        ("主动公开政府信息2026条", "主动公开政府信息2260条"),
        ("申请21条,其中当面申请数18条,电子邮件申请数3条", "申请21条,其中当面申请数17条,电子邮件申请数4条"),
        ("未收到有关政府信息公开行政复议申请", "收到1份有关政府信息公开行政复议申请"),
    ],
)
def test_text_is_held_against_the_sheet(said: str, instead: str) -> None:
    result = check(SHEET.replace(said, instead))
    assert "文表对照" in [finding.kind for finding in result.findings if finding.level == "error"]


def test_a_sheet_with_cells_must_add_up() -> None:
    sheet = "统计指标 | 单位 | 统计数\n(一)收到申请数 | 件 | 30\n1.当面申请数 | 件 | 5\n2.传真申请数 | 件 | 0\n3.网络申请数 | 件 | 20\n4.信函申请数 | 件 | 5"
    assert errors(check(sheet)) == []
    assert errors(check(sheet.replace("件 | 20", "件 | 21"))) != []

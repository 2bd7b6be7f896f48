"""Outcomes of a request: report rows, legal basis by date, and the relief paragraph by date and outcome."""

from __future__ import annotations

from datetime import date

import pytest

from mingzheng.law.errors import Refusal
from mingzheng.law.outcomes import outcome, outcomes, relief_paragraph

ROWS = (
    ["C1", "C1", "C2"]
    + [f"C3.{n}" for n in range(1, 9)]
    + [f"C4.{n}" for n in range(1, 4)]
    + [f"C5.{n}" for n in range(1, 6)]
    + [f"C6.{n}" for n in range(1, 4)]
)


def test_every_row_of_the_table_is_filled_by_an_outcome() -> None:
    assert [result.row for result in outcomes()] == ROWS


@pytest.mark.parametrize(
    ("code", "sub_code", "day", "basis"),
    [
        ("granted", "", date(2020, 1, 2), ("国务院令第711号第三十六条第二项",)),  # the new version
        ("granted", "", date(2018, 1, 2), ("国务院令第492号第二十一条第一项",)),  # the old version
        ("not_held", "not_exist", date(2020, 1, 2), ("国务院令第711号第三十六条第四项",)),  # does not exist
        (
            "not_held",
            "other_organ",
            date(2020, 1, 2),
            ("国务院令第711号第三十六条第五项",),
        ),  # another organ's
        (
            "not_held",
            "not_exist",
            date(2018, 1, 2),
            ("国务院令第492号第二十一条第三项",),
        ),  # one item for both
        ("denied_process", "", date(2018, 1, 2), ()),  # the old text has no such reply
    ],
)
def test_the_legal_basis_follows_the_day_of_receipt(
    code: str, sub_code: str, day: date, basis: tuple[str, ...]
) -> None:
    assert outcome(code).basis_on(day, sub_code) == basis


def test_not_held_needs_its_sub_code_because_the_old_sheet_has_two_rows() -> None:
    result = outcome("not_held")
    assert [sub.old_row for sub in result.sub_codes.values()] == ["申请信息不存在", "不属于本行政机关公开"]
    result.check_sub_code("not_exist")
    with pytest.raises(Refusal, match="not_exist、other_organ"):
        result.check_sub_code("")
    with pytest.raises(Refusal, match="lost"):
        result.check_sub_code("lost")


def test_sub_codes_stay_within_the_old_rows_of_their_outcome() -> None:
    for result in outcomes():
        assert {sub.old_row for sub in result.sub_codes.values()} <= set(result.old_rows)


def paragraph(code: str, day: date) -> str:
    return relief_paragraph(day, outcome(code), review_organ="某市人民政府", court="某区人民法院")


@pytest.mark.parametrize(
    ("code", "day", "said", "unsaid"),
    [
        ("denied_process", date(2023, 12, 31), "6个月内", "应当先"),  # the last day with a free choice
        ("denied_process", date(2024, 1, 1), "应当先", "6个月"),  # review comes first
        ("partial", date(2024, 1, 1), "应当先", "6个月"),  # a part is not disclosed either
        ("not_held", date(2024, 1, 1), "6个月内", "应当先"),  # nothing was withheld
        ("denied_process", date(2015, 4, 30), "3个月内", "6个月"),  # the older limitation of suits
        ("denied_process", date(2015, 5, 1), "6个月内", "3个月"),  # the first day of the newer one
    ],
)
def test_the_relief_follows_the_date_and_the_outcome(code: str, day: date, said: str, unsaid: str) -> None:
    text = paragraph(code, day)
    assert said in text
    assert unsaid not in text
    assert "60日内向某市人民政府申请行政复议" in text
    assert "某区人民法院" in text
    assert " " not in text


@pytest.mark.parametrize("code", ["granted", "already_public", "abandoned_no_correction", "other"])
def test_outcomes_that_deny_nothing_need_no_relief(code: str) -> None:
    assert paragraph(code, date(2024, 1, 1)) == ""


def test_every_denial_names_the_relief() -> None:
    for result in outcomes():
        if result.code.startswith(("denied", "partial", "not_held", "needs", "unclear")):
            assert result.needs_relief
        assert result.review_first <= result.needs_relief


def test_an_unknown_outcome_and_a_day_before_the_regulation_are_refused() -> None:
    with pytest.raises(Refusal, match="maybe"):
        outcome("maybe")
    with pytest.raises(Refusal, match="2008-05-01"):
        paragraph("denied_process", date(2008, 4, 30))

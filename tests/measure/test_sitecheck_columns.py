"""Updating: boundaries of days and months, kinds of columns, vetoes, and what they cost."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.measure import sites
from tests.measure.sites import ON, change, put

from mingzheng.law.errors import Refusal
from mingzheng.measure.sitecheck import Sheet, judge, load_scheme, read_folder
from mingzheng.measure.sitecheck.dates import add_months, date_alone, is_idle, month_and_day
from mingzheng.measure.sitecheck.scoring import Line

DAYS = [
    # newest, limit, last fine day, first idle day
    ("2018-12-17", {"days": 14}, "2018-12-31", "2019-01-01"),  # exactly 14 days is fine
    ("2018-02-15", {"days": 14}, "2018-03-01", "2018-03-02"),  # across a short month
    ("2018-06-30", {"months": 6}, "2018-12-30", "2018-12-31"),  # calendar months
    ("2018-08-31", {"months": 6}, "2019-02-28", "2019-03-01"),  # the month is shorter
    ("2020-02-29", {"months": 12}, "2021-02-28", "2021-03-01"),  # a leap day
    ("2017-12-31", {"months": 12}, "2018-12-31", "2019-01-01"),
]


@pytest.mark.parametrize(("newest", "limit", "fine", "idle"), DAYS)
def test_a_limit_ends_on_its_last_day(newest: str, limit: dict[str, int], fine: str, idle: str) -> None:
    assert not is_idle(date.fromisoformat(newest), date.fromisoformat(fine), **limit)
    assert is_idle(date.fromisoformat(newest), date.fromisoformat(idle), **limit)


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(1, 60))
def test_months_later_is_the_same_day_or_the_months_last(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and add_months(later.replace(day=1), 1) > later)


SHOWN = [
    ("2018-03-05", date(2018, 3, 5)), ("[2018-03-05]", date(2018, 3, 5)), ("2018年3月5日", date(2018, 3, 5)),
    ("2018/3/5 09:30", date(2018, 3, 5)), ("发布时间：2018.03.05", date(2018, 3, 5)), ("2018-03-05 发布", date(2018, 3, 5)),
    ("2018-13-05", None), ("2018-02-30", None), ("会议定于2018-03-05", None), ("12018-03-05", None), ("", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "day"), SHOWN)
def test_a_piece_of_text_is_a_date_only_when_it_is_nothing_else(text: str, day: date | None) -> None:
    assert date_alone(text) == day


def test_a_date_without_year_is_the_last_such_day() -> None:
    assert month_and_day("[12-30]", ON) == date(2018, 12, 30)
    assert month_and_day("01-02", date(2018, 1, 1)) == date(2017, 1, 2)
    assert month_and_day("13-40", ON) is None


# whole sites


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return sites.build(tmp_path / "site")


def check(root: Path, year: str = "2015", on: date = ON, **options: bool) -> Sheet:
    scheme = load_scheme(year)
    return judge(read_folder(root, scheme, on, live=["/search/"], processes=1), scheme, **options)


def line(sheet: Sheet, rule: str) -> Line:
    return next(each for each in sheet.lines if each.rule.id == rule)


def empty_column(root: Path, number: int, text: str = "暂无信息") -> None:
    body = f"<h1>栏目{number}</h1><p>{text}</p>"
    put(
        root,
        f"k{number}/index.html",
        sites.page("k", body, sites.column_tags(f"栏目{number}", "信息公开目录")),
    )


@pytest.mark.parametrize(("on", "idle"), [("2019-01-12", False), ("2019-01-13", True)])
def test_the_home_page_is_idle_from_the_fifteenth_day(root: Path, on: str, idle: bool) -> None:
    sheet = check(root, "2019", date.fromisoformat(on))
    assert line(sheet, "V3").met is idle
    assert sheet.passed is not idle
    assert (sheet.score is None) is idle


def test_a_home_page_without_dates_counts_as_not_updated(root: Path) -> None:
    put(root, "index.html", sites.page("示例市人民政府", '<input type="search">'))
    sheet = check(root)
    assert line(sheet, "P2").findings[0].seen == "首页看不到任何更新日期"
    assert not sheet.passed


def test_a_news_column_costs_its_points_on_the_fifteenth_day(root: Path) -> None:
    assert line(check(root, on=date(2019, 1, 12)), "S4").points == 0
    late = line(check(root, on=date(2019, 1, 13)), "S4")
    assert [each.seen for each in late.findings] == [
        "动态要闻栏目“工作动态”超过14天未更新，最近更新于2018-12-29"
    ]
    assert late.points == 3


def test_notices_have_six_months_whatever_their_type_says(root: Path) -> None:
    """通知公告 is often tagged 工作动态; its name decides."""
    idle = [each.seen for each in line(check(root, on=date(2019, 6, 2)), "S4").findings]
    assert "通知公告栏目“通知公告”超过6个月未更新，最近更新于2018-12-01" in idle
    fine = [each.seen for each in line(check(root, on=date(2019, 6, 1)), "S4").findings]
    assert not any("通知公告" in each for each in fine)


NAMES = [
    # ColumnName, ColumnType, kind
    ("工作动态", "信息公开目录", "news"), ("图片新闻", "工作动态", "news"), ("通知公告", "工作动态", "notices"),
    ("招标采购公告", "信息公开目录", None), ("规范性文件备案", "政策文件", "policies"), ("年度计划", "信息公开目录", "plans"),
    ("计划生育奖励扶助", "信息公开目录", None), ("领导活动", "负责人信息", "leaders"), ("专题", "专题", None),
    ("本机关年报", "信息公开年报", "annual"), ("咨询投诉选登", "咨询投诉", "letters"), ("", "", None),
]  # fmt: skip


@pytest.mark.parametrize(("name", "column_type", "kind"), NAMES)
def test_a_column_is_known_by_its_name_then_by_its_type(
    name: str, column_type: str, kind: str | None
) -> None:
    found = load_scheme("2019").kind_of(name, column_type)
    assert (found and found.id) == kind


@pytest.mark.parametrize(("count", "met"), [(4, False), (5, True)])
def test_five_empty_columns_are_a_veto(root: Path, count: int, met: bool) -> None:
    for number in range(count):
        empty_column(root, number)
    sheet = check(root)
    assert line(sheet, "P3").met is met
    assert line(sheet, "P3").state == ("found" if met else "below")
    assert sheet.result == ("不合格" if met else "合格")
    assert sheet.as_json()["vetoes"] == (["P3"] if met else [])


def test_a_column_of_text_or_of_undated_links_is_not_empty(root: Path) -> None:
    for number in range(5):
        empty_column(root, number, "本机关负责全市的示例工作，内设办公室、综合科、业务科三个科室，欢迎来访。")
    for number in range(5, 10):
        empty_column(root, number, f'<a href="/zc/1.html?{number}">示例文件</a>')
    assert not line(check(root), "P3").findings


def test_a_column_that_a_script_may_fill_is_left_to_a_person(root: Path) -> None:
    for number in range(5):
        empty_column(root, number, "<script>$.ajax('/list')</script>")
    verdict = line(check(root), "P3")
    assert not verdict.met
    assert verdict.state == "doubt"


def test_older_pages_of_a_list_do_not_make_it_idle(root: Path) -> None:
    put(root, "xw/p1.html", sites.column("工作动态", "工作动态", [("/xw/1.html", "旧", "2015-01-01")]))
    assert line(check(root), "S4").points == 0


def test_a_list_without_dates_is_dated_by_its_articles(root: Path) -> None:
    change(root, "zc/index.html", "<span>2018-11-01</span>", "")
    assert line(check(root), "S4").points == 0
    change(root, "zc/1.html", "2018-11-01", "2018-01-01")
    assert "最近更新于2018-01-01" in line(check(root), "S4").findings[0].seen


def test_exempt_columns_may_stand_still(root: Path) -> None:
    put(root, "jg/index.html", sites.column("机构职能", "机构职能", [("/zc/1.html", "职能", "2010-01-01")]))
    assert line(check(root), "S4").findings == []


def test_five_idle_columns_of_news_notices_and_policies_are_a_veto(root: Path) -> None:
    for number in range(5):
        rows = [("/zc/1.html", "旧闻", "2018-12-16")]
        put(root, f"d{number}/index.html", sites.column(f"第{number}动态", "工作动态", rows))
    sheet = check(root)
    assert line(sheet, "P3").met
    assert line(sheet, "P3").findings[0].count == 5


def test_an_end_date_in_a_row_is_no_date_of_publication(root: Path) -> None:
    row = '<tr><td><a href="/zc/1.html">办法</a></td><td>2018-11-01</td><td>2023-11-01</td></tr>'
    change(root, "zc/index.html", "</ul>", f"</ul><table>{row}</table>")
    assert line(check(root), "P4").findings == []


FUTURE = [
    ("zc/1.html", "2018-11-01", "2019-01-01"),
    ("zc/index.html", "<span>2018-11-01", "<span>2019-01-01"),
]


@pytest.mark.parametrize(("name", "before", "after"), FUTURE)
def test_a_date_in_the_future_is_a_doubt_for_a_person(root: Path, name: str, before: str, after: str) -> None:
    change(root, name, before, after)
    verdict = line(check(root), "P4")
    assert (verdict.state, verdict.met) == ("doubt", False)
    assert "2019-01-01晚于检查日期2018-12-31" in verdict.findings[0].seen


def test_four_missing_classes_in_five_cases_make_the_services_useless(root: Path) -> None:
    body = "<p>事项名称：示例</p><p>设定依据：示例</p><p>申请条件：示例</p><p>办理材料：示例</p>"
    for number in range(2, 4):
        put(root, f"bs/{number}.html", sites.article("办事指南", "办事服务", number, "2018-05-02", body))
    sheet = check(root, "2019")
    assert line(sheet, "V6").met
    assert line(sheet, "D9").points == 4


def test_a_site_without_services_leaves_them_out_and_divides(root: Path) -> None:
    change(root, "index.html", "<ul>", '<ul><a href="/a">无</a><a href="/b">无</a><a href="/c">无</a>')
    assert check(root, "2019").score == 97
    sheet = check(root, "2019", services=False)
    assert sheet.score == Decimal("96.00")  # (75 - 3) / 0.75
    assert not [each for each in sheet.lines if each.rule.group == "办事服务" or each.rule.id == "V6"]
    with pytest.raises(Refusal, match="办事服务"):
        check(root, services=False)


def test_no_rule_costs_more_than_its_limit_and_no_group_more_than_it_has(root: Path) -> None:
    links = "".join(f'<a href="/none{number}">无</a>' for number in range(200))
    change(root, "index.html", "<ul>", f"<ul>{links}")
    sheet = check(root, "2019")
    assert line(sheet, "D18").points == 5
    assert sheet.score == 95
    assert check(root).score == 0


def test_the_bonus_round_opens_strictly_above_eighty(root: Path) -> None:
    assert check(root, "2019").bonus_open
    assert not check(root).bonus_open


def test_what_no_page_shows_is_named_and_makes_the_score_provisional(root: Path) -> None:
    sheet = check(root)
    unchecked = {each.rule.id for each in sheet.lines if each.state == "unseen"}
    assert {"P1", "P5", "S1"} <= unchecked
    assert all(each.unseen for each in sheet.lines if each.state == "unseen")
    assert sheet.provisional

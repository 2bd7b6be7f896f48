"""浏览统计: each officer sees the readings of their units, every sum opens, and the tables can be taken away."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook
from tests.office.pages import queries

from mingzheng.office.readings.chart import bars
from mingzheng.portal.reading.models import ItemDay, PageDay, VisitorDay
from mingzheng.publish.items.services import ItemDraft, import_items

ADDRESS = "/office/readings/"
PLACES = (
    # unit, column, title, readings
    ("czj", "DT01", "财政动态", 10),
    ("czj", "TZ01", "=财政通知", 20),
    ("hexi", "DT01", "河西动态", 40),
    ("hexi-czj", "DT01", "河西财政动态", 80),
    ("city", "DT01", "市政府动态", 160),
)


@pytest.fixture
def read(catalogue):
    """Items read yesterday, and the home of the portal and of a unit."""
    at = timezone.now() - timedelta(days=100)
    drafts = [
        ItemDraft(unit, column, title, "<p>正文</p>", published_at=at) for unit, column, title, _ in PLACES
    ]
    made = import_items(catalogue.people["office"], drafts, source="test")
    day = timezone.localdate() - timedelta(days=1)
    for pk, (_, _, _, count) in zip(made.ids, PLACES, strict=True):
        [(unit, column)] = (
            ItemDay._meta.get_field("item")
            .related_model.objects.filter(pk=pk)
            .values_list("unit_id", "column_id")
        )
        ItemDay.objects.create(item_id=pk, unit_id=unit, column_id=column, day=day, count=count)
    PageDay.objects.create(page="/", day=day, count=1000)
    PageDay.objects.create(page="/units/czj/", unit=catalogue.units["czj"], day=day, count=5)
    VisitorDay.objects.create(day=day, count=77)
    return dict(zip((title for _, _, title, _ in PLACES), made.ids, strict=True))


def client(person):
    made = Client()
    made.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return made


def look(person, **asked):
    """The sums above the chart, and the lines of the table: name → readings."""
    answer = client(person).get(ADDRESS, asked)
    assert answer.status_code == 200
    page = BeautifulSoup(answer.content.decode(), "html.parser").select_one(".desk")
    said = {
        each.dt.get_text(): int(each.dd.get_text().replace(",", ""))
        for each in page.select(".readings-sums div")
    }
    lines = {
        row.td.find(string=True).strip() or row.td.a.get_text(): int(
            row.select_one("[data-label=浏览量]").get_text().replace(",", "")
        )
        for row in page.select("section:last-of-type tbody tr")
        if row.select_one("[data-label=浏览量]")
    }
    return said, lines, page


def test_the_office_sees_the_whole_city_by_its_branches(catalogue, read):
    said, lines, _ = look(catalogue.people["office"])
    assert (said["浏览量"], said["其中：信息"], said["首页和列表等"]) == (1315, 310, 1005)
    assert said["独立访客（按日累计）"] == 77
    assert lines == {
        "门户公共页面": 1000, "示范市人民政府": 160, "河西县人民政府": 120, "示范市财政局": 35,
    }  # fmt: skip


def test_a_unit_sees_its_own_readings_alone(catalogue, read):
    said, lines, page = look(catalogue.people["czj-writer"])
    assert (said["浏览量"], said["其中：信息"]) == (35, 30)
    assert "独立访客（按日累计）" not in said
    assert lines == {"通知公告": 20, "工作动态": 10, "不属于栏目的页面": 5}
    assert "河西" not in page.get_text()
    for asked in ({"unit": "hexi"}, {"unit": "河西县人民政府"}, {"item": read["河西动态"]}):
        shown = client(catalogue.people["czj-writer"]).get(ADDRESS, asked).content.decode()
        assert "或者您不能查看" in shown
        assert "readings-sums" not in shown
        exported = client(catalogue.people["czj-writer"]).get(ADDRESS, {**asked, "export": "xlsx"})
        assert exported.status_code == 400
    _, lines, _ = look(catalogue.people["hexi-office"])
    assert lines == {"河西县财政局": 80, "河西县人民政府": 40}


def test_every_line_opens_to_its_rows(catalogue, read):
    """From the city to a branch, a unit, a column, an item: the sum that was clicked is the sum that is shown."""
    office = client(catalogue.people["office"])
    seen, waiting = set(), ["?"]
    while waiting:
        link = waiting.pop()
        if link in seen:
            continue
        seen.add(link)
        answer = office.get(ADDRESS + link)
        page = BeautifulSoup(answer.content.decode(), "html.parser").select_one(".desk")
        for row in page.select("section:last-of-type tbody tr"):
            cell = row.select_one("[data-label=浏览量]")
            if cell is None or not row.td.a or not row.td.a["href"].startswith("?"):
                continue
            behind = row.td.a["href"]
            opened = BeautifulSoup(office.get(ADDRESS + behind).content.decode(), "html.parser")
            wanted = int(cell.get_text().replace(",", ""))
            amounts = [int(each.get_text().replace(",", "")) for each in opened.select(".readings-sums dd")]
            pages = opened.select("section:last-of-type tbody [data-label=浏览量]")
            if "by=page" in behind:  # which stays with the question, and shows its pages
                assert sum(int(each.get_text().replace(",", "")) for each in pages) >= wanted, behind
            else:
                assert amounts[0] == wanted, (link, behind)
            waiting.append(behind)
    assert len(seen) > 10


def test_a_column_of_a_branch_and_one_item(catalogue, read):
    office = catalogue.people["office"]
    said, lines, _ = look(office, unit="hexi", column="DT01", by="item")
    assert said["浏览量"] == 120
    assert lines == {"河西财政动态": 80, "河西动态": 40}
    said, _, _ = look(office, unit="hexi", own="on")
    assert said["浏览量"] == 40
    said, _, page = look(office, item=read["河西动态"])
    assert said["浏览量"] == 40
    assert "《河西动态》" in page.get_text()


def test_the_chart_stands_beside_a_table_of_the_same_numbers(catalogue, read):
    _, _, page = look(catalogue.people["office"])
    titles = [each.get_text() for each in page.select("svg rect title")]
    rows = [
        f"{row.td.get_text()}：{row.select('td')[-1].get_text()}" for row in page.select("details tbody tr")
    ]
    assert titles == rows
    assert len(rows) == 30
    assert page.svg["role"] == "img"
    year = timezone.localdate().replace(month=1, day=1)
    _, _, page = look(catalogue.people["office"], since=f"{year - timedelta(days=365)}", until=f"{year}")
    assert 12 <= len(page.select("svg rect")) <= 14


@pytest.mark.parametrize("counts", [[], [("甲", 0)], [("甲<b>", 1), ("乙", 10**9)]])
def test_a_chart_of_anything_is_a_picture(counts):
    drawn = BeautifulSoup(bars("浏览量", counts), "html.parser")
    assert len(drawn.select("rect")) == len(counts)
    assert all(0 <= float(each["height"]) <= 220 for each in drawn.select("rect"))
    assert not drawn.select("b")


def test_the_tables_are_taken_away_as_a_workbook(catalogue, read):
    answer = client(catalogue.people["office"]).get(ADDRESS, {"export": "xlsx"})
    book = load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["按日", "按单位", "按栏目", "按信息", "首页和列表"]
    assert [cell.value for cell in list(book["按日"].rows)[-1]] == ["合计", 310, 1005, 1315]
    listed = [[cell.value for cell in row] for row in book["按信息"].rows]
    assert listed[1][0] == "市政府动态"
    assert listed[1][6].startswith("/info/")
    assert "'=财政通知" in [row[0] for row in listed]
    assert [cell.value for cell in book["首页和列表"][2]][:2] == ["首页", None]


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"since": "2026-03-02", "until": "2026-03-01"}, "结束的日期早于开始的日期"),
        ({"since": "2010-01-01", "until": "2026-03-01"}, "一次最多统计五年"),
        ({"since": "0001-01-01", "until": "9999-12-31"}, "一次最多统计五年"),
        ({"since": "昨天"}, "输入"),
        ({"unit": "没有这个单位"}, "没有“没有这个单位”这个单位"),
        ({"column": "' OR 1=1 --"}, "这个栏目"),
        ({"item": "99999999999999999999"}, ""),
        ({"item": "-1"}, ""),
        ({"item": "12345"}, "没有这条信息"),
        ({"by": "everything"}, ""),
    ],
)
def test_impossible_questions_are_said_in_a_sentence(catalogue, read, asked, sentence):
    answer = client(catalogue.people["office"]).get(ADDRESS, asked)
    assert answer.status_code == 200
    shown = answer.content.decode()
    assert sentence in shown
    assert "readings-sums" not in shown
    assert client(catalogue.people["office"]).get(ADDRESS, {**asked, "export": "xlsx"}).status_code == 400


def test_the_first_days_there_are_can_be_asked_for(catalogue):
    said, _, _ = look(catalogue.people["office"], until="0001-01-02")
    assert said["浏览量"] == 0


def test_a_screen_takes_few_questions(catalogue, read):
    office = client(catalogue.people["office"])
    for by in ("unit", "column", "item", "page"):
        assert len(queries(office, ADDRESS, by=by)) <= 14, by

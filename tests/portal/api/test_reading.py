"""What the open interface gives: the same public facts that the pages show, page by page, filter by filter."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from mingzheng.measure import services as measure
from mingzheng.publish.catalogue.services import adjust_for_unit, column_by_code
from mingzheng.publish.documents.models import DocumentRelation
from mingzheng.publish.documents.services import (
    are_documents,
    is_document,
    normative_columns,
    relate,
    validity,
)
from mingzheng.publish.items.models import Item
from mingzheng.publish.items.services import InterpretationDraft, move_item, withdraw_item
from mingzheng.publish.placements.services import place, set_push

TODAY = timezone.localdate()


def titles(rows) -> list[str]:
    return [row["title"] for row in rows]


def test_a_list_has_no_bodies_and_an_item_has_everything(portal, asking):
    [item] = portal.bring_in(
        portal.draft(
            "预算公开", doc_no="示财〔2018〕3号", theme="4.2", keywords="预算 决算", body="<p>正文很长。</p>",
            attachments=[("附表.xlsx", "/files/a.xlsx"), ("坏", "javascript:alert(1)")], images=["/files/b.png"],
        )
    )  # fmt: skip
    [row] = asking.read("/items")["items"]
    assert "body" not in row
    assert row["unit"] == {"code": "czj", "name": "示范市财政局"}
    assert row["column"]["code"] == "DT01"
    assert row["theme"]["code"] == "4.2"
    assert row["published_at"] == "2018-01-02T09:00:00+08:00"
    assert row["url"].endswith(portal.path(item))
    assert row["url"].startswith("https://")
    whole = asking.read(f"/items/{item.pk}")
    assert whole | row == whole
    assert whole["body"] == "<p>正文很长。</p>"
    assert [each["name"] for each in whole["attachments"]] == ["附表.xlsx", "坏", ""]
    assert whole["attachments"][0]["url"].endswith(".gov.cn/files/a.xlsx")
    assert whole["attachments"][1]["url"] == ""
    assert whole["attachments"][2]["is_image"]


def test_chinese_stands_as_it_is(portal, asking):
    portal.bring_in_many(1)
    answer = asking.get("/items")
    assert "第1条动态".encode() in answer.content
    assert answer["Content-Type"] == "application/json; charset=utf-8"


def test_pages_follow_each_other_and_new_items_move_nothing(portal, asking):
    portal.bring_in_many(7)
    first = asking.read("/items?size=3")
    portal.publish("刚刚发布的")
    assert titles(asking.pages("/items", "items", 3))[0] == "刚刚发布的"
    second = asking.read(f"/items?size=3&cursor={first['next']}")
    third = asking.read(f"/items?size=3&cursor={second['next']}")
    seen = titles(first["items"]) + titles(second["items"]) + titles(third["items"])
    assert seen == [f"第{number}条动态" for number in range(7, 0, -1)]
    assert third["next"] is None


def test_items_of_one_moment_are_all_given_once(portal, asking):
    moment = timezone.make_aware(timezone.datetime(2018, 5, 1))
    portal.bring_in(*(portal.draft(f"同时{number}", published_at=moment) for number in range(9)))
    found = titles(asking.pages("/items", "items", 2))
    assert sorted(found) == sorted(set(found))
    assert len(found) == 9


FILTERS = [
    # what is asked for, and what is found
    ("unit=czj", {"财政动态", "财政文件"}),
    ("unit=hexi", {"河西动态"}),
    ("unit=hexi&below=true", {"河西动态", "清水动态"}),
    ("unit=city&below=true", {"财政动态", "财政文件", "河西动态", "清水动态"}),
    ("unit=city", set()),
    ("column=DT", {"财政动态", "河西动态", "清水动态"}),
    ("column=zc", {"财政文件"}),
    ("theme=4", {"财政文件"}),  # the class of 4.2
    ("theme=4.2", {"财政文件"}),
    ("theme=4.1", set()),
    ("year=2017", {"清水动态"}),
    ("since=2018-03-01", {"财政文件", "河西动态"}),
    ("until=2018-02-01", {"财政动态", "清水动态"}),  # the day itself belongs to it
    ("since=2018-02-01&until=2018-02-01", {"财政动态"}),
    ("doc_no=示财〔2018〕5号", {"财政文件"}),
    ("doc_no=示财[2018]5 号", {"财政文件"}),
    ("doc_no=示财（2018）05号", {"财政文件"}),
    ("doc_no=示财〔2018〕6号", set()),
    ("in_force_on=2018-06-01", {"财政文件"}),
    ("in_force_on=2018-01-01", set()),  # not yet in force
    ("unit=czj&year=2018&column=ZC", {"财政文件"}),
]


@pytest.fixture
def filled(portal):
    def at(month, day, year=2018):
        return timezone.make_aware(timezone.datetime(year, month, day, 12))

    portal.bring_in(
        portal.draft("财政动态", published_at=at(2, 1)),
        portal.draft(
            "财政文件", column="ZC0102", doc_no="示财〔2018〕5号", theme="4.2", published_at=at(3, 1),
            effective_on=date(2018, 4, 1),
        ),
        portal.draft("河西动态", unit="hexi", published_at=at(4, 1)),
        portal.draft("清水动态", unit="qingshui", published_at=at(5, 1, 2017)),
    )  # fmt: skip
    return portal


@pytest.mark.parametrize(("query", "found"), FILTERS)
def test_filters_narrow_the_list(filled, asking, query, found):
    assert set(titles(asking.read(f"/items?{query}")["items"])) == found


def test_what_is_a_document_is_the_same_in_memory_and_in_the_database(filled):
    filled.bring_in(filled.draft("有期限的公告", expires_on=date(2030, 1, 1)))
    normative = normative_columns()
    told = {item.pk for item in Item.objects.all() if is_document(item, normative)}
    assert set(Item.objects.filter(are_documents()).values_list("pk", flat=True)) == told
    assert 0 < len(told) < Item.objects.count()


def test_documents_say_whether_they_hold_on_the_day_that_is_asked_for(filled, asking):
    [document] = Item.objects.filter(title="财政文件")
    for on in (date(2018, 3, 15), date(2018, 6, 1), date(2030, 1, 1)):
        [row] = asking.read(f"/documents?on={on}")["documents"]
        assert row["validity"] == validity(document, on).value
        assert asking.read(f"/documents/{document.pk}?on={on}")["validity"] == row["validity"]
        assert titles(asking.read(f"/documents?on={on}&validity={row['validity']}")["documents"]) == [
            "财政文件"
        ]
    assert asking.read("/documents?on=2018-06-01&validity=expired")["documents"] == []
    assert asking.refused(f"/documents/{Item.objects.get(title='财政动态').pk}")[0] == 404


def test_a_chain_tells_everything_that_documents_did_to_each_other(portal, asking):
    made = portal.bring_in(
        *(
            portal.draft(
                f"办法之{number}",
                column="ZC0102",
                doc_no=f"示财〔2018〕{number}号",
                written_on=date(2018, 1, number),
            )
            for number in range(1, 6)
        )
    )
    one, two, three, four, other = made
    relate(portal.office, two, one, "amends", date(2018, 2, 1))
    relate(portal.office, three, two, "replaces", date(2018, 3, 1))
    relate(portal.office, four, three, "repeals", date(2018, 4, 1))
    found = asking.read(f"/documents/{one.pk}?on=2018-06-01")
    assert [(step["acting"], step["kind"], step["other"]) for step in found["chain"]] == [
        (two.pk, "amends", one.pk), (three.pk, "replaces", two.pk), (four.pk, "repeals", three.pk),
    ]  # fmt: skip
    assert {each["id"] for each in found["chain_documents"]} == {one.pk, two.pk, three.pk, four.pk}
    assert found["validity"] == "amended"
    assert found["relations"][0] | {"document": None} == {
        "kind": "amends", "side": "undergoes", "on": "2018-02-01", "document": None,
    }  # fmt: skip
    assert asking.read(f"/documents/{other.pk}")["chain"] == []
    withdraw_item(portal.office, two.pk, "内容有误")
    found = asking.read(f"/documents/{one.pk}")
    assert found["relations"][0]["document"] is None
    assert [each["id"] for each in found["chain_documents"]] == [one.pk]
    assert found["chain"] == []
    assert DocumentRelation.objects.count() == 3


def test_interpretations_stand_with_their_document(portal, asking):
    [document] = portal.bring_in(
        portal.draft("管理办法", column="ZC0102", doc_no="示财〔2018〕1号", source_key="a")
    )
    told = InterpretationDraft("own", form="graphic", document_key="a")
    [item] = portal.bring_in(portal.draft("一图读懂", column="JD0202", interpretation=told))
    reprint = InterpretationDraft("superior", document_title="国务院某条例", document_no="国令第1号")
    portal.bring_in(portal.draft("转载解读", column="JD0202", interpretation=reprint))
    [row] = asking.read(f"/interpretations?document={document.pk}")["interpretations"]
    assert (row["item"]["id"], row["document"]["id"], row["form_name"]) == (item.pk, document.pk, "图解")
    [other] = asking.read("/interpretations?level=superior")["interpretations"]
    assert (other["document"], other["document_title"]) == (None, "国务院某条例")
    assert asking.read(f"/items/{item.pk}")["interprets"]["document"]["title"] == "管理办法"
    withdraw_item(portal.office, document.pk, "内容有误")
    assert asking.read(f"/items/{item.pk}")["interprets"] | {"form_name": ""} == {
        "level": "own", "form": "graphic", "form_name": "", "interpreter": "", "document": None, "document_title": "",
        "document_no": "",
    }  # fmt: skip


def test_an_item_tells_its_further_places_and_its_new_column(portal, asking):
    item = portal.publish("预算执行情况")
    portal_office = portal.office
    set_push(portal_office, portal.city.units["hexi"], True)
    place(portal_office, item, portal.city.units["hexi"], column_by_code("DT01"))
    [found] = asking.read(f"/items/{item.pk}")["placements"]
    assert (found["unit"]["code"], found["starts_on"], found["ends_on"]) == ("hexi", str(TODAY), None)
    move_item(portal_office, item.pk, column_by_code("TZ01"), reason="栏目有误")
    assert asking.read(f"/items/{item.pk}")["column"]["code"] == "TZ01"


def test_units_tell_their_tree_and_days(portal, asking):
    rows = {row["code"]: row for row in asking.read("/units")["units"]}
    assert rows["qingshui"]["parent"] == "hexi"
    assert (rows["hexi"]["tier"], rows["hexi"]["tier_name"], rows["hexi"]["is_government"]) == (
        "T4",
        "县",
        True,
    )
    assert [each["code"] for each in asking.read("/units/hexi")["children"]] == ["hexi-czj", "qingshui"]
    assert asking.read("/units?on=2015-01-01")["units"] == []


def test_the_catalogue_of_a_unit_has_its_own_names(portal, asking):
    unit = portal.city.units["czj"]
    adjust_for_unit(
        portal.office,
        unit,
        column_by_code("DT01"),
        kind="rename",
        on=TODAY,
        reason="合并栏目",
        name="财政要闻",
    )
    portal.publish("预算执行情况")
    own = {row["code"]: row for row in asking.read("/columns?unit=czj")["columns"]}
    standard = {row["code"]: row for row in asking.read("/columns")["columns"]}
    assert (own["DT01"]["name"], own["DT01"]["parent"]) == ("财政要闻", "DT")
    assert standard["DT01"]["name"] != "财政要闻"
    assert set(own) < set(standard)
    assert own["DT01"]["url"].endswith("/units/czj/dt01/")
    assert asking.read("/items")["items"][0]["column"]["name"] == "财政要闻"
    yesterday = TODAY - timedelta(days=1)
    before = {row["code"]: row["name"] for row in asking.read(f"/columns?unit=czj&on={yesterday}")["columns"]}
    assert before["DT01"] == standard["DT01"]["name"]


def test_figures_are_those_of_the_portal(filled, asking):
    assert asking.read("/statistics")["years"] == [2018, 2017]
    tables = asking.read("/statistics/2018")["tables"]
    for told, table in zip(tables, measure.year_figures(2018), strict=True):
        assert told["caption"] == table.caption
        for figure, line in zip(told["figures"], table.lines, strict=True):
            assert (figure["value"], figure["before"]) == (line.now.value, line.before.value)
    found = asking.read("/statistics/2018/disclosure.items")
    assert (found["value"], found["before"], found["growth"]) == (3, 1, 200.0)
    assert sum(part["value"] for part in found["parts"]) == 3
    assert asking.read("/statistics/2018/disclosure.items?scope=under-hexi")["value"] == 1
    assert asking.refused("/statistics/2018/nothing")[0] == 404
    assert asking.refused("/statistics/1999")[0] == 404


COUNTS = [
    # list, statements for one row as for many: freshness, the rows, renamings, the root unit (for the address)
    ("/items?size=200", 4),
    ("/items?size=200&unit=city&below=true", 5),
    ("/documents?size=200&on=2018-06-01", 8),
    ("/interpretations?size=200", 6),
    ("/units", 3),
]


@pytest.mark.parametrize(("path", "count"), COUNTS)
def test_a_long_list_costs_as_many_statements_as_a_short_one(portal, asking, path, count):
    def add(start: int, end: int) -> None:
        for number in range(start, end):
            portal.bring_in(
                portal.draft(f"办法{number}", column="ZC0102", unit="czj", doc_no=f"示财〔2018〕{number}号", source_key=f"d{number}"),
                portal.draft(f"解读{number}", column="JD0202", interpretation=InterpretationDraft("own", document_key=f"d{number}")),
            )  # fmt: skip

    add(1, 2)
    assert asking.queries(path) <= count
    add(2, 12)
    assert asking.queries(path) <= count

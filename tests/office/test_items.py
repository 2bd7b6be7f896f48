"""已发布信息: who finds what, page after page, takes it away as a table, amends it and withdraws it."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from openpyxl import load_workbook
from tests.office.pages import english, queries, text

from mingzheng.law.errors import Refusal
from mingzheng.office.items import export
from mingzheng.publish.catalogue.services import column_by_code
from mingzheng.publish.items.models import Item
from mingzheng.publish.items.services import ItemDraft, import_items, request_erasure, withdraw_item
from mingzheng.publish.manuscripts.models import Manuscript

LIST = "/office/items/"
START = datetime(2018, 1, 2, 1, tzinfo=UTC)


def bring_in(city: Any, count: int, unit: str = "czj", column: str = "DT01", **fields: Any) -> list[Item]:
    drafts = [
        ItemDraft(unit, column, f"{unit}第{number}条动态", "<p>正文。</p>",
                  published_at=START + timedelta(hours=number // 3), **fields)
        for number in range(1, count + 1)
    ]  # fmt: skip
    report = import_items(city.people["office"], drafts, source="test")
    return [Item.objects.get(pk=pk) for pk in report.ids]


def sign_in(city: Any, username: str) -> Client:
    client = Client()
    client.force_login(city.people[username])
    return client


def titles(answer: Any) -> list[str]:
    page = BeautifulSoup(answer.content.decode(), "html.parser")
    return [link.get_text() for link in page.select(".desk-table td.title a")]


def test_every_item_is_listed_once_the_newest_first(catalogue: Any) -> None:
    bring_in(catalogue, 45)
    client, seen, address = sign_in(catalogue, "office"), [], LIST
    while address:
        answer = client.get(address)
        seen += titles(answer)
        link = BeautifulSoup(answer.content.decode(), "html.parser").find("a", string="更早的信息")
        address = LIST + str(link["href"]) if link else ""  # type: ignore[index]
    stored = Item.objects.order_by("-first_published_at", "-pk").values_list("title", flat=True)
    assert seen == list(stored)


@pytest.mark.parametrize(
    ("username", "units"),
    [("office", {"czj", "hexi", "city"}), ("czj-writer", {"czj"}), ("hexi-office", {"hexi"}), ("chief", {"czj", "hexi", "city"})],
)  # fmt: skip
def test_everybody_finds_the_items_of_the_own_units_alone(
    catalogue: Any, username: str, units: set[str]
) -> None:
    made = {unit: bring_in(catalogue, 2, unit)[0] for unit in ("czj", "hexi", "city")}
    client = sign_in(catalogue, username)
    assert {title.partition("第")[0] for title in titles(client.get(LIST))} == units
    for unit, item in made.items():
        assert client.get(f"{LIST}{item.pk}/").status_code == (200 if unit in units else 404)
    answer = client.post(f"{LIST}export/", {"kind": "csv"})
    rows = list(csv.reader(StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert {row[1].partition("第")[0] for row in rows[1:]} == units


@pytest.mark.parametrize("username", ["admin", "auditor"])
def test_who_has_nothing_to_do_with_content_stays_outside(catalogue: Any, username: str) -> None:
    [item] = bring_in(catalogue, 1)
    client = sign_in(catalogue, username)
    for address in ("", f"{item.pk}/", f"{item.pk}/withdraw/"):
        assert client.get(LIST + address).status_code == 404
    for address in ("export/", f"{item.pk}/amend/", f"{item.pk}/restore/", f"{item.pk}/erase/"):
        assert client.post(LIST + address).status_code == 404


def test_filters(catalogue: Any) -> None:
    one, two = bring_in(catalogue, 2)
    [three] = bring_in(catalogue, 1, "hexi", "TZ01")
    withdraw_item(catalogue.people["office"], two.pk, "有误")
    client = sign_in(catalogue, "office")
    for asked, found in (
        ({"q": "第1条 czj"}, {one}),
        ({"q": three.index_no}, {three}),
        ({"q": "%"}, set()),
        ({"unit": "河西县人民政府"}, {three}),
        ({"unit": "czj"}, {one, two}),
        ({"column": "TZ01"}, {three}),
        ({"status": "withdrawn"}, {two}),
        ({"since": "2018-01-02", "until": "2018-01-02"}, {one, two, three}),
        ({"until": "2018-01-01"}, set()),
    ):
        assert set(titles(client.get(LIST, asked))) == {each.title for each in found}, asked
    assert "没有“无此单位”这个单位" in text(client.get(LIST, {"unit": "无此单位"}))
    assert "早于开始的日期" in text(client.get(LIST, {"since": "2018-02-01", "until": "2018-01-01"}))
    assert "没有“czj”这个单位，或者您不能查看" in text(
        sign_in(catalogue, "hexi-office").get(LIST, {"unit": "czj"})
    )


def test_a_page_counts_nothing_and_asks_little(catalogue: Any) -> None:
    bring_in(catalogue, 30)
    client = sign_in(catalogue, "office")
    found = queries(client, LIST, q="动态", before=str(Item.objects.latest("pk").pk))
    assert len(found) <= 6
    assert not [sql for sql in found if "COUNT(" in sql or "OFFSET" in sql or '"items_item"."body"' in sql]


def test_the_table_that_is_taken_away(catalogue: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    bring_in(catalogue, 5)
    Item.objects.filter(title__contains="第3条").update(title="=1+1")
    monkeypatch.setattr(export, "_PIECE", 2)
    client = sign_in(catalogue, "office")
    answer = client.post(f"{LIST}export/", {"kind": "xlsx", "unit": "czj"})
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    rows = list(sheet.values)
    assert rows[0] == export.HEADINGS
    assert len(rows) == 6
    assert "'=1+1" in {row[1] for row in rows}
    monkeypatch.setattr(export, "MOST", 4)
    answer = client.post(f"{LIST}export/", {"kind": "csv"}, HTTP_ACCEPT="application/json")
    assert answer.status_code == 400
    assert "超过4条，请缩小范围" in answer.json()["error"]


def test_an_item_shows_where_it_came_from_and_leads_to_its_change(catalogue: Any) -> None:
    signer = catalogue.people["czj-signer"]
    item = catalogue.publish(signer, ItemDraft("czj", "TZ01", "关于开会的通知", "<p>周五开会。</p>"))
    client = sign_in(catalogue, "czj-writer")
    page = text(client.get(f"{LIST}{item.pk}/"))
    for word in (item.index_no, "周五开会", "保密审查：可以公开", "查看公开页面", "另起修改稿"):
        assert word in page, word
    assert "撤回或清除" not in page
    answer = client.post(f"{LIST}{item.pk}/amend/")
    [change] = Manuscript.objects.all()
    assert answer.url.endswith(f"/edit/{change.pk}/")
    assert client.post(f"{LIST}{item.pk}/amend/").url == answer.url


def act(client: Client, item: Item, act: str, code: str = "wrong", reason: str = "办理单第1号") -> Any:
    return client.post(
        f"{LIST}{item.pk}/withdraw/", {"act": act, "code": code, "reason": reason}, follow=True
    )


def test_withdrawing_and_restoring(catalogue: Any) -> None:
    one, two = bring_in(catalogue, 2)
    client = sign_in(catalogue, "czj-signer")
    assert "不得在原网址保留说明页" in text(act(client, one, "tombstone", "privacy"))
    assert "恢复发布" in text(act(client, one, "tombstone"))
    act(client, two, "hide", "mistaken")
    assert set(Item.objects.values_list("status", flat=True)) == {"tombstone", "withdrawn"}
    client.post(f"{LIST}{one.pk}/restore/", {"reason": "核对无误"})
    assert Item.objects.get(pk=one.pk).status == "published"
    answer = client.post(f"{LIST}{two.pk}/withdraw/", {"act": "hide", "code": "", "reason": ""})
    assert len(BeautifulSoup(answer.content.decode(), "html.parser").select(".desk .error")) == 2
    for username in ("czj-writer", "hexi-office"):
        assert act(sign_in(catalogue, username), one, "hide").status_code == 404
    assert Item.objects.get(pk=one.pk).status == "published"


def test_masking(catalogue: Any) -> None:
    [item] = bring_in(catalogue, 1, abstract="本人手机号13812345678")
    client = sign_in(catalogue, "czj-signer")
    assert "公开页面即将更新" in act(client, item, "anonymise", "privacy").content.decode()
    assert "13812345678" not in Item.objects.get(pk=item.pk).abstract


def test_erasing_takes_two(catalogue: Any) -> None:
    [item] = bring_in(catalogue, 1)
    first, second = sign_in(catalogue, "czj-signer"), sign_in(catalogue, "office")
    page = act(first, item, "erase", "secret")
    assert "等待另一位有撤回权限的人员确认" in text(page)
    assert "确认彻底清除" not in text(page)
    first.post(f"{LIST}{item.pk}/erase/")
    assert Item.objects.get(pk=item.pk).body
    assert "确认彻底清除" in text(second.get(f"{LIST}{item.pk}/"))
    page = second.post(f"{LIST}{item.pk}/erase/", follow=True)
    assert "（内容已清除）" in text(page)
    assert item.index_no in text(page)
    assert Item.objects.get(pk=item.pk).body == ""


def test_the_screens_are_chinese(catalogue: Any) -> None:
    signer = catalogue.people["czj-signer"]
    item = catalogue.publish(signer, ItemDraft("czj", "TZ01", "关于开会的通知", "<p>周五开会。</p>"))
    request_erasure(catalogue.people["office"], item.pk, code="wrong", reason="有误")
    client = sign_in(catalogue, "czj-signer")
    names = {"czj", "signer", "writer", "office", "reviewer", "secrecy", "chief"}
    for address in (LIST, f"{LIST}{item.pk}/", f"{LIST}{item.pk}/withdraw/"):
        assert english(client.get(address)) <= names, address


def test_too_long_a_list_is_refused_and_not_cut(catalogue: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    bring_in(catalogue, 3)
    monkeypatch.setattr(export, "MOST", 2)
    with pytest.raises(Refusal, match="超过2条"):
        export.check_size(Item.objects.order_by("pk"))


def test_many_are_moved_or_taken_off_at_once(catalogue: Any) -> None:
    first, second = bring_in(catalogue, 2)
    client = sign_in(catalogue, "office")
    chosen = [str(first.pk), str(second.pk)]
    shown = client.post(f"{LIST}bulk/", {"chosen": chosen})
    assert {"czj第1条动态", "czj第2条动态"} <= set(text(shown).split())
    assert english(shown) <= {"czj"}
    column = column_by_code("TZ01")
    client.post(f"{LIST}bulk/", {"chosen": chosen, "act": "move", "column": column.pk, "reason": "栏目有误"})
    assert {each.column.code for each in Item.objects.all()} == {"TZ01"}
    client.post(f"{LIST}bulk/", {"chosen": chosen, "act": "withdraw", "code": "wrong", "reason": "数字有误"})
    assert {each.status for each in Item.objects.all()} == {"withdrawn"}


def test_if_one_cannot_be_moved_none_is(catalogue: Any) -> None:
    first, second = bring_in(catalogue, 1)[0], bring_in(catalogue, 1, column="TZ01")[0]
    given = {"chosen": [first.pk, second.pk], "act": "move", "column": second.column_id, "reason": "栏目有误"}
    answer = sign_in(catalogue, "office").post(f"{LIST}bulk/", given)
    assert "一条也没有处理" in text(answer)
    assert Item.objects.get(pk=first.pk).column.code == "DT01"


def test_items_of_other_units_are_left_out_of_a_choice(catalogue: Any) -> None:
    own, foreign = bring_in(catalogue, 1)[0], bring_in(catalogue, 1, "hexi")[0]
    given = {"chosen": [own.pk, foreign.pk], "act": "withdraw", "code": "wrong", "reason": "数字有误"}
    sign_in(catalogue, "czj-signer").post(f"{LIST}bulk/", given)
    assert [Item.objects.get(pk=each.pk).status for each in (own, foreign)] == ["withdrawn", "published"]


@pytest.mark.parametrize("chosen", [[], ["x"], ["99999999999999999999"], ["1"] * 201])
def test_a_choice_that_is_none_or_too_much_is_refused(catalogue: Any, chosen: list[str]) -> None:
    answer = sign_in(catalogue, "office").post(f"{LIST}bulk/", {"chosen": chosen})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("at", "status"), [("2999-01-01T09:00", 302), ("", 302), ("昨天", 400), ("2001-01-01T09:00", 400)]
)
def test_the_day_on_which_an_item_goes_off_is_set_on_its_page(catalogue: Any, at: str, status: int) -> None:
    [item] = bring_in(catalogue, 1)
    answer = sign_in(catalogue, "office").post(f"{LIST}{item.pk}/ending/", {"at": at})
    assert answer.status_code == status
    assert bool(Item.objects.get(pk=item.pk).ends_at) == at.startswith("2999")

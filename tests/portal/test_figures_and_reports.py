"""Live pages of figures and annual reports: what they show, and what they refuse."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from django.test import Client

from mingzheng.law.errors import Refusal
from mingzheng.measure.services import publish_report
from mingzheng.publish.items.models import Item
from mingzheng.publish.items.services import ItemDraft, import_items, withdraw_item


@pytest.fixture
def year(catalogue):
    """Sixty items of 2018 and one of 2017."""
    rows = [
        ItemDraft(
            "czj", "TZ01", f"通知{n}", "<p>正文</p>", published_at=datetime(2018, 3, 1, n % 24, tzinfo=UTC)
        )
        for n in range(60)
    ]
    rows.append(
        ItemDraft("city", "TZ01", "旧通知", "<p>正文</p>", published_at=datetime(2017, 3, 1, tzinfo=UTC))
    )
    import_items(catalogue.people["office"], rows, source="两年")
    return catalogue


def text(answer):
    return answer.content.decode()


def test_the_years_figures_open_to_their_rows_page_by_page(year, client: Client):
    page = text(client.get("/figures/2018/"))
    assert 'href="/figures/disclosure.items/2018/all/"' in page
    assert 'href="/figures/2017/"' in page
    first = text(client.get("/figures/disclosure.items/2018/unit-czj/"))
    second = text(client.get("/figures/disclosure.items/2018/unit-czj/?page=2"))
    assert first.count('href="/info/201803/') == 50
    assert second.count('href="/info/201803/') == 10
    assert text(client.get("/figures/disclosure.items/2018/unit-czj/?page=99")) == second


def test_the_newest_year_is_shown_when_none_is_named(year, client: Client):
    assert "2018年政务公开数据" in text(client.get("/figures/"))


@pytest.mark.parametrize(
    "address",
    ["/figures/2016/", "/figures/no.such/2018/all/", "/figures/disclosure.items/2018/moon/",
     "/figures/disclosure.items/0/all/", "/reports/czj/2018/own/", "/reports/city/2018/whole/figures/x/2018/all/"],
)  # fmt: skip
def test_what_does_not_exist_is_not_found(year, client: Client, address):
    assert client.get(address).status_code == 404


def test_a_hidden_item_is_in_no_row(year, client: Client):
    item = Item.objects.get(title="通知7")
    withdraw_item(year.people["office"], item.pk, "误发")
    for number in (1, 2):
        assert "通知7<" not in text(client.get(f"/figures/disclosure.items/2018/all/?page={number}"))


def test_a_published_report_is_a_page_a_word_file_and_json_with_its_frozen_rows(year, client: Client):
    publish_report(year.people["office"], year.units["city"], 2018, whole=True)
    assert "/reports/city/2018/whole/" in text(client.get("/reports/"))
    page = text(client.get("/reports/city/2018/whole/"))
    link = "/reports/city/2018/whole/figures/disclosure.items/2018/all/"
    assert f'href="{link}"' in page
    word = client.get("/reports/city/2018/whole/report.docx")
    assert word.content[:2] == b"PK"
    data = json.loads(client.get("/reports/city/2018/whole/report.json").content)
    assert {"label": "主动公开政府信息", "value": 60}.items() <= data["figures"][0].items()
    withdraw_item(year.people["office"], Item.objects.get(title="通知7").pk, "误发")
    frozen = text(client.get(link))
    assert "撤回或者变动1条" in frozen
    assert "定稿时间" in frozen


def test_a_refusal_is_shown_as_its_sentence(year, client: Client, monkeypatch):
    def refuse(year):
        raise Refusal("2031年的节假日安排尚未录入。")

    monkeypatch.setattr("mingzheng.measure.services.year_figures", refuse)
    answer = client.get("/figures/2018/")
    assert answer.status_code == 400
    assert "2031年的节假日安排尚未录入。" in text(answer)

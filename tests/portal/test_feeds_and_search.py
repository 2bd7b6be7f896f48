"""What is published is in the feeds and is found; what is withdrawn is in neither, at once."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from lxml import etree

from mingzheng.portal.publisher import publish_changed, publish_full
from mingzheng.portal.rendering import render_xml
from mingzheng.portal.search import results
from mingzheng.portal.searching.services import sweep
from mingzheng.publish.items.services import withdraw_item

ATOM = "{http://www.w3.org/2005/Atom}"
FEEDS = ("/feed.xml", "/units/czj/feed.xml", "/units/czj/dt01/feed.xml", "/units/czj/dt/feed.xml")


def titles_in(portal, feed: str) -> list[str]:
    root = etree.fromstring(portal.read(feed).encode())
    return [entry.findtext(f"{ATOM}title") for entry in root.findall(f"{ATOM}entry")]


def found(query: str, **asked: object) -> list[str]:
    sweep()
    answer = Client().get("/search/", {"q": query, **asked})
    assert answer.status_code == 200
    page = BeautifulSoup(answer.content.decode(), "html.parser")
    return [link.get_text() for link in page.select(".found .entry-title")]


@pytest.mark.parametrize("feed", FEEDS)
def test_a_feed_holds_what_is_public_newest_first(portal, feed):
    portal.bring_in_many(3)
    portal.bring_in(portal.draft("不予公开的", openness="closed", non_disclosure_reason="属于内部事务信息"))
    publish_full()
    assert titles_in(portal, feed) == ["第3条动态", "第2条动态", "第1条动态"]


@pytest.mark.parametrize("feed", FEEDS)
def test_a_feed_follows_each_publication_and_withdrawal(portal, feed):
    portal.bring_in(portal.draft("去年的通知"))
    publish_full()
    item = portal.publish("关于召开会议的通知")
    publish_changed()
    assert titles_in(portal, feed) == ["关于召开会议的通知", "去年的通知"]
    portal.amend(item, title="关于召开会议的补充通知")
    publish_changed()
    assert titles_in(portal, feed) == ["关于召开会议的补充通知", "去年的通知"]
    withdraw_item(portal.office, item.pk, "内容有误")
    publish_changed()
    assert titles_in(portal, feed) == ["去年的通知"]


def test_a_columns_feed_goes_with_its_last_item(portal):
    [item] = portal.bring_in(portal.draft("唯一的通知"))
    publish_full()
    assert portal.has("/units/czj/dt01/feed.xml")
    withdraw_item(portal.office, item.pk, "内容有误")
    publish_changed()
    assert not portal.has("/units/czj/dt01/feed.xml")


def test_a_columns_feed_holds_its_newest_ten_and_is_left_alone_by_older_ones(portal):
    items = portal.bring_in_many(15)
    publish_full()
    assert titles_in(portal, "/units/czj/dt01/feed.xml") == [
        f"第{number}条动态" for number in range(15, 5, -1)
    ]
    portal.amend(items[0], title="改了的旧动态")
    assert "/units/czj/dt01/feed.xml" not in publish_changed().written
    withdraw_item(portal.office, items[9].pk, "内容有误")
    assert "/units/czj/dt01/feed.xml" in publish_changed().written
    assert len(titles_in(portal, "/units/czj/dt01/feed.xml")) == 10


def test_an_amendment_is_told_by_the_time_of_the_entry(portal):
    [item] = portal.bring_in(portal.draft("通知"))
    portal.amend(item, title="补充通知")
    publish_full()
    entry = etree.fromstring(portal.read("/units/czj/dt01/feed.xml").encode()).find(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}published") == "2018-01-02T09:00:00+08:00"
    assert entry.findtext(f"{ATOM}updated") > "2019"


def test_titles_that_are_no_xml_stand_in_a_feed_that_is(portal):
    portal.bring_in(portal.draft("关于<管理>&“专项资金”的通知"))
    publish_full()
    for feed in FEEDS:
        assert titles_in(portal, feed) == ["关于<管理>&“专项资金”的通知"]
    line = {"title": "\x01<\x0b\ufffe&"}
    [title] = etree.fromstring(render_xml("atom.xml", lines=[line])).findall(f".//{ATOM}entry/{ATOM}title")
    assert title.text == "<&"


def test_the_feed_of_another_unit_is_its_own(portal):
    portal.bring_in_many(1)
    publish_full()
    assert titles_in(portal, "/units/hexi/feed.xml") == []


def test_pages_name_their_feeds(portal):
    portal.bring_in_many(1)
    publish_full()
    for page, feed in (
        ("/", "/feed.xml"),
        ("/units/czj/", "/units/czj/feed.xml"),
        ("/units/czj/dt01/", "/units/czj/dt01/feed.xml"),
    ):
        link = BeautifulSoup(portal.read(page), "html.parser").find("link", type="application/atom+xml")
        assert link["href"] == feed
        assert portal.has(feed)


@pytest.mark.parametrize(
    "query",
    ["会议", "召开 通知", "示财〔2018〕7号", "示财[2018]7号", "示财（2018）7 号", "  会议  "],
)
def test_words_and_numbers_in_any_spelling_find_the_document(portal, query):
    portal.publish("关于召开会议的通知", column="ZC0101", doc_no="示财〔2018〕7号", issuer="示范市财政局")
    portal.publish("关于放假的公告")
    assert found(query) == ["关于召开会议的通知"]


def test_what_is_not_public_is_not_found(portal):
    portal.bring_in(
        portal.draft("不予公开的会议", openness="closed", non_disclosure_reason="属于内部事务信息")
    )
    item = portal.publish("公开的会议")
    assert found("会议") == ["公开的会议"]
    withdraw_item(portal.office, item.pk, "内容有误")
    assert found("会议") == []


def test_all_that_is_found_is_listed_once_over_its_pages(portal, monkeypatch):
    monkeypatch.setattr(results, "SIZE", 2)
    portal.bring_in_many(5)
    pages = [found("动态", page=number) for number in (1, 2, 3, 4)]
    assert pages == [
        ["第5条动态", "第4条动态"],
        ["第3条动态", "第2条动态"],
        ["第1条动态"],
        ["第1条动态"],
    ]  # past the end: the last


@pytest.mark.parametrize(
    "query",
    ["", " ", "%", "_", "'; DROP TABLE items_item; --", "<script>alert(1)</script>", "字" * 10_000, "\0", "（" * 50, "a " * 500],
)  # fmt: skip
@pytest.mark.parametrize("number", ["1", "-3", "0", "99999999999", "x", "１"])
def test_hostile_queries_find_nothing_and_break_nothing(portal, query, number):
    portal.bring_in_many(1)
    sweep()
    answer = Client().get("/search/", {"q": query, "page": number})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()
    assert found(query) == []

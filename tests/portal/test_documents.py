"""What pages say about the life of documents, and that every change reaches exactly the pages that show it."""

from __future__ import annotations

from datetime import date

import pytest
from bs4 import BeautifulSoup

from mingzheng.portal.publisher import publish_changed, publish_full, verify
from mingzheng.publish.documents.services import relate, retract
from mingzheng.publish.items.services import hide_item


@pytest.fixture
def same(portal, use_home):
    """Asserts that the pages are those of a full build."""

    def check():
        changed = portal.files()
        home = portal.home
        other = type(portal)(portal.city, use_home(f"other{len(list(home.parent.iterdir()))}"))
        publish_full()
        assert other.files() == changed
        from django.conf import settings

        settings.HOME, settings.PUBLIC_DIR = home, home / "public"

    return check


@pytest.fixture
def pair(portal):
    """A new and an old document of the finance bureau."""
    new, old = portal.bring_in(
        portal.draft("新办法", column="ZC0101", doc_no="示财〔2017〕2号", written_on=date(2017, 4, 1), expires_on=date(2099, 1, 1)),
        portal.draft("老办法", column="ZC0101", doc_no="示财〔2016〕1号", written_on=date(2016, 4, 1), expires_on=date(2099, 1, 1)),
    )  # fmt: skip
    return new, old


def notices(portal, item):
    page = BeautifulSoup(portal.read(portal.path(item)), "html.parser")
    return [each.get_text() for each in page.select(".standing p")]


def record(portal, item):
    page = BeautifulSoup(portal.read(portal.path(item)), "html.parser")
    return {row.dt.get_text(): row.dd.get_text() for row in page.select(".record > div")}


def test_both_pages_show_a_repeal_with_links_and_follow_its_retraction(portal, pair, same):
    new, old = pair
    publish_full()
    made = relate(portal.office, new, old, "repeals", date(2018, 5, 1))
    outcome = publish_changed()
    assert {portal.path(new), portal.path(old), "/units/czj/zc0101/"} <= set(outcome.written)
    assert notices(portal, old) == ["本文件已被《新办法》（示财〔2017〕2号）废止，自2018年5月1日起生效。"]
    assert notices(portal, new) == ["本文件废止《老办法》（示财〔2016〕1号）。"]
    assert f'href="{portal.path(new)}"' in portal.read(portal.path(old))
    assert record(portal, old)["有效性"] == "废止"
    assert record(portal, old)["废止日期"] == "2018年5月1日"
    assert '<span class="tag">废止</span>' in portal.read("/units/czj/zc0101/")
    same()
    retract(portal.office, "relation", made.pk, reason="登记有误")
    publish_changed()
    assert (notices(portal, old), notices(portal, new)) == ([], [])
    same()


def test_a_coming_repeal_is_announced_and_the_document_still_holds(portal, pair):
    new, old = pair
    relate(portal.office, new, old, "replaces", date(2098, 1, 1))
    publish_full()
    assert notices(portal, old) == ["本文件将被《新办法》（示财〔2017〕2号）代替，自2098年1月1日起生效。"]
    assert record(portal, old)["有效性"] == "有效"


def test_a_withdrawn_document_is_not_named_by_those_on_which_it_acts(portal, pair, same):
    new, old = pair
    relate(portal.office, new, old, "amends", date(2018, 5, 1))
    publish_full()
    hide_item(portal.office, new.pk, code="other", reason="内容有误")
    publish_changed()
    assert notices(portal, old) == ["本文件已被另一份文件修改，自2018年5月1日起生效。"]
    assert "新办法" not in portal.read(portal.path(old))
    assert record(portal, old)["有效性"] == "已修改"
    same()
    assert verify().findings == []


def test_a_document_ends_on_its_pages_the_day_it_comes(portal, monkeypatch, same):
    from datetime import UTC, datetime

    from django.utils import timezone

    from mingzheng.portal.work import work_once

    [item] = portal.bring_in(portal.draft("短期办法", column="ZC0101", expires_on=date(2031, 6, 1)))
    monkeypatch.setattr(timezone, "now", lambda: datetime(2031, 5, 31, 15, 59, tzinfo=UTC))
    publish_full()
    work_once()
    assert record(portal, item)["有效性"] == "有效"
    monkeypatch.setattr(timezone, "now", lambda: datetime(2031, 5, 31, 16, 0, tzinfo=UTC))
    said = []
    work_once(said.append)
    assert said[0] == "今天有1件文件的效力发生变化，相关页面即将更新。"
    assert record(portal, item)["有效性"] == "失效"
    assert notices(portal, item) == ["本文件有效期已经届满，自2031年6月1日起失效。"]
    assert ">失效</span>" in portal.read("/units/czj/zc0101/")
    said.clear()
    work_once(said.append)
    assert said == []
    same()


def test_filing_and_clean_up_stand_in_the_record(portal, pair):
    from mingzheng.publish.documents.services import clean_up, file_document

    new, _ = pair
    publish_full()
    file_document(
        portal.office, new.pk, filed_on=date(2018, 5, 3), number="示备〔2018〕1号", authority="示范市人民政府"
    )
    clean_up(portal.office, {new.pk: "kept"}, year=2018, on=date(2018, 6, 1), basis="示政〔2018〕9号")
    publish_changed()
    shown = record(portal, new)
    assert shown["备案"] == "2018年5月3日报示范市人民政府备案，备案号示备〔2018〕1号"
    assert shown["清理结果"] == "2018年清理：继续有效（示政〔2018〕9号）"


def titles(portal, path):
    page = BeautifulSoup(portal.read(path), "html.parser")
    return [link.get_text() for link in page.select(".library-table .c-title a")]


def test_the_library_has_a_list_for_every_year_theme_unit_and_validity(portal):
    import json

    portal.bring_in(
        portal.draft("甲办法", column="ZC0101", doc_no="示财〔2016〕1号", written_on=date(2016, 4, 1), theme="2.1", expires_on=date(2099, 1, 1)),
        portal.draft("乙办法", unit="city", column="ZC0201", doc_no="示政〔2017〕2号", written_on=date(2017, 4, 1), theme="3", expires_on=date(2018, 1, 1)),
        portal.draft("不是规范性文件", unit="daj", column="ZC0102", doc_no="示财〔2017〕3号", written_on=date(2017, 4, 1)),
    )  # fmt: skip
    publish_full()
    assert titles(portal, "/documents/") == ["乙办法", "甲办法"]
    expected = {
        "year/2016": ["甲办法"], "year/2017": ["乙办法"], "theme/2": ["甲办法"], "theme/3": ["乙办法"],
        "status/valid": ["甲办法"], "status/expired": ["乙办法"], "unit/czj": ["甲办法"], "unit/city": ["乙办法"],
    }  # fmt: skip
    for path, names in expected.items():
        assert titles(portal, f"/documents/{path}/") == names
        assert f'href="/documents/{path}/"' in portal.read("/documents/")
    rows = json.loads(portal.read("/documents/documents.json"))
    assert [row[0] for row in rows] == ["乙办法", "甲办法"]
    assert 'href="/documents/unit/czj/"' in portal.read("/units/czj/")
    assert 'href="/documents/unit/daj/"' not in portal.read("/units/daj/")
    assert 'href="/documents/"' in portal.read("/")


def test_the_library_follows_every_change_and_no_more(portal, pair, same):
    new, old = pair
    publish_full()
    portal.amend(new, written_on=date(2016, 5, 1), theme="2")
    outcome = publish_changed()
    assert "/documents/year/2017/" in outcome.removed
    assert {"/documents/year/2016/", "/documents/theme/2/", "/documents/documents.json"} <= set(
        outcome.written
    )
    same()
    relate(portal.office, new, old, "repeals", date(2018, 5, 1))
    publish_changed()
    assert titles(portal, "/documents/status/repealed/") == ["老办法"]
    same()
    hide_item(portal.office, old.pk, code="other", reason="内容有误")
    publish_changed()
    assert not portal.has("/documents/status/repealed/")
    same()
    portal.publish("一条动态", column="DT01")
    assert not [path for path in publish_changed().written if path.startswith("/documents/")]


def test_the_directory_of_what_is_open_on_request_names_it_and_shows_no_body(portal, same):
    reason = {"openness": "on_request", "non_disclosure_reason": "涉及第三方合法权益"}
    portal.bring_in(portal.draft("台账甲", body="<p>不可见的正文</p>", doc_no="示财〔2018〕8号", **reason))
    publish_full()
    shown = portal.read("/units/czj/on-request/201801.html")
    assert "台账甲" in shown
    assert "示财〔2018〕8号" in shown
    assert 'href="/units/czj/on-request/201801.html"' in portal.read("/units/czj/on-request/")
    assert 'href="/units/czj/on-request/"' in portal.read("/units/czj/")
    assert not [name for name, text in portal.files().items() if "不可见的正文".encode() in text]
    item = portal.publish("台账乙", **reason)
    month = f"/units/czj/on-request/{item.first_published_at:%Y%m}.html"
    assert month in publish_changed().written
    same()
    hide_item(portal.office, item.pk, code="other", reason="有误")
    assert month in publish_changed().removed
    same()


def test_a_gazette_comes_out_is_corrected_and_names_nothing_that_was_withdrawn(portal, pair, same):
    from mingzheng.publish.documents.services import publish_issue, set_contents, start_issue

    new, old = pair
    issue = start_issue(portal.office, year=2018, number=1, title="公报第1期", issued_on=date(2018, 2, 1))
    given = {"title": "公报第1期", "issued_on": date(2018, 2, 1)}
    contents = [(new.pk, "市政府文件"), (old.pk, "部门文件")]
    set_contents(portal.office, issue.pk, contents=contents, **given)
    publish_full()
    assert not portal.has("/gazette/2018/1/")
    assert "暂无政府公报" in portal.read("/gazette/")
    publish_issue(portal.office, issue.pk)
    assert set(publish_changed().written) == {
        "/gazette/",
        "/gazette/2018/1/",
        "/sitemap-portal.xml",
    }
    page = BeautifulSoup(portal.read("/gazette/2018/1/"), "html.parser")
    assert [each.get_text() for each in page.select("main h2")] == ["市政府文件", "部门文件"]
    assert [each["href"] for each in page.select(".gazette-list a")] == [portal.path(new), portal.path(old)]
    assert 'href="/gazette/2018/1/"' in portal.read("/gazette/")
    same()
    set_contents(portal.office, issue.pk, contents=contents[::-1], reason="调整次序。", **given)
    publish_changed()
    assert "更正：调整次序。" in portal.read("/gazette/2018/1/")
    hide_item(portal.office, old.pk, code="other", reason="有误")
    publish_changed()
    shown = portal.read("/gazette/2018/1/")
    assert "老办法" not in shown
    assert "该文件已撤回" in shown
    same()


def test_long_lists_are_cut_into_pages_that_follow_every_change(portal, monkeypatch, same):
    from mingzheng.portal.families import library

    monkeypatch.setattr(library, "SIZE", 2)
    made = portal.bring_in(
        *(
            portal.draft(
                f"第{number}号办法",
                column="ZC0101",
                doc_no=f"示财〔2016〕{number}号",
                written_on=date(2016, 4, 1),
            )
            for number in range(1, 6)
        )
    )
    publish_full()
    assert titles(portal, "/documents/year/2016/") == ["第5号办法", "第4号办法"]
    assert titles(portal, "/documents/year/2016/p3.html") == ["第1号办法"]
    assert 'href="/documents/year/2016/p2.html"' in portal.read("/documents/year/2016/")
    hide_item(portal.office, made[4].pk, code="other", reason="有误")
    publish_changed()
    assert not portal.has("/documents/year/2016/p3.html")
    same()
    portal.amend(made[0], written_on=date(2015, 4, 1))
    publish_changed()
    same()

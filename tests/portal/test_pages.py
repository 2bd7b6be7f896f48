"""What each page family carries: the tags of the rule book, its facts, and escaped text."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest

from mingzheng.portal.publisher import publish_full
from mingzheng.portal.rendering import render_plain
from mingzheng.publish.catalogue.services import adjust_for_unit, column_by_code

SITE_TAGS = {"SiteName", "SiteDomain", "SiteIDCode"}
COLUMN_TAGS = {"ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType"}
ARTICLE_TAGS = {"ArticleTitle", "PubDate", "ContentSource"}
FAMILIES = [
    ("/", SITE_TAGS),
    ("/404.html", SITE_TAGS),
    ("/units/", SITE_TAGS | COLUMN_TAGS),
    ("/units/czj/", SITE_TAGS | COLUMN_TAGS),
    ("/units/czj/zc/", SITE_TAGS | COLUMN_TAGS),
    ("/units/czj/dt01/p1.html", SITE_TAGS | COLUMN_TAGS),
]


def tags(html: str) -> dict[str, str]:
    found = re.findall(r'<meta name="([A-Z]\w+)" content="([^"]*)">', html)
    assert len(found) == len(dict(found)), "a tag stands twice"
    return {name: unescape(value) for name, value in found}


@pytest.fixture
def document(portal):
    [item] = portal.bring_in(
        portal.draft(
            '关于"专项资金"<管理>的通知', column="ZC0102", doc_no="示财〔2018〕7号", written_on=date(2017, 12, 25),
            effective_on=date(2018, 1, 1), repealed_on=date(2019, 1, 1), theme="4.1", keywords="专项资金,管理",
            abstract="专项资金管理办法", issuer="示范市财政局办公室",
            attachments=[("通知.pdf", "/files/1.pdf"), ("坏链接", "javascript:alert(1)")],
        )
    )  # fmt: skip
    return item


@pytest.mark.parametrize(("path", "expected"), FAMILIES)
def test_families_carry_their_tags(portal, document, path, expected):
    portal.bring_in_many(41)
    publish_full()
    found = tags(portal.read(path))
    assert set(found) & (SITE_TAGS | COLUMN_TAGS | ARTICLE_TAGS) == expected
    assert all(found.values())


def test_an_item_carries_the_article_tags(portal, document):
    publish_full()
    html = portal.read(portal.path(document))
    found = tags(html)
    assert SITE_TAGS | COLUMN_TAGS | ARTICLE_TAGS | {"Keywords", "Author", "Description", "Url"} == set(found)
    assert found["ArticleTitle"] == document.title
    assert found["PubDate"] == "2018-01-02 09:00"
    assert found["Url"] == f"https://{found['SiteDomain']}{portal.path(document)}"
    assert unescape(re.search(r"<h1>(.*)</h1>", html)[1]) == document.title
    assert f">{found['SiteIDCode']}</dd>" in html
    assert f'发布时间：<time datetime="{found["PubDate"]}">{found["PubDate"]}</time>' in html


def test_an_item_shows_its_record(portal, document):
    publish_full()
    html = portal.read(portal.path(document))
    record = dict(re.findall(r"<dt>([^<]+)</dt><dd[^>]*>([^<]+)</dd></div>\n", html))
    assert {
        "索引号": document.index_no,
        "主题分类": "财政、金融、审计/财政",
        "发布机构": "示范市财政局",
        "发文机关": "示范市财政局办公室",
        "文号": "示财〔2018〕7号",
        "成文日期": "2017年12月25日",
        "发布日期": "2018年1月2日",
        "有效性": "废止",
        "关键词": "专项资金,管理",
    }.items() <= record.items()
    assert "<管理>" not in html
    assert 'href="/files/1.pdf"' in html
    assert "javascript:" not in html


def test_the_shell_spliced_pages_are_those_of_the_plain_templates(portal):
    from mingzheng.portal.families import facts as families
    from mingzheng.portal.families.units import directory

    city = families.CityFacts(date(2018, 6, 1))
    seen = {}
    city.html = lambda family, context: seen.update(family=family, context=context) or b""
    directory(city)
    plain = render_plain(seen["family"], seen["context"], city.site.shown, city.site.nav)
    assert city.site.shell.render(seen["family"], seen["context"]) == plain


def test_a_renamed_column_shows_its_own_name_in_the_unit(portal):
    portal.bring_in_many(1)
    portal.bring_in_many(1, unit="city")
    adjust_for_unit(
        portal.office, portal.city.units["czj"], column_by_code("DT01"), kind="rename",
        on=date(2018, 1, 1), reason="与职能一致", name="财政要闻",
    )  # fmt: skip
    publish_full()
    assert "<h1>财政要闻</h1>" in portal.read("/units/czj/dt01/")
    assert "财政要闻" not in portal.read("/units/city/dt01/")

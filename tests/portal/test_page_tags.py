"""Every page of every family carries the tags of the rule book once, says the same in them as on the page, and links well."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from mingzheng.measure.services import publish_report
from mingzheng.portal.publisher import publish_full
from mingzheng.portal.rendering import FAMILIES, Shell
from mingzheng.portal.searching.services import sweep
from mingzheng.portal.sites import services as sites
from mingzheng.portal.sites.models import SiteAct
from mingzheng.publish.documents.services import publish_issue, set_contents, start_issue
from mingzheng.publish.items.services import InterpretationDraft, tombstone_item
from mingzheng.publish.placements.services import add_entry, start_topic

SITE = {"SiteName", "SiteDomain", "SiteIDCode"}
COLUMN = {"ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType"}
ARTICLE = {"ArticleTitle", "PubDate", "ContentSource"}
OPTIONAL = {"Keywords", "Author", "Description", "Image", "Url"}
LEVELS = {
    "home": SITE,
    "withdrawn": SITE,
    "error": SITE,
    "search": SITE,
    "search_advanced": SITE,
    "api": SITE,
    "site_notice": SITE,
    "message": SITE,
    "item": SITE | COLUMN | ARTICLE,
    "report": SITE | COLUMN | ARTICLE,
}
"""Families that are not a column's own page."""


class Tagged:
    """One page as a checker reads it."""

    def __init__(self, family: str, path: str, html: str) -> None:
        self.family, self.path, self.html = family, path, html
        self.page = BeautifulSoup(html, "html.parser")
        self.tags: dict[str, list[str]] = {}
        for meta in self.page.find_all("meta", attrs={"name": True}):
            self.tags.setdefault(meta["name"], []).append(meta.get("content", ""))

    def one(self, name: str) -> str:
        [value] = self.tags[name]
        return value


@pytest.fixture
def every_page(portal, monkeypatch) -> list[Tagged]:
    """The pages of a small city with something of everything; their families as the site's shell was asked for them."""
    seen: list[Tagged] = []
    render = Shell.render

    def noted(self: Shell, family: str, context) -> str:
        html = render(self, family, context)
        seen.append(Tagged(family, context["page"].get("path", ""), html))
        return html

    monkeypatch.setattr(Shell, "render", noted)
    document, told, gone = portal.bring_in(
        portal.draft('关于"专项资金"<管理>的</script>办法', column="ZC0102", doc_no="示财〔2018〕7号", written_on=date(2017, 12, 25),
                     theme="4.1", keywords="专项资金", abstract="怎样管理<资金>", source_key="a"),
        portal.draft("一图读懂办法", column="JD0205", interpretation=InterpretationDraft("own", form="graphic", document_key="a")),
        portal.draft("有误的通知"),
    )  # fmt: skip
    portal.bring_in_many(41)
    portal.bring_in(
        portal.draft("可以申请的材料", openness="on_request", non_disclosure_reason="涉及第三方合法权益")
    )
    tombstone_item(portal.office, gone.pk, code="wrong", reason="有误")
    topic = start_topic(
        portal.office,
        portal.city.units["city"],
        slug="business",
        title="营商环境",
        intro="一站看全。",
        sections=["政策"],
    )
    add_entry(portal.office, topic.pk, told.index_no, "政策")
    given = {"title": "示范市人民政府公报2018年第1期", "issued_on": date(2018, 6, 1)}
    issue = start_issue(portal.office, year=2018, number=1, **given)
    set_contents(portal.office, issue.pk, contents=[(document.pk, "规范性文件")], **given)
    publish_issue(portal.office, issue.pk)
    publish_report(portal.office, portal.city.units["city"], 2018, whole=True)
    site = sites.apply(
        portal.office, portal.city.units["daj"], slug="daj", reason="集约化", name="示范市档案局网", id_code="0000000003",
        icp="示ICP备1号", sponsor="市档案局", contact="1",
    )  # fmt: skip
    sites.act(portal.office, site.pk, SiteAct.Kind.APPROVED, reason="同意")
    sites.act(portal.office, site.pk, SiteAct.Kind.OPENED, reason="检测通过")
    today = timezone.localdate()
    sites.act(portal.office, site.pk, SiteAct.Kind.SUSPENDED, reason="机房搬迁", ends_on=today)
    publish_full()
    sweep()
    browser = Client(raise_request_exception=False)
    for path in ("/search/", "/search/?q=动态", "/search/?q=没有的词", "/figures/2018/", "/figures/disclosure.items/2018/all/",
                 "/reports/", "/reports/city/2018/whole/", "/reports/city/2018/whole/figures/disclosure.items/2018/all/",
                 "/no/such/page", "/-/qr?path=x", "/search/advanced/", "/api/v1/docs"):  # fmt: skip
        browser.get(path)
    return seen


def faults_of(found: Tagged) -> Iterator[str]:
    """What is wrong with the tags of a page (国办发〔2017〕47号)."""
    expected = LEVELS.get(found.family, SITE | COLUMN)
    known = SITE | COLUMN | ARTICLE
    if set(found.tags) & known != expected:
        yield f"has {sorted(set(found.tags) & known)}"
    for name, values in found.tags.items():
        if name in known | OPTIONAL and (len(values) != 1 or not values[0].strip()):
            yield f"{name} is {values}"
    codes = [each.get_text() for each in found.page.select(".foot dd.num")]
    if found.one("SiteIDCode") not in codes:
        yield "the code in the footer is another"
    headings = found.page.find_all("h1")
    if len(headings) != 1 or not headings[0].get_text(strip=True):
        yield f"has {len(headings)} first headings"
    if found.page.html["lang"] != "zh-CN" or not found.page.title.get_text(strip=True):
        yield "has no language or no title"
    if len(set(found.page.title.get_text().split("_"))) != len(found.page.title.get_text().split("_")):
        yield f"says the same twice in its title: {found.page.title.get_text()}"
    base = f"https://{found.one('SiteDomain')}/"
    if "ArticleTitle" in found.tags:
        if found.one("ArticleTitle") != headings[0].get_text():
            yield "the tag ArticleTitle is not the heading"
        datetime.strptime(found.one("PubDate"), "%Y-%m-%d %H:%M")
        if f"发布时间：{found.one('PubDate')}" not in found.page.select_one("main").get_text():
            yield "the tag PubDate is not the date on the page"
        if not found.one("Url").startswith(base):
            yield f"Url is {found.one('Url')}"
    canonical = [each["href"] for each in found.page.find_all("link", rel="canonical")]
    is_indexed = "noindex" not in found.tags.get("robots", [""])[0] and found.path
    if canonical != ([base + found.path.lstrip("/")] if is_indexed else []):
        yield f"canonical is {canonical}"
    for script in found.page.find_all("script", type="application/ld+json"):
        said = json.loads(script.string)
        if said["@context"] != "https://schema.org":
            yield "has linked data of another kind"


def test_every_page_of_every_family_keeps_the_rules_of_tags(every_page):
    assert {found.family for found in every_page} | {"message"} == set(FAMILIES)
    faults = [f"{found.family} {found.path}: {fault}" for found in every_page for fault in faults_of(found)]
    assert faults == []


def linked_data(every_page, path: str, kind: str) -> dict:
    [found] = [each for each in every_page if each.path == path]
    scripts = [json.loads(each.string) for each in found.page.find_all("script", type="application/ld+json")]
    [said] = [each for script in scripts for each in script.get("@graph", [script]) if each["@type"] == kind]
    return said


def test_linked_data_tells_documents_news_units_and_the_way(every_page, portal):
    from mingzheng.publish.items.models import Item

    document = Item.objects.get(doc_no="示财〔2018〕7号")
    said = linked_data(every_page, portal.path(document), "Legislation")
    assert said["name"] == document.title
    assert said["legislationIdentifier"] == "示财〔2018〕7号"
    assert (said["legislationDate"], said["datePublished"]) == ("2017-12-25", "2018-01-02")
    assert said["legislationLegalForce"] == "InForce"
    news = Item.objects.get(title="第3条动态")
    assert linked_data(every_page, portal.path(news), "NewsArticle")["headline"] == "第3条动态"
    way = linked_data(every_page, portal.path(news), "BreadcrumbList")["itemListElement"]
    assert [each["position"] for each in way] == list(range(1, len(way) + 1))
    assert way[1]["item"] == "https://www.city.gov.cn/units/czj/"
    assert linked_data(every_page, "/", "WebSite")["name"] == "示范市人民政府"
    unit = linked_data(every_page, "/units/czj/", "GovernmentOrganization")
    assert unit["parentOrganization"]["name"] == "示范市人民政府"

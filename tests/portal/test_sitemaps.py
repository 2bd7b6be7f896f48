"""Search engines and readers find every page in the maps of the site, and nothing that is not public."""

from __future__ import annotations

from datetime import UTC, datetime

from bs4 import BeautifulSoup
from lxml import etree
from tests.portal.test_placements import same_as_a_full_build

from mingzheng.portal.families import sitemaps
from mingzheng.portal.publisher import publish_changed, publish_full
from mingzheng.publish.items.services import withdraw_item

NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
BASE = "https://www.city.gov.cn"


def addresses_in(portal, path: str) -> list[str]:
    found = etree.fromstring(portal.read(path).encode()).xpath("//s:loc/text()", namespaces=NAMES)
    assert all(each.startswith(BASE) for each in found)
    return [each.removeprefix(BASE) for each in found]


def all_addresses(portal) -> list[str]:
    return [path for part in addresses_in(portal, "/sitemap.xml") for path in addresses_in(portal, part)]


def test_the_maps_name_every_page_once_and_every_address_leads_to_a_page(portal):
    items = portal.bring_in_many(45)
    closed = portal.draft("不予公开的", openness="closed", non_disclosure_reason="属于内部事务信息")
    portal.bring_in(closed, portal.draft("另一年的", published_at=datetime(2016, 5, 1, tzinfo=UTC)))
    publish_full()
    found = all_addresses(portal)
    assert len(found) == len(set(found))
    live = {"/figures/", "/reports/"}
    assert [path for path in found if path not in live and not portal.has(path)] == []
    pages = {path for path in found if path.startswith("/info/")}
    assert {portal.path(item) for item in items} <= pages
    assert len(pages) == 46
    assert {"/", "/units/czj/", "/units/czj/dt01/", "/map/"} <= set(found)


def test_a_new_item_touches_the_map_of_its_year_alone(portal):
    year = datetime.now(UTC).year
    portal.bring_in_many(3)
    portal.bring_in(portal.draft("今年的", published_at=datetime(year, 1, 3, tzinfo=UTC)))
    publish_full()
    item = portal.publish("新的通知")
    written = [path for path in publish_changed().written if "sitemap" in path]
    assert written == [f"/units/czj/sitemap-{year}.xml"]
    assert portal.path(item) in all_addresses(portal)


def test_the_index_follows_the_first_and_the_last_item_of_a_year(portal, use_home):
    portal.bring_in_many(1)
    publish_full()
    item = portal.publish("今年第一条")
    part = f"/units/czj/sitemap-{item.first_published_at.year}.xml"
    publish_changed()
    assert part in addresses_in(portal, "/sitemap.xml")
    withdraw_item(portal.office, item.pk, "内容有误")
    publish_changed()
    assert part not in addresses_in(portal, "/sitemap.xml")
    assert not portal.has(part)
    same_as_a_full_build(portal, use_home)


def test_the_turn_of_the_year_is_that_of_the_citys_clocks(portal):
    portal.bring_in(portal.draft("元旦零点半", published_at=datetime(2017, 12, 31, 16, 30, tzinfo=UTC)))
    publish_full()
    assert any("/info/201801/" in path for path in addresses_in(portal, "/units/czj/sitemap-2018.xml"))


def test_a_map_that_would_be_too_long_is_split(portal, monkeypatch, use_home):
    monkeypatch.setattr(sitemaps, "LARGEST", 2)
    items = portal.bring_in_many(4)
    publish_full()
    assert "/units/czj/sitemap-2018-2.xml" in addresses_in(portal, "/sitemap.xml")
    portal.bring_in(portal.draft("第五条", published_at=datetime(2018, 6, 1, tzinfo=UTC)))
    publish_changed()
    assert len(addresses_in(portal, "/units/czj/sitemap-2018-3.xml")) == 1
    for item in items[:3]:
        withdraw_item(portal.office, item.pk, "内容有误")
    publish_changed()
    assert not portal.has("/units/czj/sitemap-2018-2.xml")
    same_as_a_full_build(portal, use_home)


def test_an_amended_item_has_a_later_day(portal):
    [item] = portal.bring_in(portal.draft("通知"))
    publish_full()
    assert "<lastmod>2018-01-02</lastmod>" in portal.read("/units/czj/sitemap-2018.xml")
    portal.amend(item, title="补充通知")
    publish_changed()
    assert "<lastmod>2018-01-02</lastmod>" not in portal.read("/units/czj/sitemap-2018.xml")


def test_robots_learn_where_the_map_is(portal):
    publish_full()
    assert f"Sitemap: {BASE}/sitemap.xml\n" in portal.read("/robots.txt")


def test_the_map_for_readers_names_units_and_the_columns_that_hold_something(portal):
    portal.bring_in_many(1, unit="city")
    publish_full()
    page = BeautifulSoup(portal.read("/map/"), "html.parser")
    links = {link["href"] for link in page.select("main a")}
    assert {"/units/city/dt01/", "/units/czj/", "/units/hexi/", "/search/"} <= links
    assert "/units/city/tz01/" not in links
    assert page.select_one(".foot-links a")["href"] == "/map/"

"""The two ways to pages: everything of one part as a stream, or a single page from its address."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from heapq import nlargest
from typing import Final

from django.db.models import Q

from mingzheng.portal import addresses
from mingzheng.portal.families import Page
from mingzheng.portal.families.entries import Entry
from mingzheng.portal.families.facts import LATEST, CityFacts, UnitFacts
from mingzheng.portal.families.feeds import city_feed, unit_feed
from mingzheng.portal.families.gazette import gazette_home, gazette_page, gazette_pages
from mingzheng.portal.families.home import home
from mingzheng.portal.families.items import Related, item_page, rows_of
from mingzheng.portal.families.kept_files import PREFIX, file_page, file_pages
from mingzheng.portal.families.library import library_page, library_pages
from mingzheng.portal.families.lists import list_feed_page, list_page, list_pages
from mingzheng.portal.families.requestable import read_requestable, requestable_page, requestable_pages
from mingzheng.portal.families.site_homes import look, looks, notice_css, notice_json, site_home, site_pages
from mingzheng.portal.families.site_map import site_map
from mingzheng.portal.families.sitemaps import index, map_of_unit, maps_of_unit, of_portal, robots
from mingzheng.portal.families.topics import topic_page, topic_pages, topics_home
from mingzheng.portal.families.units import directory, unit_home
from mingzheng.portal.families.withdrawn import withdrawn_pages
from mingzheng.portal.manifest import SITE_PART
from mingzheng.portal.rendering import ASSET_BASE, STATIC_DIR
from mingzheng.publish.items.models import Item


def pages_of_unit(facts: UnitFacts) -> Iterator[Page]:
    """Everything that one unit publishes. Bodies stream through; only the lines of lists stay in memory."""
    chosen = Q(unit=facts.unit)
    related = Related(unit=facts.unit.pk, interpretations=facts.unit.pk in facts.city.interpreting)
    lists: dict[int, list[Entry]] = defaultdict(list)
    entries: list[Entry] = []
    for row in rows_of(chosen):
        yield item_page(facts, row, related)
        entry = facts.entry(row)
        entries.append(entry)
        for column_id in facts.city.chain(row.column_id):
            lists[column_id].append(entry)
    # Known now, so that nothing below asks the database again.
    facts.own_counts = {column_id: len(listed) for column_id, listed in lists.items()}
    facts.latest = nlargest(LATEST, entries)
    for column_id, placed in facts.placed.items():
        lists[column_id] += placed
    for column_id in facts.kept_columns - lists.keys():
        lists[column_id] = []
    for column_id, listed in lists.items():
        yield from list_pages(facts, column_id, sorted(listed))
    yield unit_home(facts)
    yield from site_pages(facts)
    yield unit_feed(facts)
    yield from maps_of_unit(facts, entries)
    yield from withdrawn_pages(facts)
    yield from requestable_pages(facts)


def pages_of_site(city: CityFacts) -> Iterator[Page]:
    """The pages that belong to no single unit, and the style sheets and images of all pages."""
    for family in SITE_PAGES.values():
        yield family(city)
    yield from library_pages(city)
    yield from gazette_pages(city)
    yield from topic_pages(city)
    yield from looks(city)
    for path in sorted(STATIC_DIR.iterdir()):
        yield Page(f"{ASSET_BASE}{path.name}", "asset", SITE_PART, path.read_bytes())
    yield from file_pages()


def render(city: CityFacts, path: str) -> Page | None:
    """The page with that address, None when there is none (any more)."""
    if path in SITE_PAGES:
        return SITE_PAGES[path](city)
    if path.startswith(PREFIX):
        return file_page(path)
    if path.startswith(ASSET_BASE):
        return look(city, path) or _asset(path)
    if path.startswith(addresses.DOCUMENTS):
        return library_page(city, path)
    if path.startswith(addresses.GAZETTE):
        return gazette_page(city, path)
    if path.startswith(addresses.TOPICS):
        return topic_page(city, path)
    if (directory_of := read_requestable(path)) is not None:
        of_unit, month = directory_of
        unit_id = city.unit_ids.get(of_unit)
        return requestable_page(city.unit_facts(unit_id), month) if unit_id else None
    if (item_id := addresses.read_item(path)) is not None:
        return _item(city, item_id, path)
    if (item_id := addresses.read_gone(path)) is not None:
        return _withdrawn(city, item_id, path)
    if (slug := addresses.read_site(path)) is not None:
        return site_home(city, slug)
    if (code := addresses.read_unit(path)) is not None:
        unit_id = city.unit_ids.get(code)
        return unit_home(city.unit_facts(unit_id)) if unit_id else None
    if (code := addresses.read_feed(path)) is not None:
        unit_id = city.unit_ids.get(code)
        return unit_feed(city.unit_facts(unit_id)) if unit_id else None
    if (of_list := addresses.read_list_feed(path)) is not None:
        unit_id, column_id = city.unit_ids.get(of_list[0]), city.column_ids.get(of_list[1])
        return list_feed_page(city.unit_facts(unit_id), column_id) if unit_id and column_id else None
    if (part := addresses.read_sitemap(path)) is not None:
        unit_id = city.unit_ids.get(part[0])
        return map_of_unit(city.unit_facts(unit_id), part[1], part[2]) if unit_id else None
    if (place := addresses.read_list(path)) is not None:
        code, slug, number = place
        unit_id, column_id = city.unit_ids.get(code), city.column_ids.get(slug)
        return list_page(city.unit_facts(unit_id), column_id, number) if unit_id and column_id else None
    return None


def _asset(path: str) -> Page | None:
    name = path.removeprefix(ASSET_BASE)
    known = {each.name: each for each in STATIC_DIR.iterdir()}
    return Page(path, "asset", SITE_PART, known[name].read_bytes()) if name in known else None


def _item(city: CityFacts, item_id: int, path: str) -> Page | None:
    row = next(rows_of(Q(pk=item_id)), None)
    if row is None or addresses.item_path(row.id, row.first_published_at) != path:
        return None
    return item_page(city.unit_facts(row.unit_id), row, Related(pk=item_id))


def _withdrawn(city: CityFacts, item_id: int, path: str) -> Page | None:
    unit_id = Item.objects.filter(pk=item_id).values_list("unit_id", flat=True).first()
    if unit_id is None:
        return None
    page = next(withdrawn_pages(city.unit_facts(unit_id), pk=item_id), None)
    return page if page is not None and page.path == path else None


def not_found(city: CityFacts) -> Page:
    """What a visitor of an unknown address sees."""
    context = {
        "page": {"title": "页面不存在", "path": addresses.NOT_FOUND, "url": city.site.address("/404.html")},
        "code": "404",
        "links": [{"title": "网站地图", "url": addresses.MAP}, {"title": "单位名录", "url": addresses.UNITS}],
    }
    html = city.html("error", context)
    return Page(addresses.NOT_FOUND, "error", SITE_PART, html)


def unavailable(city: CityFacts) -> Page:
    """What a web server shows while the program behind search, figures and the desk does not answer."""
    path = addresses.UNAVAILABLE
    context = {
        "page": {"title": "暂时无法使用", "path": path, "url": city.site.address(path), "noindex": True},
        "code": "502",
        "title": "该功能暂时无法使用",
        "message": "搜索、公开数据等功能正在维护或者暂时繁忙，请稍后再试。已公开的信息不受影响，可以继续浏览。",
        "links": [{"title": "单位名录", "url": addresses.UNITS}],
    }
    return Page(path, "error", SITE_PART, city.html("error", context))


SITE_PAGES: Final = {
    addresses.HOME: home,
    addresses.UNITS: directory,
    addresses.FEED: city_feed,
    addresses.GAZETTE: gazette_home,
    addresses.TOPICS: topics_home,
    addresses.MAP: site_map,
    addresses.SITEMAP: index,
    addresses.SITEMAP_OF_PORTAL: of_portal,
    addresses.ROBOTS: robots,
    addresses.NOT_FOUND: not_found,
    addresses.UNAVAILABLE: unavailable,
    addresses.NOTICE_CSS: notice_css,
    addresses.NOTICE: notice_json,
}

"""The maps of the site for search engines (sitemaps.org), and what they may not visit.

Each unit has a map of its home and lists, and one for the items of each year. So a new item touches its year's map
alone, and the index only when a unit begins to publish in a year.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from django.db.models import Count, Max, Min, QuerySet

from mingzheng.portal import addresses
from mingzheng.portal.families import Page
from mingzheng.portal.families.entries import ENTRY_FIELDS, Entry
from mingzheng.portal.families.facts import CityFacts, UnitFacts
from mingzheng.portal.families.gazette import FACT as GAZETTE_FACT
from mingzheng.portal.families.gazette import issue_paths
from mingzheng.portal.families.topics import FACT as TOPICS_FACT
from mingzheng.portal.families.topics import topic_paths
from mingzheng.portal.manifest import SITE_PART
from mingzheng.portal.rendering import render_xml
from mingzheng.publish.items.models import Item

FAMILY: Final = "sitemap"
LARGEST: Final = 50_000
"""Addresses in one file, as the protocol allows."""
_STANDING: Final = (
    addresses.HOME, addresses.UNITS, addresses.DOCUMENTS, addresses.GAZETTE, addresses.TOPICS, addresses.FIGURES,
    addresses.REPORTS, addresses.MAP,
)  # fmt: skip
Line = tuple[str, str]
"""An address and the day of its last change, which may be unknown."""


def columns_fact(unit_id: int) -> str:
    """What a page depends on that names the columns in which a unit has published something."""
    return f"columns:{unit_id}"


def index(city: CityFacts) -> Page:
    """The index of all maps."""
    years = _counts(city)
    paths = [addresses.SITEMAP_OF_PORTAL]
    for unit in city.units.values():
        paths.append(addresses.sitemap_path(unit.code))
        for year, count in sorted(years.get(unit.pk, {}).items()):
            paths += [addresses.sitemap_path(unit.code, year, number) for number in map_numbers(count)]
    content = render_xml("sitemap_index.xml", base=city.site.address(""), paths=paths)
    noted = tuple(f"unit:{pk}" for pk in city.units)
    return Page(addresses.SITEMAP, FAMILY, SITE_PART, content, noted)


def of_portal(city: CityFacts) -> Page:
    """The pages that belong to no unit, those apart that answer live."""
    lines = [(path, "") for path in (*_STANDING, *topic_paths(), *issue_paths())]
    return _page(city, addresses.SITEMAP_OF_PORTAL, SITE_PART, lines, (TOPICS_FACT, GAZETTE_FACT))


def robots(city: CityFacts) -> Page:
    """What search engines may not visit: what is counted, drawn or sought for each visitor."""
    text = f"User-agent: *\nDisallow: /-/\nDisallow: {addresses.SEARCH}\n\nSitemap: {city.site.address(addresses.SITEMAP)}\n"
    return Page(addresses.ROBOTS, FAMILY, SITE_PART, text.encode())


def maps_of_unit(facts: UnitFacts, entries: Iterable[Entry]) -> Iterator[Page]:
    """All maps of a unit, from all its entries."""
    yield _of_lists(facts)
    years: dict[int, list[Entry]] = defaultdict(list)
    for entry in entries:
        years[_year(entry)].append(entry)
    for year, found in years.items():
        found.sort()
        for number in map_numbers(len(found)):
            yield _of_items(facts, year, number, found[(number - 1) * LARGEST : number * LARGEST])


def map_of_unit(facts: UnitFacts, year: int | None, number: int) -> Page | None:
    """One map of a unit from the database, None when there is none."""
    if year is None:
        return _of_lists(facts)
    rows = items_of(facts, year).order_by("first_published_at", "id").values_list(*ENTRY_FIELDS, named=True)
    found = [Entry.of(row, None) for row in rows[(number - 1) * LARGEST : number * LARGEST]]
    return _of_items(facts, year, number, found) if found else None


def items_of(facts: UnitFacts, year: int) -> QuerySet[Item]:
    """The unit's public items that were first published in that year of the city's time."""
    start, end = (datetime(each, 1, 1, tzinfo=addresses.CITY_TIME) for each in (year, year + 1))
    return Item.objects.public().filter(
        unit=facts.unit, first_published_at__gte=start, first_published_at__lt=end
    )


def map_numbers(count: int) -> range:
    """The numbers of the files that hold so many addresses."""
    return range(1, -(-count // LARGEST) + 1)


def _counts(city: CityFacts) -> dict[int, dict[int, int]]:
    """How many public items each unit has of each year; a query for each year, all from an index."""
    ends = Item.objects.public().aggregate(Min("first_published_at"), Max("first_published_at"))
    first, last = ends.values()
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for year in range(addresses.city_year(first), addresses.city_year(last) + 1) if first else ():
        start, end = (datetime(each, 1, 1, tzinfo=addresses.CITY_TIME) for each in (year, year + 1))
        rows = Item.objects.public().filter(first_published_at__gte=start, first_published_at__lt=end)
        for unit_id, count in rows.order_by().values_list("unit").annotate(Count("pk")):
            found[unit_id][year] = count
    return found


def _year(entry: Entry) -> int:
    return int(entry.line["date"][:4])


def _of_lists(facts: UnitFacts) -> Page:
    code, columns = facts.unit.code, facts.city.view.columns
    lists = sorted(columns[pk].slug for pk in facts.counts)
    lines = [(facts.path, ""), *((addresses.list_path(code, slug), "") for slug in lists)]
    noted = (columns_fact(facts.unit.pk),)
    return _page(facts.city, addresses.sitemap_path(code), facts.unit.pk, lines, noted)


def _of_items(facts: UnitFacts, year: int, number: int, found: list[Entry]) -> Page:
    lines = [(each.line["url"], addresses.city_minute(each.changed_at)[:10]) for each in found]
    path = addresses.sitemap_path(facts.unit.code, year, number)
    return _page(facts.city, path, facts.unit.pk, lines)


def _page(city: CityFacts, path: str, part: int, lines: list[Line], noted: tuple[str, ...] = ()) -> Page:
    content = render_xml("sitemap.xml", base=city.site.address(""), lines=lines)
    return Page(path, FAMILY, part, content, noted)

"""Atom feeds: what the whole city, one unit, one column of a unit, and one topic published last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from mingzheng.portal import addresses
from mingzheng.portal.families import Page
from mingzheng.portal.families.entries import Entry
from mingzheng.portal.families.facts import CityFacts, UnitFacts
from mingzheng.portal.manifest import SITE_PART
from mingzheng.portal.rendering import render_xml
from mingzheng.publish.items.models import Item

FAMILY: Final = "feed"
CITY_LINES: Final = 50
LINES: Final = 10
"""Items in the feed of a column or a topic."""
_BEGIN: Final = datetime(2008, 5, 1, tzinfo=addresses.CITY_TIME)  # the first Regulation takes effect


Line = dict[str, str]


def _line(title: str, path: str, at: datetime, changed_at: datetime, unit: str = "") -> Line:
    """One item of a feed; ``unit`` is empty where the feed as a whole names it."""
    return {
        "title": title, "path": path, "published": _time(at), "updated": _time(changed_at), "unit": unit,
    }  # fmt: skip


def city_feed(city: CityFacts) -> Page:
    """The newest items of all units."""
    rows = Item.objects.public().order_by("-first_published_at", "-id")
    found = rows.values_list("id", "title", "first_published_at", "amended_at", "unit_id")[:CITY_LINES]
    lines = [
        _line(title, addresses.item_path(pk, at), at, amended or at, city.units[unit].name)
        for pk, title, at, amended, unit in found
    ]
    title = f"{city.site.name}最新公开"
    content = _atom(city.site.address(""), title, city.site.name, addresses.HOME, addresses.FEED, lines)
    noted = ("items", *(f"unit:{pk}" for pk in city.units))
    return Page(addresses.FEED, FAMILY, SITE_PART, content, noted)


def unit_feed(facts: UnitFacts) -> Page:
    """The newest items of one unit: those that its disclosure home shows."""
    name, path = facts.unit.name, addresses.feed_path(facts.unit.code)
    content = _atom(_base(facts), f"{name}政府信息公开", name, facts.path, path, _lines(facts.latest))
    return Page(path, FAMILY, facts.unit.pk, content)


def list_feed(facts: UnitFacts, column_id: int, newest: Sequence[Entry]) -> Page:
    """The newest items of a column's list, given newest first."""
    place, name = facts.place(column_id), facts.unit.name
    path = addresses.list_feed_path(facts.unit.code, place.column.slug)
    content = _atom(_base(facts), f"{place.name}_{name}", name, place.path, path, _lines(newest[:LINES]))
    return Page(path, FAMILY, facts.unit.pk, content)


def topic_feed(city: CityFacts, title: str, author: str, about: str, entries: Iterable[Entry]) -> bytes:
    """The newest items of a topic."""
    lines = _lines(sorted(entries, reverse=True)[:LINES])
    return _atom(city.site.address(""), title, author, about, f"{about}feed.xml", lines)


def _base(facts: UnitFacts) -> str:
    return facts.site.address("")


def _lines(entries: Iterable[Entry]) -> list[Line]:
    return [
        _line(each.line["title"], each.line["url"], each.first_published_at, each.changed_at)
        for each in entries
    ]


def _time(at: datetime) -> str:
    return at.astimezone(addresses.CITY_TIME).isoformat(timespec="seconds")


def _atom(base: str, title: str, author: str, about: str, path: str, lines: Sequence[Line]) -> bytes:
    """A feed without items keeps the day on which feeds began, not the moment of its making."""
    updated = max((line["updated"] for line in lines), default=_time(_BEGIN))
    return render_xml(
        "atom.xml", base=base, title=title, author=author, about=about, path=path, updated=updated,
        lines=lines,
    )  # fmt: skip

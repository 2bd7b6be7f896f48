"""Atom feeds: what the whole city, and what one unit, published last."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from io import StringIO
from typing import Final, NamedTuple

from django.utils.feedgenerator import Atom1Feed

from mingzheng.portal import addresses
from mingzheng.portal.families import Page
from mingzheng.portal.families.facts import CityFacts, UnitFacts
from mingzheng.portal.manifest import SITE_PART
from mingzheng.portal.site import Face
from mingzheng.publish.items.models import Item

FAMILY: Final = "feed"
CITY_LINES: Final = 50
_NOT_XML: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class Line(NamedTuple):
    """One item of a feed."""

    title: str
    path: str
    at: datetime
    unit: str


def city_feed(city: CityFacts) -> Page:
    """The newest items of all units."""
    rows = Item.objects.public().order_by("-first_published_at", "-id")
    found = rows.values_list("id", "title", "first_published_at", "unit_id")[:CITY_LINES]
    lines = [
        Line(title, addresses.item_path(pk, at), at, city.units[unit].name) for pk, title, at, unit in found
    ]
    content = _atom(city.site, f"{city.site.name}最新公开", addresses.HOME, addresses.FEED, lines)
    noted = ("items", *(f"unit:{pk}" for pk in city.units))
    return Page(addresses.FEED, FAMILY, SITE_PART, content, noted)


def unit_feed(facts: UnitFacts) -> Page:
    """The newest items of one unit: those that its disclosure home shows."""
    name, path = facts.unit.name, addresses.feed_path(facts.unit.code)
    lines = [
        Line(each.line["title"], each.line["url"], each.first_published_at, name) for each in facts.latest
    ]
    content = _atom(facts.site, f"{name}政府信息公开", facts.path, path, lines)
    return Page(path, FAMILY, facts.unit.pk, content)


def _atom(site: Face, title: str, about: str, path: str, lines: Sequence[Line]) -> bytes:
    address = site.address
    feed = _Feed(title, address(about), title, language="zh-CN", feed_url=address(path))
    for line in lines:
        feed.add_item(
            _NOT_XML.sub("", line.title), address(line.path), "", unique_id=address(line.path), author_name=line.unit,
            pubdate=line.at.astimezone(addresses.CITY_TIME), updateddate=line.at.astimezone(addresses.CITY_TIME),
        )  # fmt: skip
    written = StringIO()
    feed.write(written, "utf-8")
    return written.getvalue().encode()


class _Feed(Atom1Feed):
    """A feed without items keeps the day on which feeds began, not the moment of its making."""

    def latest_post_date(self) -> datetime:
        return max((item["updateddate"] for item in self.items), default=_BEGIN)


_BEGIN: Final = datetime(2008, 5, 1, tzinfo=addresses.CITY_TIME)  # the first Regulation takes effect

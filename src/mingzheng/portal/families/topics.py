"""Topic pages (专题): the list of them, and each with its items by sections."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

from mingzheng.portal import addresses
from mingzheng.portal.families import Page
from mingzheng.portal.families.entries import ENTRY_FIELDS, Entry
from mingzheng.portal.families.facts import CityFacts
from mingzheng.portal.manifest import SITE_PART
from mingzheng.publish.documents.services import Standing, is_document
from mingzheng.publish.items.models import Item
from mingzheng.publish.placements.models import Topic

FAMILY: Final = "topic"
NAME: Final = "专题"
FACT: Final = "topics"
_PATH: Final = re.compile(rf"{addresses.TOPICS}([a-z0-9-]{{1,40}})/")


def topic_path(slug: str) -> str:
    return f"{addresses.TOPICS}{slug}/"


def topic_pages(city: CityFacts) -> Iterator[Page]:
    """The page of every topic; the page of them all is one of the site's own."""
    for topic in _topics():
        yield _topic_page(city, topic)


def topic_page(city: CityFacts, path: str) -> Page | None:
    """The page of one topic, None when there is none."""
    match = _PATH.fullmatch(path)
    topic = _topics().filter(slug=match[1]).first() if match else None
    return _topic_page(city, topic) if topic else None


def _topics() -> Any:
    return Topic.objects.select_related("unit").order_by("-pk")


def topics_home(city: CityFacts) -> Page:
    """All topics, the open ones first."""
    groups: dict[str, list[dict[str, str]]] = {"进行中": [], "已归档": []}
    for each in _topics():
        line = {"title": each.title, "url": topic_path(each.slug), "intro": each.intro}
        groups[each.get_state_display()].append(line)
    context = {
        "page": _page(city, addresses.TOPICS, NAME),
        "nav_current": None,
        "crumbs": [{"title": "首页", "url": addresses.HOME}, {"title": NAME}],
        "groups": [{"name": name, "topics": topics} for name, topics in groups.items() if topics],
    }
    return Page(addresses.TOPICS, FAMILY, SITE_PART, city.html(FAMILY, context), (FACT,))


def _topic_page(city: CityFacts, topic: Topic) -> Page:
    path = topic_path(topic.slug)
    entries = list(topic.entries.values_list("item_id", "section"))
    lines = _lines(city, topic)
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for pk, section in entries:
        if pk in lines:
            rows[section].append(lines[pk])
    context = {
        "page": _page(city, path, topic.title),
        "crumbs": [
            {"title": "首页", "url": addresses.HOME}, {"title": NAME, "url": addresses.TOPICS}, {"title": topic.title},
        ],
        "topic": {
            "title": topic.title, "intro": topic.intro, "archived": topic.state == Topic.State.ARCHIVED,
            "unit": topic.unit.name, "unit_url": addresses.unit_path(topic.unit.code),
        },
        "sections": [{"name": name, "rows": rows[name]} for name in topic.sections if rows[name]],
    }  # fmt: skip
    noted = (FACT, f"unit:{topic.unit_id}", *(f"item:{pk}" for pk, _ in entries))
    return Page(path, FAMILY, SITE_PART, city.html(FAMILY, context), noted)


def _lines(city: CityFacts, topic: Topic) -> dict[int, dict[str, Any]]:
    """The public items of a topic by id: of what was withdrawn since, nothing is said."""
    found = Item.objects.public().filter(topic_entries__topic=topic)
    rows = list(found.values_list(*ENTRY_FIELDS, named=True))
    standing = Standing(city.normative, topic_entries__topic=topic.pk)
    return {
        row.id: Entry.of(
            row, standing.validity(row, city.today) if is_document(row, city.normative) else None
        ).line
        for row in rows
    }


def _page(city: CityFacts, path: str, title: str) -> dict[str, Any]:
    tags = {"name": title, "description": title, "keywords": f"{NAME},{city.root.name}", "type": NAME}
    return {"title": title, "path": path, "url": city.site.address(path), "column": tags}

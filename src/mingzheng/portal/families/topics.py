"""Topic pages (专题): the list of them, and each with its items by sections."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Final

from mingzheng.portal import addresses
from mingzheng.portal.families import Page
from mingzheng.portal.families.entries import ENTRY_FIELDS, Entry
from mingzheng.portal.families.facts import CityFacts
from mingzheng.portal.families.feeds import FAMILY as FEED_FAMILY
from mingzheng.portal.families.feeds import topic_feed
from mingzheng.portal.manifest import SITE_PART
from mingzheng.publish.documents.services import Standing, is_document
from mingzheng.publish.items.models import Item
from mingzheng.publish.placements.models import Topic

FAMILY: Final = "topic"
NAME: Final = "专题"
FACT: Final = "topics"
_PATH: Final = re.compile(rf"{addresses.TOPICS}([a-z0-9-]{{1,40}})/(feed\.xml)?")


def topic_path(slug: str) -> str:
    return f"{addresses.TOPICS}{slug}/"


def topic_feed_path(slug: str) -> str:
    return f"{topic_path(slug)}feed.xml"


def topic_pages(city: CityFacts) -> Iterator[Page]:
    """The page and the feed of every topic; the page of them all is one of the site's own."""
    for topic in _topics():
        yield _topic_page(city, topic)
        yield _topic_feed(city, topic)


def topic_page(city: CityFacts, path: str) -> Page | None:
    """The page or the feed of one topic, None when there is none."""
    match = _PATH.fullmatch(path)
    topic = _topics().filter(slug=match[1]).first() if match else None
    if match is None or topic is None:
        return None
    return _topic_feed(city, topic) if match[2] else _topic_page(city, topic)


def topic_links() -> list[dict[str, str]]:
    """A link to every topic, the open ones first."""
    found = sorted(_topics(), key=lambda each: each.state == Topic.State.ARCHIVED)
    return [{"title": each.title, "url": topic_path(each.slug)} for each in found]


def topic_paths() -> list[str]:
    """The address of every topic."""
    return [topic_path(slug) for slug in _topics().values_list("slug", flat=True)]


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
    found = _entries(city, topic)
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for pk, section in entries:
        if pk in found:
            rows[section].append(found[pk].line)
    context = {
        "page": _page(city, path, topic.title) | {"feed": topic_feed_path(topic.slug)},
        "crumbs": [
            {"title": "首页", "url": addresses.HOME}, {"title": NAME, "url": addresses.TOPICS}, {"title": topic.title},
        ],
        "topic": {
            "title": topic.title, "intro": topic.intro, "archived": topic.state == Topic.State.ARCHIVED,
            "unit": topic.unit.name, "unit_url": addresses.unit_path(topic.unit.code),
        },
        "sections": [{"name": name, "rows": rows[name]} for name in topic.sections if rows[name]],
    }  # fmt: skip
    noted = _noted(topic, [pk for pk, _ in entries])
    return Page(path, FAMILY, SITE_PART, city.html(FAMILY, context), noted)


def _topic_feed(city: CityFacts, topic: Topic) -> Page:
    path = topic_path(topic.slug)
    content = topic_feed(city, topic.title, topic.unit.name, path, _entries(city, topic).values())
    noted = _noted(topic, topic.entries.values_list("item_id", flat=True))
    return Page(topic_feed_path(topic.slug), FEED_FAMILY, SITE_PART, content, noted)


def _noted(topic: Topic, item_ids: Iterable[int]) -> tuple[str, ...]:
    return (FACT, f"unit:{topic.unit_id}", *(f"item:{pk}" for pk in item_ids))


def _entries(city: CityFacts, topic: Topic) -> dict[int, Entry]:
    """The public items of a topic by id: of what was withdrawn since, nothing is said."""
    found = Item.objects.public().filter(topic_entries__topic=topic)
    rows = list(found.values_list(*ENTRY_FIELDS, named=True))
    standing = Standing(city.normative, topic_entries__topic=topic.pk)
    return {
        row.id: Entry.of(
            row, standing.validity(row, city.today) if is_document(row, city.normative) else None
        )
        for row in rows
    }


def _page(city: CityFacts, path: str, title: str) -> dict[str, Any]:
    tags = {"name": title, "description": title, "keywords": f"{NAME},{city.root.name}", "type": NAME}
    return {"title": title, "path": path, "url": city.site.address(path), "column": tags}

"""专题: starting a topic, what stands in it, archiving. By whoever manages the catalogue or publishes in its unit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from django.db import transaction
from django.db.models import Max

from mingzheng.city import audit
from mingzheng.city.models import Person, Unit
from mingzheng.city.permissions import Access
from mingzheng.city.services import emit, require
from mingzheng.law.errors import Refusal
from mingzheng.publish.items.models import Item
from mingzheng.publish.placements.models import Topic, TopicEntry

MOST: Final = 500
MOST_SECTIONS: Final = 12
_SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
Contents = Sequence[tuple[int, str]]
"""Items in order, each with its section."""


def may_manage(access: Access, unit: Unit) -> bool:
    return access.may("catalogue.manage", unit) or access.may("item.publish", unit)


def start_topic(
    actor: Person, unit: Unit, *, slug: str, title: str, intro: str, sections: Sequence[str]
) -> Topic:
    """Begin a topic; it is on the site at once, empty."""
    _require(actor, unit)
    slug = slug.strip()
    if not _SLUG.fullmatch(slug) or len(slug) > 40:
        raise Refusal(f"网址名“{slug[:40]}”有误，应由小写字母、数字和短横组成，不超过40个字符。")
    with transaction.atomic():
        if Topic.objects.filter(slug=slug).exists():
            raise Refusal(f"网址名“{slug}”已由另一个专题使用。")
        topic = Topic(slug=slug, unit=unit)
        _describe(topic, title, intro, sections)
        topic.save()
        _note(actor, "topic.started", topic)
    return topic


def set_contents(
    actor: Person, topic_id: int, *, title: str, intro: str, sections: Sequence[str], contents: Contents
) -> Topic:
    """Set what a topic is called and what stands in it, as a whole. What was withdrawn meanwhile may stay listed."""
    with transaction.atomic():
        topic = _locked_open(actor, topic_id)
        _describe(topic, title, intro, sections)
        ids = [pk for pk, _ in contents]
        if len(ids) > MOST:
            raise Refusal(f"专题收入{len(ids)}条信息，超过{MOST}条的上限。")
        if len(set(ids)) < len(ids):
            raise Refusal("同一条信息在一个专题中只能收入一次。")
        for _, section in contents:
            _check_section(topic, section)
        kept = set(topic.entries.values_list("item_id", flat=True))
        public = Item.objects.public().filter(pk__in=ids).values_list("pk", flat=True)
        if not set(ids) <= kept | set(public):
            raise Refusal("收入专题的须是已经公开的信息。")
        topic.save(update_fields=["title", "intro", "sections"])
        topic.entries.all().delete()
        TopicEntry.objects.bulk_create(
            TopicEntry(topic=topic, item_id=pk, section=section, sort=sort)
            for sort, (pk, section) in enumerate(contents, start=1)
        )
        _note(actor, "topic.assembled", topic)
    return topic


def add_entry(actor: Person, topic_id: int, index_no: str, section: str) -> TopicEntry:
    """Put the public item with that index number at the end of a section."""
    with transaction.atomic():
        topic = _locked_open(actor, topic_id)
        _check_section(topic, section)
        index_no = index_no.strip()
        item = Item.objects.public().filter(index_no=index_no).defer("body").first()
        if item is None:
            raise Refusal(f"没有索引号为“{index_no[:40]}”的已公开信息。")
        if topic.entries.filter(item=item).exists():
            raise Refusal(f"《{item.title}》已经收入专题“{topic}”。")
        if topic.entries.count() >= MOST:
            raise Refusal(f"专题最多收入{MOST}条信息。")
        last = topic.entries.aggregate(last=Max("sort"))["last"] or 0
        made = TopicEntry.objects.create(topic=topic, item=item, section=section, sort=last + 1)
        _note(actor, "topic.assembled", topic)
    return made


def archive(actor: Person, topic_id: int) -> Topic:
    """Close a topic: it stays readable, marked as archived, and changes no more."""
    with transaction.atomic():
        topic = _locked_open(actor, topic_id)
        topic.state = Topic.State.ARCHIVED
        topic.save(update_fields=["state"])
        _note(actor, "topic.archived", topic)
    return topic


def _describe(topic: Topic, title: str, intro: str, sections: Sequence[str]) -> None:
    topic.title, topic.intro = " ".join(title.split()), intro.strip()
    if not topic.title or len(topic.title) > 80:
        raise Refusal("专题名称不能为空，也不能超过80个字符。")
    if len(topic.intro) > 500:
        raise Refusal(f"专题导语有{len(topic.intro)}个字符，超过500个字符的上限。")
    named = [" ".join(each.split()) for each in sections if each.strip()]
    if not named or len(named) > MOST_SECTIONS or len(set(named)) < len(named):
        raise Refusal(f"专题须有1至{MOST_SECTIONS}个分栏，名称不得重复。")
    if too_long := next((each for each in named if len(each) > 40), ""):
        raise Refusal(f"分栏名称“{too_long[:20]}…”超过40个字符的上限。")
    topic.sections = named


def _check_section(topic: Topic, section: str) -> None:
    if section not in topic.sections:
        raise Refusal(f"专题“{topic}”没有分栏“{section[:40]}”，请先移走其中的信息或者选择其他分栏。")


def _require(actor: Person, unit: Unit) -> None:
    if not Access(actor).may("catalogue.manage", unit):
        require(actor, "item.publish", unit)


def _locked_open(actor: Person, topic_id: int) -> Topic:
    topic = Topic.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=topic_id).first()
    if topic is None:
        raise Refusal("没有这个专题，请刷新页面后再试。")
    _require(actor, topic.unit)
    if topic.state == Topic.State.ARCHIVED:
        raise Refusal(f"专题“{topic}”已经归档，不能再改。")
    return topic


def _note(actor: Person, verb: str, topic: Topic) -> None:
    entries = topic.entries.count()
    audit.append(actor, verb, f"topic:{topic.slug}", {"title": topic.title, "entries": entries})
    emit("topic.changed", slug=topic.slug)

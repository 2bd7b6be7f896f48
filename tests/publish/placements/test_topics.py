"""专题: who may put one together, what is refused, and that an archived one stays as it is."""

from __future__ import annotations

import pytest
from django.utils import timezone

from mingzheng.city.models import OutboxEvent
from mingzheng.city.services import NotAllowed
from mingzheng.law.errors import Refusal
from mingzheng.publish.items.models import Item
from mingzheng.publish.items.services import ItemDraft, import_items
from mingzheng.publish.placements.services import add_entry, archive, set_contents, start_topic

GIVEN = {"slug": "budget", "title": "预算公开", "intro": "", "sections": ["预算", "决算"]}


@pytest.fixture
def signer(catalogue):
    return catalogue.people["czj-signer"]


@pytest.fixture
def items(catalogue):
    drafts = [
        ItemDraft("czj", "DT01", f"信息{n}", "<p>一。</p>", published_at=timezone.now()) for n in (1, 2)
    ]
    report = import_items(catalogue.people["office"], drafts, source="test")
    return list(Item.objects.filter(pk__in=report.ids).order_by("pk"))


@pytest.fixture
def topic(catalogue, signer):
    return start_topic(signer, catalogue.units["czj"], **GIVEN)


def test_items_are_added_ordered_and_told(topic, items, signer):
    for item in items:
        add_entry(signer, topic.pk, item.index_no, "预算")
    contents = [(items[1].pk, "决算"), (items[0].pk, "预算")]
    described = {name: GIVEN[name] for name in ("title", "intro", "sections")}
    set_contents(signer, topic.pk, **described, contents=contents)
    assert list(topic.entries.values_list("item_id", "section")) == contents
    assert OutboxEvent.objects.filter(topic="topic.changed").last().payload == {"slug": "budget"}


def test_what_is_refused(catalogue, topic, items, signer):
    with pytest.raises(NotAllowed):
        start_topic(signer, catalogue.units["hexi"], **GIVEN)
    with pytest.raises(Refusal, match="已由另一个专题使用"):
        start_topic(signer, catalogue.units["czj"], **GIVEN)
    with pytest.raises(Refusal, match="网址名"):
        start_topic(signer, catalogue.units["czj"], **GIVEN | {"slug": "预算"})
    with pytest.raises(Refusal, match="分栏"):
        start_topic(signer, catalogue.units["czj"], **GIVEN | {"slug": "a", "sections": []})
    with pytest.raises(Refusal, match="没有分栏"):
        add_entry(signer, topic.pk, items[0].index_no, "其他")
    with pytest.raises(Refusal, match="没有索引号"):
        add_entry(signer, topic.pk, "没有", "预算")
    add_entry(signer, topic.pk, items[0].index_no, "预算")
    with pytest.raises(Refusal, match="已经收入"):
        add_entry(signer, topic.pk, items[0].index_no, "决算")
    with pytest.raises(NotAllowed):
        add_entry(catalogue.people["hexi-office"], topic.pk, items[1].index_no, "预算")


def test_an_archived_topic_changes_no_more(topic, items, signer):
    archive(signer, topic.pk)
    with pytest.raises(Refusal, match="已经归档"):
        add_entry(signer, topic.pk, items[0].index_no, "预算")

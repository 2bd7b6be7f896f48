"""Placing and pushing: who may, what is refused, who decides, and that every act is told and recorded."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from mingzheng.city.models import AuditEntry, OutboxEvent
from mingzheng.city.permissions import Access, NotAllowed
from mingzheng.law.errors import Refusal
from mingzheng.publish.catalogue.services import column_by_code
from mingzheng.publish.items.models import Item
from mingzheng.publish.items.services import ItemDraft, import_items, withdraw_item
from mingzheng.publish.placements.models import Placement
from mingzheng.publish.placements.services import (
    decide,
    end,
    pin,
    place,
    set_push,
    turn_placements,
    waiting_pushes,
)

TODAY = timezone.localdate


@pytest.fixture
def signer(catalogue):
    return catalogue.people["czj-signer"]


@pytest.fixture
def item(catalogue):
    drafts = [ItemDraft("czj", "DT01", "财政动态", "<p>一。</p>", published_at=timezone.now())]
    report = import_items(catalogue.people["office"], drafts, source="test")
    return Item.objects.get(pk=report.ids[0])


@pytest.fixture
def put(catalogue, item, signer):
    """Places the item."""

    def put(unit="czj", column="TZ01", by=signer, **days):
        return place(by, item, catalogue.units[unit], column_by_code(column), **days)

    return put


def last(topic="item.placed"):
    return OutboxEvent.objects.filter(topic=topic).order_by("pk").last()


def test_within_its_own_unit_an_item_stands_at_once(put, item):
    made = put()
    assert made.state == "accepted"
    assert made.starts_on == TODAY()
    assert last().payload == {"item_id": item.pk, "unit_id": made.unit_id, "column_id": made.column_id}
    assert AuditEntry.objects.filter(verb="placement.made", subject=f"item:{item.pk}").count() == 1


def test_a_push_waits_for_the_other_unit(put, catalogue, signer):
    made = put("hexi")
    assert made.state == "waiting"
    with pytest.raises(NotAllowed):
        decide(signer, made.pk, True)
    officer = catalogue.people["hexi-office"]
    assert [each.pk for each in waiting_pushes(Access(officer))] == [made.pk]
    assert not waiting_pushes(Access(signer)).exists()
    assert decide(officer, made.pk, True).decided_by == officer
    with pytest.raises(Refusal, match="不必再办"):
        decide(officer, made.pk, True)


def test_a_push_is_refused_with_a_reason_and_may_be_tried_again(put, catalogue):
    officer = catalogue.people["hexi-office"]
    made = put("hexi")
    with pytest.raises(Refusal, match="须写明理由"):
        decide(officer, made.pk, False, " ")
    assert decide(officer, made.pk, False, "与本县无关").state == "refused"
    assert put("hexi").pk == made.pk
    assert Placement.objects.get().state == "waiting"


def test_a_unit_may_take_pushes_without_looking(put, catalogue, signer):
    with pytest.raises(NotAllowed):
        set_push(signer, catalogue.units["hexi"], True)
    set_push(catalogue.people["hexi-office"], catalogue.units["hexi"], True)
    assert put("hexi").state == "accepted"


def test_what_is_refused(put, item, catalogue):
    with pytest.raises(Refusal, match="主栏目"):
        put(column="DT01")
    with pytest.raises(Refusal, match="没有栏目"):
        put(column="ZC0202")
    with pytest.raises(Refusal, match="早于"):
        put(ends_on=TODAY() - timedelta(days=1))
    with pytest.raises(NotAllowed):
        put(by=catalogue.people["czj-writer"])
    with pytest.raises(NotAllowed):
        put(by=catalogue.people["hexi-office"])
    put()
    with pytest.raises(Refusal, match="不能重复设置"):
        put()
    withdraw_item(catalogue.people["office"], item.pk, "内容有误")
    with pytest.raises(Refusal, match="没有公开"):
        put("hexi")


def test_pinning_and_ending(put, catalogue, signer):
    made = put()
    with pytest.raises(Refusal, match="已经过去"):
        pin(signer, made.pk, TODAY() - timedelta(days=1))
    assert pin(signer, made.pk, TODAY()).pinned_until == TODAY()
    with pytest.raises(NotAllowed):
        end(catalogue.people["hexi-office"], made.pk, "不合适")
    assert end(signer, made.pk, "展示期满").state == "ended"
    with pytest.raises(Refusal, match="已经结束"):
        end(signer, made.pk, "展示期满")
    assert put().pinned_until is None


def test_a_push_not_yet_taken_in_cannot_be_pinned_and_either_side_ends_it(put, catalogue):
    made = put("hexi")
    officer = catalogue.people["hexi-office"]
    with pytest.raises(Refusal, match="不能置顶"):
        pin(officer, made.pk, TODAY())
    assert end(officer, made.pk, "不再需要").state == "ended"


def test_the_night_tells_what_begins_ends_and_is_pinned_no_more(put, signer):
    today = TODAY()
    day = timedelta(days=1)
    made = put(starts_on=today, ends_on=today + 2 * day)
    pin(signer, made.pk, today)
    assert turn_placements(today) == 1  # the first time everything that ever began is told
    assert [turn_placements(today + n * day) for n in (0, 1, 1, 2, 3, 9)] == [0, 1, 0, 0, 1, 0]
    assert last().payload["item_id"] == made.item_id
    assert Placement.objects.in_force(today + 2 * day).count() == 1
    assert Placement.objects.in_force(today + 3 * day).count() == 0

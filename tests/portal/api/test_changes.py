"""Whoever reads the feed of changes from its beginning holds exactly what the interface shows."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connections, transaction
from tests.portal.api.conftest import ON_POSTGRES, Asking
from tests.portal.test_changes_equal_a_full_build import Hand

from mingzheng.city import audit
from mingzheng.publish.catalogue.services import column_by_code
from mingzheng.publish.documents.models import DocumentRelation
from mingzheng.publish.documents.services import relate, retract
from mingzheng.publish.items.models import Item
from mingzheng.publish.items.services import (
    anonymise_item,
    erase_item,
    request_erasure,
    restore_item,
    tombstone_item,
)
from mingzheng.publish.placements.services import end, place


class Mirror:
    """A copy of the public information, kept by the feed alone."""

    def __init__(self, asking, size: int) -> None:
        self.asking, self.size = asking, size
        self.cursor = ""
        self.items: dict[int, Any] = {}
        self.seen: list[tuple[str, int | None]] = []

    def follow(self) -> None:
        """Read on until nothing more has happened."""
        more = True
        while more:
            page = self.asking.read(f"/changes?size={self.size}&cursor={self.cursor}")
            assert len(page["changes"]) <= self.size
            for change in page["changes"]:
                self.take(change)
            self.cursor, more = page["next"], page["more"]

    def take(self, change) -> None:
        self.seen.append((change["kind"], change["id"]))
        if change["id"] is None:
            return
        assert change["public"] is (change["item"] is not None)
        for pk in [change["id"], *change["also"]]:
            answer = self.asking.get(f"/items/{pk}")
            if answer.status_code == 200:
                self.items[pk] = answer.json()
            else:
                self.items.pop(pk, None)
        if not change["public"]:
            assert change["id"] not in self.items


def shown(asking) -> dict[int, Any]:
    """All that the interface shows."""
    rows = asking.pages("/items", "items", 200)
    return {row["id"]: asking.read(f"/items/{row['id']}") for row in rows}


class Officer(Hand):
    """Does random things, the undoing of others among them."""

    def act(self) -> None:
        self.dice.choice([
            self.publish, self.bring_in, self.interpret, self.interpret, self.relate, self.relate, self.amend, self.withdraw, self.move, self.interpret, self.restore,
            self.erase, self.tombstone, self.relate, self.retract, self.place, self.end, self.anonymise, self.hidden,
        ])()  # fmt: skip

    def _one(self, found):
        rows = list(found)
        return self.dice.choice(rows) if rows else None

    def restore(self) -> None:
        if item := self._one(Item.objects.filter(status__in=["withdrawn", "tombstone"], doc_no="")):
            restore_item(self.portal.office, item.pk, reason="核对无误")

    def erase(self) -> None:
        if item := self._one(Item.objects.exclude(status="erased")):
            request_erasure(self.portal.office, item.pk, code="privacy", reason="含有个人信息")
            erase_item(self.portal.city.people["chief"], item.pk)

    def tombstone(self) -> None:
        if item := self.some_item():
            tombstone_item(self.portal.office, item.pk, code="wrong", reason="数据有误")

    def relate(self) -> None:
        documents = list(Item.objects.public().exclude(doc_no="").order_by("pk"))
        if len(documents) > 1:
            older, newer = sorted(self.dice.sample(documents, 2), key=lambda each: each.pk)
            if not DocumentRelation.objects.filter(item=newer, other=older).exists():
                relate(self.portal.office, newer, older, "amends", newer.first_published_at.date())

    def retract(self) -> None:
        if relation := self._one(DocumentRelation.objects.standing()):
            retract(self.portal.office, "relation", relation.pk, reason="登记有误")

    def place(self) -> None:
        item = self.some_item()
        column = column_by_code("NB01")
        if item and item.unit.code == "city" and item.column != column and not item.placements.exists():
            place(self.portal.office, item, item.unit, column)

    def end(self) -> None:
        from mingzheng.publish.placements.models import Placement

        if found := self._one(Placement.objects.filter(state="accepted")):
            end(self.portal.office, found.pk, "不再需要")

    def anonymise(self) -> None:
        item = self.portal.publish(f"联系人身份证11010519491231002X{self.title()}", body="<p>正文。</p>")
        anonymise_item(self.portal.office, item.pk, reason="含有个人信息")

    def hidden(self) -> None:
        self.portal.publish(self.title(), openness="on_request", non_disclosure_reason="内部事务信息")


@pytest.mark.parametrize(("seed", "size"), [(1, 3), (2, 200), (3, 7)])
def test_a_mirror_holds_what_is_shown_after_any_history(portal, asking, seed, size):
    officer, early = Officer(portal, seed), Mirror(asking, size)
    for _ in range(6):
        for _ in range(officer.dice.randint(5, 12)):
            officer.act()
        early.follow()
        assert early.items == shown(asking)
    late = Mirror(asking, 200)
    late.follow()
    assert late.items == early.items
    assert late.seen == early.seen
    assert len(late.items) > 5


def test_every_kind_of_change_is_told_once_and_in_order(portal, asking):
    mirror = Mirror(asking, 2)
    mirror.follow()
    mirror.seen.clear()
    item = portal.publish("预算公开")
    portal.amend(item, title="预算公开（更正）")
    from mingzheng.publish.items.services import move_item, withdraw_item

    move_item(portal.office, item.pk, column_by_code("TZ01"), reason="栏目有误")
    withdraw_item(portal.office, item.pk, "内容有误")
    restore_item(portal.office, item.pk, reason="核对无误")
    request_erasure(portal.office, item.pk, code="privacy", reason="含有个人信息")
    erase_item(portal.city.people["chief"], item.pk)
    mirror.follow()
    kinds = ["published", "amended", "moved", "withdrawn", "restored", "erased"]
    assert mirror.seen == [(kind, item.pk) for kind in kinds]
    mirror.follow()
    assert len(mirror.seen) == 6


def test_of_what_was_withdrawn_since_nothing_is_given_out(portal, asking):
    from mingzheng.publish.items.services import withdraw_item

    item = portal.publish("绝密标记")
    withdraw_item(portal.office, item.pk, "内容有误")
    answer = asking.get("/changes?size=200")
    assert "绝密标记" not in answer.content.decode()
    assert [each["public"] for each in answer.json()["changes"] if each["id"] == item.pk] == [False, False]


def test_what_was_never_public_is_no_change(portal, asking):
    portal.publish("依申请公开的", openness="on_request", non_disclosure_reason="内部事务信息")
    assert [each for each in asking.read("/changes?size=200")["changes"] if each["id"]] == []


def test_a_large_import_goes_over_many_pages_without_gaps(portal, asking):
    made = portal.bring_in_many(23)
    portal.publish("之后发布的")
    for size in (1, 5, 23, 24, 200):
        mirror = Mirror(asking, size)
        mirror.follow()
        told = [pk for _, pk in mirror.seen if pk]
        assert told == sorted(told)
        assert len(told) == len(made) + 1


def test_a_cursor_from_the_future_is_refused(portal, asking):
    from mingzheng.portal.api.cursors import sealed

    status, error = asking.refused(f"/changes?cursor={sealed('changes', 10**9, 0)}")
    assert (status, error["rule"]) == (400, "cursor")
    assert "从头" in error["sentence"]


@pytest.mark.skipif(not ON_POSTGRES, reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_what_commits_late_is_not_passed_over(transactional_db):
    """A writer that has its number keeps every later one waiting; a reader meanwhile sees neither."""
    numbered, committing, done = threading.Event(), threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            audit.append(None, "unit.changed", "unit:1", {})
            numbered.set()
            committing.wait(20)
        connections.close_all()

    def late() -> None:
        numbered.wait(20)
        with transaction.atomic():
            audit.append(None, "unit.changed", "unit:2", {})
        done.set()
        connections.close_all()

    audit.append(None, "unit.changed", "unit:0", {})
    asking = Asking()
    first = _subjects(asking, "")
    writers = [threading.Thread(target=slow), threading.Thread(target=late)]
    for writer in writers:
        writer.start()
    numbered.wait(20)
    assert not done.wait(1), "the second writer must wait for the first"
    between = _subjects(asking, first[1])
    committing.set()
    for writer in writers:
        writer.join(20)
    after = _subjects(asking, between[1])
    assert (len(first[0]), len(between[0]), len(after[0])) == (1, 0, 2)


def _subjects(asking, cursor):
    page = asking.read(f"/changes?cursor={cursor}")
    return page["changes"], page["next"]

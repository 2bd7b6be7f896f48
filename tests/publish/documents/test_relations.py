"""立改废: who may register it, what is refused, what becomes of the documents, and how an error is retracted."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction
from django.db.utils import DatabaseError

from mingzheng.city import audit
from mingzheng.city.models import OutboxEvent
from mingzheng.city.services import NotAllowed
from mingzheng.law.errors import Refusal
from mingzheng.publish.documents.models import DocumentRelation
from mingzheng.publish.documents.services import Standing, relate, retract, validity
from mingzheng.publish.items.services import hide_item

OLD, NEW = date(2017, 3, 1), date(2018, 4, 1)
DAY = date(2018, 5, 1)


@pytest.fixture
def pair(document):
    return document("新办法", written_on=NEW), document("老办法", written_on=OLD)


@pytest.fixture
def signer(catalogue):
    return catalogue.people["czj-signer"]


@pytest.mark.parametrize(
    ("kind", "becomes"), [("amends", "amended"), ("replaces", "repealed"), ("repeals", "repealed")]
)
def test_what_is_done_to_a_document_holds_from_its_day_on(pair, signer, kind, becomes):
    new, old = pair
    relate(signer, new, old, kind, DAY, "第二十条")
    assert validity(old, date(2018, 4, 30)) == "valid"
    assert validity(old, DAY) == becomes
    assert validity(new, DAY) == "valid"


def test_without_a_day_the_acting_document_s_own_counts(document, signer):
    new = document("新办法", written_on=NEW, effective_on=date(2018, 6, 1))
    assert relate(signer, new, document("老办法"), "repeals").on == date(2018, 6, 1)
    undated = document("无日期")
    with pytest.raises(Refusal, match="没有施行日期和成文日期"):
        relate(signer, undated, document("另一件"), "repeals")


def test_both_pages_are_told_and_the_act_is_on_record(pair, signer):
    new, old = pair
    relate(signer, new, old, "repeals", DAY)
    event = OutboxEvent.objects.latest("pk")
    assert (event.topic, sorted(event.payload["ids"])) == ("document.changed", sorted([new.pk, old.pk]))
    assert list(audit.verify()) == []
    standing = Standing(pk=old.pk)
    [by] = standing.undergoes[old.pk]
    assert (by.title, by.doc_no, by.kind, by.public) == ("新办法", new.doc_no, "repeals", True)


def test_only_who_may_amend_in_the_acting_unit_registers(catalogue, pair, document):
    new, old = pair
    for name in ("czj-writer", "hexi-office", "reviewer", "auditor"):
        with pytest.raises(NotAllowed):
            relate(catalogue.people[name], new, old, "repeals", DAY)
    foreign = document("县里的办法", unit="hexi", column="ZC0201", written_on=OLD)
    with pytest.raises(NotAllowed):
        relate(catalogue.people["czj-signer"], foreign, old, "repeals", DAY)
    relate(catalogue.people["czj-signer"], new, foreign, "repeals", DAY)
    relate(catalogue.people["office"], new, old, "repeals", DAY)


def test_what_cannot_be_is_refused(catalogue, document, signer):
    new, old = document("新办法", written_on=NEW), document("老办法", written_on=OLD)
    plain = document("一条动态", column="DT01", doc_no="")
    hidden = document("撤回的办法", written_on=OLD)
    hide_item(catalogue.people["office"], hidden.pk, code="other", reason="有误")
    for arguments, sentence in (
        ((new, new, "repeals", DAY), "不能废止它自己"),
        ((new, old, "blesses", DAY), "没有“blesses”这种关系"),
        ((new, plain, "repeals", DAY), "不是文件"),
        ((plain, old, "repeals", DAY), "不是文件"),
        ((new, hidden, "repeals", DAY), "没有公开"),
        ((new, old, "repeals", date(2018, 3, 31)), "早于《新办法》的成文日期"),
        ((old, new, "repeals", DAY), "成文在前"),
        ((old, new, "repeals", date(2018, 3, 1)), "早于《新办法》的成文日期"),
        ((new, old, "repeals", DAY, "长" * 201), "超过200个字符"),
    ):
        with pytest.raises(Refusal, match=sentence):
            relate(signer, *arguments)
    assert not DocumentRelation.objects.exists()


def test_the_same_is_registered_once_and_what_has_ended_does_not_end_again(document, signer, pair):
    new, old = pair
    relate(signer, new, old, "amends", DAY)
    with pytest.raises(Refusal, match="已经登记"):
        relate(signer, new, old, "amends", DAY)
    relate(signer, new, old, "repeals", DAY)
    newer = document("更新的办法", written_on=NEW)
    with pytest.raises(Refusal, match="已被《新办法》废止"):
        relate(signer, newer, old, "replaces", date(2018, 6, 1))


def test_circles_are_refused_however_long(document, signer):
    first, second, third = (document(title, written_on=NEW) for title in ("甲", "乙", "丙"))
    relate(signer, first, second, "amends", DAY)
    relate(signer, second, third, "amends", DAY)
    for back in (second, third):
        with pytest.raises(Refusal, match="不能反过来"):
            relate(signer, back, first, "amends", DAY)


def test_an_error_is_retracted_with_a_reason_and_never_deleted(catalogue, pair, signer):
    new, old = pair
    made = relate(signer, new, old, "repeals", DAY)
    for verb in ("update", "delete"):
        found = DocumentRelation.objects.filter(pk=made.pk)
        with pytest.raises(DatabaseError), transaction.atomic():
            found.update(note="改") if verb == "update" else found._raw_delete("default")
    with pytest.raises(Refusal, match="须写明理由"):
        retract(signer, "relation", made.pk, reason=" ")
    with pytest.raises(NotAllowed):
        retract(catalogue.people["hexi-office"], "relation", made.pk, reason="登记有误")
    retract(signer, "relation", made.pk, reason="登记有误")
    assert validity(old, DAY) == "valid"
    assert sorted(OutboxEvent.objects.latest("pk").payload["ids"]) == sorted([new.pk, old.pk])
    with pytest.raises(Refusal, match="已经撤销"):
        retract(signer, "relation", made.pk, reason="再撤销")
    relate(signer, new, old, "amends", DAY)
    with pytest.raises(Refusal, match="没有这条登记"):
        retract(signer, "person", made.pk, reason="没有")

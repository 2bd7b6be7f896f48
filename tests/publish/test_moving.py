"""A published item goes to another column of its unit; address, number and day stay as they are."""

from __future__ import annotations

import pytest

from mingzheng.city.models import AuditEntry
from mingzheng.law.errors import Refusal
from mingzheng.publish.catalogue.services import column_by_code
from mingzheng.publish.items.models import Item
from mingzheng.publish.items.services import ItemDraft, move_item, withdraw_item


@pytest.fixture
def item(catalogue):
    return catalogue.publish(
        catalogue.people["office"], ItemDraft("czj", "DT01", "会议召开", "<p>正文。</p>")
    )


def move(catalogue, item, name="office", code="TZ01", reason="栏目有误"):
    return move_item(catalogue.people[name], item.pk, column_by_code(code), reason=reason)


@pytest.mark.parametrize("name", ["office", "czj-signer", "chief"])
def test_who_signs_in_the_unit_moves_it(catalogue, item, name):
    before = Item.objects.values("index_no", "first_published_at", "amended_at", "body").get(pk=item.pk)
    move(catalogue, item, name)
    after = Item.objects.values("index_no", "first_published_at", "amended_at", "body").get(pk=item.pk)
    assert (after, Item.objects.get(pk=item.pk).column.code) == (before, "TZ01")
    payload = AuditEntry.objects.get(verb="item.moved").payload
    assert payload == {"from": "DT01", "to": "TZ01", "reason": "栏目有误"}


@pytest.mark.parametrize("name", ["czj-writer", "reviewer", "hexi-office", "auditor", "admin"])
def test_nobody_else_does(catalogue, item, name):
    with pytest.raises(Refusal):
        move(catalogue, item, name)
    assert Item.objects.get(pk=item.pk).column.code == "DT01"


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({"code": "DT01"}, "已经在栏目"),
        ({"reason": " "}, "须写明理由"),
        ({"code": "ZC0202"}, "栏目"),
    ],
)
def test_it_goes_only_where_it_may_stand(catalogue, item, given, rule):
    with pytest.raises(Refusal, match=rule):
        move(catalogue, item, **given)


def test_what_is_withdrawn_is_not_moved(catalogue, item):
    withdraw_item(catalogue.people["office"], item.pk, "内容有误")
    with pytest.raises(Refusal, match="撤回"):
        move(catalogue, item)

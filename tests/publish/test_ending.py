"""What is published for a time goes off the site when it is over; what went out in an emergency is reviewed after."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from mingzheng.city.models import AuditEntry
from mingzheng.city.permissions import Access
from mingzheng.law.errors import Refusal
from mingzheng.publish.catalogue.services import column_by_code
from mingzheng.publish.items.models import Item
from mingzheng.publish.items.services import ItemDraft, end_due, restore_item, set_ending, withdraw_item
from mingzheng.publish.manuscripts import services
from mingzheng.publish.reviews.services import to_confirm

SECRECY = {"conclusion": "可以公开", "basis": "不涉及国家秘密、商业秘密和个人隐私。"}
SOON = timedelta(hours=1)


@pytest.fixture
def item(catalogue):
    return catalogue.publish(
        catalogue.people["office"], ItemDraft("czj", "TZ01", "公示名单", "<p>名单。</p>")
    )


def time_passes(item):
    Item.objects.filter(pk=item.pk).update(ends_at=timezone.now() - timedelta(seconds=1))


def test_an_item_goes_off_when_its_time_is_over_and_not_before(catalogue, item):
    set_ending(catalogue.people["office"], item.pk, timezone.now() + SOON)
    assert end_due() == 0
    time_passes(item)
    told = []
    assert (end_due(told.append), told) == (1, [item])
    item.refresh_from_db()
    assert (item.status, item.withdrawal_code) == ("tombstone", "ended")
    assert end_due() == 0
    entry = AuditEntry.objects.filter(verb="item.withdrawn").latest("pk")
    assert (entry.actor, entry.payload["cause"]) == (None, "到期下线")


def test_what_was_withdrawn_before_stays_as_it_is(catalogue, item):
    set_ending(catalogue.people["office"], item.pk, timezone.now() + SOON)
    withdraw_item(catalogue.people["office"], item.pk, "内容有误")
    time_passes(item)
    assert end_due() == 0
    item.refresh_from_db()
    assert item.withdrawal_reason == "内容有误"


def test_what_is_put_back_does_not_go_off_again_by_itself(catalogue, item):
    set_ending(catalogue.people["office"], item.pk, timezone.now() + SOON)
    time_passes(item)
    end_due()
    restore_item(catalogue.people["office"], item.pk, reason="延长公示")
    assert end_due() == 0


def test_the_end_is_in_the_future_and_can_be_taken_away(catalogue, item):
    office = catalogue.people["office"]
    with pytest.raises(Refusal, match="已经过去"):
        set_ending(office, item.pk, timezone.now() - SOON)
    set_ending(office, item.pk, timezone.now() + SOON)
    assert set_ending(office, item.pk, None).ends_at is None


@pytest.mark.parametrize("name", ["czj-writer", "auditor", "hexi-office"])
def test_who_may_not_withdraw_sets_no_end(catalogue, item, name):
    with pytest.raises(Refusal):
        set_ending(catalogue.people[name], item.pk, timezone.now() + SOON)


@pytest.fixture
def urgent(catalogue):
    manuscript = services.start(
        catalogue.people["czj-writer"], catalogue.units["czj"], column=column_by_code("TZ01"), title="停水通知",
        body="<p>今天停水。</p>",
    )  # fmt: skip
    services.publish_urgently(catalogue.people["duty"], manuscript.pk, reason="供水管道爆裂，须立即告知")
    return manuscript


def test_an_end_that_the_manuscript_names_holds_for_the_item(catalogue):
    until = timezone.now() + SOON
    manuscript = services.start(
        catalogue.people["czj-writer"], catalogue.units["czj"], column=column_by_code("TZ01"), title="停水通知",
        body="<p>今天停水。</p>", ends_at=until,
    )  # fmt: skip
    item = services.publish_urgently(
        catalogue.people["duty"], manuscript.pk, reason="供水管道爆裂，须立即告知"
    )
    assert Item.objects.get(pk=item.pk).ends_at == until


def waiting(catalogue, name):
    return [review.title for review in to_confirm(Access(catalogue.people[name]))]


def test_what_went_out_in_an_emergency_waits_for_who_signs_in_the_unit(catalogue, urgent):
    assert waiting(catalogue, "czj-signer") == ["停水通知"]
    assert [name for name in catalogue.people if waiting(catalogue, name)] == ["chief", "czj-signer"]
    services.confirm_afterwards(
        catalogue.people["czj-signer"], urgent.pk, opinion="属实，同意公开", secrecy=SECRECY
    )
    assert waiting(catalogue, "czj-signer") == []
    assert AuditEntry.objects.filter(verb="item.confirmed").count() == 1


@pytest.mark.parametrize(
    ("name", "opinion", "secrecy", "rule"),
    [
        ("duty", "同意公开", SECRECY, "没有"),
        ("czj-writer", "同意公开", SECRECY, "没有"),
        ("czj-signer", "", SECRECY, "写明意见"),
        ("czj-signer", "同意公开", None, "保密审查"),
        ("czj-signer", "同意公开", {"conclusion": "不宜公开", "basis": "涉密"}, "保密审查"),
    ],
)
def test_a_review_afterwards_is_a_whole_one_by_somebody_else(catalogue, urgent, name, opinion, secrecy, rule):
    with pytest.raises(Refusal, match=rule):
        services.confirm_afterwards(catalogue.people[name], urgent.pk, opinion=opinion, secrecy=secrecy)


def test_it_is_reviewed_once_and_only_if_it_was_urgent(catalogue, urgent):
    signer = catalogue.people["czj-signer"]
    services.confirm_afterwards(signer, urgent.pk, opinion="属实，同意公开", secrecy=SECRECY)
    with pytest.raises(Refusal, match="已经补审"):
        services.confirm_afterwards(catalogue.people["chief"], urgent.pk, opinion="同意公开", secrecy=SECRECY)
    other = services.start(catalogue.people["czj-writer"], catalogue.units["czj"], title="会议通知")
    with pytest.raises(Refusal, match="不需要补审"):
        services.confirm_afterwards(signer, other.pk, opinion="同意公开", secrecy=SECRECY)

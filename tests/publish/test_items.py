"""One item's life: published by the rules, amended, withdrawn; and what can never change."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from mingzheng.city import audit
from mingzheng.city.models import AuditEntry, OutboxEvent
from mingzheng.city.services import NotAllowed
from mingzheng.law.errors import Refusal
from mingzheng.publish.items.models import Item
from mingzheng.publish.items.services import (
    InterpretationDraft,
    ItemDraft,
    ItemRefused,
    item_by_index_no,
    withdraw_item,
)

TOMORROW = timezone.localdate() + timedelta(days=1)


def draft(**changes):
    made = ItemDraft("czj", "TZ01", "关于召开预算编制会议的通知", "<p>定于周五召开会议。</p>")
    for name, value in changes.items():
        setattr(made, name, value)
    return made


@pytest.fixture
def signer(catalogue):
    return catalogue.people["czj-signer"]


def test_a_published_item_gets_its_number_time_source_event_and_audit_entry(catalogue, signer):
    before = timezone.now()
    item = catalogue.publish(signer, draft(doc_no="示财[2018]18 号", written_on=date(2018, 3, 1)))
    assert before <= item.first_published_at <= timezone.now()
    stamp = timezone.localtime(item.first_published_at)
    assert item.index_no == f"{catalogue.units['czj'].org_code}/{stamp:%Y%m}-00001"
    assert item.doc_no == "示财〔2018〕18号"
    assert item.content_source == "示范市财政局"
    assert OutboxEvent.objects.get(topic="item.published").payload["item_id"] == item.pk
    entry = AuditEntry.objects.get(verb="item.published")
    assert (entry.actor, entry.subject) == (signer, f"item:{item.pk}")


def test_numbers_run_per_unit_and_month_without_holes(catalogue, signer):
    numbers = [catalogue.publish(signer, draft()).index_no for _ in range(3)]
    other = catalogue.publish(catalogue.people["hexi-office"], draft(unit_code="hexi")).index_no
    assert [number[-5:] for number in numbers] == ["00001", "00002", "00003"]
    assert other.endswith("-00001")


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"title": " 　\n"}, "缺少标题"),
        ({"title": "长" * 201}, "标题有201个字符，超过200个字符的上限"),
        ({"title": "a\x00b"}, "标题含有不能显示的控制字符"),
        ({"body": ""}, "正文为空且没有附件"),
        ({"body": "<script>alert(1)</script>"}, "正文为空且没有附件"),
        ({"body": "字" * 2_000_001}, "超过2000000个字符"),
        ({"unit_code": "nobody"}, "没有代码为“nobody”的单位"),
        ({"column_code": "NONE"}, "没有代码为“NONE”的栏目"),
        ({"column_code": "ZH01"}, "“示范市财政局”（市直重点部门）的公开目录没有栏目"),
        ({"published_at": timezone.now() - timedelta(days=3)}, "发布时间由系统记录，不能自行填写"),
        ({"written_on": TOMORROW}, "成文日期.*晚于发布日期"),
        ({"formed_on": TOMORROW}, "生成日期.*晚于发布日期"),
        ({"effective_on": date(2018, 3, 2), "expires_on": date(2018, 3, 1)}, "失效日期2018-03-01早于施行日期2018-03-02"),
        ({"doc_no": "示财〔2018108号"}, "文号“示财〔2018108号”有缺损，疑为“示财〔2018〕108号”"),
        ({"doc_no": "第几号文件"}, "不合“机关代字〔年份〕序号号”的格式"),
        ({"index_no": "一二三"}, "索引号“一二三”不合"),
        ({"openness": "secret"}, "公开属性“secret”有误"),
        ({"openness": "closed"}, "须写明理由"),
        ({"openness": "on_request"}, "“依申请公开”，须写明理由"),
        ({"interpretation": InterpretationDraft("own")}, "本级政策解读须指明所解读的文件"),
        ({"interpretation": InterpretationDraft("own", document_no="示财〔2018〕1号")}, "所解读的文件“示财〔2018〕1号”尚未发布"),
        ({"interpretation": InterpretationDraft("other")}, "级别“other”有误"),
    ],
)  # fmt: skip
def test_what_breaks_a_rule_is_refused_in_one_sentence_and_leaves_nothing(catalogue, changes, rule):
    entries = AuditEntry.objects.count()
    with pytest.raises(Refusal) as refused:
        catalogue.publish(catalogue.people["office"], draft(**changes))
    assert re.search(rule, refused.value.sentence)
    assert refused.value.sentence.endswith("。")
    assert refused.value.sentence.count("。") == 1
    assert not Item.objects.exists()
    assert AuditEntry.objects.count() == entries


def test_a_document_number_stands_once_per_unit_until_it_is_withdrawn(catalogue, signer):
    first = catalogue.publish(signer, draft(doc_no="示财〔2018〕18号"))
    with pytest.raises(ItemRefused, match="文号“示财〔2018〕18号”在“示范市财政局”已经发布过"):
        catalogue.publish(signer, draft(doc_no="示财(2018)18号"))
    catalogue.publish(catalogue.people["hexi-office"], draft(unit_code="hexi", doc_no="示财〔2018〕18号"))
    withdraw_item(signer, first.pk, "重新印发")
    catalogue.publish(signer, draft(doc_no="示财〔2018〕18号"))


@pytest.mark.parametrize("username", ["czj-writer", "hexi-office", "auditor", "admin"])
def test_only_those_who_sign_for_the_unit_publish_amend_and_withdraw(catalogue, signer, username):
    item = catalogue.publish(signer, draft())
    stranger = catalogue.people[username]
    for act in (
        lambda: catalogue.publish(stranger, draft()),
        lambda: catalogue.amend(stranger, item, title="改"),
        lambda: withdraw_item(stranger, item.pk, "误"),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_an_amendment_obeys_the_rules_and_keeps_number_and_first_publication(catalogue, signer):
    item = catalogue.publish(signer, draft(doc_no="示财〔2018〕18号"))
    changed = catalogue.amend(
        signer, item, title="更正后的通知", body="<p onclick='x()'>新</p>", doc_no="示财〔2018〕19号"
    )
    assert (changed.title, changed.body, changed.doc_no) == ("更正后的通知", "<p>新</p>", "示财〔2018〕19号")
    assert (changed.index_no, changed.first_published_at) == (item.index_no, item.first_published_at)
    assert changed.amended_at is not None
    catalogue.publish(signer, draft(doc_no="示财〔2018〕20号"))
    for changes, rule in (
        ({"doc_no": "示财〔2018〕20号"}, "已经发布过"),
        ({"title": ""}, "缺少标题"),
        ({"unit_code": "city"}, "unit_code"),
        ({}, "没有写明修改什么"),
    ):
        with pytest.raises(Refusal, match=rule):
            catalogue.amend(signer, item, **changes)


@pytest.mark.parametrize(
    "change", [{"first_published_at": timezone.now()}, {"index_no": "000000000/201801-00009"}]
)
def test_the_database_refuses_another_number_or_first_publication(catalogue, signer, change):
    item = catalogue.publish(signer, draft())
    with pytest.raises(DatabaseError, match="一经确定不得更改"), transaction.atomic():
        Item.objects.filter(pk=item.pk).update(**change)


def test_a_withdrawn_item_is_gone_from_view_and_kept_with_its_reason(catalogue, signer):
    item = catalogue.publish(signer, draft())
    withdraw_item(signer, item.pk, "内容有误")
    assert not Item.objects.public().exists()
    stored = Item.objects.get(pk=item.pk)
    assert (stored.status, stored.withdrawal_reason) == ("withdrawn", "内容有误")
    for act, rule in (
        (lambda: withdraw_item(signer, item.pk, "再次"), "已于.*撤回"),
        (lambda: catalogue.amend(signer, item, title="x"), "已于.*撤回"),
        (lambda: withdraw_item(signer, 10**9, "无"), "没有编号为1000000000的信息"),
        (lambda: withdraw_item(signer, item.pk, " "), "须写明理由"),
        (lambda: withdraw_item(signer, item.pk, "长" * 201), "超过200个字符"),
    ):
        with pytest.raises(Refusal, match=rule):
            act()


def test_what_is_not_open_is_seen_by_its_own_unit_alone(catalogue, signer):
    office = catalogue.people["office"]
    shown = catalogue.publish(office, draft(title="公开"))
    hidden = [
        catalogue.publish(office, draft(title="不公开", openness="closed", non_disclosure_reason="国家秘密")),
        catalogue.publish(
            office, draft(title="依申请", openness="on_request", non_disclosure_reason="涉及第三方合法权益")
        ),
    ]
    people = {**catalogue.people, "anonymous": AnonymousUser(), "nobody": None}
    sees_all = {"office", "reviewer", "secrecy", "chief", "duty", "czj-signer", "czj-writer"}
    for name, person in people.items():
        titles = set(Item.objects.visible_to(person).values_list("title", flat=True))
        assert titles == ({"公开", "不公开", "依申请"} if name in sees_all else {"公开"}), name
    assert item_by_index_no(people["hexi-office"], shown.index_no) == shown
    with pytest.raises(Refusal, match="没有索引号为"):
        item_by_index_no(people["hexi-office"], hidden[0].index_no)


def test_the_chain_is_whole_after_all_this(catalogue, signer):
    item = catalogue.publish(signer, draft())
    catalogue.amend(signer, item, title="改")
    withdraw_item(signer, item.pk, "误")
    assert list(audit.verify()) == []

"""政府公报: put together by the city's office, let out whole, corrected with a reason that stays."""

from __future__ import annotations

from datetime import date

import pytest

from mingzheng.city import audit
from mingzheng.city.services import NotAllowed
from mingzheng.law.errors import Refusal
from mingzheng.publish.documents.models import GazetteCorrection
from mingzheng.publish.documents.services import publish_issue, set_contents, start_issue
from mingzheng.publish.items.services import hide_item

DAY = date(2018, 2, 1)


@pytest.fixture
def office(catalogue):
    return catalogue.people["office"]


@pytest.fixture
def issue(office):
    return start_issue(office, year=2018, number=1, title="示范市人民政府公报（2018年第1期）", issued_on=DAY)


def put(person, issue, *contents, **changes):
    given = {"title": issue.title, "issued_on": issue.issued_on, "contents": contents} | changes
    return set_contents(person, issue.pk, **given)


def test_the_city_s_office_alone_makes_the_gazette(catalogue, issue, document):
    made = document("办法")
    for name in ("hexi-office", "chief", "czj-writer"):
        with pytest.raises(NotAllowed):
            put(catalogue.people[name], issue, (made.pk, "市政府文件"))
        with pytest.raises(NotAllowed):
            start_issue(catalogue.people[name], year=2018, number=2, title="公报", issued_on=DAY)


def test_contents_stand_in_their_order_and_are_replaced_as_a_whole(office, issue, document):
    first, second = document("甲"), document("乙")
    put(office, issue, (second.pk, "部门文件"), (first.pk, " 市政府  文件 "))
    assert list(issue.entries.values_list("order", "heading", "item__title")) == [
        (1, "部门文件", "乙"), (2, "市政府 文件", "甲"),
    ]  # fmt: skip
    put(office, issue, (first.pk, "市政府文件"))
    assert issue.entries.count() == 1
    publish_issue(office, issue.pk)
    assert list(audit.verify()) == []


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"year": 1800}, "年份“1800”"),
        ({"number": 0}, "期号“0”有误"),
        ({"title": " "}, "名称不能为空"),
        ({"issued_on": date(2016, 1, 1)}, "与2018年不符"),
        ({}, "已经建立"),
    ],
)
def test_an_issue_that_cannot_be_is_refused(office, issue, given, sentence):
    fields = {"year": 2018, "number": 1, "title": "公报", "issued_on": DAY} | given
    with pytest.raises(Refusal, match=sentence):
        start_issue(office, **fields)


def test_only_public_items_stand_in_it_each_once_below_a_heading(office, issue, document):
    made, hidden = document("甲"), document("乙")
    hide_item(office, hidden.pk, code="other", reason="有误")
    for contents, sentence in (
        ([(hidden.pk, "文件")], "须是已经公开"),
        ([(0, "文件")], "须是已经公开"),
        ([(made.pk, "文件"), (made.pk, "文件")], "只能编入一次"),
        ([(made.pk, " ")], "缺少栏题"),
        ([(made.pk, "长" * 41)], "超过40个字符"),
    ):
        with pytest.raises(Refusal, match=sentence):
            put(office, issue, *contents)
    with pytest.raises(Refusal, match="还没有编入"):
        publish_issue(office, issue.pk)
    put(office, issue, (made.pk, "文件"))
    hide_item(office, made.pk, code="other", reason="有误")
    with pytest.raises(Refusal, match="《甲》已不公开"):
        publish_issue(office, issue.pk)


def test_what_is_out_changes_by_a_correction_with_a_reason(office, issue, document):
    first, second = document("甲"), document("乙")
    put(office, issue, (first.pk, "文件"))
    publish_issue(office, issue.pk)
    with pytest.raises(Refusal, match="已经发布"):
        publish_issue(office, issue.pk)
    with pytest.raises(Refusal, match="更正须写明更正说明"):
        put(office, issue, (second.pk, "文件"))
    with pytest.raises(Refusal, match="不能更正为没有内容"):
        put(office, issue, reason="撤掉")
    put(office, issue, (first.pk, "文件"))  # nothing changed, nothing to correct
    assert not GazetteCorrection.objects.exists()
    put(office, issue, (first.pk, "文件"), (second.pk, "文件"), reason="补登一件。")
    kept = GazetteCorrection.objects.get()
    assert (kept.reason, kept.before["contents"]) == ("补登一件。", [[first.pk, "文件"]])

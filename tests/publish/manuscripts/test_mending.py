"""One click mends a word: in text alone, in one place or in all, with a version and an audit entry."""

from __future__ import annotations

import re

import pytest

from mingzheng.city.models import AuditEntry
from mingzheng.law.errors import Refusal
from mingzheng.publish.catalogue.services import column_by_code
from mingzheng.publish.manuscripts import checking, services
from mingzheng.publish.manuscripts.mending import mend
from mingzheng.publish.manuscripts.models import Manuscript

BODY = (
    '<p>登记帐<b>户</b>，<a href="/帐户/" title="帐户说明">查询帐户</a>。</p>'
    '<p>核对&nbsp;帐户<img src="/files/x.png" alt="帐户截图"></p>'
)


@pytest.fixture
def manuscript(catalogue):
    made = services.start(
        catalogue.people["czj-writer"], catalogue.units["czj"], column=column_by_code("TZ01"),
        title="关于清理帐户的通知", body=BODY, abstract="清理帐户",
    )  # fmt: skip
    return Manuscript.objects.get(pk=made.pk)


def places(manuscript, word="帐户"):
    return [each.finding for each in checking.findings_of(manuscript) if each.finding.word == word]


def tags(source):
    return re.findall("<[^>]*>", source)


def test_one_finding_is_mended_and_no_other(catalogue, manuscript):
    first = next(each for each in places(manuscript) if each.place == "正文")
    before = manuscript.content_hash
    assert mend(catalogue.people["czj-writer"], manuscript, first.key, first.start) == 1
    kept = Manuscript.objects.get(pk=manuscript.pk)
    assert kept.body.startswith("<p>登记账户<b></b>，")
    assert tags(kept.body) == tags(manuscript.body)
    assert len(places(kept)) == 4
    assert (kept.title, kept.content_hash == before) == ("关于清理帐户的通知", False)


def test_all_are_mended_in_text_and_never_in_a_tag(catalogue, manuscript):
    one = places(manuscript)[0]
    assert mend(catalogue.people["czj-writer"], manuscript, one.key) == 5
    kept = Manuscript.objects.get(pk=manuscript.pk)
    assert (kept.title, kept.abstract, places(kept)) == ("关于清理账户的通知", "清理账户", [])
    assert tags(kept.body) == tags(BODY.replace('<a href="/帐户/" title="帐户说明">', tags(kept.body)[3]))
    for untouched in ('href="/帐户/"', 'title="帐户说明"', 'alt="帐户截图"', "&nbsp;"):
        assert untouched in kept.body
    entry = AuditEntry.objects.get(verb="manuscript.mended")
    assert entry.payload == {"word": "帐户", "right": "账户", "places": 5}


def test_what_has_changed_meanwhile_is_not_mended(catalogue, manuscript):
    one, writer = places(manuscript)[0], catalogue.people["czj-writer"]
    for key, start in ((one.key, one.start + 1), ("x", None)):
        with pytest.raises(Refusal, match="已经改过"):
            mend(writer, manuscript, key, start)
    manuscript.body = "<p>台湾总统</p><p>农民工子女学校</p>"
    with pytest.raises(Refusal, match="没有"):
        mend(catalogue.people["hexi-office"], manuscript, places(manuscript, "台湾总统")[0].key)


def test_a_manuscript_in_review_is_not_mended(catalogue, manuscript):
    Manuscript.objects.filter(pk=manuscript.pk).update(state="in_review")
    with pytest.raises(Refusal, match="不能修改"):
        mend(catalogue.people["czj-writer"], manuscript, places(manuscript)[0].key)
    assert Manuscript.objects.get(pk=manuscript.pk).title == "关于清理帐户的通知"

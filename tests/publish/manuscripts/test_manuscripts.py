"""A text on its way: written, handed in, returned, signed, let out; and what nobody may do to it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from mingzheng.city import services as people
from mingzheng.city.services import Access, NotAllowed
from mingzheng.law.errors import Refusal
from mingzheng.publish.catalogue.services import column_by_code
from mingzheng.publish.items.models import Item
from mingzheng.publish.items.services import ItemDraft
from mingzheng.publish.manuscripts import services
from mingzheng.publish.manuscripts.models import Manuscript

SECRECY = {"conclusion": "可以公开", "basis": "不涉密。"}


@pytest.fixture
def writer(catalogue):
    return catalogue.people["czj-writer"]


@pytest.fixture
def manuscript(catalogue, writer):
    return services.start(
        writer, catalogue.units["czj"], column=column_by_code("TZ01"), title=" 关于召开会议的 通知 ",
        body="<p onclick='x()'>定于周五召开会议。</p>",
    )  # fmt: skip


def sign(catalogue, manuscript):
    services.submit(catalogue.people["czj-writer"], manuscript.pk)
    for name in ("reviewer", "secrecy", "chief"):
        stored = Manuscript.objects.get(pk=manuscript.pk)
        services.pass_step(
            catalogue.people[name], manuscript.pk, content_hash=stored.content_hash,
            secrecy=SECRECY if name == "secrecy" else None,
        )  # fmt: skip


def stored(manuscript):
    return Manuscript.objects.get(pk=manuscript.pk)


def test_saving_tidies_names_the_version_and_remembers_who_wrote(catalogue, manuscript, writer):
    kept = stored(manuscript)
    assert (kept.title, kept.body) == ("关于召开会议的 通知", "<p>定于周五召开会议。</p>")
    assert len(kept.content_hash) == 64
    assert (kept.writer, kept.authors, kept.state) == (writer, [writer.pk], "draft")
    kept.body = "<p>改。</p>"
    services.save(catalogue.people["office"], kept)
    assert stored(manuscript).content_hash != manuscript.content_hash
    assert set(stored(manuscript).authors) == {writer.pk, catalogue.people["office"].pk}


def test_a_signed_manuscript_becomes_an_item(catalogue, manuscript):
    with pytest.raises(Refusal, match="还没有签发"):
        services.publish(catalogue.people["czj-signer"], manuscript.pk)
    sign(catalogue, manuscript)
    item = services.publish(catalogue.people["czj-signer"], manuscript.pk)
    kept = stored(manuscript)
    assert (kept.state, kept.item, item.title) == ("published", item, kept.title)
    with pytest.raises(Refusal, match="已经发布"):
        services.publish(catalogue.people["czj-signer"], manuscript.pk)


@pytest.mark.parametrize("state", ["in_review", "approved", "published", "dropped"])
def test_only_drafts_and_returned_manuscripts_are_written_on(catalogue, manuscript, writer, state):
    Manuscript.objects.filter(pk=manuscript.pk).update(state=state)
    kept = stored(manuscript)
    kept.body = "<p>偷换。</p>"
    for act in (
        lambda: services.save(writer, kept),
        lambda: services.drop(writer, kept.pk),
        lambda: services.submit(writer, kept.pk),
    ):
        with pytest.raises(Refusal):
            act()
    assert "偷换" not in stored(manuscript).body
    assert kept.get_lock().for_user(writer)
    assert len(kept.get_lock().get_message(writer)) > 10


def test_a_returned_manuscript_is_mended_and_reviewed_again(catalogue, manuscript, writer):
    services.submit(writer, manuscript.pk)
    services.return_to_writer(catalogue.people["reviewer"], manuscript.pk, reason="时间有误")
    kept = stored(manuscript)
    assert kept.state == "returned"
    kept.body = "<p>定于周六召开会议。</p>"
    services.save(writer, kept)
    sign(catalogue, kept)
    assert services.publish(catalogue.people["chief"], kept.pk).body == "<p>定于周六召开会议。</p>"


def test_the_submitter_takes_a_manuscript_back_from_review(catalogue, manuscript, writer):
    services.submit(writer, manuscript.pk)
    services.recall(writer, manuscript.pk)
    assert stored(manuscript).state == "draft"


def test_a_signed_manuscript_taken_back_needs_a_new_review(catalogue, manuscript, writer):
    sign(catalogue, manuscript)
    services.take_back(writer, manuscript.pk, reason="补充附件")
    with pytest.raises(Refusal, match="还没有签发"):
        services.publish(catalogue.people["czj-signer"], manuscript.pk)
    sign(catalogue, manuscript)
    assert services.publish(catalogue.people["czj-signer"], manuscript.pk)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"column": None}, "还没有选定栏目"),
        ({"title": " "}, "缺少标题"),
        ({"body": "<script>x</script>"}, "正文为空"),
        ({"doc_no": "示财2018号"}, "文号"),
        ({"openness": "closed"}, "理由"),
        ({"written_on": timezone.localdate() + timedelta(days=2)}, "晚于发布日期"),
    ],
)
def test_what_could_not_be_published_is_not_handed_in(catalogue, manuscript, writer, changes, rule):
    for name, value in changes.items():
        setattr(manuscript, name, value)
    services.save(writer, manuscript)
    with pytest.raises(Refusal, match=rule):
        services.submit(writer, manuscript.pk)
    assert stored(manuscript).state == "draft"


def test_a_manuscript_belongs_to_its_unit_for_good(catalogue, manuscript, writer):
    people.grant(None, writer, "writer", catalogue.units["hexi"], starts_on=timezone.localdate())
    kept = stored(manuscript)
    kept.unit = catalogue.units["hexi"]
    services.save(writer, kept)
    assert stored(manuscript).unit == catalogue.units["czj"]


@pytest.mark.parametrize("name", ["hexi-office", "auditor", "admin", "czj-signer"])
def test_who_does_not_write_in_the_unit_writes_nothing(catalogue, manuscript, name):
    person = catalogue.people[name]
    for act in (
        lambda: services.start(person, catalogue.units["czj"], title="x"),
        lambda: services.save(person, stored(manuscript)),
        lambda: services.submit(person, manuscript.pk),
        lambda: services.drop(person, manuscript.pk),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_manuscripts_are_seen_by_their_own_unit_and_the_office_alone(catalogue, manuscript):
    seen = {
        name
        for name, person in catalogue.people.items()
        if Manuscript.objects.visible_to(Access(person)).exists()
    }
    assert seen == {"czj-writer", "czj-signer", "office", "reviewer", "secrecy", "chief", "duty"}
    with pytest.raises(Refusal, match="没有这份稿件"):
        services.manuscript_of(Access(catalogue.people["hexi-office"]), manuscript.pk)


def test_an_amendment_leaves_the_item_public_until_it_is_signed(catalogue, writer):
    item = catalogue.publish(
        catalogue.people["office"],
        ItemDraft("czj", "TZ01", "原标题", "<p>原文。</p>", doc_no="示财〔2018〕1号"),
    )
    change = services.amend(writer, item.pk)
    assert (change.title, change.doc_no, change.column, change.is_amendment) == (
        "原标题", item.doc_no, item.column, True
    )  # fmt: skip
    assert services.amend(catalogue.people["office"], item.pk).pk == change.pk
    change.title, change.openness, change.column = "新标题", "closed", None
    services.save(writer, change)
    assert Item.objects.public().get(pk=item.pk).title == "原标题"
    sign(catalogue, change)
    assert services.publish(catalogue.people["czj-signer"], change.pk).pk == item.pk
    amended = Item.objects.public().get(pk=item.pk)
    assert (amended.title, amended.column, amended.index_no) == ("新标题", item.column, item.index_no)


def test_an_own_interpretation_leads_to_its_document(catalogue, manuscript, writer):
    document = catalogue.publish(
        catalogue.people["office"],
        ItemDraft("czj", "TZ01", "办法", "<p>第一条。</p>", doc_no="示财〔2018〕2号"),
    )
    manuscript.interpretation_level, manuscript.interprets = "own", document
    services.save(writer, manuscript)
    sign(catalogue, manuscript)
    item = services.publish(catalogue.people["czj-signer"], manuscript.pk)
    assert (item.interpretation.document, item.interpretation.form) == (document, "department")
    change = services.amend(writer, item.pk)
    assert (change.interprets, change.interpretation_level) == (document, "own")


def test_a_document_that_is_not_public_cannot_be_interpreted(catalogue, manuscript, writer):
    from mingzheng.publish.items.services import withdraw_item

    office = catalogue.people["office"]
    document = catalogue.publish(office, ItemDraft("hexi", "TZ01", "办法", "<p>一。</p>"))
    manuscript.interpretation_level, manuscript.interprets = "own", document
    services.save(writer, manuscript)
    sign(catalogue, manuscript)
    withdraw_item(office, document.pk, "误发")
    with pytest.raises(Refusal, match="尚未公开"):
        services.publish(catalogue.people["czj-signer"], manuscript.pk)


def test_what_an_operator_wrote_is_marked_for_good(catalogue):
    today = timezone.localdate()
    operator = people.create_person(None, username="op", name="运维", password=None)
    czj = catalogue.units["czj"]
    people.grant(None, operator, "operator", czj, starts_on=today, ends_on=today + timedelta(days=30))
    made = services.start(operator, czj, title="运维起草", body="<p>一。</p>")
    services.save(catalogue.people["office"], made)
    assert stored(made).by_operator


def test_scheduled_manuscripts_go_out_when_their_time_comes(catalogue, manuscript, writer):
    manuscript.go_live_at = timezone.now() + timedelta(hours=1)
    services.save(writer, manuscript)
    sign(catalogue, manuscript)
    assert services.publish_due() == 0
    Manuscript.objects.update(go_live_at=timezone.now())
    told = []
    assert services.publish_due(lambda each, problem: told.append((each.pk, problem))) == 1
    assert told == [(manuscript.pk, "")]
    assert Item.objects.public().count() == 1
    assert services.publish_due() == 0


def test_one_that_cannot_go_out_on_time_is_told_and_stays(catalogue, manuscript, writer):
    manuscript.doc_no = "示财〔2018〕3号"
    services.save(writer, manuscript)
    sign(catalogue, manuscript)
    catalogue.publish(
        catalogue.people["office"], ItemDraft("czj", "TZ01", "另一", "<p>一。</p>", doc_no="示财〔2018〕3号")
    )
    Manuscript.objects.update(go_live_at=timezone.now())
    told = []
    assert services.publish_due(lambda each, problem: told.append(problem)) == 0
    assert "已经发布过" in told[0]
    assert stored(manuscript).state == "approved"


def test_a_copy_begins_anew(catalogue, manuscript, writer):
    manuscript.doc_no = "示财〔2018〕4号"
    services.save(writer, manuscript)
    made = services.copy(writer, stored(manuscript))
    assert (made.title, made.body, made.doc_no, made.state) == (
        manuscript.title,
        manuscript.body,
        "",
        "draft",
    )
    assert made.pk != manuscript.pk


def test_an_emergency_goes_out_before_its_review(catalogue, manuscript, writer):
    with pytest.raises(NotAllowed):
        services.publish_urgently(catalogue.people["chief"], manuscript.pk, reason="台风红色预警")
    item = services.publish_urgently(catalogue.people["duty"], manuscript.pk, reason="台风红色预警")
    assert Item.objects.public().filter(pk=item.pk).exists()


def test_a_finding_is_kept_only_with_a_reason(catalogue, manuscript, writer):
    given = {"key": "k", "rule": "id_card", "excerpt": "34***1"}
    with pytest.raises(Refusal, match="须写明理由"):
        services.decide_finding(writer, manuscript.pk, reason=" ", **given)
    services.decide_finding(writer, manuscript.pk, reason="行政处罚公示，依法公开", **given)
    assert stored(manuscript).check_decisions.get().person == writer

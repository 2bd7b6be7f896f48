"""Three reviews: nothing goes out without a complete record of exactly its version, whichever way it is tried."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db.utils import DatabaseError
from django.utils import timezone

from mingzheng.city import services as people
from mingzheng.city.services import Access, NotAllowed
from mingzheng.law.errors import Refusal
from mingzheng.publish.items.models import Item
from mingzheng.publish.items.services import (
    ItemDraft,
    amend_item,
    content_hash,
    import_items,
    publish_item,
)
from mingzheng.publish.items.validation import Rules
from mingzheng.publish.reviews import services
from mingzheng.publish.reviews.models import Review, ReviewFact

SECRECY = {"conclusion": "可以公开", "basis": "不涉及国家秘密、商业秘密和个人隐私。"}
TODAY = timezone.localdate()


@pytest.fixture
def draft(catalogue):
    made = ItemDraft("czj", "TZ01", "关于召开会议的通知", "<p>定于周五召开会议。</p>")
    Rules().check(made)
    made.published_at = None
    return made


@pytest.fixture
def submitted(catalogue, draft):
    return services.submit(
        catalogue.people["czj-writer"], unit=catalogue.units["czj"], subject="manuscript:1", title=draft.title,
        content_hash=content_hash(draft), authors=[],
    )  # fmt: skip


def decide(catalogue, review, *names):
    """Let these people pass the next steps."""
    for name in names:
        step = Review.objects.get(pk=review.pk).step
        services.pass_step(
            catalogue.people[name], review.pk, content_hash=review.content_hash,
            secrecy=SECRECY if review.steps[step].get("secrecy") else None,
        )  # fmt: skip


def test_three_people_pass_a_version_and_it_goes_out_once(catalogue, draft, submitted):
    signer = catalogue.people["czj-signer"]
    for done, name in enumerate(("reviewer", "secrecy", "chief")):
        with pytest.raises(Refusal, match="没有完整的审核和保密审查记录"):
            publish_item(signer, draft)
        assert Review.objects.get(pk=submitted.pk).step == done
        decide(catalogue, submitted, name)
    assert publish_item(signer, draft).title == draft.title
    with pytest.raises(Refusal, match="没有完整的审核"):
        publish_item(signer, draft)
    kinds = list(services.facts_of("manuscript:1").values_list("kind", flat=True))
    assert kinds == ["submitted", "passed", "passed", "passed", "released"]


def test_another_version_is_not_covered(catalogue, draft, submitted):
    decide(catalogue, submitted, "reviewer", "secrecy", "chief")
    draft.body = "<p>定于周六召开会议。</p>"
    with pytest.raises(Refusal, match="没有完整的审核"):
        publish_item(catalogue.people["czj-signer"], draft)


def test_the_same_text_of_another_unit_is_not_covered(catalogue, draft, submitted):
    decide(catalogue, submitted, "reviewer", "secrecy", "chief")
    draft.unit_code = "hexi"
    with pytest.raises(Refusal, match="没有完整的审核"):
        publish_item(catalogue.people["office"], draft)


def test_editing_after_approval_reopens(catalogue, draft, submitted):
    decide(catalogue, submitted, "reviewer", "secrecy", "chief")
    services.reopen(catalogue.people["czj-writer"], "manuscript:1", "0" * 64)
    with pytest.raises(Refusal, match="没有完整的审核"):
        publish_item(catalogue.people["czj-signer"], draft)
    assert Review.objects.get(pk=submitted.pk).state == "reopened"


def test_every_field_that_readers_see_is_part_of_the_hash(draft):
    seen = content_hash(draft)
    for name, value in (
        ("title", "改"), ("body", "<p>改</p>"), ("column_code", "TZ02"), ("unit_code", "hexi"), ("doc_no", "x〔2018〕1号"),
        ("openness", "closed"), ("attachments", [("a.pdf", "/a.pdf")]), ("written_on", date(2018, 1, 1)),
        ("participants", [("张某", "", "")]), ("is_statement", True),
    ):  # fmt: skip
        old = getattr(draft, name)
        setattr(draft, name, value)
        assert content_hash(draft) != seen, name
        setattr(draft, name, old)
    draft.published_at = timezone.now()
    assert content_hash(draft) == seen


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("czj-writer", "没有“初审稿件”的权限"),
        ("czj-signer", "没有“初审稿件”的权限"),
        ("secrecy", "没有“初审稿件”的权限"),
        ("office", "没有“初审稿件”的权限"),
        ("auditor", "没有“初审稿件”的权限"),
    ],
)
def test_a_step_is_passed_by_its_role_alone(catalogue, submitted, name, sentence):
    with pytest.raises(NotAllowed, match=sentence):
        decide(catalogue, submitted, name)


def test_who_wrote_does_not_decide_and_nobody_decides_twice(catalogue, submitted):
    writer, reviewer = catalogue.people["czj-writer"], catalogue.people["reviewer"]
    czj, start = catalogue.units["czj"], date(2018, 1, 1)
    people.grant(None, writer, "reviewer", czj, starts_on=start)
    people.grant(None, reviewer, "secrecy", czj, starts_on=start)
    with pytest.raises(Refusal, match="由您参与起草"):
        decide(catalogue, submitted, "czj-writer")
    decide(catalogue, submitted, "reviewer")
    with pytest.raises(Refusal, match="下一环节须由他人办理"):
        decide(catalogue, submitted, "reviewer")


def test_co_authors_do_not_decide_either(catalogue, draft):
    review = services.submit(
        catalogue.people["czj-writer"], unit=catalogue.units["czj"], subject="manuscript:2", title="x",
        content_hash=content_hash(draft), authors=[catalogue.people["reviewer"].pk],
    )  # fmt: skip
    with pytest.raises(Refusal, match="由您参与起草"):
        decide(catalogue, review, "reviewer")


@pytest.mark.parametrize(
    ("secrecy", "sentence"),
    [
        (None, "不是“可以公开”"),
        ({"conclusion": "不宜公开", "basis": "涉密"}, "不是“可以公开”"),
        ({"conclusion": "可以公开", "basis": " "}, "须写明审查意见和依据"),
    ],
)
def test_the_secrecy_step_needs_conclusion_and_basis(catalogue, submitted, secrecy, sentence):
    decide(catalogue, submitted, "reviewer")
    with pytest.raises(Refusal, match=sentence):
        services.pass_step(
            catalogue.people["secrecy"], submitted.pk, content_hash=submitted.content_hash, secrecy=secrecy
        )


def test_a_reviewer_who_saw_another_version_is_told(catalogue, submitted):
    with pytest.raises(Refusal, match="有了新的版本"):
        services.pass_step(catalogue.people["reviewer"], submitted.pk, content_hash="0" * 64)


def test_a_returned_version_does_not_go_out_and_says_why(catalogue, draft, submitted):
    decide(catalogue, submitted, "reviewer")
    with pytest.raises(Refusal, match="须写明理由"):
        services.return_to_writer(catalogue.people["secrecy"], submitted.pk, reason=" ")
    services.return_to_writer(catalogue.people["secrecy"], submitted.pk, reason="第二段有误")
    with pytest.raises(Refusal, match="没有完整的审核"):
        publish_item(catalogue.people["czj-signer"], draft)
    fact = services.facts_of("manuscript:1").last()
    assert (fact.kind, fact.opinion) == ("returned", "第二段有误")


def test_only_the_submitter_takes_a_version_back(catalogue, submitted):
    with pytest.raises(Refusal, match="只有送审人可以撤回送审"):
        services.recall(catalogue.people["czj-signer"], submitted.pk)
    services.recall(catalogue.people["czj-writer"], submitted.pk)
    with pytest.raises(Refusal, match="已撤回送审"):
        decide(catalogue, submitted, "reviewer")


def test_a_deputy_signs_on_behalf_and_the_record_says_so(catalogue, submitted):
    deputy = catalogue.people["hexi-office"]
    people.delegate(catalogue.people["chief"], deputy, starts_on=TODAY, ends_on=TODAY, reason="出差")
    decide(catalogue, submitted, "reviewer", "secrecy", "hexi-office")
    fact = services.facts_of("manuscript:1").last()
    assert (fact.actor, fact.principal) == (deputy, catalogue.people["chief"])


def test_emergency_publication_is_for_its_role_alone_and_is_audited(catalogue, draft):
    digest, unit = content_hash(draft), catalogue.units["czj"]
    given = {"unit": unit, "subject": "manuscript:3", "title": draft.title, "content_hash": digest}
    for name in ("czj-writer", "czj-signer", "office", "chief", "admin"):
        with pytest.raises(NotAllowed, match="应急发布信息"):
            services.authorise_urgently(catalogue.people[name], reason="台风红色预警", **given)
    duty = catalogue.people["duty"]
    with pytest.raises(Refusal, match="须写明事由"):
        services.authorise_urgently(duty, reason="急", **given)
    services.authorise_urgently(duty, reason="台风红色预警", **given)
    assert publish_item(duty, draft).pk
    from mingzheng.city.models import AuditEntry

    entry = AuditEntry.objects.get(verb="item.urgent")
    assert (entry.actor, entry.payload["reason"]) == (duty, "台风红色预警")


def test_no_other_route_publishes_what_was_not_reviewed(catalogue, draft):
    office = catalogue.people["office"]
    report = import_items(office, [draft], source="x")
    assert "尚未公开过的信息须经审核后发布" in report.refused[0].reason
    item = catalogue.publish(office, ItemDraft("czj", "TZ01", "另一条", "<p>正文。</p>"))
    with pytest.raises(Refusal, match="没有完整的审核"):
        amend_item(office, item.pk, title="改过的另一条")
    assert list(Item.objects.values_list("title", flat=True)) == ["另一条"]


def test_the_database_refuses_to_change_or_delete_a_fact(catalogue, submitted):
    from django.db import transaction

    for act in (lambda rows: rows.update(opinion="改"), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError, match="只增不改"), transaction.atomic():
            act(ReviewFact.objects.all())


def test_a_queue_shows_what_the_person_may_decide_now(catalogue, submitted):
    def queue(name):
        return list(services.waiting_for(Access(catalogue.people[name])))

    assert queue("reviewer") == [submitted]
    assert queue("secrecy") == queue("czj-signer") == queue("czj-writer") == queue("admin") == []
    decide(catalogue, submitted, "reviewer")
    assert (queue("reviewer"), queue("secrecy")) == ([], [submitted])
    decide(catalogue, submitted, "secrecy")
    assert queue("czj-signer") == queue("chief") == [submitted]


def test_a_unit_prescribes_its_own_steps_from_a_day_on(catalogue):
    office, czj, hexi = catalogue.people["office"], catalogue.units["czj"], catalogue.units["hexi"]
    default = services.route_for(czj, TODAY)
    assert [step["name"] for step in default] == ["初审", "复审（保密审查）", "终审签发"]
    short = [{"name": "签发并保密审查", "verb": "manuscript.sign", "secrecy": True}]
    services.set_route(office, hexi, short, effective_from=TODAY)
    assert services.route_for(catalogue.units["qingshui"], TODAY) == short
    assert services.route_for(czj, TODAY) == default
    assert services.route_for(hexi, TODAY - timedelta(days=1)) == default
    with pytest.raises(NotAllowed):
        services.set_route(catalogue.people["czj-signer"], czj, short, effective_from=TODAY)


@pytest.mark.parametrize(
    ("steps", "sentence"),
    [
        ([], "至少要有一个环节"),
        ([{"name": "", "verb": "manuscript.sign", "secrecy": True}], "第1个环节没有名称"),
        ([{"name": "签发", "verb": "item.publish", "secrecy": True}], "第1个环节没有名称"),
        ([{"name": "签发", "verb": "manuscript.sign"}], "保密审查"),
        ([{"name": "初审", "verb": "manuscript.review", "secrecy": True}], "必须是签发"),
    ],
)
def test_a_route_without_secrecy_review_or_sign_off_is_refused(catalogue, steps, sentence):
    with pytest.raises(Refusal, match=sentence):
        services.set_route(catalogue.people["office"], catalogue.units["czj"], steps, effective_from=TODAY)

"""公开属性源头认定: nothing is handed in closed without clause and reason, and what was decided is kept."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.db.utils import DatabaseError

from mingzheng.city.services import NotAllowed
from mingzheng.law.errors import Refusal
from mingzheng.publish.catalogue.services import column_by_code
from mingzheng.publish.documents.models import AttributeDecision
from mingzheng.publish.documents.services import decide, decide_item, decision_on
from mingzheng.publish.manuscripts import services

REASON = "公开会损害第三方合法权益。"


@pytest.fixture
def writer(catalogue):
    return catalogue.people["czj-writer"]


@pytest.fixture
def manuscript(catalogue, writer):
    return services.start(
        writer, catalogue.units["czj"], column=column_by_code("DT01"), title="一份台账", body="<p>正文。</p>",
        openness="on_request", non_disclosure_reason=REASON,
    )  # fmt: skip


def choose(actor, manuscript, clause, **changes):
    given = {"openness": manuscript.openness, "reason": manuscript.non_disclosure_reason} | changes
    return decide(actor, manuscript.unit, manuscript.subject, clause=clause, **given)


def test_it_is_handed_in_only_with_a_clause_and_the_decision_is_kept(writer, manuscript):
    with pytest.raises(Refusal, match="须选择所依据的《政府信息公开条例》条款"):
        services.submit(writer, manuscript.pk)
    choose(writer, manuscript, "15-trade", reason="草拟的理由")
    services.submit(writer, manuscript.pk)
    kept = decision_on(manuscript.subject)
    assert (kept.actor, kept.openness, kept.clause, kept.reason) == (writer, "on_request", "15-trade", REASON)
    with pytest.raises(DatabaseError), transaction.atomic():
        AttributeDecision.objects.update(reason="改")


def test_a_clause_chosen_for_another_attribute_does_not_count(writer, manuscript):
    choose(writer, manuscript, "16-process", openness="closed")
    with pytest.raises(Refusal, match="须选择所依据的"):
        services.submit(writer, manuscript.pk)


@pytest.mark.parametrize(
    ("clause", "openness", "sentence"),
    [
        ("14-secret", "on_request", "不能作为“依申请公开”的依据"),
        ("13", "closed", "不能作为“不予公开”的依据"),
        ("", "closed", "须选择"),
        ("99", "closed", "须选择"),
    ],
)
def test_a_clause_must_carry_the_attribute(writer, manuscript, clause, openness, sentence):
    with pytest.raises(Refusal, match=sentence):
        choose(writer, manuscript, clause, openness=openness)


def test_who_may_not_write_decides_nothing_and_the_same_is_kept_once(catalogue, writer, manuscript):
    with pytest.raises(NotAllowed):
        choose(catalogue.people["hexi-office"], manuscript, "13")
    choose(writer, manuscript, "13")
    assert choose(writer, manuscript, "13") is None
    assert AttributeDecision.objects.count() == 1


def test_what_is_published_at_once_needs_no_decision(catalogue, writer):
    made = services.start(
        writer, catalogue.units["czj"], column=column_by_code("DT01"), title="一条动态", body="<p>正文。</p>"
    )
    services.submit(writer, made.pk)
    assert not AttributeDecision.objects.exists()


def test_an_item_from_elsewhere_is_decided_on_later(catalogue, document):
    made = document("旧台账", openness="closed", non_disclosure_reason="内部信息")
    with pytest.raises(NotAllowed):
        decide_item(catalogue.people["czj-writer"], made.pk, clause="16-internal", reason="人事管理。")
    with pytest.raises(Refusal, match="须写明理由"):
        decide_item(catalogue.people["czj-signer"], made.pk, clause="16-internal", reason=" ")
    kept = decide_item(catalogue.people["czj-signer"], made.pk, clause="16-internal", reason="人事管理。")
    assert (kept.openness, kept.subject) == ("closed", f"item:{made.pk}")

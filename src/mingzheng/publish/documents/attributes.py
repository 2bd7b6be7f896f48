"""公开属性源头认定: what is not published at once needs a clause of the Regulation and a reason, and both are kept.

The writer decides while writing; what was decided is taken again when the text is handed in, with the reason as it then
reads. Clauses stand in ``data/clauses.yaml``. Decisions are appended; the last one of a subject holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from mingzheng.city import audit
from mingzheng.city.models import Person, Unit
from mingzheng.city.services import require
from mingzheng.law.errors import Refusal
from mingzheng.publish.documents.models import AttributeDecision
from mingzheng.publish.documents.rules import read_data
from mingzheng.publish.items.models import Item, Openness


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of the Regulation: its article, what it says in short, the attributes that it carries, and when."""

    code: str
    name: str
    text: str
    carries: tuple[str, ...]
    starts_on: date
    ends_on: date | None

    @property
    def label(self) -> str:
        return f"{self.name}：{self.text}"

    def holds(self, on: date) -> bool:
        return self.starts_on <= on and (self.ends_on is None or on < self.ends_on)


@lru_cache(maxsize=1)
def clauses() -> dict[str, Clause]:
    """All clauses by code, in the order of the file."""
    return {
        code: Clause(code, told["name"], told["text"], tuple(told["for"]), told["from"], told.get("to"))
        for code, told in read_data("clauses.yaml").items()
    }


def clause_choices(on: date) -> list[tuple[str, str]]:
    """The clauses of that day for a form."""
    return [(code, clause.label) for code, clause in clauses().items() if clause.holds(on)]


def decision_on(subject: str) -> AttributeDecision | None:
    """The decision that holds for a manuscript or an item."""
    return AttributeDecision.objects.filter(subject=subject).select_related("actor").last()


def decide(
    actor: Person, unit: Unit, subject: str, *, openness: str, clause: str, reason: str
) -> AttributeDecision | None:
    """Keep who decided on which clause that a manuscript is not published at once; nothing when it is the same as before.

    Needs the right to write in the unit. Raises Refusal for a clause that does not carry the attribute.
    """
    require(actor, "manuscript.write", unit)
    return _keep(actor, unit, subject, openness, clause, reason)


def decide_item(actor: Person, item_id: int, *, clause: str, reason: str) -> AttributeDecision | None:
    """The same for an item that came without a manuscript; how open it is stays as it was published."""
    item = Item.objects.select_related("unit").filter(pk=item_id).first()
    if item is None:
        raise Refusal("没有这条信息。")
    require(actor, "item.amend", item.unit)
    if not reason.strip():
        raise Refusal("认定公开属性须写明理由。")
    return _keep(actor, item.unit, f"item:{item.pk}", item.openness, clause, reason)


def _keep(
    actor: Person, unit: Unit, subject: str, openness: str, clause: str, reason: str
) -> AttributeDecision | None:
    reason = reason.strip()
    if len(reason) > 200:
        raise Refusal(f"理由有{len(reason)}个字符，超过200个字符的上限。")
    if openness == Openness.PROACTIVE:
        clause = reason = ""
    else:
        _check_clause(openness, clause)
    with transaction.atomic():
        last = decision_on(subject)
        if last is None and openness == Openness.PROACTIVE:
            return None
        if last is not None and (last.openness, last.clause, last.reason) == (openness, clause, reason):
            return None
        made = AttributeDecision.objects.create(
            subject=subject, unit=unit, openness=openness, clause=clause, reason=reason, actor=actor,
            at=timezone.now(),
        )  # fmt: skip
        audit.append(
            actor, "attribute.decided", subject, {"openness": openness, "clause": clause, "reason": reason}
        )
    return made


def _check_clause(openness: str, code: str) -> None:
    label = Openness(openness).label
    clause = clauses().get(code)
    if clause is None or not clause.holds(timezone.localdate()):
        raise Refusal(f"公开属性为“{label}”，须选择所依据的《政府信息公开条例》条款。")
    if openness not in clause.carries:
        raise Refusal(f"“{clause.label}”不能作为“{label}”的依据，请重新选择条款。")


def confirm(actor: Person, unit: Unit, subject: str, *, openness: str, reason: str) -> None:
    """Take the decision again when a text is handed in. Raises Refusal when nobody chose a clause for its attribute."""
    last = decision_on(subject)
    clause = last.clause if last is not None and last.openness == openness else ""
    decide(actor, unit, subject, openness=openness, clause=clause, reason=reason)


def decided(kind: str, key: str = "pk") -> Q:
    """The condition that a row was decided on: ``kind`` of its subject, ``key`` the field with its number."""
    subject = Concat(Value(f"{kind}:"), Cast(OuterRef(key), CharField()))
    return Q(Exists(AttributeDecision.objects.filter(subject=subject)))


def decisions_on(subjects: list[str]) -> dict[str, Any]:
    """The decisions that hold for many subjects."""
    found = AttributeDecision.objects.filter(subject__in=subjects).select_related("actor").order_by("pk")
    return {each.subject: each for each in found}

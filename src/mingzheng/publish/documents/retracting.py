"""撤销: a fact about a document that was registered in error counts no more; it stays readable with the reason."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from mingzheng.city import audit
from mingzheng.city.models import Person
from mingzheng.city.services import emit, require
from mingzheng.law.errors import Refusal
from mingzheng.publish.documents.models import CleanupResult, DocumentRelation, Filing, Retraction
from mingzheng.publish.items.models import Item

Fact = DocumentRelation | Filing | CleanupResult
KINDS: dict[str, type[DocumentRelation] | type[Filing] | type[CleanupResult]] = {
    "relation": DocumentRelation, "filing": Filing, "cleanup": CleanupResult,
}  # fmt: skip
LONGEST = 200


def fact_of(kind: str, fact_id: int) -> Fact:
    """The relation, filing or clean-up result with that number. Raises Refusal when there is none."""
    model = KINDS.get(kind)
    found = model.objects.filter(pk=fact_id).select_related("item__unit").first() if model else None
    if found is None:
        raise Refusal("没有这条登记，请刷新页面后再试。")
    return found


def retract(actor: Person, kind: str, fact_id: int, *, reason: str) -> Retraction:
    """Retract a fact, by whoever may amend in the unit of the document that it hangs on."""
    reason = reason.strip()
    if not reason:
        raise Refusal("撤销登记须写明理由。")
    if len(reason) > LONGEST:
        raise Refusal(f"撤销理由有{len(reason)}个字符，超过{LONGEST}个字符的上限。")
    with transaction.atomic():
        fact = fact_of(kind, fact_id)
        item = Item.objects.select_for_update(of=("self",)).select_related("unit").get(pk=fact.item_id)
        require(actor, "item.amend", item.unit)
        if Retraction.objects.filter(**{kind: fact}).exists():
            raise Refusal("这条登记已经撤销。")
        made = Retraction.objects.create(**{kind: fact}, reason=reason, actor=actor, at=timezone.now())
        audit.append(
            actor, "document.retracted", f"item:{item.pk}", {"fact": kind, "id": fact.pk, "reason": reason}
        )
        touched = [item.pk, fact.other_id] if isinstance(fact, DocumentRelation) else [item.pk]
        emit("document.changed", ids=touched)
    return made

"""Erasing an item for good: one person asks with a reason, another confirms within seven days.

Number, unit, column and dates stay, so that figures and the register of numbers remain whole; texts, people named
in it and files go. Manuscripts are emptied with it by :func:`mingzheng.publish.manuscripts.services.erase`, which
is what screens call.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from mingzheng.city import audit
from mingzheng.city.models import Person
from mingzheng.city.services import require
from mingzheng.law.errors import Refusal
from mingzheng.publish.doubles import services as doubles
from mingzheng.publish.items.models import ErasureRequest, Interpretation, Item, Status
from mingzheng.publish.items.reasons import withdrawal_reason
from mingzheng.publish.items.withdrawal import locked, note, worded

DAYS = 7
ERASED_TITLE = "（内容已清除）"


def request_erasure(actor: Person, item_id: int, *, code: str, reason: str) -> ErasureRequest:
    """Ask that an item be erased. Nothing happens to it until somebody else confirms."""
    reason, cause = worded(reason), withdrawal_reason(code).name
    with transaction.atomic():
        item = locked(actor, "item.withdraw", item_id)
        if item.status == Status.ERASED:
            raise Refusal(f"信息{item.index_no}的内容已经清除。")
        if (waiting := open_request(item)) is not None:
            raise Refusal(f"《{item.title}》已由{waiting.asked_by}申请彻底清除，正等待另一人确认。")
        asked = ErasureRequest.objects.create(
            item=item, code=code, reason=reason, asked_by=actor, asked_at=timezone.now()
        )
        audit.append(actor, "item.erasure_asked", f"item:{item.pk}", {"cause": cause, "reason": reason})
    return asked


def open_request(item: Item) -> ErasureRequest | None:
    """The request that waits for a second person, None when there is none or it is older than seven days."""
    since = timezone.now() - timedelta(days=DAYS)
    found = item.erasure_requests.filter(confirmed_at=None, asked_at__gt=since)
    return found.select_related("asked_by").order_by("-pk").first()


def erase_item(actor: Person, item_id: int) -> tuple[Item, list[str]]:
    """Confirm the open request and empty the item; returns it with the addresses of the files that it had."""
    with transaction.atomic():
        item = locked(actor, "item.withdraw", item_id)
        asked = open_request(item)
        if asked is None:
            raise Refusal(f"信息{item.index_no}没有待确认的清除申请，或者申请已超过{DAYS}日失效。")
        _require_second_person(actor, item, asked)
        asked.confirmed_by, asked.confirmed_at = actor, timezone.now()
        asked.save(update_fields=["confirmed_by", "confirmed_at"])
        files = list(item.attachments.values_list("url", flat=True))
        _empty(item, asked)
        facts = {
            "cause": withdrawal_reason(asked.code).name, "reason": asked.reason,
            "asked_by": asked.asked_by.username,
        }  # fmt: skip
        note(actor, "item.erased", item, facts, files=files)
    return item, files


def _require_second_person(actor: Person, item: Item, asked: ErasureRequest) -> None:
    """Neither the one who asked nor a deputy who acts for them."""
    grant = require(actor, "item.withdraw", item.unit)
    if asked.asked_by in (actor, grant.principal):
        raise Refusal("彻底清除须由申请人以外的另一人确认。")


def _empty(item: Item, asked: ErasureRequest) -> None:
    # The key of its source stays: without it the next import would bring everything back.
    item.title, item.body, item.status = ERASED_TITLE, "", Status.ERASED
    for name in ("doc_no", "issuer", "keywords", "abstract", "source_url", "non_disclosure_reason"):
        setattr(item, name, "")
    item.withdrawn_at = item.withdrawn_at or timezone.now()
    item.withdrawal_code, item.withdrawal_reason = asked.code, asked.reason
    item.save()
    doubles.renew(item.pk, "")
    item.attachments.all().delete()
    item.participants.all().delete()
    Interpretation.objects.filter(item=item).delete()
    Interpretation.objects.filter(document=item).update(document_title=ERASED_TITLE, document_no="")

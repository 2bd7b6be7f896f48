"""Taking published information away: hide, leave a notice, mask personal data; and putting back what was hidden.

Erasing for good is in :mod:`mingzheng.publish.items.erasure`. Whoever may withdraw in the unit may do all of this.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from mingzheng.city import audit
from mingzheng.city.models import Person
from mingzheng.city.services import emit, require
from mingzheng.law.errors import Refusal
from mingzheng.law.personal_data import find_personal_data, mask
from mingzheng.publish.checks.services import mask_body
from mingzheng.publish.doubles import services as doubles
from mingzheng.publish.items.models import Interpretation, Item, Status
from mingzheng.publish.items.reasons import ENDED, OTHER, withdrawal_reason

LONGEST_REASON = 200
_PLAIN = ("title", "abstract", "keywords", "issuer")


def withdraw_item(actor: Person, item_id: int, reason: str) -> Item:
    """Hide an item for a reason that is only words."""
    return hide_item(actor, item_id, code=OTHER, reason=reason)


def hide_item(actor: Person, item_id: int, *, code: str, reason: str) -> Item:
    """Take a published item off every page; its address is answered with 410. It can be restored."""
    return _take_off(actor, item_id, Status.WITHDRAWN, code, reason)


def tombstone_item(actor: Person, item_id: int, *, code: str, reason: str) -> Item:
    """Take a published item off every list; its address says that, when, by whom and why it was withdrawn."""
    told = withdrawal_reason(code)
    if not told.keeps_page:
        raise Refusal(f"因“{told.name}”撤回的信息不得在原网址保留说明页，请选择“从网站隐藏”。")
    return _take_off(actor, item_id, Status.TOMBSTONE, code, reason)


def _take_off(actor: Person, item_id: int, status: Status, code: str, reason: str) -> Item:
    reason = worded(reason)
    with transaction.atomic():
        item = locked_public(actor, "item.withdraw", item_id)
        return _set_off(actor, item, status, code, reason)


def _set_off(actor: Person | None, item: Item, status: Status, code: str, reason: str) -> Item:
    item.status, item.withdrawn_at = status, timezone.now()
    item.withdrawal_code, item.withdrawal_reason = code, reason
    item.save(update_fields=["status", "withdrawn_at", "withdrawal_code", "withdrawal_reason"])
    facts = {"cause": withdrawal_reason(code).name, "reason": reason, "status": status.label}
    note(actor, "item.withdrawn", item, facts)
    return item


def set_ending(actor: Person, item_id: int, at: datetime | None) -> Item:
    """Say when a published item goes off the site by itself; None lets it stay."""
    with transaction.atomic():
        item = locked_public(actor, "item.withdraw", item_id)
        return plan_ending(actor, item, at)


def plan_ending(actor: Person, item: Item, at: datetime | None) -> Item:
    """The same for who publishes the item in this transaction and may do so."""
    if at is not None and at <= timezone.now():
        raise Refusal(
            f"《{item.title}》的下线时间{timezone.localtime(at):%Y-%m-%d %H:%M}已经过去，请改晚或者留空。"
        )
    if item.ends_at != at:
        item.ends_at = at
        item.save(update_fields=["ends_at"])
        audit.append(actor, "item.ending_set", f"item:{item.pk}", {"at": at and at.isoformat()})
    return item


def end_due(progress: Callable[[Item], object] = lambda item: None) -> int:
    """Take the items off whose time is over, each with a notice at its address; returns how many."""
    due = Item.objects.filter(status=Status.PUBLISHED, ends_at__lte=timezone.now()).order_by("ends_at", "pk")
    done = 0
    for pk in list(due.values_list("pk", flat=True)):
        with transaction.atomic():
            item = Item.objects.select_for_update().get(pk=pk)
            if item.status == Status.PUBLISHED and item.ends_at and item.ends_at <= timezone.now():
                _set_off(None, item, Status.TOMBSTONE, ENDED, "公开期限届满，到时自动下线")
                done += 1
                progress(item)
    return done


def restore_item(actor: Person, item_id: int, *, reason: str) -> Item:
    """Put a hidden item back where it stood, unchanged, with its number and its day of publication."""
    reason = worded(reason)
    with transaction.atomic():
        item = locked(actor, "item.withdraw", item_id)
        if item.status not in (Status.WITHDRAWN, Status.TOMBSTONE):
            raise Refusal(f"《{item.title}》{item.get_status_display()}，不能恢复发布。")
        taken = Item.objects.numbered().filter(unit=item.unit, doc_no=item.doc_no)
        if item.doc_no and taken.exists():
            raise Refusal(f"文号“{item.doc_no}”已由“{item.unit}”的另一条信息使用，不能恢复发布。")
        item.status, item.withdrawn_at, item.ends_at = Status.PUBLISHED, None, None
        item.withdrawal_code = item.withdrawal_reason = ""
        item.save(update_fields=["status", "withdrawn_at", "ends_at", "withdrawal_code", "withdrawal_reason"])
        note(actor, "item.restored", item, {"reason": reason})
    return item


def anonymise_item(actor: Person, item_id: int, *, reason: str) -> Item:
    """Mask the personal data in an item's texts and the names of its attachments; it stays public.

    What the files themselves hold is not touched. Raises Refusal when there is nothing to mask.
    """
    reason = worded(reason)
    with transaction.atomic():
        item = locked_public(actor, "item.withdraw", item_id)
        changed = {name: mask_plain(getattr(item, name)) for name in _PLAIN} | {"body": mask_body(item.body)}
        changed = {name: text for name, text in changed.items() if text != getattr(item, name)}
        files = [file for file in item.attachments.all() if mask_plain(file.name) != file.name]
        if not changed and not files:
            raise Refusal(f"在《{item.title}》中没有发现可以遮盖的个人信息；附件的内容请下载后核对。")
        for name, text in changed.items():
            setattr(item, name, text)
        for file in files:
            file.name = mask_plain(file.name)
            file.save(update_fields=["name"])
        if "title" in changed:
            Interpretation.objects.filter(document=item).update(document_title=item.title)
        item.amended_at = timezone.now()
        item.save(update_fields=[*changed, "amended_at"])
        doubles.renew(item.pk, item.body)
        fields = sorted(changed) + (["attachments"] if files else [])
        audit.append(actor, "item.anonymised", f"item:{item.pk}", {"fields": fields, "reason": reason})
        emit("item.amended", item_id=item.pk, unit_id=item.unit_id, column_id=item.column_id, files=[])
    return item


def mask_plain(text: str) -> str:
    """The text without markup, its personal data masked; what is a public contact stays."""
    return mask(text, [each for each in find_personal_data(text) if not each.public_contact])


def worded(reason: str, act: str = "撤回信息") -> str:
    """The reason as it is kept. Raises Refusal when it says nothing or too much."""
    reason = reason.strip()
    if not reason:
        raise Refusal(f"{act}须写明理由。")
    if len(reason) > LONGEST_REASON:
        raise Refusal(f"{act}的理由有{len(reason)}个字符，超过{LONGEST_REASON}个字符的上限。")
    return reason


def locked(actor: Person, verb: str, item_id: int) -> Item:
    """The item, locked, if the person may do the verb in its unit."""
    item = Item.objects.select_for_update().filter(pk=item_id).first()
    if item is None:
        raise Refusal(f"没有编号为{item_id}的信息。")
    require(actor, verb, item.unit)
    return item


def locked_public(actor: Person, verb: str, item_id: int) -> Item:
    """The same of an item that is out."""
    item = locked(actor, verb, item_id)
    if item.status == Status.ERASED:
        raise Refusal(f"信息{item.index_no}的内容已经清除。")
    if item.status != Status.PUBLISHED:
        raise Refusal(f"《{item.title}》已于{timezone.localtime(item.withdrawn_at):%Y-%m-%d}撤回。")
    return item


def note(actor: Person | None, topic: str, item: Item, facts: dict[str, Any], **payload: Any) -> None:
    """Record the act in the audit chain and tell whoever makes pages."""
    audit.append(actor, topic, f"item:{item.pk}", facts)
    emit(topic, item_id=item.pk, unit_id=item.unit_id, column_id=item.column_id, **payload)

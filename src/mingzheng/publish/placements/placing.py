"""Placing an item in a further column, pushing it to another unit, deciding about a push, pinning and ending."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from mingzheng.city import audit
from mingzheng.city.models import Person, Unit
from mingzheng.city.permissions import Access, NotAllowed
from mingzheng.city.services import emit, require
from mingzheng.law.errors import Refusal
from mingzheng.publish.catalogue.models import Column
from mingzheng.publish.catalogue.services import CatalogueView
from mingzheng.publish.items.models import Item
from mingzheng.publish.placements.models import Placement, PushSetting

VERB: Final = "item.publish"
LONGEST_REASON: Final = 200
State = Placement.State


def place(
    actor: Person,
    item: Item,
    unit: Unit,
    column: Column,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Placement:
    """Show an item in a further column, from today unless a day is given, up to and with ``ends_on``.

    Into another unit it is a push, which waits for that unit unless it takes pushes without looking.
    """  # fmt: skip
    require(actor, VERB, item.unit)
    today = timezone.localdate()
    starts_on = starts_on or today
    if ends_on is not None and ends_on < max(starts_on, today):
        raise Refusal(f"最后一日{ends_on}早于{max(starts_on, today)}，请改晚或者留空。")
    with transaction.atomic():
        item = _locked_public(item.pk)
        _check_place(item, unit, column, today)
        waits = unit.pk != item.unit_id and not takes_pushes(unit)
        given = {
            "starts_on": starts_on, "ends_on": ends_on, "state": State.WAITING if waits else State.ACCEPTED,
            "by": actor, "at": timezone.now(), "is_home": False, "pinned_until": None, "decided_by": None, "decided_at": None,
            "reason": "",
        }  # fmt: skip
        made, _ = Placement.objects.update_or_create(item=item, unit=unit, column=column, defaults=given)
        _note(
            actor,
            "placement.made",
            made,
            {"on": starts_on, "ends_on": ends_on, "status": made.get_state_display()},
        )
    return made  # fmt: skip


def pin(actor: Person, placement_id: int, until: date | None) -> Placement:
    """Keep a placed item at the top of its list up to and with that day; None takes it down. The list's unit decides."""
    with transaction.atomic():
        found = _locked(placement_id)
        require(actor, VERB, found.unit)
        if found.state != State.ACCEPTED:
            raise Refusal(f"《{found.item}》在{found}{found.get_state_display()}，不能置顶。")
        _check_day(until)
        found.pinned_until = until
        if found.is_home:
            found.ends_on, found.state = until, State.ENDED if until is None else found.state
        found.save(update_fields=["pinned_until", "ends_on", "state"])
        _note(actor, "placement.pinned", found, {"until": until})
    return found


def pin_at_home(actor: Person, item: Item, until: date) -> Placement:
    """Keep an item at the top of its own column up to and with that day."""
    require(actor, VERB, item.unit)
    _check_day(until)
    with transaction.atomic():
        item = _locked_public(item.pk)
        given = {
            "starts_on": timezone.localdate(), "ends_on": until, "pinned_until": until, "state": State.ACCEPTED,
            "by": actor, "at": timezone.now(), "is_home": True, "decided_by": None, "decided_at": None, "reason": "",
        }  # fmt: skip
        made, _ = Placement.objects.update_or_create(
            item=item, unit=item.unit, column=item.column, defaults=given
        )
        _note(actor, "placement.pinned", made, {"until": until})
    return made


def _check_day(until: date | None) -> None:
    if until is not None and until < timezone.localdate():
        raise Refusal(f"置顶的最后一日{until}已经过去，请改晚或者留空。")


def decide(actor: Person, placement_id: int, accept: bool, reason: str = "") -> Placement:
    """Take a push in, or refuse it with a reason; by whoever publishes in the unit to which it came."""
    reason = _worded(reason, "退回推送" if not accept else "")
    with transaction.atomic():
        found = _locked(placement_id)
        require(actor, VERB, found.unit)
        if found.state != State.WAITING:
            raise Refusal(f"《{found.item}》推送到{found}的请求{found.get_state_display()}，不必再办。")
        if accept:
            _locked_public(found.item_id)
            _check_shown(found.unit, found.column, timezone.localdate())
        _decide(actor, found, State.ACCEPTED if accept else State.REFUSED, reason)
        _note(actor, "placement.accepted" if accept else "placement.refused", found, {"reason": reason})
    return found


def end(actor: Person, placement_id: int, reason: str) -> Placement:
    """Take an item out of a further column at once; the unit of either side may."""
    reason = _worded(reason, "结束其他位置的显示")
    with transaction.atomic():
        found = _locked(placement_id)
        may_end(actor, found, raising=True)
        if not Placement.objects.standing(timezone.localdate()).filter(pk=found.pk).exists():
            raise Refusal(f"《{found.item}》在{found}的显示已经结束或者退回。")
        _decide(actor, found, State.ENDED, reason)
        _note(actor, "placement.ended", found, {"reason": reason})
    return found


def may_end(actor: Person, placement: Placement, *, raising: bool = False) -> bool:
    """Whether the person publishes in the item's unit or in that of the list."""
    access = Access(actor)
    may = access.may(VERB, placement.unit) or access.may(VERB, placement.item.unit)
    if raising and not may:
        raise NotAllowed(f"您在“{placement.unit}”和“{placement.item.unit}”都没有“发布信息”的权限。")
    return may


def set_push(actor: Person, unit: Unit, accept: bool) -> None:
    """Say whether the unit takes what others push to it without looking."""
    require(actor, VERB, unit)
    with transaction.atomic():
        PushSetting.objects.update_or_create(unit=unit, defaults={"accept": accept})
        said = "免审接收" if accept else "逐条决定"
        audit.append(actor, "placement.push_set", f"unit:{unit.code}", {"status": said})


def takes_pushes(unit: Unit) -> bool:
    return PushSetting.objects.filter(unit=unit, accept=True).exists()


def waiting_pushes(access: Access) -> Any:
    """The pushes about which this person may decide, the oldest first."""
    found = Placement.objects.filter(access.where(VERB), state=State.WAITING)
    return found.select_related("item__unit", "unit", "column", "by").defer("item__body").order_by("at", "pk")


def _check_place(item: Item, unit: Unit, column: Column, today: date) -> None:
    if unit.pk == item.unit_id and column.pk == item.column_id:
        raise Refusal(f"“{column}”就是《{item.title}》的主栏目，不必另设。")
    _check_shown(unit, column, today)
    known = Placement.objects.standing(today).filter(item=item, unit=unit, column=column).first()
    if known is not None:
        raise Refusal(f"《{item.title}》在{known}{known.get_state_display()}，不能重复设置。")


def _check_shown(unit: Unit, column: Column, today: date) -> None:
    if not CatalogueView().shows(unit, column, today):
        raise Refusal(f"“{unit}”的公开目录没有栏目“{column}”。")


def _locked_public(item_id: int) -> Item:
    item = Item.objects.select_for_update(of=("self",)).defer("body").get(pk=item_id)
    if not Item.objects.public().filter(pk=item_id).exists():
        raise Refusal(f"信息{item.index_no}没有公开，不能在其他位置显示。")
    return item


def _locked(placement_id: int) -> Placement:
    found = Placement.objects.select_for_update(of=("self",)).filter(pk=placement_id)
    placement = found.select_related("item__unit", "unit", "column").defer("item__body").first()
    if placement is None:
        raise Refusal("没有这个位置，请刷新页面后再试。")
    return placement


def _decide(actor: Person, placement: Placement, state: str, reason: str) -> None:
    placement.state, placement.reason = state, reason
    placement.decided_by, placement.decided_at = actor, timezone.now()
    placement.save(update_fields=["state", "reason", "decided_by", "decided_at"])


def _worded(reason: str, needed_for: str) -> str:
    reason = reason.strip()
    if needed_for and not reason:
        raise Refusal(f"{needed_for}须写明理由。")
    if len(reason) > LONGEST_REASON:
        raise Refusal(f"理由有{len(reason)}个字符，超过{LONGEST_REASON}个字符的上限。")
    return reason


def _note(actor: Person, verb: str, placement: Placement, facts: dict[str, Any]) -> None:
    place = {"unit": placement.unit.code, "column": placement.column.code}
    audit.append(actor, verb, f"item:{placement.item_id}", place | facts)
    emit("item.placed", **place_of(placement))


def place_of(placement: Placement) -> dict[str, int]:
    """The payload of the event: which item, in which list."""
    return {
        "item_id": placement.item_id,
        "unit_id": placement.unit_id,
        "column_id": placement.column_id,
    }

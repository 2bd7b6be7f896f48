"""What the screens of placements show: facts gathered for the templates, nothing decided."""

from __future__ import annotations

from typing import Any, Final

from django.utils import timezone

from mingzheng.city.models import Person, Unit
from mingzheng.city.permissions import Access
from mingzheng.law.errors import Refusal
from mingzheng.office.manuscripts.screens import minute
from mingzheng.portal.services import item_path
from mingzheng.publish.catalogue.models import Column
from mingzheng.publish.items.models import Item
from mingzheng.publish.placements.models import Placement, PushPreset
from mingzheng.publish.placements.services import may_end, presets_for, waiting_pushes

VERB: Final = "item.publish"
LOOKS: Final = {"accepted": "fine", "waiting": "soon", "refused": "late", "ended": ""}
LINES: Final = 10
Row = dict[str, Any]


def card(access: Access, item: Item) -> Row:
    """The further places of one item, and what the form needs for another."""
    found = item.placements.select_related("unit", "column", "by", "decided_by", "item__unit").order_by("pk")
    may_place = access.may(VERB, item.unit)
    rows = [row(access, each) for each in found.defer("item__body")]
    return {
        "rows": rows,
        "may_pin": may_place and not any(each["placement"].is_home and each["standing"] for each in rows),
        "may_place": may_place,
        "units": Unit.objects.filter(active_to=None).values_list("code", "name") if may_place else (),
        "columns": Column.objects.order_by("code").values_list("code", "name") if may_place else (),
        "presets": presets_for([item]) if may_place else (),
        "today": timezone.localdate(),
    }


def presets(access: Access) -> list[PushPreset]:
    """The presets that this person may change."""
    found = PushPreset.objects.filter(access.where(VERB)).select_related("unit")
    return list(found.prefetch_related("targets__unit", "targets__column"))


def chosen_preset(items: list[Item], number: str) -> PushPreset:
    """The preset that was chosen, out of those that serve the items."""
    for preset in presets_for(items):
        if str(preset.pk) == number:
            return preset
    raise Refusal("请选择推送预设；预设属于信息所在单位或者它的上级单位。")


def row(access: Access, placement: Placement) -> Row:
    """One placement with its days and what this person may do about it now."""
    today = timezone.localdate()
    state = Placement.State(placement.state)
    standing = state in ("accepted", "waiting") and not (placement.ends_on and placement.ends_on < today)
    if placement.is_home and placement.column_id != placement.item.column_id:
        standing = False
    person = access.person
    pinned = placement.pinned_until
    return {
        "placement": placement,
        "standing": standing,
        "state": _state(placement, standing),
        "days": _days(placement),
        "at": minute(placement.at),
        "pinned": pinned if standing and pinned and pinned >= today else None,
        "may_pin": standing and state == "accepted" and access.may(VERB, placement.unit),
        "may_end": standing and isinstance(person, Person) and may_end(person, placement),
    }


def _state(placement: Placement, standing: bool) -> dict[str, str]:
    if placement.state == "accepted" and not standing:
        return {"look": "", "label": "已到期"}
    return {"look": LOOKS[placement.state], "label": placement.get_state_display()}


def _days(placement: Placement) -> str:
    return (
        f"{placement.starts_on}起"
        if placement.ends_on is None
        else f"{placement.starts_on}至{placement.ends_on}"
    )


def waiting(access: Access) -> Row:
    """The pushes that wait for this person, the oldest first."""
    found = waiting_pushes(access)
    rows = [
        {
            "placement": each,
            "url": item_path(each.item_id, each.item.first_published_at),
            "days": _days(each),
            "at": minute(each.at),
        }
        for each in found[:LINES]
    ]
    return {"rows": rows, "total": found.count()}

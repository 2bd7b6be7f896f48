"""推送预设: named lists of places, and pushing an item to all of a list's places in one act."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from django.db import transaction
from django.utils import timezone

from mingzheng.city import audit
from mingzheng.city.models import Person, Unit
from mingzheng.city.services import require
from mingzheng.law.errors import Refusal
from mingzheng.publish.catalogue.models import Column
from mingzheng.publish.catalogue.services import CatalogueView
from mingzheng.publish.items.models import Item
from mingzheng.publish.placements.models import Placement, PushPreset, PushTarget
from mingzheng.publish.placements.placing import VERB, place

MOST: Final = 100
LONGEST_NAME: Final = 40


def save_preset(actor: Person, unit: Unit, name: str, targets: Sequence[tuple[Unit, Column]]) -> PushPreset:
    """Keep a list of places under a name; one of the same name in the unit is replaced."""
    require(actor, VERB, unit)
    name = name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise Refusal(f"推送预设的名称须有1至{LONGEST_NAME}个字符。")
    if not targets or len(targets) > MOST:
        raise Refusal(f"推送预设“{name}”须有1至{MOST}个位置，填了{len(targets)}个。")
    view, today = CatalogueView(), timezone.localdate()
    for receiver, column in targets:
        if not view.shows(receiver, column, today):
            raise Refusal(f"“{receiver}”的公开目录没有栏目“{column}”。")
    with transaction.atomic():
        preset, _ = PushPreset.objects.get_or_create(unit=unit, name=name)
        preset.targets.all().delete()
        PushTarget.objects.bulk_create(
            PushTarget(preset=preset, unit=receiver, column=column)
            for receiver, column in dict.fromkeys(targets)
        )
        places = "、".join(f"{receiver.code}/{column.code}" for receiver, column in dict.fromkeys(targets))
        audit.append(actor, "placement.preset_saved", f"unit:{unit.code}", {"name": name, "places": places})
    return preset


def drop_preset(actor: Person, preset_id: int) -> PushPreset:
    """Forget a list of places; what was pushed by it stays."""
    with transaction.atomic():
        found = PushPreset.objects.select_for_update(of=("self",)).filter(pk=preset_id).select_related("unit")
        preset = found.first()
        if preset is None:
            raise Refusal("没有这个推送预设，请刷新页面后再试。")
        require(actor, VERB, preset.unit)
        audit.append(actor, "placement.preset_dropped", f"unit:{preset.unit.code}", {"name": preset.name})
        preset.delete()
    return preset


def presets_for(items: Iterable[Item]) -> list[PushPreset]:
    """The lists that serve all of these items: those of their own units and of the units above."""
    paths = [item.unit.path for item in items]
    found = PushPreset.objects.select_related("unit").prefetch_related("targets__unit", "targets__column")
    return [preset for preset in found if all(path.startswith(preset.unit.path) for path in paths)]


def push_by_preset(actor: Person, item: Item, preset: PushPreset) -> list[Placement]:
    """Show an item in every place of the list where it does not stand yet; all of them, or none with the reason."""
    if not item.unit.path.startswith(preset.unit.path):
        raise Refusal(f"推送预设“{preset}”属于“{preset.unit}”，不能用于“{item.unit}”的信息。")
    today = timezone.localdate()
    standing = set(
        Placement.objects.standing(today).filter(item=item).values_list("unit_id", "column_id")
    ) | {(item.unit_id, item.column_id)}
    with transaction.atomic():
        return [
            place(actor, item, target.unit, target.column)
            for target in preset.targets.select_related("unit", "column")
            if (target.unit_id, target.column_id) not in standing
        ]

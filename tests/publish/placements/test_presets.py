"""Presets of pushes: who keeps them, whom they serve, and one act that places everywhere or nowhere."""

from __future__ import annotations

import pytest
from django.utils import timezone

from mingzheng.city.models import AuditEntry
from mingzheng.city.permissions import NotAllowed
from mingzheng.law.errors import Refusal
from mingzheng.publish.catalogue.services import column_by_code
from mingzheng.publish.items.models import Item
from mingzheng.publish.items.services import ItemDraft, import_items
from mingzheng.publish.placements.models import Placement, PushPreset
from mingzheng.publish.placements.services import (
    drop_preset,
    place,
    presets_for,
    push_by_preset,
    save_preset,
)


@pytest.fixture
def item(catalogue):
    drafts = [ItemDraft("czj", "DT01", "财政动态", "<p>一。</p>", published_at=timezone.now())]
    report = import_items(catalogue.people["office"], drafts, source="test")
    return Item.objects.select_related("unit").get(pk=report.ids[0])


@pytest.fixture
def keep(catalogue):
    def keep(*places, unit="czj", by="czj-signer", name="报送县里"):
        targets = [(catalogue.units[code], column_by_code(column)) for code, column in places]
        return save_preset(catalogue.people[by], catalogue.units[unit], name, targets)

    return keep


def test_one_act_places_an_item_everywhere(catalogue, item, keep):
    signer = catalogue.people["czj-signer"]
    made = push_by_preset(signer, item, keep(("czj", "TZ01"), ("hexi", "TZ01")))
    assert [(each.unit.code, each.state) for each in made] == [("czj", "accepted"), ("hexi", "waiting")]
    assert push_by_preset(signer, item, PushPreset.objects.get()) == []  # where it stands, it stays


def test_a_place_that_refuses_stops_all_of_them(catalogue, item, keep):
    preset = keep(("czj", "TZ01"), ("hexi", "TZ01"))
    preset.targets.filter(unit=catalogue.units["hexi"]).update(column=column_by_code("ZC0601"))
    with pytest.raises(Refusal, match="的公开目录没有栏目"):
        push_by_preset(catalogue.people["czj-signer"], item, preset)
    assert not Placement.objects.exists()


def test_the_same_name_is_replaced_and_the_same_place_kept_once(keep):
    keep(("czj", "TZ01"))
    preset = keep(("hexi", "TZ01"), ("hexi", "TZ01"))
    assert [each.unit.code for each in preset.targets.all()] == ["hexi"]
    assert PushPreset.objects.count() == 1


def test_a_preset_serves_its_unit_and_those_below(catalogue, item, keep):
    own, of_city, foreign = keep(("hexi", "TZ01")), None, None
    of_city = keep(("hexi", "TZ01"), unit="city", by="office")
    foreign = keep(("czj", "TZ01"), unit="hexi", by="office")
    assert set(presets_for([item])) == {own, of_city}
    with pytest.raises(Refusal, match="不能用于“示范市财政局”的信息"):
        push_by_preset(catalogue.people["office"], item, foreign)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": " "}, "名称须有1至40个字符"),
        ({"name": "长" * 41}, "名称须有1至40个字符"),
        ({"places": ()}, "须有1至100个位置，填了0个"),
        ({"places": (("hexi", "ZC0601"),)}, "的公开目录没有栏目"),
    ],
)
def test_what_is_wrong_with_a_preset_is_said(keep, given, said):
    places = given.pop("places", (("czj", "TZ01"),))
    with pytest.raises(Refusal, match=said):
        keep(*places, **given)
    assert not PushPreset.objects.exists()


def test_only_who_publishes_in_the_unit_keeps_and_drops(catalogue, keep, item):
    with pytest.raises(NotAllowed):
        keep(("czj", "TZ01"), by="czj-writer")
    preset = keep(("hexi", "TZ01"))
    with pytest.raises(NotAllowed):
        drop_preset(catalogue.people["hexi-office"], preset.pk)
    place(catalogue.people["czj-signer"], item, catalogue.units["hexi"], column_by_code("TZ01"))
    drop_preset(catalogue.people["czj-signer"], preset.pk)
    assert Placement.objects.count() == 1  # what was pushed stays
    assert not PushPreset.objects.exists()
    verbs = AuditEntry.objects.filter(verb__contains="preset").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["placement.preset_saved", "placement.preset_dropped"]
    with pytest.raises(Refusal, match="没有这个推送预设"):
        drop_preset(catalogue.people["czj-signer"], preset.pk)

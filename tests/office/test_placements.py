"""一文多发 on the desk: the card on an item's page, pushes in 我的工作, pinning, and how a unit takes pushes."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.office.pages import english, text

from mingzheng.publish.catalogue.services import column_by_code
from mingzheng.publish.items.models import Item
from mingzheng.publish.items.services import ItemDraft, import_items
from mingzheng.publish.placements.models import Placement, PushPreset


def sign_in(city: Any, username: str) -> Client:
    client = Client()
    client.force_login(city.people[username])
    return client


@pytest.fixture
def item(catalogue: Any) -> Item:
    drafts = [ItemDraft("czj", "DT01", "财政动态", "<p>一。</p>", published_at=timezone.now())]
    report = import_items(catalogue.people["office"], drafts, source="test")
    return Item.objects.get(pk=report.ids[0])


def push(client: Client, item: Item, **given: str) -> Any:
    return client.post(
        f"/office/items/{item.pk}/places/", {"unit": "hexi", "column": "tz01"} | given, follow=True
    )


def test_a_signer_places_pins_and_ends_on_the_items_page(catalogue: Any, item: Item) -> None:
    client, page = sign_in(catalogue, "czj-signer"), f"/office/items/{item.pk}/"
    assert "只在主栏目显示" in text(client.get(page))
    push(client, item, unit="", column="TZ01")
    made = Placement.objects.get()
    assert (made.unit.code, made.state) == ("czj", "accepted")
    today = timezone.localdate().isoformat()
    client.post(f"/office/placements/{made.pk}/pin/", {"until": today, "back": page})
    shown = client.get(page)
    assert f"置顶至{today}" in text(shown)
    assert not english(shown) - {"czj", "signer"}
    answer = client.post(
        f"/office/placements/{made.pk}/end/", {"reason": "展示期满", "back": page}, follow=True
    )
    assert "展示期满" in text(answer)


def test_a_push_is_taken_in_from_my_work(catalogue: Any, item: Item) -> None:
    assert "待接收" in text(push(sign_in(catalogue, "czj-signer"), item))
    made = Placement.objects.get()
    officer = sign_in(catalogue, "hexi-office")
    home = text(officer.get("/office/"))
    assert "待接收的推送 1" in home
    assert "财政动态" in home
    officer.post(f"/office/placements/{made.pk}/accept/", {"back": "/office/"})
    made.refresh_from_db()
    assert made.state == "accepted"
    assert "待接收的推送" not in text(officer.get("/office/"))
    shown = officer.get("/office/placements/")
    assert "财政动态" in text(shown)
    assert not english(shown)


def test_a_push_is_refused_with_its_reason_only(catalogue: Any, item: Item) -> None:
    push(sign_in(catalogue, "czj-signer"), item)
    made, officer = Placement.objects.get(), sign_in(catalogue, "hexi-office")
    answer = officer.post(f"/office/placements/{made.pk}/refuse/", {"reason": ""})
    assert "须写明理由" in answer.content.decode()
    officer.post(f"/office/placements/{made.pk}/refuse/", {"reason": "与本县无关"})
    assert "与本县无关" in text(sign_in(catalogue, "czj-signer").get(f"/office/items/{item.pk}/"))


def test_a_unit_takes_pushes_without_looking(catalogue: Any, item: Item) -> None:
    officer = sign_in(catalogue, "hexi-office")
    answer = officer.post("/office/placements/setting/", {"unit": "hexi", "accept": "yes"}, follow=True)
    assert "免审接收推送的单位：河西县人民政府" in text(answer)
    push(sign_in(catalogue, "czj-signer"), item)
    assert Placement.objects.get().state == "accepted"
    assert sign_in(catalogue, "czj-signer").post(
        "/office/placements/setting/", {"unit": "hexi", "accept": "no"}
    ).status_code == 400  # fmt: skip


def test_what_cannot_be_is_said(catalogue: Any, item: Item) -> None:
    client = sign_in(catalogue, "czj-signer")
    assert "没有“火星”这个单位" in push(client, item, unit="火星").content.decode()
    assert "有误" in push(client, item, ends_on="明天").content.decode()
    assert sign_in(catalogue, "czj-writer").post(f"/office/items/{item.pk}/places/").status_code == 404
    made = client.post("/office/placements/999/end/", {"reason": "一", "back": "//elsewhere.example/"})
    assert made.status_code == 400


def test_a_topic_is_put_together_by_index_numbers(catalogue: Any, item: Item) -> None:
    client = sign_in(catalogue, "czj-signer")
    given = {
        "unit": catalogue.units["czj"].pk,
        "title": "预算公开",
        "slug": "budget",
        "sections": "预算\n决算",
    }
    answer = client.post("/office/topics/", given, follow=True)
    page = answer.redirect_chain[-1][0]
    client.post(page, {"add": "1", "index_no": item.index_no, "section": "预算"})
    assert "财政动态" in text(client.get(page))
    moved = {"title": "预算公开", "intro": "", "sections": "决算\n预算", f"section-{item.pk}": "决算"}
    assert "已保存" in client.post(page, moved, follow=True).content.decode()
    assert list(item.topic_entries.values_list("section", flat=True)) == ["决算"]
    assert "没有索引号" in text(client.post(page, {"add": "1", "index_no": "没有", "section": "预算"}))
    assert sign_in(catalogue, "hexi-office").get(page).status_code == 400
    client.post(f"{page}archive/")
    assert "已归档" in text(client.get("/office/topics/"))
    assert "收入一条" not in text(client.get(page))


def test_a_preset_is_kept_and_used_for_one_and_for_many(catalogue: Any, item: Item) -> None:
    client = sign_in(catalogue, "czj-signer")
    name, column = catalogue.units["hexi"].name, column_by_code("TZ01").name
    given = {"unit": "czj", "name": "报送县里", "targets": f"czj/TZ01\n\n{name}／{column}\n"}
    shown = client.post("/office/placements/presets/", given, follow=True)
    assert "推送预设“报送县里”已保存，有2个位置。" in shown.content.decode()
    assert not english(shown)
    assert "没有写成“单位/栏目”" in text(
        client.post("/office/placements/presets/", given | {"targets": "czj"})
    )
    preset = PushPreset.objects.get()
    page = f"/office/items/{item.pk}/"
    assert "报送县里（2个位置）" in text(client.get(page))
    answer = client.post(f"{page}places/", {"preset": preset.pk}, follow=True)
    assert "已按“报送县里”推送：新增2个位置" in answer.content.decode()
    chosen = {"chosen": [item.pk], "act": "push", "preset": preset.pk}
    answer = client.post("/office/items/bulk/", chosen, follow=True)
    assert "推送1条信息，新增0个位置" in answer.content.decode()
    assert "请选择推送预设" in text(client.post(f"{page}places/", {"preset": "9"}))
    assert (
        sign_in(catalogue, "hexi-office").post(f"/office/placements/presets/{preset.pk}/drop/").status_code
        == 400
    )
    client.post(f"/office/placements/presets/{preset.pk}/drop/")
    assert not PushPreset.objects.exists()
    assert Placement.objects.count() == 2


def test_an_item_is_pinned_in_its_own_column(catalogue: Any, item: Item) -> None:
    client, page = sign_in(catalogue, "czj-signer"), f"/office/items/{item.pk}/"
    today = timezone.localdate().isoformat()
    assert "请填写置顶到哪一日" in text(client.post(f"{page}places/", {"pin": ""}))
    assert "已经过去" in text(client.post(f"{page}places/", {"pin": "2018-01-01"}))
    client.post(f"{page}places/", {"pin": today})
    shown = text(client.get(page))
    assert "（主栏目）" in shown
    assert f"置顶至{today}" in shown
    made = Placement.objects.get()
    client.post(f"/office/placements/{made.pk}/pin/", {"until": "", "back": page})
    assert "在主栏目置顶至" in text(client.get(page))

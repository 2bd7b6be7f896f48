"""批量移动、批量推送、批量撤回: one act on many published items, all of them or none."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from mingzheng.city.models import Person
from mingzheng.law.errors import Refusal
from mingzheng.office.guard import access_of
from mingzheng.office.manuscripts.views import person_of
from mingzheng.office.placements.screens import chosen_preset
from mingzheng.publish.catalogue.models import Column
from mingzheng.publish.catalogue.services import CatalogueView, ColumnNode
from mingzheng.publish.items import services
from mingzheng.publish.items.models import Item, Status
from mingzheng.publish.placements.models import PushPreset
from mingzheng.publish.placements.services import presets_for, push_by_preset

MOST: Final = 200


class MoveForm(forms.Form):
    """Where to, and why."""

    column = forms.ModelChoiceField(Column.objects.all(), label="移到栏目", empty_label="请选择")
    reason = forms.CharField(label="理由", max_length=200)


class TakeOffForm(forms.Form):
    """For which coded reason, and why in words."""

    code = forms.ChoiceField(label="原因")
    reason = forms.CharField(label="理由（内部记录，不公开）", max_length=200)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        found = services.withdrawal_reasons().values()
        self.fields["code"] = forms.ChoiceField(
            label="原因", choices=[("", "请选择"), *((each.code, each.name) for each in found)]
        )


class PushForm(forms.Form):
    """To the places of which preset."""

    preset = forms.ChoiceField(label="推送预设")

    def __init__(self, *arguments: Any, presets: list[PushPreset], **options: Any) -> None:
        super().__init__(*arguments, **options)
        choices = [("", "请选择"), *((str(each.pk), f"{each}（{each.unit}）") for each in presets)]
        self.fields["preset"] = forms.ChoiceField(label="推送预设", choices=choices)


@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """Show what was chosen with the three acts; do the one that was sent."""
    access, person = access_of(request), person_of(request)
    numbers = [
        each
        for each in request.POST.getlist("chosen")
        if each.isascii() and each.isdigit() and len(each) < 19
    ]
    if len(numbers) > MOST:
        raise Refusal(f"一次最多处理{MOST}条信息，选中了{len(numbers)}条。")
    found = Item.objects.filter(access.where("item.withdraw"), pk__in=numbers, status=Status.PUBLISHED)
    chosen = list(found.select_related("unit", "column").defer("body").order_by("-first_published_at", "-pk"))
    if not chosen:
        raise Refusal("没有选中可以移动或者撤回的信息，请先选中已发布的信息。")
    columns = _columns(chosen)
    act = request.POST.get("act", "")
    move = MoveForm(request.POST if act == "move" else None)
    move.fields["column"].queryset = Column.objects.filter(pk__in=columns)  # type: ignore[attr-defined]
    move.fields["column"].label_from_instance = lambda column: columns[column.pk]  # type: ignore[attr-defined]
    off = TakeOffForm(request.POST if act == "withdraw" else None, auto_id="off-%s")
    presets = presets_for(chosen)
    push = PushForm(request.POST if act == "push" else None, auto_id="push-%s", presets=presets)
    form = {"move": move, "push": push, "withdraw": off}.get(act)
    if form is not None and form.is_valid():
        try:
            messages.success(request, _do(person, act, chosen, form.cleaned_data))
            return redirect("office_items")
        except Refusal as refusal:
            form.add_error(None, f"{refusal.sentence}因此一条也没有处理。")
    context = {"chosen": chosen, "move": move, "push": push, "presets": presets, "off": off}
    return render(request, "office/items/bulk.html", context)


def _do(person: Person, act: str, chosen: list[Item], given: dict[str, Any]) -> str:
    """Do it to all of them; returns what to tell."""
    with transaction.atomic():
        if act == "move":
            for item in chosen:
                services.move_item(person, item.pk, given["column"], reason=given["reason"])
            return f"已将{len(chosen)}条信息移到栏目“{given['column']}”，公开页面即将更新。"
        if act == "push":
            preset = chosen_preset(chosen, given["preset"])
            made = sum(len(push_by_preset(person, item, preset)) for item in chosen)
            return f"已按“{preset}”推送{len(chosen)}条信息，新增{made}个位置。"
        for item in chosen:
            services.hide_item(person, item.pk, code=given["code"], reason=given["reason"])
        return f"已将{len(chosen)}条信息撤回，公开页面即将更新。"


def _columns(chosen: list[Item]) -> dict[int, str]:
    """The columns that all units of the chosen items have, with their places."""
    view, today = CatalogueView(), timezone.localdate()
    units = {item.unit_id: item.unit for item in chosen}
    found = [_leaves(view.tree(unit, today), "") for unit in units.values()]
    return {pk: place for pk, place in found[0].items() if all(pk in each for each in found)}


def _leaves(nodes: list[ColumnNode], above: str) -> dict[int, str]:
    places: dict[int, str] = {}
    for node in nodes:
        place = f"{above} / {node.name}" if above else node.name
        places |= _leaves(node.children, place) if node.children else {node.column.pk: place}
    return places

"""Placing an item, deciding about pushes, and what a unit shows of others. The services decide who may."""

from __future__ import annotations

from datetime import date
from typing import Final, TypeVar

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from mingzheng.city.models import Person, Unit
from mingzheng.law.errors import Refusal
from mingzheng.office.guard import access_of
from mingzheng.office.manuscripts.views import person_of
from mingzheng.office.placements import screens
from mingzheng.publish.catalogue.models import Column
from mingzheng.publish.catalogue.services import CatalogueView
from mingzheng.publish.items.models import Item
from mingzheng.publish.placements import services
from mingzheng.publish.placements.models import Placement, PushSetting

PAGE: Final = 30
M = TypeVar("M", bound=Model)


@require_POST
def item_place(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an item in a further column or in all the places of a preset, or pin it in its own column."""
    item = get_object_or_404(Item.objects.select_related("unit").defer("body"), pk=pk)
    given = request.POST
    if "pin" in given:
        until = _day(request, "pin")
        if until is None:
            raise Refusal("请填写置顶到哪一日。")
        services.pin_at_home(person_of(request), item, until)
        messages.success(request, f"已在主栏目置顶至{until}。")
        return redirect("office_item", pk=pk)
    if "preset" in given:
        preset = screens.chosen_preset([item], given["preset"])
        made = services.push_by_preset(person_of(request), item, preset)
        said = f"新增{len(made)}个位置，相关列表即将更新。" if made else "各个位置都已有本条信息。"
        messages.success(request, f"已按“{preset}”推送：{said}")
        return redirect("office_item", pk=pk)
    units = Unit.objects.filter(active_to=None)
    unit = _named(units, given.get("unit", ""), "单位") if given.get("unit", "").strip() else item.unit
    column = _column(unit, given.get("column", ""))
    starts_on, ends_on = _day(request, "starts_on"), _day(request, "ends_on")
    placed = services.place(person_of(request), item, unit, column, starts_on, ends_on)
    waits = placed.state == Placement.State.WAITING
    said = "已推送，等待该单位接收。" if waits else "已设置，相关列表即将更新。"
    messages.success(request, f"{placed}：{said}")
    return redirect("office_item", pk=pk)


@require_POST
def placement_act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Accept, refuse, pin or end; then back to where the person was."""
    messages.success(request, _do(request, person_of(request), pk, verb))
    back = request.POST.get("back", "")
    safe = back.startswith("/office/") and url_has_allowed_host_and_scheme(back, None)
    return redirect(back if safe else "office_placements")


def _do(request: HttpRequest, actor: Person, pk: int, verb: str) -> str:
    """Do it; returns what to tell."""
    reason = request.POST.get("reason", "")
    if verb == "pin":
        found = services.pin(actor, pk, until := _day(request, "until"))
        return f"已在{found}置顶至{until}。" if until else f"已在{found}取消置顶。"
    if verb == "end":
        return f"已结束在{services.end(actor, pk, reason)}的显示，相关列表即将更新。"
    if verb not in ("accept", "refuse"):
        raise Refusal("没有这种办理，请刷新页面后再试。")
    found = services.decide(actor, pk, verb == "accept", reason)
    return f"已接收到{found}，列表即将更新。" if verb == "accept" else "已退回推送。"


@require_GET
def placements(request: HttpRequest) -> HttpResponse:
    """What waits, what the person's units show beside their own columns' items, and how they take pushes."""
    access = access_of(request)
    found = Placement.objects.filter(access.where(screens.VERB)).exclude(state=Placement.State.WAITING)
    found = found.select_related("item__unit", "unit", "column").defer("item__body").order_by("-at", "-pk")
    page = Paginator(found, PAGE).get_page(request.GET.get("p"))
    units = access.units(screens.VERB).filter(active_to=None).order_by("sort", "id")
    context = {
        "waiting": screens.waiting(access),
        "page": page,
        "rows": [screens.row(access, each) for each in page],
        "units": units.values_list("code", "name"),
        "presets": screens.presets(access),
        "open": PushSetting.objects.filter(access.where(screens.VERB), accept=True).select_related("unit"),
    }
    return render(request, "office/placements/list.html", context)


@require_POST
def push_setting(request: HttpRequest) -> HttpResponse:
    """Say how a unit takes pushes."""
    unit = _named(Unit.objects.all(), request.POST.get("unit", ""), "单位")
    accept = request.POST.get("accept") == "yes"
    services.set_push(person_of(request), unit, accept)
    messages.success(request, f"“{unit}”对推送改为{'免审接收' if accept else '逐条决定'}。")
    return redirect("office_placements")


@require_POST
def preset_save(request: HttpRequest) -> HttpResponse:
    """Keep a preset: its name, and one place per line, written as unit/column."""
    given = request.POST
    unit = _named(Unit.objects.all(), given.get("unit", ""), "单位")
    units = Unit.objects.filter(active_to=None)
    targets = []
    for line in filter(None, map(str.strip, given.get("targets", "").splitlines())):
        receiver, slash, column = line.replace("／", "/").partition("/")
        if not slash:
            raise Refusal(f"“{line[:40]}”没有写成“单位/栏目”。")
        target = _named(units, receiver, "单位")
        targets.append((target, _column(target, column)))
    preset = services.save_preset(person_of(request), unit, given.get("name", ""), targets)
    messages.success(request, f"推送预设“{preset}”已保存，有{preset.targets.count()}个位置。")
    return redirect("office_placements")


@require_POST
def preset_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a preset."""
    preset = services.drop_preset(person_of(request), pk)
    messages.success(request, f"推送预设“{preset}”已删除，已经推送的信息不变。")
    return redirect("office_placements")


def _named(known: QuerySet[M], text: str, kind: str) -> M:
    """The one that is called so, by code or by name."""
    text = text.strip()
    by_code = known.filter(code__iexact=text).first()
    found = [by_code] if by_code else list(known.filter(Q(name=text))[:2])
    if not text or not found:
        raise Refusal(f"没有“{text[:40]}”这个{kind}，请从提示中选择。")
    if len(found) > 1:
        raise Refusal(f"名称为“{text[:40]}”的{kind}不止一个，请填写代码。")
    return found[0]


def _column(unit: Unit, text: str) -> Column:
    """The column that is called so in the unit; of a branch and its leaf of one name, the leaf."""
    view, today, name = CatalogueView(), timezone.localdate(), text.strip()
    called = [
        each for each in Column.objects.filter(name=name).exclude(name="") if view.shows(unit, each, today)
    ]
    branches = {each.parent_id for each in called}
    leaves = [each for each in called if each.pk not in branches]
    return leaves[0] if len(leaves) == 1 else _named(Column.objects.all(), text, "栏目")


def _day(request: HttpRequest, name: str) -> date | None:
    text = request.POST.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refusal(f"日期“{text[:20]}”有误，应如2018-01-31。") from None

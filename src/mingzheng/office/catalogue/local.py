"""本级调整: a unit's own columns, other names and hidden columns, with their reasons and dates."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingzheng.city.models import Unit
from mingzheng.law.errors import Refusal
from mingzheng.office.catalogue.forms import LocalForm, OwnColumnForm, offered
from mingzheng.office.catalogue.tree import words_of
from mingzheng.office.guard import access_of
from mingzheng.office.manuscripts.views import person_of
from mingzheng.publish.catalogue import services
from mingzheng.publish.catalogue.models import CatalogueChange, Column, UnitColumn
from mingzheng.publish.catalogue.standing import Standing

PAGE = 50


def _unit(request: HttpRequest, pk: int) -> Unit:
    return get_object_or_404(access_of(request).units("catalogue.adjust"), pk=pk)


@require_GET
def units(request: HttpRequest) -> HttpResponse:
    """The units whose columns the person may adjust, with what is in force in each."""
    today = timezone.localdate()
    found = access_of(request).units("catalogue.adjust").active(today).order_by("sort", "id")
    asked = words_of(request)
    if not asked and found.count() == 1:
        return redirect("office_local_unit", found[0].pk)
    if asked:
        found = found.filter(Q(name__icontains=asked) | Q(code=asked))
    in_force = Q(column_adjustments__effective_to=None) | Q(column_adjustments__effective_to__gt=today)
    own = Q(own_columns__effective_to=None) & ~Q(own_columns=None)
    counted = found.annotate(
        adjusted=Count("column_adjustments", filter=in_force & ~Q(column_adjustments=None), distinct=True),
        own=Count("own_columns", filter=own, distinct=True),
    )
    page = Paginator(counted, PAGE).get_page(request.GET.get("p"))
    context = {"page": page, "q": asked, "query": urlencode({"q": asked}) if asked else ""}
    return render(request, "office/catalogue/units.html", context)


@require_http_methods(["GET", "POST"])
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """One unit: what holds, what has ended, and a form for another name or a hidden column."""
    found, today = _unit(request, pk), timezone.localdate()
    standing = Standing(today, found)
    form = LocalForm(request.POST or None, standing=standing)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        chosen = services.column_by_code(given.pop("column").code)
        try:
            services.adjust_for_unit(person_of(request), found, chosen, **given)
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, f"“{chosen}”的本级调整自{given['on']}起生效。")
            return redirect("office_local_unit", pk)
    adjustments = (
        UnitColumn.objects.filter(unit=found).select_related("column").order_by("-effective_from", "-pk")
    )
    own = Column.objects.filter(owner=found).select_related("parent").order_by("code")
    rows = [{"row": each, "reason": each.reason, "ended": _ended(each, today)} for each in adjustments]
    reasons = dict(
        CatalogueChange.objects.filter(column__owner=found)
        .order_by("on", "pk")
        .values_list("column_id", "reason")
    )
    columns = [
        {"row": each, "reason": reasons.get(each.pk, ""), "ended": _ended(each, today)} for each in own
    ]
    context = {
        "unit": found, "form": form, "today": today, "columns": offered(standing),
        "now": [each for each in rows if not each["ended"]], "past": [each for each in rows if each["ended"]],
        "own": [each for each in columns if not each["ended"]],
        "own_past": [each for each in columns if each["ended"]],
    }  # fmt: skip
    return render(request, "office/catalogue/local.html", context)


def _ended(row: UnitColumn | Column, today: Any) -> bool:
    return row.effective_to is not None and row.effective_to <= today


@require_http_methods(["GET", "POST"])
def column_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a unit a column of its own."""
    found, today = _unit(request, pk), timezone.localdate()
    standing = Standing(today, found)
    initial = {"on": today, "column_type": "信息公开目录"}
    form = OwnColumnForm(request.POST or None, standing=standing, initial=initial)
    if request.method == "POST" and form.is_valid():
        parent = form.cleaned_data["parent"]
        try:
            made = services.add_own_column(
                person_of(request), found, parent=parent.code if parent else "",
                values=form.values() | {"tiers": [found.tier]}, on=form.cleaned_data["on"],
                reason=form.cleaned_data["reason"],
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, f"已自设栏目“{made}”，{made.effective_from}起启用。")
            return redirect("office_local_unit", pk)
    context = {"unit": found, "form": form, "columns": offered(standing)}
    return render(request, "office/catalogue/own_column.html", context)


@require_POST
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """End an adjustment, or close an own column."""
    found, person = _unit(request, pk), person_of(request)
    number = request.POST.get("id", "")
    target = int(number) if number.isdigit() and len(number) < 19 else 0
    on = parse_date(request.POST.get("on", "")[:10])
    if on is None:
        raise Refusal("请填写日期。")
    if verb == "end":
        services.end_adjustment(person, get_object_or_404(UnitColumn, pk=target, unit=found), on=on)
        messages.success(request, "已结束这项调整。")
    elif verb == "close":
        column = get_object_or_404(Column, pk=target, owner=found)
        closed = services.close_own_column(person, column, on=on, reason=request.POST.get("reason", "")[:200])
        messages.success(request, f"“{column}”自{on}起停用，共{closed}个栏目。")
    else:
        raise Http404
    return redirect("office_local_unit", pk)

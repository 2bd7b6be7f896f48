"""规范性文件: the list, one document with what is registered about it, and the clean-up of many at once."""

from __future__ import annotations

from typing import Final

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingzheng.city.models import Person
from mingzheng.law.errors import Refusal
from mingzheng.office.documents import screens
from mingzheng.office.documents.forms import CleanupForm, FilingForm, PolicyFilter, RelationForm, ResultForm
from mingzheng.office.guard import access_of
from mingzheng.office.manuscripts.views import person_of
from mingzheng.publish.documents import services
from mingzheng.publish.documents.models import CleanupResult
from mingzheng.publish.items.models import Item

PAGE: Final = 30
CLEANED_AT_ONCE: Final = 100


@require_GET
def policies(request: HttpRequest) -> HttpResponse:
    """The normative documents of the person's units with their validity today."""
    access = access_of(request)
    form = PolicyFilter(access, "item.read", request.GET)
    found = form.documents() if form.is_valid() else Item.objects.none()
    page = Paginator(found, PAGE).get_page(request.GET.get("p"))
    asked = request.GET.copy()
    asked.pop("p", None)
    context = {
        "form": form,
        "page": page,
        "asked": asked.urlencode(),
        "rows": screens.rows(list(page)),
        "totals": screens.totals(access, "item.read"),
        "may_clean": access.anywhere("item.amend"),
    }
    return render(request, "office/documents/list.html", context)


@require_GET
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """One document: whether it holds, what acts on it, filing, clean-up; and the forms for more."""
    return _document(request, pk, {})


def _document(request: HttpRequest, pk: int, bound: dict[str, forms.Form]) -> HttpResponse:
    item = get_object_or_404(Item.objects.select_related("unit", "column").defer("body"), pk=pk)
    today = timezone.localdate()
    plain = {
        "relate": RelationForm(),
        "file": FilingForm(),
        "clean": ResultForm(initial={"year": today.year, "on": today}),
    }
    context = screens.document(access_of(request), item) | {"forms": plain | bound}
    return render(request, "office/documents/document.html", context)


@require_POST
def document_act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Register a relation, a filing or a clean-up result, or retract one of them."""
    actor = person_of(request)
    if verb == "retract":
        _retract(actor, pk, request)
        return redirect("office_document", pk=pk)
    kinds: dict[str, type[forms.Form]] = {"relate": RelationForm, "file": FilingForm, "clean": ResultForm}
    if verb not in kinds:
        raise Refusal("没有这种登记，请刷新页面后再试。")
    form = kinds[verb](request.POST)
    if form.is_valid():
        try:
            messages.success(request, _register(actor, pk, verb, form.cleaned_data))
            return redirect("office_document", pk=pk)
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
    return _document(request, pk, {verb: form})


def _register(actor: Person, pk: int, verb: str, given: dict[str, object]) -> str:
    """Do it; returns what to tell."""
    if verb == "relate":
        item = Item.objects.select_related("unit").get(pk=pk)
        made = services.relate(actor, item, **given)  # type: ignore[arg-type]
        return f"已登记：本文件{made.get_kind_display()}《{made.other.title}》，两个页面即将更新。"
    if verb == "file":
        services.file_document(actor, pk, **given)  # type: ignore[arg-type]
        return "已登记备案。"
    services.clean_up(actor, {pk: str(given.pop("result"))}, **given)  # type: ignore[arg-type]
    return "已登记清理结果，公开页面即将更新。"


def _retract(actor: Person, pk: int, request: HttpRequest) -> None:
    kind, number = request.POST.get("kind", ""), request.POST.get("fact", "")
    fact = services.fact_of(kind, int(number) if number.isdecimal() and len(number) < 19 else 0)
    if fact.item_id != pk:
        raise Refusal("这条登记不属于本文件。")
    services.retract(actor, kind, fact.pk, reason=request.POST.get("reason", ""))
    messages.success(request, "已撤销，原登记保留备查，公开页面即将更新。")


@require_http_methods(["GET", "POST"])
def cleanup(request: HttpRequest) -> HttpResponse:
    """The clean-up of many documents: one result for each, in one submission."""
    access, today = access_of(request), timezone.localdate()
    narrow = PolicyFilter(access, "item.amend", request.GET)
    found = narrow.documents() if narrow.is_valid() else Item.objects.none()
    form = CleanupForm(request.POST or None, initial={"year": today.year, "on": today})
    results = {
        name[7:]: value for name, value in request.POST.items() if name.startswith("result-") and value
    }
    if request.method == "POST" and form.is_valid():
        try:
            chosen = {
                int(pk): str(result) for pk, result in results.items() if pk.isdecimal() and len(pk) < 19
            }
            made = services.clean_up(person_of(request), chosen, **form.cleaned_data)
            messages.success(request, f"已登记{len(made)}件文件的清理结果，公开页面即将更新。")
            return redirect("office_policies")
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
    page = Paginator(found, CLEANED_AT_ONCE).get_page(request.GET.get("p"))
    asked = request.GET.copy()
    asked.pop("p", None)
    rows = [row | {"chosen": results.get(str(row["item"].pk), "")} for row in screens.rows(list(page))]
    context = {
        "narrow": narrow, "form": form, "page": page, "asked": asked.urlencode(), "rows": rows,
        "results": CleanupResult.Result.choices, "address": request.get_full_path(),
    }  # fmt: skip
    return render(request, "office/documents/cleanup.html", context)

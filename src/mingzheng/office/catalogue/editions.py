"""目录版次: the list, a draft with its diff and preview, the form of a column in it, and its adoption."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingzheng.city.services import root_unit
from mingzheng.law.errors import Refusal
from mingzheng.office.catalogue import words
from mingzheng.office.catalogue.forms import (
    FieldImportForm,
    HeadForm,
    NewEditionForm,
    NormForm,
    PlacedNormForm,
    initial_of,
    offered,
)
from mingzheng.office.catalogue.tree import matches, nodes, words_of
from mingzheng.office.guard import access_of
from mingzheng.office.manuscripts.views import on_disk, person_of
from mingzheng.publish.catalogue.editions import services
from mingzheng.publish.catalogue.editions.figures import LEVELS, ChangeCounts, lines_of, preview, years
from mingzheng.publish.catalogue.models import CatalogueEdition
from mingzheng.publish.catalogue.standing import Standing
from mingzheng.publish.sheets.services import read_field_table

_MOST_ERRORS = 200


def _mine(request: HttpRequest) -> Q:
    """The editions that the person may revise."""
    access = access_of(request)
    own = Q(unit__in=access.units("catalogue.adjust"))
    return own | Q(unit=None) if access.may("catalogue.manage", root_unit()) else own


def _edition(request: HttpRequest, pk: int, *, draft: bool = False) -> CatalogueEdition:
    found = CatalogueEdition.objects.filter(_mine(request)).select_related("unit", "created_by", "adopted_by")
    edition = get_object_or_404(found, pk=pk)
    if draft and edition.state != CatalogueEdition.State.DRAFT:
        raise Refusal(f"版次“{edition}”{edition.get_state_display()}，不能再改动。")
    return edition


@require_http_methods(["GET", "POST"])
def editions(request: HttpRequest) -> HttpResponse:
    """Every edition with what it comes to, the changes of each year, and a form for another draft."""
    access = access_of(request)
    units = access.units("catalogue.adjust").active(timezone.localdate()).order_by("sort", "id")
    standard = access.may("catalogue.manage", root_unit())
    form = NewEditionForm(request.POST or None, units=units, standard=standard)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.open_edition(person_of(request), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
        else:
            return redirect("office_edition", made.pk)
    found = CatalogueEdition.objects.filter(_mine(request)).select_related("unit", "adopted_by")
    rows = [
        {
            "edition": each,
            "counts": ChangeCounts.of((change.kind, change.level) for change in each.changes.all()),
        }
        for each in found.prefetch_related("changes")[:200]
    ]
    today = timezone.localdate()
    in_force = next((row["edition"] for row in rows if _is_in_force(row["edition"])), None)
    context = {
        "form": form, "rows": rows, "today": today, "in_force": in_force, "standard": standard,
        "years": years() if standard else [], "levels": LEVELS,
    }  # fmt: skip
    return render(request, "office/catalogue/editions.html", context)


def _is_in_force(edition: Any) -> bool:
    return edition.unit_id is None and edition.carried_out_at is not None


@require_GET
def edition(request: HttpRequest, pk: int) -> HttpResponse:
    """One edition: its diff, and while it is a draft whom it would reach."""
    found = _edition(request, pk)
    standing = services.standing_of(found)
    context: dict[str, Any] = {
        "edition": found,
        "counts": ChangeCounts.of(found.changes.values_list("kind", "level")),
        "levels": LEVELS,
        "lines": [words.line(each) for each in lines_of(found, standing)],
        "draft": found.state == CatalogueEdition.State.DRAFT,
    }
    if context["draft"]:
        context |= {"preview": preview(found, standing), "head": HeadForm(initial=vars(found))}
        try:
            services.check(found)
        except Refusal as refusal:
            context["obstacle"] = refusal.sentence
    return render(request, "office/catalogue/edition.html", context)


@require_POST
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Adopt, discard, drop a change, or change the head."""
    found, person = _edition(request, pk), person_of(request)
    if verb == "adopt":
        done = services.adopt(person, pk)
        today = done.carried_out_at is not None
        messages.success(
            request, f"版次“{done}”已通过，{'即日' if today else f'{done.effective_on}'}起施行。"
        )
    elif verb == "discard":
        services.discard(person, pk)
        messages.success(request, f"版次“{found}”已作废。")
    elif verb == "drop":
        services.drop_change(person, pk, request.POST.get("code", ""))
        messages.success(request, "已撤销这项变动。")
    elif verb == "head":
        form = HeadForm(request.POST)
        if not form.is_valid():
            raise Refusal("版次名称、施行日期、修订理由都要填写，日期须是今天或以后。")
        services.change_head(person, pk, **form.cleaned_data)
        messages.success(request, "已保存。")
    else:
        raise Http404
    return redirect("office_edition", pk)


@require_GET
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """The tree as it would stand, to choose the column to change."""
    found = _edition(request, pk, draft=True)
    standing, asked = services.standing_of(found), words_of(request)
    chosen = [column for column in standing.in_order() if matches(column, asked)]
    context = {
        "edition": found,
        "nodes": nodes(standing, chosen, open_all=bool(asked)),
        "number": len(chosen),
        "q": asked,
    }
    return render(request, "office/catalogue/edition_tree.html", context)


@require_http_methods(["GET", "POST"])
def column_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan a new column below the one that the address names; its norm begins as the parent's."""
    found = _edition(request, pk, draft=True)
    standing = services.standing_of(found)
    parent = request.GET.get("parent", "")
    above = standing.get(parent) if parent else None
    form = PlacedNormForm(request.POST or None, initial=_beginning(standing, parent))
    if found.unit is not None or above is not None:
        del form.fields["code"]
    if request.method == "POST" and form.is_valid():
        try:
            code = services.plan_column(
                person_of(request),
                pk,
                parent=parent,
                code=form.cleaned_data.get("code", ""),
                values=form.values(),
            )
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, f"已列入新增：{form.cleaned_data['name']}（{code}）。")
            return redirect("office_edition", pk)
    context = {"edition": found, "above": standing.path(above) if above else "", "form": form, "new": True}
    return render(request, "office/catalogue/norm.html", context)


def _beginning(standing: Standing, parent: str) -> dict[str, Any]:
    """What the form of a new column shows first: what it has from its parent, without words of its own."""
    above = standing.columns.get(parent)
    if above is None:
        return {"column_type": "信息公开目录", "tiers": [standing.unit.tier] if standing.unit else []}
    own = ("name", "content_requirements", "elements", "check_points")
    return {name: value for name, value in initial_of(above.values).items() if name not in own}


@require_http_methods(["GET", "POST"])
def column(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Change what the norm says of a column, or plan its end."""
    found = _edition(request, pk, draft=True)
    standing = services.standing_of(found)
    if code not in standing.columns:
        raise Http404
    planned = standing.get(code)
    change = found.changes.filter(code=code).first()
    initial = initial_of(planned.values) | {"reason": change.reason if change else ""}
    closing = "close" in request.POST
    form = NormForm(None if closing else request.POST or None, initial=initial)
    context: dict[str, Any] = {"edition": found, "column": planned, "form": form, "change": change}
    try:
        if closing:
            number = services.plan_closure(person_of(request), pk, code, request.POST.get("reason", "")[:200])
            messages.success(request, f"已列入停用：{planned.name}，连同下级共{number}个栏目。")
            return redirect("office_edition", pk)
        if request.method == "POST" and form.is_valid():
            reason = request.POST.get("reason", "")[:200]
            services.plan_adjustment(person_of(request), pk, code, form.values(), reason)
            messages.success(request, f"已保存：{form.cleaned_data['name']}。")
            return redirect("office_edition", pk)
    except Refusal as refusal:
        context["refused"] = refusal.sentence
    return render(
        request,
        "office/catalogue/norm.html",
        context
        | {
            "above": standing.path(planned),
            "branch": len(standing.branch(code)),
            "reason": initial["reason"],
        },
    )


@require_http_methods(["GET", "POST"])
def field_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring a field's standard table into the draft; one wrong row and nothing is taken."""
    found = _edition(request, pk, draft=True)
    standing = services.standing_of(found)
    form = FieldImportForm(request.POST or None, request.FILES or None, standing=standing)
    if found.unit is not None:
        del form.fields["code"]
    context: dict[str, Any] = {"edition": found, "form": form, "columns": offered(standing)}
    if request.method == "POST" and form.is_valid():
        try:
            with on_disk(form.cleaned_data["file"]) as path:
                table = read_field_table(path)
            if table.errors:
                errors = [
                    {"number": number, "sentence": each} for number, each in sorted(table.errors.items())
                ]
                context |= {"errors": errors[:_MOST_ERRORS], "number": len(errors)}
            else:
                number = services.import_field(
                    person_of(request), pk, table, name=form.cleaned_data["name"],
                    parent=form.parent_code, code=form.cleaned_data.get("code", ""),
                )  # fmt: skip
                messages.success(request, f"已从标准目录列入{number}个新栏目。")
                return redirect(reverse("office_edition", args=[pk]))
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
    return render(request, "office/catalogue/field_import.html", context)

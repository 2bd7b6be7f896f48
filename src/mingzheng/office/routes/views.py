"""审核流程: which steps each unit prescribes, its own or those of the unit above, and from when."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from mingzheng.city.models import Person, Unit
from mingzheng.law.errors import Refusal
from mingzheng.office.guard import access_of
from mingzheng.office.routes.forms import MOST_STEPS, StartForm, StepForms, lines_of, role_of, steps_of
from mingzheng.publish.reviews.models import ReviewRoute
from mingzheng.publish.reviews.services import Step, default_steps, routes_in_force, set_route

PAGE = 50


@require_GET
def routes(request: HttpRequest) -> HttpResponse:
    """Every unit with its route in force."""
    today = timezone.localdate()
    units = access_of(request).units("route.manage").active(today).order_by("sort", "id")
    words = request.GET.get("q", "").replace("\0", "").strip()[:80]
    if words:
        units = units.filter(Q(name__icontains=words) | Q(code=words))
    page = Paginator(units, PAGE).get_page(request.GET.get("p"))
    in_force = routes_in_force(page.object_list, today)
    coming = ReviewRoute.objects.filter(unit__in=list(page.object_list), effective_from__gt=today)
    starts = {route.unit_id: route.effective_from for route in coming.order_by("-effective_from")}
    rows = [
        {"unit": unit, "next": starts.get(unit.pk), **_shown(unit, in_force[unit.pk])}
        for unit in page.object_list
    ]
    return render(
        request,
        "office/routes/list.html",
        {"page": page, "rows": rows, "q": words, "query": urlencode({"q": words}) if words else ""},
    )


def _shown(unit: Unit, route: ReviewRoute | None) -> dict[str, Any]:
    """A route as the screens show it: its steps, where it comes from, and since when."""
    return {
        "steps": drawing(route.steps if route else default_steps()),
        "own": route is not None and route.unit_id == unit.pk,
        "source": route.unit.name if route else "全市默认流程",
        "since": route.effective_from if route else None,
    }


def drawing(steps: list[Step]) -> list[dict[str, Any]]:
    """The steps with the words that the drawing shows."""
    return [
        {"name": step["name"], "role": role_of(step["verb"]), "secrecy": bool(step.get("secrecy"))}
        for step in steps
    ]


@require_http_methods(["GET", "POST"])
def route(request: HttpRequest, pk: int) -> HttpResponse:
    """One unit: the route in force, those before and to come, and a form for another."""
    unit = get_object_or_404(access_of(request).units("route.manage"), pk=pk)
    today = timezone.localdate()
    in_force = routes_in_force([unit], today)[unit.pk]
    if request.method == "POST":
        forms, start = StepForms(request.POST, prefix="step"), StartForm(request.POST)
        if forms.is_valid() and start.is_valid():
            try:
                _set(request, unit, forms, start)
            except Refusal as refusal:
                start.add_error(None, refusal.sentence)
            else:
                messages.success(
                    request, f"“{unit}”的审核流程自{start.cleaned_data['effective_from']}起启用。"
                )
                return redirect("office_route", pk)
    else:
        steps = in_force.steps if in_force else default_steps()
        forms, start = (
            StepForms(initial=lines_of(steps), prefix="step"),
            StartForm(initial={"effective_from": today}),
        )
    own = ReviewRoute.objects.filter(unit=unit).order_by("-effective_from")
    context = {
        "unit": unit,
        "route": _shown(unit, in_force),
        "own": [{"since": each.effective_from, "steps": drawing(each.steps)} for each in own],
        "today": today,
        "forms": forms,
        "start": start,
        "most": MOST_STEPS,
    }
    return render(request, "office/routes/edit.html", context)


def _set(request: HttpRequest, unit: Unit, forms: Any, start: StartForm) -> None:
    if not isinstance(request.user, Person):
        raise Http404
    steps = steps_of([form.cleaned_data for form in forms])
    set_route(request.user, unit, steps, effective_from=start.cleaned_data["effective_from"])

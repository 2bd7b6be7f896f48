"""Sites on the desk. The services decide who may do what, and what is right."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from mingzheng.city.models import Person
from mingzheng.law.errors import Refusal
from mingzheng.office.guard import access_of
from mingzheng.office.manuscripts.views import person_of
from mingzheng.office.sites.forms import (
    ActForm,
    ApplyForm,
    FactsForm,
    LinksForm,
    MenuForm,
    NoticeForm,
    ThemeForm,
)
from mingzheng.portal.addresses import HOME, site_path
from mingzheng.portal.sites import services
from mingzheng.portal.sites.managing import FACTS
from mingzheng.portal.sites.models import CityNotice, Site, SiteAct

LOOKS = {"open": "fine", "applied": "soon", "preparing": "soon", "suspended": "late", "closing": "late"}


@require_http_methods(["GET", "POST"])
def sites(request: HttpRequest) -> HttpResponse:
    """The sites that the person may edit, and an application for another."""
    access = access_of(request)
    form = ApplyForm(access, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            site = services.apply(person_of(request), **form.cleaned_data)
            messages.success(request, f"“{site}”的开设申请已提交市政务公开办公室审批，可以先布置首页和菜单。")
            return redirect("office_site", pk=site.pk)
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
    found = Site.objects.filter(access.where("site.edit")).select_related("unit", "home")
    states = services.states(found, timezone.localdate())
    rows = [{"site": each, "address": address_of(each), **_state(states[each.pk])} for each in found]
    may_apply = form.fields["unit"].queryset.exists()  # type: ignore[attr-defined]
    context = {
        "rows": rows,
        "form": form if may_apply else None,
        "may_manage": access.anywhere("site.manage"),
    }
    return render(request, "office/sites/sites.html", context)


def address_of(site: Site) -> str:
    """Where the home of a site is on this platform."""
    return HOME if site.unit.parent_id is None else site_path(site.slug)


def _state(state: services.State) -> dict[str, str]:
    return {"state": state.label, "look": LOOKS.get(state.value, "")}


@require_http_methods(["GET", "POST"])
def site(request: HttpRequest, pk: int) -> HttpResponse:
    """One site: what stands on every page, its menu, links and looks, and what was decided about it."""
    found = get_object_or_404(Site.objects.select_related("unit"), pk=pk)
    bound: dict[str, forms.Form] = {
        "facts": FactsForm(initial={name: getattr(found, name) for name in FACTS}),
        "menu": MenuForm(initial={"menu": services.write_menu(found.menu)}),
        "links": LinksForm(initial={"links": services.write_links(found.links)}),
        "theme": ThemeForm(initial=ThemeForm.of(found)),
    }
    if request.method == "POST":
        part = request.POST.get("part", "")
        if part not in bound:
            raise Refusal("没有说明要保存哪一部分，请刷新页面后再试。")
        form = bound[part] = type(bound[part])(request.POST, request.FILES)
        if form.is_valid():
            try:
                _save(person_of(request), found, part, form)
                messages.success(request, "已保存，公开页面即将更新。")
                return redirect("office_site", pk=pk)
            except Refusal as refusal:
                form.add_error(None, refusal.sentence)
    access = access_of(request)
    state = services.state_of(found)
    manages = access.may("site.manage", found.unit) and found.unit.parent_id is not None
    acts = [
        {"kind": kind, "label": kind.label, "form": ActForm(kind)}
        for kind, states in services.ALLOWED.items()
        if manages and state in states
    ]
    context = {
        "site": found, **bound, **_state(state), "acts": acts, "address": address_of(found),
        "history": found.acts.select_related("by").order_by("-at", "-id"),
    }  # fmt: skip
    return render(request, "office/sites/site.html", context)


def _save(actor: Person, site: Site, part: str, form: Any) -> None:
    given = form.cleaned_data
    if part == "facts":
        services.describe(actor, site.pk, **given)
    elif part == "menu":
        services.set_menu(actor, site.pk, given["menu"])
    elif part == "links":
        services.set_links(actor, site.pk, given["links"])
    else:
        services.set_theme(
            actor, site.pk, colour=form.chosen(), pack=given["pack"],
            banner="" if given["no_banner"] else _kept(given["banner"]),
            logo="" if given["no_logo"] else _kept(given["logo"]),
        )  # fmt: skip


def _kept(upload: UploadedFile[Any] | None) -> str | None:
    """The address under which an uploaded picture is kept; None when none was uploaded."""
    if not upload:
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "upload"
        with path.open("wb") as file:
            for chunk in upload.chunks():
                file.write(chunk)
        return services.keep_picture(path, upload.name or "")


@require_POST
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """A decision of the city's office about a site."""
    if verb not in SiteAct.Kind.values:
        raise Refusal("没有这种办理事项，请刷新页面后再试。")
    kind = SiteAct.Kind(verb)
    form = ActForm(kind, request.POST)
    if not form.is_valid():
        raise Refusal(f"“{kind.label}”没有办理：{next(iter(form.errors.values()))[0]}")
    services.act(person_of(request), pk, kind, **form.cleaned_data)
    messages.success(request, f"已办理“{kind.label}”，公开页面即将更新。")
    return redirect("office_site", pk=pk)


@require_http_methods(["GET", "POST"])
def notices(request: HttpRequest) -> HttpResponse:
    """The switches for all sites: those that are on, those that were, and a form for another."""
    form = NoticeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = services.switch_on(person_of(request), given.pop("kind"), **given)
            messages.success(request, f"“{made.get_kind_display()}”已设定，各网站即将更新。")
            return redirect("office_notices")
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
    now = timezone.now()
    found = CityNotice.objects.select_related("by", "ended_by")[:50]
    rows = [
        {"notice": each, "on": each.starts_at <= now, "over": bool(each.ends_at and each.ends_at <= now)}
        for each in found
    ]
    return render(request, "office/sites/notices.html", {"form": form, "rows": rows})


@require_POST
def notice_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Switch it off now."""
    ended = services.switch_off(person_of(request), pk)
    messages.success(request, f"“{ended.get_kind_display()}”已撤销，各网站即将更新。")
    return redirect("office_notices")

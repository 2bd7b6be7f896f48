"""接口密钥: which systems may write for which unit; a new key is shown once; a key that leaked is revoked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingzheng.law.errors import Refusal
from mingzheng.office.accounts.forms import UnitField, Units
from mingzheng.office.accounts.views import administrator, rules_all
from mingzheng.office.guard import access_of
from mingzheng.portal.api.services import LONGEST_DAYS, ApiKey, open_key, revoke_key

PAGE = 50
SOON = 30  # days before the last one


class KeyForm(forms.Form):
    """A new key: whose system, for which unit, how long."""

    name = forms.CharField(label="系统名称", max_length=40, help_text="如“行政审批业务系统”。")
    expires_on = forms.DateField(
        label="最后一日",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="不超过两年，到期后另建新的密钥。",
    )
    downwards = forms.BooleanField(
        label="含下级单位", required=False, help_text="勾选后，也可以为该单位的下级单位提交稿件。"
    )

    def __init__(self, units: Units, *arguments: Any, **options: Any) -> None:
        options.setdefault("initial", {"expires_on": timezone.localdate() + timedelta(days=365)})
        super().__init__(*arguments, **options)
        self.fields["unit"] = UnitField(units, label="单位")
        self.order_fields(["name", "unit", "expires_on", "downwards"])


@require_GET
def keys(request: HttpRequest) -> HttpResponse:
    """The keys of the units whose accounts the person keeps, those in force first."""
    access, today = access_of(request), timezone.localdate()
    found = ApiKey.objects.visible_to(access).select_related("unit", "created_by", "person")
    page = Paginator(
        found.order_by(F("revoked_at").desc(nulls_first=True), "-expires_on", "-pk"), PAGE
    ).get_page(request.GET.get("p"))
    rows = [
        {
            "key": key,
            "over": key.expires_on < today,
            "closed": not key.person.is_active,
            "days": (key.expires_on - today).days,
            "soon": key.revoked_at is None and 0 <= (key.expires_on - today).days <= SOON,
        }
        for key in page
    ]
    context = {"page": page, "rows": rows, "rules_all": rules_all(access), "asked": ""}
    return render(request, "office/keys/list.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def key_new(request: HttpRequest) -> HttpResponse:
    """A new key; it is shown on the answer, and nowhere again."""
    access = access_of(request)
    units = Units(access)
    form = KeyForm(units, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            key, told = open_key(administrator(request), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
        else:
            return render(request, "office/keys/shown.html", {"key": key, "told": told})
    context = {
        "form": form,
        "units": units.labels,
        "rules_all": rules_all(access),
        "years": LONGEST_DAYS // 365,
    }
    return render(request, "office/keys/new.html", context)


@require_POST
def key_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End a key at once."""
    key = get_object_or_404(ApiKey.objects.visible_to(access_of(request)), pk=pk)
    revoke_key(administrator(request), key.pk, reason=request.POST.get("reason", ""))
    messages.success(request, f"“{key}”的接口密钥已经作废，立即失效。")
    return redirect("office_keys")

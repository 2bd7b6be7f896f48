"""账号管理: who is in the system, what they may do, and help for who cannot sign in. No content is seen here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingzheng.city import services as city
from mingzheng.city.models import AuditEntry, Membership, Person, Role
from mingzheng.city.permissions import CENTRAL, Access
from mingzheng.law.errors import Refusal
from mingzheng.office.accounts.forms import SOON, AccountForm, GrantForm, SearchForm, Units
from mingzheng.office.audit.words import entry_facts
from mingzheng.office.guard import access_of
from mingzheng.office.signin import passwords
from mingzheng.office.signin import services as signin

PAGE = 50
SIGN_INS = 10


def administrator(request: HttpRequest) -> Person:
    """Who is working here."""
    if not isinstance(request.user, Person):
        raise Http404
    return request.user


def rules_all(access: Access) -> bool:
    """Whether the whole city is reached: accounts as such belong to the city, grants to their unit."""
    return not access.where("unit.manage")  # no condition


def people_of(access: Access) -> QuerySet[Person]:
    """The accounts that the administrator sees: everybody, or whoever has or had a role in their units."""
    if rules_all(access):
        return Person.objects.all()
    reached = Membership.objects.filter(access.where("unit.manage")).values("person")
    return Person.objects.filter(pk__in=reached)


@require_GET
def accounts(request: HttpRequest) -> HttpResponse:
    """The list, narrowed by a search."""
    access = access_of(request)
    units = Units(access)
    form = SearchForm(units, request.GET)
    found = people_of(access).order_by("name", "pk")
    found = form.narrow(found) if form.is_valid() else found.none()
    held = Membership.objects.select_related("unit").order_by("pk")
    page = Paginator(found.prefetch_related(Prefetch("memberships", held)), PAGE).get_page(
        request.GET.get("p")
    )
    asked = request.GET.copy()
    asked.pop("p", None)
    context = {
        "form": form,
        "units": units.labels,
        "page": page,
        "asked": asked.urlencode(),
        "rows": [{"person": person, "grants": _grants(person)} for person in page],
        "rules_all": rules_all(access),
    }
    return render(request, "office/accounts/list.html", context)


def _grants(person: Person, *, with_past: bool = False) -> list[dict[str, Any]]:
    """A person's roles as the screens show them, those that hold first."""
    today = timezone.localdate()
    rows = []
    for grant in person.memberships.all():
        past = grant.ends_on is not None and grant.ends_on < today
        if past and not with_past:
            continue
        operator = grant.role == Role.OPERATOR
        soon = operator and not past and grant.ends_on and grant.ends_on <= today + timedelta(days=SOON)
        rows.append(
            {
                "grant": grant,
                "past": past,
                "future": grant.starts_on > today,
                "operator": operator,
                "soon": soon,
                "days": (grant.ends_on - today).days if grant.ends_on else None,
                "downwards": grant.downwards or grant.role in CENTRAL,
            }
        )
    return sorted(rows, key=lambda row: bool(row["past"]))


@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new account with its first role; its initial password is shown on the answer, and nowhere again."""
    access = access_of(request)
    units = Units(access)
    form = AccountForm(units, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person, password = city.open_account(administrator(request), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
        else:
            return _show_password(request, person, password, f"已建立账号“{person}”。")
    return render(request, "office/accounts/new.html", {"form": form, "units": units.labels})


def _show_password(request: HttpRequest, person: Person, password: str, done: str) -> HttpResponse:
    context = {"person": person, "password": password, "done": done}
    return render(request, "office/accounts/password.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """One account: its roles, its sign-ins, and a form for another role."""
    access = access_of(request)
    person = get_object_or_404(people_of(access), pk=pk)
    units = Units(access)
    form = GrantForm(units, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = city.grant(administrator(request), person, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, f"已授权{person}在“{made.unit}”担任{made.get_role_display()}。")
            return redirect("office_account", pk)
    return _show_account(request, access, person, form, units)


def _show_account(
    request: HttpRequest, access: Access, person: Person, form: GrantForm, units: Units
) -> HttpResponse:
    held = Membership.objects.select_related("unit").order_by("pk")
    shown = Person.objects.prefetch_related(Prefetch("memberships", held)).get(pk=person.pk)
    rows = _grants(shown, with_past=True)
    for row in rows:
        row["mine"] = not row["past"] and access.may("unit.manage", row["grant"].unit)
    context = {
        "person": person,
        "rows": rows,
        "operator": any(row["operator"] and not row["past"] for row in rows),
        "form": form,
        "units": units.labels,
        "today": timezone.localdate(),
        "second_factor": Authenticator.objects.filter(user=person).exists(),
        "locked": _wrong_tries(person),
        "must_change": passwords.why_change(person),
        "sign_ins": _sign_ins(person),
        "rules_all": rules_all(access),
        "self": request.user.pk == person.pk,
    }
    return render(request, "office/accounts/account.html", context)


def _wrong_tries(person: Person) -> int:
    attempts = AccessAttempt.objects.filter(username=person.username.lower())
    return sum(attempts.values_list("failures_since_start", flat=True))


def _sign_ins(person: Person) -> list[dict[str, Any]]:
    """The last times that the account was signed in to, or that it was tried."""
    verbs = ["signin.succeeded", "signin.failed", "signin.locked", "second_factor.failed"]
    entries = AuditEntry.objects.filter(subject=f"person:{person.pk}", verb__in=verbs)
    return [entry_facts(entry) for entry in entries.select_related("actor").order_by("-pk")[:SIGN_INS]]


@require_POST
def grant_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a role; the last day comes from the form."""
    access = access_of(request)
    grants = Membership.objects.filter(access.where("unit.manage")).select_related("unit", "person")
    membership = get_object_or_404(grants, pk=pk)
    try:
        on = forms.DateField().clean(request.POST.get("on"))
    except forms.ValidationError:
        raise Refusal("请填写任职的最后一天。") from None
    city.end_grant(administrator(request), membership, on=on)
    messages.success(request, f"{membership.person}的{membership.get_role_display()}任职到{on}为止。")
    return redirect("office_account", membership.person_id)


@never_cache
@require_POST
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Close, reopen, new password, no second factor, unlock."""
    person = get_object_or_404(people_of(access_of(request)), pk=pk)
    actor = administrator(request)
    if verb == "password":
        if person.pk == actor.pk:
            raise Refusal("自己的密码请在“修改密码”中修改。")
        password = city.give_initial_password(actor, person)
        return _show_password(request, person, password, f"已重置“{person}”的密码，原密码不能再用。")
    if verb not in ACTS:
        raise Http404
    messages.success(request, ACTS[verb](actor, person, request.POST.get("reason", "").strip()[:200]))
    return redirect("office_account", pk)


def _close(actor: Person, person: Person, reason: str) -> str:
    if not reason:
        raise Refusal(f"停用“{person}”的账号，须写明原因。")
    city.close_account(actor, person, reason=reason)
    return f"已停用“{person}”的账号。"


def _reopen(actor: Person, person: Person, reason: str) -> str:
    city.reopen_account(actor, person)
    return f"已恢复“{person}”的账号。"


def _remove_second_factor(actor: Person, person: Person, reason: str) -> str:
    signin.remove_second_factor(actor, person, reason=reason)
    return f"已解除“{person}”的双因素认证，下次登录时须重新绑定。"


def _unlock(actor: Person, person: Person, reason: str) -> str:
    signin.unlock(actor, person)
    return f"已解除“{person}”的登录锁定。"


ACTS: dict[str, Callable[[Person, Person, str], str]] = {
    "close": _close,
    "reopen": _reopen,
    "second-factor": _remove_second_factor,
    "unlock": _unlock,
}

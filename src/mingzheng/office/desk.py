"""我的工作: what waits for a person today, and the reviews that they pass to a colleague while away."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingzheng.city.models import Delegation, Person
from mingzheng.city.permissions import Access
from mingzheng.city.services import delegate, end_delegation
from mingzheng.law.errors import Refusal
from mingzheng.measure.duties import columns_due, documents_ending, documents_to_interpret
from mingzheng.office.guard import access_of
from mingzheng.office.manuscripts import screens
from mingzheng.office.placements import screens as placements
from mingzheng.publish.manuscripts.models import Manuscript, State
from mingzheng.publish.reviews.models import Review
from mingzheng.publish.reviews.routes import VERBS
from mingzheng.publish.reviews.services import facts_of, to_confirm, waiting_for

MOST = 200  # lines of each kind in the list of findings
LINES = 10
"""The most lines that one panel shows; what is left is said as a number."""


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What waits for me, what came back, what is due."""
    access = access_of(request)
    today = timezone.localdate()
    context: dict[str, Any] = {"today": today, "person": request.user}
    if access.anywhere("manuscript.read"):
        context |= {"mine": _mine(access), "release": _to_release(access)}
    if any(access.anywhere(verb) for verb in VERBS):
        context |= {"waiting": _waiting(access), "unconfirmed": _unconfirmed(access)}
    if access.anywhere("item.publish"):
        context["pushes"] = placements.waiting(access)
    if access.anywhere("manuscript.write"):
        units = access.units("manuscript.write")
        due, documents = columns_due(units, today), documents_to_interpret(units, timezone.now())
        ending = documents_ending(units, today)
        context |= {
            "may_write": True,
            "due": due[:LINES],
            "due_more": max(0, len(due) - LINES),
            "ending": ending[:LINES],
            "ending_more": max(0, len(ending) - LINES),
            "documents": documents[:LINES],
            "documents_more": max(0, len(documents) - LINES),
        }
    return render(request, "office/home.html", context)


@require_GET
def findings(request: HttpRequest) -> HttpResponse:
    """What is late in the units that the person may read: documents without interpretation, columns not kept up."""
    access = access_of(request)
    units = access.units("item.read")
    late = [each for each in documents_to_interpret(units, timezone.now()) if each.hours < 0]
    columns = [each for each in columns_due(units, timezone.localdate(), within=0) if each.overdue > 0]
    context = {
        "documents": late[:MOST],
        "columns": [each for each in columns if each.last][:MOST],
        "empty": [each for each in columns if not each.last][:MOST],
        "total": len(late) + len(columns),
        "most": MOST,
    }
    return render(request, "office/findings.html", context)


def _waiting(access: Access) -> dict[str, Any]:
    found = waiting_for(access)
    rows = []
    for review in found.select_related("unit", "submitted_by")[:LINES]:
        rows.append(
            {
                "title": review.title,
                "url": _subject_at(review),
                "step": review.step_name,
                "unit": review.unit,
                "by": review.submitted_by,
                "since": screens.minute(review.submitted_at),
                "days": (timezone.now() - review.submitted_at).days,
            }
        )
    return {"rows": rows, "total": found.count()}


def _unconfirmed(access: Access) -> list[dict[str, Any]]:
    """What went out in an emergency and waits for its review."""
    return [
        {
            "title": review.title, "url": _subject_at(review), "unit": review.unit, "by": review.submitted_by,
            "since": screens.minute(review.submitted_at), "days": (timezone.now() - review.submitted_at).days,
        }
        for review in to_confirm(access).select_related("unit", "submitted_by")[:LINES]
    ]  # fmt: skip


def _mine(access: Access) -> dict[str, Any]:
    own = (
        Manuscript.objects.filter(writer=getattr(access.person, "pk", None))
        .select_related("unit")
        .defer("body")
    )
    returned = []
    for manuscript in own.filter(state=State.RETURNED)[:LINES]:
        fact = facts_of(manuscript.subject).filter(kind__in=["returned", "reopened"]).last()
        returned.append(
            {
                "manuscript": manuscript,
                "url": screens.written_at(manuscript),
                "by": fact.actor if fact else "",
                "reason": (fact.opinion if fact else "") or "修改后须重新审核",
            }
        )
    drafts = [
        {"manuscript": each, "url": screens.written_at(each), "at": screens.minute(each.updated_at)}
        for each in own.filter(state=State.DRAFT)[:LINES]
    ]
    sent = [
        {"manuscript": each, "url": screens.shown_at(each), "at": screens.minute(each.updated_at)}
        for each in own.filter(state__in=[State.IN_REVIEW, State.APPROVED, State.PUBLISHED])[:LINES]
    ]
    return {"returned": returned, "drafts": drafts, "sent": sent}


def _to_release(access: Access) -> list[dict[str, Any]]:
    """Signed manuscripts without a time, that this person may publish."""
    if not access.anywhere("item.publish"):
        return []
    found = Manuscript.objects.filter(access.where("item.publish"), state=State.APPROVED)
    return [
        {
            "manuscript": each,
            "url": screens.shown_at(each),
            "at": screens.minute(each.go_live_at) if each.go_live_at else "",
        }
        for each in found.select_related("unit").defer("body")[:LINES]
    ]


def _subject_at(review: Review) -> str:
    kind, _, pk = review.subject.partition(":")
    return screens.shown_at(Manuscript(pk=int(pk))) if kind == "manuscript" else ""


class DelegationForm(forms.Form):
    """To whom, from when to when, and why."""

    deputy = forms.CharField(label="受托人账号", max_length=150)
    starts_on = forms.DateField(label="开始日期", widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(label="结束日期", widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label="事由", max_length=200)


@require_http_methods(["GET", "POST"])
def delegations(request: HttpRequest) -> HttpResponse:
    """My delegations, and a form for another."""
    person = request.user
    if not isinstance(person, Person):
        raise Http404
    form = DelegationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        deputy = Person.objects.filter(username=given.pop("deputy"), is_active=True).first()
        try:
            if deputy is None:
                raise Refusal("没有这个账号，或者它已停用；请核对受托人的账号。")
            delegate(person, deputy, **given)
            messages.success(request, f"已委托{deputy}在{given['starts_on']}至{given['ends_on']}代为审核。")
            return redirect("office_delegations")
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
    rows = Delegation.objects.filter(principal=person).select_related("deputy").order_by("-pk")
    context = {"form": form, "rows": rows, "today": timezone.localdate()}
    return render(request, "office/delegations.html", context)


@require_POST
def delegation_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the reviews back from today on."""
    person = request.user
    if not isinstance(person, Person):
        raise Http404
    end_delegation(person, get_object_or_404(Delegation, pk=pk, principal=person))
    messages.success(request, "已收回委托。")
    return redirect("office_delegations")

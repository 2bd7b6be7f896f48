"""政府公报 on the desk: begin an issue, put items into it in order, look at it, let it out, correct it."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingzheng.city.services import require, root_unit
from mingzheng.law.errors import Refusal
from mingzheng.office.documents.forms import Day
from mingzheng.office.guard import access_of
from mingzheng.office.manuscripts.views import person_of
from mingzheng.office.manuscripts.widgets import DocumentPicker
from mingzheng.portal.services import issue_path, preview_issue
from mingzheng.publish.documents import services
from mingzheng.publish.documents.models import GazetteIssue
from mingzheng.publish.items.models import Item

VERB: Final = "gazette.manage"


class StartForm(forms.Form):
    """Which issue."""

    year = forms.IntegerField(label="年份")
    number = forms.IntegerField(label="期号")
    title = forms.CharField(label="名称", max_length=120)
    issued_on = forms.DateField(label="出版日期", widget=Day())


class IssueForm(forms.Form):
    """Title and day; one more item; why, when the issue is out already."""

    title = forms.CharField(label="名称", max_length=120)
    issued_on = forms.DateField(label="出版日期", widget=Day())
    item = forms.ModelChoiceField(
        Item.objects.public(), label="编入一件", required=False, widget=DocumentPicker
    )
    heading = forms.CharField(
        label="栏题", required=False, max_length=40, help_text="如：市政府文件；留空即沿用最后一个栏题。"
    )
    reason = forms.CharField(label="更正说明（公开显示）", required=False, max_length=200)


@require_http_methods(["GET", "POST"])
def gazettes(request: HttpRequest) -> HttpResponse:
    """All issues, and a form for a new one."""
    today, root = timezone.localdate(), root_unit()
    last = GazetteIssue.objects.filter(year=today.year).order_by("-number").first()
    number = last.number + 1 if last else 1
    title = f"{root.name}公报（{today.year}年第{number}期）"
    initial = {"year": today.year, "number": number, "title": title, "issued_on": today}
    form = StartForm(request.POST or None, initial=initial)
    if request.method == "POST":
        require(person_of(request), VERB, root)
    if request.method == "POST" and form.is_valid():
        try:
            issue = services.start_issue(person_of(request), **form.cleaned_data)
            return redirect("office_gazette", pk=issue.pk)
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
    context = {
        "form": form,
        "may": access_of(request).may(VERB, root),
        "rows": [
            {"issue": each, "entries": each.entries.count(), "address": _public_address(each)}
            for each in GazetteIssue.objects.all()
        ],
    }
    return render(request, "office/documents/gazettes.html", context)


@require_http_methods(["GET", "POST"])
def gazette(request: HttpRequest, pk: int) -> HttpResponse:
    """One issue: its contents by their numbers."""
    actor = person_of(request)
    require(actor, VERB, root_unit())
    issue = get_object_or_404(GazetteIssue, pk=pk)
    initial = {"title": issue.title, "issued_on": issue.issued_on}
    form = IssueForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.set_contents(
                actor, pk, title=given["title"], issued_on=given["issued_on"], reason=given["reason"],
                contents=_contents(issue, request, given),
            )  # fmt: skip
            messages.success(
                request, "已保存。" if issue.published_at is None else "已更正，公开页面即将更新。"
            )
            return redirect("office_gazette", pk=pk)
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
    entries = issue.entries.select_related("item__unit").defer("item__body")
    context = {
        "issue": issue, "form": form, "address": _public_address(issue), "entries": entries,
        "corrections": issue.corrections.select_related("actor"),
    }  # fmt: skip
    return render(request, "office/documents/gazette.html", context)


def _contents(issue: GazetteIssue, request: HttpRequest, given: dict[str, Any]) -> list[tuple[int, str]]:
    """What the form says: the kept entries by their numbers, then the one that was added."""
    kept = []
    for place, entry in enumerate(issue.entries.all()):
        if request.POST.get(f"remove-{entry.item_id}"):
            continue
        order = request.POST.get(f"order-{entry.item_id}", "")
        number = int(order) if order.isdecimal() and len(order) < 6 else entry.order
        heading = request.POST.get(f"heading-{entry.item_id}", entry.heading)
        kept.append((number, place, entry.item_id, heading))
    contents = [(item_id, heading) for _, _, item_id, heading in sorted(kept)]
    if given["item"] is not None:
        last = contents[-1][1] if contents else ""
        contents.append((given["item"].pk, given["heading"] or last))
    return contents


@require_GET
def gazette_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The page that readers would see; nothing is written."""
    require(person_of(request), VERB, root_unit())
    html = preview_issue(get_object_or_404(GazetteIssue, pk=pk))
    return HttpResponse(html, headers={"X-Robots-Tag": "noindex", "Cache-Control": "no-store"})


@require_POST
def gazette_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the issue out."""
    issue = services.publish_issue(person_of(request), pk)
    messages.success(request, f"《{issue}》已发布，公开页面即将更新。")
    return redirect("office_gazette", pk=pk)


def _public_address(issue: GazetteIssue) -> str:
    return issue_path(issue.year, issue.number) if issue.published_at else ""

"""词表: the rules of the city and of one's units, a form for another, and the way out to Excel and back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingzheng.law.errors import Refusal
from mingzheng.office.guard import access_of
from mingzheng.office.manuscripts.views import person_of
from mingzheng.office.words import sheet
from mingzheng.office.words.forms import Places, RuleForm, SearchForm
from mingzheng.publish.checks.services import own_words
from mingzheng.publish.words import services
from mingzheng.publish.words.models import WordRule

PAGE = 50
MOST_OWN = 20  # lines of the system's own list below a search
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
def words(request: HttpRequest) -> HttpResponse:
    """The list, narrowed by a search."""
    return _shown(request, RuleForm(Places(access_of(request))))


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Write a rule down."""
    form = RuleForm(Places(access_of(request)), request.POST)
    if form.is_valid():
        try:
            rule = services.add_rule(person_of(request), form.draft())
            messages.success(
                request, f"“{rule}”已列入{rule.unit or '全市'}的词表，自{rule.active_from}起适用。"
            )
            return redirect("office_words")
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
    return _shown(request, form, status=400)


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a rule hold no longer."""
    rule = get_object_or_404(WordRule.objects.visible_to(access_of(request)), pk=pk)
    services.end_rule(person_of(request), rule.pk, reason=request.POST.get("reason", ""))
    messages.success(request, f"“{rule}”今天起不再适用。")
    return redirect("office_words")


@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The rules that the search shows, as a workbook."""
    form = SearchForm(request.GET)
    content = sheet.exported(_rules(request, form).order_by("unit__sort", "kind", "pk"))
    disposition = content_disposition_header(True, f"词表{timezone.localdate()}.xlsx") or ""
    return HttpResponse(content, content_type=_XLSX, headers={"Content-Disposition": disposition})


@require_http_methods(["GET", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """Take a sheet; say row by row what is wrong with it."""
    context: dict[str, Any] = {"headings": sheet.HEADINGS}
    if request.method == "POST":
        upload = request.FILES.get("sheet")
        try:
            if upload is None:
                raise Refusal("请选择填好的表格。")
            rows = sheet.drafts(upload, Places(access_of(request)))
            context["done"] = services.import_rules(person_of(request), rows)
        except Refusal as refusal:
            context["refused"] = refusal.sentence
    return render(request, "office/words/import.html", context)


def _rules(request: HttpRequest, form: SearchForm) -> QuerySet[WordRule]:
    found = WordRule.objects.visible_to(access_of(request)).select_related("unit", "added_by", "end")
    return form.narrow(found) if form.is_valid() else found.none()


def _shown(request: HttpRequest, form: RuleForm, status: int = 200) -> HttpResponse:
    access, search = access_of(request), SearchForm(request.GET)
    page = Paginator(_rules(request, search).order_by("-pk"), PAGE).get_page(request.GET.get("p"))
    asked = request.GET.copy()
    asked.pop("p", None)
    today = timezone.localdate()
    rows = [
        {
            "rule": rule,
            "end": getattr(rule, "end", None),
            "is_coming": rule.active_from > today,
            "may_end": not hasattr(rule, "end") and services.may_keep(access, rule.kind, rule.unit),
        }
        for rule in page.object_list
    ]
    places = Places(access)
    context = {
        "form": form, "search": search, "page": page, "rows": rows, "asked": asked.urlencode(), "units": places,
        "own": _own(search.cleaned_data.get("q", "")) if search.is_valid() else [],
    }  # fmt: skip
    return render(request, "office/words/list.html", context, status=status)


def _own(words: str) -> list[dict[str, str]]:
    """What the system's own list says about the words that are searched."""
    if not words:
        return []
    found = [(wrong, told) for wrong, told in own_words().phrases.items() if words in wrong]
    return [
        {"wrong": wrong, "right": told.replacement or "", "message": told.message}
        for wrong, told in found[:MOST_OWN]
    ]

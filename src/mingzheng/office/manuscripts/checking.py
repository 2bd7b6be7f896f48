"""The findings of the checks on screen: shown beside the form, masked in one click, or kept with a reason."""

from __future__ import annotations

import re
from collections import Counter

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET, require_POST

from mingzheng.law.errors import Refusal
from mingzheng.office.guard import access_of
from mingzheng.office.manuscripts import screens
from mingzheng.office.manuscripts.views import person_of
from mingzheng.publish.manuscripts import checking, mending, services
from mingzheng.publish.manuscripts.models import CLOSED, Manuscript, State
from mingzheng.publish.words import services as words

_NUMBER = re.compile("[0-9]{1,9}")
TEMPLATE = "office/manuscripts/findings.html"


def shown(request: HttpRequest, manuscript: Manuscript) -> SafeString:
    """The list of findings as a piece of a page."""
    return SafeString(render_to_string(TEMPLATE, _context(request, manuscript), request))


@require_GET
def findings(request: HttpRequest, pk: int) -> HttpResponse:
    """The findings of the version that is stored now."""
    manuscript = services.manuscript_of(access_of(request), pk)
    return render(request, TEMPLATE, _context(request, manuscript))


@require_POST
def mask(request: HttpRequest, pk: int) -> HttpResponse:
    """Mask one finding, or all personal data of the body."""
    manuscript = services.manuscript_of(access_of(request), pk)
    key = request.POST.get("key", "")
    services.mask(person_of(request), manuscript, {key} if key else None)
    manuscript.save_revision(user=request.user)
    messages.success(request, "正文中的个人信息已作遮盖处理。")
    return HttpResponseRedirect(screens.written_at(manuscript) + "#checks")


@require_POST
def mend(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the right word in one place (``start``) or, without it, everywhere."""
    manuscript = services.manuscript_of(access_of(request), pk)
    start = request.POST.get("start", "")
    places = mending.mend(
        person_of(request),
        manuscript,
        request.POST.get("key", ""),
        int(start) if _NUMBER.fullmatch(start) else None,
    )
    manuscript.save_revision(user=request.user)
    messages.success(request, f"已改正{places}处。")
    return HttpResponseRedirect(screens.written_at(manuscript) + "#checks")


@require_POST
def allow(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the word of a finding on the unit's white list."""
    manuscript = services.manuscript_of(access_of(request), pk)
    found = _found(manuscript, request.POST.get("key", ""))
    if not found.finding.word:
        raise Refusal("只有词表查出的词语可以列入白名单。")
    words.add_rule(
        person_of(request),
        words.RuleDraft(
            words.Kind.WHITE, found.finding.word, unit=manuscript.unit, reason=request.POST.get("reason", "")
        ),
    )
    messages.success(request, f"“{found.finding.word}”已列入{manuscript.unit}的白名单，今后不再提示。")
    return HttpResponseRedirect(_seen_at(request, manuscript) + "#checks")


def _seen_at(request: HttpRequest, manuscript: Manuscript) -> str:
    """Where the person works on the manuscript: who may not write reads it."""
    is_open = manuscript.state in (State.DRAFT, State.RETURNED)
    writes = is_open and access_of(request).may("manuscript.write", manuscript.unit)
    return screens.written_at(manuscript) if writes else screens.shown_at(manuscript)


def _found(manuscript: Manuscript, key: str) -> checking.Checked:
    found = next((each for each in checking.findings_of(manuscript) if each.finding.key == key), None)
    if found is None:
        raise Refusal("这处问题已经不在了，请刷新页面。")
    return found


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a finding with a reason."""
    manuscript = services.manuscript_of(access_of(request), pk)
    key = request.POST.get("key", "")
    found = _found(manuscript, key)
    if not found.may_be_kept:
        raise Refusal(f"“{found.finding.message}”必须更正，不能保留。")
    services.decide_finding(
        person_of(request), pk, key=key, rule=found.finding.rule, excerpt=found.finding.excerpt,
        reason=request.POST.get("reason", ""),
    )  # fmt: skip
    messages.success(request, "已记录保留的理由。")
    return HttpResponseRedirect(screens.written_at(manuscript) + "#checks")


def _context(request: HttpRequest, manuscript: Manuscript) -> dict[str, object]:
    access = access_of(request)
    writes = access.may("manuscript.write", manuscript.unit)
    found = checking.findings_of(manuscript)
    return {
        "manuscript": manuscript,
        "found": found,
        "editable": writes and manuscript.state in (State.DRAFT, State.RETURNED),
        "allowing": access.may("words.allow", manuscript.unit) and manuscript.state not in CLOSED,
        "many": {word for word, places in Counter(each.finding.word for each in found).items() if places > 1},
        "maskable": any(each.finding.replacement and each.finding.place == "正文" for each in found),
    }

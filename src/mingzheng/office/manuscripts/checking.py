"""The findings of the checks on screen: shown beside the form, masked in one click, or kept with a reason."""

from __future__ import annotations

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
from mingzheng.publish.manuscripts import checking, services
from mingzheng.publish.manuscripts.models import Manuscript, State

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
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a finding with a reason."""
    manuscript = services.manuscript_of(access_of(request), pk)
    key = request.POST.get("key", "")
    found = next((each for each in checking.findings_of(manuscript) if each.finding.key == key), None)
    if found is None:
        raise Refusal("这处问题已经不在了，请刷新页面。")
    if not found.may_be_kept:
        raise Refusal(f"“{found.finding.message}”必须更正，不能保留。")
    services.decide_finding(
        person_of(request), pk, key=key, rule=found.finding.rule, excerpt=found.finding.excerpt,
        reason=request.POST.get("reason", ""),
    )  # fmt: skip
    messages.success(request, "已记录保留的理由。")
    return HttpResponseRedirect(screens.written_at(manuscript) + "#checks")


def _context(request: HttpRequest, manuscript: Manuscript) -> dict[str, object]:
    writes = access_of(request).may("manuscript.write", manuscript.unit)
    found = checking.findings_of(manuscript)
    return {
        "manuscript": manuscript,
        "found": found,
        "editable": writes and manuscript.state in (State.DRAFT, State.RETURNED),
        "maskable": any(each.finding.replacement and each.finding.place == "正文" for each in found),
    }

"""审计记录: what was done, by whom and when; whether the chain is whole; an export."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import islice
from typing import Final

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from mingzheng.city import audit
from mingzheng.city.models import AuditEntry, Person
from mingzheng.office.audit.filters import FilterForm
from mingzheng.office.audit.words import entry_facts, payload_lines
from mingzheng.office.guard import access_of

PAGE: Final = 50
CHECKED: Final = 100_000  # entries that one press of the button reads; the command reads all
BREAKS: Final = 20
_CHUNK: Final = 2000
_HEADINGS: Final = ("编号", "时间", "人员", "账号", "动作", "对象", "内容", "校验值")


@require_GET
def entries(request: HttpRequest) -> HttpResponse:
    """One page of entries, the newest first. Pages go on from the last number shown, and nothing is counted."""
    _auditor(request)
    form = FilterForm(request.GET)
    valid = form.is_valid()
    found = form.entries().select_related("actor") if valid else AuditEntry.objects.none()
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    rows = list(found[: PAGE + 1])
    asked = request.GET.copy()
    asked.pop("before", None)
    context = {
        "form": form,
        "rows": [entry_facts(entry) for entry in rows[:PAGE]],
        "next": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "later": bool(before),
        "asked": asked.urlencode(),
        "valid": valid,
        "checked": CHECKED,
    }
    return render(request, "office/audit/list.html", context)


@require_GET
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry with what it holds."""
    _auditor(request)
    found = get_object_or_404(AuditEntry.objects.select_related("actor"), pk=pk)
    context = {"entry": found, "facts": entry_facts(found), "lines": payload_lines(found.payload)}
    return render(request, "office/audit/entry.html", context)


@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """Read the newest part of the chain again; the first breaks are shown."""
    auditor = _auditor(request)
    breaks = list(islice(audit.verify(last=CHECKED), BREAKS))
    context = {"breaks": breaks, "most": BREAKS, "checked": CHECKED, "at": timezone.localtime()}
    audit.append(auditor, "audit.verified", "audit", {"breaks": len(breaks)})
    return render(request, "office/audit/check.html", context)


@require_POST
def export(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """The entries asked for, as a table, written out while it is read. That it was taken is itself recorded."""
    auditor = _auditor(request)
    form = FilterForm(request.POST)
    if not form.is_valid():
        messages.error(request, "筛选条件有误，请改正后再导出。")
        return redirect("office_audit")
    found = form.entries()
    audit.append(auditor, "audit.exported", "audit", {"filters": form.said()})
    name = f"审计记录{timezone.localdate():%Y%m%d}.csv"
    disposition = content_disposition_header(True, name) or ""
    return StreamingHttpResponse(
        _lines(found), content_type="text/csv; charset=utf-8", headers={"Content-Disposition": disposition}
    )


class _Line:
    """What ``csv`` writes to: gives the line back."""

    def write(self, line: str) -> str:
        return line


def _lines(found: QuerySet[AuditEntry]) -> Iterator[str]:
    """The table, line by line, read in pieces by number; the mark at its start tells Excel that it is UTF-8."""
    writer = csv.writer(_Line())
    yield "\ufeff" + writer.writerow(_HEADINGS)
    piece = list(found.select_related("actor")[:_CHUNK])
    while piece:
        for each in piece:
            facts = entry_facts(each)
            held = "；".join(f"{label}：{value}" for label, value, _ in payload_lines(each.payload))
            cells = (facts["actor"], facts["username"], facts["verb"], facts["subject"], held)
            yield writer.writerow((each.pk, facts["at"], *map(_plain, cells), each.hash))
        piece = list(found.filter(pk__lt=piece[-1].pk).select_related("actor")[:_CHUNK])


def _plain(text: str) -> str:
    """Text that Excel does not take for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _auditor(request: HttpRequest) -> Person:
    """Who is reading. The chain is one for the whole city, and so must be the grant."""
    if not isinstance(request.user, Person) or access_of(request).where("audit.read"):
        raise Http404
    return request.user

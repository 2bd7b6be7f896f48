"""The publisher as the office sees it: its last runs, what waits, and a rebuild on demand."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from mingzheng.office.manuscripts.views import person_of
from mingzheng.portal.jobs import services as jobs
from mingzheng.portal.jobs.models import PublishJob
from mingzheng.portal.services import waiting_changes

SHOWN = 40
LOOKS = {"done": "fine", "failed": "late", "running": "soon", "waiting": "soon"}


@require_GET
def publishing(request: HttpRequest) -> HttpResponse:
    """The last runs, newest first; those that found nothing to do are not recorded at all."""
    rows = [
        {
            "job": job,
            "look": LOOKS[job.state],
            "again": jobs.again_at(job) if job == jobs.unfinished() else None,
        }
        for job in PublishJob.objects.select_related("asked_by")[:SHOWN]
    ]
    context = {
        "rows": rows,
        "waiting": waiting_changes(),
        "asked": jobs.is_asked(),
        "failing": jobs.failing(),
    }
    return render(request, "office/publishing/jobs.html", context)


@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for all pages to be built anew."""
    jobs.ask(person_of(request))
    messages.success(request, "已提出全部重建，几秒内开始；完成以前，公开页面保持原样。")
    return redirect("office_publishing")

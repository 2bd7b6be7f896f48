"""A manuscript as its public page, before it is one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from mingzheng.law.errors import Refusal
from mingzheng.office.guard import access_of
from mingzheng.portal.services import preview_item
from mingzheng.publish.manuscripts import services


@require_GET
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """The page that readers would see; nothing is written."""
    manuscript = services.manuscript_of(access_of(request), pk)
    if manuscript.column is None:
        raise Refusal(f"《{manuscript}》还没有选定栏目，选定后才能预览。")
    html = preview_item(manuscript.unit, manuscript.column.pk, services.as_draft(manuscript), timezone.now())
    return HttpResponse(html, headers={"X-Robots-Tag": "noindex", "Cache-Control": "no-store"})

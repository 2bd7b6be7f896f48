"""The two addresses of readings: one tells that a page is read, one says how often an item was."""

from __future__ import annotations

import logging
import sqlite3
from typing import Final

from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from mingzheng.city.client import client_address
from mingzheng.portal import addresses
from mingzheng.portal.reading import buffer
from mingzheng.portal.reading.models import Fold, ItemDay
from mingzheng.portal.reading.pages import page_of
from mingzheng.portal.reading.rules import Verdict, why_not
from mingzheng.publish.items.models import Item

LARGEST_ID: Final = 2**63 - 1
_NOT_KEPT: Final = {"Cache-Control": "no-store"}
log = logging.getLogger(__name__)


# Asked for with every reading: to put it together from models takes longer than to answer it.
_SUMS: Final = f"""
SELECT (SELECT sum(count) FROM {ItemDay._meta.db_table} WHERE item_id = %s),
       (SELECT reached FROM {Fold._meta.db_table} WHERE buffer = %s)
"""


@csrf_exempt  # told by published pages, which carry no session and so no token
@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Tell that ``?page=`` (its address) is read. The answer for an item is its number; for all else there is none."""
    path = request.GET.get("page", "")
    item = addresses.read_item(path)
    if item is None:
        page = page_of(path)
        if page is not None:
            count(request, page)
        return HttpResponse(status=204, headers=_NOT_KEPT)
    if _public_path(item) != path:
        return HttpResponse(status=204, headers=_NOT_KEPT)
    count(request, str(item))
    return _number(item)


@require_http_methods(["GET", "HEAD"])
def number(request: HttpRequest, item_id: int) -> JsonResponse:
    """How often a public item was read. Asking counts nothing."""
    if _public_path(item_id) is None:
        raise Http404
    return _number(item_id)


def count(request: HttpRequest, page: str) -> Verdict | None:
    """Append a reading of the page, if the request is one. None: the buffer failed, which no reader need know."""
    refused = why_not(request.headers)
    if refused is not None:
        return refused
    now = timezone.now()
    try:
        today = buffer.today(timezone.localdate(now))
        reader = today.reader(client_address(request) or "", request.headers["User-Agent"])
        return today.buffer.add(page, reader, int(now.timestamp()))
    except (sqlite3.Error, OSError) as error:
        log.error("a reading was not counted: %s", error)
        return None


def _public_path(item: int) -> str | None:
    """The address of a public item; None when there is no such item."""
    if not 0 < item <= LARGEST_ID:
        return None
    at = Item.objects.public().filter(pk=item).values_list("first_published_at", flat=True).first()
    return addresses.item_path(item, at) if at else None


def _number(item: int) -> JsonResponse:
    """What is added up, and what waits in today's buffer after the line that was added up last."""
    try:
        lines = buffer.today(timezone.localdate()).buffer
        views, reached = _sums(item, lines.name)
        views += lines.since(str(item), reached)
    except (sqlite3.Error, OSError):
        views, _ = _sums(item, "")
    return JsonResponse({"views": views}, headers=_NOT_KEPT)


def _sums(item: int, buffer_name: str) -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(_SUMS, [item, buffer_name])
        views, reached = cursor.fetchone()
    return int(views or 0), int(reached or 0)

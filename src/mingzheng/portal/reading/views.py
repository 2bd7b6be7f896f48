"""The two addresses of readings: one tells that a page is read, one says how often an item was."""

from __future__ import annotations

import logging
import sqlite3
from typing import Final, NamedTuple

from django.db.models import IntegerField, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
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


class Counted(NamedTuple):
    """An item's readings: its address, what is added up, and how far today's buffer was added up."""

    path: str
    views: int
    reached: int


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
    found = _counted(item)
    if found is None or found.path != path:
        return HttpResponse(status=204, headers=_NOT_KEPT)
    count(request, str(item))
    return _number(item, found)


@require_http_methods(["GET", "HEAD"])
def number(request: HttpRequest, item_id: int) -> JsonResponse:
    """How often a public item was read. Asking counts nothing."""
    found = _counted(item_id)
    if found is None:
        raise Http404
    return _number(item_id, found)


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


def _counted(item: int) -> Counted | None:
    """What is added up of a public item; None when there is no such item. One query."""
    if not 0 < item <= LARGEST_ID:
        return None
    views = (
        ItemDay.objects.filter(item=OuterRef("pk")).values("item").annotate(sum=Sum("count")).values("sum")
    )
    reached = Fold.objects.filter(buffer=_buffer_name()).values("reached")
    row = (
        Item.objects.public()
        .filter(pk=item)
        .values_list(
            "first_published_at",
            Coalesce(Subquery(views, IntegerField()), 0),
            Coalesce(Subquery(reached, IntegerField()), 0),
        )
        .first()
    )
    return Counted(addresses.item_path(item, row[0]), *row[1:]) if row else None


def _number(item: int, found: Counted) -> JsonResponse:
    """The number with what waits in today's buffer."""
    try:
        waiting = buffer.today(timezone.localdate()).buffer.since(str(item), found.reached)
    except (sqlite3.Error, OSError):
        waiting = 0
    return JsonResponse({"views": found.views + waiting}, headers=_NOT_KEPT)


def _buffer_name() -> str:
    try:
        return buffer.today(timezone.localdate()).buffer.name
    except (sqlite3.Error, OSError):
        return ""

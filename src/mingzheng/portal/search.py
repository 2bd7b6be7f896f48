"""Searching what is public by title, document number and index number; live, so that what is withdrawn is not found."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from mingzheng.city.services import root_unit
from mingzheng.law.doc_numbers import parse_doc_numbers
from mingzheng.portal import addresses
from mingzheng.portal.site import Site
from mingzheng.portal.views import page
from mingzheng.publish.items.models import Item

LONGEST: Final = 100  # characters of a query
MOST_WORDS: Final = 6
SIZE: Final = 20
LAST_PAGE: Final = 500
_FIELDS: Final = ("title", "doc_no", "index_no")


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """What is found for the words asked for, the newest first."""
    asked = " ".join(request.GET.get("q", "").replace("\0", "").split())[:LONGEST]
    wanted = request.GET.get("page", "")
    number = (
        min(max(int(wanted), 1), LAST_PAGE)
        if wanted.isascii() and wanted.isdigit() and len(wanted) < 6
        else 1
    )
    site = Site(root_unit())
    context: dict[str, Any] = {
        "page": {"title": f"{asked or '搜索'}_{site.name}", "path": addresses.SEARCH,
                 "url": site.address(addresses.SEARCH), "noindex": True},
        "crumbs": [{"title": "首页", "url": addresses.HOME}, {"title": "搜索"}],
        "asked": asked,
    }  # fmt: skip
    if asked:
        found = found_items(asked)
        context |= {"total": found.count(), **_rows(found, asked, number)}
    return page("search", context)


def found_items(asked: str) -> Any:
    """The public items in which every word stands, or that have the document number, in any spelling of it."""
    every = Q()
    for word in asked.split()[:MOST_WORDS]:
        every &= Q(*((f"{name}__icontains", word) for name in _FIELDS), _connector=Q.OR)
    numbers = [each.normal for each in parse_doc_numbers(asked) if each.normal]
    return Item.objects.public().filter(every | Q(doc_no__in=numbers) if numbers else every)


def _rows(found: Any, asked: str, number: int) -> dict[str, Any]:
    rows = found.order_by("-first_published_at", "-id").values_list(
        "id", "title", "doc_no", "index_no", "first_published_at", "unit__name", "abstract"
    )
    start = (number - 1) * SIZE
    some = list(rows[start : start + SIZE + 1])
    lines = [
        {
            "url": addresses.item_path(pk, at), "title": title, "doc_no": doc_no, "index_no": index_no,
            "date": timezone.localdate(at).isoformat(), "unit": unit, "abstract": abstract,
        }
        for pk, title, doc_no, index_no, at, unit, abstract in some[:SIZE]
    ]  # fmt: skip

    def link(to: int) -> str:
        return f"{addresses.SEARCH}?{urlencode({'q': asked, 'page': to})}"

    pager = {
        "newer_url": link(number - 1) if number > 1 else None,
        "older_url": link(number + 1) if len(some) > SIZE and number < LAST_PAGE else None,
        "links": [{"label": number, "current": True}],
    }
    return {"rows": lines, "pager": pager}

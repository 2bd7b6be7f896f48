"""The page of search results: words, exact phrases, numbers in any spelling; filters; the best or the newest first.

The index finds, the database answers: what is not public at this moment is not shown, whatever the index says.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from mingzheng.city.models import Unit
from mingzheng.portal import addresses
from mingzheng.portal.searching.marking import marked, piece_of
from mingzheng.portal.searching.services import KINDS, Asked, Found, Opened, Wanted, opened, understand
from mingzheng.portal.site import portal_face
from mingzheng.portal.views import page
from mingzheng.publish.catalogue.services import theme_names
from mingzheng.publish.items.models import Item

SIZE: Final = 20
LAST_PAGE: Final = 500
FIRST_YEAR, LAST_YEAR = 1949, 2999
SHOWN: Final = 12  # values of a facet
FILTERS: Final = {"kind": "类型", "year": "发布年份", "theme": "主题", "unit": "发布机构"}
_TAG: Final = re.compile(r"<[^>]*>")


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """What is found for what was asked; 503 while there is no index yet."""
    site, given = portal_face(), _given(request.GET)
    context: dict[str, Any] = {
        "page": {"title": given["q"] or "搜索", "path": addresses.SEARCH,
                 "url": site.address(addresses.SEARCH), "noindex": True},
        "crumbs": [{"title": "首页", "url": addresses.HOME}, {"title": "搜索"}],
        "asked": given["q"],
    }  # fmt: skip
    if not given["q"]:
        return page("search", context)
    index = opened()
    if index is None:
        return page("search", context | {"preparing": True}, status=503)
    number = _number(request.GET.get("page", ""))
    return page("search", context | _results(index, given, number))


def _given(query: Mapping[str, Any]) -> dict[str, str]:
    """What was asked and the filters that say something; anything else counts as not said."""
    text = " ".join(str(query.get("q", "")).replace("\0", "").split())[:200]
    given = {name: str(query.get(name, ""))[:40] for name in FILTERS}
    year = given["year"]
    known = year.isascii() and year.isdigit() and len(year) == 4 and FIRST_YEAR <= int(year) <= LAST_YEAR
    return {
        "q": text,
        "kind": given["kind"] if given["kind"] in KINDS else "",
        "year": year if known else "",
        "theme": given["theme"] if given["theme"] in theme_names() else "",
        "unit": given["unit"].replace("\0", ""),
        "force": "1" if query.get("force") == "1" else "",
        "sort": "new" if query.get("sort") == "new" else "",
    }


def _results(index: Opened, given: dict[str, str], number: int) -> dict[str, Any]:
    asked = understand(given["q"], index.words)
    if not (asked.words or asked.phrases or asked.numbers):
        return {"total": 0}
    unit = Unit.objects.filter(code=given["unit"]).first() if given["unit"] else None
    given = given | {"unit": unit.code if unit else ""}
    wanted = Wanted(
        words=asked.words, phrases=asked.phrases, numbers=asked.numbers, unit=unit.pk if unit else None,
        theme=given["theme"], kind=given["kind"], year=int(given["year"]) if given["year"] else None,
        in_force=bool(given["force"]), newest_first=given["sort"] == "new",
    )  # fmt: skip
    found = index.engine.find(wanted, (number - 1) * SIZE, SIZE)
    return {
        "total": found.total,
        "rows": _rows(found, asked),
        "facets": _facets(found, given),
        "filters": _filters(given, unit),
        "sorts": [
            {"name": "最相关", "url": _link(given, sort=""), "current": not given["sort"]},
            {"name": "最新发布", "url": _link(given, sort="new"), "current": bool(given["sort"])},
        ],
        "only_in_force": "" if given["force"] else _link(given, force="1"),
        "pager": _pager(found.total, given, number),
    }


def _rows(found: Found, asked: Asked) -> list[dict[str, Any]]:
    """The items that are public now, in the order of the index."""
    fields = ("id", "title", "doc_no", "index_no", "first_published_at", "unit__name", "abstract", "body")
    known = {
        row.id: row for row in Item.objects.public().filter(pk__in=found.ids).values_list(*fields, named=True)
    }
    rows = []
    for row in (known[pk] for pk in found.ids if pk in known):
        text = row.abstract or html.unescape(_TAG.sub(" ", row.body))
        rows.append({
            "url": addresses.item_path(row.id, row.first_published_at), "title": marked(row.title, asked.marked),
            "piece": marked(piece_of(text, asked.marked), asked.marked), "doc_no": row.doc_no,
            "index_no": row.index_no, "date": timezone.localdate(row.first_published_at).isoformat(),
            "unit": row.unit__name,
        })  # fmt: skip
    return rows


def _facets(found: Found, given: dict[str, str]) -> list[dict[str, Any]]:
    """For each filter that is not set, its values with their numbers."""
    units = {str(unit.pk): unit for unit in Unit.objects.filter(pk__in=found.facets.get("unit", {}))}
    names: dict[str, dict[str, tuple[str, str]]] = {
        "kind": {key: (key, name) for key, name in KINDS.items()},
        "theme": {key: (key, name.rpartition("/")[2]) for key, name in theme_names().items()},
        "unit": {key: (unit.code, unit.name) for key, unit in units.items()},
    }
    facets = []
    for name, label in FILTERS.items():
        if given[name] or not (counts := found.facets.get(name)):
            continue
        if name == "year":
            counts = dict(sorted(counts.items(), reverse=True))
        values = [
            {"name": said, "url": _link(given, **{name: key}), "count": count}
            for value, count in list(counts.items())[:SHOWN]
            for key, said in [names[name].get(value, ("", "")) if name in names else (value, f"{value}年")]
            if key
        ]
        if len(values) > 1:
            facets.append({"name": label, "values": values})
    return facets


def _filters(given: dict[str, str], unit: Unit | None) -> list[dict[str, str]]:
    """The filters that are set, each with the address without it."""
    said = {
        "kind": KINDS.get(given["kind"], ""), "year": f"{given['year']}年" if given["year"] else "",
        "theme": theme_names().get(given["theme"], ""), "unit": unit.name if unit else "",
        "force": "只看现行有效" if given["force"] else "",
    }  # fmt: skip
    return [{"name": name, "url": _link(given, **{key: ""})} for key, name in said.items() if name]


def _pager(total: int, given: dict[str, str], number: int) -> dict[str, Any]:
    last = min(-(-total // SIZE), LAST_PAGE)
    return {
        "newer_url": _link(given, page=number - 1) if number > 1 else None,
        "older_url": _link(given, page=number + 1) if number < last else None,
        "links": [
            {"label": each, "current": each == number, "url": _link(given, page=each)}
            for each in range(max(1, number - 3), min(last, number + 3) + 1)
        ],
        "total": last,
    }  # fmt: skip


def _link(given: dict[str, str], **changed: str | int) -> str:
    asked = {name: value for name, value in (given | changed).items() if value not in ("", 1)}
    return f"{addresses.SEARCH}?{urlencode(asked)}"


def _number(text: str) -> int:
    """The page asked for; the first for anything that is none."""
    known = text.isascii() and text.isdigit() and len(text) < 6
    return min(max(int(text), 1), LAST_PAGE) if known else 1

"""The library of normative documents (规范性文件库): all of them, and lists by year, theme, unit and validity.

Every list is a page of its own and needs no script. A script narrows the first page by several things at once, from
one small file (``documents.json``). The list of a unit begins with what is in force (现行有效文件目录).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from mingzheng.city.models import Unit
from mingzheng.portal import addresses
from mingzheng.portal.families import Page
from mingzheng.portal.families.facts import CityFacts
from mingzheng.portal.manifest import SITE_PART
from mingzheng.publish.documents.services import (
    Validity,
    end_of_term,
    normative_documents,
    with_validity,
)

FAMILY: Final = "library"
DATA: Final = f"{addresses.DOCUMENTS}documents.json"
NEWEST: Final = 50
SIZE: Final = 200
"""Documents on one page of a list; a row takes half a kilobyte."""
IN_FORCE: Final = frozenset({Validity.VALID, Validity.AMENDED, Validity.PENDING})
FACETS: Final = {"year": "成文年份", "theme": "主题分类", "status": "有效性", "unit": "制定单位"}
_PATH: Final = re.compile(addresses.DOCUMENTS + r"(year|theme|status|unit)/([-\w]+)/(?:p([1-9]\d*)\.html)?")
_FIELDS: Final = (
    "id", "unit_id", "column_id", "title", "doc_no", "theme", "first_published_at", "written_on", "effective_on",
    "expires_on", "repealed_on", "validity",
)  # fmt: skip


class Document(NamedTuple):
    """One document as the lists show it."""

    id: int
    unit: Unit
    line: dict[str, Any]
    keys: dict[str, str]
    """Its value in each facet; the theme may be unknown."""
    in_force: bool


def library_of(city: CityFacts) -> list[Document]:
    """Every public normative document, the newest first; read once."""
    if city.library is None:
        found = with_validity(normative_documents(), city.today)
        rows = found.order_by("-first_published_at", "-id").values_list(*_FIELDS, named=True)
        city.library = [_document(city, row) for row in rows]
    return city.library


def _document(city: CityFacts, row: Any) -> Document:
    unit = city.units[row.unit_id]
    minute = addresses.city_minute(row.first_published_at)
    written = (row.written_on or minute[:10]) if row.written_on is None else row.written_on.isoformat()
    validity = Validity(row.validity)
    ends_on = end_of_term(row, city.normative)
    line = {
        "url": addresses.item_path_of(row.id, minute),
        "title": row.title,
        "doc_no": row.doc_no,
        "unit": unit.name,
        "written_on": written,
        "effective_on": row.effective_on.isoformat() if row.effective_on else "",
        "ends_on": ends_on.isoformat() if ends_on else "",
        "validity": validity.label,
        "ended": validity not in IN_FORCE,
    }
    theme = row.theme.partition(".")[0]
    keys = {"year": written[:4], "theme": theme, "status": validity.value, "unit": unit.code}
    return Document(row.id, unit, line, keys, validity in IN_FORCE)


def library_pages(city: CityFacts) -> Iterator[Page]:
    """Every page of the library."""
    for path in library_paths(city):
        page = library_page(city, path)
        if page is not None:
            yield page


def library_paths(city: CityFacts, item_ids: set[int] | None = None) -> set[str]:
    """The addresses of all pages of the lists in which these documents stand; of every page without a choice."""
    paths = {addresses.DOCUMENTS, DATA}
    counts = Counter((facet, key) for each in library_of(city) for facet, key in each.keys.items() if key)
    for each in library_of(city):
        if item_ids is None or each.id in item_ids:
            for facet, key in each.keys.items():
                paths.update(_list_paths(facet, key, counts[facet, key]))
    return paths


def _list_paths(facet: str, key: str, count: int) -> Iterator[str]:
    for number in range(1, -(-count // SIZE) + 1):
        yield facet_path(facet, key, number)


def facet_path(facet: str, key: str, number: int = 1) -> str:
    """The address of a list, or of its page ``number``, the newest documents first."""
    return f"{addresses.DOCUMENTS}{facet}/{key}/" + (f"p{number}.html" if number > 1 else "")


def library_page(city: CityFacts, path: str) -> Page | None:
    """One page of the library, None when there is none of that address (any more)."""
    if path == addresses.DOCUMENTS:
        return _first(city)
    if path == DATA:
        return Page(path, FAMILY, SITE_PART, _data(city), _noted(library_of(city)))
    match = _PATH.fullmatch(path)
    if match is None:
        return None
    facet, key, number = match[1], match[2], int(match[3] or 1)
    found = [each for each in library_of(city) if each.keys[facet] == key]
    if facet == "unit":
        found.sort(key=lambda each: not each.in_force)
    if (number - 1) * SIZE >= len(found) or path != facet_path(facet, key, number):
        return None
    return _list(city, path, facet, key, number, found)


def _first(city: CityFacts) -> Page:
    found = library_of(city)
    context = _context(
        city, addresses.DOCUMENTS, "规范性文件库", "全市各级行政机关制定的行政规范性文件及其有效性"
    )
    context |= {
        "nav_current": addresses.DOCUMENTS,
        "total": len(found),
        "in_force": sum(each.in_force for each in found),
        "facets": [
            {"key": facet, "name": name, "values": _values(city, facet, found)}
            for facet, name in FACETS.items()
        ],
        "groups": [{"name": "最近公开", "rows": [each.line for each in found[:NEWEST]]}] if found else [],
        "data": DATA,
    }
    return Page(addresses.DOCUMENTS, FAMILY, SITE_PART, city.html(FAMILY, context), _noted(found))


def _list(city: CityFacts, path: str, facet: str, key: str, number: int, found: list[Document]) -> Page:
    name, shown = _name(city, facet, key), found[(number - 1) * SIZE : number * SIZE]
    title = f"{name}现行有效文件目录" if facet == "unit" else f"规范性文件：{name}"
    context = _context(city, path, title, f"{name}行政规范性文件目录")
    context |= {"total": len(found), "in_force": sum(each.in_force for each in found)}
    context["crumbs"][-1:] = [{"title": "规范性文件库", "url": addresses.DOCUMENTS}, {"title": name}]
    groups = (("现行有效", True), ("已失效、废止", False)) if facet == "unit" else (("", None),)
    parts = [
        {"name": label, "rows": [each.line for each in shown if holds in (None, each.in_force)]}
        for label, holds in groups
    ]
    context["groups"] = [
        part for part in parts if part["rows"] or (number == 1 and part["name"] == "现行有效")
    ]
    context["pager"] = _pager(facet, key, number, -(-len(found) // SIZE))
    # All of the list is noted on each page: whatever leaves it moves those that follow.
    return Page(path, FAMILY, SITE_PART, city.html(FAMILY, context), _noted(found))


def _pager(facet: str, key: str, number: int, total: int) -> dict[str, Any] | None:
    if total < 2:
        return None
    return {
        "newer_url": facet_path(facet, key, number - 1) if number > 1 else None,
        "older_url": facet_path(facet, key, number + 1) if number < total else None,
        "total": total,
        "links": [
            {"label": each, "url": facet_path(facet, key, each), "current": each == number}
            for each in range(1, total + 1)
        ],
    }


def _context(city: CityFacts, path: str, title: str, description: str) -> dict[str, Any]:
    tags = {"name": title, "description": description, "keywords": "规范性文件,有效性", "type": "政策文件"}
    return {
        "page": {"title": title, "path": path, "url": city.site.address(path), "column": tags},
        "crumbs": [{"title": "首页", "url": addresses.HOME}, {"title": "规范性文件库"}],
        "heading": title,
    }


def _values(city: CityFacts, facet: str, found: list[Document]) -> list[dict[str, Any]]:
    """The values of a facet in their own order, each with its number of documents and its page."""
    counts = Counter(each.keys[facet] for each in found if each.keys[facet])
    orders: dict[str, list[str]] = {
        "year": sorted(counts, reverse=True),
        "theme": sorted(counts, key=lambda key: (not key.isdigit(), int(key) if key.isdigit() else 0, key)),
        "status": [each.value for each in Validity],
        "unit": [unit.code for unit in city.units.values()],
    }
    return [
        {"key": key, "name": _name(city, facet, key), "count": counts[key], "url": facet_path(facet, key)}
        for key in orders[facet]
        if counts[key]
    ]


def _name(city: CityFacts, facet: str, key: str) -> str:
    if facet == "year":
        return f"{key}年"
    if facet == "theme":
        return city.themes.get(key, key)
    return Validity(key).label if facet == "status" else city.units[city.unit_ids[key]].name


def _data(city: CityFacts) -> bytes:
    """What the script narrows: a line for each document, without the names that the page itself holds."""
    rows = [
        [each.line["title"], each.line["doc_no"], each.line["url"], each.line["written_on"], each.line["ends_on"],
         each.keys["year"], each.keys["theme"], each.keys["status"], each.keys["unit"]]
        for each in library_of(city)
    ]  # fmt: skip
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()


def _noted(found: list[Document]) -> tuple[str, ...]:
    units = {each.unit.pk for each in found}
    return (*(f"item:{each.id}" for each in found), *(f"unit:{pk}" for pk in sorted(units)))

"""Live pages of figures and annual reports: every number opens to its rows."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from mingzheng.law.errors import Refusal
from mingzheng.measure import services as measure
from mingzheng.portal import addresses
from mingzheng.portal.addresses import FIGURES, REPORTS, report_path
from mingzheng.portal.site import portal_face
from mingzheng.portal.views import page

HOME_CRUMB: Final = {"title": "首页", "url": addresses.HOME}
# Dates and numbers, which read badly when broken over two lines.
_UNBROKEN: Final = re.compile(r"[0-9A-Z/-]+")
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_GET
def figures(request: HttpRequest, year: int | None = None) -> HttpResponse:
    """The year's figures of the whole city."""
    years = measure.years_with_items()
    if not years or (year is not None and year not in years):
        raise Http404
    chosen = year or years[0]
    tables = [_table(table, chosen) for table in measure.year_figures(chosen)]
    context = _context(f"{chosen}年政务公开数据", f"{FIGURES}{chosen}/") | {
        "year": chosen,
        "years": [
            {"title": f"{each}年", "url": f"{FIGURES}{each}/", "current": each == chosen} for each in years
        ],
        "tables": tables,
    }
    return page("figures", context)


def _table(table: measure.FigureTable, year: int) -> dict[str, Any]:
    rows = [
        {"label": line.label, "cells": [_cell(line.now), _cell(line.before), {"text": _growth(line.now)}]}
        for line in table.lines
    ]
    return {"caption": table.caption, "head": ["项目", f"{year}年", f"{year - 1}年", "同比"], "rows": rows}


def _cell(figure: measure.Figure) -> dict[str, str]:
    text = f"{figure.value:,}"
    return {"text": text, "url": figure.url} if figure.value else {"text": text}


def _growth(figure: measure.Figure) -> str:
    if figure.growth is None:
        return "—"
    return f"{figure.growth:+}%" if figure.growth else "持平"


@require_GET
def figure(request: HttpRequest, key: str, year: str, scope: str) -> HttpResponse:
    """One figure: what it counts, its parts, and the rows behind it."""
    try:
        found, about = measure.from_address(key, year, scope)
    except Refusal as refusal:
        raise Http404 from refusal
    rows = measure.rows_page(found, about, _page_number(request))
    url = measure.address(key, about)
    context = _context(
        f"{about.label}{about.year}年{found.label}",
        url,
        {"title": f"{about.year}年数据", "url": f"{FIGURES}{about.year}/"},
    )
    context["figure"] = {
        "label": found.label,
        "value": rows.total,
        "unit": found.unit_word,
        "definition": found.definition,
        "scope": about.label,
        "period": f"{about.year}年1月1日至12月31日",
        "computed_at": f"{timezone.localtime():%Y-%m-%d %H:%M}",
    }
    context["breakdown"] = [
        {"label": line.label, "value": line.now.value, "url": line.now.url, "growth": line.now.growth}
        for line in measure.breakdown(key, about)
    ]
    return page("figure", context | _rows(rows, url))


def _rows(rows: measure.RowsPage, url: str) -> dict[str, Any]:
    def cell(each: measure.Cell) -> dict[str, Any]:
        if each.item is None:
            return {"text": each.text, "whole": _UNBROKEN.fullmatch(each.text) is not None}
        return {"text": each.text, "url": addresses.item_path(each.item.pk, each.item.first_published_at)}

    return {
        "head": rows.head,
        "rows": [{"cells": [cell(each) for each in row]} for row in rows.rows],
        "pager": _pager(url, rows.number, rows.pages),
    }


def _pager(url: str, number: int, pages: int) -> dict[str, Any] | None:
    if pages == 1:
        return None

    def address(wanted: int) -> str:
        return url if wanted == 1 else f"{url}?page={wanted}"

    near = range(max(1, number - 2), min(pages, number + 2) + 1)
    links: list[dict[str, Any]] = [
        {"label": each, "current": True} if each == number else {"label": each, "url": address(each)}
        for each in near
    ]
    if near[0] > 1:
        links = [{"label": 1, "url": address(1)}, *([{"label": "…"}] if near[0] > 2 else []), *links]
    if near[-1] < pages:
        links += [
            *([{"label": "…"}] if near[-1] < pages - 1 else []),
            {"label": pages, "url": address(pages)},
        ]
    return {
        "newer_url": address(number - 1) if number > 1 else None,
        "older_url": address(number + 1) if number < pages else None,
        "links": links,
        "total": pages,
    }


def _page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 1


def _context(title: str, path: str, *crumbs: dict[str, str]) -> dict[str, Any]:
    site = portal_face()
    return {
        "page": {
            "title": title,
            "path": path,
            "url": site.address(path),
            "column": {
                "name": "公开数据",
                "description": "政务公开的年度数据，每个数字可以点开查看所统计的记录",
                "keywords": "公开数据,政务公开",
                "type": "数据发布",
            },
        },
        "crumbs": [HOME_CRUMB, {"title": "公开数据", "url": FIGURES}, *crumbs],
        "nav_current": FIGURES,
    }


def _report_context(title: str, path: str) -> dict[str, Any]:
    """For pages of annual reports."""
    context = _context(title, path) | {"nav_current": REPORTS}
    context["page"]["column"] = {
        "name": "政府信息公开年度报告",
        "description": "各级行政机关历年的政府信息公开工作年度报告",
        "keywords": "政府信息公开,年度报告",
        "type": "信息公开年报",
    }
    return context


@require_GET
def reports(request: HttpRequest) -> HttpResponse:
    """All published annual reports, by year."""
    years: dict[int, list[dict[str, str]]] = defaultdict(list)
    for report in measure.published_reports():
        on = timezone.localdate(report.published_at)
        years[report.year].append(
            {
                "title": report.title,
                "url": report_path(report.unit.code, report.year, report.scope),
                "published_on": f"{on}",
            }
        )
    context = _report_context("政府信息公开年度报告", REPORTS) | {
        "crumbs": [HOME_CRUMB, {"title": "年度报告"}],
        "heading": "政府信息公开年度报告",
        "lede": "报告中的数字在发布时定稿；点开数字，可查看它所统计的每一条记录。",
        "years": [{"year": year, "reports": found} for year, found in sorted(years.items(), reverse=True)],
    }
    return page("reports", context)


def _report(code: str, year: int, scope: str) -> measure.AnnualReport:
    report = measure.published_reports().filter(unit__code=code, year=year, scope=scope).first()
    if report is None:
        raise Http404
    return report


@require_GET
def report(request: HttpRequest, code: str, year: int, scope: str) -> HttpResponse:
    """A published report as a page; its figures lead to the rows that were frozen with it."""
    found = _report(code, year, scope)
    path = report_path(found.unit.code, found.year, found.scope)
    context = _report_context(found.title, path) | {
        "crumbs": [HOME_CRUMB, {"title": "年度报告", "url": REPORTS}, {"title": f"{found.year}年"}],
        "report": {
            "title": found.title,
            "unit_name": found.unit.name,
            "chapters": _frozen_links(found.content, path)["chapters"],
        },
        "downloads": [
            {"name": "Word文档（docx）", "url": f"{path}report.docx"},
            {"name": "数据（json）", "url": f"{path}report.json"},
        ],
    }
    context["page"]["article"] = {
        "title": found.title,
        "pub_date": addresses.city_minute(found.published_at),
        "source": found.unit.name,
        "url": context["page"]["url"],
    }
    return page("report", context)


def _frozen_links(content: Any, path: str) -> Any:
    """The content with each figure's link leading to its frozen rows."""
    if isinstance(content, list):
        return [_frozen_links(each, path) for each in content]
    if isinstance(content, dict):
        changed = {key: _frozen_links(value, path) for key, value in content.items()}
        if str(changed.get("url", "")).startswith(FIGURES):
            changed["url"] = f"{path}{changed['url'].lstrip('/')}"
        return changed
    return content


@require_GET
def report_figure(request: HttpRequest, code: str, year: int, scope: str, address: str) -> HttpResponse:
    """A figure of a published report: its value and rows as they were, and what is different today."""
    found = _report(code, year, scope)
    frozen = found.figures.filter(key=f"{FIGURES}{address}").first()
    if frozen is None:
        raise Http404
    drift = measure.drift_of(frozen)
    about = measure.from_address(*frozen.key.split("/")[2:5])[1]
    path = report_path(found.unit.code, found.year, found.scope)
    rows = measure.frozen_page(frozen, _page_number(request))
    context = _report_context(f"{frozen.label}（定稿）", f"{path}{frozen.key.lstrip('/')}") | {
        "crumbs": [
            HOME_CRUMB,
            {"title": "年度报告", "url": REPORTS},
            {"title": f"{found.year}年", "url": path},
        ],
        "figure": {
            "label": frozen.label,
            "value": int(frozen.value),
            "unit": frozen.unit_word,
            "scope": about.label,
            "period": f"{about.year}年1月1日至12月31日",
            "frozen_at": f"{timezone.localtime(found.published_at):%Y-%m-%d %H:%M}",
            "definition": _drift(drift, frozen.unit_word),
        },
    }
    return page("figure", context | _rows(rows, f"{path}{frozen.key.lstrip('/')}"))


def _drift(drift: measure.Drift, word: str) -> str:
    if not drift.gone and not drift.new:
        return "与现在的记录一致。"
    return f"定稿后撤回或者变动{len(drift.gone)}{word}，新计入{len(drift.new)}{word}，现为{drift.now}{word}。"


@require_GET
def report_file(request: HttpRequest, code: str, year: int, scope: str, kind: str) -> HttpResponse:
    """A published report as Word file or JSON."""
    found = _report(code, year, scope)
    if kind == "docx":
        content = measure.content_docx(found.title, found.content, portal_face().address("/"))
        name = f"{found.unit.code}-{found.year}.docx"
        return HttpResponse(
            content, content_type=DOCX, headers={"Content-Disposition": f'attachment; filename="{name}"'}
        )
    return JsonResponse(measure.published_json(found), json_dumps_params={"ensure_ascii": False, "indent": 1})

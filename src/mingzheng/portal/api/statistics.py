"""``/statistics``: the measures of the city, exactly those of the portal's figures; nothing is counted here."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from mingzheng.law.errors import Refusal
from mingzheng.measure import services as measure
from mingzheng.portal.api import schemas
from mingzheng.portal.api.answers import ApiError, told
from mingzheng.portal.api.entries import Data, Frame
from mingzheng.portal.api.filters import check_names

router = Router(tags=["统计数据"])


@router.get("/statistics", response=schemas.MeasureList, summary="统计项目", operation_id="statistics")
def statistics(request: HttpRequest) -> HttpResponse:
    """全部统计项目及其口径，以及有数据的年份。"""
    rows = [
        {"key": each.key, "label": each.label, "unit_word": each.unit_word, "definition": each.definition}
        for each in measure.all_measures()
    ]
    return told({"years": measure.years_with_items(), "measures": rows})


@router.get("/statistics/{int:year}", response=schemas.YearFigures, summary="一年的数据", operation_id="year")
def year_figures(request: HttpRequest, year: int) -> HttpResponse:
    """与门户“公开数据”页相同的各表。"""
    if year not in measure.years_with_items():
        raise ApiError(404, f"没有{year}年的数据，请核对/statistics。", rule="not_found")
    frame = Frame()
    tables = [
        {"caption": table.caption, "figures": [_line(frame, line) for line in table.lines]}
        for table in measure.year_figures(year)
    ]
    return told({"year": year, "tables": tables})


class ScopeFilter(Schema):
    scope: str = Field(
        "all",
        max_length=40,
        description="范围：all全市，city、county、town三级，unit-代码为一个单位，under-代码含其下级",
    )


@router.get(
    "/statistics/{int:year}/{key}",
    response=schemas.FigureDetail,
    summary="一个统计数据",
    operation_id="figure",
)
def figure(request: HttpRequest, year: int, key: str, asked: Query[ScopeFilter]) -> HttpResponse:
    """数值、上一年的数值、口径和组成；网址列出所统计的每一条记录。"""
    check_names(request, asked)
    try:
        found, about = measure.from_address(key, str(year), asked.scope)
    except Refusal as refusal:
        raise ApiError(404, refusal.sentence, rule="not_found") from refusal
    frame = Frame()
    value, before = found.count(about), found.count(about.year_before())
    growth = measure.growth_of(value, before)
    now = measure.Figure(key, about, found.label, value, found.unit_word, measure.address(key, about), growth)
    return told(_figure(frame, now, about.label, before) | {
        "year": year,
        "definition": found.definition,
        "parts": [_line(frame, line) for line in measure.breakdown(key, about)],
    })  # fmt: skip


def _line(frame: Frame, line: measure.Line) -> Data:
    return _figure(frame, line.now, line.label, line.before.value)


def _figure(frame: Frame, now: measure.Figure, label: str, before: int) -> Data:
    return {
        "key": now.key,
        "scope": now.scope.name,
        "label": label,
        "value": now.value,
        "before": before,
        "growth": None if now.growth is None else float(now.growth),
        "unit_word": now.unit_word,
        "url": frame.address(now.url),
    }

"""What lists are narrowed by, and the conditions that follow; everything that is asked for must mean something."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from ninja import Schema
from pydantic import Field

from mingzheng.city.models import Unit
from mingzheng.law.doc_numbers import UNPARSED, parse_doc_numbers
from mingzheng.portal.api.answers import ApiError
from mingzheng.portal.api.cursors import LONGEST
from mingzheng.portal.api.entries import themes
from mingzheng.publish.catalogue.models import Column
from mingzheng.publish.catalogue.services import branch_of

FIRST, LAST = date(1949, 10, 1), date(2999, 12, 31)


class Paged(Schema):
    """分页。"""

    cursor: str = Field("", max_length=LONGEST, description="上一页返回的next；第一页不填")
    size: int = Field(50, ge=1, le=200, description="每页条数，1至200")


class OfUnit(Paged):
    unit: str = Field("", max_length=24, description="单位代码")
    below: bool = Field(False, description="是否含该单位的各级下级单位")
    since: date | None = Field(None, ge=FIRST, le=LAST, description="首次发布日期，从这一天起")
    until: date | None = Field(None, ge=FIRST, le=LAST, description="首次发布日期，到这一天止")
    year: int | None = Field(None, ge=1949, le=2999, description="首次发布的年份")


class ItemFilters(OfUnit):
    """信息列表的条件；几个条件同时满足。"""

    column: str = Field("", max_length=24, description="栏目代码，含其下级栏目")
    theme: str = Field("", max_length=8, description="主题分类代码，大类含其小类")
    doc_no: str = Field("", max_length=80, description="文号，怎样书写都可以，如“示政办[2018]18 号”")
    in_force_on: date | None = Field(None, ge=FIRST, le=LAST, description="只要在这一天有效的文件")


def check_names(request: HttpRequest, asked: Schema) -> None:
    """Refuse a parameter that nobody knows: a misspelt filter would silently give everything."""
    for name in request.GET:
        if name not in type(asked).model_fields:
            raise ApiError(
                400, f"没有名为“{name[:40]}”的参数，请对照接口说明核对。", rule="unknown", field=name[:40]
            )


def published(asked: OfUnit) -> Q:
    """The condition on items of unit and time of publication."""
    chosen = of_unit(asked.unit, asked.below)
    if asked.since and asked.until and asked.until < asked.since:
        raise ApiError(
            400, f"until的日期{asked.until}早于since的日期{asked.since}。", rule="invalid", field="until"
        )
    for field, on in (("gte", asked.since), ("lt", asked.until and _day_after(asked.until))):
        if on is not None:
            chosen &= Q(**{f"first_published_at__{field}": _midnight(on)})
    if asked.year:
        year = asked.year
        chosen &= Q(first_published_at__gte=_midnight(date(year, 1, 1)))
        chosen &= Q(first_published_at__lt=_midnight(date(year + 1, 1, 1)))
    return chosen


def of_unit(code: str, below: bool) -> Q:
    if not code:
        return Q()
    unit = unit_of(code)
    if below and unit.parent_id is None:
        return Q()
    return Q(unit__in=Unit.objects.under(unit).order_by()) if below else Q(unit=unit)


def unit_of(code: str, field: str = "unit") -> Unit:
    """The unit with that code; an unknown one is an error, not an empty list."""
    unit = Unit.objects.filter(code=code).first()
    if unit is None:
        raise ApiError(400, f"没有代码为“{code}”的单位，请核对/units。", rule="unknown", field=field)
    return unit


def of_column(code: str) -> Q:
    """Items in the column and everything below it."""
    if not code:
        return Q()
    column = Column.objects.filter(code=code.upper()).first()
    if column is None:
        raise ApiError(400, f"没有代码为“{code}”的栏目，请核对/columns。", rule="unknown", field="column")
    return Q(column__in=branch_of(column.pk))


def of_theme(code: str) -> Q:
    if not code:
        return Q()
    if code not in themes():
        raise ApiError(400, f"没有代码为“{code}”的主题分类，请核对/themes。", rule="unknown", field="theme")
    return Q(theme=code) | Q(theme__startswith=f"{code}.")


def of_number(text: str) -> Q:
    """Items with that document number, alone or among several, in whatever spelling it was asked for."""
    if not text.strip():
        return Q()
    numbers = [each.normal for each in parse_doc_numbers(text) if each.normal and each.status != UNPARSED]
    if not numbers:
        raise ApiError(
            400, f"看不出“{text}”是文号，应类似“示政办〔2018〕18号”。", rule="invalid", field="doc_no"
        )
    number = numbers[0]
    return Q(doc_no=number) | Q(doc_no__startswith=f"{number}、") | Q(doc_no__contains=f"、{number}")


def _midnight(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on, time.min))


def _day_after(on: date) -> date:
    return date.fromordinal(on.toordinal() + 1)


def today_or(on: date | None) -> date:
    return on or timezone.localdate()


Row = Any

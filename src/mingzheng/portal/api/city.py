"""``/units``, ``/columns`` and ``/themes``: who publishes, under which headings, about what."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from mingzheng.city.models import Tier, Unit
from mingzheng.portal import addresses
from mingzheng.portal.api import schemas
from mingzheng.portal.api.answers import ApiError, told
from mingzheng.portal.api.entries import Data, Frame, day, themes
from mingzheng.portal.api.filters import FIRST, LAST, check_names, today_or, unit_of
from mingzheng.publish.catalogue.models import Column
from mingzheng.publish.catalogue.services import CatalogueView, ColumnNode

TIERS: Final = {tier.value: tier.label for tier in Tier}
_FIELDS: Final = (
    "code", "org_code", "name", "short_name", "tier", "parent__code", "is_government", "address", "hours", "phone",
    "email", "active_from", "active_to", "successor__code",
)  # fmt: skip
router = Router(tags=["单位和目录"])


class UnitFilters(Schema):
    on: date | None = Field(
        None, ge=FIRST, le=LAST, description="只要这一天在册的单位；不填为全部，含已撤销的"
    )


@router.get("/units", response=schemas.UnitList, summary="单位名录", operation_id="units")
def units(request: HttpRequest, asked: Query[UnitFilters]) -> HttpResponse:
    """全部单位，上级在前。撤销的单位保留，其信息仍在原处。"""
    check_names(request, asked)
    found = Unit.objects.active(asked.on) if asked.on else Unit.objects.all()
    frame = Frame()
    rows = found.order_by("path").values_list(*_FIELDS, named=True)
    return told({"units": [_unit(frame, row) for row in rows]})


@router.get("/units/{slug:code}", response=schemas.UnitDetail, summary="一个单位", operation_id="unit")
def unit(request: HttpRequest, code: str) -> HttpResponse:
    """单位及其直接下级。"""
    row = Unit.objects.filter(code=code).values_list(*_FIELDS, named=True).first()
    if row is None:
        raise ApiError(404, f"没有代码为“{code[:24]}”的单位，请核对/units。", rule="not_found")
    children = Unit.objects.filter(parent__code=code).order_by("sort", "id").values("code", "name")
    return told(_unit(Frame(), row) | {"children": list(children)})


def _unit(frame: Frame, row: Any) -> Data:
    return {
        **{name: getattr(row, name) for name in ("code", "org_code", "name", "short_name", "tier")},
        "tier_name": TIERS[row.tier],
        "parent": row.parent__code,
        "is_government": row.is_government,
        **{name: getattr(row, name) for name in ("address", "hours", "phone", "email")},
        "active_from": day(row.active_from),
        "active_to": day(row.active_to),
        "successor": row.successor__code,
        "url": frame.address(addresses.unit_path(row.code)),
    }


class ColumnFilters(Schema):
    unit: str = Field("", max_length=24, description="单位代码：该单位的目录；不填为全市标准")
    on: date | None = Field(None, ge=FIRST, le=LAST, description="目录以哪一天为准；不填为今天")


@router.get("/columns", response=schemas.ColumnList, summary="公开目录", operation_id="columns")
def columns(request: HttpRequest, asked: Query[ColumnFilters]) -> HttpResponse:
    """全市标准的栏目，或者一个单位的栏目（含自设的，去掉停用的，用该单位的名称）；上级在前。"""
    check_names(request, asked)
    on = today_or(asked.on)
    if not asked.unit:
        found = Column.objects.valid_on(on).filter(owner=None).select_related("parent", "owner")
        rows = [_column(each, each.name) for each in found.order_by("level", "sort", "code")]
        return told({"on": day(on), "columns": rows})
    named, frame = unit_of(asked.unit), Frame()
    rows = [
        _column(
            node.column,
            node.name,
            frame.address(addresses.list_path(named.code, node.column.slug)),
            above,
            named,
        )
        for node, above in _walked(CatalogueView().tree(named, on), None)
    ]
    return told({"on": day(on), "columns": rows})


def _walked(nodes: list[ColumnNode], above: str | None) -> Iterator[tuple[ColumnNode, str | None]]:
    for node in nodes:
        yield node, above
        yield from _walked(node.children, node.column.code)


def _column(
    column: Column, name: str, url: str | None = None, above: str | None = None, unit: Unit | None = None
) -> Data:
    """A column of the standard, or with ``unit`` as that unit has it."""
    if unit is None:
        above = column.parent.code if column.parent else None
    same = (
        "code", "level", "tiers", "content_requirements", "elements", "five_opens", "column_type", "statutory_item",
        "legal_basis", "time_limit", "update_cycle_days",
    )  # fmt: skip
    return {each: getattr(column, each) for each in same} | {
        "parent": above,
        "name": name,
        "owner": unit.code if unit is not None and column.owner_id else None,
        "active_from": day(column.effective_from),
        "active_to": day(column.effective_to),
        "url": url,
    }


@router.get("/themes", response=schemas.ThemeList, summary="主题分类", operation_id="themes")
def all_themes(request: HttpRequest) -> HttpResponse:
    """信息所用的主题分类代码和名称，大类在其小类之前。"""
    return told({"themes": [{"code": code, "name": name} for code, name in themes().items()]})

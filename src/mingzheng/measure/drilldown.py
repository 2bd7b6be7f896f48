"""The rows behind a figure, as lines of a table that a visitor reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils import timezone

from mingzheng.measure.registry import Measure
from mingzheng.measure.scopes import Scope
from mingzheng.publish.catalogue.models import CatalogueChange
from mingzheng.publish.items.models import Interpretation, Item, Participant

PAGE = 50


@dataclass(frozen=True)
class Cell:
    """One cell; ``item`` names the item that it links to."""

    text: str
    item: Item | None = None


@dataclass(frozen=True)
class RowsPage:
    """One page of the rows behind a figure."""

    head: list[str]
    rows: list[list[Cell]]
    total: int
    number: int
    pages: int


def rows_page(measure: Measure, scope: Scope, number: int) -> RowsPage:
    """Page ``number`` (from 1) of a figure's rows; a number beyond the last page gives the last page."""
    rows = measure.rows(scope)
    total = rows.count()
    number, pages = _place(number, total)
    head, related, order, cells = _SHAPES[rows.model]
    # Ids first: the index alone leads to a late page, where whole rows would be read and thrown away.
    ids = rows.order_by(*order).values_list("pk", flat=True)[(number - 1) * PAGE : number * PAGE]
    chosen = rows.model._default_manager.filter(pk__in=list(ids)).select_related(*related).order_by(*order)
    return RowsPage(head, [cells(row) for row in chosen], total, number, pages)


def page_of_ids(model: type[Model], ids: Sequence[int], number: int) -> RowsPage:
    """One page of the rows with these ids (ascending), the highest first."""
    number, pages = _place(number, len(ids))
    head, related, _, cells = _SHAPES[model]
    chosen = list(reversed(ids))[(number - 1) * PAGE : number * PAGE]
    rows = model._default_manager.filter(pk__in=chosen).select_related(*related).order_by("-pk")
    return RowsPage(head, [cells(row) for row in rows], len(ids), number, pages)


def _place(number: int, total: int) -> tuple[int, int]:
    """The page to show, and how many there are."""
    pages = max(1, -(-total // PAGE))
    return min(max(1, number), pages), pages


def _day(item: Item) -> str:
    return f"{timezone.localdate(item.first_published_at)}"


def _item(item: Item) -> list[Cell]:
    return [
        Cell(item.title, item),
        Cell(item.unit.name),
        Cell(item.column.name),
        Cell(item.index_no),
        Cell(_day(item)),
    ]


def _interpretation(row: Interpretation) -> list[Cell]:
    document = Cell(row.document.title, row.document) if row.document else Cell(row.document_title or "—")
    return [
        Cell(row.item.title, row.item), document, Cell(row.get_level_display()), Cell(row.get_form_display()),
        Cell(row.item.unit.name), Cell(_day(row.item)),
    ]  # fmt: skip


def _participant(row: Participant) -> list[Cell]:
    return [
        Cell(row.name),
        Cell(row.title),
        Cell(row.unit_name),
        Cell(row.item.title, row.item),
        Cell(_day(row.item)),
    ]


def _change(row: CatalogueChange) -> list[Cell]:
    return [
        Cell(f"{row.on}"), Cell(row.get_kind_display()), Cell(row.column.name), Cell(f"{row.level}级"),
        Cell("、".join(row.column.tiers)), Cell(row.reason),
    ]  # fmt: skip


_Shape = tuple[list[str], tuple[str, ...], tuple[str, ...], Callable[[Any], list[Cell]]]
# Model -> head, relations to read along, order, cells.
_SHAPES: dict[type[Model], _Shape] = {
    Item: (
        ["名称", "发布机构", "栏目", "索引号", "发布日期"],
        ("unit", "column"), ("-first_published_at", "-id"), _item,
    ),
    Interpretation: (
        ["解读", "所解读的文件", "级别", "形式", "发布机构", "发布日期"],
        ("item__unit", "document"), ("-item__first_published_at", "-id"), _interpretation,
    ),
    Participant: (
        ["姓名", "职务", "单位", "所在信息", "发布日期"],
        ("item",), ("-item__first_published_at", "id"), _participant,
    ),
    CatalogueChange: (
        ["日期", "类别", "栏目", "级次", "适用层级", "理由"],
        ("column",), ("on", "id"), _change,
    ),
}  # fmt: skip

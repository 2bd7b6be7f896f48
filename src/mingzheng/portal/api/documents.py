"""``/documents`` and ``/interpretations``: documents with their validity on a day and their chain, and what explains them."""

from __future__ import annotations

from datetime import date
from typing import Any, Final, Literal

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from mingzheng.portal.api import schemas
from mingzheng.portal.api.answers import ApiError, told
from mingzheng.portal.api.cursors import of_moment, older_than, sealed
from mingzheng.portal.api.entries import ITEM_FIELDS, Data, Frame, day
from mingzheng.portal.api.filters import (
    FIRST,
    LAST,
    ItemFilters,
    OfUnit,
    check_names,
    of_column,
    of_number,
    of_theme,
    published,
    today_or,
)
from mingzheng.portal.api.items import LARGEST_ID, interpretation, linked, public_row, recorded
from mingzheng.publish.documents.models import DocumentRelation
from mingzheng.publish.documents.services import (
    Standing,
    Validity,
    are_documents,
    end_of_term,
    is_document,
    normative_columns,
    with_validity,
)
from mingzheng.publish.items.models import Interpretation, Item, is_public

DOCUMENTS, INTERPRETATIONS = "documents", "interpretations"
MOST_LINKS: Final = 200
"""Documents of one chain that are shown; nobody amends one more often."""
router = Router(tags=["文件和解读"])


class DocumentFilters(ItemFilters):
    """文件列表的条件。"""

    on: date | None = Field(None, ge=FIRST, le=LAST, description="有效性以哪一天为准；不填为今天")
    validity: Literal["", "valid", "amended", "expired", "repealed", "pending"] = Field(
        "", description="只要这种有效性的文件"
    )
    normative: bool = Field(False, description="只要行政规范性文件")


class OnDay(Schema):
    on: date | None = Field(None, ge=FIRST, le=LAST, description="有效性以哪一天为准；不填为今天")


@router.get("/documents", response=schemas.DocumentList, summary="文件列表", operation_id="documents")
def documents(request: HttpRequest, asked: Query[DocumentFilters]) -> HttpResponse:
    """有文号、属于规范性文件栏目或者写明施行、失效日期的公开信息，按首次发布时间从新到旧，附所问之日的有效性。"""
    check_names(request, asked)
    on, normative = today_or(asked.on), normative_columns()
    chosen = published(asked) & of_column(asked.column) & of_theme(asked.theme) & of_number(asked.doc_no)
    kind = Q(column__in=normative) if asked.normative else are_documents()
    found = with_validity(
        Item.objects.public().filter(chosen & kind & older_than(DOCUMENTS, asked.cursor)), on
    )
    if asked.validity:
        found = found.filter(validity=asked.validity)
    if asked.in_force_on:
        holding = with_validity(Item.objects.public(), asked.in_force_on)
        found = found.filter(pk__in=holding.filter(validity__in=("valid", "amended")).values("pk"))
    rows = list(
        found.order_by("-first_published_at", "-id")
        .values_list(*ITEM_FIELDS, "validity", named=True)[: asked.size + 1]
    )  # fmt: skip
    shown, frame = rows[: asked.size], Frame()
    last = shown[-1] if len(rows) > asked.size else None
    return told({
        "on": day(on),
        "documents": [_document(frame, row, Validity(row.validity), normative) for row in shown],
        "next": last and sealed(DOCUMENTS, of_moment(last.first_published_at), last.id),
    })  # fmt: skip


def _document(frame: Frame, row: Any, validity: Validity, normative: frozenset[int]) -> Data:
    return frame.item(row) | {
        "normative": row.column_id in normative,
        "validity": validity.value,
        "validity_name": validity.label,
        "ends_on": day(end_of_term(row, normative)),
    }


@router.get(
    "/documents/{int:item_id}", response=schemas.DocumentDetail, summary="一件文件的有效性和沿革",
    operation_id="document",
)  # fmt: skip
def document(request: HttpRequest, item_id: int, asked: Query[OnDay]) -> HttpResponse:
    """所问之日是否有效，谁修改、代替、废止了它，以及整个沿革。正文见/items。"""
    check_names(request, asked)
    row, on, normative = public_row(item_id, *ITEM_FIELDS), today_or(asked.on), normative_columns()
    if not is_document(row, normative):
        raise ApiError(404, f"信息{row.index_no}不是文件，请在/items中查询。", rule="not_found")
    frame, standing = Frame(), Standing(normative, pk=item_id)
    chain, members = chain_of(item_id)
    links = frame.links([*linked(standing, item_id), *members])
    return told(_document(frame, row, standing.validity(row, on), normative) | {
        "on": day(on),
        **recorded(standing, item_id, links),
        "chain": [
            {"kind": kind, "on": day(at), "acting": acting, "other": other} for acting, other, kind, at in chain
        ],
        "chain_documents": [links[pk] for pk in sorted(members)],
    })  # fmt: skip


Step = tuple[int, int, str, date]


def chain_of(item_id: int) -> tuple[list[Step], set[int]]:
    """Every standing relation that leads to or from a document through public ones, by day; and their documents."""
    standing = (
        DocumentRelation.objects.standing()
        .filter(is_public("item__"), is_public("other__"))
        .order_by("on", "pk")
    )
    members, edge, steps = {item_id}, {item_id}, dict[int, Step]()
    while edge and len(members) < MOST_LINKS:
        rows = standing.filter(Q(item__in=edge) | Q(other__in=edge))
        found = {pk: (acting, other, kind, on) for pk, acting, other, kind, on in
                 rows.values_list("pk", "item_id", "other_id", "kind", "on")}  # fmt: skip
        steps |= found
        edge = {pk for acting, other, *_ in found.values() for pk in (acting, other)} - members
        members |= edge
    return sorted(steps.values(), key=lambda step: (step[3], step[0], step[1])), members


class InterpretationFilters(OfUnit):
    """解读列表的条件。"""

    document: int | None = Field(None, ge=1, le=LARGEST_ID, description="所解读文件的编号")
    level: Literal["", "own", "superior"] = Field("", description="级别：own本级，superior上级")
    form: schemas.Form = Field("", description="形式代码")


@router.get(
    "/interpretations",
    response=schemas.InterpretationList,
    summary="政策解读列表",
    operation_id="interpretations",
)
def interpretations(request: HttpRequest, asked: Query[InterpretationFilters]) -> HttpResponse:
    """按首次发布时间从新到旧，各附所解读的文件。"""
    check_names(request, asked)
    told_of = {name: getattr(asked, name) for name in ("document", "level", "form") if getattr(asked, name)}
    chosen = Interpretation.objects.filter(**told_of).values("item")
    found = Item.objects.public().filter(
        published(asked) & older_than(INTERPRETATIONS, asked.cursor), pk__in=chosen
    )
    rows = list(
        found.order_by("-first_published_at", "-id").values_list(*ITEM_FIELDS, named=True)[: asked.size + 1]
    )
    shown, frame = rows[: asked.size], Frame()
    by_item = {
        each.item_id: each for each in Interpretation.objects.filter(item__in=[row.id for row in shown])
    }
    links = frame.links(each.document_id for each in by_item.values() if each.document_id)
    last = shown[-1] if len(rows) > asked.size else None
    return told({
        "interpretations": [
            {"item": frame.item(row), **interpretation(by_item[row.id], links)} for row in shown if row.id in by_item
        ],
        "next": last and sealed(INTERPRETATIONS, of_moment(last.first_published_at), last.id),
    })  # fmt: skip

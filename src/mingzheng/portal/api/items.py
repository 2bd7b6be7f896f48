"""``/items``: public information, listed without bodies, each with everything that its page shows."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from mingzheng.portal.api import schemas
from mingzheng.portal.api.answers import ApiError, told
from mingzheng.portal.api.cursors import of_moment, older_than, sealed
from mingzheng.portal.api.entries import ITEM_FIELDS, Data, Frame, day, newest
from mingzheng.portal.api.filters import ItemFilters, check_names, of_column, of_number, of_theme, published
from mingzheng.portal.families.items import FORMS, link_target
from mingzheng.publish.documents.services import Standing, Validity, are_documents, with_validity
from mingzheng.publish.items.models import Attachment, Interpretation, Item
from mingzheng.publish.placements.models import Placement

KIND = "items"
LARGEST_ID = 2**63 - 1
_HOLDING = (Validity.VALID, Validity.AMENDED)
router = Router(tags=["公开信息"])


@router.get("/items", response=schemas.ItemList, summary="公开信息列表", operation_id="items")
def items(request: HttpRequest, asked: Query[ItemFilters]) -> HttpResponse:
    """按首次发布时间从新到旧。只有主动公开、现在仍公开的信息。"""
    check_names(request, asked)
    chosen = published(asked) & of_column(asked.column) & of_theme(asked.theme) & of_number(asked.doc_no)
    found = Item.objects.public().filter(chosen & older_than(KIND, asked.cursor))
    if asked.in_force_on:
        holding = with_validity(found.filter(are_documents()), asked.in_force_on)
        rows, last = newest(holding.filter(validity__in=_HOLDING), asked.size)
    else:
        rows, last = newest(found, asked.size)
    frame = Frame()
    return told({"items": [frame.item(row) for row in rows], "next": after(KIND, last)})


def after(kind: str, last: Any) -> str | None:
    """The cursor behind the last row of a page; None when nothing follows."""
    return last and sealed(kind, of_moment(last.first_published_at), last.id)


@router.get("/items/{int:item_id}", response=schemas.ItemDetail, summary="一条公开信息", operation_id="item")
def item(request: HttpRequest, item_id: int) -> HttpResponse:
    """全部内容：正文、著录项、附件、文件关系和显示位置。"""
    row = public_row(item_id, *ITEM_FIELDS, "body", "content_source", "source_url")
    frame = Frame()
    standing = Standing((), pk=item_id)
    told_of = Interpretation.objects.filter(item=item_id).first()
    links = frame.links(
        [*linked(standing, item_id), *([told_of.document_id] if told_of and told_of.document_id else [])]
    )
    return told(frame.item(row) | {
        "body": row.body,
        "content_source": row.content_source,
        "source_url": link_target(row.source_url),
        "attachments": _attachments(frame, item_id),
        "interprets": interpretation(told_of, links) if told_of else None,
        **recorded(standing, item_id, links),
        "placements": _placements(frame, item_id),
    })  # fmt: skip


def public_row(item_id: int, *fields: str) -> Any:
    """The fields of a public item; whatever is not public is not there."""
    found = Item.objects.public().filter(pk=item_id) if item_id <= LARGEST_ID else Item.objects.none()
    row = found.values_list(*fields, named=True).first()
    if row is None:
        raise ApiError(404, "没有这条公开信息，或者它已经撤回。", rule="not_found")
    return row


def linked(standing: Standing, item_id: int) -> list[int]:
    """The items at the other end of a document's relations."""
    return [each.id for each in (*standing.acts.get(item_id, ()), *standing.undergoes.get(item_id, ()))]


def recorded(standing: Standing, item_id: int, links: dict[int, Data]) -> Data:
    """What is recorded about a document; of another that is not public, no more than that it is there."""
    sides = (("acts", standing.acts), ("undergoes", standing.undergoes))
    return {
        "relations": [
            {"kind": each.kind, "side": side, "on": day(each.on), "document": links.get(each.id)}
            for side, found in sides
            for each in found.get(item_id, ())
        ],
        "filings": [
            {"filed_on": day(each.filed_on), "number": each.number, "authority": each.authority}
            for each in standing.filings.get(item_id, ())
        ],
        "cleanups": [
            {"year": each.year, "result": each.result, "on": day(each.on), "basis": each.basis}
            for each in standing.cleanups.get(item_id, ())
        ],
    }


def interpretation(each: Interpretation, links: dict[int, Data]) -> Data:
    """What an interpretation says about itself. The kept name of a document of ours may be that of a withdrawn one."""
    ours = each.document_id is not None
    return {
        "level": each.level,
        "form": each.form,
        "form_name": FORMS[each.form],
        "interpreter": each.interpreter,
        "document": links.get(each.document_id or 0),
        "document_title": "" if ours else each.document_title,
        "document_no": "" if ours else each.document_no,
    }


def _attachments(frame: Frame, item_id: int) -> list[Data]:
    found = Attachment.objects.filter(item=item_id).order_by("pk").values_list("name", "url", "is_inline")
    return [
        {"name": name, "url": frame.address(link_target(url)), "is_image": inline}
        for name, url, inline in found
    ]


def _placements(frame: Frame, item_id: int) -> list[Data]:
    """The further places, with their days: those to come as well, so that no night changes the answer."""
    found = Placement.objects.accepted().filter(Q(item=item_id), is_home=False).order_by("pk")
    fields = (
        "unit_id",
        "unit__code",
        "unit__name",
        "column_id",
        "column__code",
        "column__name",
        "starts_on",
        "ends_on",
    )
    return [
        {
            "unit": {"code": row.unit__code, "name": row.unit__name},
            "column": frame.column(row.unit_id, row.column_id, row.column__code, row.column__name),
            "starts_on": day(row.starts_on),
            "ends_on": day(row.ends_on),
        }
        for row in found.values_list(*fields, named=True)
    ]

"""``/changes``: what happened to public information, in the order in which it was committed, without gaps or repeats.

The feed is read from the audit chain. Every writer holds the lock of the chain's head from the moment it draws its
number until its transaction ends, so numbers become visible in their order: who has read up to a number has read
everything below it, on PostgreSQL as well. An entry says what happened; what it happened to is shown as it is now,
so that nothing withdrawn since is ever given out, and whoever reads on ends with the present state.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from mingzheng.city.models import AuditEntry
from mingzheng.portal.api import schemas
from mingzheng.portal.api.answers import ApiError, told
from mingzheng.portal.api.cursors import opened, sealed
from mingzheng.portal.api.entries import ITEM_FIELDS, Frame, minute
from mingzheng.portal.api.filters import Paged, check_names
from mingzheng.publish.documents.models import DocumentRelation
from mingzheng.publish.items.models import Interpretation, Item, Openness

CURSOR: Final = "changes"
IMPORTED: Final = "items.imported"
KINDS: Final = {
    "item.published": "published", IMPORTED: "published", "item.amended": "amended", "item.anonymised": "amended",
    "item.moved": "moved", "item.withdrawn": "withdrawn", "item.restored": "restored", "item.erased": "erased",
    "document.related": "related", "document.filed": "related", "document.cleaned": "related",
    "document.retracted": "related", "placement.made": "placed", "placement.accepted": "placed",
    "placement.ended": "placed", "unit.created": "unit", "unit.changed": "unit", "unit.retired": "unit",
    "catalogue.loaded": "catalogue", "catalogue.changed": "catalogue", "column.added": "catalogue",
    "column.adjusted": "catalogue", "column.adjusted_for_unit": "catalogue", "column.adjustment_ended": "catalogue",
    "column.closed": "catalogue",
}  # fmt: skip
"""By the verb of the audit chain: the kind of change that the public is told."""
_OF_NO_ITEM: Final = frozenset({"unit", "catalogue"})
router = Router(tags=["变动"])


class Position(NamedTuple):
    """How far a reader has come: all entries before ``entry``, and of that one the items up to ``item``."""

    entry: int
    item: int


class Change(NamedTuple):
    """One change; ``item_id`` is None for units and the catalogue. ``after`` is where the next one begins."""

    at: datetime
    kind: str
    item_id: int | None
    after: Position


@router.get("/changes", response=schemas.ChangeList, summary="变动流", operation_id="changes")
def changes(request: HttpRequest, asked: Query[Paged]) -> HttpResponse:
    """按发生的先后给出全部变动，不漏、不重。不带游标从头读起，之后每次带上返回的next，即可保持一份完整的副本。"""
    check_names(request, asked)
    start = Position(*opened(CURSOR, asked.cursor, 2)) if asked.cursor else Position(0, 0)
    newest = AuditEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    if start.entry > newest + 1:
        raise ApiError(400, "游标晚于现有的全部变动，副本须从头重新读取。", rule="cursor", field="cursor")
    found = list(_read(start, newest, asked.size + 1))
    page, more = found[: asked.size], len(found) > asked.size
    end = page[-1].after if more else Position(newest + 1, 0)
    return told({"changes": _shown(page), "next": sealed(CURSOR, *end), "more": more})


def _read(start: Position, newest: int, most: int) -> Iterator[Change]:
    """The changes from a position up to the newest entry, at most so many; those of non-public information left out."""
    position, left = start, most
    while left > 0:
        entries = AuditEntry.objects.filter(pk__gte=position.entry, pk__lte=newest, verb__in=KINDS).order_by(
            "pk"
        )
        some = list(entries.values_list("pk", "at", "verb", "subject", "payload")[:most])
        found = [change for entry in some for change in _of_entry(entry, position, most)]
        open_ids = _once_open({change.item_id for change in found if change.item_id is not None})
        for change in found:
            if left > 0 and (change.item_id is None or change.item_id in open_ids):
                left -= 1
                yield change
        if len(some) < most and not (found and found[-1].after.item):
            return
        position = found[-1].after if found else Position(some[-1][0] + 1, 0)


def _of_entry(entry: tuple[int, datetime, str, str, Any], position: Position, most: int) -> Iterator[Change]:
    pk, at, verb, subject, payload = entry
    kind, done = KINDS[verb], Position(pk + 1, 0)
    if verb == IMPORTED:
        first = max(payload["first_id"], position.item + 1 if position.entry == pk else 0)
        ids = (
            Item.objects.filter(pk__gte=first, pk__lte=payload["last_id"])
            .order_by("pk")
            .values_list("pk", flat=True)
        )
        for item_id in ids[:most]:
            yield Change(at, kind, item_id, done if item_id == payload["last_id"] else Position(pk, item_id))
    elif kind in _OF_NO_ITEM:
        yield Change(at, kind, None, done)
    elif subject.startswith("item:"):
        yield Change(at, kind, int(subject.removeprefix("item:")), done)


def _once_open(ids: Collection[int]) -> set[int]:
    """Those that are or were open to everybody; how open an item is never changes."""
    return set(Item.objects.filter(pk__in=ids, openness=Openness.PROACTIVE).values_list("pk", flat=True))


def _shown(page: list[Change]) -> list[dict[str, Any]]:
    ids, frame = {change.item_id for change in page if change.item_id is not None}, Frame()
    rows = Item.objects.public().filter(pk__in=ids).values_list(*ITEM_FIELDS, named=True)
    public = {row.id: frame.item(row) for row in rows}
    mentions = _mentions(ids)
    return [
        {
            "at": minute(change.at),
            "kind": change.kind,
            "id": change.item_id,
            "public": change.item_id is None or change.item_id in public,
            "item": public.get(change.item_id or 0),
            "also": sorted(mentions.get(change.item_id or 0, ())),
        }
        for change in page
    ]


def _mentions(ids: Collection[int]) -> dict[int, set[int]]:
    """For each item the other public ones whose answer speaks of it; those of retracted relations as well."""
    pairs: list[tuple[int, int]] = []
    ends = DocumentRelation.objects.filter(Q(item__in=ids) | Q(other__in=ids)).order_by()
    for acting, other in ends.values_list("item_id", "other_id"):
        pairs += [(acting, other), (other, acting)]
    pairs += Interpretation.objects.filter(document__in=ids).order_by().values_list("document_id", "item_id")
    if not pairs:
        return {}
    public = set(Item.objects.public().filter(pk__in={far for _, far in pairs}).values_list("pk", flat=True))
    found: dict[int, set[int]] = defaultdict(set)
    for near, far in pairs:
        if near in ids and far in public:
            found[near].add(far)
    return found

"""An item as it stands in lists, and the items that lists show beside their own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any, Final, NamedTuple

from mingzheng.portal import addresses
from mingzheng.publish.documents.services import Standing, Validity, is_document
from mingzheng.publish.placements.models import Placement

ENTRY_FIELDS: Final = (
    "id", "column_id", "first_published_at", "title", "index_no", "doc_no", "issuer", "is_statement", "written_on",
    "effective_on", "expires_on", "repealed_on", "amended_at",
)  # fmt: skip


class Entry(NamedTuple):
    """An item as it stands in several lists. Entries sort by time of first publication, then by id."""

    first_published_at: datetime
    id: int
    column_id: int
    line: dict[str, Any]
    """What a list shows of it."""
    changed_at: datetime
    """When it was amended last, or published."""

    @classmethod
    def of(cls, row: Any, validity: Validity | None) -> Entry:
        """From any row of the database that has the fields of an entry; a document that simply holds needs no mark."""
        minute = addresses.city_minute(row.first_published_at)
        line = {
            "url": addresses.item_path_of(row.id, minute),
            "title": row.title,
            "index_no": row.index_no,
            "doc_no": row.doc_no,
            "issuer": row.issuer,
            "date": minute[:10],
            "is_statement": row.is_statement,
            "mark": "" if validity in (None, Validity.VALID) else validity.label,
        }
        changed_at = row.amended_at or row.first_published_at
        return cls(row.first_published_at, row.id, row.column_id, line, changed_at)


class Placed(NamedTuple):
    """An item that a unit shows in a column which is not the item's own."""

    column_id: int
    unit_id: int
    """Where the item is at home."""
    is_pinned: bool
    entry: Entry


def read_placed(on: date, normative: Collection[int]) -> dict[int, list[Placed]]:
    """All placements in force on that day, by the unit in whose lists they stand; three queries for the city."""
    found = Placement.objects.in_force(on).order_by("pk")
    item = [f"item__{name}" for name in ENTRY_FIELDS]
    rows = list(found.values_list("unit_id", "column_id", "item__unit_id", "pinned_until", *item))
    if not rows:
        return {}
    standing = Standing(normative, placements__isnull=False)
    placed: dict[int, list[Placed]] = defaultdict(list)
    for unit_id, column_id, home_id, pinned_until, *fields in rows:
        row: Any = SimpleNamespace(**dict(zip(ENTRY_FIELDS, fields, strict=True)))
        validity = standing.validity(row, on) if is_document(row, normative) else None
        is_pinned = pinned_until is not None and pinned_until >= on
        placed[unit_id].append(Placed(column_id, home_id, is_pinned, Entry.of(row, validity)))
    return placed

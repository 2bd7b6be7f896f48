"""Items as the interface shows them: rows of the database as plain values, no object made for any of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils import timezone

from mingzheng.portal import addresses
from mingzheng.portal.site import portal_face
from mingzheng.publish.catalogue.models import UnitColumn
from mingzheng.publish.catalogue.services import theme_names
from mingzheng.publish.items.models import Item

ROOT: Final = "/api/v1"
ITEM_FIELDS: Final = (
    "id", "index_no", "title", "unit__code", "unit__name", "column__code", "column__name", "unit_id", "column_id",
    "doc_no", "issuer", "theme", "genre", "audience", "keywords", "abstract", "written_on", "formed_on",
    "effective_on", "expires_on", "repealed_on", "is_statement", "first_published_at", "amended_at",
)  # fmt: skip
Data = dict[str, Any]


@lru_cache(maxsize=1)
def themes() -> dict[str, str]:
    """The names of the themes by code, as the data files of this version have them."""
    return theme_names()


class Frame:
    """What the rows of one answer share: the address of the portal, under which every page can be read, and the names
    that units give to columns today."""

    @cached_property
    def _base(self) -> str:
        return portal_face().address("")

    def address(self, path: str) -> str:
        """The full public address of a page or file; one that is elsewhere stays as it is."""
        return f"{self._base}{path}" if path.startswith("/") else path

    @cached_property
    def _renamed(self) -> dict[tuple[int, int], str]:
        today = timezone.localdate()
        found = UnitColumn.objects.filter(
            Q(effective_to=None) | Q(effective_to__gt=today),
            kind=UnitColumn.Kind.RENAME,
            effective_from__lte=today,
        )
        return {
            (unit, column): name for unit, column, name in found.values_list("unit_id", "column_id", "name")
        }

    def column(self, unit_id: int, column_id: int, code: str, name: str) -> Data:
        """A column with the name that the unit gives it."""
        return {"code": code, "name": self._renamed.get((unit_id, column_id), name)}

    def item(self, row: Any) -> Data:
        """One row of ``ITEM_FIELDS`` as it stands in lists."""
        return {
            "id": row.id,
            "index_no": row.index_no,
            "title": row.title,
            "unit": {"code": row.unit__code, "name": row.unit__name},
            "column": self.column(row.unit_id, row.column_id, row.column__code, row.column__name),
            "doc_no": row.doc_no,
            "issuer": row.issuer,
            "theme": {"code": row.theme, "name": themes().get(row.theme, row.theme)} if row.theme else None,
            "genre": row.genre,
            "audience": row.audience,
            "keywords": row.keywords,
            "abstract": row.abstract,
            "written_on": day(row.written_on),
            "formed_on": day(row.formed_on),
            "effective_on": day(row.effective_on),
            "expires_on": day(row.expires_on),
            "is_statement": row.is_statement,
            "published_at": minute(row.first_published_at),
            "amended_at": minute(row.amended_at),
            "url": self.address(addresses.item_path(row.id, row.first_published_at)),
            "api": f"{ROOT}/items/{row.id}",
        }

    def link(self, pk: int, title: str, doc_no: str, at: datetime) -> Data:
        """A pointer to a public item. Whoever calls has made sure that it is public."""
        url = self.address(addresses.item_path(pk, at))
        return {"id": pk, "title": title, "doc_no": doc_no, "url": url, "api": f"{ROOT}/items/{pk}"}

    def links(self, ids: Iterable[int]) -> dict[int, Data]:
        """Pointers to those of the items that are public."""
        wanted = set(ids)
        if not wanted:
            return {}
        rows = Item.objects.public().filter(pk__in=wanted)
        told = rows.values_list("id", "title", "doc_no", "first_published_at")
        return {pk: self.link(pk, title, doc_no, at) for pk, title, doc_no, at in told}


def day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def minute(value: datetime | None) -> str | None:
    """A moment to the second, in the city's time with its offset."""
    return None if value is None else value.astimezone(addresses.CITY_TIME).isoformat(timespec="seconds")


def newest(items: QuerySet[Item], size: int) -> tuple[Sequence[Any], Any]:
    """The first ``size`` rows of a list, the newest first, and the last of them if more follow."""
    rows = items.order_by("-first_published_at", "-id").values_list(*ITEM_FIELDS, named=True)[: size + 1]
    found = list(rows)
    return found[:size], found[size - 1] if len(found) > size else None

"""What the screens of documents show: facts gathered for the templates, nothing decided."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from mingzheng.city.permissions import Access
from mingzheng.office.manuscripts.screens import minute
from mingzheng.publish.documents.models import CleanupResult, DocumentRelation, Filing
from mingzheng.publish.documents.services import (
    Standing,
    Validity,
    is_document,
    normative_columns,
    validity_rule,
)
from mingzheng.publish.items.models import Item

LOOKS = {
    Validity.VALID: "fine", Validity.AMENDED: "soon", Validity.PENDING: "soon", Validity.EXPIRED: "late",
    Validity.REPEALED: "late",
}  # fmt: skip
Row = dict[str, Any]


def label(validity: Validity) -> dict[str, str]:
    """The validity as a coloured label."""
    return {"look": LOOKS[validity], "label": validity.label}


def rows(items: list[Any]) -> list[Row]:
    """Lines of the list, with what is registered about each."""
    pks = [item.pk for item in items]
    filed = set(Filing.objects.standing().filter(item__in=pks).values_list("item_id", flat=True))
    cleaned: dict[int, CleanupResult] = {}
    for result in CleanupResult.objects.standing().filter(item__in=pks):
        cleaned[result.item_id] = result
    standing = Standing(normative_columns(), pk=0)
    return [
        {
            "item": item,
            "validity": label(Validity(item.validity)),
            "ends_on": standing.end_of_term(item),
            "is_stated": item.expires_on is not None,
            "filed": item.pk in filed,
            "cleaned": cleaned.get(item.pk),
        }
        for item in items
    ]


def totals(access: Access, verb: str) -> Row:
    """How much of it is registered, over all the person's units."""
    reach = access.where(verb, "item__unit")
    results = (
        CleanupResult.objects.standing().filter(reach).order_by().values_list("result").annotate(Count("pk"))
    )
    counts = dict(results)
    return {
        "filings": Filing.objects.standing().filter(reach).count(),
        "cleanups": [(name, counts.get(code, 0)) for code, name in CleanupResult.Result.choices],
    }


def document(access: Access, item: Item) -> Row:
    """One document with everything that was registered about it, what was retracted as well."""
    standing = Standing(pk=item.pk)
    relations = DocumentRelation.objects.filter(Q(item=item) | Q(other=item))
    found = relations.select_related("item__unit", "other__unit", "actor", "retraction__actor")
    may = access.may("item.amend", item.unit)
    return {
        "item": item,
        "is_document": is_document(item, standing.normative),
        "validity": label(standing.validity(item, timezone.localdate())),
        "ends_on": standing.end_of_term(item),
        "rule": validity_rule(),
        "relations": [_relation(each, item, may) for each in found],
        "filings": [_fact(each, may) for each in _facts(item.filings)],
        "cleanups": [_fact(each, may) for each in _facts(item.cleanup_results)],
        "may": may and item.status == "published",
    }


def _facts(found: Any) -> Any:
    return found.select_related("actor", "retraction__actor")


def _relation(each: DocumentRelation, item: Item, may: bool) -> Row:
    own = each.item_id == item.pk
    said = f"本文件{each.get_kind_display()}" if own else f"本文件被{each.get_kind_display()}"
    return _fact(each, may and own) | {"said": said, "far": each.other if own else each.item}


def _fact(each: Any, may: bool) -> Row:
    retraction = getattr(each, "retraction", None)
    return {
        "fact": each,
        "at": minute(each.at),
        "retraction": retraction,
        "may_retract": may and retraction is None,
    }

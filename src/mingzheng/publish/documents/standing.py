"""What is recorded about some documents, read at once: for the pages of one unit, or for one screen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from typing import Any, NamedTuple

from mingzheng.publish.documents.models import CleanupResult, DocumentRelation, Filing
from mingzheng.publish.documents.validity import Dated, Validity, end_of_term, normative_columns, verdict
from mingzheng.publish.items.models import Item, is_public


class Counterpart(NamedTuple):
    """The other end of a relation. ``public`` tells whether anybody may know more than that it is there."""

    relation: int
    kind: str
    on: date
    id: int
    title: str
    doc_no: str
    first_published_at: datetime
    public: bool


class Standing:
    """Relations, filings and clean-up results of the chosen items; ``chosen`` is a condition on items, with a path."""

    def __init__(self, normative: Collection[int] | None = None, **chosen: Any) -> None:
        self.normative = normative_columns() if normative is None else normative
        self.acts: dict[int, list[Counterpart]] = defaultdict(list)
        self.undergoes: dict[int, list[Counterpart]] = defaultdict(list)
        self.filings: dict[int, list[Filing]] = defaultdict(list)
        self.cleanups: dict[int, list[CleanupResult]] = defaultdict(list)
        _read_relations(self.acts, "item", "other", chosen)
        _read_relations(self.undergoes, "other", "item", chosen)
        below = {f"item__{name}": value for name, value in chosen.items()}
        for filing in Filing.objects.standing().filter(**below):
            self.filings[filing.item_id].append(filing)
        for result in CleanupResult.objects.standing().filter(**below):
            self.cleanups[result.item_id].append(result)

    def validity(self, row: Dated, on: date) -> Validity:
        """The validity of one of the chosen documents on a day."""
        relations = [(each.kind, each.on) for each in self.undergoes.get(row.id, ())]
        cleanups = [(each.result, each.on) for each in self.cleanups.get(row.id, ())]
        return verdict(row, on, self.normative, relations, cleanups)

    def end_of_term(self, row: Dated) -> date | None:
        return end_of_term(row, self.normative)


def _read_relations(found: dict[int, list[Counterpart]], own: str, far: str, chosen: dict[str, Any]) -> None:
    below = {f"{own}__{name}": value for name, value in chosen.items()}
    relations = DocumentRelation.objects.standing().filter(**below)
    rows = list(relations.values_list(
        f"{own}_id", "id", "kind", "on", f"{far}_id", f"{far}__title", f"{far}__doc_no", f"{far}__first_published_at",
    ))  # fmt: skip
    if not rows:
        return
    public = set(relations.filter(is_public(f"{far}__")).values_list("id", flat=True))
    for own_id, pk, *told in rows:
        found[own_id].append(Counterpart._make([pk, *told, pk in public]))


def validity(item: Item, on: date) -> Validity:
    """The validity of one document on a day."""
    return Standing(pk=item.pk).validity(item, on)

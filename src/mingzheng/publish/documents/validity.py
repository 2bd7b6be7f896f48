"""Whether a document holds on a day (有效性): computed from its dates and from what others did to it.

The rule stands here twice, for one document in memory and for a set in the database; a test holds them equal.
A document that states no end holds five years (``data/validity.yaml``) if it is a normative one.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Any, Final, Protocol

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, TextChoices, Value, When
from django.utils import timezone

from mingzheng.publish.catalogue.services import branches
from mingzheng.publish.documents.models import CleanupResult, DocumentRelation
from mingzheng.publish.documents.rules import validity_rule
from mingzheng.publish.items.models import Item

NORMATIVE: Final = ("normative_document",)
ENDING: Final = (DocumentRelation.Kind.REPLACES, DocumentRelation.Kind.REPEALS)


class Validity(TextChoices):
    VALID = "valid", "有效"
    AMENDED = "amended", "已修改"
    EXPIRED = "expired", "失效"
    REPEALED = "repealed", "废止"
    PENDING = "pending", "尚未施行"


class Dated(Protocol):
    """An item, or a row of the database with its dates."""

    @property
    def id(self) -> int: ...
    @property
    def column_id(self) -> int: ...
    @property
    def doc_no(self) -> str: ...
    @property
    def first_published_at(self) -> datetime: ...
    @property
    def written_on(self) -> date | None: ...
    @property
    def effective_on(self) -> date | None: ...
    @property
    def expires_on(self) -> date | None: ...
    @property
    def repealed_on(self) -> date | None: ...


def normative_columns() -> frozenset[int]:
    """The columns whose items are normative documents (行政规范性文件)."""
    return frozenset(branches(NORMATIVE))


def normative_documents() -> QuerySet[Item]:
    """The public normative documents of the city."""
    return Item.objects.public().filter(column__in=normative_columns())


def is_document(row: Dated, normative: Collection[int]) -> bool:
    """Whether the item is a document that can hold or end: it has a number, an own end, or stands among such."""
    dates = (row.effective_on, row.expires_on, row.repealed_on)
    return bool(row.doc_no) or row.column_id in normative or any(dates)


def are_documents() -> Q:
    """The same as a condition on items."""
    dated = Q(effective_on__isnull=False) | Q(expires_on__isnull=False) | Q(repealed_on__isnull=False)
    return ~Q(doc_no="") | Q(column__in=normative_columns()) | dated


def end_of_term(row: Dated, normative: Collection[int]) -> date | None:
    """The first day on which the document has run out; None when it never does by itself."""
    if row.expires_on or row.column_id not in normative:
        return row.expires_on
    start = row.effective_on or row.written_on or timezone.localdate(row.first_published_at)
    return validity_rule().end_of_silent(start)


def verdict(
    row: Dated,
    on: date,
    normative: Collection[int],
    relations: Collection[tuple[str, date]] = (),
    cleanups: Collection[tuple[str, date]] = (),
) -> Validity:
    """The validity of one document on a day; ``relations`` and ``cleanups`` are kind and day of what was done to it."""
    kinds = {kind for kind, day in relations if day <= on}
    results = {result for result, day in cleanups if day <= on}
    term = end_of_term(row, normative)
    if _come(row.repealed_on, on) or kinds & set(ENDING) or CleanupResult.Result.REPEALED in results:
        return Validity.REPEALED
    if _come(term, on) or CleanupResult.Result.EXPIRED in results:
        return Validity.EXPIRED
    if row.effective_on and row.effective_on > on:
        return Validity.PENDING
    return Validity.AMENDED if DocumentRelation.Kind.AMENDS in kinds else Validity.VALID


def _come(day: date | None, on: date) -> bool:
    return day is not None and day <= on


def with_validity(items: QuerySet[Item], on: date) -> QuerySet[Any]:
    """The same items with ``validity`` on that day, as a code of :class:`Validity`."""
    return items.annotate(
        validity=Case(
            When(repealed_by(on), then=Value(Validity.REPEALED.value)),
            When(expired_by(on), then=Value(Validity.EXPIRED.value)),
            When(effective_on__gt=on, then=Value(Validity.PENDING.value)),
            When(_acted_on((DocumentRelation.Kind.AMENDS,), on), then=Value(Validity.AMENDED.value)),
            default=Value(Validity.VALID.value),
            output_field=CharField(),
        )
    )


def ended_by(on: date) -> Q:
    """Items that were repealed or have expired by that day."""
    return repealed_by(on) | expired_by(on)


def repealed_by(on: date) -> Q:
    return Q(repealed_on__lte=on) | _acted_on(ENDING, on) | _cleaned(CleanupResult.Result.REPEALED, on)


def expired_by(on: date) -> Q:
    return term_over_by(on) | _cleaned(CleanupResult.Result.EXPIRED, on)


def term_over_by(on: date) -> Q:
    """Items whose own term has run out by that day, the stated one or that of the rule."""
    last = validity_rule().last_start(on)
    published = timezone.make_aware(datetime.combine(last + timedelta(days=1), time.min))
    started = (
        Q(effective_on__lte=last)
        | Q(effective_on=None, written_on__lte=last)
        | Q(effective_on=None, written_on=None, first_published_at__lt=published)
    )
    return Q(expires_on__lte=on) | (Q(expires_on=None, column__in=normative_columns()) & started)


def _acted_on(kinds: Collection[str], on: date) -> Q:
    found = DocumentRelation.objects.standing().filter(other=OuterRef("pk"), kind__in=kinds, on__lte=on)
    return Q(Exists(found))


def _cleaned(result: str, on: date) -> Q:
    found = CleanupResult.objects.standing().filter(item=OuterRef("pk"), result=result, on__lte=on)
    return Q(Exists(found))

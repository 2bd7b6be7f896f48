"""What outsourced operators (第三方运维) did in a month, from the manuscripts that they wrote and their reviews."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.db.models import QuerySet
from django.utils import timezone

from mingzheng.city.models import Person, Unit
from mingzheng.publish.manuscripts.models import Manuscript
from mingzheng.publish.reviews.models import ReviewFact


@dataclass(slots=True)
class OperatorMonth:
    """One operator's month in one unit: manuscripts written, handed in, returned and published, with the rows."""

    operator: Person
    unit: Unit
    written: list[Manuscript] = field(default_factory=list)
    handed_in: int = 0
    returned: int = 0
    published: int = 0

    @property
    def return_rate(self) -> str:
        """Returned of handed in, in percent with one decimal; a dash when nothing was handed in."""
        return f"{self.returned / self.handed_in:.1%}" if self.handed_in else "—"


def operator_months(units: QuerySet[Unit], month: date) -> list[OperatorMonth]:
    """The work of every operator in these units in the calendar month of ``month``, by operator and unit.

    A manuscript counts in the month in which it was written, a hand-in, return or publication in its own month.
    """
    first = date(month.year, month.month, 1)
    last = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    start, end = (timezone.make_aware(datetime.combine(day, time.min)) for day in (first, last))
    theirs = Manuscript.objects.filter(unit__in=units, by_operator=True).defer("body")
    months: dict[tuple[int, int], OperatorMonth] = {}

    def month_of(manuscript: Manuscript) -> OperatorMonth:
        key = (manuscript.writer_id, manuscript.unit_id)
        return months.setdefault(key, OperatorMonth(manuscript.writer, manuscript.unit))

    written = theirs.filter(created_at__gte=start, created_at__lt=end).select_related(
        "writer", "unit", "column"
    )
    for manuscript in written.order_by("created_at"):
        month_of(manuscript).written.append(manuscript)
    by_subject = {each.subject: each for each in theirs.select_related("writer", "unit")}
    facts = ReviewFact.objects.filter(
        at__gte=start, at__lt=end, kind__in=["submitted", "returned", "released"], review__unit__in=units
    )
    for subject, kind in facts.values_list("review__subject", "kind"):
        if (found := by_subject.get(subject)) is not None:
            entry = month_of(found)
            entry.handed_in += kind == "submitted"
            entry.returned += kind == "returned"
            entry.published += kind == "released"
    return sorted(months.values(), key=lambda each: (str(each.operator), each.unit.sort, each.unit.pk))

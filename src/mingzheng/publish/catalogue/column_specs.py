"""What the column standard says of a column, and what a dated change does to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any


@dataclass(frozen=True)
class TimeLimit:
    """A period in working days, days or months, counted from a kind of event; both from the file's vocabulary."""

    value: int
    unit: str
    event: str

    def as_json(self) -> dict[str, Any]:
        return {"value": self.value, "unit": self.unit, "from": self.event}


@dataclass(frozen=True)
class ColumnSpec:
    """One column of the standard with everything inherited already filled in. Cycles are calendar days."""

    code: str
    parent: str | None
    name: str
    level: int
    sort: int
    tiers: tuple[str, ...]
    content_requirements: str
    elements: tuple[str, ...]
    check_points: tuple[str, ...]
    role: str | None
    five_opens: str | None
    column_type: str
    update_cycle_days: int | None
    min_per_period: int | None
    update_exempt: bool
    statutory_item: str | None
    legal_basis: str | None
    time_limit: TimeLimit | None
    allow_statement: bool
    evidence: str
    effective_from: date
    effective_to: date | None = None

    @property
    def slug(self) -> str:
        """The code as it stands in addresses."""
        return self.code.lower()

    def as_row(self) -> dict[str, Any]:
        """Return the values as a database row takes them: lists for tuples, a plain mapping for the time limit."""
        row = {field.name: getattr(self, field.name) for field in fields(self)}
        row |= {key: list(value) for key, value in row.items() if isinstance(value, tuple)}
        row["time_limit"] = self.time_limit.as_json() if self.time_limit else None
        return row


@dataclass(frozen=True)
class ColumnChange:
    """One adjustment of the catalogue: a column ``added``, or some of its fields ``adjusted`` from ``before`` to ``after``.

    ``column`` is the column as it stands after the change; ``level`` is its level in the tree then.
    """

    on: date
    order: str
    title: str
    kind: str
    code: str
    level: int
    column: ColumnSpec
    reason: str
    what: str | None
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True)
class Standard:
    """One version of the column standard: its name, date, vocabularies and columns in the order of the tree."""

    code: str
    name: str
    effective_from: date
    source: str
    vocabulary: Mapping[str, Mapping[str, str]]
    defaults: Mapping[str, Any]
    columns: tuple[ColumnSpec, ...]

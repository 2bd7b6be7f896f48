"""A line of a report, as every reader gives it."""

from __future__ import annotations

from dataclasses import dataclass

CELL = " | "  # between the cells of a row


@dataclass(frozen=True)
class Line:
    """One line of a report as written, and where a person finds it."""

    text: str
    place: str
    is_row: bool = False

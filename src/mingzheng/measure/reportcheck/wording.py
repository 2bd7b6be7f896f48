"""The result of checking the sums of a passage, and how a sum is put into words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from mingzheng.measure.reportcheck.lists import Clauses, PartList
from mingzheng.measure.reportcheck.model import Result
from mingzheng.measure.reportcheck.quantities import Quantity, shown


@dataclass
class Sums:
    """What the lists of one passage came to; the shares of the same passage need the totals."""

    result: Result = field(default_factory=Result)
    whole: dict[int, int] = field(default_factory=dict)  # part -> total
    lists: list[PartList] = field(default_factory=list)


def where(clauses: Clauses, first: int, last: int) -> tuple[str, str]:
    start, end = clauses.quantities[first].start, clauses.quantities[last].end
    return clauses.passage.place(start), clauses.passage.quote(start, end)


def claim(aim: Quantity, parts: Sequence[Quantity]) -> str:
    listed = "、".join(f"{part.words[-16:]}{shown(part.value)}" for part in parts)
    return f"{aim.label[-20:]}{shown(aim.value)}{aim.unit}:{listed}"


def working(parts: Sequence[Quantity]) -> str:
    total = sum((part.value for part in parts), Decimal(0))
    return "+".join(shown(part.value) for part in parts) + f"={shown(total)}"

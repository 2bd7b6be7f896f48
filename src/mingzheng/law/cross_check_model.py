"""What the cross checks (勾稽) of an annual report work with: facts beside the tables, rules, findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from mingzheng.law.report_tables import Number, ReportTables

Status = Literal["holds", "broken", "not_applicable"]
Level = Literal["error", "warning"]


@dataclass(frozen=True)
class Statement:
    """A figure that the text of the report states: the cell it speaks of, the value, and the words."""

    key: str
    value: Number
    quote: str


@dataclass(frozen=True)
class Context:
    """What lies beside the tables. A rule whose facts are absent is not applicable, and says so."""

    previous: ReportTables | None = None
    """The same unit's tables about the year before; ``reorganised`` when that unit was another one then."""
    reorganised: bool = False
    statements: Sequence[Statement] | None = None
    fee_income: Number | None = None
    """Fees for processing information taken in the year, in yuan; ``fee_reported``: chapter six tells of them."""
    fee_reported: bool | None = None
    children: Sequence[ReportTables] | None = None
    own: ReportTables | None = None
    published_on: date | None = None
    is_government: bool | None = None
    problems: str | None = None
    """The text of chapter five, and that of the year before."""
    problems_before: str | None = None
    cases: Mapping[str, int] | None = None
    """Requests counted in the system by cell of table three; a cell that is absent counts none."""


@dataclass(frozen=True)
class Finding:
    """The verdict of one rule on one place, with its working. ``message`` is one Chinese sentence.

    ``places`` are the keys of the cells compared, the one that the rule judges first.
    """

    rule: str
    level: Level
    status: Status
    message: str
    places: tuple[str, ...] = ()
    claim: str = ""
    computed: str = ""


@dataclass(frozen=True)
class Rule:
    """A named rule: what it demands, and the function that applies it."""

    id: str
    title: str
    level: Level
    apply: Callable[[Rule, ReportTables, Context], Iterator[Finding]] = field(repr=False)

    def compare(
        self, tables: ReportTables, places: Sequence[str], stated: Number, computed: Number, working: str
    ) -> Finding:
        """The verdict on the first place, whose stated value must be the computed one."""
        label, kept = tables.label(places[0]), stated == computed
        sentence = (
            f"{label}为{stated}，符合“{self.title}”。"
            if kept
            else f"{label}为{stated}，按“{self.title}”应为{computed}。"
        )
        return self.judge(kept, sentence, places, f"{stated}", working)

    def judge(
        self, kept: bool, message: str, places: Sequence[str] = (), claim: str = "", computed: str = ""
    ) -> Finding:
        """A verdict in words of the rule's own."""
        return Finding(
            self.id, self.level, "holds" if kept else "broken", message, tuple(places), claim, computed
        )

    def skip(self, why: str, places: Sequence[str] = ()) -> Finding:
        return Finding(self.id, self.level, "not_applicable", f"“{self.title}”未核对：{why}。", tuple(places))

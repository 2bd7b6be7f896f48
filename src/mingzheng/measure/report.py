"""An annual report as data: chapters of paragraphs and tables whose figures know their rows.

HTML, DOCX and JSON are written from this one form; a published report is stored in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from mingzheng.city.models import TierGroup, Unit
from mingzheng.measure.figures import Figure, YearCounts, address, growth_of
from mingzheng.measure.models import ReportedText
from mingzheng.measure.registry import measure_of
from mingzheng.measure.scopes import Scope, of_group, of_unit

Part = str | dict[str, Any]


@dataclass
class Chapter:
    """A chapter: a title and blocks, each {"kind": "p", "parts"}, {"kind": "table", "caption", "rows"} or
    {"kind": "chart", "caption", "svg"}; a chart shows what a table of the same chapter says in numbers.
    """

    title: str
    blocks: list[dict[str, Any]] = field(default_factory=list)

    def say(self, *parts: Part) -> None:
        """Add a paragraph of text and figures."""
        self.blocks.append({"kind": "p", "parts": [part for part in parts if part != ""]})


@dataclass
class Report:
    """The report of a unit about a year. ``figures`` are the measured figures in it, by the address of their rows;
    their values are those that its sentences and tables say.
    """

    unit: Unit
    year: int
    whole: bool
    generation: str
    title: str
    chapters: list[Chapter]
    figures: dict[str, Figure]

    def as_content(self) -> dict[str, Any]:
        """What is stored and rendered."""
        return {"chapters": [{"title": chapter.title, "blocks": chapter.blocks} for chapter in self.chapters]}


class Writer:
    """Gives chapters their figures: each is measured once, written with its counting word and linked to its rows."""

    def __init__(self, unit: Unit, year: int, *, whole: bool) -> None:
        self.unit, self.year, self.whole = unit, year, whole
        self.scope = of_unit(year, unit, below=whole)
        self.is_city = whole and unit.parent_id is None
        self.figures: dict[str, Figure] = {}
        self._counts = {each: YearCounts(each) for each in (year, year - 1)}

    def value(self, key: str, scope: Scope | None = None) -> int:
        scope = scope or self.scope
        return self._counts[scope.year].value(key, scope)

    def figure(self, key: str, scope: Scope | None = None) -> Part:
        """The figure with its counting word, as a link to its rows."""
        scope = scope or self.scope
        measure, url, value = measure_of(key), address(key, scope), self.value(key, scope)
        self.figures[url] = Figure(key, scope, measure.label, value, measure.unit_word, url)
        return {
            "text": f"{value}{measure.unit_word}",
            "url": url,
            "title": f"{scope.label}{scope.year}年{measure.label}",
        }

    def growth(self, key: str, scope: Scope | None = None) -> str:
        """Growth in words; empty where there was nothing the year before."""
        scope = scope or self.scope
        percent = growth_of(self.value(key, scope), self.value(key, scope.year_before()))
        if percent is None:
            return ""
        if percent == 0:
            return "与上年持平"
        return f"同比{'增长' if percent > 0 else '下降'}{abs(percent)}%"

    def text(self, name: str) -> str:
        """The passage that the unit wrote last under that name, empty when it wrote none."""
        texts = ReportedText.objects.filter(unit=self.unit, year=self.year, name=name).order_by("-id")
        return texts.values_list("text", flat=True).first() or ""

    def levels(self) -> Sequence[Scope]:
        """The three levels, where the report is about the whole city."""
        return [of_group(self.year, group) for group in TierGroup] if self.is_city else []

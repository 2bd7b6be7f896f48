"""Reports since 2019: six prescribed chapters with tables. Cells that the system knows are measured, the rest is reported."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from mingzheng.law.report_tables import Number, ReportTables
from mingzheng.measure.models import ReportedCell
from mingzheng.measure.report import Chapter, Writer
from mingzheng.measure.scopes import Scope

MEASURED = {
    "g1.disclosed": "disclosure.items",
    "g1.normative": "documents.normative_published",
    "g1.normative_made": "documents.normative_made",
    "g1.responses": "response.issues",
    "g1.conferences": "press.conferences",
    "g1.interpretations": "interpretation.all",
    "t2.normdocs.made": "documents.normative_made",
    "t2.normdocs.repealed": "documents.normative_repealed",
    "t2.normdocs.valid": "documents.normative_valid",
}


def form_chapters(writer: Writer) -> list[Chapter]:
    """The chapters in the order of the form."""
    tables = report_tables(writer)
    titles = tables.generation.chapters
    chapters = [Chapter(title) for title in titles]
    growth = writer.growth("disclosure.items")
    chapters[0].say(
        f"{writer.year}年，{writer.unit.name}主动公开政府信息", writer.figure("disclosure.items"), f"，{growth}。" if growth else "。"
    )  # fmt: skip
    if writer.value("interpretation.all"):
        chapters[0].say("发布政策解读", writer.figure("interpretation.all"), "。")
    for chapter, form in zip(chapters[1:4], ("t2", "t3", "t4"), strict=True):
        chapter.blocks.append({"kind": "table", "caption": "", "rows": printed(writer, tables, form)})
    chapters[4].say(writer.text("problems") or "本单位尚未填报存在的主要问题及改进情况。")
    chapters[5].say(writer.text("others") or "没有其他需要报告的事项。")
    return chapters


def report_tables(writer: Writer) -> ReportTables:
    """The tables with what is measured and what was reported, totals computed."""
    known = ReportTables(writer.year, {}).figures
    cells: dict[str, Number] = {
        key: value
        for key, value in reported_cells(writer.scope).items()
        if key in known and key not in MEASURED
    }
    cells |= {key: writer.value(measure) for key, measure in MEASURED.items() if key in known}
    return ReportTables(writer.year, cells).with_totals()


def reported_cells(scope: Scope) -> dict[str, Number]:
    """The sum over the scope's units of what each reported last for a cell."""
    newest: dict[tuple[int, str], Decimal] = {}
    rows = ReportedCell.objects.filter(scope.of_units("unit"), year=scope.year).order_by("id")
    for unit_id, key, value in rows.values_list("unit_id", "key", "value"):
        newest[unit_id, key] = value
    sums: dict[str, Number] = {}
    for (_, key), value in newest.items():
        total = sums.get(key, 0) + value
        sums[key] = int(total) if total == int(total) else Decimal(total).normalize()
    return sums


def printed(writer: Writer, tables: ReportTables, form: str) -> list[list[dict[str, Any]]]:
    """A table of the form as the rows of a block; measured cells lead to their rows."""
    rows = []
    for row in tables.layout(form):
        cells = []
        for cell in row:
            made: dict[str, Any] = {"text": cell.text}
            if cell.header:
                made["header"] = True
            if cell.colspan > 1:
                made["colspan"] = cell.colspan
            if cell.rowspan > 1:
                made["rowspan"] = cell.rowspan
            if cell.key in MEASURED:
                figure = writer.figure(MEASURED[cell.key])
                assert isinstance(figure, dict)
                made |= {"url": figure["url"], "title": figure["title"]}
            cells.append(made)
        rows.append(cells)
    return rows

"""An annual report as a Word file and as JSON."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Length, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from mingzheng.measure.models import AnnualReport
from mingzheng.measure.report import Report

# Faces of GB/T 9704; a reader without them falls back to its own song and hei.
TITLE_FACE, HEAD_FACE, TEXT_FACE = "方正小标宋简体", "黑体", "仿宋_GB2312"
_ALIGNMENTS = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}


def report_json(report: Report) -> dict[str, Any]:
    """The report with every figure, its value and the address of its rows; a stable contract."""
    about = {
        "title": report.title, "unit": report.unit.code, "year": report.year,
        "scope": "whole" if report.whole else "own", "generation": report.generation,
    }  # fmt: skip
    figures = [
        _figure_json(each.url, each.label, each.value, each.unit_word, each.value)
        for each in report.figures.values()
    ]
    return {**about, "published_at": None, **report.as_content(), "figures": figures}


def published_json(report: AnnualReport) -> dict[str, Any]:
    """A published report in the same form, with its figures as they were frozen."""
    about = {
        "title": report.title, "unit": report.unit.code, "year": report.year, "scope": report.scope,
        "generation": report.generation, "published_at": report.published_at.isoformat(),
    }  # fmt: skip
    figures = [
        _figure_json(each.key, each.label, int(each.value), each.unit_word, each.row_count)
        for each in report.figures.order_by("id")
    ]
    return {**about, **report.content, "figures": figures}


def _figure_json(url: str, label: str, value: int, unit_word: str, rows: int) -> dict[str, Any]:
    key, year, scope = url.split("/")[2:5]
    return {
        "key": key, "scope": scope, "year": int(year), "label": label, "value": value, "unit": unit_word,
        "rows": rows, "url": url,
    }  # fmt: skip


def report_docx(report: Report, site: str = "") -> bytes:
    """The report as DOCX; figures are links below ``site`` when it is given."""
    return content_docx(report.title, report.as_content(), site)


def content_docx(title: str, content: dict[str, Any], site: str = "") -> bytes:
    """A stored report's content as DOCX."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin, section.bottom_margin = Cm(3.7), Cm(3.5)
    section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)
    _page_number(section.footer.paragraphs[0])
    heading = document.add_paragraph()
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    heading.paragraph_format.space_after = Pt(24)
    _run(heading, title, TITLE_FACE, 22)
    for chapter in content["chapters"]:
        name = document.add_paragraph()
        name.paragraph_format.first_line_indent = Pt(32)
        name.paragraph_format.keep_with_next = True
        _outline(name)
        _run(name, chapter["title"], HEAD_FACE, 16)
        for block in chapter["blocks"]:
            if block["kind"] == "p":
                _paragraph(document, block["parts"], site)
            elif block["kind"] == "table":
                _table(document, block, site)
    document.core_properties.title = title
    document.core_properties.author = ""
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _outline(paragraph: Paragraph) -> None:
    """Make a chapter's title a heading of level one for Word's outline and for screen readers, in its own face."""
    level = OxmlElement("w:outlineLvl")
    level.set(qn("w:val"), "0")
    paragraph._element.get_or_add_pPr().append(level)


def _run(paragraph: Paragraph, text: str, face: str, points: float) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.font.name = Pt(points), face
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)


def _paragraph(document: DocumentObject, parts: list[Any], site: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.first_line_indent = Pt(32)
    _text_spacing(paragraph)
    for part in parts:
        if isinstance(part, str):
            _run(paragraph, part, TEXT_FACE, 16)
        else:
            _linked(paragraph, part, site, 16)


def _text_spacing(paragraph: Paragraph) -> None:
    """Lines of 28 points without gaps, as official documents are set (GB/T 9704)."""
    paragraph.paragraph_format.line_spacing = Pt(28)
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(0)


def _linked(paragraph: Paragraph, part: dict[str, Any], site: str, points: float) -> None:
    """A figure as a link that looks like text; plain text where no site is known."""
    if not site or not part.get("url"):
        _run(paragraph, part["text"], TEXT_FACE, points)
        return
    target = paragraph.part.relate_to(
        urljoin(site, part["url"]), RELATIONSHIP_TYPE.HYPERLINK, is_external=True
    )
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), target)
    _run(paragraph, part["text"], TEXT_FACE, points)
    link.append(paragraph.runs[-1]._element)
    paragraph._element.append(link)


def _table(document: DocumentObject, block: dict[str, Any], site: str) -> None:
    if block.get("caption"):
        caption = document.add_paragraph()
        caption.alignment = WD_ALIGN_PARAGRAPH.CENTER
        caption.paragraph_format.keep_with_next = True
        _run(caption, block["caption"], HEAD_FACE, 12)
    rows = block["rows"]
    width = sum(cell.get("colspan", 1) for cell in rows[0])
    table = document.add_table(len(rows), width)
    table.style, table.alignment = "Table Grid", WD_TABLE_ALIGNMENT.CENTER
    _fill(table, rows, site)
    document.add_paragraph()


def _fill(table: Table, rows: list[list[dict[str, Any]]], site: str) -> None:
    grid = [list(row.cells) for row in table.rows]  # asked once: python-docx walks the whole table each time
    placed = list(_placed(rows))
    table.autofit = False
    for column, width in enumerate(_widths(placed, len(grid[0]))):
        table.columns[column].width = width  # Word reads the cells' widths, others the column's
        for line in grid:
            line[column].width = width
    for y, x, cell in placed:
        down, right = cell.get("rowspan", 1), cell.get("colspan", 1)
        target = grid[y][x]
        if down > 1 or right > 1:
            target = target.merge(grid[y + down - 1][x + right - 1])
        _write(target, cell, site)


def _placed(rows: list[list[dict[str, Any]]]) -> Iterator[tuple[int, int, dict[str, Any]]]:
    """Each cell with its row and column in the grid, past the cells that reach down from above."""
    taken: set[tuple[int, int]] = set()
    for y, row in enumerate(rows):
        x = 0
        for cell in row:
            while (y, x) in taken:
                x += 1
            down, right = cell.get("rowspan", 1), cell.get("colspan", 1)
            taken |= {(y + below, x + beside) for below in range(down) for beside in range(right)}
            yield y, x, cell


def _widths(placed: list[tuple[int, int, dict[str, Any]]], columns: int) -> list[Length]:
    """Column widths by the longest text that stands in one column alone, between four characters and twelve."""
    weights = [4] * columns
    for _, x, cell in placed:
        if cell.get("colspan", 1) == 1:
            weights[x] = max(weights[x], min(12, len(cell["text"])))
    return [Cm(15.6 * weight / sum(weights)) for weight in weights]


def _write(target: _Cell, cell: dict[str, Any], site: str) -> None:
    target.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph = target.paragraphs[0]
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(3)
    is_label = cell.get("header") and len(cell["text"]) > 8
    aligned = cell.get("align", "left" if is_label else "center")
    paragraph.alignment = _ALIGNMENTS[aligned]
    if cell.get("header"):
        _run(paragraph, cell["text"], TEXT_FACE, 10.5)
    else:
        _linked(paragraph, cell, site, 10.5)


def _page_number(paragraph: Paragraph) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._element.append(mark)

"""PDF files as HTML: lines are joined to paragraphs by where they stand on the page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from statistics import median

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from mingzheng.law.errors import Refusal
from mingzheng.publish.body.sources import Source

_PAGE_NUMBER = re.compile(
    r"[\s—\-－–·]*(?:第?\s*[0-9]{1,4}\s*页?)(?:\s*[/／共]\s*[0-9]{1,4}\s*页?)?[\s—\-－–·]*"
)
_MANY_RULES = 10  # drawn lines on a page that make a table
_FEWEST_LETTERS = 10


@dataclass(slots=True)
class _Line:
    """A line of text: its ends from the left edge of the page, and the width of a character, in points."""

    text: str
    left: float
    right: float
    em: float


@dataclass(frozen=True, slots=True)
class _Frame:
    """The left and right edge of the text, and the width of a usual character."""

    left: float
    right: float
    em: float

    def place(self, line: _Line) -> str:
        """center, right, indented, or plain."""
        before, after = line.left - self.left, self.right - line.right
        if before > 2.5 * self.em and after > self.em and abs(before - after) < 2 * self.em:
            return "center"
        if before > 0.4 * (self.right - self.left) and after < 7 * self.em:
            return "right"
        return "indented" if before > 1.2 * self.em else "plain"

    def is_full(self, line: _Line) -> bool:
        return self.right - line.right < 2.5 * line.em


def read_pdf(path: Path, name: str) -> Source:
    """The text of a PDF file. Raises Refusal when it cannot be opened or is a scan."""
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        raise Refusal(f"无法打开PDF文件“{name}”，文件可能已经损坏或者设有密码。") from error
    with document:
        pages = [list(_lines(page)) for page in document]
        losses = list(_losses(document))
    if sum(len(line.text) for page in pages for line in page) < _FEWEST_LETTERS:
        raise Refusal(f"PDF文件“{name}”是扫描件，其中没有文字，请上传Word文件，或者把它作为附件。")
    repeated = _repeated(pages)
    if repeated:
        losses.append(f"每页重复的页眉页脚“{'”“'.join(sorted(repeated))}”未带入正文。")
    lines = [
        line
        for page in pages
        for line in page
        if not _PAGE_NUMBER.fullmatch(line.text) and line.text not in repeated
    ]
    return Source("".join(_paragraphs(lines)), losses)


def _lines(page: pdfium.PdfPage) -> Iterator[_Line]:
    text = page.get_textpage()
    marks: list[tuple[str, float, float]] = []
    for index in range(text.count_chars()):
        mark = chr(raw.FPDFText_GetUnicode(text, index))
        if mark in "\r\n":
            yield from _line(marks)
            marks = []
        elif mark >= " " and mark != "\ufffe":
            left, _, right, _ = text.get_charbox(index, loose=True)
            marks.append((mark, left, right))
    yield from _line(marks)


def _line(marks: list[tuple[str, float, float]]) -> Iterator[_Line]:
    solid = [mark for mark in marks if mark[0].strip()]
    if solid:
        wide = [right - left for mark, left, right in solid if mark > "\u2e7f"]
        em = median(wide or [2 * (right - left) for _, left, right in solid])
        yield _Line("".join(mark[0] for mark in marks).strip(), solid[0][1], solid[-1][2], em)


def _repeated(pages: list[list[_Line]]) -> set[str]:
    """The first or last line of pages that most of three or more pages share."""
    if len(pages) < 3:
        return set()
    edges = Counter(text for page in pages if page for text in {page[0].text, page[-1].text})
    return {
        text for text, count in edges.items() if count > len(pages) / 2 and not _PAGE_NUMBER.fullmatch(text)
    }


def _paragraphs(lines: list[_Line]) -> Iterator[str]:
    if not lines:
        return
    frame = _Frame(min(x.left for x in lines), max(x.right for x in lines), median(x.em for x in lines))
    text, place, last = "", "", lines[0]
    for line in lines:
        here = frame.place(line)
        goes_on = here == "plain" and place in ("plain", "indented") and frame.is_full(last)
        if text and not goes_on:
            yield _paragraph(text, place)
            text = ""
        if not text:
            place = here
        text = _joined(text, line.text)
        last = line
    yield _paragraph(text, place)


def _joined(text: str, more: str) -> str:
    latin = text[-1:].isascii() and more[:1].isascii() and text
    return f"{text} {more}" if latin else text + more


def _paragraph(text: str, place: str) -> str:
    style = {"center": "text-align:center", "right": "text-align:right", "indented": "text-indent:2em"}.get(
        place
    )
    return f'<p style="{style}">{escape(text)}</p>' if style else f"<p>{escape(text)}</p>"


def _losses(document: pdfium.PdfDocument) -> Iterator[str]:
    pictures, tables = 0, []
    for number, page in enumerate(document, start=1):
        kinds = Counter(item.type for item in page.get_objects())
        pictures += kinds[raw.FPDF_PAGEOBJ_IMAGE]
        if kinds[raw.FPDF_PAGEOBJ_PATH] >= _MANY_RULES:
            tables.append(str(number))
    if pictures:
        yield f"PDF文件中有{pictures}张图片，未带入正文，请单独上传。"
    if tables:
        yield f"PDF文件第{'、'.join(tables)}页可能有表格，已转为普通文字，请核对。"

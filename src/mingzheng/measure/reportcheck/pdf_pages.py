"""Reads a PDF report page by page: running text quickly, pages with ruled tables cell by cell."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from typing import Any

from mingzheng.law.errors import Refusal
from mingzheng.measure.reportcheck.lines import CELL, Line

_PAGE_NUMBER = re.compile(r"[\s—–-]*第?\s*\d{1,3}\s*页?(?:\s*[/共]\s*\d{1,3}\s*页?)?[\s—–-]*")
_NEW_LINE = re.compile(r"[\r\n\ufffe\x02]+")


def read_pdf(content: bytes, name: str) -> list[Line]:
    """The lines of a PDF; raises ``Refusal`` when it is encrypted."""
    import pdfplumber
    import pypdfium2

    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    lines: list[Line] = []
    try:
        pages = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        cause = "已加密，请先解除密码" if "password" in str(error).lower() else "已损坏"
        raise Refusal(f"无法读取 {name}：pdf 文件{cause}。") from error
    with pdfplumber.open(io.BytesIO(content)) as document:
        for number, page in enumerate(pages, start=1):
            if _is_ruled(page):
                found = _ruled_page(document.pages[number - 1], number)
            else:
                found = _plain_page(page.get_textpage().get_text_range(), number)
            lines.extend(line for line in found if not _PAGE_NUMBER.fullmatch(line.text))
    return lines


def _is_ruled(page: Any) -> bool:
    """Whether the page has lines or boxes, which may be those of a table."""
    from pypdfium2.raw import FPDF_PAGEOBJ_PATH

    return next(iter(page.get_objects(filter=[FPDF_PAGEOBJ_PATH])), None) is not None


def _plain_page(text: str, number: int) -> Iterator[Line]:
    for position, line in enumerate(_NEW_LINE.split(text), start=1):
        yield Line(line, f"第{number}页第{position}行")


def _ruled_page(page: Any, number: int) -> Iterator[Line]:
    """Running text and table rows of one page, from top to bottom."""
    tables = page.find_tables()
    outside = page
    for table in tables:
        outside = outside.outside_bbox(table.bbox, strict=False)
    pieces: list[tuple[float, str, str]] = [
        (line["top"], line["text"], "") for line in outside.extract_text_lines()
    ]
    for count, table in enumerate(tables, start=1):
        which = f"第{count}个表格" if len(tables) > 1 else "表格"
        for position, row in enumerate(table.extract(), start=1):
            text = CELL.join("".join((cell or "").split()) for cell in row if cell is not None)
            pieces.append((table.bbox[1] + position / 1000, text, f"第{number}页{which}第{position}行"))
    for position, (_, text, place) in enumerate(sorted(pieces, key=lambda piece: piece[0]), start=1):
        if place:
            yield Line(text, place, is_row=True)
        else:
            yield Line(text, f"第{number}页第{position}行")

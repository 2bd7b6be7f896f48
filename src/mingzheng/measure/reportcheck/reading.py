"""Reads a report (txt, html, docx, pdf) into lines that know where they stand in the file.

The kind of file is found from its content: reports are often saved under the wrong extension or with the wrong
declared encoding. A row of a table becomes one line of cells parted by ``|``.
"""

from __future__ import annotations

import io
import logging
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree, html

from mingzheng.law.errors import Refusal

LARGEST_FILE = 50 * 1024 * 1024  # bytes; an annual report is some hundred kilobytes
CELL = " | "
LONGEST_CELL = 200  # characters; a longer cell is running text in a table that only lays out the page


@dataclass(frozen=True)
class Line:
    """One line of a report as written, and where a person finds it."""

    text: str
    place: str
    is_row: bool = False


def read_report(path: Path) -> list[Line]:
    """The lines of the report at ``path``; raises ``Refusal`` for a file that cannot be read as a report."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise Refusal(f"文件过大：{path.name} 超过 {LARGEST_FILE // 1024 // 1024} MB，不像一份年度报告。")
        content = path.read_bytes()
    except OSError as error:
        raise Refusal(f"无法读取文件：{path}（{_reason(error)}）。") from error
    lines = _reader_for(content, path.name)(content, path.name)
    if not any(line.text.strip() for line in lines):
        raise Refusal(f"文件中没有文字：{path.name}。扫描件须先识别成文字。")
    return lines


def _reason(error: OSError) -> str:
    known: dict[type[OSError], str] = {
        FileNotFoundError: "文件不存在",
        IsADirectoryError: "这是一个文件夹",
        PermissionError: "没有读取权限",
    }
    return known.get(type(error), "读取失败")


def _reader_for(content: bytes, name: str) -> Callable[[bytes, str], list[Line]]:
    if not content.strip():
        raise Refusal(f"文件是空的：{name}。")
    if content.startswith(b"%PDF"):
        return _read_pdf
    if content.startswith(b"PK\x03\x04"):
        return _read_docx
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refusal(f"无法读取 {name}：这是旧版 Office 文件或加密文件，请另存为未加密的 docx 或 pdf。")
    if content.startswith(b"{\\rtf"):
        raise Refusal(f"无法读取 {name}：不支持 RTF 文件，请另存为 docx 或 pdf。")
    text = decode(content, name)
    if re.search(r"<\s*(?:!doctype\s+html|html|head|body|table|div|p)\b", text[:20000], re.IGNORECASE):
        return _read_html
    return _read_text


def decode(content: bytes, name: str) -> str:
    """Text in the encoding that fits, whatever the file says of itself: UTF-8, UTF-16 with a mark, GB 18030."""
    encodings = ["utf-8-sig", "gb18030"]
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings.insert(0, "utf-16")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        controls = sum(1 for character in text if ord(character) < 32 and character not in "\t\r\n\f\v")
        if controls <= len(text) / 200:
            return text
    raise Refusal(f"无法识别 {name} 的内容：既不是文字，也不是网页、docx 或 pdf。")


def _read_text(content: bytes, name: str) -> list[Line]:
    return [
        Line(text, f"第{number}行", is_row="|" in text)
        for number, text in enumerate(decode(content, name).splitlines(), start=1)
    ]


def _read_html(content: bytes, name: str) -> list[Line]:
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", decode(content, name))
    try:
        root = html.document_fromstring(text)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise Refusal(f"无法读取网页：{name} 没有内容。") from error
    unwanted_parts: Any = root.xpath("//script|//style|//noscript|//template|//head/*[not(self::title)]")
    for unwanted in unwanted_parts:
        unwanted.drop_tree()
    return _number(_html_pieces(root))


_INLINE = re.compile(
    r"a|abbr|b|bdi|bdo|big|cite|code|del|dfn|em|font|i|img|ins|kbd|label|mark|q|s|samp|small|span|strike|strong|sub|sup"
    r"|time|tt|u|var|o:p|wbr"
)


def _html_pieces(root: Any) -> Iterator[tuple[str, bool]]:
    """Blocks of running text, and rows of cells, in the order of the page."""
    buffer: list[str] = []

    def flush() -> Iterator[tuple[str, bool]]:
        text = " ".join("".join(buffer).split())
        buffer.clear()
        if text:
            yield text, False

    def walk(element: Any) -> Iterator[tuple[str, bool]]:
        if not isinstance(element.tag, str):
            return
        block = not _INLINE.fullmatch(element.tag)
        if block:
            yield from flush()
        if element.tag == "tr" and _is_data_row(element):
            yield (
                CELL.join(" ".join(cell.text_content().split()) for cell in element.xpath("./td|./th")),
                True,
            )
            return
        buffer.append(element.text or "")
        for child in element:
            yield from walk(child)
            buffer.append(child.tail or "")
        if block:
            yield from flush()

    yield from walk(root)
    yield from flush()


def _is_data_row(row: Any) -> bool:
    cells = row.xpath("./td|./th")
    if len(cells) < 2 or row.xpath(".//table"):
        return False
    return all(len(cell.text_content().strip()) <= LONGEST_CELL for cell in cells)


def _number(pieces: Iterator[tuple[str, bool]]) -> list[Line]:
    """Lines placed by paragraph, rows by table and row; adjoining rows belong to one table."""
    lines: list[Line] = []
    paragraph = table = row = 0
    for text, is_row in pieces:
        if is_row:
            if row == 0:
                table += 1
            row += 1
            lines.append(Line(text, f"表{table}第{row}行", is_row=True))
        else:
            row = 0
            paragraph += 1
            lines.append(Line(text, f"第{paragraph}段"))
    return lines


def _read_docx(content: bytes, name: str) -> list[Line]:
    import docx
    from docx.opc.exceptions import OpcError

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if "word/document.xml" not in archive.namelist():
                raise Refusal(f"无法读取 {name}：不是 docx 文件。")
        document = docx.Document(io.BytesIO(content))
    except (zipfile.BadZipFile, OpcError, KeyError, ValueError, etree.XMLSyntaxError) as error:
        raise Refusal(f"无法读取 {name}:docx 文件已损坏。") from error
    return _number(_docx_pieces(document))


def _docx_pieces(document: Any) -> Iterator[tuple[str, bool]]:
    for block in document.iter_inner_content():
        if not hasattr(block, "rows"):
            for text in block.text.split("\n"):
                if text.strip():
                    yield text, False
            continue
        for row in block.rows:
            cells: list[str] = []
            previous = None
            for cell in row.cells:
                if cell._tc is not previous:  # a merged cell is given once for each column it covers
                    cells.append(" ".join(cell.text.split()))
                previous = cell._tc
            running = any(len(text) > LONGEST_CELL for text in cells) or len(cells) < 2
            if running:
                yield from ((text, False) for text in cells if text)
            else:
                yield CELL.join(cells), True
        yield "", False  # two tables in a row stay two


def _read_pdf(content: bytes, name: str) -> list[Line]:
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfminer.pdfexceptions import PDFException
    from pdfplumber.utils.exceptions import PdfminerException

    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    lines: list[Line] = []
    try:
        with pdfplumber.open(io.BytesIO(content)) as document:
            for number, page in enumerate(document.pages, start=1):
                lines.extend(_pdf_page(page, number))
    except PdfminerException as error:
        if any(isinstance(cause, PDFPasswordIncorrect) for cause in error.args):
            raise Refusal(f"无法读取 {name}：pdf 文件已加密，请先解除密码。") from error
        raise Refusal(f"无法读取 {name}：pdf 文件已损坏。") from error
    except PDFPasswordIncorrect as error:
        raise Refusal(f"无法读取 {name}：pdf 文件已加密，请先解除密码。") from error
    except (PDFException, ValueError, KeyError, TypeError) as error:
        raise Refusal(f"无法读取 {name}：pdf 文件已损坏。") from error
    return lines


def _pdf_page(page: Any, number: int) -> Iterator[Line]:
    """Running text and table rows of one page, from top to bottom."""
    tables = page.find_tables()
    outside = page
    for table in tables:
        outside = outside.outside_bbox(table.bbox, strict=False)
    pieces: list[tuple[float, str, int | None]] = [
        (line["top"], line["text"], None) for line in outside.extract_text_lines()
    ]
    for table in tables:
        for position, row in enumerate(table.extract()):
            text = CELL.join("".join((cell or "").split()) for cell in row if cell is not None)
            pieces.append((table.bbox[1] + position / 1000, text, position + 1))
    for position, (_, text, row_number) in enumerate(sorted(pieces, key=lambda piece: piece[0]), start=1):
        if row_number is None:
            yield Line(text, f"第{number}页第{position}行")
        else:
            yield Line(text, f"第{number}页表格第{row_number}行", is_row=True)

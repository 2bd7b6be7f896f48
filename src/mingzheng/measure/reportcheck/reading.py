"""Reads a report (txt, html, docx, pdf) into lines that know where they stand in the file.

The kind of file is found from its content: reports are often saved under the wrong extension or with the wrong
declared encoding. A row of a table becomes one line of cells parted by ``|``.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from lxml import etree, html

from mingzheng.law.errors import Refusal
from mingzheng.measure.reportcheck.lines import CELL, Line
from mingzheng.measure.reportcheck.pdf_pages import read_pdf

LARGEST_FILE = 50 * 1024 * 1024  # bytes; an annual report is some hundred kilobytes
LONGEST_CELL = 200  # characters; a longer cell is running text in a table that only lays out the page


def read_report(path: Path) -> list[Line]:
    """The lines of the report at ``path``; raises ``Refusal`` for a file that cannot be read as a report."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise Refusal(f"文件过大：{path.name} 超过 {LARGEST_FILE // 1024 // 1024} MB，不像一份年度报告。")
        content = path.read_bytes()
    except OSError as error:
        raise Refusal(f"无法读取文件：{path}（{_reason(error)}）。") from error
    reader = _reader_for(content, path.name)
    try:
        lines = reader(content, path.name)
    except Refusal:
        raise
    except Exception as error:  # a broken file makes the libraries below raise anything
        kind = "pdf " if reader is read_pdf else "docx " if reader is _read_docx else ""
        raise Refusal(f"无法读取 {path.name}：{kind}文件已损坏。") from error
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
        return read_pdf
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

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if "word/document.xml" not in archive.namelist():
            raise Refusal(f"无法读取 {name}：不是 docx 文件。")
    return _number(_docx_pieces(docx.Document(io.BytesIO(content))))


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

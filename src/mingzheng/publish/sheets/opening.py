"""Opens an Excel file from outside without trusting it: its size is counted before anything is read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import IO
from zipfile import BadZipFile, ZipFile, is_zipfile
from zlib import error as ZlibError

from lxml import etree
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.cell import range_boundaries
from openpyxl.workbook.workbook import Workbook

from mingzheng.law.errors import Refusal
from mingzheng.publish.sheets.columns import FORM

MOST_ENTRIES = 1000
MOST_BYTES = 300 * 2**20  # unpacked
MOST_TAGS = 6_000_000  # each becomes an object in memory; a full sheet has two million
GREATEST_RATIO = 100  # of unpacked to packed size ...
SMALL_BYTES = 30 * 2**20  # ... for what is larger than this when unpacked
_CHUNK = 2**18
_LAST_ROW = 2**20  # Excel has no more
_BROKEN = (
    AttributeError, BadZipFile, EOFError, IndexError, KeyError, NotImplementedError, OSError, OverflowError,
    RuntimeError, SyntaxError, TypeError, ValueError, ZlibError,
)  # fmt: skip


@dataclass(slots=True)
class SheetFacts:
    """What openpyxl's streaming reader does not tell of a sheet; columns and rows are numbered as Excel does."""

    filled: list[int] = field(default_factory=list)
    last: int = 0
    hidden: set[int] = field(default_factory=set)
    merged: set[int] = field(default_factory=set)
    ranges: list[tuple[int, int, int, int]] = field(default_factory=list)
    """Merged cells as left, top, right, bottom."""
    uncomputed: set[tuple[int, int]] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class OpenSheet:
    """The sheet to read, and the workbook it stands in."""

    name: str
    book: Workbook
    title: str
    facts: SheetFacts


def open_sheet(path: Path) -> OpenSheet:
    """Open the sheet 填报, or the first one of a workbook that has none. Raises ``Refusal``."""
    _check_package(path)
    with intact(path.name):
        reader = ExcelReader(BytesIO(path.read_bytes()), read_only=True, data_only=True)
        reader.read()
        sheets = {str(sheet.name): str(rel.target) for sheet, rel in reader.parser.find_sheets()}
        title = FORM if FORM in sheets else next(iter(sheets), "")
        with reader.archive.open(sheets[title]) as source:
            facts = _facts(source)
    return OpenSheet(path.name, reader.wb, title, facts)


@contextmanager
def intact(name: str) -> Iterator[None]:
    """Any way in which a file can be broken becomes one refusal."""
    try:
        yield
    except _BROKEN as broken:
        raise Refusal(
            f"“{name}”已损坏，无法读取；请在Excel或WPS中打开并另存为xlsx文件后重新提交。"
        ) from broken


def _check_package(path: Path) -> None:
    if not is_zipfile(path):
        raise Refusal(f"“{path.name}”不是xlsx文件；请在Excel或WPS中另存为不加密的xlsx文件后重新提交。")
    with intact(path.name), ZipFile(path) as package:
        entries = package.infolist()
        if "xl/workbook.xml" not in package.namelist():
            raise Refusal(f"“{path.name}”不是xlsx文件；请在Excel或WPS中另存为xlsx文件后重新提交。")
        packed = max(path.stat().st_size, 1)
        most = max(SMALL_BYTES, min(MOST_BYTES, packed * GREATEST_RATIO))
        if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > most:
            raise _too_large(path)
        # The sizes that a file tells of itself may be false, so what really comes out is counted too.
        unpacked = tags = 0
        for entry in entries:
            with package.open(entry) as source:
                while chunk := source.read(_CHUNK):
                    unpacked += len(chunk)
                    tags += chunk.count(b"<")
                    if unpacked > most or tags > MOST_TAGS:
                        raise _too_large(path)


def _too_large(path: Path) -> Refusal:
    return Refusal(
        f"“{path.name}”解压后过大，超过{MOST_BYTES // 2**20}MB或者压缩比异常，不能导入；请把数据复制到新下载的模板后重新提交。"
    )


def _facts(source: IO[bytes]) -> SheetFacts:
    facts = SheetFacts()
    events = etree.iterparse(source, tag=("{*}row", "{*}mergeCell"), resolve_entities=False, no_network=True)
    for _, element in events:
        if etree.QName(element).localname == "row":
            _row_facts(element, facts)
        else:
            left, top, right, bottom = range_boundaries(element.get("ref", ""))
            facts.ranges.append((int(left or 1), int(top or 1), int(right or 1), int(bottom or 1)))
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]
    facts.merged = _covered([(top, bottom) for _, top, _, bottom in facts.ranges], facts.last)
    return facts


def _row_facts(row: etree._Element, facts: SheetFacts) -> None:
    number = int(row.get("r") or facts.last + 1)
    if not facts.last < number <= _LAST_ROW:
        raise ValueError("rows out of order")  # the streaming reader would pass over them in silence
    facts.last = number
    if row.get("hidden") in ("1", "true") or float(row.get("ht") or 1) == 0:
        facts.hidden.add(number)
    filled = False
    for place, cell in enumerate(row, start=1):
        value = cell.findtext("{*}v")
        filled = filled or bool(value) or cell.find("{*}is") is not None
        if cell.find("{*}f") is not None and not value and cell.get("t") != "str":
            reference = cell.get("r")
            facts.uncomputed.add((number, range_boundaries(reference)[0] or place if reference else place))
            filled = True
    if filled:
        facts.filled.append(number)


def _covered(ranges: list[tuple[int, int]], last: int) -> set[int]:
    """The rows that the ranges touch, up to the last one in use."""
    changes = [0] * (last + 2)
    for top, bottom in ranges:
        if top <= last:
            changes[top] += 1
            changes[min(bottom, last) + 1] -= 1
    covered, depth = set(), 0
    for number, change in enumerate(changes):
        depth += change
        if depth:
            covered.add(number)
    return covered

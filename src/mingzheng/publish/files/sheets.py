"""Excel workbooks, read as a stream: the text of every cell, and what is hidden."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.cell import column_index_from_string
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from mingzheng.publish.files.package import Package
from mingzheng.publish.files.report import Findings, listed
from mingzheng.publish.files.safe_xml import attribute, local, stream

COMMENTS = ("comments", "threadedComment", "person")
_LETTERS = re.compile(r"[A-Za-z]+")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook and the part that holds it."""

    name: str
    part: str
    hidden: bool


@dataclass(slots=True)
class HiddenCells:
    """Rows (by number) and columns (by number) of one sheet that are hidden and not empty."""

    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)


def read_workbook(package: Package, findings: Findings) -> None:
    """Text and notices of a workbook."""
    all_sheets = sheets(package)
    hidden_sheets = [sheet.name for sheet in all_sheets if sheet.hidden]
    if hidden_sheets:
        findings.block("hidden-sheet", f"有{len(hidden_sheets)}个隐藏的工作表：{listed(hidden_sheets)}。")
    reader = _CellReader(package)
    comments = 0
    for sheet in all_sheets:
        if is_worksheet(package, sheet):
            findings.add_text(f"{sheet.name}\n")
            _report_hidden(sheet, reader.read(sheet.part, findings), findings)
        for part in package.targets(sheet.part, "comments", "threadedComment"):
            comments += sum(1 for _ in package.tree(part).iter("{*}comment", "{*}threadedComment"))
    if comments:
        findings.block("comments", f"有{comments}条批注。")
    caches = [part for part in package.reachable() if "pivotcacherecords" in part.lower()]
    if caches:
        findings.block("pivot-cache", f"有{len(caches)}个数据透视表带有全部源数据的缓存，读者可以展开明细。")


def sheets(package: Package) -> list[Sheet]:
    """The sheets in their order, charts among them."""
    parts = {relation.id: relation.target for relation in package.relations(package.main)}
    found = []
    for element in package.tree(package.main).iter("{*}sheet"):
        part = parts.get(_relation_id(element), "")
        if part in package.archive:
            state = element.get("state", "visible")
            found.append(Sheet(element.get("name", ""), part, state != "visible"))
    return found


def is_worksheet(package: Package, sheet: Sheet) -> bool:
    return "chartsheet" not in package.content_types().get(f"/{sheet.part}".lower(), "")


def is_hidden_row(row: Any) -> bool:
    return _true(row, "hidden") or (_true(row, "customHeight") and _zero(row.get("ht")))


def hidden_columns(columns: Any) -> set[int]:
    """Numbers of the columns that a ``cols`` or ``col`` element hides."""
    found: set[int] = set()
    for element in columns.iter("{*}col"):
        if _true(element, "hidden") or _zero(element.get("width")):
            found.update(range(int(element.get("min", 0)), min(int(element.get("max", 0)), 16384) + 1))
    return found


def column_of(cell: Any, default: int) -> int:
    letters = _LETTERS.match(cell.get("r", ""))
    return column_index_from_string(letters.group()) if letters else default


def shared_text(element: Any) -> str:
    """The text of an ``si`` or ``is`` element without its phonetic guides."""
    return "".join(t.text or "" for t in element.iter("{*}t") if local(t.getparent()) != "rPh")


def _relation_id(element: Any) -> str:
    return next((str(value) for key, value in element.attrib.items() if key.endswith("elationships}id")), "")


class _CellReader:
    """Reads sheets with the workbook's shared strings and date formats."""

    def __init__(self, package: Package) -> None:
        self._package = package
        main = package.main
        self._strings: list[str] = []
        for part in package.targets(main, "sharedStrings"):
            with package.archive.open(part) as content:
                self._strings.extend(shared_text(element) for element in stream(content, "si"))
        self._date_styles = _date_styles(package)
        epochs = {True: CALENDAR_MAC_1904, False: CALENDAR_WINDOWS_1900}
        properties = next(package.tree(main).iter("{*}workbookPr"), None)
        self._epoch: datetime = epochs[properties is not None and _true(properties, "date1904")]

    def read(self, part: str, findings: Findings) -> HiddenCells:
        with self._package.archive.open(part) as content:
            return self._read(content, findings)

    def _read(self, content: IO[bytes], findings: Findings) -> HiddenCells:
        hidden = HiddenCells()
        concealed: set[int] = set()
        row_number = column = 0
        values: list[str] = []
        for element in stream(content, "col", "c", "row"):
            name = local(element)
            if name == "col":
                concealed |= hidden_columns(element)
            elif name == "c":
                column = column_of(element, column + 1)
                if value := self._value(element):
                    values.append(value)
                    if column in concealed:
                        hidden.columns.add(column)
            else:
                row_number = int(element.get("r", row_number + 1))
                if values:
                    findings.add_text("\t".join(values) + "\n")
                    if is_hidden_row(element):
                        hidden.rows.add(row_number)
                values, column = [], 0
        return hidden

    def _value(self, cell: Any) -> str:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return shared_text(cell)
        value = next((child.text or "" for child in cell if local(child) == "v"), "")
        if not value:
            return ""
        if kind == "s":
            return self._strings[int(value)]
        if kind == "n" and int(cell.get("s", 0)) in self._date_styles:
            return self._date(value)
        return value

    def _date(self, value: str) -> str:
        try:
            return str(from_excel(float(value), self._epoch)).removesuffix(" 00:00:00")
        except (ValueError, OverflowError):
            return value


def _report_hidden(sheet: Sheet, hidden: HiddenCells, findings: Findings) -> None:
    if sheet.hidden:
        return
    if hidden.rows:
        findings.block("hidden-rows", f"工作表“{sheet.name}”有{len(hidden.rows)}个隐藏的行带有内容。")
    if hidden.columns:
        findings.block("hidden-columns", f"工作表“{sheet.name}”有{len(hidden.columns)}个隐藏的列带有内容。")


def _date_styles(package: Package) -> frozenset[int]:
    """Numbers of the cell styles that show a number as a date."""
    dates: set[int] = set()
    for part in package.targets(package.main, "styles"):
        root = package.tree(part)
        formats = dict(BUILTIN_FORMATS)
        for element in root.iter("{*}numFmt"):
            formats[int(element.get("numFmtId", 0))] = element.get("formatCode", "")
        for number, element in enumerate(root.iterfind("{*}cellXfs/{*}xf")):
            if is_date_format(formats.get(int(element.get("numFmtId", 0)), "General")):
                dates.add(number)
    return frozenset(dates)


def _true(element: Any, name: str) -> bool:
    return attribute(element, name).lower() in {"1", "true", "on"}


def _zero(size: str | None) -> bool:
    return size is not None and float(size) == 0


def visible_texts(roots: Iterator[Any]) -> set[int]:
    """Numbers of the shared strings that these sheets use."""
    used: set[int] = set()
    for root in roots:
        for cell in root.iter("{*}c"):
            if cell.get("t") == "s":
                used.update(int(child.text) for child in cell if local(child) == "v" and child.text)
    return used

"""The look of the form: headings, drop-down lists, date formats, explanations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from mingzheng.publish.sheets.columns import (
    CHOICES,
    COLUMNS,
    FORM,
    GUIDE,
    MOST_ROWS,
    REASON_COLUMN,
    SheetColumn,
)

Lists = Mapping[str, Sequence[str]]

HEADING_ROW = 3
LAST_ROW = HEADING_ROW + MOST_ROWS
_RULED_ROWS = 100  # rows that show borders before anything is filled in
_ROW_HEIGHT = 36  # points; two lines of text
_FIRST_WIDTH = 17  # Chinese characters to a line in the first column, a title or a reason
_FACE = "宋体"
_LINE = Side(style="thin", color="8C8C8C")
_BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_RED = "C00000"
_HEADING = PatternFill("solid", fgColor="E7EDF5")
_REQUIRED = PatternFill("solid", fgColor="FBE5D6")
_CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
_LEFT = Alignment(horizontal="left", vertical="center", wrap_text=True)
_LONG = Alignment(horizontal="left", vertical="top", wrap_text=True)
_DATE = "yyyy-mm-dd"
_TEXT = "@"


def write_form(
    target: Path,
    *,
    title: str,
    note: str,
    columns: Sequence[SheetColumn],
    lists: Lists,
    rows: Sequence[Sequence[Any]] = (),
) -> None:
    """Write a workbook of three sheets: the form with ``rows`` (values by ``columns``), the guide, the choices."""
    book = Workbook()
    form = book.worksheets[0]
    form.title = FORM
    _heads(form, title, note, columns)
    for number in range(max(len(rows), _RULED_ROWS)):
        values = rows[number] if number < len(rows) else [None] * len(columns)
        lines = -(-len(str(values[0] or "")) // _FIRST_WIDTH)
        form.row_dimensions[HEADING_ROW + 1 + number].height = max(_ROW_HEIGHT, 16 * lines + 4)
        for place, (column, value) in enumerate(zip(columns, values, strict=True), start=1):
            _style(_put(form, HEADING_ROW + 1 + number, place, value), column)
    _guide(book.create_sheet(GUIDE), lists)
    _choices(book.create_sheet(CHOICES), lists)
    for place, column in enumerate(columns, start=1):
        if rule := _validation(column, lists):
            letter = get_column_letter(place)
            rule.add(f"{letter}{HEADING_ROW + 1}:{letter}{LAST_ROW}")
            form.add_data_validation(rule)
    book.save(target)


def _heads(form: Worksheet, title: str, note: str, columns: Sequence[SheetColumn]) -> None:
    # No cell is merged: the title runs over its empty neighbours, and the frozen rows stay readable.
    _put(form, 1, 1, title).font = Font(name=_FACE, size=18, bold=True)
    _put(form, 2, 1, note).font = Font(name=_FACE, size=10, color="595959")
    for row, height in ((1, 34), (2, 22), (HEADING_ROW, 30)):
        form.row_dimensions[row].height = height
    for row in (1, 2):
        form.cell(row, 1).alignment = Alignment(horizontal="left", vertical="center")
    for place, column in enumerate(columns, start=1):
        marked = column.required or column is REASON_COLUMN
        _head(_put(form, HEADING_ROW, place, column.heading), marked)
        below = form.column_dimensions[get_column_letter(place)]
        below.width = column.width
        _style(below, column)
    form.freeze_panes = f"B{HEADING_ROW + 1}"
    form.sheet_view.showGridLines = False
    form.print_title_rows = f"{HEADING_ROW}:{HEADING_ROW}"
    _paper(form, "landscape")
    form.page_setup.paperSize = form.PAPERSIZE_A3


def _head(cell: Cell, marked: bool) -> None:
    cell.font = Font(name=_FACE, size=11, bold=True, color=_RED if marked else None)
    cell.fill = _REQUIRED if marked else _HEADING
    cell.border, cell.alignment = _BORDER, _CENTRE


def _style(place: Any, column: SheetColumn) -> None:
    """The look of a cell to fill in, or of a whole column below the ruled rows."""
    place.font = Font(name=_FACE, size=11, color=_RED if column is REASON_COLUMN else None)
    if column.is_date or column.label in ("体裁", "公开属性"):
        place.alignment = _CENTRE
    else:
        place.alignment = _LONG if column.label in ("正文", "内容概述") else _LEFT
    if column.is_date:
        place.number_format = _DATE
    elif column.label in ("栏目代码", "主题分类", "文号"):
        place.number_format = _TEXT  # or Excel makes a number of 2.10
    if isinstance(place, Cell):
        place.border = _BORDER


def _validation(column: SheetColumn, lists: Lists) -> DataValidation | None:
    if column.has_choices:
        letter = get_column_letter(list(lists).index(column.label) + 1)
        last = max(len(lists[column.label]), 1) + 1
        rule = DataValidation("list", f"'{CHOICES}'!${letter}$2:${letter}${last}", allow_blank=True)
        # A column may also be named by its code alone; the reading checks it.
        rule.showErrorMessage = column.field != "column_code"
        rule.error = f"{column.label}须从下拉列表中选择。"
    elif column.is_date:
        rule = DataValidation(
            "date", "DATE(1949,10,1)", "DATE(2099,12,31)", operator="between", allow_blank=True
        )
        rule.errorStyle, rule.showErrorMessage = "warning", True
        rule.error = f"{column.label}请按2018-3-5的形式填写。"
    elif column.limit:
        rule = DataValidation(
            "textLength",
            str(column.limit),
            operator="lessThanOrEqual",
            allow_blank=True,
            showErrorMessage=True,
        )
        rule.error = f"{column.label}不得超过{column.limit}个字。"
    else:
        return None
    rule.errorTitle = column.label
    return rule


def _guide(sheet: Worksheet, lists: Lists) -> None:
    """One line per column: whether it must be filled in, its rule, an example."""
    _put(sheet, 1, 1, "填写说明").font = Font(name=_FACE, size=16, bold=True)
    sheet.row_dimensions[1].height = 32
    for place, (heading, width) in enumerate(
        (("序号", 7), ("列名", 16), ("是否必填", 11), ("填写规则", 62), ("示例", 40)), start=1
    ):
        _head(_put(sheet, 2, place, heading), marked=False)
        sheet.column_dimensions[get_column_letter(place)].width = width
    for number, column in enumerate(COLUMNS, start=1):
        example = column.example or next(iter(lists.get(column.label, ())), "")
        line = (number, column.label, "必填" if column.required else "选填", column.rule, example)
        lines = max(-(-len(column.rule) // 27), -(-len(example) // 17))
        sheet.row_dimensions[number + 2].height = 16 * lines + 10
        for place, value in enumerate(line, start=1):
            cell = _put(sheet, number + 2, place, value)
            cell.font = Font(name=_FACE, size=11, color=_RED if value == "必填" else None)
            cell.border, cell.alignment = _BORDER, _LEFT if place > 3 else _CENTRE
    notes = (
        f"一、一行填报一条信息，每个文件最多{MOST_ROWS}行；“{FORM}”表的列可以调换次序，列名不能改动。",
        "二、不要合并单元格，不要隐藏行，公式须有计算结果；有这些情形的行会被退回。",
        "三、退回的行另成一个文件，首列写明错误原因；更正后可以直接再次提交，首列不必删除。",
    )
    for number, text in enumerate(notes, start=len(COLUMNS) + 4):
        _put(sheet, number, 1, text).font = Font(name=_FACE, size=11)
        sheet.row_dimensions[number].height = 20
    sheet.freeze_panes = "A3"
    sheet.sheet_view.showGridLines = False
    _paper(sheet, "landscape")


def _choices(sheet: Worksheet, lists: Lists) -> None:
    for place, (label, values) in enumerate(lists.items(), start=1):
        _head(_put(sheet, 1, place, label), marked=False)
        longest = max((len(value) for value in values), default=0)
        sheet.column_dimensions[get_column_letter(place)].width = min(max(12, longest * 2), 60)
        for number, value in enumerate(values, start=2):
            cell = _put(sheet, number, place, value)
            cell.font, cell.border = Font(name=_FACE, size=11), _BORDER
    sheet.freeze_panes = "A2"
    sheet.sheet_view.showGridLines = False
    _paper(sheet, "portrait")


def _paper(sheet: Worksheet, orientation: Literal["portrait", "landscape"]) -> None:
    """Printed on A4, all columns on one page's width."""
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = orientation
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    footer = sheet.oddFooter
    assert footer is not None
    footer.center.text = "第&P页，共&N页"


def _put(sheet: Worksheet, row: int, column: int, value: Any) -> Cell:
    """Set a cell; text stays text, even when it begins like a formula."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
        cell.data_type = "s"
    else:
        cell.value = value
        if isinstance(value, date):
            cell.number_format = _DATE
    return cell

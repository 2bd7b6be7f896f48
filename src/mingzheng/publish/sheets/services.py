"""The only door of the sheets: the form to fill in, its rows as drafts, and the refused rows to correct."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from mingzheng.law.errors import Refusal
from mingzheng.publish.catalogue.editions.field_table import MOST_ROWS, FieldTable, read_field
from mingzheng.publish.items.models import Openness
from mingzheng.publish.sheets import cells
from mingzheng.publish.sheets.columns import CHOICES, COLUMNS, REASON_COLUMN
from mingzheng.publish.sheets.form import write_form
from mingzheng.publish.sheets.opening import OpenSheet, intact, open_sheet
from mingzheng.publish.sheets.reading import SheetRow, find_headings, raw_rows, read_row
from mingzheng.publish.sheets.tables import table_rows

__all__ = [
    "OpenSheet",
    "SheetRow",
    "intact",
    "open_sheet",
    "read_field_table",
    "read_rows",
    "write_error_sheet",
    "write_template",
]

_FORM_NAME, _RETURNED = "政府信息批量填报表", "（退回更正）"
_NOTE = "带*的列必须填写；一行一条信息；各列的填写规则和示例见“填写说明”表。"
_ERROR_NOTE = "以下各行未能导入，请按“错误原因”更正后再次提交；已经导入的行不在本表。"
_MOST_CHOICES = 2000


def write_template(
    target: Path,
    *,
    unit_name: str,
    columns: Iterable[tuple[str, str]],
    themes: Iterable[tuple[str, str]],
    genres: Iterable[str],
) -> None:
    """Write the form that an officer of a unit fills in.

    ``columns`` are the unit's columns as (code, name with its path); ``themes`` as (code, name), such as the
    items of the catalogue's ``theme_names()``; ``genres`` by name.
    """
    lists = {
        "栏目代码": [f"{code} {name}" for code, name in columns],
        "主题分类": [cells.theme_entry(code, name) for code, name in themes],
        "体裁": list(genres),
        "公开属性": [str(label) for label in Openness.labels],
    }
    write_form(target, title=f"{unit_name}{_FORM_NAME}", note=_NOTE, columns=COLUMNS, lists=lists)


def read_rows(path: Path, *, unit_code: str = "") -> Iterator[SheetRow]:
    """The rows of a filled-in form in order, each a draft of the unit or an error; empty rows are passed over.

    Raises ``Refusal`` at once when the file is no sound xlsx file, unpacks too large, lacks a required heading,
    has an unknown one, or has too many rows. What the rules of items demand beyond the form of a value is
    checked when the drafts are published.
    """
    sheet = open_sheet(path)
    rows = raw_rows(sheet, find_headings(sheet))
    return (read_row(sheet, row, unit_code) for row in rows)


def read_field_table(path: Path) -> FieldTable:
    """The matters of a standard table of a field (基层政务公开标准目录), or what is wrong row by row.

    Raises ``Refusal`` at once when the file is no sound xlsx file, unpacks too large, lacks one of the fixed
    headings, or has no or too many rows.
    """
    sheet = open_sheet(path)
    return read_field(table_rows(sheet, MOST_ROWS), sheet.name)


def write_error_sheet(source: Path, errors: Mapping[int, str], target: Path) -> None:
    """Write a form with only the refused rows of ``source``, the reason before each in red.

    ``errors`` are sentences by the rows' numbers in Excel. The new form can be corrected and read again.
    Raises ``Refusal`` as :func:`read_rows` does, and when a number is that of no row.
    """
    sheet = open_sheet(source)
    rows = [
        [f"原第{row.number}行：{errors[row.number]}", *(row.values.get(column.label) for column in COLUMNS)]
        for row in raw_rows(sheet, find_headings(sheet))
        if row.number in errors
    ]
    if len(rows) != len(errors):
        raise Refusal(f"“{source.name}”中没有要退回的全部行，请核对是不是同一个文件。")
    write_form(
        target,
        title=_title(sheet),
        note=_ERROR_NOTE,
        columns=(REASON_COLUMN, *COLUMNS),
        lists=_lists(sheet),
        rows=rows,
    )


def _title(sheet: OpenSheet) -> str:
    with intact(sheet.name):
        first = cells.text(next(sheet.book[sheet.title].iter_rows(max_row=1, max_col=1, values_only=True))[0])
    title = first.removesuffix(_RETURNED)
    return f"{title if title.endswith(_FORM_NAME) else _FORM_NAME}{_RETURNED}"


def _lists(sheet: OpenSheet) -> dict[str, Sequence[str]]:
    """The choices that the source offers, so that the rows can be corrected by the same lists."""
    lists: dict[str, Sequence[str]] = {column.label: [] for column in COLUMNS if column.has_choices}
    if CHOICES not in sheet.book.sheetnames:
        return lists
    with intact(sheet.name):
        rows = sheet.book[CHOICES].iter_rows(max_row=_MOST_CHOICES, max_col=len(lists), values_only=True)
        for heading, *values in zip(*rows, strict=True):
            if heading in lists:
                lists[heading] = [entry for value in values if (entry := cells.text(value))]
    return lists

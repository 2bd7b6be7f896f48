"""Reads the rows of a filled-in sheet, one by one, as drafts of items."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from openpyxl.utils import get_column_letter

from mingzheng.law.errors import Refusal
from mingzheng.publish.items.drafts import ItemDraft
from mingzheng.publish.items.validation import ItemRefused
from mingzheng.publish.sheets import cells
from mingzheng.publish.sheets.columns import BY_LABEL, COLUMNS, MOST_ROWS, REASON, SheetColumn
from mingzheng.publish.sheets.opening import OpenSheet, intact

_HEAD_ROWS = 10  # title and notes may stand above the headings
_MOST_COLUMNS = 64


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row that is not empty: its number in Excel, and its draft or the sentence that refuses it."""

    number: int
    draft: ItemDraft | None
    error: str | None


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row as the sheet holds it: values by label, what stands under no heading, and cells that are errors."""

    number: int
    values: Mapping[str, Any]
    stray: list[str]
    broken: list[str]


@dataclass(frozen=True, slots=True)
class Headings:
    """The row of headings: its number in Excel, and the label of each column by its number."""

    number: int
    labels: Mapping[int, str]


def find_headings(sheet: OpenSheet) -> Headings:
    """The row with the headings, in any order. Raises ``Refusal`` naming what is missing, unknown or doubled."""
    known = {*BY_LABEL, REASON}
    with intact(sheet.name):
        heads = list(
            sheet.book[sheet.title].iter_rows(max_row=_HEAD_ROWS, max_col=_MOST_COLUMNS, values_only=True)
        )
    for number, values in enumerate(heads, start=1):
        labels = {place: label for place, value in enumerate(values, start=1) if (label := _label(value))}
        if len(known.intersection(labels.values())) >= 2:
            _check_headings(sheet, list(labels.values()), known)
            return Headings(number, labels)
    needed = "、".join(column.label for column in COLUMNS if column.required)
    raise Refusal(f"“{sheet.name}”的“{sheet.title}”表前{_HEAD_ROWS}行中没有表头，表头须有{needed}各列。")


def _label(value: Any) -> str:
    return "".join(cells.text(value).split()).strip("*＊")


def _check_headings(sheet: OpenSheet, labels: list[str], known: set[str]) -> None:
    if unknown := [label for label in labels if label not in known]:
        raise Refusal(f"“{sheet.name}”的表头有无法识别的列“{'”“'.join(unknown)}”，请使用模板中的列名。")
    if doubled := sorted({label for label in labels if labels.count(label) > 1}):
        raise Refusal(f"“{sheet.name}”的表头中“{'”“'.join(doubled)}”列重复出现，每列只能有一个。")
    if missing := [column.label for column in COLUMNS if column.required and column.label not in labels]:
        raise Refusal(f"“{sheet.name}”的表头缺少必填的列“{'”“'.join(missing)}”。")


def raw_rows(sheet: OpenSheet, headings: Headings) -> Iterator[RawRow]:
    """The rows below the headings that are not empty. Raises ``Refusal`` before the first if there are too many."""
    filled = [number for number in sheet.facts.filled if number > headings.number]
    if len(filled) > MOST_ROWS:
        raise Refusal(
            f"“{sheet.name}”有{len(filled)}行，超过每个文件{MOST_ROWS}行的上限，请分成几个文件提交。"
        )
    return _raw_rows(sheet, headings, filled[-1] if filled else headings.number)


def _raw_rows(sheet: OpenSheet, headings: Headings, last: int) -> Iterator[RawRow]:
    first = headings.number + 1
    if last < first:
        return
    with intact(sheet.name):
        rows = sheet.book[sheet.title].iter_rows(min_row=first, max_row=last, max_col=_MOST_COLUMNS)
        for number, row in enumerate(rows, start=first):
            values: dict[str, Any] = {}
            stray, broken = [], []
            for place, cell in enumerate(row, start=1):
                computed = (number, place) not in sheet.facts.uncomputed
                if computed and (cell.value is None or not cells.text(cell.value)):
                    continue
                label = headings.labels.get(place)
                if label is None:
                    stray.append(f"{get_column_letter(place)}列没有表头却有内容")
                    continue
                if not computed:
                    broken.append(f"{label}是没有计算结果的公式，请粘贴为数值")
                elif cell.data_type == "e":
                    broken.append(f"{label}是错误值“{cells.text(cell.value)}”")
                values[label] = cell.value
            if values or stray:
                yield RawRow(number, values, stray, broken)


def read_row(sheet: OpenSheet, raw: RawRow, unit_code: str) -> SheetRow:
    """One row as a draft, or everything that is wrong with it in one sentence."""
    errors = [*raw.stray, *raw.broken]
    if raw.number in sheet.facts.hidden:
        errors.append("该行被隐藏，请取消隐藏并核对内容")
    if raw.number in sheet.facts.merged:
        errors.append("该行有合并的单元格，请取消合并并逐格填写")
    fields: dict[str, Any] = {}
    if not errors:
        for column in COLUMNS:
            try:
                fields[column.field] = _value(column, raw.values.get(column.label))
            except ItemRefused as refused:
                errors.append(refused.reason)
    if errors:
        return SheetRow(raw.number, None, f"{'；'.join(errors)}。")
    fields["unit_code"] = fields["unit_code"] or unit_code
    return SheetRow(raw.number, ItemDraft(**fields), None)


def _value(column: SheetColumn, value: Any) -> Any:
    if column.required and not cells.text(value):
        raise ItemRefused(f"缺少{column.label}，该列必须填写")
    if column.is_date:
        return cells.day(column, value)
    if column.has_choices:
        return cells.choice(column, value)
    plain = cells.text(value)
    return cells.paragraphs(plain) if column.field == "body" else plain

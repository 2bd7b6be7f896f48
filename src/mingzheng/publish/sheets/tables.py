"""Reads a whole sheet as a table of texts, for tables that offices drew themselves: merged cells hold their text everywhere."""

from __future__ import annotations

from collections.abc import Iterator

from openpyxl.utils import get_column_letter

from mingzheng.law.errors import Refusal
from mingzheng.publish.catalogue.editions.field_table import TableRow
from mingzheng.publish.sheets import cells
from mingzheng.publish.sheets.opening import OpenSheet, intact

MOST_COLUMNS = 64


def table_rows(sheet: OpenSheet, most: int) -> list[TableRow]:
    """The rows of the sheet that is open, at most so many. Raises ``Refusal`` when there are more."""
    if len(sheet.facts.filled) > most:
        raise Refusal(f"“{sheet.name}”有{len(sheet.facts.filled)}行，超过{most}行的上限。")
    return list(_rows(sheet))


def _rows(sheet: OpenSheet) -> Iterator[TableRow]:
    last = sheet.facts.filled[-1] if sheet.facts.filled else 0
    if not last:
        return
    held: dict[tuple[int, int], str] = {}  # the text of each merged cell, by its left upper corner
    merged = _merged(sheet, last)
    with intact(sheet.name):
        rows = sheet.book[sheet.title].iter_rows(max_row=last, max_col=MOST_COLUMNS)
        for number, row in enumerate(rows, start=1):
            texts, continued, problems = [], set[int](), []
            for place, cell in enumerate(row, start=1):
                text = cells.text(cell.value)
                if (number, place) in sheet.facts.uncomputed:
                    problems.append(f"{get_column_letter(place)}列是没有计算结果的公式，请粘贴为数值")
                elif cell.data_type == "e":
                    problems.append(f"{get_column_letter(place)}列是错误值“{text}”")
                corner = merged.get((number, place))
                if corner is not None:
                    held.setdefault(corner, text)
                    text = held[corner]
                    if corner[0] < number:
                        continued.add(place - 1)
                texts.append(text)
            if number in sheet.facts.hidden:
                problems.append("该行被隐藏，请取消隐藏并核对内容")
            yield TableRow(number, tuple(texts), frozenset(continued), tuple(problems))


def _merged(sheet: OpenSheet, last: int) -> dict[tuple[int, int], tuple[int, int]]:
    """The left upper corner of the merged cell to which each cell (row, column) belongs."""
    return {
        (row, place): (top, left)
        for left, top, right, bottom in sheet.facts.ranges
        for row in range(top, min(bottom, last) + 1)
        for place in range(left, min(right, MOST_COLUMNS) + 1)
    }

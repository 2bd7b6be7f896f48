"""A list of items as a table to take away, CSV or Excel, written out while it is read."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import BytesIO
from typing import Final

from django.db.models import QuerySet
from openpyxl import Workbook

from mingzheng.law.errors import Refusal
from mingzheng.office.items.filters import after
from mingzheng.office.manuscripts.screens import minute
from mingzheng.publish.items.models import Item, Openness, Status

MOST: Final = 20_000
HEADINGS: Final = (
    "索引号", "名称", "文号", "发布机构", "栏目", "公开属性", "状态", "首次发布时间", "修改时间", "撤回时间", "撤回理由",
)  # fmt: skip
_PIECE: Final = 1000
_FIELDS: Final = (
    "id", "index_no", "title", "doc_no", "unit__name", "column__name", "openness", "status", "first_published_at",
    "amended_at", "withdrawn_at", "withdrawal_reason",
)  # fmt: skip
_OPENNESS: Final = dict(Openness.choices)
_STATUS: Final = dict(Status.choices)


def check_size(found: QuerySet[Item]) -> None:
    """Raises Refusal when the list is longer than a table may be."""
    if found.values("pk")[: MOST + 1].count() > MOST:
        raise Refusal(f"筛选结果超过{MOST}条，请缩小范围后再导出。")


def lines(found: QuerySet[Item]) -> Iterator[str]:
    """CSV, line by line; the mark at its start tells Excel that it is UTF-8."""
    writer = csv.writer(_Line())
    yield "\ufeff" + writer.writerow(HEADINGS)
    for row in _rows(found):
        yield writer.writerow(row)


def workbook(found: QuerySet[Item]) -> BytesIO:
    """An Excel file; at its longest it takes about two megabytes."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("信息清单")
    sheet.freeze_panes = "A2"
    for letter, width in zip("ABCDEFGHIJK", (24, 60, 22, 26, 18, 12, 18, 18, 18, 18, 40), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.append(HEADINGS)
    for row in _rows(found):
        sheet.append(row)
    file = BytesIO()
    book.save(file)
    file.seek(0)
    return file


class _Line:
    """What ``csv`` writes to: gives the line back."""

    def write(self, line: str) -> str:
        return line


def _rows(found: QuerySet[Item]) -> Iterator[list[str]]:
    """The cells, read in pieces: no query stays open while a slow reader takes the table."""
    piece = list(found.values_list(*_FIELDS)[:_PIECE])
    while piece:
        for _, index_no, title, doc_no, unit, column, openness, status, *times, reason in piece:
            cells = (index_no, title, doc_no, unit, column, _OPENNESS[openness], _STATUS[status])
            yield [plain(cell) for cell in (*cells, *map(minute, times), reason)]
        piece = list(after(found, str(piece[-1][0])).values_list(*_FIELDS)[:_PIECE])


def plain(text: str) -> str:
    """Text that Excel does not take for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text

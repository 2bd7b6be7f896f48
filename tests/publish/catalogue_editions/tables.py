"""Standard tables as offices draw them: title, one or two rows of headings, cells merged downwards, check marks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

UPPER = ["序号", "公开事项", None, "公开内容(要素)", "公开依据", "公开时限", "公开主体", "公开渠道和载体",
         "公开对象", None, "公开方式", None, "公开层级", None]  # fmt: skip
LOWER = [
    None,
    "一级事项",
    "二级事项",
    None,
    None,
    None,
    None,
    None,
    "全社会",
    "特定群体",
    "主动",
    "依申请公开",
    "县级",
    "乡、村级",
]
BASIS = "《中华人民共和国政府信息公开条例》第二十一条"
CHANNELS = "■政府网站   □政府公报\n■公开查阅点 □其他"


def line(first: str | None, second: str | None, **changes: Any) -> list[Any]:
    """A row of the table; a change names the column of the standard."""
    row: dict[str, Any] = {
        "序号": None, "一级事项": first, "二级事项": second, "公开内容": "1.征收决定；\n2.补偿方案；\n3.分户补偿结果",
        "公开依据": BASIS, "公开时限": "自信息形成之日起20个工作日内", "公开主体": "县征收办", "公开渠道": CHANNELS,
        "全社会": "√", "特定群体": None, "主动": "√", "依申请": None, "县级": "√", "乡村级": "√",
    }  # fmt: skip
    return list((row | changes).values())


def table(path: Path, lines: list[list[Any]], merges: tuple[str, ...] = (), *, title: bool = True) -> Path:
    """Write the table with two rows of headings; ``merges`` are ranges of the sheet."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    if title:
        sheet.append(["国有土地上房屋征收与补偿领域基层政务公开标准目录"])
        sheet.merge_cells("A1:N1")
    top = sheet.max_row + 1 if title else 1
    for row in (UPPER, LOWER, *lines):
        sheet.append(row)
    for place, (upper, lower) in enumerate(zip(UPPER, LOWER, strict=True), start=1):
        if upper and not lower:
            sheet.merge_cells(start_row=top, end_row=top + 1, start_column=place, end_column=place)
        elif upper:
            sheet.merge_cells(start_row=top, end_row=top, start_column=place, end_column=place + 1)
    for merge in merges:
        sheet.merge_cells(merge)
    book.save(path)
    return path

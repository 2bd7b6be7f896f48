"""The monthly work sheet of outsourced operators: on screen, and as a table to file with the contract."""

from __future__ import annotations

import io
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from mingzheng.law.errors import Refusal
from mingzheng.measure.operators import OperatorMonth, operator_months
from mingzheng.office.guard import access_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEAD = ("运维人员", "单位", "起草", "送审", "退回", "退回率", "发布")


@require_GET
def months(request: HttpRequest) -> HttpResponse:
    """The month that is asked for (``?month=2026-11``), else this one; ``&export=xlsx`` gives the table."""
    month = _month(request.GET.get("month", ""))
    rows = operator_months(access_of(request).units("operator.read"), month)
    if request.GET.get("export") == "xlsx":
        headers = {"Content-Disposition": f'attachment; filename="operators-{month:%Y-%m}.xlsx"'}
        return HttpResponse(work_sheet(rows, month), content_type=XLSX, headers=headers)
    return render(request, "office/operators.html", {"rows": rows, "month": f"{month:%Y-%m}"})


def work_sheet(rows: list[OperatorMonth], month: date) -> bytes:
    """The table, and below it every manuscript that was written."""
    book = Workbook()
    sheet = book.active or book.create_sheet()
    sheet.title = "运维工作量"
    sheet.append([f"第三方运维工作量（{month.year}年{month.month}月）"])
    sheet.merge_cells("A1:G1")
    sheet["A1"].font, sheet["A1"].alignment = Font(bold=True, size=14), Alignment(horizontal="center")
    sheet.append(list(HEAD))
    for row in rows:
        counts = [len(row.written), row.handed_in, row.returned, row.return_rate, row.published]
        sheet.append([str(row.operator), str(row.unit), *counts])
    listed = book.create_sheet("起草明细")
    listed.append(["运维人员", "单位", "栏目", "标题", "状态", "起草时间"])
    for row in rows:
        for each in row.written:
            at = f"{timezone.localtime(each.created_at):%Y-%m-%d %H:%M}"
            column = str(each.column or "")
            listed.append(
                [str(row.operator), str(row.unit), column, _plain(each.title), each.get_state_display(), at]
            )
    for page, widths in ((sheet, (18, 26, 8, 8, 8, 10, 8)), (listed, (18, 26, 22, 50, 14, 18))):
        for letter, width in zip("ABCDEFG", widths, strict=False):
            page.column_dimensions[letter].width = width
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _plain(title: str) -> str:
    """A title that a spreadsheet takes for text, whatever it begins with."""
    return f"'{title}" if title.startswith(("=", "+", "-", "@")) else title


def _month(text: str) -> date:
    if not text:
        return timezone.localdate().replace(day=1)
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise Refusal(f"月份“{text}”有误，应写作2026-11的形式。") from None

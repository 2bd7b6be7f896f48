"""浏览统计: one screen for the city and for a unit, and its table to take away."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from mingzheng.law.errors import Refusal
from mingzheng.office.guard import access_of
from mingzheng.office.readings.filters import ReadingFilter
from mingzheng.office.readings.screens import Readings

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
def readings(request: HttpRequest) -> HttpResponse:
    """The readings asked for (period, unit, column, item); ``&export=xlsx`` gives the tables."""
    form = ReadingFilter(access_of(request), request.GET)
    asked = request.GET.copy()
    export = asked.pop("export", None)
    if not form.is_valid():
        if export:
            raise Refusal("筛选条件有误，请改正后再导出。")
        return render(request, "office/readings/list.html", {"form": form, "periods": _periods()})
    found = Readings(form, asked)
    if export:
        name = f"readings-{form.period.since}-{form.period.until}.xlsx"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(found.workbook(), content_type=XLSX, headers=headers)
    return render(
        request, "office/readings/list.html", {"form": form, "periods": _periods(), **found.screen()}
    )


def _periods() -> list[tuple[str, date, date]]:
    """Periods that are often asked for."""
    today = timezone.localdate()
    year = today.year
    return [
        ("近7天", today - timedelta(days=6), today),
        ("近30天", today - timedelta(days=29), today),
        ("本年", date(year, 1, 1), today),
        ("上一年", date(year - 1, 1, 1), date(year - 1, 12, 31)),
    ]

"""What the screen of readings shows, and its workbook: sums by day, unit, column, item and page."""

from __future__ import annotations

import io
from datetime import date
from typing import Any, Final, NamedTuple

from django.http import QueryDict
from django.utils.safestring import mark_safe
from openpyxl import Workbook

from mingzheng.office.items.export import plain
from mingzheng.office.readings.chart import bars
from mingzheng.office.readings.filters import BY, ReadingFilter
from mingzheng.portal.reading.services import SECTIONS, Part, Sums, places
from mingzheng.portal.services import item_path
from mingzheng.publish.items.models import Item

SHOWN: Final = 100  # items or pages on the screen
TAKEN: Final = 5000  # in the workbook
BARS: Final = 92  # days; more are summed by month


class Line(NamedTuple):
    """One line of a table: what it is, where it belongs, its sums, its share of all, and the address that opens it."""

    name: str
    about: str
    sums: Sums
    share: str
    opens: str = ""
    page: str = ""
    """Its public address."""


class Readings:
    """The tables of one question."""

    def __init__(self, form: ReadingFilter, asked: QueryDict) -> None:
        self.form, self.asked = form, asked
        self.part: Part = form.part()
        self.total = self.part.total()

    def screen(self) -> dict[str, Any]:
        by = self.form.cleaned_data["by"]
        item: Item | None = self.form.cleaned_data["item"]
        period = self.form.period
        course = self.course()
        return {
            "total": self.total,
            "visitors": self.part.visitors(),
            "daily": round(self.total.all / len(period.days)),
            "period": period,
            "item": item,
            "chart": mark_safe(bars("浏览量", [(label, sums.all) for label, sums in course])),
            "course": course,
            "monthly": len(period.days) > BARS,
            "by": by,
            "tabs": [(key, name, self._link(by=key)) for key, name in self._kinds()],
            "lines": [] if item else self.lines(by, SHOWN),
            "shown": SHOWN,
            "export": self._link(export="xlsx"),
        }

    def _kinds(self) -> list[tuple[str, str]]:
        return [(key, name) for key, name in BY if key != "unit" or len(self.form.scope) > 1]

    def course(self) -> list[tuple[str, Sums]]:
        """Sums by day; by month when the days are many."""
        days = self.part.by_day()
        if len(days) <= BARS:
            return [(f"{day.month}月{day.day}日", sums) for day, sums in days.items()]
        months: dict[date, Sums] = {}
        for day, sums in days.items():
            first = day.replace(day=1)
            months[first] = months.get(first, Sums()).plus(sums)
        return [(f"{month:%Y-%m}", sums) for month, sums in months.items()]

    def lines(self, by: str, limit: int) -> list[Line]:
        makers = {"unit": self._units, "column": self._columns, "item": self._items, "page": self._pages}
        return makers[by](limit)

    def _units(self, limit: int) -> list[Line]:
        sums: dict[int | None, Sums] = {}
        for unit, found in self.part.by_unit().items():
            line = None if unit is None else self.form.below(unit)
            sums[line] = sums.get(line, Sums()).plus(found)
        lines = []
        for unit, found in _largest(sums):
            if unit is None:
                lines.append(
                    self._line("门户公共页面", "首页、名录、文件库、搜索等", found, self._link(by="page"))
                )
                continue
            own = unit in self.form.tops
            opens = {
                "unit": self.form.name_of(unit),
                "own": "on" if own else "",
                "by": "column" if own else "unit",
            }
            name = self.form.units[unit].name
            about = "本级" if own and len(self.form.scope) > 1 else ""
            lines.append(self._line(name, about, found, self._link(**opens)))
        return lines

    def _columns(self, limit: int) -> list[Line]:
        known = {pk: (code, name) for pk, code, name in self.form.columns}
        lines = []
        for column, found in _largest(self.part.by_column()):
            if column is None:
                lines.append(self._line("不属于栏目的页面", "首页、目录等", found, self._link(by="page")))
            else:
                code, name = known[column]
                lines.append(self._line(name, code, found, self._link(column=code, by="item")))
        return lines

    def _items(self, limit: int) -> list[Line]:
        sums = self.part.by_item(limit)
        found = Item.objects.defer("body", "abstract").select_related("unit", "column")
        items = found.in_bulk([each.item for each in sums])
        public = set(Item.objects.public().filter(pk__in=items).values_list("pk", flat=True))
        lines = []
        for each in sums:
            item = items[each.item]
            about = f"{item.unit.name}　{item.column.name}"
            page = item_path(item.pk, item.first_published_at) if item.pk in public else ""
            lines.append(self._line(item.title, about, Sums(each.views), self._link(item=str(item.pk)), page))
        return lines

    def _pages(self, limit: int) -> list[Line]:
        sums = self.part.by_page(limit)
        columns = {pk: name for pk, _, name in self.form.columns}
        placed = places(page for page, _ in sums)
        lines = []
        for page, count in sums:
            place = placed[page]
            unit = self.form.units.get(place.unit) if place.unit else None
            name = columns.get(place.column or 0) or ("单位首页" if unit else SECTIONS.get(page, page))
            lines.append(self._line(name, unit.name if unit else "", Sums(0, count), page=page))
        return lines

    def _line(self, name: str, about: str, sums: Sums, opens: str = "", page: str = "") -> Line:
        share = f"{sums.all / self.total.all:.1%}" if self.total.all else ""
        return Line(name, about, sums, share, opens, page)

    def _link(self, **changed: str) -> str:
        """The same question with something changed."""
        asked = self.asked.copy()
        for name, value in changed.items():
            asked[name] = value
        for name in [name for name, value in asked.items() if not value]:
            del asked[name]
        return f"?{asked.urlencode()}"

    def workbook(self) -> bytes:
        """All tables, a sheet each."""
        book = Workbook(write_only=True)
        period = f"{self.form.period.since}至{self.form.period.until}"
        sheet = book.create_sheet("按日")
        sheet.append([f"浏览统计（{period}）"])
        sheet.append(["日期", "信息", "首页和列表等", "合计"])
        for day, sums in self.part.by_day().items():
            sheet.append([day, sums.items, sums.pages, sums.all])
        sheet.append(["合计", self.total.items, self.total.pages, self.total.all])
        if not self.form.cleaned_data["item"]:
            for key, name in BY:
                sheet = book.create_sheet(name)
                sheet.append(["名称", "说明", "信息", "首页和列表等", "合计", "占比", "网址"])
                for line in self.lines(key, TAKEN):
                    cells = [
                        plain(line.name),
                        plain(line.about),
                        line.sums.items,
                        line.sums.pages,
                        line.sums.all,
                    ]
                    sheet.append([*cells, line.share, line.page])
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()


def _largest(sums: dict[int | None, Sums]) -> list[tuple[int | None, Sums]]:
    return sorted(sums.items(), key=lambda each: -each[1].all)

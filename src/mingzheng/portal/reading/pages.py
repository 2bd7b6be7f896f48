"""Which addresses have readings, and under which name they are kept: every page of the portal that a person reads.

An item is kept by its number, everything else by its address; the pages of a list count for the list, the pages below
a section (the library, the gazette, the topics, figures, reports, search) for the section. So nobody makes up pages:
there are as many as there are items, units, columns of units, and sections.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from mingzheng.city.models import Unit
from mingzheng.portal import addresses
from mingzheng.publish.catalogue.models import Column

SECTIONS: Final = {
    addresses.HOME: "首页",
    addresses.UNITS: "单位名录",
    addresses.DOCUMENTS: "规范性文件",
    addresses.GAZETTE: "政府公报",
    addresses.TOPICS: "专题",
    addresses.FIGURES: "公开数据",
    addresses.REPORTS: "年度报告",
    addresses.SEARCH: "搜索",
}
_BELOW: Final = tuple(each for each in SECTIONS if each not in (addresses.HOME, addresses.UNITS))
LONGEST: Final = 200  # characters of an address


class Place(NamedTuple):
    """Where a page that is no item belongs: to a unit, and to one of its columns if it is a list."""

    unit: int | None = None
    column: int | None = None


def page_of(path: str) -> str | None:
    """The name under which a page that is no item is counted; None for addresses that are not."""
    if len(path) > LONGEST:
        return None
    if path in SECTIONS:
        return path
    if (code := addresses.read_unit(path)) is not None:
        return path if Unit.objects.filter(code=code).exists() else None
    if (listed := addresses.read_list(path)) is not None:
        code, slug, _ = listed
        known = Unit.objects.filter(code=code).exists() and Column.objects.filter(code__iexact=slug).exists()
        return addresses.list_path(code, slug) if known else None
    return next((section for section in _BELOW if path.startswith(section)), None)


def places(pages: Iterable[str]) -> dict[str, Place]:
    """Where each page belongs, by its name."""
    units = dict(Unit.objects.values_list("code", "id"))
    columns = {code.lower(): pk for code, pk in Column.objects.values_list("code", "id")}

    def place(page: str) -> Place:
        if (listed := addresses.read_list(page)) is not None:
            return Place(units.get(listed[0]), columns.get(listed[1]))
        return Place(units.get(addresses.read_unit(page) or ""))

    return {page: place(page) for page in pages}

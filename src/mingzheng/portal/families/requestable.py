"""依申请公开目录: what a unit holds that is open on request, month by month: number, title and day, never a body."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet
from django.utils import timezone

from mingzheng.portal import addresses
from mingzheng.portal.families import Page
from mingzheng.portal.families.facts import UnitFacts
from mingzheng.publish.items.models import Item, Openness, Status

FAMILY: Final = "requestable"
TITLE: Final = "依申请公开目录"
_PATH: Final = re.compile(r"/units/([-\w]+)/on-request/(?:(\d{6})\.html)?")


def requestable(**chosen: Any) -> QuerySet[Item]:
    """The published items that are open on request. Only what stands in the directory may be shown of them."""
    return Item.objects.filter(status=Status.PUBLISHED, openness=Openness.ON_REQUEST, **chosen)


def months_path(unit_code: str) -> str:
    return f"/units/{unit_code}/on-request/"


def month_path(unit_code: str, month: str) -> str:
    """``month`` as ``201803``."""
    return f"{months_path(unit_code)}{month}.html"


def month_of(at: datetime) -> str:
    minute = addresses.city_minute(at)
    return minute[:4] + minute[5:7]


def read_requestable(path: str) -> tuple[str, str | None] | None:
    """Unit code and month in an address of this family, None for any other."""
    match = _PATH.fullmatch(path)
    return (match[1], match[2]) if match else None


def requestable_pages(facts: UnitFacts) -> Iterator[Page]:
    """The unit's directory and each of its months."""
    months = _months(facts)
    for month in (None, *months) if months else ():
        page = requestable_page(facts, month)
        if page is not None:
            yield page


def has_requestable(facts: UnitFacts) -> bool:
    """Whether the unit has such a directory."""
    return bool(_months(facts))


def requestable_page(facts: UnitFacts, month: str | None) -> Page | None:
    """One page of the directory, None when nothing stands on it."""
    months = _months(facts)
    unit = facts.unit
    path = month_path(unit.code, month) if month else months_path(unit.code)
    rows = _rows(facts, month) if month else []
    if not months or (month and not rows):
        return None
    name = f"{month[:4]}年{int(month[4:])}月{TITLE}" if month else TITLE
    crumbs = [{"title": "首页", "url": facts.site.home}, {"title": unit.name, "url": facts.path}]
    crumbs += [{"title": TITLE, "url": months_path(unit.code)}] if month else []
    tags = {
        "name": name,
        "description": f"{unit.name}{name}",
        "keywords": "依申请公开,目录",
        "type": "信息公开目录",
    }
    context = {
        "page": {"title": f"{name}_{unit.name}", "path": path, "url": facts.site.address(path), "column": tags},
        "crumbs": [*crumbs, {"title": name}],
        "unit": {"name": unit.name, "url": facts.path},
        "heading": name,
        "months": [
            {"name": f"{each[:4]}年{int(each[4:])}月", "url": month_path(unit.code, each), "count": count}
            for each, count in sorted(months.items(), reverse=True)
        ] if not month else [],
        "rows": rows,
    }  # fmt: skip
    return Page(path, FAMILY, unit.pk, facts.html(FAMILY, context), (f"unit:{unit.pk}",))


def _months(facts: UnitFacts) -> Counter[str]:
    if facts.requestable_months is None:
        found = requestable(unit=facts.unit).values_list("first_published_at", flat=True)
        facts.requestable_months = Counter(map(month_of, found))
    return facts.requestable_months


def _rows(facts: UnitFacts, month: str) -> list[dict[str, str]]:
    year, number = int(month[:4]), int(month[4:])
    if not (1 <= number <= 12 and 1 <= year < 9999):
        return []
    start = timezone.make_aware(datetime(year, number, 1))
    end = timezone.make_aware(datetime(year + number // 12, number % 12 + 1, 1))
    found = requestable(unit=facts.unit, first_published_at__gte=start, first_published_at__lt=end)
    fields = ("index_no", "title", "doc_no", "formed_on", "written_on", "first_published_at")
    return [
        {
            "index_no": index_no, "title": title, "doc_no": doc_no,
            "formed_on": str(formed or written or addresses.city_minute(at)[:10]),
        }
        for index_no, title, doc_no, formed, written, at in found.order_by("first_published_at", "id").values_list(*fields)
    ]  # fmt: skip

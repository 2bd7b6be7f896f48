"""A catalogue city with a handful of items in two years, of every kind that a measure counts."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.utils import timezone

from mingzheng.publish.items.services import InterpretationDraft, ItemDraft, import_items


def at(day, hour=10):
    return timezone.make_aware(datetime.combine(day, datetime.min.time().replace(hour=hour)))


def draft(unit, column, title, day, **fields):
    made = ItemDraft(
        unit, column, title, "<p>正文</p>", published_at=at(day), source_key=f"{unit}/{title}/{day}"
    )
    for name, value in fields.items():
        setattr(made, name, value)
    return made


def city_rows():
    """Two years of a small city: 2017 has fewer of everything."""
    for year, copies in ((2017, 2), (2018, 3)):
        for number in range(copies):
            day = date(year, 3, 1 + number)
            for unit in ("city", "czj", "hexi", "hexi-czj", "qingshui"):
                yield draft(unit, "TZ01", f"通知{number}", day)
            yield draft(
                "city",
                "ZC0201",
                f"办法{number}",
                day,
                doc_no=f"示政规〔{year}〕{number + 1}号",
                written_on=day,
            )
            own = InterpretationDraft(
                "own", "leader" if number == 0 else "graphic", document_no=f"示政规〔{year}〕{number + 1}号"
            )
            late = 4 if number == 1 else 1
            yield draft(
                "city", "JD0202", f"解读{number}", date(year, 3, 1 + number + late + 2), interpretation=own
            )
            yield draft("hexi", "JD01", f"转载{number}", day, interpretation=InterpretationDraft("superior"))
    yield draft(
        "city",
        "XF01",
        "发布会",
        date(2018, 5, 2),
        participants=[("张三", "局长", "某局"), ("李四", "科长", "某局")],
    )
    yield draft("city", "TZ01", "撤回的", date(2018, 6, 1))
    yield draft("city", "TZ01", "不公开的", date(2018, 6, 1), openness="on_request")


@pytest.fixture
def year(catalogue):
    """The city with its rows; the one to be withdrawn is withdrawn."""
    from mingzheng.publish.items.models import Item
    from mingzheng.publish.items.services import withdraw_item

    office = catalogue.people["office"]
    report = import_items(office, city_rows(), source="两年")
    assert report.refused == []
    withdraw_item(office, Item.objects.get(title="撤回的").pk, "误发")
    return catalogue

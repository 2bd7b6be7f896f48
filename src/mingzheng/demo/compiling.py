"""What the demonstration's offices put together out of a year's items: a topic, an issue of the gazette, a shared place."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db import transaction

from mingzheng.city import services as city
from mingzheng.city.models import Person
from mingzheng.publish.documents import services as documents
from mingzheng.publish.documents.models import GazetteIssue
from mingzheng.publish.items.models import Item, ItemQuerySet
from mingzheng.publish.placements import services as placements
from mingzheng.publish.placements.models import Placement, PushPreset, Topic

PER_SECTION: Final = 12
# Section of the topic: the column that it is filled from.
_SECTIONS: Final = {"扶贫政策": "FP01", "项目和资金": "FP03", "帮扶措施": "FP04", "识别和退出": "FP02"}
# Heading in the gazette: the columns whose documents stand below it.
_HEADINGS: Final = {
    "市政府文件": ("ZC0201", "ZC0202"),
    "市政府办公室文件": ("ZC0203",),
    "部门文件": ("ZC0101", "ZC0102"),
}


def compile_year(year: int) -> None:
    """Make what is missing of the year's topic, gazette and shared places; a killed run leaves none by halves."""
    office = city.person_by_username("demo-office")
    with transaction.atomic():
        if not Topic.objects.filter(slug=f"fupin-{year}").exists():
            _topic(office, year)
        if not GazetteIssue.objects.filter(year=year, number=1).exists():
            _gazette(office, year)
        if not PushPreset.objects.exists():
            _shared(office, year)


def _of(year: int, *columns: str) -> ItemQuerySet:
    found = Item.objects.public().filter(column__code__in=columns, first_published_at__year=year)
    return found.defer("body").order_by("-first_published_at", "-pk")


def _topic(office: Person, year: int) -> None:
    topic = placements.start_topic(
        office, city.unit_by_code("city"), slug=f"fupin-{year}", title=f"{year}年脱贫攻坚",
        intro="集中展示全市脱贫攻坚的政策、项目资金和帮扶措施，收入市、县各单位已经公开的信息。",
        sections=list(_SECTIONS),
    )  # fmt: skip
    contents = [
        (item.pk, section) for section, code in _SECTIONS.items() for item in _of(year, code)[:PER_SECTION]
    ]
    placements.set_contents(
        office, topic.pk, title=topic.title, intro=topic.intro, sections=topic.sections, contents=contents
    )


def _gazette(office: Person, year: int) -> None:
    title, day = f"示范市人民政府公报（{year}年第1期）", date(year, 12, 31)
    issue = documents.start_issue(office, year=year, number=1, title=title, issued_on=day)
    ours = Item.objects.filter(unit__tier__in=["T1", "T2"])
    contents = [
        (item.pk, heading)
        for heading, codes in _HEADINGS.items()
        for item in _of(year, *codes).filter(pk__in=ours)[:PER_SECTION]
    ]
    documents.set_contents(office, issue.pk, title=title, issued_on=day, contents=contents)
    documents.publish_issue(office, issue.pk)


def _shared(office: Person, year: int) -> None:
    """The finance bureau shows its news in the city's column as well; the city takes such pushes without looking."""
    root, bureau = city.unit_by_code("city"), city.unit_by_code("czj")
    news = _of(year, "DT01").filter(unit=bureau).select_related("column", "unit").first()
    if news is None or Placement.objects.filter(item=news).exists():
        return
    placements.set_push(office, root, True)
    preset = placements.save_preset(office, bureau, "报送市政府网站", [(root, news.column)])
    placements.push_by_preset(office, news, preset)

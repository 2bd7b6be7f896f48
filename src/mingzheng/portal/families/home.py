"""The portal's home: what the city government itself published last, and the way to every unit."""

from __future__ import annotations

from typing import Any, Final

from django.utils import timezone

from mingzheng.measure.services import home_figures, published_reports
from mingzheng.portal import addresses
from mingzheng.portal.addresses import CITY_TIME
from mingzheng.portal.families import Page
from mingzheng.portal.families.facts import CityFacts, UnitFacts
from mingzheng.portal.families.units import groups
from mingzheng.portal.linked_data import organisation, script
from mingzheng.portal.manifest import SITE_PART
from mingzheng.publish.items.models import Item
from mingzheng.publish.placements.models import Topic

LINES: Final = 8
HEADLINES: Final = 4
REPORTS: Final = 3
# Panels of the page: key, title, and the role of the city government's column that fills it.
PANELS: Final = (
    ("news", "政务要闻", "news"),
    ("notices", "通知公告", "notice"),
    ("policies", "政策文件", "policy"),
    ("interpretations", "政策解读", "interpretation"),
)
SHORTCUTS: Final = (
    ("guide", "怎样获取政府信息"),
    ("decision_preview", "征求公众意见"),
    ("finance", "预决算和三公经费"),
    ("power_list", "权力和责任事项"),
    ("disclosure_request", "申请方式和答复"),
)


def home(city: CityFacts) -> Page:
    """Render the home page."""
    facts = city.unit_facts(city.root.pk)
    news = _newest(facts, "news", HEADLINES + LINES)
    context = {
        "page": {
            "title": city.site.name,
            "path": addresses.HOME,
            "url": city.site.address(addresses.HOME),
            "feed": addresses.FEED,
            "description": f"{city.site.name}：政务公开、政策文件、政策解读和各单位政府信息公开",
            "keywords": f"{city.site.name},政务公开,政府信息公开",
        },
        "nav_current": addresses.HOME,
        "headline": news[:HEADLINES],
        "columns": _shortcuts(facts),
        "panels": _panels(facts, news),
        "figures": _figures(),
        "latest": _latest(city),
        "reports": _reports(),
        "tiers": groups(city),
        "ld": _linked_data(city),
        "more": {"units": addresses.UNITS, "reports": addresses.REPORTS, "figures": addresses.FIGURES},
    }
    noted = ("items", "reports", "topics", *(f"unit:{pk}" for pk in city.units))
    return Page(addresses.HOME, "home", SITE_PART, city.html("home", context), noted)


def _linked_data(city: CityFacts) -> str:
    """The site, how it is searched, and who runs it."""
    address, facts = city.site.address, city.site.facts
    return script(
        "WebSite", name=city.site.name, url=address(addresses.HOME), inLanguage="zh-CN",
        publisher=organisation(facts["sponsor"], telephone=facts["contact"]),
        potentialAction={
            "@type": "SearchAction", "target": f"{address(addresses.SEARCH)}?q={{q}}", "query-input": "required name=q",
        },
    )  # fmt: skip


def _reports() -> list[dict[str, Any]]:
    """The annual reports published last, whose figures open to their rows."""
    return [
        {
            "title": report.title,
            "year": report.year,
            "url": addresses.report_path(report.unit.code, report.year, report.scope),
            "date": timezone.localdate(report.published_at).isoformat(),
        }
        for report in published_reports()[:REPORTS]
    ]


def _figures() -> list[dict[str, Any]]:
    """Tiles of the year's figures; each opens to the rows that it counts."""
    return [
        {
            "label": each.label,
            "value": each.value,
            "unit": each.unit_word,
            "url": each.url,
            "growth": each.growth,
        }
        for each in home_figures()
    ]


def _panels(facts: UnitFacts, news: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The panels that have something to show; news go on where the headlines end."""
    panels = []
    for key, title, role in PANELS:
        rows = news[HEADLINES:] or news if key == "news" else _newest(facts, role, LINES)
        if rows:
            place = facts.column_of_role(role)
            panels.append({"key": key, "title": title, "rows": rows, "more": place and place.path})
    return panels


def _shortcuts(facts: UnitFacts) -> list[dict[str, Any]]:
    found = ((facts.column_of_role(role), note) for role, note in SHORTCUTS)
    library = {"name": "规范性文件库", "url": addresses.DOCUMENTS, "note": "全市现行有效文件"}
    topics = {"name": "专题", "url": addresses.TOPICS, "note": "专题页面和已归档的专题"}
    return [
        library,
        *([topics] if Topic.objects.exists() else []),
        *({"name": place.name, "url": place.path, "note": note} for place, note in found if place),
    ]


def _newest(facts: UnitFacts, role: str, count: int) -> list[dict[str, Any]]:
    place = facts.column_of_role(role)
    if place is None:
        return []
    rows = (
        Item.objects.public()
        .filter(unit=facts.unit, column__in=facts.city.branch(place.column.pk))
        .order_by("-first_published_at", "-id")
        .values_list("id", "first_published_at", "title", "abstract")
    )
    return [
        {
            "url": addresses.item_path(pk, at), "title": title, "summary": abstract,
            "date": at.astimezone(CITY_TIME).date().isoformat(),
        }
        for pk, at, title, abstract in rows[:count]
    ]  # fmt: skip


def _latest(city: CityFacts) -> list[dict[str, Any]]:
    """What the units of the city published last, the government's own items aside."""
    rows = (
        Item.objects.public()
        .exclude(unit=city.root)
        .order_by("-first_published_at", "-id")
        .values_list("id", "first_published_at", "title", "unit_id")
    )
    return [
        {
            "url": addresses.item_path(pk, at), "title": title,
            "date": at.astimezone(CITY_TIME).date().isoformat(),
            "unit": city.units[unit_id].short_name,
            "unit_url": addresses.unit_path(city.units[unit_id].code),
        }
        for pk, at, title, unit_id in rows[:LINES]
    ]  # fmt: skip

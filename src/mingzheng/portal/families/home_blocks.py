"""What the blocks of a home page show, each from the city's facts; what they depend on is noted while they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from django.utils import timezone

from mingzheng.measure.services import home_figures, published_reports
from mingzheng.portal import addresses
from mingzheng.portal.addresses import CITY_TIME
from mingzheng.portal.families.facts import CityFacts, Place, UnitFacts
from mingzheng.portal.families.topics import FACT as TOPICS_FACT
from mingzheng.portal.families.topics import topic_path
from mingzheng.portal.families.units import groups
from mingzheng.publish.items.models import Attachment, Item
from mingzheng.publish.placements.models import Topic

Block = tuple[str, dict[str, Any]]
Shown = dict[str, Any]

ROLE: Final = "@"
"""Before the role of a column, where a composition names no column by its code."""
PORTAL: Final[list[Block]] = [
    ("headline", {"column": "@news", "count": 4}),
    ("shortcuts", {"columns": ["@guide", "@decision_preview", "@finance", "@power_list", "@disclosure_request"]}),
    ("lists", {"lists": [{"column": "@news", "title": "政务要闻"}, {"column": "@notice", "title": "通知公告"}]}),
    ("tiles", {"title": "公开数据"}),
    ("lists", {"lists": [
        {"column": "@policy", "title": "政策文件"}, {"column": "@interpretation", "title": "政策解读"},
    ]}),
    ("latest", {"title": "各单位最新公开"}),
    ("reports", {"title": "政府信息公开年度报告"}),
    ("units", {"title": "各单位政府信息公开"}),
]  # fmt: skip
"""The portal's home until an office composes one."""
DEPARTMENT: Final[list[Block]] = [
    ("headline", {"column": "@news", "count": 4}),
    ("lists", {"lists": [{"column": "@news", "title": "工作动态"}, {"column": "@notice", "title": "通知公告"}]}),
    ("shortcuts", {"columns": ["@guide", "@finance", "@power_list", "@disclosure_request"]}),
    ("lists", {"lists": [
        {"column": "@policy", "title": "政策文件"}, {"column": "@interpretation", "title": "政策解读"},
    ]}),
    ("units", {"title": "所属单位"}),
]  # fmt: skip
"""The same for a department's site."""

LINES: Final = 8
REPORTS: Final = 3
TOPICS: Final = 6
NOTES: Final = {
    "guide": "怎样获取政府信息", "decision_preview": "征求公众意见", "finance": "预决算和三公经费",
    "power_list": "权力和责任事项", "disclosure_request": "申请方式和答复",
}  # fmt: skip
"""What is said below a shortcut, by the role of its column."""


class Composition:
    """Reads the blocks of one home page in their order. A block that has nothing to show is left out."""

    def __init__(self, facts: UnitFacts) -> None:
        self.facts, self.city = facts, facts.city
        self.is_portal = facts.unit.pk == facts.city.root.pk
        self.noted: set[str] = {f"unit:{facts.unit.pk}"}
        self._headlines: set[int] = set()

    def read(self, blocks: Iterable[Block]) -> list[Shown]:
        """The blocks as the template shows them."""
        shown = []
        for number, (kind, value) in enumerate(blocks, start=1):
            block = _READERS[kind](self, value)
            if block is not None:
                shown.append({"kind": kind, "id": f"b{number}", "title": value.get("title") or "", **block})
        return shown

    def _headline(self, value: dict[str, Any]) -> Shown | None:
        place = self._place(self.facts, value["column"])
        rows = self._newest(self.facts, place, value.get("count") or 4)
        self._headlines |= {row["id"] for row in rows}
        return {"rows": rows} if rows else None

    def _lists(self, value: dict[str, Any]) -> Shown | None:
        panels = []
        for number, each in enumerate(value["lists"], start=1):
            facts = self._unit(each.get("unit") or "")
            place = self._place(facts, each["column"]) if facts else None
            if facts is None or place is None:
                continue
            count = each.get("count") or LINES
            rows = self._newest(facts, place, count + len(self._headlines))
            # News go on where the headlines end, unless nothing else is there.
            rest = [row for row in rows if row["id"] not in self._headlines] or rows
            if rest:
                title = each.get("title") or place.name
                panels.append({"id": number, "title": title, "rows": rest[:count], "more": place.path})
        return {"panels": panels} if panels else None

    def _carousel(self, value: dict[str, Any]) -> Shown | None:
        place = self._place(self.facts, value["column"])
        if place is None:
            return None
        self.noted.add(f"items:{self.facts.unit.pk}")
        branch = self.city.branch(place.column.pk)
        pictures = Attachment.objects.filter(
            is_inline=True, url__startswith="/files/", item__in=Item.objects.public().filter(
                unit=self.facts.unit, column__in=branch
            ),
        ).order_by("-item__first_published_at", "-item_id", "pk")  # fmt: skip
        slides: dict[int, Shown] = {}
        fields = ("item_id", "item__first_published_at", "item__title", "url")
        most = value.get("count") or 5
        for pk, at, title, url in pictures.values_list(*fields)[: most * 10]:
            if pk not in slides and len(slides) < most:
                slides[pk] = {
                    "url": addresses.item_path(pk, at),
                    "title": title,
                    "image": url,
                    "date": _day(at),
                }
        return {"slides": list(slides.values())} if slides else None

    def _entries(self, value: dict[str, Any]) -> Shown | None:
        return {"entries": [dict(each) for each in value["entries"]]}

    def _shortcuts(self, value: dict[str, Any]) -> Shown | None:
        entries: list[Shown] = []
        if self.is_portal:
            entries.append({"title": "规范性文件库", "url": addresses.DOCUMENTS, "note": "全市现行有效文件"})
            self.noted.add(TOPICS_FACT)
            if Topic.objects.exists():
                entries.append({"title": "专题", "url": addresses.TOPICS, "note": "专题页面和已归档的专题"})
        self.noted.add(f"items:{self.facts.unit.pk}")
        for place in (self._place(self.facts, each) for each in value["columns"]):
            if place is not None:
                note = NOTES.get(place.column.role, "")
                entries.append({"title": place.name, "url": place.path, "note": note})
        return {"entries": entries} if entries else None

    def _tiles(self, value: dict[str, Any]) -> Shown | None:
        self.noted |= {"items"} if self.is_portal else {f"items:{self.facts.unit.pk}"}
        wanted = value.get("figures")
        figures = home_figures(unit=None if self.is_portal else self.facts.unit)
        tiles = [
            {
                "label": each.label,
                "value": each.value,
                "unit": each.unit_word,
                "url": each.url,
                "growth": each.growth,
            }
            for each in figures
            if not wanted or each.key in wanted
        ]
        return {"tiles": tiles, "more": addresses.FIGURES if self.is_portal else None} if tiles else None

    def _topics(self, value: dict[str, Any]) -> Shown | None:
        self.noted.add(TOPICS_FACT)
        found = Topic.objects.filter(state=Topic.State.OPEN).order_by("-pk")
        if not self.is_portal:
            found = found.filter(unit=self.facts.unit)
        topics = [
            {"title": each.title, "url": topic_path(each.slug), "note": each.intro}
            for each in found[: value.get("count") or TOPICS]
        ]
        return {"topics": topics, "more": addresses.TOPICS} if topics else None

    def _latest(self, value: dict[str, Any]) -> Shown | None:
        found = Item.objects.public().order_by("-first_published_at", "-id")
        if self.is_portal:
            self.noted.add("items")
            found = found.exclude(unit=self.facts.unit)
        else:
            below = [each.pk for each in self.city.children(self.facts.unit)]
            self.noted |= {f"items:{pk}" for pk in below}
            found = found.filter(unit__in=below)
        rows = [
            {
                "url": addresses.item_path(pk, at), "title": title, "date": _day(at),
                "unit": self.city.units[unit_id].short_name,
                "unit_url": addresses.unit_path(self.city.units[unit_id].code),
            }
            for pk, at, title, unit_id in found.values_list("id", "first_published_at", "title", "unit_id")[
                : value.get("count") or LINES
            ]
        ]  # fmt: skip
        return {"rows": rows} if rows else None

    def _reports(self, value: dict[str, Any]) -> Shown | None:
        self.noted.add("reports")
        found = published_reports()
        if not self.is_portal:
            found = found.filter(unit=self.facts.unit)
        reports = [
            {
                "title": report.title, "year": report.year,
                "url": addresses.report_path(report.unit.code, report.year, report.scope),
                "date": timezone.localdate(report.published_at).isoformat(),
            }
            for report in found[: value.get("count") or REPORTS]
        ]  # fmt: skip
        return {"reports": reports, "more": addresses.REPORTS} if reports else None

    def _units(self, value: dict[str, Any]) -> Shown | None:
        if self.is_portal:
            self.noted |= {f"unit:{pk}" for pk in self.city.units}
            return {"tiers": groups(self.city), "more": addresses.UNITS}
        children = self.city.children(self.facts.unit)
        self.noted |= {f"unit:{each.pk}" for each in children}
        units = [{"name": each.name, "url": addresses.unit_path(each.code)} for each in children]
        return {"units": units} if units else None

    def _text(self, value: dict[str, Any]) -> Shown | None:
        return {"lines": [line for line in str(value["text"]).splitlines() if line.strip()]}

    def _unit(self, code: str) -> UnitFacts | None:
        """The unit of that code, the site's own for none."""
        if not code:
            return self.facts
        pk = self.city.unit_ids.get(code)
        return self.city.unit_facts(pk) if pk else None

    def _place(self, facts: UnitFacts, column: str) -> Place | None:
        """The column of that code or role, if the unit shows anything in it."""
        self.noted.add(f"items:{facts.unit.pk}")
        if column.startswith(ROLE):
            return facts.column_of_role(column.removeprefix(ROLE))
        pk = self.city.column_ids.get(column.lower())
        return facts.place(pk) if pk in facts.counts else None

    def _newest(self, facts: UnitFacts, place: Place | None, count: int) -> list[Shown]:
        if place is None:
            return []
        branch = self.city.branch(place.column.pk)
        placed = [each.id for each in facts.placed.get(place.column.pk, ())]
        found = Item.objects.public().filter(unit=facts.unit, column__in=branch)
        if placed:
            found = Item.objects.public().filter(pk__in=placed) | found
        rows = found.order_by("-first_published_at", "-id").values_list(
            "id", "first_published_at", "title", "abstract"
        )
        return [
            {
                "id": pk,
                "url": addresses.item_path(pk, at),
                "title": title,
                "summary": abstract,
                "date": _day(at),
            }
            for pk, at, title, abstract in rows[:count]
        ]


def _day(at: Any) -> str:
    return str(at.astimezone(CITY_TIME).date())


_READERS: Final[dict[str, Callable[[Composition, dict[str, Any]], Shown | None]]] = {
    "headline": Composition._headline,
    "lists": Composition._lists,
    "carousel": Composition._carousel,
    "services": Composition._entries,
    "interactions": Composition._entries,
    "shortcuts": Composition._shortcuts,
    "tiles": Composition._tiles,
    "topics": Composition._topics,
    "latest": Composition._latest,
    "reports": Composition._reports,
    "units": Composition._units,
    "text": Composition._text,
}


def composed(city: CityFacts, unit_id: int) -> list[Block] | None:
    """The published composition of the site of that unit, None while there is none. Drafts are never read."""
    from mingzheng.portal.sites.models import SiteHome

    home = SiteHome.objects.filter(site__unit=unit_id, live=True).values_list("blocks", flat=True).first()
    return read_blocks(home.raw_data) if home else None


def read_blocks(stored: Iterable[Mapping[str, Any]]) -> list[Block]:
    """Blocks as they are stored."""
    return [(each["type"], _plain(each["value"])) for each in stored]


def _plain(value: Any) -> Any:
    """Values as they are stored, the numbering of list entries taken off."""
    if isinstance(value, dict):
        if value.keys() >= {"type", "value", "id"} and value["type"] == "item":
            return _plain(value["value"])
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value

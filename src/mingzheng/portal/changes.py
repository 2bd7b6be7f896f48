"""Which pages the events of the outbox touch: the rules of the page families, run backwards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db.models import Q

from mingzheng.city.models import OutboxEvent
from mingzheng.portal import addresses
from mingzheng.portal.families.facts import CityFacts, UnitFacts
from mingzheng.portal.families.feeds import LINES
from mingzheng.portal.families.gazette import FACT, issue_path
from mingzheng.portal.families.kept_files import PREFIX, files_of
from mingzheng.portal.families.library import library_paths
from mingzheng.portal.families.lists import FAMILY, SIZE, number_at, older_pages
from mingzheng.portal.families.requestable import month_of, month_path, months_path
from mingzheng.portal.families.sitemaps import columns_fact, items_of, map_numbers
from mingzheng.portal.families.topics import FACT as TOPICS_FACT
from mingzheng.portal.families.topics import topic_feed_path, topic_path
from mingzheng.portal.manifest import Manifest
from mingzheng.portal.site import look_path
from mingzheng.publish.items.models import Interpretation, Item, Openness
from mingzheng.publish.placements.models import Placement

SHIFTING: Final = frozenset(
    {"item.published", "item.withdrawn", "item.restored", "item.erased", "item.moved", "items.imported"}
)
"""Events after which the items of a list stand at other places than before."""
TOPICS: Final = SHIFTING | {
    "item.amended", "document.changed", "unit.changed", "catalogue.changed", "report.published", "gazette.changed",
    "item.placed", "topic.changed", "site.changed", "notice.changed",
}  # fmt: skip
INNER: Final = frozenset({"body", "attachments", "content_source", "source_url"})
"""Fields of an item that no list shows: when only these change, its page is built, and what says when it changed."""
_CHUNK: Final = 500


@dataclass(slots=True)
class Touched:
    """Pages to render again, and parts to build anew."""

    paths: set[str] = field(default_factory=set)
    units: set[int] = field(default_factory=set)


@dataclass(slots=True)
class Moment:
    """When a changed item was first published, which is its place in every list."""

    at: datetime
    id: int
    shifts: bool

    @property
    def key(self) -> tuple[datetime, int]:
        return self.at, self.id


Lists = dict[tuple[int, int], list[Moment]]
"""By unit and column: the items that changed in that list."""


def touched(city: CityFacts, manifest: Manifest, events: Iterable[OutboxEvent]) -> Touched | None:
    """What these events touch; None when that is everything."""
    found, facts = Touched(), set[str]()
    items: dict[int, bool] = {}
    left: dict[int, set[int]] = defaultdict(set)
    placed: list[tuple[int, int, int]] = []
    inner = set[int]()
    for event in events:
        payload = event.payload
        if event.topic == "catalogue.changed" or (event.topic == "items.imported" and payload["ids"] is None):
            return None
        if event.topic == "unit.changed":
            found.units.add(payload["unit_id"])
        elif event.topic == "report.published":
            facts.add("reports")
        elif event.topic == "gazette.changed":
            facts.add(FACT)
            found.paths.add(issue_path(payload["year"], payload["number"]))
        elif event.topic == "topic.changed":
            facts.add(TOPICS_FACT)
            found.paths |= {topic_path(payload["slug"]), topic_feed_path(payload["slug"])}
        elif event.topic == "notice.changed":
            facts.add("notices")
            found.paths |= {addresses.NOTICE_CSS, addresses.NOTICE}
        elif event.topic == "site.changed":
            # Pages that get another frame are found by their faces.
            home = (
                addresses.HOME if payload["unit_id"] == city.root.pk else addresses.site_path(payload["slug"])
            )
            found.paths |= {home, look_path(payload["slug"])}
            found.paths |= {path for path in payload["files"] if path.startswith(PREFIX)}
        elif event.topic == "item.placed":
            placed.append((payload["unit_id"], payload["column_id"], payload["item_id"]))
        else:
            if event.topic == "item.amended" and INNER.issuperset(payload.get("fields", ("title",))):
                inner.add(payload["item_id"])
                found.paths.update(path for path in payload["files"] if path.startswith(PREFIX))
                continue
            for pk in payload["ids"] if "ids" in payload else [payload["item_id"]]:
                items[pk] = items.get(pk, False) or event.topic in SHIFTING
                left[pk] |= {payload["left_column_id"]} if "left_column_id" in payload else set()
            found.paths.update(path for path in payload.get("files", ()) if path.startswith(PREFIX))
    for pk in found.units:
        facts |= {f"unit:{pk}", f"unit:{city.units[pk].parent_id}"}
        found.paths |= {addresses.HOME, addresses.UNITS}
    lists: Lists = defaultdict(list)
    _add_inner(city, manifest, inner - items.keys(), found)
    facts |= {f"item:{pk}" for pk in inner}
    if items:
        facts |= {"items", *(f"item:{pk}" for pk in items)}
        _add_items(city, manifest, items, left, found, lists)
    _add_placed(city, placed, items, found, lists)
    facts |= {f"items:{unit_id}" for unit_id, _ in lists}
    for (unit_id, column_id), moments in lists.items():
        found.paths.update(_list_pages(manifest, city.unit_facts(unit_id), column_id, moments))
    found.paths |= manifest.dependants(facts)
    return found


def _add_items(
    city: CityFacts,
    manifest: Manifest,
    items: dict[int, bool],
    left: dict[int, set[int]],
    found: Touched,
    lists: Lists,
) -> None:
    """``left`` are the columns out of which an item was moved."""
    normative, years = set[int](), set[tuple[int, int]]()
    for chunk in _chunks(sorted(items)):
        # Withdrawn items too: their pages must go. Nothing but their addresses is used here.
        places = Item.objects.filter(pk__in=chunk).values_list(
            "id", "unit_id", "column_id", "first_published_at", "openness"
        )
        for pk, unit_id, column_id, at, openness in places:
            facts = city.unit_facts(unit_id)
            unit = facts.unit
            path = addresses.item_path(pk, at)
            found.paths |= {path, addresses.gone_path(path), facts.path, addresses.feed_path(unit.code)}
            years.add((unit_id, addresses.city_year(at)))
            if openness != Openness.PROACTIVE:
                found.paths |= {months_path(unit.code), month_path(unit.code, month_of(at))}
            columns = {column_id, *left[pk]}
            if columns & set(city.normative):
                normative.add(pk)
            for above in {above for column in columns for above in city.chain(column)}:
                lists[unit_id, above].append(Moment(at, pk, items[pk]))
        found.paths |= files_of(chunk)
        documents = Interpretation.objects.filter(item__in=chunk).exclude(document=None)
        for pk, at in documents.values_list("document_id", "document__first_published_at"):
            found.paths.add(addresses.item_path(pk, at))
    if normative:
        found.paths |= library_paths(city, normative)
    for unit_id, year in years:
        found.paths.update(_maps(manifest, city.unit_facts(unit_id), year))


def _add_inner(city: CityFacts, manifest: Manifest, inner: set[int], found: Touched) -> None:
    """Of items whose lists show nothing new: their pages, and the feeds and maps that say when they changed."""
    places = Item.objects.filter(pk__in=inner).values_list("id", "unit_id", "column_id", "first_published_at")
    for pk, unit_id, column_id, at in places:
        facts = city.unit_facts(unit_id)
        found.paths |= {addresses.item_path(pk, at), addresses.feed_path(facts.unit.code), addresses.FEED}
        found.paths.update(_maps(manifest, facts, addresses.city_year(at)))
        for above in city.chain(column_id):
            total = facts.counts.get(above, 0)
            if total - _position(facts, above, Moment(at, pk, False), total) <= LINES:
                slug = facts.place(above).column.slug
                found.paths.add(addresses.list_feed_path(facts.unit.code, slug))
    found.paths |= files_of(inner)


def _maps(manifest: Manifest, facts: UnitFacts, year: int) -> Iterator[str]:
    """The maps of a unit's items of that year; the index as well when one begins or ends."""
    due = len(map_numbers(items_of(facts, year).count()))
    number = 0
    while True:
        number += 1
        path = addresses.sitemap_path(facts.unit.code, year, number)
        is_known = manifest.get(path) is not None
        if number > due and not is_known:
            return
        yield path
        if is_known != (number <= due):
            yield addresses.SITEMAP


def _add_placed(
    city: CityFacts,
    placed: list[tuple[int, int, int]],
    items: dict[int, bool],
    found: Touched,
    lists: Lists,
) -> None:
    """The lists in which these placements were made or ended, and those in which a changed item is placed."""
    anew = set(placed)
    for chunk in _chunks(sorted(items)):
        placements = Placement.objects.accepted().filter(item__in=chunk)
        anew.update(placements.values_list("unit_id", "column_id", "item_id"))
    moments = dict[int, datetime]()
    for chunk in _chunks(sorted({pk for _, _, pk in anew})):
        moments |= Item.objects.filter(pk__in=chunk).values_list("id", "first_published_at")
    told = set(placed)
    for unit_id, column_id, pk in anew:
        found.paths.add(city.unit_facts(unit_id).path)  # its catalogue says how many each list holds
        shifts = (unit_id, column_id, pk) in told or items[pk]
        for above in city.chain(column_id):
            lists[unit_id, above].append(Moment(moments[pk], pk, shifts))


def _chunks(ids: list[int]) -> Iterator[list[int]]:
    return (ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK))


def _list_pages(manifest: Manifest, facts: UnitFacts, column_id: int, moments: list[Moment]) -> Iterator[str]:
    """The pages of one list on which these items stand, stood, or have moved others."""
    code, slug = facts.unit.code, facts.place(column_id).column.slug
    first, total = addresses.list_path(code, slug), facts.counts.get(column_id, 0)
    yield first
    newest = max(moments, key=lambda each: each.key)
    if total - _position(facts, column_id, newest, total) <= LINES:
        yield addresses.list_feed_path(code, slug)
    if (total > 0) != (manifest.get(first) is not None):
        # The column appears in the unit's navigation, or vanishes from it.
        yield from manifest.dependants([columns_fact(facts.unit.pk)])
        entries = manifest.entries(facts.unit.pk).values()
        yield from (entry.path for entry in entries if entry.family == FAMILY)
    for moment in moments:
        if not moment.shifts and (number := number_at(_position(facts, column_id, moment, total), total)):
            yield addresses.list_path(code, slug, number)
    shifting = min((moment for moment in moments if moment.shifts), key=lambda each: each.key, default=None)
    if shifting is not None:
        # One page earlier than the place itself: the link to its newer neighbour may have changed.
        number = max(1, _position(facts, column_id, shifting, total) // SIZE - 1)
        while number <= older_pages(total) or manifest.get(addresses.list_path(code, slug, number)):
            yield addresses.list_path(code, slug, number)
            number += 1


def _position(facts: UnitFacts, column_id: int, moment: Moment, total: int) -> int:
    """How many items of the list are older. Counted from the newest, because most changes are new."""
    newer = Q(first_published_at__gt=moment.at) | Q(first_published_at=moment.at, id__gte=moment.id)
    branch = facts.city.branch(column_id)
    own = Item.objects.public().filter(newer, unit=facts.unit, column__in=branch).count()
    placed = facts.placed.get(column_id, ())
    return total - own - sum((each.first_published_at, each.id) >= moment.key for each in placed)

"""What many pages share, read once: units, catalogue, and what one unit publishes under which column."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Count
from django.utils import timezone

from mingzheng.city.models import Unit
from mingzheng.city.services import root_unit
from mingzheng.portal import addresses
from mingzheng.portal.families.entries import ENTRY_FIELDS, Entry, read_placed
from mingzheng.portal.rendering import catalogue_html, mark_current, side_tree_html
from mingzheng.portal.site import Faces
from mingzheng.portal.sites.models import CityNotice
from mingzheng.publish.catalogue.models import Column, UnitColumn
from mingzheng.publish.catalogue.services import CatalogueView, ColumnNode, theme_names
from mingzheng.publish.documents.services import Standing, Validity, is_document, normative_columns
from mingzheng.publish.items.models import Interpretation, Item

if TYPE_CHECKING:
    from mingzheng.portal.families.library import Document

Node = dict[str, Any]
LATEST: Final = 10


class CityFacts:
    """The city as it stands on one day: a few hundred units and columns, in memory.

    The catalogue is that of ``on``; whether documents hold is said as of ``today``, for a document ends in the
    night while the pages around it stay.
    """

    def __init__(self, on: date, today: date | None = None) -> None:
        self.on = on
        self.today = today or timezone.localdate()
        self.normative = normative_columns()
        self.placed = read_placed(self.today, self.normative)
        self.units: dict[int, Unit] = {unit.pk: unit for unit in Unit.objects.all()}
        self.unit_ids: dict[str, int] = {unit.code: unit.pk for unit in self.units.values()}
        self.root = self.units[root_unit().pk]
        self.faces = Faces(self.units, self.root, self.today)
        self.site = self.faces.portal
        self.view = CatalogueView()
        self.themes = theme_names()
        self.column_ids: dict[str, int] = {column.slug: pk for pk, column in self.view.columns.items()}
        self._chains: dict[int, tuple[int, ...]] = {}
        self._children: dict[int, list[int]] = defaultdict(list)
        for column in self.view.columns.values():
            if column.parent_id:
                self._children[column.parent_id].append(column.pk)
        self._trees: dict[str, list[ColumnNode]] = {}
        self._adjusting = set(UnitColumn.objects.values_list("unit_id", flat=True))
        self._adjusting |= {column.owner_id for column in self.view.columns.values() if column.owner_id}
        self._unit_facts: dict[int, UnitFacts] = {}
        self.library: list[Document] | None = None  # read by the family of that name, once

    @cached_property
    def notices(self) -> list[CityNotice]:
        """The switches for all sites that are on now."""
        return list(CityNotice.objects.in_force(timezone.now()))

    def html(self, family: str, context: dict[str, Any]) -> bytes:
        """Render one page of the portal."""
        return self.site.shell.render(family, context).encode()

    def unit_facts(self, pk: int) -> UnitFacts:
        """What the unit publishes, kept for the next page of the same unit."""
        if pk not in self._unit_facts:
            self._unit_facts[pk] = UnitFacts(self, self.units[pk])
        return self._unit_facts[pk]

    def tree(self, unit: Unit) -> list[ColumnNode]:
        """The unit's columns; those of units without adjustments are worked out once for their tier."""
        if unit.pk in self._adjusting:
            return self.view.tree(unit, self.on)
        if unit.tier not in self._trees:
            self._trees[unit.tier] = self.view.tree(unit, self.on)
        return self._trees[unit.tier]

    def chain(self, column_id: int) -> tuple[int, ...]:
        """The column and the columns above it, from itself upwards: the lists in which its items stand."""
        chain = self._chains.get(column_id)
        if chain is None:
            above = self.view.columns[column_id].parent_id
            chain = self._chains[column_id] = (column_id, *(self.chain(above) if above else ()))
        return chain

    def branch(self, column_id: int) -> list[int]:
        """The column and everything below it."""
        return [column_id, *(each for child in self.children_of(column_id) for each in self.branch(child))]

    def children_of(self, column_id: int) -> list[int]:
        """The columns directly below, in order."""
        return self._children.get(column_id, [])

    def children(self, unit: Unit) -> list[Unit]:
        """The unit's own units that exist on this day, in order."""
        return self._units_below.get(unit.pk, [])

    @cached_property
    def _units_below(self) -> dict[int | None, list[Unit]]:
        below: dict[int | None, list[Unit]] = defaultdict(list)
        for each in self.in_order():
            below[each.parent_id].append(each)
        return below

    @cached_property
    def interpreting(self) -> set[int | None]:
        """The units that interpret policies or whose policies are interpreted: few of all."""
        ends = Interpretation.objects.values_list("item__unit", "document__unit")
        return {unit_id for pair in ends.distinct() for unit_id in pair}

    def in_order(self) -> list[Unit]:
        return [each for each in self.units.values() if self.exists(each)]

    def exists(self, unit: Unit) -> bool:
        return unit.active_from <= self.on and (unit.active_to is None or unit.active_to > self.on)


class UnitFacts:
    """One unit's columns with the number of public items below each, and what its pages repeat."""

    def __init__(self, city: CityFacts, unit: Unit) -> None:
        self.city = city
        self.unit = unit
        self.path = addresses.unit_path(unit.code)
        self.site = city.faces.of(unit)
        self._places: dict[int, Place] = {}
        self._side_trees: dict[int, str] = {}
        self.requestable_months: Counter[str] | None = None  # read by the family of that name, once

    def html(self, family: str, context: dict[str, Any]) -> bytes:
        """Render one page of the unit in the frame of its site."""
        return self.site.shell.render(family, context).encode()

    @cached_property
    def kept_columns(self) -> set[int]:
        """Columns that have a page even without items, because the menu of the site leads there."""
        if self.site.unit.pk != self.unit.pk:
            return set()
        slugs = (code.lower() for code in self.site.kept_columns)
        return {self.city.column_ids[slug] for slug in slugs if slug in self.city.column_ids}

    @cached_property
    def own_counts(self) -> dict[int, int]:
        """The unit's public items in the branch of each column; columns without any are absent."""
        counts: dict[int, int] = defaultdict(int)
        rows = Item.objects.public().filter(unit=self.unit).values_list("column_id").annotate(Count("pk"))
        for column_id, count in rows.order_by():
            for above in self.city.chain(column_id):
                counts[above] += count
        return dict(counts)

    @cached_property
    def counts(self) -> dict[int, int]:
        """What the list of each column shows: the unit's own items and those placed in it."""
        counts = Counter(self.own_counts)
        counts.update({column_id: len(entries) for column_id, entries in self.placed.items()})
        return dict(counts)

    @cached_property
    def placed(self) -> dict[int, list[Entry]]:
        """What stands in each list beside the branch's own items, each once, oldest first."""
        found: dict[int, dict[int, Entry]] = defaultdict(dict)
        for each in self.city.placed.get(self.unit.pk, ()):
            own = self.city.chain(each.entry.column_id) if each.unit_id == self.unit.pk else ()
            for above in self.city.chain(each.column_id):
                if above not in own:
                    found[above][each.entry.id] = each.entry
        return {column_id: sorted(entries.values()) for column_id, entries in found.items()}

    def pinned(self, column_id: int) -> list[Entry]:
        """What stands above the list of this very column, newest first."""
        found = self.city.placed.get(self.unit.pk, ())
        pinned = [each.entry for each in found if each.column_id == column_id and each.is_pinned]
        return sorted(pinned, reverse=True)

    @cached_property
    def latest(self) -> list[Entry]:
        """What the unit published last, newest first."""
        found = Item.objects.public().filter(unit=self.unit).order_by("-first_published_at", "-id")
        return [self.entry(row) for row in found.values_list(*ENTRY_FIELDS, named=True)[:LATEST]]

    @cached_property
    def standing(self) -> Standing:
        """What is recorded about the unit's documents."""
        return Standing(self.city.normative, unit=self.unit.pk)

    def validity(self, row: Any) -> Validity | None:
        """Whether a document holds; None for what is none."""
        if not is_document(row, self.city.normative):
            return None
        return self.standing.validity(row, self.city.today)

    def entry(self, row: Any) -> Entry:
        """The row as it stands in lists."""
        return Entry.of(row, self.validity(row))

    @cached_property
    def tree(self) -> list[Node]:
        """The unit's catalogue; a column without items has no address."""
        return [self._node(node) for node in self.city.tree(self.unit)]

    def _node(self, node: ColumnNode) -> Node:
        pk = node.column.id
        count = self.counts.get(pk)
        return {
            "id": pk,
            "name": node.name,
            "url": addresses.list_path(self.unit.code, node.column.slug) if count else None,
            "count": count,
            "children": [self._node(child) for child in node.children],
        }

    def column_of_role(self, role: str) -> Place | None:
        """The highest column with that role under which the unit has published something."""
        columns = self.city.view.columns
        found = [columns[pk] for pk in self.own_counts if columns[pk].role == role]
        best = min(found, key=lambda column: (column.level, column.sort, column.pk), default=None)
        return self.place(best.pk) if best else None

    def catalogue_html(self) -> str:
        return catalogue_html(self.tree)

    def side_tree_html(self, column_id: int) -> str:
        """The unit's first-level columns with those below the one to which the column belongs, itself marked.

        No counts stand here: they would change every list page of the unit with each new item.
        """
        top = self.city.chain(column_id)[-1]
        html = self._side_trees.get(top)
        if html is None:
            nodes = [
                {"name": node["name"], "url": node["url"],
                 "children": [_linked(child) for child in node["children"] if child["url"]] if node["id"] == top else []}
                for node in self.tree if node["url"]
            ]  # fmt: skip
            html = self._side_trees[top] = side_tree_html(nodes)
        return mark_current(html, self.place(column_id).path)

    def place(self, column_id: int) -> Place:
        """Where a page of this column stands."""
        place = self._places.get(column_id)
        if place is None:
            place = self._places[column_id] = Place(self, self.city.view.columns[column_id])
        return place


def _linked(node: Node) -> Node:
    children = [_linked(child) for child in node["children"] if child["url"]]
    return {"name": node["name"], "url": node["url"], "children": children}


class Place:
    """A column of a unit, as the pages in it name it."""

    def __init__(self, facts: UnitFacts, column: Column) -> None:
        city, unit = facts.city, facts.unit
        self.column = column
        self.name = city.view.name_of(unit, column, city.on)
        self.path = addresses.list_path(unit.code, column.slug)
        self.tags = {
            "name": self.name,
            "description": column.content_requirements or f"{unit.name}{self.name}",
            "keywords": f"{self.name},{unit.short_name or unit.name},政府信息公开",
            "type": column.column_type,
        }
        above = [
            {
                "title": city.view.name_of(unit, each, city.on),
                "url": addresses.list_path(unit.code, each.slug),
            }
            for each in (city.view.columns[pk] for pk in reversed(city.chain(column.pk)[1:]))
        ]
        start = [{"title": "首页", "url": facts.site.home}, {"title": unit.name, "url": facts.path}]
        self._shell, self._above = facts.site.shell, [*start, *above]

    @cached_property
    def trail(self) -> str:
        """The way to the column's own pages; made once, for its lists may be long."""
        return self._shell.trail([*self._above, {"title": self.name}])

    @cached_property
    def trail_below(self) -> str:
        """The way to the pages of the items in the column; made once for all of them."""
        return self._shell.trail([*self._above, {"title": self.name, "url": self.path}, {"title": "正文"}])

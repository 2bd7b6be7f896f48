"""Lists of a column's items. A list holds its column's branch: the items of the column and of all columns below it.

Older pages are numbered from the oldest item and hold twenty each; the first page holds the newest twenty to
thirty-nine. So a new item touches the first page alone, and every twentieth also fills one older page.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.db.models import QuerySet

from mingzheng.portal import addresses
from mingzheng.portal.families import Page
from mingzheng.portal.families.entries import ENTRY_FIELDS, Entry
from mingzheng.portal.families.facts import UnitFacts
from mingzheng.portal.families.feeds import LINES, list_feed
from mingzheng.publish.catalogue.models import FiveOpens
from mingzheng.publish.items.models import Item

FAMILY: Final = "column_list"
SIZE: Final = 20
SHOWN_NUMBERS: Final = 4


def older_pages(total: int) -> int:
    """How many numbered pages a list of so many items has, besides its first page."""
    return max(0, total // SIZE - 1)


def number_at(position: int, total: int) -> int | None:
    """The numbered page that holds the item at ``position`` (oldest: 0), None when the first page does."""
    number = position // SIZE + 1
    return number if number <= older_pages(total) else None


def list_pages(facts: UnitFacts, column_id: int, entries: Sequence[Entry]) -> Iterator[Page]:
    """All pages of a list, from all its entries, oldest first."""
    total = len(entries)
    full = older_pages(total)
    for number in range(1, full + 1):
        yield _page(facts, column_id, number, total, entries[(number - 1) * SIZE : number * SIZE])
    if total or column_id in facts.kept_columns:
        yield _page(facts, column_id, None, total, entries[full * SIZE :])
        yield list_feed(facts, column_id, entries[: -LINES - 1 : -1])


def list_page(facts: UnitFacts, column_id: int, number: int | None) -> Page | None:
    """One page of a list from the database, None when it is not due."""
    total = facts.counts.get(column_id, 0)
    full = older_pages(total)
    if (number or 0) > full or not (total or column_id in facts.kept_columns):
        return None
    found = _own(facts, column_id).order_by("first_published_at", "id").values_list(*ENTRY_FIELDS, named=True)
    start, stop = ((number - 1) * SIZE, number * SIZE) if number else (full * SIZE, total)
    placed = facts.placed.get(column_id, [])
    first = max(0, start - len(placed))  # at the earliest, own items on this page come from here
    own = [facts.entry(row) for row in found[first:stop]]
    return _page(facts, column_id, number, total, merged(own, first, placed, start, stop))


def list_feed_page(facts: UnitFacts, column_id: int) -> Page | None:
    """The feed of a list from the database, None when the list is empty."""
    if not facts.counts.get(column_id, 0):
        return None
    found = _own(facts, column_id).order_by("-first_published_at", "-id")
    own = [facts.entry(row) for row in found.values_list(*ENTRY_FIELDS, named=True)[:LINES]]
    newest = sorted([*own, *facts.placed.get(column_id, [])[-LINES:]], reverse=True)
    return list_feed(facts, column_id, newest)


def _own(facts: UnitFacts, column_id: int) -> QuerySet[Item]:
    return Item.objects.public().filter(unit=facts.unit, column__in=facts.city.branch(column_id))


def merged(own: list[Entry], first: int, placed: list[Entry], start: int, stop: int) -> list[Entry]:
    """Places ``start`` to ``stop`` of a list, from its own items (from the one at ``first`` on) and all placed ones."""
    earlier = bisect_left(placed, own[0]) if first and own else 0  # these stand before all that was read
    listed = sorted(own + placed[earlier:])
    before = first + earlier
    return listed[start - before : stop - before]


def _page(facts: UnitFacts, column_id: int, number: int | None, total: int, entries: Sequence[Entry]) -> Page:
    place, unit = facts.place(column_id), facts.unit
    path = addresses.list_path(unit.code, place.column.slug, number)
    issue = f"（第{number}页）" if number else ""
    context = {
        "page": {
            "title": f"{place.name}{issue}_{unit.name}",
            "path": path,
            "url": facts.site.address(path),
            "column": place.tags,
            "feed": addresses.list_feed_path(unit.code, place.column.slug),
        },
        "trail": place.trail,
        "unit": {"name": unit.name, "url": facts.path, "code": unit.code},
        "column": _standard(facts, column_id),
        "pinned": [] if number else [entry.line for entry in facts.pinned(column_id)],
        "items": [entry.line for entry in reversed(entries)],
        "children": _children(facts, column_id),
        "numbered": any(entry.line["doc_no"] for entry in entries),
        "pager": _pager(place.path, number, older_pages(total)),
        "tree_html": facts.side_tree_html(column_id),
    }
    return Page(path, FAMILY, unit.pk, facts.html(FAMILY, context))


def _children(facts: UnitFacts, column_id: int) -> list[dict[str, str]]:
    """The columns directly below in which the unit has published something."""
    below = [facts.place(pk) for pk in facts.city.children_of(column_id) if pk in facts.counts]
    return [{"name": place.name, "url": place.path} for place in below]


def _standard(facts: UnitFacts, column_id: int) -> dict[str, Any]:
    place = facts.place(column_id)
    column = place.column
    return {
        "name": place.name,
        "slug": column.slug,
        "requirements": column.content_requirements,
        "cycle": f"每{column.update_cycle_days}天至少更新{column.min_per_period or 1}条"
        if column.update_cycle_days
        else "",
        "five_opens": FiveOpens(column.five_opens).label if column.five_opens else "",
    }


def _pager(first: str, number: int | None, full: int) -> dict[str, Any] | None:
    """Links to neighbouring pages. A numbered page names no total: it must not change when the list grows."""

    def page(wanted: int) -> str:
        return f"{first}p{wanted}.html"

    if number is None:
        if not full:
            return None
        shown = list(range(full, max(0, full - SHOWN_NUMBERS), -1))
        links: list[dict[str, Any]] = [{"label": "最新", "current": True}]
        links += [{"label": each, "url": page(each)} for each in shown]
        if shown[-1] > 2:
            links.append({"label": "…"})
        if shown[-1] > 1:
            links.append({"label": 1, "url": page(1)})
        return {"older_url": page(full), "links": links, "total": full + 1}
    return {
        "newest_url": first,
        "newer_url": page(number + 1) if number < full else first,
        "older_url": page(number - 1) if number > 1 else None,
        "links": [{"label": number, "current": True}],
    }

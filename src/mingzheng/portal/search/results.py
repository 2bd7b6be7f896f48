"""Results as they are shown: the items that are public at this moment, with what belongs to them; facets; pages.

The index finds, the database answers: what is not public is not shown, whatever the index says.
"""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

from django.db.models import Q
from django.utils import timezone

from mingzheng.city.models import Unit
from mingzheng.portal import addresses
from mingzheng.portal.search.given import MOST_PAGES, Given, themes
from mingzheng.portal.searching.marking import marked, piece_of
from mingzheng.portal.searching.services import KINDS, Answer, Found
from mingzheng.publish.documents.services import Validity, with_validity
from mingzheng.publish.items.models import Interpretation, Item, is_public

SIZE: Final = 20
SHOWN: Final = 12  # values of a facet
FACETS: Final = {"kind": "类型", "year": "发布年份", "theme": "主题", "unit": "发布机构"}
ENDED: Final = (Validity.EXPIRED.value, Validity.REPEALED.value)
_TAG: Final = re.compile(r"<[^>]*>")
_FIELDS: Final = (
    "id", "title", "doc_no", "index_no", "first_published_at", "unit__name", "unit__code", "column__name",
    "abstract", "body", "validity",
)  # fmt: skip


def rows(answer: Answer) -> list[dict[str, Any]]:
    """The items that are public now, in the order of the index."""
    ids = answer.found.ids
    public = with_validity(Item.objects.public().filter(pk__in=ids), timezone.localdate())
    known = {row.id: row for row in public.values_list(*_FIELDS, named=True)}
    beside = _beside(ids)
    shown = []
    for row in (known[pk] for pk in ids if pk in known):
        text = row.abstract or html.unescape(_TAG.sub(" ", row.body))
        shown.append({
            "url": addresses.item_path(row.id, row.first_published_at), "title": row.title,
            "marked": marked(row.title, answer.marked), "piece": marked(piece_of(text, answer.marked), answer.marked),
            "doc_no": row.doc_no, "index_no": row.index_no, "unit": row.unit__name, "unit_code": row.unit__code,
            "column": row.column__name, "date": timezone.localdate(row.first_published_at).isoformat(),
            "validity": Validity(row.validity).label if row.validity in ENDED else "", "beside": beside[row.id],
        })  # fmt: skip
    return shown


def _beside(ids: Sequence[int]) -> dict[int, list[dict[str, str]]]:
    """By item: the public interpretations of a document, or the public document of an interpretation."""
    found: dict[int, list[dict[str, str]]] = defaultdict(list)
    pairs = Interpretation.objects.filter(is_public("item__"), is_public("document__")).filter(
        Q(item__in=ids) | Q(document__in=ids)
    )
    fields = [
        f"{side}__{name}" for side in ("item", "document") for name in ("id", "title", "first_published_at")
    ]
    for *told, document, title, at in pairs.order_by("item_id").values_list(*fields):
        told_path, path = addresses.item_path(told[0], told[2]), addresses.item_path(document, at)
        found[document].append({"kind": "解读", "title": told[1], "url": told_path})
        found[told[0]].append({"kind": "文件", "title": title, "url": path})
    return found


def facets(found: Found, given: Given) -> list[dict[str, Any]]:
    """For each filter that is not set, its values with their numbers."""
    units = {str(unit.pk): unit for unit in Unit.objects.filter(pk__in=found.facets.get("unit", {}))}
    names: dict[str, dict[str, tuple[str, str]]] = {
        "kind": {key: (key, name) for key, name in KINDS.items()},
        "theme": {key: (key, name.rpartition("/")[2]) for key, name in themes().items()},
        "unit": {key: (unit.code, unit.name) for key, unit in units.items()},
    }
    shown = []
    for name, label in FACETS.items():
        if given.said.get(name) or not (counts := found.facets.get(name)):
            continue
        if name == "year":
            counts = dict(sorted(counts.items(), reverse=True))
        values = [
            {"name": said, "value": key, "url": given.link(**{name: key}), "count": count}
            for value, count in list(counts.items())[:SHOWN]
            for key, said in [names[name].get(value, ("", "")) if name in names else (value, f"{value}年")]
            if key
        ]
        if len(values) > 1:
            shown.append({"key": name, "name": label, "values": values})
    return shown


def filters(given: Given) -> list[dict[str, str]]:
    """What limits the results, each with the address without it."""
    said = given.said
    shown = {
        "exact": f"完整包含“{said.get('exact')}”", "without": f"不含“{said.get('without')}”",
        "number": f"文号或索引号“{said.get('number')}”", "in": "只在标题中查找", "kind": KINDS.get(said.get("kind", "")),
        "year": f"{said.get('year')}年", "theme": themes().get(said.get("theme", "")),
        "unit": given.unit and given.unit.name, "column": given.column and given.column.name,
        "since": f"{said.get('since')}起", "until": f"{said.get('until')}止", "force": "只看现行有效",
    }  # fmt: skip
    return [{"name": str(shown[name]), "url": given.link(**{name: ""})} for name in shown if said.get(name)]


def sorts(given: Given) -> list[dict[str, Any]]:
    """The orders to choose from; a list without words has only one."""
    if not given.question.says_something:
        return []
    newest = "sort" in given.said
    return [
        {"name": "最相关", "url": given.link(sort=""), "current": not newest},
        {"name": "最新发布", "url": given.link(sort="new"), "current": newest},
    ]


def pages_of(total: int) -> int:
    return min(-(-total // SIZE), MOST_PAGES)


def pager(total: int, given: Given, number: int) -> dict[str, Any]:
    """The bar below the results."""
    last = pages_of(total)
    return {
        "newer_url": given.link(page=number - 1) if number > 1 else None,
        "older_url": given.link(page=number + 1) if number < last else None,
        "links": [
            {"label": each, "current": each == number, "url": given.link(page=each)}
            for each in range(max(1, number - 3), min(last, number + 3) + 1)
        ],
        "total": last,
    }  # fmt: skip

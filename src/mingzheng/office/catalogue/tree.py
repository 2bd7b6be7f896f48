"""The catalogue as a tree to read and to search, and one column with everything known of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from mingzheng.city.models import Tier, Unit
from mingzheng.office.catalogue import words
from mingzheng.office.guard import access_of
from mingzheng.publish.catalogue.models import Column, UnitColumn
from mingzheng.publish.catalogue.services import NORM, CatalogueView
from mingzheng.publish.catalogue.standing import Standing, StandingColumn, items_below


@require_GET
def tree(request: HttpRequest) -> HttpResponse:
    """Every column in force today: the standard's, and those of the units that the person adjusts."""
    own = set(access_of(request).units("catalogue.adjust").values_list("pk", flat=True))
    standing = Standing(timezone.localdate())
    asked, tier = words_of(request), request.GET.get("tier", "")
    shown = [
        column for column in standing.in_order()
        if (column.owner_id is None or column.owner_id in own) and (not tier or tier in column.values["tiers"])
    ]  # fmt: skip
    found = [column for column in shown if matches(column, asked)]
    context = {
        "nodes": nodes(standing, found if asked or tier else shown, open_all=bool(asked)),
        "number": len(found),
        "levels": sorted(Counter(column.level for column in found).items()),
        "q": asked,
        "tier": tier,
        "tiers": Tier.choices,
    }
    return render(request, "office/catalogue/tree.html", context)


def words_of(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\0", "").strip()[:80]


def matches(column: StandingColumn, asked: str) -> bool:
    """Whether the words stand in code, name, requirements or elements."""
    values = column.values
    text = "\n".join([column.code, values["name"], values["content_requirements"], *values["elements"]])
    return asked.lower() in text.lower()


def nodes(standing: Standing, found: Iterable[StandingColumn], *, open_all: bool) -> list[dict[str, Any]]:
    """The columns that were found, with those above them, as the page draws them."""
    codes = set()
    for column in found:
        above: StandingColumn | None = column
        while above is not None and above.code not in codes:
            codes.add(above.code)
            above = standing.columns.get(above.parent)

    def drawn(columns: Iterable[StandingColumn]) -> list[dict[str, Any]]:
        return [
            {"column": column, "children": drawn(column.children), "open": open_all, "cycle": _cycle(column)}
            for column in columns
            if column.code in codes
        ]

    return drawn(standing.roots)


def _cycle(column: StandingColumn) -> str:
    values = column.values
    if values["update_cycle_days"]:
        return f"每{values['update_cycle_days']}天至少{values['min_per_period'] or 1}条"
    return "无需经常更新" if values["update_exempt"] else ""


@require_GET
def column(request: HttpRequest, pk: int) -> HttpResponse:
    """One column: what it asks, who has it, and what became of it."""
    found = get_object_or_404(Column.objects.select_related("parent", "owner"), pk=pk)
    if found.owner and not access_of(request).may("catalogue.adjust", found.owner):
        raise Http404
    today = timezone.localdate()
    history = found.changes.select_related("actor", "planned_as__edition").order_by("-on", "-id")
    above, place = found, [found.name]
    while above.parent is not None:
        above = above.parent
        place.insert(0, above.name)
    context = {
        "column": found,
        "place": " / ".join(place),
        "facts": words.facts({name: getattr(found, name) for name in NORM}),
        "today": today,
        "holders": _holders(found, today),
        "local": UnitColumn.objects.filter(column=found).select_related("unit").order_by("-effective_from"),
        "items": items_below([found.code]).get(found.code, 0),
        "history": [words.history(change) for change in history],
        "children": Column.objects.valid_on(today).filter(parent=found),
    }
    return render(request, "office/catalogue/column.html", context)


def _holders(column: Column, today: Any) -> list[dict[str, Any]]:
    """The units that have the column today, by tier."""
    view, by_tier = CatalogueView(), dict[str, list[Unit]]()
    for unit in Unit.objects.active(today).order_by("sort", "id"):
        if view.shows(unit, column, today):
            by_tier.setdefault(unit.tier, []).append(unit)
    return [{"label": label, "units": by_tier[tier]} for tier, label in Tier.choices if tier in by_tier]

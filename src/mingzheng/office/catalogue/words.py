"""How the screens say what the norm says of a column."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from mingzheng.city.models import Tier
from mingzheng.publish.catalogue.editions.figures import Line
from mingzheng.publish.catalogue.models import CatalogueChange, Column, FiveOpens
from mingzheng.publish.catalogue.rules import vocabulary
from mingzheng.publish.catalogue.services import NORM

_OTHER: Final = {"parent": "上级栏目", "role": "用途标记", "sort": "排序"}
_SHORT: Final = 300  # characters of a value in a list of changes


def label(name: str) -> str:
    """The name of a field on screen."""
    return str(Column._meta.get_field(name).verbose_name) if name in NORM else _OTHER.get(name, name)  # type: ignore[union-attr]


def said(name: str, value: Any) -> str:
    """A value as an officer reads it; empty for none."""
    if value is None or value == "" or value == []:
        return ""
    if name == "tiers":
        return "、".join(str(Tier(tier).label) for tier in value)
    if name == "five_opens":
        return str(FiveOpens(value).label)
    if name == "statutory_item":
        return vocabulary("statutory_items").get(value, value)
    if name == "time_limit":
        unit, event = vocabulary("time_units")[value["unit"]], vocabulary("time_from")[value["from"]]
        return f"自{event}之日起{value['value']}{unit}内"
    if isinstance(value, bool):
        return "是" if value else "否"
    return "；".join(map(str, value)) if isinstance(value, list) else str(value)


def facts(values: dict[str, Any]) -> list[tuple[str, str]]:
    """Label and value of everything that the norm says, without its name; what is not said is left out."""
    return [
        (label(name), text)
        for name in NORM
        if name != "name" and values[name] is not False and (text := said(name, values[name]))
    ]


def compared(fields: Iterable[tuple[str, Any, Any]]) -> list[dict[str, str]]:
    """Fields with their values before and after."""
    return [
        {"label": label(name), "before": _short(said(name, before)), "after": _short(said(name, after))}
        for name, before, after in fields
    ]


def line(planned: Line) -> dict[str, Any]:
    """A planned change for the list of an edition."""
    new = planned.change.kind == "added"
    fields = [each for each in planned.fields if not new or (each[0] != "name" and each[2])]
    return {"change": planned.change, "place": planned.place, "fields": compared(fields), "new": new}


def history(change: CatalogueChange) -> dict[str, Any]:
    """A counted change for the history of a column."""
    before, after = change.details.get("before", {}), change.details.get("after", {})
    planned = getattr(change, "planned_as", None)
    return {
        "change": change,
        "fields": compared((name, before.get(name), value) for name, value in after.items()),
        "edition": planned.edition if planned else None,
    }


def _short(text: str) -> str:
    return text if len(text) <= _SHORT else f"{text[:_SHORT]}……"

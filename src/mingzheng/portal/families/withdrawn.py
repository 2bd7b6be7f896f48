"""The page that stays at the address of a withdrawn item: that it was withdrawn, when, by whom and why. Nothing of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from mingzheng.portal import addresses
from mingzheng.portal.families import Page
from mingzheng.portal.families.facts import UnitFacts
from mingzheng.portal.formats import chinese_date
from mingzheng.publish.items.models import Item
from mingzheng.publish.items.services import withdrawal_reason

FAMILY: Final = "withdrawn"
TITLE: Final = "该信息已撤回"


def withdrawn_pages(facts: UnitFacts, **chosen: int) -> Iterator[Page]:
    """The pages of the chosen items of the unit, all by default, that were withdrawn with a notice."""
    found = Item.objects.tombstones().filter(unit=facts.unit, **chosen).order_by("id")
    for row in found.values_list("id", "first_published_at", "withdrawn_at", "withdrawal_code"):
        yield _page(facts, *row)


def _page(facts: UnitFacts, pk: int, at: datetime, withdrawn_at: datetime | None, code: str) -> Page:
    path = addresses.item_path(pk, at)
    context = {
        "page": {"title": TITLE, "path": path, "url": facts.site.address(path), "noindex": True},
        "wording": withdrawal_reason(code).public,
        "unit": facts.unit.name,
        "unit_url": facts.path,
        "day": chinese_date(withdrawn_at and addresses.city_minute(withdrawn_at)),
    }
    return Page(path, FAMILY, facts.unit.pk, facts.html(FAMILY, context))

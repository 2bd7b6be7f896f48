"""What a withdrawn item leaves: that it was withdrawn, and if its reason allows, when, by whom and why. Nothing of it.

The page of status 410. Its file lies beside the place of the item's page, whose address it names as its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from mingzheng.portal import addresses
from mingzheng.portal.families import Page
from mingzheng.portal.families.facts import UnitFacts
from mingzheng.portal.formats import chinese_date
from mingzheng.publish.items.models import Item, Status
from mingzheng.publish.items.services import withdrawal_reason

FAMILY: Final = "withdrawn"
TITLE: Final = "该信息已撤回"
SILENT: Final = "该信息已由发布机构撤回，不再公开。如需了解，请与发布机构联系，或者依法申请公开。"


def withdrawn_pages(facts: UnitFacts, **chosen: int) -> Iterator[Page]:
    """The pages of the chosen items of the unit, all by default, that were public and are no more."""
    items = Item.objects.tombstones() | Item.objects.gone()
    found = items.filter(unit=facts.unit, **chosen).order_by("id")
    for row in found.values_list("id", "first_published_at", "status", "withdrawn_at", "withdrawal_code"):
        yield _page(facts, *row)


def _page(
    facts: UnitFacts, pk: int, at: datetime, status: str, withdrawn_at: datetime | None, code: str
) -> Page:
    path = addresses.item_path(pk, at)
    context = {
        "page": {"title": TITLE, "path": path, "url": facts.site.address(path), "noindex": True},
        "wording": SILENT,
        "unit_url": facts.path,
    }
    if status == Status.TOMBSTONE:
        context |= {
            "wording": withdrawal_reason(code).public,
            "unit": facts.unit.name,
            "day": chinese_date(withdrawn_at and addresses.city_minute(withdrawn_at)),
        }
    return Page(addresses.gone_path(path), FAMILY, facts.unit.pk, facts.html(FAMILY, context))

"""The only door of the public site for the rooms beside it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from mingzheng.city.models import Unit
from mingzheng.city.services import waiting_events
from mingzheng.portal.addresses import item_path
from mingzheng.portal.changes import TOPICS
from mingzheng.portal.families.facts import CityFacts
from mingzheng.portal.families.gazette import issue_page, issue_path
from mingzheng.portal.families.home import home_page
from mingzheng.portal.families.home_blocks import read_blocks
from mingzheng.portal.families.items import Related, Row, item_page, link_target
from mingzheng.portal.families.topics import topic_path
from mingzheng.portal.manifest import SITE_PART
from mingzheng.portal.sites.models import SiteHome
from mingzheng.publish.documents.models import GazetteIssue
from mingzheng.publish.items.services import ItemDraft

__all__ = [
    "issue_path",
    "item_path",
    "preview_home",
    "preview_issue",
    "preview_item",
    "topic_path",
    "waiting_changes",
]

PREVIEW_ID = 0


def waiting_changes() -> int:
    """How many events wait for the publisher."""
    return sum(1 for _ in waiting_events(TOPICS))


def preview_item(unit: Unit, column_id: int, draft: ItemDraft, at: datetime) -> str:
    """The public page of an item as it would look if it were published at that moment; nothing is written."""
    day = timezone.localdate(at)
    city = CityFacts(day, day)
    related = Related(pk=PREVIEW_ID)
    related.attachments[PREVIEW_ID] = [
        {"name": name, "url": link_target(url), "ext": name.rpartition(".")[2]}
        for name, url in draft.attachments
    ]
    given: dict[str, Any] = {"id": PREVIEW_ID, "unit_id": unit.pk, "column_id": column_id}
    given |= {"first_published_at": at, "amended_at": None, "index_no": "发布时生成"}
    shown = Row._make(given[name] if name in given else getattr(draft, name) for name in Row._fields)
    return item_page(city.unit_facts(unit.pk), shown, related).content.decode()


def preview_home(home: SiteHome) -> str:
    """The home page of a site with the blocks that it holds now, published or not; nothing is written."""
    city = CityFacts(timezone.localdate())
    stream = SiteHome._meta.get_field("blocks").stream_block  # type: ignore[union-attr]
    facts = city.unit_facts(home.site.unit_id)
    face = city.faces.of_site(home.site.unit_id)
    return home_page(facts, face, read_blocks(stream.get_prep_value(home.blocks)), SITE_PART).content.decode()


def preview_issue(issue: GazetteIssue) -> str:
    """The public page of an issue of the gazette as it stands now; nothing is written."""
    return issue_page(CityFacts(timezone.localdate()), issue).content.decode()

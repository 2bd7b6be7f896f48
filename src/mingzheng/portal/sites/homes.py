"""Composing a site's home page: a draft is saved as a revision, publishing puts it on the site."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from mingzheng.city import audit
from mingzheng.city.models import Person
from mingzheng.city.services import require
from mingzheng.law.errors import Refusal
from mingzheng.portal.sites.life import tell_changed
from mingzheng.portal.sites.models import Site, SiteHome


def compose(actor: Person | None, site: Site, blocks: list[tuple[str, dict[str, Any]]]) -> SiteHome:
    """Put these blocks on the site's home page at once; ``actor`` is None only while an installation is being set up."""
    if actor is not None:
        require(actor, "site.edit", site.unit)
    with transaction.atomic():
        home, _ = SiteHome.objects.select_for_update().get_or_create(site=site, defaults={"live": False})
        stream = SiteHome._meta.get_field("blocks").stream_block  # type: ignore[union-attr]
        home.blocks = stream.to_python([{"type": kind, "value": value} for kind, value in blocks])
        try:
            stream.clean(home.blocks)
        except ValidationError:
            raise Refusal(f"“{site}”的首页版块有误，请检查每个版块的必填项。") from None
        publish_home(actor, home)
    return home


def publish_home(actor: Person | None, home: SiteHome) -> None:
    """Make what the page holds now its public state, as a revision that can be gone back to."""
    if actor is not None:
        require(actor, "site.edit", home.unit)
    with transaction.atomic():
        revision = home.save_revision(user=actor, log_action=False)
        revision.publish(
            user=actor, log_action=False, skip_permission_checks=True
        )  # the table was asked above
        note_published(actor, home)


def note_published(actor: Person | None, home: SiteHome) -> None:
    """What every publication of a home page leaves behind; within its transaction."""
    audit.append(actor, "site.home_published", f"site:{home.site.slug}", {"blocks": len(home.blocks)})
    tell_changed(home.site)

"""Erasing an item with everything that was written on the way to it: its manuscripts, their versions and files."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import ModelLogEntry

from mingzheng.city import audit
from mingzheng.city.models import Person
from mingzheng.publish.files.services import remove_file
from mingzheng.publish.items import services as items
from mingzheng.publish.items.models import Attachment, Item
from mingzheng.publish.manuscripts.models import CLOSED, Manuscript, ManuscriptFile, State
from mingzheng.publish.reviews import services as reviews

PREFIX = "/files/"
_EMPTIED = (
    "body", "doc_no", "issuer", "keywords", "abstract", "non_disclosure_reason", "content_source", "interpreter",
    "interpreted_title", "content_hash",
)  # fmt: skip


def erase(actor: Person, item_id: int) -> Item:
    """Confirm the request to erase an item; the item, its manuscripts and their files are emptied together.

    A file that anything else refers to stays. Files are removed once the rest is certain.
    """
    with transaction.atomic():
        item, addresses = items.erase_item(actor, item_id)
        keys = {address.removeprefix(PREFIX) for address in addresses if address.startswith(PREFIX)}
        for manuscript in Manuscript.objects.select_for_update().filter(item=item):
            keys |= set(manuscript.files.values_list("key", flat=True))
            _empty(actor, manuscript, item.title)
        unused = _unused(keys)
        transaction.on_commit(lambda: _remove(unused))
    return item


def _empty(actor: Person, manuscript: Manuscript, title: str) -> None:
    if manuscript.state not in CLOSED:
        reviews.reopen(actor, manuscript.subject, "")
        manuscript.state = State.DROPPED
    manuscript.title, manuscript.latest_revision = title, None
    for name in _EMPTIED:
        setattr(manuscript, name, "")
    manuscript.save()
    manuscript.revisions.all().delete()
    manuscript.files.all().delete()
    manuscript.check_decisions.all().delete()
    reviews.forget_title(manuscript.subject, title)
    kind = ContentType.objects.get_for_model(Manuscript)
    ModelLogEntry.objects.filter(content_type=kind, object_id=str(manuscript.pk)).update(label=title)
    audit.append(actor, "manuscript.erased", manuscript.subject, {})


def _unused(keys: Iterable[str]) -> list[str]:
    """The keys to which nothing refers any more: no item, no manuscript."""
    return [
        key
        for key in sorted(keys)
        if not Attachment.objects.filter(url=PREFIX + key).exists()
        and not ManuscriptFile.objects.filter(key=key).exists()
    ]


def _remove(keys: Iterable[str]) -> None:
    for key in keys:
        remove_file(settings.HOME, key)

"""Files that are kept here: those of public items and the pictures of sites, published and removed like every page."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from typing import Final

from django.conf import settings

from mingzheng.law.errors import Refusal
from mingzheng.portal.families import Page
from mingzheng.portal.manifest import SITE_PART
from mingzheng.portal.sites.models import Site
from mingzheng.portal.sites.themes import PICTURES
from mingzheng.publish.files.services import stored_path
from mingzheng.publish.items.models import Attachment, is_public

FAMILY: Final = "file"
PREFIX: Final = "/files/"


def file_pages() -> Iterator[Page]:
    """Every kept file of a public item, and the pictures of sites."""
    found = Attachment.objects.filter(is_public("item__"), url__startswith=PREFIX).order_by("url")
    of_items = found.values_list("url", flat=True).distinct().iterator()
    for path in heapq.merge(of_items, sorted(_pictures())):
        page = _page(path)
        if page is not None:
            yield page


def file_page(path: str) -> Page | None:
    """The file of this address, if a public item or a site has it."""
    if path not in _pictures() and not Attachment.objects.filter(is_public("item__"), url=path).exists():
        return None
    return _page(path)


def files_of(item_ids: Iterable[int]) -> set[str]:
    """The addresses of the files that these items have, public or not."""
    found = Attachment.objects.filter(item__in=list(item_ids), url__startswith=PREFIX)
    return set(found.values_list("url", flat=True))


def _pictures() -> set[str]:
    """The banners and logos of sites."""
    themes = Site.objects.values_list("theme", flat=True)
    return {path for theme in themes for name in PICTURES if (path := theme.get(name, ""))}


def _page(path: str) -> Page | None:
    try:
        content = stored_path(settings.HOME, path.removeprefix(PREFIX)).read_bytes()
    except (OSError, Refusal):
        return None
    return Page(path, FAMILY, SITE_PART, content, ())

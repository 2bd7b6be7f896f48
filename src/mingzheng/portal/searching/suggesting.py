"""What is offered while somebody types. A title is offered only while its item is public."""

from __future__ import annotations

from mingzheng.portal.searching.asking import tidy
from mingzheng.portal.searching.names import Name
from mingzheng.portal.searching.projection import Opened
from mingzheng.publish.items.models import Item


def suggest(index: Opened, typed: str, most: int) -> list[str]:
    """Names and titles that begin as typed, at most so many."""
    found: list[Name] = index.names.beginning_with(tidy(typed), most)
    ids = [each.item for each in found if each.item is not None]
    public = dict(Item.objects.public().filter(pk__in=ids).values_list("pk", "title")) if ids else {}
    return [each.text for each in found if each.item is None or public.get(each.item) == each.text]

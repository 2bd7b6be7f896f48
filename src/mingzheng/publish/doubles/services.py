"""The only door of text prints: whoever writes items keeps them; the checks before publication ask them."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from html import unescape

from mingzheng.publish.doubles.models import TextPrint

__all__ = ["TextPrint", "keep", "print_of", "renew"]

SHORTEST = 30  # characters; “详见附件” says nothing about being the same
_TAG = re.compile("<[^>]*>")
_BESIDE = re.compile(r"[\W_]+")


def print_of(body: str) -> str:
    """The print of a body (HTML): its letters and digits alone, hashed; empty when there are too few."""
    text = _TAG.sub("", body)
    text = unescape(text) if "&" in text else text
    bare = _BESIDE.sub("", unicodedata.normalize("NFKC", text)).lower()
    return hashlib.sha256(bare.encode("utf-8", "replace")).hexdigest()[:32] if len(bare) >= SHORTEST else ""


def keep(bodies: Iterable[tuple[int, str]]) -> None:
    """Keep the prints of new items, given as id and body, in the caller's transaction."""
    prints = [TextPrint(item_id=pk, digest=digest) for pk, body in bodies if (digest := print_of(body))]
    TextPrint.objects.bulk_create(prints, batch_size=1000)


def renew(item_id: int, body: str) -> None:
    """Keep the print of an item whose body was changed or emptied."""
    TextPrint.objects.filter(item=item_id).delete()
    keep([(item_id, body)])

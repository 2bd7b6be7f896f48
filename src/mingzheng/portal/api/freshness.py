"""How new the public data is: one row of the audit chain says it, before anything else is read.

Every act that changes what the public sees appends to the chain in its own transaction, and writers queue for the
chain's head: the newest entry names the state of everything. Entries about people, sign-ins and unpublished texts
change nothing public and are passed over; a verb that nobody has thought of counts as a change.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, time
from typing import Final, NamedTuple

from django.db.models import Q
from django.utils import timezone

from mingzheng import __version__
from mingzheng.city.models import AuditEntry

INSIDE: Final = (
    "signin.", "second_factor.", "person.", "manuscript", "file.", "check.", "review.", "audit.", "attribute",
    "route.", "word.", "key.", "placement.preset", "placement.push_set", "items.exported", "pages.",
)  # fmt: skip
"""Beginnings of the verbs that the public never sees the effect of."""


class State(NamedTuple):
    """The state of the public data: a mark that changes with it, and since when it is so."""

    mark: str
    since: datetime


def state_now() -> State:
    """The present state; one query, which reads back from the newest entry."""
    unseen = Q()
    for start in INSIDE:
        unseen |= Q(verb__startswith=start)
    newest = AuditEntry.objects.exclude(unseen).order_by("-pk").values_list("hash", "at").first()
    # Midnight ends documents and placements.
    midnight = timezone.make_aware(datetime.combine(timezone.localdate(), time.min))
    told = f"{newest and newest[0]}\n{midnight.isoformat()}\n{__version__}"
    return State(told, max(midnight, newest[1]) if newest else midnight)


def tag_of(state: State, address: str) -> str:
    """The ETag of what stands at an address in that state; weak, because a web server may compress it."""
    told = "\n".join((state.mark, address))
    return f'W/"{hashlib.sha256(told.encode()).hexdigest()[:32]}"'

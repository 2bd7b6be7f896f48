"""The audit chain: append-only, each entry carries the hash of the one before.

Whoever changes, removes or inserts an entry breaks every hash after it; whoever cuts the tail is
betrayed by the head. ``verify`` reads the chain once, in order.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from mingzheng.city.models import AuditEntry, AuditHead, Person

GENESIS = "0" * 64


def _hash(previous: str, at: datetime, actor: int | None, verb: str, subject: str, payload: Any) -> str:
    stamp = at.astimezone(timezone.get_fixed_timezone(0)).isoformat(timespec="microseconds")
    text = json.dumps(
        [previous, stamp, actor, verb, subject, payload],
        ensure_ascii=False, sort_keys=True, separators=(",", ":"),
    )  # fmt: skip
    return hashlib.sha256(text.encode()).hexdigest()


def append(actor: Person | None, verb: str, subject: str, payload: dict[str, Any]) -> AuditEntry:
    """Append one entry in the caller's transaction; writers queue on the head of the chain."""
    payload = json.loads(json.dumps(payload, ensure_ascii=False, default=str))
    with transaction.atomic(savepoint=False):
        AuditHead.objects.bulk_create([AuditHead(pk=1, hash=GENESIS)], ignore_conflicts=True)
        head = AuditHead.objects.select_for_update().get(pk=1)
        at = timezone.now()
        actor_id = actor.pk if actor else None
        entry = AuditEntry.objects.create(
            at=at, actor=actor, verb=verb, subject=subject, payload=payload, previous_hash=head.hash,
            hash=_hash(head.hash, at, actor_id, verb, subject, payload),
        )  # fmt: skip
        head.entries += 1
        head.hash = entry.hash
        head.save(update_fields=["entries", "hash"])
    return entry


@dataclass(frozen=True, slots=True)
class Break:
    """A place where the chain does not hold, in one Chinese sentence."""

    entry_id: int | None
    message: str


def verify(last: int | None = None) -> Iterator[Break]:
    """Every break of the chain, in order; nothing when it is whole. With ``last``, of that many newest entries."""
    chain = AuditEntry.objects.order_by("id")
    skipped = _entry_before(last) if last else None
    previous, count = GENESIS, 0
    if skipped is not None:
        chain, previous = chain.filter(id__gt=skipped.pk), skipped.hash
    for entry in chain.iterator(2000):
        count += 1
        if entry.previous_hash != previous:
            yield Break(entry.pk, f"审计记录第{entry.pk}号与上一条不衔接，其前有记录被删除、插入或改动。")
        computed = _hash(
            entry.previous_hash, entry.at, entry.actor_id, entry.verb, entry.subject, entry.payload
        )
        if computed != entry.hash:
            yield Break(entry.pk, f"审计记录第{entry.pk}号的内容与其校验值不符，该条已被改动。")
        previous = entry.hash
    head = AuditHead.objects.filter(pk=1).first()
    expected, tail = (head.entries, head.hash) if head else (0, GENESIS)
    if tail != previous or (skipped is None and expected != count):
        yield Break(
            None,
            f"审计链应有{expected}条，实有{_counted(skipped, count)}条，链尾与登记不一致，末尾记录被删改。",
        )


def _entry_before(last: int) -> AuditEntry | None:
    """The entry before the ``last`` newest ones; None when there are no more than that."""
    edge = AuditEntry.objects.order_by("-id").values_list("id", flat=True).first() or 0
    return AuditEntry.objects.filter(id__lte=edge - last).order_by("-id").first()


def _counted(skipped: AuditEntry | None, count: int) -> int:
    return count if skipped is None else AuditEntry.objects.filter(id__lte=skipped.pk).count() + count

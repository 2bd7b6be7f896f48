"""The only door of the open interface: keys for other systems, opened and revoked by who keeps the accounts."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from mingzheng.city import audit
from mingzheng.city import services as city
from mingzheng.city.models import Person, Role, Unit
from mingzheng.law.errors import Refusal
from mingzheng.portal.api.models import ApiKey, Submission

__all__ = ["LONGEST_DAYS", "ApiKey", "Submission", "key_of", "open_key", "revoke_key"]

LONGEST_DAYS: Final = 731
"""The longest time for which a key is given out; then it is exchanged."""
START: Final = "mz_"
_USED: Final = timedelta(minutes=10)
"""How exactly the last use of a key is kept: a write for each request would cost more than it tells."""


def open_key(
    actor: Person, unit: Unit, *, name: str, expires_on: date, downwards: bool = False
) -> tuple[ApiKey, str]:
    """Give a system a key to write for a unit, with an account of its own; returns both, the key for the only time.

    The account is a writer (信息员) of the unit for as long as the key holds, so it may do what a writer may and no
    more. ``expires_on`` is the last day. Needs ``unit.manage`` for the whole city, as every new account does.
    """
    name, today = " ".join(name.split()), timezone.localdate()
    if not name or len(name) > 40:
        raise Refusal("系统名称须有1至40个字符。")
    if not today <= expires_on <= today + timedelta(days=LONGEST_DAYS):
        raise Refusal(f"接口密钥的最后一日应在今天至两年之内，所填的是{expires_on}。")
    if unit.active_to is not None and unit.active_to <= today:
        raise Refusal(f"“{unit}”已经撤销，不能建立接口密钥。")
    told = START + secrets.token_urlsafe(30)
    with transaction.atomic():
        username = f"api-{secrets.token_hex(6)}"
        person = city.create_person(actor, username=username, name=f"{name}（接口）"[:40], password=None)
        city.grant(actor, person, Role.WRITER, unit, starts_on=today, ends_on=expires_on, downwards=downwards)
        key = ApiKey.objects.create(
            person=person, unit=unit, name=name, start=told[:8], digest=_digest(told), created_by=actor,
            expires_on=expires_on,
        )  # fmt: skip
        audit.append(
            actor,
            "key.opened",
            f"key:{key.pk}",
            {"name": name, "unit": unit.code, "to": expires_on, "username": username},
        )
    return key, told


def revoke_key(actor: Person, key_id: int, *, reason: str) -> ApiKey:
    """End a key at once; what came by it stays, and its account has no other way in."""
    reason = reason.strip()
    if not reason or len(reason) > 200:
        raise Refusal("作废接口密钥须写明原因，不超过200个字符。")
    with transaction.atomic():
        found = (
            ApiKey.objects.select_for_update(of=("self",)).select_related("unit", "person").filter(pk=key_id)
        )
        key = found.first()
        if key is None:
            raise Refusal("没有这个接口密钥，请刷新页面后再试。")
        city.require(actor, "unit.manage", key.unit)
        if key.revoked_at is not None:
            raise Refusal(f"“{key}”的接口密钥已经作废。")
        key.revoked_at, key.revoked_by, key.reason = timezone.now(), actor, reason
        key.save(update_fields=["revoked_at", "revoked_by", "reason"])
        audit.append(
            actor, "key.revoked", f"key:{key.pk}", {"name": key.name, "unit": key.unit.code, "reason": reason}
        )
    return key


def key_of(told: str) -> ApiKey | None:
    """The key in force that was told, None when there is none; its use is noted now and then."""
    if not told.startswith(START) or len(told) > 100:
        return None
    found = ApiKey.objects.in_force(timezone.localdate()).filter(digest=_digest(told))
    key = found.select_related("person", "unit").first()
    if key is not None:
        now = timezone.now()
        stale = Q(last_used_at=None) | Q(last_used_at__lt=now - _USED)
        if key.last_used_at is None or key.last_used_at < now - _USED:
            ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)
    return key


def _digest(told: str) -> str:
    """Forty random characters need no slow hash."""
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()

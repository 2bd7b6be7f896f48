"""Grey pages and urgent notices: one switch for all sites, in force from one moment to another."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from mingzheng.city import audit
from mingzheng.city.models import Person
from mingzheng.city.services import emit, require, root_unit
from mingzheng.law.errors import Refusal
from mingzheng.portal.sites.blocks import ADDRESS
from mingzheng.portal.sites.life import states, tell_changed
from mingzheng.portal.sites.models import CityNotice, Site, ToldState

ROW: Final = 1
Kind = CityNotice.Kind


def switch_on(
    actor: Person, kind: Kind, *, text: str, url: str = "", starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> CityNotice:  # fmt: skip
    """Switch all sites to grey, or put a notice above every page, from now or a later moment on."""
    require(actor, "site.manage", root_unit())
    now = timezone.now()
    starts_at = starts_at or now
    text = " ".join(text.split())
    if not text or len(text) > 200:
        raise Refusal("请写明公告内容或者灰度显示的缘由，不超过200个字符。")
    if ends_at is not None and ends_at <= max(starts_at, now):
        raise Refusal("结束时间应当晚于开始时间和现在。")
    if url:
        try:
            ADDRESS(url)
        except ValidationError as wrong:
            raise Refusal(f"详情{wrong.messages[0]}") from None
    with transaction.atomic():
        made = CityNotice.objects.create(
            kind=kind, text=text, url=url, starts_at=starts_at, ends_at=ends_at, by=actor
        )
        audit.append(
            actor, "notice.switched_on", f"notice:{made.pk}",
            {"kind": kind, "text": text, "from": starts_at, "to": ends_at},
        )  # fmt: skip
        emit("notice.changed", notice_id=made.pk)
    return made


def switch_off(actor: Person, notice_id: int) -> CityNotice:
    """End it now; one that has not begun never begins."""
    require(actor, "site.manage", root_unit())
    now = timezone.now()
    with transaction.atomic():
        notice = CityNotice.objects.select_for_update().filter(pk=notice_id).first()
        if notice is None:
            raise Refusal("没有这条全站提示，请刷新页面后再试。")
        if notice.ends_at is not None and notice.ends_at <= now:
            raise Refusal("这条全站提示已经结束。")
        notice.ends_at, notice.ended_by = max(now, notice.starts_at), actor
        notice.save(update_fields=["ends_at", "ended_by"])
        audit.append(actor, "notice.switched_off", f"notice:{notice.pk}", {"text": notice.text})
        emit("notice.changed", notice_id=notice.pk)
    return notice


def turn_sites(now: datetime) -> int:
    """Tell whoever makes pages which sites and notices began or ended by themselves; returns how many.

    The moment and the events are written together, so that a second process finds it told.
    """
    with transaction.atomic():
        told, _ = ToldState.objects.select_for_update().get_or_create(pk=ROW, defaults={"at": now})
        since, count = told.at, 0
        if since >= now:
            return 0
        began = CityNotice.objects.filter(starts_at__gt=since, starts_at__lte=now)
        ended = CityNotice.objects.filter(ends_at__gt=since, ends_at__lte=now)
        for pk in {*began.values_list("pk", flat=True), *ended.values_list("pk", flat=True)}:
            emit("notice.changed", notice_id=pk)
            count += 1
        before, today = timezone.localdate(since), timezone.localdate(now)
        if before != today:
            sites = list(Site.objects.select_related("unit"))
            was, are = states(sites, before), states(sites, today)
            for site in sites:
                if was[site.pk] != are[site.pk]:
                    tell_changed(site)
                    count += 1
        if count or before != today:
            told.at = now
            told.save(update_fields=["at"])
    return count

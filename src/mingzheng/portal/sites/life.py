"""The life of a site: application, approval, opening, temporary closing, closing (国办发〔2017〕47号).

Acts are facts; what state a site is in on a day is computed from them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from django.db import models, transaction
from django.utils import timezone

from mingzheng.city import audit
from mingzheng.city.models import Person
from mingzheng.city.services import emit, require
from mingzheng.law.errors import Refusal
from mingzheng.portal.sites.models import Site, SiteAct
from mingzheng.portal.sites.rules import rules_on

Kind = SiteAct.Kind


class State(models.TextChoices):
    APPLIED = "applied", "待审批"
    REFUSED = "refused", "未批准"
    PREPARING = "preparing", "筹建中"
    OPEN = "open", "已开通"
    SUSPENDED = "suspended", "临时下线"
    CLOSING = "closing", "即将关停"
    CLOSED = "closed", "已关停"


# act -> the states in which it may be done; who decides is the city's office, but for the application.
ALLOWED: Final = {
    Kind.REFUSED: {State.APPLIED},
    Kind.APPROVED: {State.APPLIED, State.REFUSED},
    Kind.OPENED: {State.PREPARING},
    Kind.SUSPENDED: {State.OPEN},
    Kind.RESUMED: {State.SUSPENDED},
    Kind.CLOSING: {State.OPEN, State.SUSPENDED},
}
SERVING: Final = frozenset({State.OPEN, State.CLOSING})
"""States in which the pages of its units stand in the frame of the site."""


def state_on(site: Site, acts: Iterable[SiteAct], on: date) -> State:
    """The state of a site on a day, from its acts in their order. The portal is always open."""
    if site.unit.parent_id is None:
        return State.OPEN
    state, suspended = State.APPLIED, False
    for act in acts:
        if act.kind == Kind.REFUSED:
            state = State.REFUSED
        elif act.kind == Kind.APPROVED:
            state = State.PREPARING
        elif act.kind == Kind.OPENED and act.starts_on <= on:
            state = State.OPEN
        elif act.kind == Kind.SUSPENDED:
            suspended = act.starts_on <= on and act.ends_on is not None and on <= act.ends_on
        elif act.kind == Kind.RESUMED and act.starts_on <= on:
            suspended = False
        elif act.kind == Kind.CLOSING:
            return State.CLOSED if on >= act.starts_on else State.SUSPENDED if suspended else State.CLOSING
    return State.SUSPENDED if suspended and state == State.OPEN else state


def states(sites: Iterable[Site], on: date) -> dict[int, State]:
    """The state of each of these sites, from one query."""
    sites = list(sites)
    acts: dict[int, list[SiteAct]] = {site.pk: [] for site in sites}
    for act in SiteAct.objects.filter(site__in=acts):
        acts[act.site_id].append(act)
    return {site.pk: state_on(site, acts[site.pk], on) for site in sites}


def state_of(site: Site, on: date | None = None) -> State:
    return state_on(site, site.acts.all(), on or timezone.localdate())


def act(
    actor: Person, site_id: int, kind: Kind, *, reason: str, starts_on: date | None = None,
    ends_on: date | None = None, target: str = "",
) -> SiteAct:  # fmt: skip
    """Do what the city's office decides about a site. Raises Refusal when its state or the rules do not allow it.

    ``starts_on`` is the first day of what is done, today by default; ``ends_on`` the last day of a temporary
    closing; ``target`` the address to which a closed site leads.
    """
    today = timezone.localdate()
    first = starts_on or today
    with transaction.atomic():
        site = locked(site_id)
        require(actor, "site.manage", site.unit)
        state = state_of(site, today)
        if kind not in ALLOWED or state not in ALLOWED[kind]:
            raise Refusal(f"网站“{site}”现在是“{state.label}”，不能办理“{Kind(kind).label}”。")
        reason = " ".join(reason.split())
        if not reason or len(reason) > 300:
            raise Refusal("请写明依据或原因，不超过300个字符。")
        if first < today:
            raise Refusal(f"起始日期{first}早于今天，不能倒填。")
        if kind == Kind.SUSPENDED:
            _check_suspension(site, first, ends_on)
        elif kind == Kind.CLOSING:
            _check_closing(site, first, today, target)
        elif kind == Kind.OPENED:
            _check_opening(site)
        made = _append(actor, site, kind, reason, first, ends_on if kind == Kind.SUSPENDED else None, target)
    return made


def note_application(actor: Person, site: Site, reason: str) -> SiteAct:
    """The first act of every site but the portal; within the transaction that makes its row."""
    return _append(actor, site, Kind.APPLIED, reason, timezone.localdate(), None, "")


def locked(site_id: int) -> Site:
    """The site for a change; refuses in a sentence when there is none."""
    site = Site.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=site_id).first()
    if site is None:
        raise Refusal("没有这个网站，请刷新页面后再试。")
    return site


def _append(
    actor: Person, site: Site, kind: Kind, reason: str, first: date, last: date | None, target: str
) -> SiteAct:
    made = SiteAct.objects.create(
        site=site, kind=kind, reason=reason, starts_on=first, ends_on=last, target=target, by=actor,
        at=timezone.now(),
    )  # fmt: skip
    told = {"name": site.name, "reason": reason, "from": first, "to": last, "target": target}
    audit.append(actor, f"site.{kind}", f"site:{site.slug}", told)
    tell_changed(site)
    return made


def tell_changed(site: Site, files: Iterable[str] = ()) -> None:
    """Let whoever makes pages know; ``files`` are the addresses of pictures that came or went."""
    emit("site.changed", unit_id=site.unit_id, slug=site.slug, files=sorted(files))


def _check_suspension(site: Site, first: date, last: date | None) -> None:
    rules = rules_on(first)
    if last is None or last < first:
        raise Refusal("临时下线须写明最后一日，且不早于第一日。")
    days = (last - first).days + 1
    if days > rules.suspension_days:
        raise Refusal(
            f"临时下线{days}天，超过{rules.suspension_days}天的上限（{rules.basis}）；需要更久的，应当关停。"
        )
    earlier = site.acts.filter(kind=Kind.SUSPENDED, starts_on__year=first.year).count()
    if earlier >= rules.suspensions_per_year:
        raise Refusal(
            f"网站“{site}”{first.year}年已经临时下线{earlier}次，一年不得超过{rules.suspensions_per_year}次（{rules.basis}）。"
        )


def _check_closing(site: Site, first: date, today: date, target: str) -> None:
    rules = rules_on(today)
    notice = timedelta(days=rules.closing_notice_days)
    if first < today + notice:
        raise Refusal(
            f"关停须先行公告{rules.closing_notice_days}天，最早{today + notice}关停（{rules.basis}）。"
        )
    if not target:
        raise Refusal(f"请写明网站“{site}”关停后转到哪个地址。")


def _check_opening(site: Site) -> None:
    missing = [
        name
        for name, value in (("网站标识码", site.id_code), ("ICP备案号", site.icp), ("联系方式", site.contact))
        if not value
    ]
    if missing:
        raise Refusal(f"网站“{site}”还缺{'、'.join(missing)}，补齐后才能开通（国办发〔2017〕47号）。")

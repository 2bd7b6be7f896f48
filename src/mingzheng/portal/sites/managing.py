"""Applying for a site and describing it: name, codes, looks, menu, links. By its unit or the city's office."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from mingzheng.city import audit
from mingzheng.city.models import Person, Unit
from mingzheng.city.permissions import Access
from mingzheng.city.services import require
from mingzheng.law.errors import Refusal
from mingzheng.portal.sites.life import locked, note_application, tell_changed
from mingzheng.portal.sites.lines import read_links, read_menu
from mingzheng.portal.sites.models import Site, SiteHome
from mingzheng.portal.sites.rules import rules_on
from mingzheng.portal.sites.themes import PICTURES, read_theme
from mingzheng.publish.files.services import clean_file, inspect_file, store_file

FACTS: Final = ("name", "domain", "id_code", "icp", "police", "sponsor", "organiser", "contact")
NEEDED: Final = {
    "name": "网站名称",
    "id_code": "网站标识码",
    "sponsor": "主办单位署名",
    "contact": "联系方式",
}
_SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_ID_CODE: Final = re.compile(r"\d{10}|bm\d{8}")
_DOMAIN: Final = re.compile(r"([\w-]{1,63}\.){1,4}[\w-]{2,63}")
_RESERVED: Final = (".example", ".test", ".localhost")  # for trying out (RFC 2606)
PICTURE_KINDS: Final = ("png", "jpg", "webp")


def set_up_portal(actor: Person | None, root: Unit, **facts: str) -> Site:
    """The portal's own row, made or described anew; ``actor`` is None only while an installation is being set up."""
    if actor is not None:
        require(actor, "site.manage", root)
    with transaction.atomic():
        site = Site.objects.select_for_update().filter(unit=root).first() or Site(unit=root, slug="portal")
        _describe(site, facts)
        site.save()
        _note(actor, site, "site.described", facts)
    return site


def apply(actor: Person, unit: Unit, *, slug: str, reason: str, **facts: str) -> Site:
    """Apply for a site; nothing is public before the city's office approves and opens it."""
    require(actor, "site.edit", unit)
    rules = rules_on(timezone.localdate())
    if unit.parent is None or unit.parent.parent_id is not None or unit.tier not in rules.tiers:
        raise Refusal(f"“{unit}”不能另开网站，请使用上级网站的栏目（{rules.basis}）。")
    slug = slug.strip()
    if not _SLUG.fullmatch(slug) or len(slug) > 40:
        raise Refusal(f"网址名“{slug[:40]}”有误，应由小写字母、数字和短横组成，不超过40个字符。")
    reason = " ".join(reason.split())
    if not reason or len(reason) > 300:
        raise Refusal("请写明开设网站的理由，不超过300个字符。")
    with transaction.atomic():
        if Site.objects.filter(unit=unit).exists():
            raise Refusal(f"“{unit}”已有网站，一个单位最多开设一个网站（{rules.basis}）。")
        if Site.objects.filter(slug=slug).exists():
            raise Refusal(f"网址名“{slug}”已由另一个网站使用。")
        site = Site(unit=unit, slug=slug)
        _describe(site, facts)
        site.save()
        SiteHome.objects.create(site=site, live=False)
        note_application(actor, site, reason)
    return site


def describe(actor: Person, site_id: int, **facts: str) -> Site:
    """Change a site's name, codes and contact. Its address below ``/sites/`` never changes."""
    return _changed(actor, site_id, "site.described", facts, lambda site: _describe(site, facts))


def set_menu(actor: Person, site_id: int, text: str) -> Site:
    """Set the menu from lines of name and address. An empty one is the platform's own."""
    menu = read_menu(text)
    return _changed(actor, site_id, "site.menu_set", {"menu": menu}, lambda site: _set(site, "menu", menu))


def set_links(actor: Person, site_id: int, text: str) -> Site:
    """Set the friendly links from lines of name and address, in groups."""
    links = read_links(text)
    return _changed(
        actor, site_id, "site.links_set", {"links": links}, lambda site: _set(site, "links", links)
    )


def set_theme(
    actor: Person,
    site_id: int,
    *,
    colour: str,
    banner: str | None = None,
    logo: str | None = None,
    pack: str = "",
) -> Site:
    """Set the look; a banner or logo of None stays as it is, an empty one is taken away."""

    def dress(site: Site) -> None:
        kept = site.theme
        site.theme = read_theme(
            colour=colour, pack=pack,
            banner=kept.get("banner", "") if banner is None else banner,
            logo=kept.get("logo", "") if logo is None else logo,
        )  # fmt: skip

    return _changed(actor, site_id, "site.theme_set", {"colour": colour, "pack": pack}, dress)


def keep_picture(path: Path, name: str) -> str:
    """Keep an uploaded picture, cleaned, for a banner or logo; returns its address. Refuses what is no picture."""
    report = inspect_file(path, name)
    if report.kind not in PICTURE_KINDS:
        raise Refusal(f"“{report.name}”不是PNG、JPG或WEBP图片，不能用作横幅或标志。")
    if report.removable:
        cleaned = path.with_name(f"{path.name}.cleaned")
        clean_file(path, report, cleaned)
        path = cleaned
    return f"/files/{store_file(path, settings.HOME)}"


def may_edit(access: Access, site: Site) -> bool:
    return access.may("site.edit", site.unit)


def _changed(actor: Person, site_id: int, verb: str, told: dict[str, Any], change: Any) -> Site:
    with transaction.atomic():
        site = locked(site_id)
        require(actor, "site.edit", site.unit)
        files = _pictures(site)
        change(site)
        site.save()
        _note(actor, site, verb, told, files ^ _pictures(site))
    return site


def _pictures(site: Site) -> set[str]:
    return {path for name in PICTURES if (path := site.theme.get(name, ""))}


def _set(site: Site, name: str, value: Any) -> None:
    setattr(site, name, value)


def _describe(site: Site, facts: dict[str, str]) -> None:
    if unknown := facts.keys() - set(FACTS):
        raise TypeError(f"a site has no {', '.join(sorted(unknown))}")
    for name, value in facts.items():
        value = " ".join(value.split())
        most = Site._meta.get_field(name).max_length  # type: ignore[union-attr]
        if most and len(value) > most:
            raise Refusal(f"“{Site._meta.get_field(name).verbose_name}”超过{most}个字符。")  # type: ignore[union-attr]
        setattr(site, name, value)
    for name, label in NEEDED.items():
        if not getattr(site, name):
            raise Refusal(f"网站的“{label}”不能为空（国办发〔2017〕47号）。")
    if not _ID_CODE.fullmatch(site.id_code):
        raise Refusal(f"网站标识码“{site.id_code}”有误，应为10位数字，或bm加8位数字。")
    if site.domain:
        _check_domain(site)


def _check_domain(site: Site) -> None:
    rules, domain = rules_on(timezone.localdate()), site.domain.lower()
    if not _DOMAIN.fullmatch(domain) or not domain.endswith((*rules.domains, *_RESERVED)):
        raise Refusal(f"域名“{site.domain}”有误，应以{'或'.join(rules.domains)}结尾（{rules.basis}）。")
    taken = Site.objects.filter(domain=domain).exclude(pk=site.pk).first()
    if taken is not None:
        raise Refusal(f"域名“{domain}”已由“{taken}”使用。")
    site.domain = domain


def _note(
    actor: Person | None, site: Site, verb: str, told: dict[str, Any], files: Iterable[str] = ()
) -> None:
    audit.append(actor, verb, f"site:{site.slug}", {"name": site.name, **told})
    tell_changed(site, files)

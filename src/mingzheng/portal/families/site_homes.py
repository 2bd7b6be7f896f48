"""What sites have beside their units' pages: homes, looks, and what is told while a site is closed; and the switches for all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from mingzheng.portal import addresses
from mingzheng.portal.families import Page
from mingzheng.portal.families.facts import CityFacts, UnitFacts
from mingzheng.portal.families.home import department_home
from mingzheng.portal.formats import chinese_date
from mingzheng.portal.manifest import SITE_PART
from mingzheng.portal.site import Face
from mingzheng.portal.sites.models import CityNotice, Site, SiteAct
from mingzheng.portal.sites.services import SERVING, State

NOTICE: Final = "site_notice"
LOOKS: Final = "asset"
_GREY: Final = "html{filter:grayscale(1)}\n"


def site_pages(facts: UnitFacts) -> Iterator[Page]:
    """The pages of a unit's own site; nothing for a unit without one, or whose site was never open."""
    state = facts.city.faces.states.get(facts.unit.pk)
    if state is None or state not in (*SERVING, State.SUSPENDED, State.CLOSED):
        return
    face = facts.city.faces.of_site(facts.unit.pk)
    if state in SERVING:
        yield department_home(facts, face)
        if face.css:
            yield Page(face.css_path, LOOKS, facts.unit.pk, face.css.encode())
    else:
        yield _closed(facts, face, state)


def site_home(city: CityFacts, slug: str) -> Page | None:
    """The home of the site of that name, None when it is not to be seen."""
    unit_id = Site.objects.filter(slug=slug).values_list("unit_id", flat=True).first()
    if unit_id is None or unit_id not in city.units:
        return None
    path = addresses.site_path(slug)
    return next((page for page in site_pages(city.unit_facts(unit_id)) if page.path == path), None)


def looks(city: CityFacts) -> Iterator[Page]:
    """The portal's own look, if it has one."""
    if city.site.css:
        yield Page(city.site.css_path, LOOKS, SITE_PART, city.site.css.encode())


def look(city: CityFacts, path: str) -> Page | None:
    """The look that is published there; None when no open site has it."""
    for face in city.faces.serving():
        if face.css and face.css_path == path:
            part = SITE_PART if face.portal is None else face.unit.pk
            return Page(path, LOOKS, part, face.css.encode())
    return None


def notice_css(city: CityFacts) -> Page:
    """Grey while a day of mourning lasts. Every page links this file, so that one file switches them all."""
    grey = any(each.kind == CityNotice.Kind.GREY for each in city.notices)
    return Page(addresses.NOTICE_CSS, LOOKS, SITE_PART, _GREY.encode() if grey else b"/* */\n", ("notices",))


def notice_json(city: CityFacts) -> Page:
    """Urgent notices for the script of every page; homes carry them in themselves."""
    told = [
        {"text": each.text, "url": each.url} for each in city.notices if each.kind == CityNotice.Kind.BANNER
    ]
    content = json.dumps(told, ensure_ascii=False).encode() + b"\n"
    return Page(addresses.NOTICE, LOOKS, SITE_PART, content, ("notices",))


def _closed(facts: UnitFacts, face: Face, state: State) -> Page:
    """What stands in the place of the home of a site that is closed, for a time or for good; in the portal's frame."""
    city = facts.city
    last = SiteAct.objects.filter(site__unit=facts.unit).order_by("-at", "-id")
    kind = SiteAct.Kind.SUSPENDED if state == State.SUSPENDED else SiteAct.Kind.CLOSING
    act = last.filter(kind=kind).first()
    context = {
        "page": {"title": face.name, "path": face.home, "url": city.site.address(face.home), "noindex": True},
        "name": face.name,
        "state": state.value,
        "day": chinese_date(act.starts_on if act else None),
        "until": chinese_date(act.ends_on) if act and act.ends_on else "",
        "reason": act.reason if act else "",
        "target": act.target if act else "",
        "unit": {"name": facts.unit.name, "url": facts.path},
    }
    noted = (f"unit:{facts.unit.pk}",)
    return Page(face.home, NOTICE, facts.unit.pk, city.html(NOTICE, context), noted)

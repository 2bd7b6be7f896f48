"""Home pages, composed of blocks: that of the portal and those of departments' sites."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mingzheng.portal import addresses
from mingzheng.portal.families import Page
from mingzheng.portal.families.facts import CityFacts, UnitFacts
from mingzheng.portal.families.home_blocks import DEPARTMENT, PORTAL, Block, Composition, composed
from mingzheng.portal.formats import chinese_date
from mingzheng.portal.linked_data import organisation, script
from mingzheng.portal.manifest import SITE_PART
from mingzheng.portal.site import Face

FAMILY = "home"


def home(city: CityFacts) -> Page:
    """The portal's home page."""
    blocks = composed(city, city.root.pk) or PORTAL
    return home_page(city.unit_facts(city.root.pk), city.site, blocks, SITE_PART)


def home_page(facts: UnitFacts, face: Face, blocks: Iterable[Block], part: int) -> Page:
    """The home page of a site with these blocks."""
    composition = Composition(facts)
    shown = composition.read(blocks)
    name = face.name
    told = [{"text": each.text, "url": each.url} for each in facts.city.notices if each.kind == "banner"]
    if face.portal is not None and (day := facts.city.faces.closing_day(facts.unit)):
        told.append(
            {"text": f"本网站将于{chinese_date(day)}关停，内容届时由{face.portal.name}提供。", "url": ""}
        )
    context: dict[str, Any] = {
        "page": {
            "title": name,
            "path": face.home,
            "url": face.address(addresses.HOME if face.has_own_domain else face.home),
            "feed": addresses.FEED if face.portal is None else addresses.feed_path(facts.unit.code),
            "description": f"{name}：政务公开、政策文件、政策解读和政府信息公开",
            "keywords": f"{name},政务公开,政府信息公开",
        },
        "nav_current": face.home,
        "blocks_shown": shown,
        "notices": told,
        "ld": _linked_data(face),
    }
    html = face.shell.render(FAMILY, context).encode()
    return Page(face.home, FAMILY, part, html, (*sorted(composition.noted), "notices"))


def _linked_data(face: Face) -> str:
    """The site, how it is searched, and who runs it."""
    address, facts = face.address, face.facts
    return script(
        "WebSite", name=face.name, url=address(addresses.HOME if face.has_own_domain else face.home), inLanguage="zh-CN",
        publisher=organisation(facts["sponsor"], telephone=facts["contact"]),
        potentialAction={
            "@type": "SearchAction", "target": f"{address(addresses.SEARCH)}?q={{q}}", "query-input": "required name=q",
        },
    )  # fmt: skip


def department_home(facts: UnitFacts, face: Face) -> Page:
    """The home page of a department's site."""
    blocks = composed(facts.city, facts.unit.pk) or DEPARTMENT
    return home_page(facts, face, blocks, facts.unit.pk)

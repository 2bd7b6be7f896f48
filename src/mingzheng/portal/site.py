"""The face of a site: the facts that stand on every page, the menu, the looks, and the shell that renders its pages.

Every unit has the face of the nearest site above it that is open (its own first), else that of the portal.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.utils import timezone

from mingzheng.city.models import Unit
from mingzheng.city.services import root_unit
from mingzheng.portal import addresses
from mingzheng.portal.rendering import ASSET_BASE, STATIC_DIR, TEMPLATES_DIR, Shell
from mingzheng.portal.sites.models import Site, SiteAct
from mingzheng.portal.sites.services import SERVING, State, css_of, states

_FIND_ERROR: Final = "https://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code="
Entry = dict[str, Any]


class Face:
    """One site as its pages show it."""

    def __init__(self, root: Unit, site: Site | None = None, portal: Face | None = None) -> None:
        """``site`` is None for a portal that nobody has described yet; ``portal`` the face above a department's."""
        self.site, self.unit, self.portal = site, site.unit if site else root, portal
        self.home = addresses.HOME if portal is None else addresses.site_path(site.slug if site else "")
        self.facts = _facts(self.unit, site, portal)
        self.name = self.facts["name"]
        self.nav = _navigation(self.unit, site, self.home)
        self.links: list[Entry] = site.links if site else []
        self.css = css_of(site.theme) if site else ""
        self.pack = site.theme.get("pack", "") if site else ""

    @cached_property
    def fingerprint(self) -> str:
        """Changes when anything that stands on every page of the site changes."""
        own = _digest(self._pack_folder) if self._pack_folder else b""
        given = json.dumps(
            [self.facts, self.nav, self.links, self.css, self.home], ensure_ascii=False, sort_keys=True
        )
        return hashlib.sha256(given.encode() + _platform_digest() + own).hexdigest()

    @property
    def shown(self) -> dict[str, Any]:
        """The site as the templates see it."""
        shown: dict[str, Any] = {
            **self.facts,
            "home": self.home,
            "links": self.links,
            "css": self.css_address,
        }
        if self.portal is not None:
            shown["search_unit"] = self.unit.code
            shown["portal"] = {"name": self.portal.name, "url": self.portal.entrance(self)}
        return shown

    @cached_property
    def shell(self) -> Shell:
        return Shell(self.shown, self.nav, self._pack_folder)

    @property
    def has_own_domain(self) -> bool:
        """Whether a web server leads a domain of its own to the home of the site."""
        return self.portal is None or self.facts["domain"] != self.portal.facts["domain"]

    @property
    def css_path(self) -> str:
        """Where the tokens of the site's theme are published."""
        return look_path(self.site.slug if self.site else "portal")

    @property
    def css_address(self) -> str:
        """The same with a hash of its content; empty for the platform's own look."""
        if not self.css:
            return ""
        return f"{self.css_path}?v={hashlib.sha256(self.css.encode()).hexdigest()[:10]}"

    @property
    def kept_columns(self) -> set[str]:
        """The codes of columns whose lists the menu leads to: they have a page even while they are empty."""
        return {each["column"] for each in self.site.menu if each["column"]} if self.site else set()

    def address(self, path: str) -> str:
        """The full address of a page, as it stands in the tag Url and in QR codes."""
        return f"{self.facts['scheme']}://{self.facts['domain']}{path}"

    def entrance(self, guest: Face) -> str:
        """Where the pages of another site find this one's home: whole when their domains differ."""
        return self.home if guest.facts["domain"] == self.facts["domain"] else self.address(self.home)

    @property
    def _pack_folder(self) -> Path | None:
        return settings.HOME / "themes" / self.pack if self.pack else None


class Faces:
    """The faces of all sites on one day: two queries, each face made when it is asked for."""

    def __init__(self, units: dict[int, Unit], root: Unit, on: date) -> None:
        self._units, self._root = units, root
        self._sites = {site.unit_id: site for site in Site.objects.select_related("unit")}
        departments = [site for unit_id, site in self._sites.items() if unit_id != root.pk]
        found = states(departments, on)
        self.states: dict[int, State] = {site.unit_id: found[site.pk] for site in departments}
        """By unit: the state of its site; the portal is not among them."""
        self.portal = Face(root, self._sites.get(root.pk))
        self._faces: dict[int, Face] = {root.pk: self.portal}

    def of(self, unit: Unit) -> Face:
        """The face that the pages of this unit have."""
        found: Unit | None = unit
        while found is not None:
            if found.pk == self._root.pk or self.states.get(found.pk) in SERVING:
                return self.of_site(found.pk)
            found = self._units.get(found.parent_id or 0)
        return self.portal

    def of_site(self, unit_id: int) -> Face:
        """The face of the site of that unit, open or not."""
        if unit_id not in self._faces:
            self._faces[unit_id] = Face(self._root, self._sites[unit_id], self.portal)
        return self._faces[unit_id]

    def site_of(self, unit: Unit) -> Site | None:
        """The unit's own site, if it has one; not the portal."""
        return self._sites.get(unit.pk) if unit.pk in self.states else None

    def closing_day(self, unit: Unit) -> date | None:
        """The day on which the unit's site will close; None when no closing is announced."""
        if self.states.get(unit.pk) != State.CLOSING:
            return None
        closing = SiteAct.objects.filter(site__unit=unit, kind=SiteAct.Kind.CLOSING).order_by("-at", "-id")
        return closing.values_list("starts_on", flat=True).first()

    def serving(self) -> Iterable[Face]:
        """The faces of all sites that are open, the portal first."""
        yield self.portal
        yield from (self.of_site(unit_id) for unit_id, state in self.states.items() if state in SERVING)


def look_path(slug: str) -> str:
    """Where the look of the site of that name is published."""
    return f"{ASSET_BASE}site-{slug}.css"


def portal_face() -> Face:
    """The portal's face, for pages that are answered live; one query. Raises Refusal while there is no city yet."""
    root = Unit.objects.filter(parent=None).select_related("site").order_by("id").first() or root_unit()
    return Face(root, getattr(root, "site", None))


def domains() -> list[tuple[str, str]]:
    """Every domain with the address of its home, the portal's first. A site closed for a time says so there."""
    faces = _faces_today()
    suspended = [unit_id for unit_id, state in faces.states.items() if state == State.SUSPENDED]
    shown = [*faces.serving(), *map(faces.of_site, suspended)]
    return list(dict.fromkeys((face.facts["domain"], face.home) for face in shown if face.has_own_domain))


def closed_domains() -> list[tuple[str, str]]:
    """Every domain of a site that was closed for good, with the address to which it leads."""
    closed = [unit_id for unit_id, state in _faces_today().states.items() if state == State.CLOSED]
    acts = SiteAct.objects.filter(kind=SiteAct.Kind.CLOSING, site__unit__in=closed).order_by("at", "id")
    return list(dict(acts.exclude(site__domain="").values_list("site__domain", "target")).items())


def _faces_today() -> Faces:
    return Faces({unit.pk: unit for unit in Unit.objects.all()}, root_unit(), timezone.localdate())


def _facts(unit: Unit, site: Site | None, portal: Face | None) -> dict[str, str]:
    """The facts that stand on every page (国办发〔2017〕47号). What is not set comes from the unit and the portal."""
    above = portal.facts if portal else {}
    facts = {
        "name": unit.name,
        "domain": above.get("domain", f"www.{unit.code}.gov.cn"),
        "scheme": "https",
        "id_code": f"{unit.region_code[:6] or '000000'}0001",
        "icp": above.get("icp", ""),
        "police": above.get("police", ""),
        "sponsor": f"{unit.name}办公室",
        "organiser": "",
        "contact": unit.phone or unit.email,
    }
    if site is not None:
        facts |= {name: value for name in facts if (value := getattr(site, name, ""))}
        facts["logo"] = site.theme.get("logo", "")
    facts["search_url"] = addresses.SEARCH
    facts["sitemap_url"] = addresses.MAP
    facts["find_error_url"] = _FIND_ERROR + facts["id_code"]
    return facts


def _navigation(unit: Unit, site: Site | None, home: str) -> list[dict[str, str]]:
    """The main menu: the site's own, else the platform's. Every address in it always has a page."""
    if site is not None and site.menu:
        return [
            {
                "title": each["title"],
                "url": each["url"] or addresses.list_path(unit.code, each["column"].lower()),
            }
            for each in site.menu
        ]
    first = [{"title": "首页", "url": home}, {"title": "政府信息公开", "url": addresses.unit_path(unit.code)}]
    if unit.parent_id is not None:
        return first
    return [
        *first,
        {"title": "规范性文件", "url": addresses.DOCUMENTS},
        {"title": "政府公报", "url": addresses.GAZETTE},
        {"title": "单位名录", "url": addresses.UNITS},
        {"title": "公开数据", "url": addresses.FIGURES},
        {"title": "年度报告", "url": addresses.REPORTS},
    ]


@lru_cache(maxsize=1)
def _platform_digest() -> bytes:
    return _digest(TEMPLATES_DIR, STATIC_DIR)


def _digest(*folders: Path) -> bytes:
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(each for each in folder.rglob("*") if each.is_file()):
            digest.update(str(path.relative_to(folder)).encode() + path.read_bytes())
    return digest.digest()

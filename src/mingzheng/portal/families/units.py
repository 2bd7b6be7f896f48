"""A unit's disclosure home (政府信息公开专栏) and the directory of units."""

from __future__ import annotations

from typing import Any, Final

from mingzheng.city.models import Unit
from mingzheng.portal import addresses
from mingzheng.portal.families import Page
from mingzheng.portal.families.facts import CityFacts, UnitFacts
from mingzheng.portal.families.library import facet_path
from mingzheng.portal.families.requestable import TITLE, has_requestable, months_path
from mingzheng.portal.linked_data import organisation, script
from mingzheng.portal.manifest import SITE_PART

# The five parts of a unit's disclosure home (国办公开办函〔2019〕60号) and the role of the column that each opens.
SECTIONS: Final = (
    ("政府信息公开指南", "guide"),
    ("政府信息公开制度", "system"),
    ("法定主动公开内容", None),
    ("政府信息公开年报", "annual_report"),
    ("依申请公开", "disclosure_request"),
)


def unit_home(facts: UnitFacts) -> Page:
    """The page where a unit's disclosure begins."""
    city, unit = facts.city, facts.unit
    children = city.children(unit)
    parent = city.units.get(unit.parent_id or 0)
    context = {
        "page": {
            "title": f"{unit.name}政府信息公开",
            "path": facts.path,
            "url": facts.site.address(facts.path),
            "feed": addresses.feed_path(unit.code),
            "column": {
                "name": f"{unit.name}政府信息公开",
                "description": f"{unit.name}主动公开的政府信息、公开指南、公开制度、依申请公开和公开年报",
                "keywords": f"{unit.name},政府信息公开",
                "type": "信息公开目录",
            },
        },
        "nav_current": facts.path if unit.pk == facts.site.unit.pk else None,
        "crumbs": [{"title": "首页", "url": facts.site.home}, {"title": unit.name}],
        "unit": {
            "name": unit.name,
            "code": unit.org_code,
            "address": unit.address,
            "hours": unit.hours,
            "phone": unit.phone,
            "tier_name": unit.get_tier_display(),
            "parent": parent and {"name": parent.name, "url": addresses.unit_path(parent.code)},
        },
        "registers": _registers(facts),
        "sections": [_section(facts, name, role) for name, role in SECTIONS],
        "tree_html": facts.catalogue_html(),
        "latest": _latest(facts),
        "ld": script(
            "GovernmentOrganization",
            name=unit.name,
            url=facts.site.address(facts.path),
            address=unit.address,
            telephone=unit.phone,
            parentOrganization=parent and organisation(parent.name),
        ),
        "children": [{"name": each.name, "url": addresses.unit_path(each.code)} for each in children],
    }
    noted = tuple(f"unit:{each.pk}" for each in (unit, parent, *children) if each)
    return Page(facts.path, "unit_home", unit.pk, facts.html("unit_home", context), noted)


def _registers(facts: UnitFacts) -> list[dict[str, str]]:
    """The unit's directories beside its catalogue, if it has them."""
    has_documents = bool(facts.city.normative & facts.own_counts.keys())
    found = [("现行有效文件目录", facet_path("unit", facts.unit.code), has_documents)]
    found.append((TITLE, months_path(facts.unit.code), has_requestable(facts)))
    return [{"name": name, "url": url} for name, url, due in found if due]


def _section(facts: UnitFacts, name: str, role: str | None) -> dict[str, Any]:
    if role is None:
        return {"name": name, "url": "#h-tree"}
    place = facts.column_of_role(role)
    return {"name": name, "url": place and place.path}


def _latest(facts: UnitFacts) -> list[dict[str, Any]]:
    return [
        {
            **entry.line,
            "column": facts.place(entry.column_id).name,
            "column_url": facts.place(entry.column_id).path,
        }
        for entry in facts.latest
    ]


def groups(city: CityFacts) -> list[dict[str, Any]]:
    """The units of the city: the city's own first, then those of each county with its towns."""
    listed: dict[int, list[Unit]] = {}
    for unit in city.in_order():
        listed.setdefault(_county_of(city, unit).pk, []).append(unit)
    return [
        {
            "name": "市政府及市直单位"
            if pk == city.root.pk
            else city.units[pk].name.removesuffix("人民政府"),
            "units": [{"name": each.name, "url": addresses.unit_path(each.code)} for each in units],
        }
        for pk, units in sorted(listed.items(), key=lambda group: group[0] != city.root.pk)
    ]


def _county_of(city: CityFacts, unit: Unit) -> Unit:
    """The county or district whose unit it is; the city government for the city's own units."""
    codes = unit.path.split("/")
    below = city.units[city.unit_ids[codes[1]]] if len(codes) > 1 else city.root
    return below if below.is_government else city.root


def directory(city: CityFacts) -> Page:
    """The directory of all units."""
    context = {
        "page": {
            "title": "单位名录",
            "path": addresses.UNITS,
            "url": city.site.address(addresses.UNITS),
            "column": {
                "name": "单位名录",
                "description": f"{city.root.name}及所属单位、县区和乡镇街道的政府信息公开专栏",
                "keywords": "单位名录,机构职能",
                "type": "机构职能",
            },
        },
        "nav_current": addresses.UNITS,
        "crumbs": [{"title": "首页", "url": addresses.HOME}, {"title": "单位名录"}],
        "tiers": groups(city),
    }
    noted = tuple(f"unit:{pk}" for pk in city.units)
    return Page(addresses.UNITS, "units", SITE_PART, city.html("units", context), noted)

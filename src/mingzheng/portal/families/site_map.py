"""The map of the site for readers (网站地图): every way into it on one page."""

from __future__ import annotations

from typing import Any

from mingzheng.portal import addresses
from mingzheng.portal.families import Page
from mingzheng.portal.families.facts import CityFacts, Node
from mingzheng.portal.families.sitemaps import columns_fact
from mingzheng.portal.families.topics import FACT as TOPICS_FACT
from mingzheng.portal.families.topics import topic_links
from mingzheng.portal.families.units import groups
from mingzheng.portal.manifest import SITE_PART
from mingzheng.portal.rendering import catalogue_html

TITLE = "网站地图"


def site_map(city: CityFacts) -> Page:
    """The main navigation, the city government's columns, the topics, and all units."""
    facts = city.unit_facts(city.root.pk)
    context = {
        "page": {
            "title": TITLE,
            "path": addresses.MAP,
            "url": city.site.address(addresses.MAP),
            "feed": addresses.FEED,
            "column": {
                "name": TITLE,
                "description": f"{city.site.name}的全部频道、栏目、专题和单位",
                "keywords": f"{TITLE},{city.site.name}",
                "type": TITLE,
            },
        },
        "crumbs": [{"title": "首页", "url": addresses.HOME}, {"title": TITLE}],
        "channels": [*city.site.nav, {"title": "搜索", "url": addresses.SEARCH}],
        "columns_of": {"name": city.root.name, "url": facts.path},
        "tree_html": catalogue_html([_plain(node) for node in facts.tree if node["url"]]),
        "topics": topic_links(),
        "tiers": groups(city),
    }
    noted = (TOPICS_FACT, columns_fact(city.root.pk), *(f"unit:{pk}" for pk in city.units))
    return Page(addresses.MAP, "map", SITE_PART, city.html("map", context), noted)


def _plain(node: Node) -> dict[str, Any]:
    """A column without its count, which would change the page with every item."""
    children = [_plain(child) for child in node["children"] if child["url"]]
    return {"name": node["name"], "url": node["url"], "children": children}

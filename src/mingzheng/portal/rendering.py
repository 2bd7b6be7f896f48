"""Turns a page family and its facts into one HTML page.

A page of a site is mostly the same bytes on every page: head, header, navigation, footer. ``Shell`` renders
those once per site, splices them as literal text into the template of each page family and compiles the
result, so that a page costs little more than its own facts. ``render_plain`` renders the same page from the
untouched templates; both give the same text.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any, Final

from minijinja import Environment

from mingzheng.portal import linked_data
from mingzheng.portal.formats import FILTERS

TEMPLATES_DIR: Final = Path(__file__).parent / "templates"
STATIC_DIR: Final = Path(__file__).parent / "static"
ASSET_BASE: Final = "/assets/"

FAMILIES: Final = (
    "home",
    "unit_home",
    "column_list",
    "item",
    "library",
    "gazette",
    "topic",
    "requestable",
    "withdrawn",
    "report",
    "reports",
    "figure",
    "figures",
    "units",
    "map",
    "search",
    "search_advanced",
    "error",
    "message",
    "site_notice",
    "api",
)

_EXTENDING = re.compile(
    r'\{% extends "base\.html" %\}\n\{% block main %\}\n(?P<main>.*)\{% endblock %\}\n', re.DOTALL
)
_MAIN_SLOT: Final = "{% block main %}{% endblock %}\n"
_SHELL_INCLUDE = re.compile(r'\{% include "(shell/\w+\.html)" %\}\n')
_SITE_FIELD = re.compile(r"\{\{ site\.(\w+) \}\}")
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_TEMPLATE_BRACE = re.compile(r"\{(?=[{%#]|\Z)")

Context = Mapping[str, Any]


class UnknownFamily(KeyError):
    """No page family has this name; the message lists those that exist."""

    def __init__(self, family: str) -> None:
        super().__init__(f"no page family {family!r}; there are {', '.join(FAMILIES)}")


@lru_cache(maxsize=64)
def asset_url(name: str) -> str:
    """Return the address of the static file ``name`` with a hash of its content, so that caches may keep it for ever.

    Raises FileNotFoundError when there is no such file.
    """
    content = (STATIC_DIR / name).read_bytes()
    return f"{ASSET_BASE}{name}?v={hashlib.sha256(content).hexdigest()[:10]}"


def _template_source(name: str, pack: Path | None = None) -> str | None:
    """Return the source of the template ``name``, that of the ``pack`` first; None when there is none."""
    for folder in (pack, TEMPLATES_DIR):
        if folder is not None and (folder / name).is_file():
            return (folder / name).read_text(encoding="utf-8")
    return None


def _environment(pack: Path | None = None) -> Environment:
    """Return an environment in which everything is escaped and a missing optional key is simply empty."""
    return Environment(
        loader=lambda name: _template_source(name, pack),
        filters={**FILTERS, "linked_trail": linked_data.trail},
        globals={"asset_url": asset_url},
        auto_escape_callback=lambda _name: True,
        undefined_behavior="chainable",
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _tidy(html: str) -> str:
    """Write plain slashes: the engine escapes them, which no HTML parser needs and every address suffers from."""
    return html.replace("&#x2f;", "/")


def _literal(text: str) -> str:
    """Return template source that yields exactly ``text``, whatever braces are in it."""
    return _TEMPLATE_BRACE.sub('{{ "{" }}', text)


def _flattened(family: str) -> str:
    """Return the family's template with its block put into the base by text, without inheritance."""
    child = _template_source(f"{family}.html")
    base = _template_source("base.html")
    match = _EXTENDING.fullmatch(child or "")
    if match is None or base is None or _MAIN_SLOT not in base:
        raise ValueError(f"template {family}.html must only fill the block main of base.html")
    return base.replace(_MAIN_SLOT, match["main"])


def _with_current(nav: Sequence[Context], current: str | None) -> list[dict[str, Any]]:
    """Return the navigation with the entry whose address is ``current`` marked; None leaves the marks as given."""
    if current is None:
        return [dict(entry) for entry in nav]
    return [{**entry, "current": entry["url"] == current} for entry in nav]


class Shell:
    """The constant part of one site, compiled into every page family.

    ``site`` and ``nav`` are as described in the page contexts; ``pack`` is a folder of own templates that take the
    place of the platform's header, footer or head. A context may carry ``nav_current``, the
    address of the navigation entry to mark; each such address gets compiled templates of its own.
    """

    def __init__(self, site: Context, nav: Sequence[Context], pack: Path | None = None) -> None:
        self._site = dict(site)
        self._nav = [dict(entry) for entry in nav]
        self._env = _environment(pack)
        self._env.add_global("site", self._site)
        self._compiled: dict[tuple[str, str | None], str] = {}

    def render(self, family: str, context: Context) -> str:
        """Return the page of ``family`` for ``context``; raises UnknownFamily."""
        key = (family, context.get("nav_current"))
        name = self._compiled.get(key) or self._compile(key)
        return _tidy(self._env.render_template(name, **context))

    def trail(self, crumbs: Sequence[Context]) -> str:
        """Return the way to a page as ``trail`` of its context: for places of which many pages stand below."""
        return _tidy(self._env.render_template("_trail.html", crumbs=list(crumbs)))

    def _compile(self, key: tuple[str, str | None]) -> str:
        family, current = key
        if family not in FAMILIES:
            raise UnknownFamily(family)
        nav = _with_current(self._nav, current)

        def shell_part(match: re.Match[str]) -> str:
            return _literal(_tidy(self._env.render_template(match[1], nav=nav)))

        def site_field(match: re.Match[str]) -> str:
            return _literal(_tidy(self._env.render_str(match[0])))

        # Fields first: the parts spliced afterwards are finished text and must not be read again.
        source = _SITE_FIELD.sub(site_field, _flattened(family))
        source = _SHELL_INCLUDE.sub(shell_part, source)
        name = f"{len(self._compiled)}/{family}.html"
        self._env.add_template(name, source)
        self._compiled[key] = name
        return name


def render_plain(family: str, context: Context, site: Context, nav: Sequence[Context]) -> str:
    """Return the same page from the templates as they stand: slow, for proofs and one-off pages."""
    if family not in FAMILIES:
        raise UnknownFamily(family)
    full = {**context, "site": dict(site), "nav": _with_current(nav, context.get("nav_current"))}
    return _tidy(_environment().render_template(f"{family}.html", **full))


def render_xml(name: str, **context: Any) -> bytes:
    """Return the document of the template ``name``, which is XML; characters that XML does not know are left out."""
    return _NOT_XML.sub("", _tidy(_plain_environment().render_template(name, **context))).encode()


@lru_cache(maxsize=1)
def _plain_environment() -> Environment:
    return _environment()


@lru_cache(maxsize=1)
def _tree_environment() -> Environment:
    env = _environment()
    for name in ("catalogue", "side"):
        env.add_template(name, f'{{% import "_trees.html" as trees %}}{{{{ trees.{name}(tree) }}}}')
    return env


def catalogue_html(tree: Sequence[Context]) -> str:
    """Return a unit's column tree, up to three levels, as ``tree_html`` of its ``unit_home`` page."""
    return _tidy(_tree_environment().render_template("catalogue", tree=list(tree)))


def side_tree_html(tree: Sequence[Context]) -> str:
    """Return a column tree of up to two levels as ``tree_html`` of ``column_list`` pages; render it once per unit."""
    return _tidy(_tree_environment().render_template("side", tree=list(tree)))


def mark_current(tree_html: str, url: str) -> str:
    """Return ``tree_html`` with the link to ``url`` marked as the current page: one replacement, no rendering."""
    link = f'<a href="{escape(url)}"'
    return tree_html.replace(f"{link}>", f'{link} aria-current="page">', 1)

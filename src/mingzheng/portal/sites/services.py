"""The only door of the sites."""

from __future__ import annotations

from mingzheng.portal.sites.homes import compose, note_published, publish_home
from mingzheng.portal.sites.life import ALLOWED, SERVING, State, act, state_of, state_on, states
from mingzheng.portal.sites.lines import read_links, read_menu, write_links, write_menu
from mingzheng.portal.sites.managing import (
    apply,
    describe,
    keep_picture,
    may_edit,
    set_links,
    set_menu,
    set_theme,
    set_up_portal,
)
from mingzheng.portal.sites.notices import switch_off, switch_on, turn_sites
from mingzheng.portal.sites.rules import rules_on
from mingzheng.portal.sites.themes import PALETTES, css_of

__all__ = [
    "ALLOWED", "PALETTES", "SERVING", "State", "act", "apply", "compose", "css_of", "describe", "keep_picture", "may_edit",
    "note_published", "publish_home", "read_links", "read_menu", "rules_on", "set_links", "set_menu", "set_theme",
    "set_up_portal", "state_of", "state_on", "states", "switch_off", "switch_on", "turn_sites", "write_links", "write_menu",
]  # fmt: skip

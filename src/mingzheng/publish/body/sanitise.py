"""Body text as it may stand on a public page: paragraphs, headings, lists, tables, images, links, nothing else."""

from __future__ import annotations

import re
from functools import lru_cache

import nh3

from mingzheng.publish.body.trees import without_controls
from mingzheng.publish.body.word_html import needs_repair, repair

TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "center", "code", "col", "colgroup", "dd", "del", "div", "dl",
    "dt", "em", "figcaption", "figure", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "li", "ol", "p",
    "pre", "s", "small", "span", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u",
    "ul",
}  # fmt: skip
ATTRIBUTES = {
    "*": {"style"},
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "col": {"span"},
    "colgroup": {"span"},
    "ol": {"start", "type"},
}
SCHEMES = {"http", "https", "mailto", "tel"}
WAITING_SCHEME = "upload"  # of images that were taken out of a text and have no address yet
_MOST_ROUNDS = 6

# Alignment and indents carry meaning in an official document; fonts, sizes and colours belong to the site. An
# indent is small and never negative, or it would push text off the page where nobody sees it.
_STYLE = re.compile(
    r"(?:^|;)\s*(text-align|text-indent)\s*:\s*(left|right|center|justify|[0-9]{1,2}(?:\.[0-9]+)?(?:em|pt|px))\s*(?=;|$)",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def _kept_style(style: str) -> str | None:
    return ";".join(f"{name}:{value}" for name, value in _STYLE.findall(style)).lower() or None


def _filtered(tag: str, attribute: str, value: str) -> str | None:
    return _kept_style(value) if attribute == "style" else value


def _cleaner(schemes: set[str]) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=_filtered,
        url_schemes=schemes,
        link_rel="noopener",
        clean_content_tags={"script", "style", "title", "textarea", "select", "noscript", "iframe", "object"},
    )


_CLEANER = _cleaner(SCHEMES)
_WAITING_CLEANER = _cleaner(SCHEMES | {WAITING_SCHEME})


def clean_html(html: str) -> str:
    """Return ``html`` with everything removed that could act, track or break out of its place on a page.

    What Word and WPS put on the clipboard is repaired first: its headings, lists, indents and alignment stay.
    A clean body comes back as it is.
    """
    return _clean(html, _CLEANER)


def clean_waiting_html(html: str) -> str:
    """As ``clean_html``, for a body with images that wait for their address (``src="upload:0"``)."""
    return _clean(html, _WAITING_CLEANER)


def _clean(html: str, cleaner: nh3.Cleaner) -> str:
    # Without a removed element, what stood in it may nest in another way: once more, until nothing changes.
    html = without_controls(html)
    for _ in range(_MOST_ROUNDS):
        cleaned = without_controls(cleaner.clean(repair(html) if needs_repair(html) else html))
        if cleaned == html:
            break
        html = cleaned
    return html

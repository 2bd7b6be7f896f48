"""Body text as it may stand on a public page: paragraphs, headings, lists, tables, images, links, nothing else."""

from __future__ import annotations

import nh3

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
# Alignment and indents carry meaning in an official document; fonts, sizes and colours belong to the site.
STYLES = {"text-align", "text-indent"}
SCHEMES = {"http", "https", "mailto", "tel"}

_CLEANER = nh3.Cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES,
    url_schemes=SCHEMES,
    filter_style_properties=STYLES,
    link_rel="noopener",
    clean_content_tags={"script", "style", "title", "textarea", "select", "noscript", "iframe", "object"},
)


def clean_html(html: str) -> str:
    """Return ``html`` with everything removed that could act, track or break out of its place on a page."""
    return _CLEANER.clean(html)

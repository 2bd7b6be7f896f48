"""HTML of Word and WPS, as the clipboard brings it: the meaning of its marks becomes plain HTML.

Only what carries meaning is read: outline levels, list levels and numbers, first-line indents, alignment, merged
cells, header rows. The sanitiser removes everything else, so nothing here needs to be safe.
"""

from __future__ import annotations

import re

from lxml import etree
from lxml.html import HtmlElement

from mingzheng.publish.body.trees import (
    BLANKS,
    HEADINGS,
    drop,
    inner,
    is_blank,
    is_empty,
    parse,
    set_styles,
    styles,
    text_of,
)
from mingzheng.publish.body.word_lists import make_lists

# Signs of a word processor, and of older editors whose headings and alignment the sanitiser does not know.
_SIGNS = ("Mso", "mso-", "<o:", "<w:", "<v:", "<!--[if", "<![if", "<xml", "urn:schemas-microsoft", "<h1", "<H1",
          " align=", " ALIGN=")  # fmt: skip
_DROPPED = ("style", "script", "xml", "meta", "link", "title")
_HIDDEN = re.compile(
    r"display:\s*none|mso-hide:\s*all|mso-element:\s*(?:comment|header|footer)", re.IGNORECASE
)
# The sanitiser leaves the text of an unknown element only. To drop tens of thousands here would take seconds.
_NOTHING = "x-nothing"
_ALIGNED = ("p", "div", "td", "th", "tr", "table", *HEADINGS)
_ALIGNMENTS = ("left", "right", "center", "justify")
_OUTLINE_CLASS = re.compile(r"\b(?:MsoHeading([1-6])|(MsoTitle))\b")
_LONGEST_HEADING = 60  # characters; WPS users give whole paragraphs an outline level
_WIDTH = {"\xa0": 1, "\u2002": 1, "\u2003": 2, "\u3000": 2}  # half-width places
_PUSHED_RIGHT = 20  # places; a short line behind so many blanks is a signature or a date
_SHORT_LINE = 40


def needs_repair(html: str) -> bool:
    return any(sign in html for sign in _SIGNS)


def repair(html: str) -> str:
    """Return the HTML with Word's own marks replaced by headings, lists, ``text-indent`` and ``text-align``."""
    root = parse(html)
    _drop_noise(root)
    _align(root)
    _make_headings(root)
    make_lists(root)
    for element in root.iter("span", "font"):
        element.tag = _NOTHING
    for paragraph in root.iter("p", *HEADINGS):
        _indent(paragraph)
    for head in root.iter("thead"):
        _complete(head)
    drop(root, (element for element in root.iter("p", *HEADINGS) if is_empty(element)))
    return inner(root)


def _drop_noise(root: HtmlElement) -> None:
    etree.strip_elements(root, etree.Comment, etree.ProcessingInstruction, *_DROPPED, with_tail=False)
    hidden = [
        element for element in root.iterfind(".//*[@style]") if _HIDDEN.search(element.get("style") or "")
    ]
    # Word ends a table of merged cells with a row of no height that only holds the columns' widths.
    rows = [row for row in root.iter("tr") if row.get("height") == "0" and is_empty(row)]
    drop(root, [*hidden, *rows])
    for element in root.iterdescendants():
        if ":" in str(element.tag) or (element.get("class") or "").startswith(("WordSection", "Section")):
            element.tag = _NOTHING


def _align(root: HtmlElement) -> None:
    """The attribute ``align`` becomes a style, which wins where both are given."""
    for element in root.iter(*_ALIGNED):
        align = (element.attrib.pop("align", "") or "").strip().lower()
        if align in _ALIGNMENTS and element.tag != "table":
            set_styles(element, {"text-align": align} | styles(element))


def _make_headings(root: HtmlElement) -> None:
    """Outline levels become headings below the page's own h1; the levels of a text with h1 move down by one."""
    shift = 1 if next(root.iter("h1"), None) is not None else 0
    for element in root.iter(*HEADINGS):
        element.tag = f"h{min(int(element.tag[1]) + shift, 6)}"
    for paragraph in root.iter("p"):
        level = _outline_level(paragraph)
        if level and len(text_of(paragraph)) <= _LONGEST_HEADING:
            paragraph.tag = f"h{min(level + 1, 6)}"


def _outline_level(paragraph: HtmlElement) -> int:
    if match := _OUTLINE_CLASS.search(paragraph.get("class") or ""):
        return 1 if match[2] else int(match[1])
    level = styles(paragraph).get("mso-outline-level", "")
    return int(level) if level.isascii() and level.isdigit() and 1 <= int(level) <= 6 else 0


def _indent(paragraph: HtmlElement) -> None:
    """A first-line indent, by style or by blanks, becomes two characters; alignment stays."""
    given = styles(paragraph)
    kept = {"text-align": given["text-align"]} if given.get("text-align") in _ALIGNMENTS else {}
    aside = kept.get("text-align") in ("right", "center")
    blanks = 0 if aside else _strip_blanks(paragraph)
    if blanks >= _PUSHED_RIGHT and len(text_of(paragraph)) <= _SHORT_LINE:
        kept = {"text-align": "right"}
    elif blanks >= 2 or _is_positive(given.get("text-indent", "")):
        kept["text-indent"] = "2em"
    set_styles(paragraph, kept)


def _is_positive(length: str) -> bool:
    match = re.match(r"[0-9.]+(?=em|pt|px|cm|mm|in|gd|ch)", length)
    return match is not None and match[0].strip("0.") != ""


def _complete(head: HtmlElement) -> None:
    """All cells of header rows are headers, and rows that a header cell reaches into are header rows too."""
    rows = head.findall("tr")
    reach = max((n + _span(cell) for n, row in enumerate(rows) for cell in row), default=0)
    parts = head.itersiblings("tbody", "tr")
    below = [row for part in parts for row in ([part] if part.tag == "tr" else part.findall("tr"))]
    for row in below[: max(reach - len(rows), 0)]:
        head.append(row)
    for cell in head.iterfind("tr/td"):
        cell.tag = "th"


def _span(cell: HtmlElement) -> int:
    value = cell.get("rowspan") or ""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 4 else 1


def _strip_blanks(paragraph: HtmlElement) -> int:
    """Remove two or more blanks at the beginning, in whatever element; return their width in half-width places."""
    holders, node = [], paragraph
    while True:
        holders.append(node)
        if not is_blank(node.text) or not len(node) or node[0].tag in ("img", "br", "table"):
            break
        node = node[0]
    last = holders[-1].text or ""
    leading = last[: len(last) - len(last.lstrip(BLANKS))]
    blank = "".join(holder.text or "" for holder in holders[:-1]) + leading
    width = sum(_WIDTH.get(mark, 0) for mark in blank)
    if width >= 2:
        for holder in holders[:-1]:
            holder.text = None
        holders[-1].text = last[len(leading) :]
    return width

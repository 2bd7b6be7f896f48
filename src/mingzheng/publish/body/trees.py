"""HTML as a tree and back, and the few questions that are asked of its elements."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml import etree, html
from lxml.html import HtmlElement

BLANKS = " \t\r\n\f\xa0\u2002\u2003\u3000\ufeff"
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_DROPPED = "x-dropped"
SHOWN = ("img", "table", "hr")
# What the tree cannot hold, as itself or by its number.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BY_NUMBER = re.compile(r"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?")


def without_controls(text: str) -> str:
    """The text without the signs that neither a tree nor a database nor a feed can hold."""
    return _CONTROLS.sub("", text)


def parse(source: str) -> HtmlElement:
    """The HTML of a page or a part of one, as the children of a ``div``."""
    text = f"<html><body>{_BY_NUMBER.sub(_allowed, without_controls(source))}</body></html>"
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    root = html.document_fromstring(text.encode(), parser=parser).find("body")
    if root is None:
        return html.Element("div")
    root.tag = "div"
    root.attrib.clear()
    root.tail = None
    return root


def _allowed(match: re.Match[str]) -> str:
    """A character by its number, unless it is one that no text holds."""
    digits = match[1] or match[2]
    value = int(digits, 16 if match[1] else 10) if len(digits) <= 8 else 0
    return "" if value > 0x10FFFF or _CONTROLS.match(chr(value)) else match[0]


def inner(root: HtmlElement) -> str:
    """The HTML within an element."""
    whole = html.tostring(root, encoding="unicode", with_tail=False)
    return str(whole[whole.index(">") + 1 : whole.rindex("<")]) if whole.endswith(f"</{root.tag}>") else ""


def styles(element: HtmlElement) -> dict[str, str]:
    """The declarations of an element's style, in lower case."""
    style = element.get("style")
    if not style:
        return {}
    pairs = (part.partition(":") for part in style.split(";"))
    return {name.strip().lower(): " ".join(value.split()).lower() for name, _, value in pairs if value}


def set_styles(element: HtmlElement, values: dict[str, str]) -> None:
    if values:
        element.set("style", ";".join(f"{name}:{value}" for name, value in values.items()))
    else:
        element.attrib.pop("style", None)


def text_of(element: HtmlElement) -> str:
    """The text without white space at its ends, inner runs as one space."""
    return " ".join(str(element.text_content()).split())


def is_blank(text: str | None) -> bool:
    return not (text or "").strip(BLANKS)


def is_empty(element: HtmlElement) -> bool:
    """Whether an element shows nothing: neither text nor picture, table or rule."""
    return all(map(is_blank, element.itertext())) and next(element.iter(*SHOWN), None) is None


def drop(root: HtmlElement, elements: Iterable[HtmlElement]) -> None:
    """Remove elements with what is in them; the text behind each stays. One pass, however many there are."""
    for element in list(elements):
        element.tag = _DROPPED
    etree.strip_elements(root, _DROPPED, with_tail=False)

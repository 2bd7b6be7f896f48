"""Finds the body of an article in a page: by what such places are usually called, else by where the text is."""

from __future__ import annotations

import re

from lxml import html
from lxml.html import HtmlElement

# What many content systems call the place of the body; compared in lower case.
BODY_NAMES = (
    "ucap-content",
    "zoom",
    "zoomcon",
    "trs_editor",
    "article-content",
    "news_content",
    "pages_content",
)
NOISE = re.compile(
    r"share|bshare|print|qr_?code|qr_container|qrcode|ewm|fontsize|font-size|breadcrumb|position|pagebreak|div_div|"
    r"prev|next|related|toolbar|copyright|footer|header|\bnav|sidebar|comment",
    re.IGNORECASE,
)
ACTIVE = ("script", "style", "noscript", "iframe", "form", "select", "button", "input", "textarea", "object", "link",
          "meta", "header", "footer", "nav", "svg", "audio", "video", "template")  # fmt: skip
INLINE = frozenset(
    [
        "a",
        "abbr",
        "b",
        "br",
        "em",
        "font",
        "i",
        "img",
        "ins",
        "s",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "u",
        "p",
    ]
)
TRAILER = re.compile(
    r"^[\s【\[（(]*(扫一扫|分享到|打印|关闭|字体|上一篇|下一篇|相关(稿件|链接|阅读|文章)|责任编辑|纠错|收藏|附件下载)"
)
DOMINATES = 0.7
_LETTERS = re.compile(r"[\u4e00-\u9fff0-9A-Za-z]")


def without_active_parts(page: HtmlElement) -> HtmlElement:
    """Remove in place what is never text: scripts, forms, navigation, comments."""
    for element in list(page.iter(html.etree.Comment, html.etree.ProcessingInstruction)):
        element.drop_tree()
    for element in list(page.iter(*ACTIVE)):
        if element.getparent() is not None:
            element.drop_tree()
    return page


def letters(element: HtmlElement) -> int:
    """Letters of the element that are no link text."""
    total = len(_LETTERS.findall(str(element.text_content())))
    return total - sum(len(_LETTERS.findall(str(link.text_content()))) for link in element.iter("a"))


def find_body(page: HtmlElement) -> HtmlElement | None:
    """The smallest element that holds the article's text; None when the page has no such place."""
    root = page.find("body")
    root = page if root is None else root
    for name in BODY_NAMES:
        for element in root.iter():
            names = f"{element.get('id') or ''} {element.get('class') or ''}".lower().split()
            if name in names and letters(element) > 20:
                return _block(element)
    return _block(_densest(root))


def _densest(element: HtmlElement) -> HtmlElement:
    """Go down as long as one child holds most of the text; a table of data is a part of an article, never its frame."""
    while True:
        own = letters(element)
        best = max((child for child in element if isinstance(child.tag, str)), key=letters, default=None)
        if best is None or letters(best) < DOMINATES * own or _is_data_table(best):
            return element
        element = best


def _is_data_table(element: HtmlElement) -> bool:
    if element.tag != "table" or element.find(".//table") is not None:
        return False
    rows = element.findall(".//tr")
    return len(rows) >= 3 and sum(len(row) for row in rows) >= 2 * len(rows)


def _block(element: HtmlElement) -> HtmlElement:
    """The element, or the block around it where it is itself only a piece of running text."""
    while element.tag in INLINE or element.tag in ("tr", "tbody", "thead", "table"):
        parent = element.getparent()
        if parent is None or parent.tag == "body":
            return element
        element = parent
    return element


def tidy(body: HtmlElement) -> HtmlElement:
    """Remove in place what stands in the body's frame without belonging to the article."""
    for element in list(body.iterdescendants()):
        if element.getparent() is None or not isinstance(element.tag, str):
            continue
        named = f"{element.get('id') or ''} {element.get('class') or ''}"
        if NOISE.search(named) and letters(element) < 80:
            element.drop_tree()
    for element in reversed(list(body)):
        text = str(element.text_content()).strip()
        if TRAILER.match(text) and len(text) < 80:
            element.drop_tree()
        elif text:
            break
    return body

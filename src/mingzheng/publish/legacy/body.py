"""Finds the body of an article in a page: by what such places are usually called, else by where the text is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from lxml import html
from lxml.html import HtmlElement

from mingzheng.publish.legacy.labels import (
    INFO_LINE,
    RECORD,
    WIDGET,
    labelled,
    moment,
    short_text,
    squeeze,
    text_of,
)

# What widespread content systems call the place of the body; compared in lower case.
BODY_NAMES = frozenset([
    "ucap-content", "zoom", "zoomcon", "trs_editor", "trs_ueditor", "vsb_content", "v_news_content",
    "wp_articlecontent", "articlebody", "article-content", "article_content", "articlecontent", "news_content",
    "newscontent", "info_cont", "info_content", "pages_content", "bt_content", "j-fontcontent",
])  # fmt: skip
# What the pieces around an article are usually called; words that editors use for parts of a text are left out.
NOISE = re.compile(
    r"share|print|qr_?code|qr_container|ewm|crumb|pagebreak|div_div|toolbar|copyright|\bnav|sidebar|\bprev|\bnext",
    re.IGNORECASE,
)
ACTIVE = ("script", "style", "noscript", "iframe", "embed", "object", "select", "button", "input", "textarea", "link",
          "meta", "footer", "nav", "svg", "audio", "video", "template")  # fmt: skip
INLINE = frozenset(["a", "abbr", "b", "br", "em", "font", "i", "img", "ins", "s", "small", "span", "strong", "sub",
                    "sup", "u", "p"])  # fmt: skip
BLOCKS = ("div", "ul", "ol", "dl", "table", "p", "h1", "h2", "h3", "h4", "center")
FOOTER = re.compile(r"版权所有|ICP备|公网安备|网站标识码")
FILES = re.compile(r"\.(pdf|docx?|xlsx?|pptx?|wps|et|ofd|zip|rar|7z|txt|csv)$", re.IGNORECASE)
DOMINATES = 0.7
LONGEST_NOISE = 80  # characters
LONGEST_ENTRY = 300
SMALL_BLOCK = 300  # letters; no footer is longer, few articles are shorter
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_LETTERS = re.compile(r"[\u4e00-\u9fff0-9A-Za-z]")


def without_active_parts(page: HtmlElement) -> HtmlElement:
    """Remove in place what is never text: scripts, form fields, navigation, comments. A shown file becomes a link."""
    for frame in page.iter("iframe", "embed"):
        if FILES.search((frame.get("src") or "").partition("?")[0]):
            frame.tag = "a"
            frame.set("href", frame.get("src"))
    for element in list(page.iter(html.etree.Comment, html.etree.ProcessingInstruction, *ACTIVE)):
        if element.getparent() is not None:
            element.drop_tree()
    for form in list(page.iter("form")):  # some systems put the whole page into one
        form.drop_tag()
    for header in list(page.iter("header")):
        if header.getparent() is not None and not any(True for _ in header.iter("h1", "h2")):
            header.drop_tree()
    return page


def is_file(link: HtmlElement) -> bool:
    """Whether the link leads to a document rather than to another page."""
    try:
        return FILES.search(urlsplit((link.get("href") or "").strip()).path) is not None
    except ValueError:
        return False


def weigh(root: HtmlElement) -> dict[HtmlElement, int]:
    """The letters of each element, without the text of links to other pages."""
    weights: dict[HtmlElement, int] = {}
    for element in reversed(list(root.iter())):  # children before their parents
        own = len(_LETTERS.findall(element.text or ""))
        for child in element:
            own += weights[child] + len(_LETTERS.findall(child.tail or ""))
        weights[element] = 0 if element.tag == "a" and not is_file(element) else own
    return weights


def find_body(page: HtmlElement) -> HtmlElement:
    """The smallest element that holds the article's text. Changes the page: hidden parts and footers go."""
    root = page.find("body")
    root = page if root is None else root
    _drop_hidden(root)
    weights = weigh(root)
    named = [element for element in root.iter() if _is_named(element) and _has_substance(element, weights)]
    if named:
        return _block(max(named, key=lambda element: weights[element]))
    _drop_footers(root, weights)
    body = _block(_densest(root, weigh(root)))
    _drop_menus(body)
    return body


def _is_named(element: HtmlElement) -> bool:
    names = f"{element.get('id') or ''} {element.get('class') or ''} {element.get('itemprop') or ''}"
    return not BODY_NAMES.isdisjoint(re.sub(r"_\d+\b", "", names.lower()).split())


def _has_substance(element: HtmlElement, weights: dict[HtmlElement, int]) -> bool:
    """A place counts when it holds text, or, as budgets and diagrams often do, nothing but a picture or a file."""
    return (
        weights[element] > 20
        or any(is_file(link) for link in element.iter("a"))
        or element.find(".//img") is not None
    )


def _drop_hidden(root: HtmlElement) -> None:
    for element in list(root.iter()):
        hidden = _HIDDEN.search(element.get("style") or "") or element.get("hidden") is not None
        if hidden and element.getparent() is not None and not any(_is_named(each) for each in element.iter()):
            element.drop_tree()


def _drop_footers(root: HtmlElement, weights: dict[HtmlElement, int]) -> None:
    for element in reversed(
        list(root.iter(*BLOCKS, "td"))
    ):  # the innermost first, never the frame around an article
        small = weights[element] < SMALL_BLOCK and element.getparent() is not None
        if small and FOOTER.search(str(element.text_content())):
            element.drop_tree()


def _drop_menus(body: HtmlElement) -> None:
    """Remove lists of links to other pages, which stand beside an article where nothing marks its place."""
    for element in list(body.iterdescendants(*BLOCKS)):
        links = [text_of(link) for link in element.iter("a") if not is_file(link)]
        mostly_links = len(links) >= 2 and sum(map(len, links)) > DOMINATES * len(text_of(element))
        if mostly_links and element.getparent() is not None:
            element.drop_tree()


def _densest(element: HtmlElement, weights: dict[HtmlElement, int]) -> HtmlElement:
    """Go down as long as one child holds most of the text; a table of data is a part of an article, never its frame."""
    while True:
        best = max(element, key=lambda child: weights[child], default=None)
        if best is None or weights[best] < DOMINATES * weights[element] or _is_data_table(best):
            return element
        if any(_is_data_table(table) for after in best.itersiblings() for table in after.iter("table")):
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


def entries(root: HtmlElement) -> Iterator[str]:
    """The texts of what a page lists: each a link with its own date, or a letter with its times."""
    for element in root.iter("li", "dd", "tr", "p", "div"):
        text = text_of(element) if element.tag == "li" else short_text(element, LONGEST_ENTRY) or ""
        if not moment(text):
            continue
        links = [text_of(link) for link in element.iter("a") if not is_file(link)]
        linked = sum(map(len, links))
        if (len(links) == 1 and linked > 0.4 * len(text)) or (element.tag == "li" and "时间" in text):
            yield text


def tidy(body: HtmlElement, title: str) -> HtmlElement:
    """Remove in place what stands in the body's frame without belonging to the article, and empty wrappers."""
    _drop_head(body, title)
    for element in list(body.iterdescendants()):
        if element.getparent() is None or element.tag in ("td", "th", "tr", "tbody", "thead"):
            continue
        text = short_text(element, LONGEST_NOISE)
        if text is None or any(is_file(link) for link in element.iter("a")):
            continue
        named = f"{element.get('id') or ''} {element.get('class') or ''}"
        if WIDGET.fullmatch(text) or NOISE.search(named):
            element.drop_tree()
    for element in reversed(list(body.iterdescendants("span", "font", "div", "p"))):
        if element.tag in ("span", "font"):
            element.drop_tag()
        elif not len(element) and not squeeze(element.text):
            element.drop_tree()
    return body


def _drop_head(body: HtmlElement, title: str) -> None:
    """The heading, the line of source and date and the record are kept as fields; they end at the first paragraph."""
    for element in list(body.iterdescendants()):
        text = text_of(element)
        if element.getparent() is None or not text:
            continue
        is_heading = element.tag in ("h1", "h2", "h3") and text == title
        is_info = len(text) < 120 and INFO_LINE.match(text)
        is_record = element.tag in ("table", "ul", "dl") and len(RECORD & labelled(element).keys()) >= 2
        if is_heading or is_info or is_record:
            element.drop_tree()
        elif element.tag == "p" and len(text) > 40:
            return

"""The title of a page that no tag and no record of metadata tells."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from mingzheng.publish.legacy.labels import line_above_publication, text_of

_SITE = r"[^-_|—－]{0,30}(?:政府|网|网站|门户|平台|局|委员会|频道|首页|信息公开|政务公开|办事大厅|专栏)"
_BETWEEN = r"(?:\s*[-_|]+\s*|\s+[—－]\s+)"  # a long dash without spaces belongs to a title
_SITE_BESIDE = re.compile(rf"{_BETWEEN}{_SITE}$|^{_SITE}{_BETWEEN}")
_SITE_ONLY = re.compile(_SITE)
_NAMED = re.compile(r"\b(?:article|news|content|detail|text|info)[-_]?(?:title|tit|bt)\b")
_SHORTEST, _LONGEST = 4, 200


def find_title(root: HtmlElement, body: HtmlElement, window: str, told: str) -> str:
    """The heading that repeats in the title of the window, or stands where titles do; empty when there is none.

    ``window`` is the text of the title tag, ``told`` what the page tells to social networks (og:title).
    """
    for name in ("h1", "h2", "h3"):
        for heading in root.iter(name):
            text = text_of(heading)
            if len(text) >= _SHORTEST and text in window:
                return text
    lone = [text_of(heading) for heading in root.iter("h1")]
    named = [text_of(element) for element in root.iter() if _is_named(element)]
    candidates = (
        *(lone if len(lone) == 1 else ()),
        *(named if len(named) == 1 else ()),
        _SITE_BESIDE.sub("", told),
        _SITE_BESIDE.sub("", window) if _SITE_BESIDE.search(window) else "",
        window if _is_visible(window, root) else "",
        line_above_publication(root, body),
        window,
    )
    return next((text for text in candidates if _is_title(text)), "")


def _is_title(text: str) -> bool:
    """Whether the text can be the title of an article: neither a word nor the name of a site or an office."""
    return len(text) >= _SHORTEST and not _SITE_ONLY.fullmatch(text)


def _is_visible(text: str, root: HtmlElement) -> bool:
    page = root.find("body")
    return page is not None and text in text_of(page)


def _is_named(element: HtmlElement) -> bool:
    names = f"{element.get('id') or ''} {element.get('class') or ''}".lower()
    return _NAMED.search(names) is not None and 0 < len(text_of(element)) <= _LONGEST

"""How facts are written on public pages: dates, numbers, growth, and the body of an item.

Numbers follow GB/T 15835 (digits in groups of three), dates the short form of GB/T 7408 in lists and the
full Chinese form in running text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from minijinja import safe

_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_PLAIN_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_HEADING_TAG = re.compile(r"<(/?)h([2-6])\b")
_IMAGE_WITHOUT_TEXT = re.compile(r"<img(?![^>]*\salt=)")
_TABLE_TAG = re.compile(r"<(/?)table\b[^>]*>", re.IGNORECASE)
_TABLE_FRAME: Final = '<div class="table-scroll" role="region" tabindex="0" aria-label="表格">'


def chinese_date(value: date | str | None) -> str:
    """Return 2026年1月9日 for a date or the ISO text of one (a time after it is dropped); other text unchanged."""
    text = "" if value is None else str(value)
    match = _ISO_DATE.match(text)
    return f"{match[1]}年{int(match[2])}月{int(match[3])}日" if match else text


def iso_date(value: date | str | None) -> str:
    """Return the first ten characters of the ISO form, 2026-01-09; the empty text for None."""
    return "" if value is None else str(value)[:10]


def number(value: Any) -> str:
    """Return ``value`` with its digits in groups of three; text that is no number unchanged; a dash for None."""
    if value is None:
        return "—"
    text = str(value)
    if not _PLAIN_NUMBER.fullmatch(text):
        return text
    return f"{Decimal(text):,}"


def _percent(value: Any) -> Decimal | None:
    """Read a growth in percent from a number or from text such as ``-3.2%``; None when there is no number in it."""
    try:
        return Decimal(str(value).strip().rstrip("%％").replace("−", "-").replace("＋", "+"))
    except InvalidOperation:
        return None


def growth(value: Any) -> str:
    """Return the growth against the year before in words, so that colour is never the only sign."""
    percent = _percent(value)
    if percent is None:
        return str(value)
    if percent == 0:
        return "与上年持平"
    return f"同比{'增长' if percent > 0 else '下降'}{abs(percent):,}%"


def growth_class(value: Any) -> str:
    """Return ``up``, ``down`` or ``flat`` for the style sheet."""
    percent = _percent(value)
    if percent is None or percent == 0:
        return "flat"
    return "up" if percent > 0 else "down"


def body_block(body: str | None) -> str:
    """Return the sanitised ``body`` in its frame, marked as safe.

    Outermost tables get a frame that scrolls, because offices paste tables far wider than a phone. Paragraphs
    are indented by two characters unless the author has done so (full-width spaces or an indent style). Headings
    begin below the title and leave no level out; an image without a text says at least that it is one.
    """
    html = str(body or "")
    indented = "\u3000\u3000" in html or "text-indent" in html
    if "<table" in html:
        html = _frame_tables(html)
    if "</h" in html:
        html = _in_order(html)
    if "<img" in html:
        html = _IMAGE_WITHOUT_TEXT.sub('<img alt="正文图片"', html)
    return safe(f'<div class="body{"" if indented else " indent"}" data-body>{html}</div>')


def _in_order(html: str) -> str:
    """Renumber the headings of ``html``, whatever levels the author has chosen, so that each is at most one deeper."""
    levels = sorted({level for _, level in _HEADING_TAG.findall(html)})
    ranks = {level: rank for rank, level in enumerate(levels, start=2)}
    now = 1

    def renumber(match: re.Match[str]) -> str:
        nonlocal now
        if not match[1]:
            now = min(ranks[match[2]], now + 1)
        return f"<{match[1]}h{now}"

    return _HEADING_TAG.sub(renumber, html)


def _frame_tables(html: str) -> str:
    """Put each outermost table of ``html`` into a scrolling frame; nested ones stay as they are."""
    depth = 0

    def frame(match: re.Match[str]) -> str:
        nonlocal depth
        if match[1]:
            depth -= 1
            return f"{match[0]}</div>" if depth == 0 else match[0]
        depth += 1
        return f"{_TABLE_FRAME}{match[0]}" if depth == 1 else match[0]

    return _TABLE_TAG.sub(frame, html)


FILTERS: Final[dict[str, Callable[..., Any]]] = {
    "body_block": body_block,
    "cn_date": chinese_date,
    "growth": growth,
    "growth_class": growth_class,
    "iso_date": iso_date,
    "number": number,
}

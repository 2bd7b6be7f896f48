"""Lists of Word, which are paragraphs with a level in their style and a number typed into a span.

A list whose numbers a browser would show just so (bullets; 1. 2. 3. in order) becomes a real one. Any other
number is part of the text of an official document, 一、 or （一） or 第三条, and stays in it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

from mingzheng.publish.body.trees import BLANKS, HEADINGS, is_blank, styles

# Bullets, and the letters that are bullets in Wingdings and Symbol.
_BULLET = re.compile(r"[·•●○◦■□▪◆◇➢➤✓►▲★–—\-\uf000-\uf0ffolnuqvüØ§]")
_NUMBER = re.compile(r"([1-9][0-9]{0,3})[.．]")
_LEVEL = re.compile(r"\blevel([1-9])\b")


@dataclass(slots=True)
class _Item:
    """A list paragraph: its level from 1, the visible number, and the element that holds the number."""

    paragraph: HtmlElement
    level: int
    mark: str
    holder: HtmlElement

    @property
    def number(self) -> int | None:
        """The number of an item as 1., or None for a bullet."""
        match = _NUMBER.fullmatch(self.mark)
        return int(match[1]) if match else None

    @property
    def is_simple(self) -> bool:
        return self.number is not None or _BULLET.fullmatch(self.mark) is not None


def make_lists(root: HtmlElement) -> None:
    """Turn each run of list paragraphs into lists, or put its numbers into the text."""
    run: list[_Item] = []
    for paragraph in [*root.iter("p", *HEADINGS)]:
        item = _item(paragraph)
        if run and (item is None or not _follows(run[-1].paragraph, paragraph)):
            _settle(run)
            run = []
        if item is not None:
            run.append(item)
    _settle(run)


def _item(paragraph: HtmlElement) -> _Item | None:
    for holder in paragraph.iter("span"):
        if styles(holder).get("mso-list") == "ignore":
            level = _LEVEL.search(styles(paragraph).get("mso-list", ""))
            mark = str(holder.text_content()).strip(BLANKS)
            return _Item(paragraph, int(level[1]) if level else 1, mark, holder)
    return None


def _follows(before: HtmlElement, after: HtmlElement) -> bool:
    return before.getnext() is after and is_blank(before.tail)


def _settle(run: list[_Item]) -> None:
    if _is_list(run):
        _build(run)
        return
    for item in run:
        mark = "•" if _BULLET.fullmatch(item.mark) else item.mark
        for child in list(item.holder):
            item.holder.remove(child)
        item.holder.text = f"{mark} " if mark[-1:].isalnum() or mark == "•" else mark


def _is_list(run: list[_Item]) -> bool:
    """Whether a browser shows the very same marks: all simple, and each number one more than that before it."""
    if not all(item.is_simple and item.paragraph.tag == "p" for item in run):
        return False
    if len(run) == 1 and run[0].number is not None:
        return False  # a single 1. is the number of a paragraph
    last: dict[int, int | None] = {}
    for item in run:
        last = {level: number for level, number in last.items() if level <= item.level}
        before = last.get(item.level)
        if before is not None and item.number is not None and item.number != before + 1:
            return False
        last[item.level] = item.number
    return True


def _build(run: list[_Item]) -> None:
    """Replace the paragraphs by nested lists."""
    open_lists: list[tuple[int, HtmlElement]] = []
    for item in run:
        tag = "ul" if item.number is None else "ol"
        while open_lists and open_lists[-1][0] > item.level:
            open_lists.pop()
        if open_lists and open_lists[-1][0] == item.level and open_lists[-1][1].tag != tag:
            open_lists.pop()
        if not open_lists or open_lists[-1][0] < item.level:
            open_lists.append((item.level, _new_list(tag, item, open_lists)))
        item.holder.drop_tree()
        parent = item.paragraph.getparent()
        entry = etree.SubElement(open_lists[-1][1], "li")
        entry.text = (item.paragraph.text or "").lstrip(BLANKS) or None
        entry.extend(list(item.paragraph))
        parent.remove(item.paragraph)


def _new_list(tag: str, item: _Item, open_lists: list[tuple[int, HtmlElement]]) -> HtmlElement:
    made = etree.Element(tag)
    if item.number not in (None, 1):
        made.set("start", str(item.number))
    if open_lists:
        open_lists[-1][1][-1].append(made)
    else:
        item.paragraph.addprevious(made)
    return made

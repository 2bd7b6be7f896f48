"""The body of an item as a row of blocks (paragraphs, headings, list items, tables) that can be compared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from lxml import etree, html
from lxml.html import HtmlElement

from mingzheng.law.errors import Refusal
from mingzheng.publish.body.services import clean_html

HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
LISTS = frozenset({"ul", "ol"})
_PARTS = HEADINGS | LISTS | frozenset(
    {"p", "div", "li", "table", "blockquote", "pre", "center", "dl", "dt", "dd", "figure", "figcaption", "caption",
     "hr"}
)  # fmt: skip
_SPACE = re.compile(r"[^\S\n\u3000]+")
_GREATEST_SPAN = 1000
_DEEPEST = 200  # the parser gives up at 256


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: ``th`` or ``td``, its text, and how many columns and rows it covers."""

    tag: str
    text: str
    colspan: int
    rowspan: int


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a body: ``kind`` is the element that shows it (``p``, a heading, ``ul``, ``ol`` or ``table``).

    A block of kind ``ul`` or ``ol`` is one item of such a list. ``text`` of a table is that of all its cells.
    """

    kind: str
    text: str
    rows: tuple[tuple[Cell, ...], ...] = ()

    @property
    def shape(self) -> tuple[tuple[tuple[int, int], ...], ...]:
        """Where the cells of a table lie, whatever they say."""
        return tuple(tuple((cell.colspan, cell.rowspan) for cell in row) for row in self.rows)


@dataclass(frozen=True, slots=True)
class Body:
    """A body taken apart: its blocks, and the addresses of its links and images in order."""

    blocks: list[Block]
    addresses: list[str]
    html: str


def read_body(source: str) -> Body:
    """Take the HTML of a body apart; what may not stand on a page is removed first.

    Raises ``Refusal`` for tags nested deeper than the parser follows: what it drops would escape the reviewer.
    """
    clean = clean_html(source)
    root = html.fragment_fromstring(clean, create_parent="div") if clean.strip() else html.Element("div")
    if _depth(root) > _DEEPEST:
        raise Refusal(f"正文的标签嵌套超过{_DEEPEST}层，无法比对，请清除格式后重试。")
    addresses = [address for element in root.iter("a", "img") if (address := _address(element))]
    return Body(list(_blocks(root, "p")), addresses, clean)


def _depth(root: HtmlElement) -> int:
    steps = (1 if event == "start" else -1 for event, _ in etree.iterwalk(root, events=("start", "end")))
    return max(accumulate(steps))


def _address(element: HtmlElement) -> str:
    return element.get("href" if element.tag == "a" else "src") or ""


def _blocks(element: HtmlElement, kind: str) -> Iterator[Block]:
    """The blocks within an element; text that stands in no part of its own has the kind of the element."""
    loose = [element.text or ""]
    for child in element:
        if child.tag in _PARTS or _holds_parts(child):
            yield from _block(kind, "".join(loose))
            loose = []
            yield from _table(child) if child.tag == "table" else _blocks(child, _kind(child, kind))
        else:
            loose.append(_inline(child))
        loose.append(child.tail or "")
    yield from _block(kind, "".join(loose))


def _kind(element: HtmlElement, outer: str) -> str:
    if element.tag in HEADINGS or element.tag in LISTS:
        return str(element.tag)
    return outer if element.tag != "li" or outer in LISTS else "ul"


def _holds_parts(element: HtmlElement) -> bool:
    return any(part.tag in _PARTS for part in element.iterdescendants())


def _block(kind: str, text: str) -> Iterator[Block]:
    if tidy := _tidy(text):
        yield Block(kind, tidy)


def _table(table: HtmlElement) -> Iterator[Block]:
    for caption in table.iterchildren("caption"):
        yield from _blocks(caption, "p")
    rows = tuple(
        tuple(_cell(cell) for cell in row.iterchildren("td", "th"))
        for row in table.iterdescendants("tr")
        if next(row.iterancestors("table")) is table
    )
    text = "\n".join(cell.text for row in rows for cell in row)
    if text.strip():
        yield Block("table", text, rows)


def _cell(cell: HtmlElement) -> Cell:
    text = "\n".join(block.text for block in _blocks(cell, "p"))
    return Cell(str(cell.tag), text, _span(cell, "colspan"), _span(cell, "rowspan"))


def _span(cell: HtmlElement, name: str) -> int:
    value = cell.get(name) or ""
    return min(max(int(value), 1), _GREATEST_SPAN) if value.isascii() and value.isdigit() else 1


def _inline(element: HtmlElement) -> str:
    if element.tag == "br":
        return "\n"
    if element.tag == "img":
        return f"［图片：{element.get('alt')}］" if element.get("alt") else "［图片］"
    inner = "".join(_inline(child) + (child.tail or "") for child in element)
    return (element.text or "") + inner


def _tidy(text: str) -> str:
    """The text as a browser shows it: runs of white space are one space, none at the ends of a line."""
    lines = (_SPACE.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)

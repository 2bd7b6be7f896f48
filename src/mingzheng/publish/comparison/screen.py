"""The comparison of two bodies as HTML for the screen, made from their text alone."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import groupby
from time import monotonic

from mingzheng.publish.comparison.alignment import align
from mingzheng.publish.comparison.blocks import LISTS, Block, Body, Cell
from mingzheng.publish.comparison.texts import Op, compare_text

_TAGS: dict[Op, tuple[str, str]] = {"same": ("", ""), "gone": ("<del>", "</del>"), "new": ("<ins>", "</ins>")}
_CLASSES: dict[Op, str] = {"same": "", "gone": ' class="comparison-gone"', "new": ' class="comparison-new"'}


def show(old: Body, new: Body, time_limit: float) -> str:
    """The whole comparison; ``time_limit`` (seconds) is shared by all its blocks."""
    screen = _Screen(monotonic() + time_limit)
    blocks = [screen.block(before, after) for before, after in align(old.blocks, new.blocks)]
    note = _note(old, new)
    shown = f'<p class="comparison-note">{note}</p>' if note else ""
    for kind, group in groupby(blocks, key=lambda block: block[0] if block[0] in LISTS else ""):
        items = "".join(markup for _, markup in group)
        shown += f"<{kind}>{items}</{kind}>" if kind else items
    return shown


def _note(old: Body, new: Body) -> str:
    """What the marked text cannot show, in one line; empty when it shows everything."""
    same_text = [block.text for block in old.blocks] == [block.text for block in new.blocks]
    if old.addresses != new.addresses:
        return "文字没有变化，链接或图片有变化" if same_text else "链接或图片也有变化"
    if not same_text:
        return ""
    return "内容没有变化" if old.html == new.html else "仅格式有变化"


class _Screen:
    """Turns pairs of blocks into markup until the time is up; what comes later is compared as a whole."""

    def __init__(self, ends: float) -> None:
        self.ends = ends

    def block(self, old: Block | None, new: Block | None) -> tuple[str, str]:
        """The kind of the block shown, and its markup."""
        if old is None or new is None:
            shown = old or new
            assert shown is not None
            return shown.kind, _whole(shown, "gone" if old else "new")
        if new.kind != "table":
            tag = "li" if new.kind in LISTS else new.kind
            return new.kind, f"<{tag}>{self.text(old.text, new.text)}</{tag}>"
        if old.shape == new.shape:
            return "table", self.table(old, new)
        return "table", _whole(old, "gone") + _whole(new, "new")

    def table(self, old: Block, new: Block) -> str:
        rows = (
            "".join(
                _cell(after, self.text(before.text, after.text)) for before, after in zip(*pair, strict=True)
            )
            for pair in zip(old.rows, new.rows, strict=True)
        )
        return _table(rows, "same")

    def text(self, old: str, new: str) -> str:
        pieces = compare_text(old, new, time_limit=self.ends - monotonic())
        return "".join(_marked(piece.op, piece.text) for piece in pieces)


def _whole(block: Block, op: Op) -> str:
    if block.kind == "table":
        return _table(
            ("".join(_cell(cell, _marked(op, cell.text)) for cell in row) for row in block.rows), op
        )
    tag = "li" if block.kind in LISTS else block.kind
    return f"<{tag}{_CLASSES[op]}>{_marked(op, block.text)}</{tag}>"


def _table(rows: Iterator[str], op: Op) -> str:
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return f"<table{_CLASSES[op]}><tbody>{body}</tbody></table>"


def _cell(cell: Cell, inner: str) -> str:
    spans = "".join(
        f' {name}="{number}"'
        for name, number in (("colspan", cell.colspan), ("rowspan", cell.rowspan))
        if number > 1
    )
    return f"<{cell.tag}{spans}>{inner}</{cell.tag}>"


def _marked(op: Op, text: str) -> str:
    opening, closing = _TAGS[op]
    return f"{opening}{escape(text).replace(chr(10), '<br>')}{closing}" if text else ""

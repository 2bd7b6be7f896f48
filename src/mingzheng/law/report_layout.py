"""The annual report's tables as they are printed: rows of cells with their spans.

A writer of HTML or DOCX needs no knowledge of the forms: it places each row's cells from left to right, past those that
reach down from the rows above.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from mingzheng.law.report_forms import Column, Form, Row

Align = Literal["left", "center"]
Text = Callable[[str], str]
"""Gives the printed text of a figure by its key."""


@dataclass(frozen=True)
class Cell:
    """A cell of a printed table; a figure's cell names its key."""

    text: str
    key: str = ""
    header: bool = False
    colspan: int = 1
    rowspan: int = 1
    align: Align = "center"


def lay_out(form: Form, text: Text) -> list[list[Cell]]:
    """The printed rows of a table; ``text`` gives its figures."""
    if form.kind == "blocks":
        return _blocks(form, text)
    if form.kind == "requests":
        return _requests(form, text)
    if form.kind == "remedies":
        return _remedies(form, text)
    return [[_head("统计指标"), _head("单位"), _head("统计数")], *_sheet(form.id, form.rows, text, 0)]


def _head(text: str, colspan: int = 1, rowspan: int = 1) -> Cell:
    return Cell(text, header=True, colspan=colspan, rowspan=rowspan)


def _label(text: str, colspan: int = 1, rowspan: int = 1) -> Cell:
    return Cell(text, header=True, colspan=colspan, rowspan=rowspan, align="left")


def _blocks(form: Form, text: Text) -> list[list[Cell]]:
    width = 1 + max(len(block.columns) for block in form.blocks)
    printed: list[list[Cell]] = []
    for block in form.blocks:
        # The last column takes the room that wider blocks need.
        spans = [1] * (len(block.columns) - 1) + [width - len(block.columns)]
        columns = list(zip(block.columns, spans, strict=True))
        printed.append([_head(block.heading, width)])
        printed.append([_head("信息内容"), *(_head(column.label, span) for column, span in columns)])
        for row in block.rows:
            keys = [(f"{form.id}.{row.key}.{column.key}", span) for column, span in columns]
            printed.append([_label(row.label), *(Cell(text(key), key, colspan=span) for key, span in keys)])
    return printed


def _depth(rows: tuple[Row, ...]) -> int:
    return max((1 + _depth(row.rows) for row in rows), default=0)


def _requests(form: Form, text: Text) -> list[list[Cell]]:
    labels, columns = _depth(form.rows), form.leaf_columns()
    first = [_label(form.note, labels, 3), _head("申请人情况", len(columns))]
    second = [_column_head(column) for column in form.columns]
    third = [_head(leaf.label) for column in form.columns for leaf in column.columns]

    def body(rows: tuple[Row, ...], left: int) -> Iterator[list[Cell]]:
        for row in rows:
            if row.rows:
                below = list(body(row.rows, left - 1))
                below[0].insert(0, _label(row.label, rowspan=len(below)))
                yield from below
            else:
                keys = [f"{form.id}.{row.key}.{column.key}" for column in columns]
                yield [_label(row.label, left), *(Cell(text(key), key) for key in keys)]

    return [first, second, third, *body(form.rows, labels)]


def _column_head(column: Column) -> Cell:
    if column.columns:
        return _head(column.label, len(column.columns))
    return _head(column.label, rowspan=2)


def _remedies(form: Form, text: Text) -> list[list[Cell]]:
    size = len(form.columns)
    first = [_head(group.label, size * max(1, len(group.columns))) for group in form.groups]
    second: list[Cell] = []
    third: list[Cell] = []
    for group in form.groups:
        if group.columns:
            second += [_head(below.label, size) for below in group.columns]
            third += [_head(column.label) for _ in group.columns for column in form.columns]
        else:
            second += [_head(column.label, rowspan=2) for column in form.columns]
    keys = [f"{form.id}.{group.key}.{column.key}" for group in form.leaf_groups() for column in form.columns]
    return [first, second, third, [Cell(text(key), key) for key in keys]]


def _sheet(form_id: str, rows: tuple[Row, ...], text: Text, depth: int) -> Iterator[list[Cell]]:
    for row in rows:
        label = _label("　" * depth + row.number + row.label)
        if row.key:
            key = f"{form_id}.{row.key}"
            yield [label, Cell(row.unit), Cell(text(key), key)]
        else:
            yield [label, Cell("——"), Cell("——")]
        yield from _sheet(form_id, row.rows, text, depth + 1)

"""The figures of one annual report's tables, their totals, and the tables as they are printed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

from mingzheng.law.errors import Refusal
from mingzheng.law.report_forms import TOTAL, Column, Form, Generation, Row, generation_for_year

Number = int | Decimal


@dataclass(frozen=True)
class Figure:
    """What a key stands for. ``parts`` are the keys that add up to it; it is computed from them, never entered."""

    key: str
    label: str
    unit: str = "件"
    parts: tuple[str, ...] = ()
    is_decimal: bool = False
    is_signed: bool = False


@dataclass(frozen=True)
class Cell:
    """A cell of a printed table; a figure's cell names its key."""

    text: str
    key: str = ""
    header: bool = False
    colspan: int = 1
    rowspan: int = 1


@dataclass(frozen=True)
class ReportTables:
    """The figures of the report about ``year``, by key. Raises Refusal for a year without a form and for unknown keys."""

    year: int
    cells: Mapping[str, Number]
    generation: Generation = field(init=False)
    figures: Mapping[str, Figure] = field(init=False)

    def __post_init__(self) -> None:
        generation = generation_for_year(self.year)
        figures = {figure.key: figure for form in generation.forms for figure in figures_of(form)}
        unknown = sorted(set(self.cells) - set(figures))
        if unknown:
            raise Refusal(f"{generation.name}的表格中没有“{unknown[0]}”这一格。")
        object.__setattr__(self, "generation", generation)
        object.__setattr__(self, "figures", MappingProxyType(figures))
        object.__setattr__(self, "cells", MappingProxyType(dict(self.cells)))

    def value(self, key: str) -> Number | None:
        """The figure that was entered, None where there is none. Raises Refusal for an unknown key."""
        if key not in self.figures:
            raise Refusal(f"{self.generation.name}的表格中没有“{key}”这一格。")
        return self.cells.get(key)

    def label(self, key: str) -> str:
        """The figure's name: row and column as printed."""
        return self.figures[key].label

    def with_totals(self) -> ReportTables:
        """The same tables with every total that was not entered computed from its parts, where all of them are there."""
        cells = dict(self.cells)

        def total(key: str) -> Number | None:
            if key not in cells and (parts := self.figures[key].parts):
                values = [total(part) for part in parts]
                known = [value for value in values if value is not None]
                if len(known) == len(values):
                    cells[key] = sum(known)
            return cells.get(key)

        for key in self.figures:
            total(key)
        return ReportTables(self.year, cells)

    def layout(self, form_id: str) -> list[list[Cell]]:
        """The table as it is printed: rows of cells with their spans, so that a writer needs no knowledge of it."""
        return lay_out(self.generation.form(form_id), self)

    def text(self, key: str) -> str:
        """A figure as printed; a blank where there is none."""
        value = self.cells.get(key)
        return "" if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)


def figures_of(form: Form) -> Iterator[Figure]:
    """Every figure of a table, parts and totals."""
    if form.kind == "blocks":
        for block in form.blocks:
            for row in block.rows:
                for column in block.columns:
                    yield Figure(
                        f"{form.id}.{row.key}.{column.key}", f"{row.label}{column.label}",
                        is_decimal=column.is_decimal, is_signed=column.is_signed,
                    )  # fmt: skip
    elif form.kind == "requests":
        yield from _requests(form)
    elif form.kind == "remedies":
        for group in form.leaf_groups():
            parts = [f"{form.id}.{group.key}.{column.key}" for column in form.columns if column.key != TOTAL]
            for column in form.columns:
                key = f"{form.id}.{group.key}.{column.key}"
                yield Figure(
                    key, f"{group.label}{column.label}", parts=tuple(parts) if column.key == TOTAL else ()
                )
    else:
        yield from _sheet(form.id, form.rows)


def _requests(form: Form) -> Iterator[Figure]:
    columns = form.leaf_columns()
    outcomes = [row.key for row in form.leaf_rows() if row.key.startswith("C") and row.key != "C7"]
    for row in form.leaf_rows():
        for column in columns:
            key = f"{form.id}.{row.key}.{column.key}"
            parts: list[str] = []
            if column.key == TOTAL:
                parts = [f"{form.id}.{row.key}.{each.key}" for each in columns if each.key != TOTAL]
            elif row.key == "C7":
                parts = [f"{form.id}.{outcome}.{column.key}" for outcome in outcomes]
            yield Figure(key, f"“{row.label}”{column.label}", parts=tuple(parts))


def _sheet(form_id: str, rows: tuple[Row, ...]) -> Iterator[Figure]:
    for row in rows:
        if row.key:
            parts = tuple(f"{form_id}.{part.key}" for part in row.rows) if row.is_sum else ()
            yield Figure(f"{form_id}.{row.key}", row.label, row.unit, parts, row.is_decimal)
        yield from _sheet(form_id, row.rows)


def lay_out(form: Form, tables: ReportTables) -> list[list[Cell]]:
    """The printed rows of a table."""
    if form.kind == "blocks":
        return _blocks(form, tables)
    if form.kind == "requests":
        return _matrix(form, tables)
    if form.kind == "remedies":
        return _remedies(form, tables)
    return [
        [Cell("统计指标", header=True), Cell("单位", header=True), Cell("统计数", header=True)],
        *_sheet_rows(form.id, form.rows, tables, 0),
    ]


def _blocks(form: Form, tables: ReportTables) -> list[list[Cell]]:
    width = 1 + max(len(block.columns) for block in form.blocks)
    printed: list[list[Cell]] = []
    for block in form.blocks:
        # The last column takes the room that wider blocks need.
        spans = [1] * (len(block.columns) - 1) + [width - len(block.columns)]
        printed.append([Cell(block.heading, header=True, colspan=width)])
        heads = [
            Cell(column.label, header=True, colspan=span)
            for column, span in zip(block.columns, spans, strict=True)
        ]
        printed.append([Cell("信息内容", header=True), *heads])
        for row in block.rows:
            keys = [f"{form.id}.{row.key}.{column.key}" for column in block.columns]
            values = [
                Cell(tables.text(key), key, colspan=span) for key, span in zip(keys, spans, strict=True)
            ]
            printed.append([Cell(row.label, header=True), *values])
    return printed


def _depth(rows: tuple[Row, ...]) -> int:
    return max((1 + _depth(row.rows) for row in rows), default=0)


def _matrix(form: Form, tables: ReportTables) -> list[list[Cell]]:
    labels, columns = _depth(form.rows), form.leaf_columns()
    first = [
        Cell(form.note, header=True, colspan=labels, rowspan=3),
        Cell("申请人情况", header=True, colspan=len(columns)),
    ]
    second = [_head(column) for column in form.columns]
    third = [Cell(leaf.label, header=True) for column in form.columns for leaf in column.columns]

    def body(rows: tuple[Row, ...], left: int) -> Iterator[list[Cell]]:
        for row in rows:
            if row.rows:
                below = list(body(row.rows, left - 1))
                below[0].insert(0, Cell(row.label, header=True, rowspan=len(below)))
                yield from below
            else:
                keys = [f"{form.id}.{row.key}.{column.key}" for column in columns]
                yield [
                    Cell(row.label, header=True, colspan=left),
                    *(Cell(tables.text(key), key) for key in keys),
                ]

    return [first, second, third, *body(form.rows, labels)]


def _head(column: Column) -> Cell:
    if column.columns:
        return Cell(column.label, header=True, colspan=len(column.columns))
    return Cell(column.label, header=True, rowspan=2)


def _remedies(form: Form, tables: ReportTables) -> list[list[Cell]]:
    size = len(form.columns)
    first = [
        Cell(group.label, header=True, colspan=size * max(1, len(group.columns))) for group in form.groups
    ]
    second: list[Cell] = []
    third: list[Cell] = []
    for group in form.groups:
        if group.columns:
            second += [Cell(below.label, header=True, colspan=size) for below in group.columns]
            third += [Cell(column.label, header=True) for _ in group.columns for column in form.columns]
        else:
            second += [Cell(column.label, header=True, rowspan=2) for column in form.columns]
    keys = [f"{form.id}.{group.key}.{column.key}" for group in form.leaf_groups() for column in form.columns]
    return [first, second, third, [Cell(tables.text(key), key) for key in keys]]


def _sheet_rows(
    form_id: str, rows: tuple[Row, ...], tables: ReportTables, depth: int
) -> Iterator[list[Cell]]:
    for row in rows:
        if not row.key:
            yield [Cell(row.label, header=True, colspan=3)]
            yield from _sheet_rows(form_id, row.rows, tables, depth)
            continue
        key = f"{form_id}.{row.key}"
        yield [
            Cell("　" * depth + ("其中：" if depth else "") + row.label, header=True),
            Cell(row.unit),
            Cell(tables.text(key), key),
        ]
        yield from _sheet_rows(form_id, row.rows, tables, depth + 1)

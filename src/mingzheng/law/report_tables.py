"""The figures of one annual report's tables by key, and the totals that follow from them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import InitVar, dataclass, field
from decimal import Decimal
from functools import cache
from types import MappingProxyType

from mingzheng.law.errors import Refusal
from mingzheng.law.report_forms import Form, Generation, Row, generation_for_year
from mingzheng.law.report_layout import Cell, lay_out

__all__ = ["Cell", "Figure", "Number", "ReportTables", "figures_of_year", "generation_for_year"]

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
class ReportTables:
    """The figures of the report about ``year``, by key; ``cells`` are those that are filled in.

    In what is ``given``, None is a blank, as is a key that is absent.

    Raises Refusal for a year without a form, for unknown keys and for values that are no numbers.
    """

    year: int
    given: InitVar[Mapping[str, Number | None]]
    cells: Mapping[str, Number] = field(init=False)
    generation: Generation = field(init=False)
    figures: Mapping[str, Figure] = field(init=False)

    def __post_init__(self, given: Mapping[str, Number | None]) -> None:
        object.__setattr__(self, "generation", generation_for_year(self.year))
        object.__setattr__(self, "figures", figures_of_year(self.year))
        for key, value in given.items():
            label = self.label(key)
            if value is not None and not _is_number(value):
                raise Refusal(f"{label}应填数字，不能是“{value}”。")
        filled = {key: value for key, value in given.items() if value is not None}
        object.__setattr__(self, "cells", MappingProxyType(filled))

    def value(self, key: str) -> Number | None:
        """The figure that was entered, None where there is none. Raises Refusal for an unknown key."""
        self.label(key)
        return self.cells.get(key)

    def label(self, key: str) -> str:
        """The figure's name: row and column as printed. Raises Refusal for an unknown key."""
        if key not in self.figures:
            raise Refusal(f"{self.generation.name}的表格中没有“{key}”这一格。")
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
        """The table as it is printed. Raises Refusal for a table that the year's form has not."""
        return lay_out(self.generation.form(form_id), self.text)

    def text(self, key: str) -> str:
        """A figure as printed; a blank where there is none."""
        value = self.cells.get(key)
        return "" if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)


def _is_number(value: object) -> bool:
    if isinstance(value, Decimal):
        return value.is_finite()
    return isinstance(value, int) and not isinstance(value, bool)


@cache
def figures_of_year(year: int) -> Mapping[str, Figure]:
    """Every figure of the year's form by key, in the order of print. Raises Refusal for a year without a form."""
    forms = generation_for_year(year).forms
    return MappingProxyType({figure.key: figure for form in forms for figure in _figures(form)})


def _figures(form: Form) -> Iterator[Figure]:
    if form.kind == "blocks":
        yield from _blocks(form)
    elif form.kind == "requests":
        yield from _requests(form)
    elif form.kind == "remedies":
        yield from _remedies(form)
    else:
        yield from _sheet(form.id, form.rows)


def _blocks(form: Form) -> Iterator[Figure]:
    for block in form.blocks:
        for row in block.rows:
            for column in block.columns:
                yield Figure(
                    f"{form.id}.{row.key}.{column.key}",
                    f"{row.label}{column.label}",
                    column.unit or Figure.unit,
                    is_decimal=column.is_decimal,
                    is_signed=column.is_signed,
                )


def _requests(form: Form) -> Iterator[Figure]:
    columns = form.leaf_columns()
    for row in form.leaf_rows():
        for column in columns:
            parts: tuple[str, ...] = ()
            if column.sum:
                parts = tuple(f"{form.id}.{row.key}.{each.key}" for each in columns if each != column)
            elif row.sum:
                parts = tuple(f"{form.id}.{other}.{column.key}" for other in form.rows_beside(row.key))
            yield Figure(f"{form.id}.{row.key}.{column.key}", f"“{row.label}”{column.label}", parts=parts)


def _remedies(form: Form) -> Iterator[Figure]:
    for group in form.leaf_groups():
        for column in form.columns:
            others = [each for each in form.columns if each != column] if column.sum else []
            parts = tuple(f"{form.id}.{group.key}.{each.key}" for each in others)
            yield Figure(f"{form.id}.{group.key}.{column.key}", f"{group.label}{column.label}", parts=parts)


def _sheet(form_id: str, rows: tuple[Row, ...]) -> Iterator[Figure]:
    for row in rows:
        if row.key:
            parts = tuple(f"{form_id}.{part.key}" for part in row.rows) if row.sum else ()
            yield Figure(f"{form_id}.{row.key}", row.label, row.unit, parts, row.is_decimal)
        yield from _sheet(form_id, row.rows)

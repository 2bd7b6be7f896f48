"""The forms of the annual report's tables in three generations, read from ``data/report_tables``.

G1 (国办发〔2014〕32号) up to 2018, G2 (国办公开办函〔2019〕60号) for 2019 and 2020, G3 (国办公开办函〔2021〕30号) since.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from mingzheng.law.data_files import load_yaml
from mingzheng.law.errors import Refusal

FILES = ("g1", "g2", "g3")

Sum = Literal["", "below", "group"]
"""What a row or column adds up: nothing, the rows below it, or all others of its group."""


@dataclass(frozen=True)
class Row:
    """A row of a form: a figure when it has a key, a heading over ``rows`` when it has none."""

    key: str
    label: str
    number: str = ""
    unit: str = ""
    rows: tuple[Row, ...] = ()
    sum: Sum = ""
    is_decimal: bool = False

    def leaves(self) -> Iterator[Row]:
        """The rows below that are no headings, or the row itself."""
        if not self.rows:
            yield self
        for row in self.rows:
            yield from row.leaves()


@dataclass(frozen=True)
class Column:
    """A column, or a heading over ``columns``."""

    key: str
    label: str
    columns: tuple[Column, ...] = ()
    unit: str = ""
    sum: Sum = ""
    is_decimal: bool = False
    is_signed: bool = False


@dataclass(frozen=True)
class Block:
    """A part of table two: the rows of one item of article 20, with columns of their own."""

    heading: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Form:
    """One table. Which of the fields it uses depends on its ``kind``: blocks, requests, remedies or sheet."""

    id: str
    title: str
    kind: str
    note: str = ""
    blocks: tuple[Block, ...] = ()
    columns: tuple[Column, ...] = ()
    rows: tuple[Row, ...] = ()
    groups: tuple[Column, ...] = ()

    def leaf_columns(self) -> tuple[Column, ...]:
        return tuple(leaf for column in self.columns for leaf in (column.columns or (column,)))

    def leaf_groups(self) -> tuple[Column, ...]:
        return tuple(leaf for group in self.groups for leaf in (group.columns or (group,)))

    def leaf_rows(self) -> tuple[Row, ...]:
        return tuple(leaf for row in self.rows for leaf in row.leaves())

    def rows_beside(self, key: str) -> tuple[str, ...]:
        """The keys of the other rows in the group of a row, those under its headings included."""
        return _beside(self.rows, key) or ()


def _beside(rows: tuple[Row, ...], key: str) -> tuple[str, ...] | None:
    if any(row.key == key for row in rows):
        return tuple(leaf.key for row in rows if row.key != key for leaf in row.leaves())
    return next((found for row in rows if (found := _beside(row.rows, key)) is not None), None)


@dataclass(frozen=True)
class Generation:
    """The form of the reports of some years. Years are those reported on, not those of publication."""

    key: str
    name: str
    from_year: int
    to_year: int | None
    source: str
    chapters: tuple[str, ...]
    forms: tuple[Form, ...]

    def has(self, form_id: str) -> bool:
        return any(form.id == form_id for form in self.forms)

    def form(self, form_id: str) -> Form:
        """The table with that id. Raises Refusal for one that this generation has not."""
        for form in self.forms:
            if form.id == form_id:
                return form
        raise Refusal(f"{self.name}没有编号为“{form_id}”的表格。")


@cache
def generations() -> tuple[Generation, ...]:
    """The three generations, oldest first."""
    data = {name: load_yaml(f"report_tables/{name}.yaml") for name in FILES}
    return tuple(_generation(data[name], data) for name in FILES)


def generation_for_year(year: int) -> Generation:
    """The generation of the report about ``year``. Raises Refusal for a year before the Regulation."""
    for generation in generations():
        if generation.from_year <= year <= (generation.to_year or year):
            return generation
    raise Refusal(
        f"{year}年没有年度报告的格式；政府信息公开年度报告自{generations()[0].from_year}年度起编制。"
    )


def _generation(data: Mapping[str, Any], others: Mapping[str, Any]) -> Generation:
    base = others[data["like"]] if "like" in data else data
    own = {table["id"]: table for table in data["tables"]}
    tables = [own.get(table["id"], table) for table in base["tables"]]
    merged = data.get("merged_rows", {})
    return Generation(
        key=data["generation"],
        name=data["name"],
        from_year=data["from_year"],
        to_year=data.get("to_year"),
        source=data["source"],
        chapters=tuple(base["chapters"]),
        forms=tuple(_form(table, merged.get(table["id"], {})) for table in tables),
    )


def _form(data: Mapping[str, Any], merged: Mapping[str, str]) -> Form:
    return Form(
        id=data["id"],
        title=data["title"],
        kind=data["kind"],
        note=data.get("note", ""),
        blocks=tuple(
            Block(block["heading"], _columns(block["columns"]), _rows(block["rows"], {}))
            for block in data.get("blocks", ())
        ),
        columns=_columns(data.get("columns", ())),
        rows=_rows(data.get("rows", ()), merged),
        groups=_columns(data.get("groups", ()), "groups"),
    )


def _columns(data: Any, below: str = "columns") -> tuple[Column, ...]:
    return tuple(
        Column(
            key=each.get("key", ""),
            label=each["label"],
            columns=_columns(each.get(below, ()), below),
            unit=each.get("unit", ""),
            sum=each.get("sum", ""),
            is_decimal=each.get("decimal", False),
            is_signed=each.get("signed", False),
        )
        for each in data
    )


def _rows(data: Any, merged: Mapping[str, str]) -> tuple[Row, ...]:
    return tuple(
        Row(merged[each["label"]], each["label"])
        if each["label"] in merged
        else Row(
            key=each.get("key", ""),
            label=each["label"],
            number=each.get("number", ""),
            unit=each.get("unit", ""),
            rows=_rows(each.get("rows", ()), merged),
            sum=each.get("sum", ""),
            is_decimal=each.get("decimal", False),
        )
        for each in data
    )

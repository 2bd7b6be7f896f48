"""Tables of the texts, from ``data/tables.yaml``: whatever row or sum they show adds up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from mingzheng.demo.data_files import read
from mingzheng.demo.texts import Slots
from mingzheng.demo.words import lists


@dataclass(frozen=True)
class Row:
    """A row in the making: its place from 1, and what its name carries after a colon."""

    place: int
    more: str


# A cell maker returns its text and, for a number, its value in the smallest unit shown.
Cell = tuple[str, int | None]
Maker = Callable[[Slots, Row, list[int]], Cell]


@dataclass(frozen=True)
class Table:
    """A kind of table: rows named from a list, one maker per further column."""

    caption: str
    opening: str
    rows: tuple[int, int]
    label: str
    makers: tuple[Maker, ...]
    decimals: tuple[int | None, ...]
    total: bool
    ranked: bool


@cache
def tables() -> dict[str, Table]:
    """All kinds of tables by name."""
    return {name: _table(told) for name, told in read("tables.yaml").items()}


def _table(told: dict[str, Any]) -> Table:
    head = "".join(f"<th>{name}</th>" for name in told["head"])
    low, high = told["rows"].split("-")
    cells: Sequence[str] = told["cells"]
    numbers = [i for i, cell in enumerate(cells) if cell[0] in "#+"]
    makers: list[Maker] = []
    decimals: list[int | None] = []
    for i, cell in enumerate(cells):
        scale = told.get("scale", 1) if numbers and i == numbers[-1] else 1
        made, places = _maker(cell, scale, decimals)
        makers.append(made)
        decimals.append(places)
    return Table(
        told["caption"], f"<thead><tr>{head}</tr></thead><tbody>", (int(low), int(high)), told["label"],
        tuple(makers), tuple(decimals), told.get("total", False), told.get("ranked", False),
    )  # fmt: skip


def _maker(cell: str, scale: int, before: Sequence[int | None]) -> tuple[Maker, int | None]:
    if cell.startswith("#="):
        decimals = int(cell[3:] or 0)
        return partial(_own_number, decimals), decimals
    if cell == "=":
        return _more, None
    if cell == "60/40":
        return _weighted, 2
    if cell[0] == "&":
        return partial(_in_turn, lists()[cell[1:]]), None
    if cell[0] == "#":
        bounds, _, places = cell[1:].partition(".")
        low, high = (int(bound) for bound in bounds.split("-"))
        decimals = int(places or 0)
        return partial(_number, low * 10**decimals, high * 10**decimals, scale, decimals), decimals
    if cell == "+":
        decimals = next(places for places in reversed(before) if places is not None)
        return partial(_row_sum, decimals), decimals
    if cell.startswith("@@"):
        return partial(_own_word, cell[2:]), None
    if cell[0] == "@":
        name = next(name for name in sorted(lists(), key=len, reverse=True) if cell[1:].startswith(name))
        return partial(_word, lists()[name], cell[1 + len(name) :]), None
    if "@" in cell:
        text, _, name = cell.partition("@")
        return partial(_text_and_word, text, lists()[name]), None
    return partial(_text, cell), None


def _number(low: int, high: int, scale: int, decimals: int, slots: Slots, row: Row, sums: list[int]) -> Cell:
    value = (low + int(slots.rng.random() * (high - low + 1))) * scale
    sums.append(value)
    return shown(value, decimals), value


def _own_number(decimals: int, slots: Slots, row: Row, sums: list[int]) -> Cell:
    """A number within the bounds that its row carries for a whole year, as far as the year has gone."""
    low, high = (int(bound) * 10**decimals * slots.about.told.month // 12 for bound in row.more.split("-"))
    value = slots.rng.randint(low, high)
    return shown(value, decimals), value


def _weighted(slots: Slots, row: Row, sums: list[int]) -> Cell:
    """Six tenths of the first score and four of the second, both with one decimal."""
    value = sums[0] * 6 + sums[1] * 4
    return shown(value, 2), value


def _more(slots: Slots, row: Row, sums: list[int]) -> Cell:
    return row.more, None


def _in_turn(words: Sequence[str], slots: Slots, row: Row, sums: list[int]) -> Cell:
    return words[(row.place - 1) % len(words)], None


def _row_sum(decimals: int, slots: Slots, row: Row, sums: list[int]) -> Cell:
    value = sum(sums)
    return shown(value, decimals), value


def _word(words: Sequence[str], tail: str, slots: Slots, row: Row, sums: list[int]) -> Cell:
    return slots.rng.choice(words) + tail, None


def _own_word(name: str, slots: Slots, row: Row, sums: list[int]) -> Cell:
    return slots.rng.choice(slots["label_" + name]), None


def _text_and_word(text: str, words: Sequence[str], slots: Slots, row: Row, sums: list[int]) -> Cell:
    return text.format_map(slots) + slots.rng.choice(words), None


def _text(text: str, slots: Slots, row: Row, sums: list[int]) -> Cell:
    return text.format_map(slots), None


def shown(value: int, decimals: int) -> str:
    """A number of smallest units with its decimals: 1234 and 2 give 12.34."""
    if not decimals:
        return str(value)
    unit = 10**decimals
    return f"{value // unit}.{value % unit:0{decimals}}"


def make_table(kind: str, slots: Slots) -> tuple[str, str]:
    """The table as HTML, and the sum of its last column of numbers as it is shown there."""
    table = tables()[kind]
    labels = slots["label_" + table.label]
    count = min(len(labels), slots.rng.randint(*table.rows))
    totals = [0] * len(table.makers)
    body: list[tuple[int, str]] = []
    for place, label in enumerate(slots.rng.sample(labels, count), start=1):
        name, _, more = label.partition(":")
        row = Row(place, more)
        sums: list[int] = []
        cells = [make(slots, row, sums) for make in table.makers]
        for i, (_, value) in enumerate(cells):
            totals[i] += value or 0
        rank = cells[-1][1] or 0 if table.ranked else 0
        body.append((-rank, _row(name, [text for text, _ in cells])))
    if table.ranked:
        body.sort()
    last = next((i for i in reversed(range(len(totals))) if table.decimals[i] is not None), None)
    if table.total:
        cells_shown = [
            "—" if places is None else shown(total, places)
            for total, places in zip(totals, table.decimals, strict=True)
        ]
        body.append((0, _row("合计", cells_shown)))
    rows = "".join([text for _, text in body])
    html = f"<table><caption>{table.caption.format_map(slots)}</caption>{table.opening}{rows}</tbody></table>"
    return html, "" if last is None else shown(totals[last], table.decimals[last] or 0)


def _row(label: str, cells: Sequence[str]) -> str:
    return f"<tr><td>{label}</td>{''.join([f'<td>{text}</td>' for text in cells])}</tr>"

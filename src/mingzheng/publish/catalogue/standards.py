"""Column standards (栏目标准) of the seven tiers and their dated changes, as checked data.

The files stand in ``data/``; ``data/columns.yaml`` explains their keys and how a column inherits from its parent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import cache
from importlib.resources.abc import Traversable

from mingzheng.law.errors import Refusal
from mingzheng.publish.catalogue.column_reader import INHERITED, ColumnReader, is_date
from mingzheng.publish.catalogue.column_specs import ColumnChange, ColumnSpec, Standard
from mingzheng.publish.catalogue.column_tree import ColumnTree, check_tree
from mingzheng.publish.catalogue.data_files import DATA, check, mapping, read_yaml, texts

_HEADER = "columns.yaml"
_HEADER_KEYS = ("standard", "parts", "defaults", "vocabulary")
_ABOUT_KEYS = ("code", "name", "effective_from", "source")
_VOCABULARY_KEYS = (
    "tiers",
    "five_opens",
    "column_types",
    "time_units",
    "time_from",
    "evidence",
    "statutory_items",
    "roles",
)


def load_standard(folder: Traversable = DATA) -> Standard:
    """Read and check the column standard. Raises Refusal in one sentence that names file and column."""
    return _shipped_standard() if folder is DATA else _read_standard(folder)


@cache
def _shipped_standard() -> Standard:
    return _read_standard(DATA)


def _read_standard(folder: Traversable) -> Standard:
    header = mapping(read_yaml(folder, _HEADER), _HEADER, "文件头", _HEADER_KEYS, _HEADER_KEYS)
    about = mapping(header["standard"], _HEADER, "standard", _ABOUT_KEYS, _ABOUT_KEYS)
    check(is_date(about["effective_from"]), _HEADER, about["code"], "effective_from应当是日期")
    words = mapping(header["vocabulary"], _HEADER, "vocabulary", _VOCABULARY_KEYS, _VOCABULARY_KEYS)
    vocabulary = {
        key: dict(value) if isinstance(value, dict) else dict.fromkeys(value, "")
        for key, value in words.items()
    }
    defaults = mapping(
        header["defaults"], _HEADER, "defaults", INHERITED, ("tiers", "column_type", "evidence")
    )
    reader = ColumnReader(_HEADER, vocabulary, about["effective_from"])
    defaults = reader.values(defaults, {}, "defaults")
    columns: list[ColumnSpec] = []
    for part in texts(header["parts"], _HEADER, "parts", "parts"):
        reader = ColumnReader(f"columns-{part}.yaml", vocabulary, about["effective_from"])
        top = sum(column.parent is None for column in columns)
        columns.extend(reader.branch(read_yaml(folder, reader.file), None, defaults, top))
    check_tree(columns, _HEADER)
    return Standard(
        about["code"],
        about["name"],
        about["effective_from"],
        about["source"],
        vocabulary,
        defaults,
        tuple(columns),
    )


def load_columns(folder: Traversable = DATA) -> tuple[ColumnSpec, ...]:
    """Return the columns of the standard as it first came into force, parents before children. Raises Refusal."""
    return load_standard(folder).columns


def load_changes(year: int, folder: Traversable = DATA) -> tuple[ColumnChange, ...]:
    """Return the year's adjustments in the order of their taking effect. Raises Refusal, also for a year without a file."""
    years = change_years(folder)
    if year not in years:
        raise Refusal(f"没有{year}年的栏目调整文件changes-{year}.yaml。")
    standard = load_standard(folder)
    tree = ColumnTree(standard)
    for earlier in (other for other in years if other < year):
        tree.replay(folder, earlier)
    return tuple(tree.replay(folder, year))


def columns_on(day: date, folder: Traversable = DATA) -> tuple[ColumnSpec, ...]:
    """Return the columns in force on ``day``, changes included, in the order of the tree. Raises Refusal."""
    standard = load_standard(folder)
    if day < standard.effective_from:
        raise Refusal(
            f"{day}早于《{standard.name}》的施行日期{standard.effective_from}，没有可适用的栏目标准。"
        )
    tree = ColumnTree(standard)
    for year in change_years(folder):
        if year <= day.year:
            tree.replay(folder, year, until=day)
    return tree.in_order()


def change_years(folder: Traversable = DATA) -> tuple[int, ...]:
    """Return the years that have a file of adjustments, oldest first."""
    names = (re.fullmatch(r"changes-(\d{4})\.yaml", entry.name) for entry in folder.iterdir())
    return tuple(sorted(int(name[1]) for name in names if name))


def for_tier(columns: Iterable[ColumnSpec], tier: str) -> tuple[ColumnSpec, ...]:
    """Return the columns that units of this tier (T1 to T7) must keep."""
    return tuple(column for column in columns if tier in column.tiers)

"""What a cell of the sheet says: text, dates, choices. Each refusal is a clause without its full stop."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import cache
from html import escape
from typing import Any

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils.escape import unescape

from mingzheng.publish.catalogue.data_files import DATA, read_yaml
from mingzheng.publish.catalogue.services import theme_names
from mingzheng.publish.items.models import Openness
from mingzheng.publish.items.validation import ItemRefused
from mingzheng.publish.sheets.columns import SheetColumn

_DATE = re.compile(r"(\d{4})\s*([-./年])\s*(\d{1,2})\s*(?:\2|月)\s*(\d{1,2})\s*日?")
_BLANK_LINES = re.compile(r"\n\s*\n")


def text(value: Any) -> str:
    """The value as a reader of the sheet sees it, without spaces at its ends."""
    if value is None:
        return ""
    if isinstance(value, str):
        plain = unescape(value).replace("\r\n", "\n").replace("\r", "\n")
        return ILLEGAL_CHARACTERS_RE.sub("", plain).strip()
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if value.time() == time() else f"{value:%Y-%m-%d %H:%M}"
    return str(value)


def day(column: SheetColumn, value: Any) -> date | None:
    """A calendar day from an Excel date or a written one. Raises ``ItemRefused``."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    written = text(value)
    if not written:
        return None
    found = None if isinstance(value, (int, float, time, timedelta)) else _DATE.fullmatch(written)
    try:
        if found:
            return date(int(found[1]), int(found[3]), int(found[4]))
    except ValueError:  # such as 2018-2-30
        pass
    raise ItemRefused(f"{column.label}“{written}”不是日期，应写作“2018-3-5”“2018年3月5日”或“2018.3.5”")


def paragraphs(plain: str) -> str:
    """Plain text as HTML: a blank line begins a new paragraph, a line break within one stays."""
    parts = (part.strip() for part in _BLANK_LINES.split(plain))
    return "".join(f"<p>{escape(part, quote=False).replace(chr(10), '<br>')}</p>" for part in parts if part)


def choice(column: SheetColumn, value: Any) -> str:
    """The value of a field with a list of choices, from the entry that was chosen. Raises ``ItemRefused``."""
    chosen = text(value)
    if column.field == "column_code":
        return chosen.split(maxsplit=1)[0].upper() if chosen else ""
    if column.field == "openness" and not chosen:
        return str(Openness.PROACTIVE)
    if not chosen:
        return ""
    # A theme that Excel took for a number may have lost a nought: 2.1 and 2.10 are two themes.
    found = None if isinstance(value, float) else _entries(column.field).get(chosen)
    if found is None:
        raise ItemRefused(f"{column.label}“{chosen}”不在可选值之列，请从下拉列表中选择")
    return found


@cache
def _entries(field: str) -> Mapping[str, str]:
    """Every accepted spelling of a choice, and the value that it stands for."""
    if field == "openness":
        return {label: value for value, label in Openness.choices}
    if field == "genre":
        genres = read_yaml(DATA, "genres.yaml")["genres"]
        return {
            spelling: genre["name"]
            for genre in genres
            for spelling in (genre["name"], *genre.get("aliases", ()))
        }
    entries: dict[str, str] = {}
    for code, name in theme_names().items():
        entries |= {code: code, name: code, theme_entry(code, name): code}
    return entries


def theme_entry(code: str, name: str) -> str:
    """A theme as the list of choices shows it."""
    return f"{code} {name}"

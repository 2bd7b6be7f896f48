"""The word lists as a sheet: taken out to Excel, extended there, and handed in again (xlsx or csv)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from io import BytesIO, StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.files import File
from openpyxl import Workbook
from openpyxl.styles import Font

from mingzheng.law.errors import Refusal
from mingzheng.office.words.forms import CITY, Places
from mingzheng.publish.legacy.decode import decode_page
from mingzheng.publish.sheets.services import intact, open_sheet
from mingzheng.publish.words.models import Kind, Severity, WordRule
from mingzheng.publish.words.services import RuleDraft

HEADINGS: Final = ("类别", "词语", "改为", "级别", "适用单位", "理由", "启用日期")
WIDTHS: Final = (12, 26, 26, 12, 30, 40, 14)
MOST_ROWS: Final = 5000
MOST_BYTES: Final = 5 * 2**20
_KINDS = {str(label): value for value, label in Kind.choices}
_SEVERITIES = {str(label): value for value, label in Severity.choices}


def exported(rules: Iterable[WordRule]) -> bytes:
    """The rules as a workbook that can be handed in again."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "词表"
    sheet.append(HEADINGS)
    sheet.freeze_panes = "A2"
    for letter, width in zip("ABCDEFG", WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
        sheet[f"{letter}1"].font = Font(bold=True)
    for number, rule in enumerate(rules, start=2):
        line = (
            rule.get_kind_display(), rule.wrong, rule.right, rule.get_severity_display(),
            rule.unit.code if rule.unit else CITY, rule.reason, f"{rule.active_from:%Y-%m-%d}",
        )  # fmt: skip
        for place, value in enumerate(line, start=1):
            cell = sheet.cell(number, place, value)
            cell.data_type = "s"  # a word that begins with = is a word
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def drafts(upload: File[bytes], places: Places) -> Iterator[tuple[int, RuleDraft | str]]:
    """The filled rows with their numbers: a draft, or the sentence that refuses the row."""
    lines = _lines(upload)
    heads = [_text(value) for value in next(lines, ())]
    missing = [each for each in HEADINGS[:6] if each not in heads]
    if missing:
        raise Refusal(f"“{upload.name}”第一行缺少“{'”“'.join(missing)}”列，请先导出词表，在导出的表上增补。")
    spots: dict[str, int] = {heading: heads.index(heading) for heading in HEADINGS if heading in heads}
    for number, line in enumerate(lines, start=2):
        if number > MOST_ROWS + 1:
            raise Refusal(f"“{upload.name}”超过{MOST_ROWS}行，请分成几份提交。")
        values = {heading: _text(line[spot]) if spot < len(line) else "" for heading, spot in spots.items()}
        if any(values.values()):
            try:
                yield number, _draft(values, places)
            except Refusal as refusal:
                yield number, refusal.sentence


def _draft(values: dict[str, str], places: Places) -> RuleDraft:
    if values["类别"] not in _KINDS:
        raise Refusal(f"没有“{values['类别']}”这种类别，请填写{'、'.join(_KINDS)}之一。")
    if values["级别"] and values["级别"] not in _SEVERITIES:
        raise Refusal(f"没有“{values['级别']}”这种级别，请填写{'、'.join(_SEVERITIES)}之一。")
    try:
        unit = places.get(values["适用单位"] or CITY)
        day = values.get("启用日期", "").replace("/", "-")
        begins = date.fromisoformat(day) if day else None
    except ValidationError as error:
        raise Refusal(error.messages[0]) from None
    except ValueError:
        raise Refusal(f"启用日期“{values['启用日期']}”有误，应写成2018-01-31的样式。") from None
    return RuleDraft(
        _KINDS[values["类别"]], values["词语"], values["改为"], _SEVERITIES.get(values["级别"], ""), unit,
        values["理由"], begins,
    )  # fmt: skip


def _lines(upload: File[bytes]) -> Iterator[Any]:
    if (upload.size or 0) > MOST_BYTES:
        raise Refusal(f"“{upload.name}”超过{MOST_BYTES // 2**20}MB，请分成几份提交。")
    name = Path(upload.name or "").name or "sheet.xlsx"
    if name.lower().endswith(".csv"):
        text = decode_page(upload.read(), name).removeprefix("\ufeff")
        yield from csv.reader(StringIO(text, newline=""))
        return
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(upload.read())
        sheet = open_sheet(path)
        with intact(name):
            yield from sheet.book[sheet.title].iter_rows(
                max_row=min(sheet.facts.last, MOST_ROWS + 2), max_col=20, values_only=True
            )


def _text(value: Any) -> str:
    if isinstance(value, datetime | date):
        return f"{value:%Y-%m-%d}"
    return "" if value is None else str(value).strip()

"""The sheet by which a whole city's accounts are opened, and the sheet of their initial passwords."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from django.core.files import File
from django.db import transaction
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from mingzheng.city.models import Person, Role, Unit
from mingzheng.city.services import grant, open_account
from mingzheng.law.errors import Refusal
from mingzheng.office.accounts.forms import AccountForm, Units, said
from mingzheng.publish.sheets.services import intact, open_sheet

# Heading -> field of the form.
HEADINGS: Final = {
    "姓名": "name", "账号": "username", "单位代码": "unit", "角色": "role", "开始日期": "starts_on",
    "结束日期": "ends_on", "含下级": "downwards",
}  # fmt: skip
PASSWORD_HEADINGS: Final = ("姓名", "账号", "单位", "角色", "初始密码")
MOST_ROWS: Final = 1500
MOST_BYTES: Final = 5 * 2**20
_ROLES = {str(label): value for value, label in Role.choices}
_YES, _NO = {"是", "√", "1", "True"}, {"", "否", "0", "False"}


@dataclass(frozen=True, slots=True)
class RowError:
    """A row of the sheet that cannot be used, and why."""

    number: int
    name: str
    sentence: str


@dataclass(slots=True)
class Imported:
    """What came of a sheet: either errors, and nothing was written, or the lines of the sheet of passwords."""

    errors: list[RowError]
    grants: int
    passwords: list[tuple[str, str, str, str, str]]


def import_accounts(actor: Person, units: Units, upload: File[bytes]) -> Imported:
    """Open an account for every row; rows with the same 账号 give one account several roles.

    All or nothing: when a row is refused, nothing is written, so that the corrected sheet can be handed in whole.
    Raises Refusal when the file itself is of no use.
    """
    done = Imported([], 0, [])
    opened: dict[str, Person] = {}
    with transaction.atomic():
        for number, values in _rows(upload):
            try:
                _import_row(actor, units, values, opened, done)
            except Refusal as refusal:
                done.errors.append(RowError(number, values["name"], refusal.sentence))
        if done.errors:
            transaction.set_rollback(True)
    if not done.errors and not done.grants:
        raise Refusal("表中没有账号，请在表头下面逐行填写后重新提交。")
    return done


def _import_row(
    actor: Person, units: Units, values: dict[str, str], opened: dict[str, Person], done: Imported
) -> None:
    if values["role"] not in _ROLES:
        raise Refusal(f"没有“{values['role']}”这种角色，请填写{'、'.join(_ROLES)}之一。")
    if values["downwards"] not in _YES | _NO:
        raise Refusal(f"“含下级”填写了“{values['downwards']}”，请填写“是”或“否”。")
    form = AccountForm(
        units, values | {"role": _ROLES[values["role"]], "downwards": values["downwards"] in _YES}
    )
    if not form.is_valid():
        raise Refusal(said(form))
    given = form.cleaned_data
    known = opened.get(given["username"].lower())
    if known is not None:
        if known.name != given["name"]:
            raise Refusal(f"账号“{known.username}”在前面的行中姓名是“{known.name}”，同一账号只能属于一人。")
        grant(actor, known, **{name: given[name] for name in given if name not in ("name", "username")})
    else:
        person, password = open_account(actor, **given)
        opened[person.username.lower()] = person
        done.passwords.append((person.name, person.username, given["unit"].name, values["role"], password))
    done.grants += 1


def _rows(upload: File[bytes]) -> Iterator[tuple[int, dict[str, str]]]:
    """The filled rows with their numbers in Excel, their values by field."""
    if (upload.size or 0) > MOST_BYTES:
        raise Refusal(f"“{upload.name}”超过{MOST_BYTES // 2**20}MB，请使用下载的模板填写后重新提交。")
    with TemporaryDirectory() as folder:
        path = Path(folder) / (Path(upload.name or "").name or "sheet.xlsx")
        path.write_bytes(upload.read())
        sheet = open_sheet(path)
        if len(sheet.facts.filled) > MOST_ROWS + 1:
            raise Refusal(f"“{upload.name}”超过{MOST_ROWS}行，请分成几份提交。")
        with intact(sheet.name):
            lines = list(
                sheet.book[sheet.title].iter_rows(max_row=sheet.facts.last, max_col=20, values_only=True)
            )
    heads = [_text(value) for value in lines[0]] if lines else []
    if missing := [heading for heading in HEADINGS if heading not in heads]:
        raise Refusal(f"“{upload.name}”第一行缺少“{'”“'.join(missing)}”列，请使用下载的模板填写。")
    places = {field: heads.index(heading) for heading, field in HEADINGS.items()}
    for number, line in enumerate(lines[1:], start=2):
        values = {field: _text(line[place]) for field, place in places.items()}
        if any(values.values()):
            for day in ("starts_on", "ends_on"):
                values[day] = _day(values[day])
            yield number, values


def _text(value: Any) -> str:
    if isinstance(value, datetime | date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()


def _day(text: str) -> str:
    """A date as people write it, as the form reads it."""
    return text.replace("年", "-").replace("月", "-").rstrip("日").replace("/", "-").replace(".", "-")


def template(units: Iterable[Unit]) -> bytes:
    """The empty sheet, with the lists of roles and units beside it."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "账号"
    _head(sheet, tuple(HEADINGS), (14, 18, 18, 14, 14, 14, 10))
    for place, entries in (("D", ",".join(_ROLES)), ("G", "是,否")):
        rule = DataValidation(type="list", formula1=f'"{entries}"', allow_blank=True)
        rule.add(f"{place}2:{place}{MOST_ROWS + 1}")
        sheet.add_data_validation(rule)
    for place in "ABCEF":  # text, so that a code keeps its zeros
        sheet.column_dimensions[place].number_format = "@"
    guide = book.create_sheet("填写说明")
    guide.column_dimensions["A"].width = 90
    for sentence in (
        "一行一个任职；同一账号有几个任职的，写几行，账号和姓名相同。",
        "日期写成2018-01-31的样式；长期任职的，结束日期不填。",
        "第三方运维必须填写结束日期，不超过一年，也不能含下级。",
        "公开办、第三方测评、审计员、系统管理员总是含下级单位。",
        "账号由3至30个字母、数字、点、短横线或下划线组成，以字母开头。",
        "有一行不合要求，整份表都不导入；按提示改好后重新提交。",
    ):
        guide.append([sentence])
    listed = book.create_sheet("单位代码")
    _head(listed, ("单位代码", "单位名称"), (24, 50))
    for unit in units:
        listed.append([unit.code, unit.name])
    return _bytes(book)


def passwords_sheet(lines: Iterable[Iterable[str]]) -> bytes:
    """The initial passwords, to be handed out one by one."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "初始密码"
    _head(sheet, PASSWORD_HEADINGS, (14, 18, 36, 14, 26))
    for number, line in enumerate(lines, start=2):
        for place, value in enumerate(line, start=1):
            cell = sheet.cell(number, place, value)
            cell.data_type = "s"  # a name that begins with = is a name
    return _bytes(book)


def _head(sheet: Worksheet, headings: tuple[str, ...], widths: tuple[int, ...]) -> None:
    sheet.append(headings)
    sheet.freeze_panes = "A2"
    for number, width in enumerate(widths, start=1):
        sheet.cell(1, number).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(number)].width = width


def _bytes(book: Workbook) -> bytes:
    target = BytesIO()
    book.save(target)
    return target.getvalue()

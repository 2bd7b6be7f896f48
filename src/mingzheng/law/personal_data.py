"""Personal data in a text: found wherever it stands, and masked as a published text may show it.

Kinds and masks follow local practice of privacy review (个人信息保护法第二十八条; masks as in county checklists).
Land lines are office numbers and never found. Digits may be full-width or broken by spaces and hyphens.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from mingzheng.law.checksums import is_id_card, is_luhn

# Full-width digits and letters as their plain selves; every character keeps its place.
_PLAIN = str.maketrans("０１２３４５６７８９Ｘｘ－＠．", "0123456789Xx-@.")
_GAP = r"[ \u3000-]?"
_BEFORE, _AFTER = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"

_LONG_NUMBER = re.compile(rf"{_BEFORE}[0-9](?:{_GAP}[0-9]){{13,18}}(?:{_GAP}[Xx])?{_AFTER}")
_MOBILE = re.compile(rf"{_BEFORE}(?:\+?86[ -]?)?(1[3-9][0-9](?:{_GAP}[0-9]){{8}}){_AFTER}")
_MAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{2,63}){1,4}"
)
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·• ]?"
    r"(?=[A-HJ-NP-Z0-9]*[0-9])[A-HJ-NP-Z0-9]{5,6}(?![A-Za-z0-9])"
)
_PASSPORT = re.compile(
    r"(?<=护照)[^A-Za-z0-9]{0,8}([EG][A-Z]?[0-9]{7,8})(?![0-9])|(?<=护照号码)[：:]?([EGPS][0-9]{7,8})"
)
_ADDRESS = re.compile(
    r"(?:[\u4e00-\u9fa5]{2,9}?(?:省|自治区|市|州|县|区|旗)){1,3}[\u4e00-\u9fa5]{2,8}?(?:镇|乡|街道)"
    r"((?:[\u4e00-\u9fa5]{1,9}(?:村|社区|路|街|巷|小区|花园|新村|组))?"
    r"(?:[0-9一二三四五六七八九十]{1,5}(?:组|队|号楼|栋|幢|单元|弄|号|室)){1,5}(?:[0-9]{1,5}室?)?)"
)
_PUBLIC = re.compile(
    r"(?:咨询|举报|投诉|监督|办公|服务|值班|报名|联系|热线|受理|查询)(?:电话|热线|方式|人及电话|人)?[^。；\n]{0,12}$"
)
_OLD_ID = re.compile(r"[1-8][0-9]{5}([0-9]{2})(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[0-9]{3}")


@dataclass(frozen=True, slots=True)
class PersonalData:
    """One piece of personal data: its kind, where it stands (characters), and what may be shown instead."""

    kind: str
    label: str
    start: int
    end: int
    value: str
    masked: str
    public_contact: bool = False


def find_personal_data(text: str) -> list[PersonalData]:
    """Everything that looks like personal data, in order; no two pieces overlap."""
    plain = text.translate(_PLAIN)
    taken: list[PersonalData] = []
    end = -1
    for found in sorted(_all(text, plain), key=lambda each: (each.start, -each.end)):
        if found.start >= end:
            taken.append(found)
            end = found.end
    return taken


def mask(text: str, found: Iterable[PersonalData]) -> str:
    """The text with these pieces masked."""
    pieces, last = [], 0
    for each in sorted(found, key=lambda each: each.start):
        pieces += [text[last : each.start], each.masked]
        last = each.end
    return "".join([*pieces, text[last:]])


def _all(text: str, plain: str) -> Iterator[PersonalData]:
    for match in _LONG_NUMBER.finditer(plain):
        if kind := _number_kind("".join(mark for mark in match[0].upper() if mark.isalnum())):
            yield _found(kind, text, match.start(), match.end())
    for match in _MOBILE.finditer(plain):
        public = bool(_PUBLIC.search(plain[max(0, match.start() - 24) : match.start()]))
        yield _found("mobile", text, match.start(1), match.end(1), public)
    for match in _MAIL.finditer(plain):
        yield _found("mail", text, match.start(), match.end())
    for match in _PLATE.finditer(plain):
        yield _found("plate", text, match.start(), match.end())
    for match in _PASSPORT.finditer(plain):
        group = 1 if match[1] else 2
        yield _found("passport", text, match.start(group), match.end(group))
    if "镇" in plain or "乡" in plain or "街道" in plain:
        for match in _ADDRESS.finditer(plain):
            yield _found("address", text, match.start(1), match.end(1))


def _number_kind(number: str) -> str:
    """``id_card``, ``bank_card`` or nothing: only a number whose check digit is right is somebody's."""
    if len(number) == 18 and is_id_card(number):
        return "id_card"
    if len(number) == 15 and (match := _OLD_ID.fullmatch(number)):
        try:
            date(1900 + int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            return ""
        return "id_card"
    if 16 <= len(number) <= 19 and number.isdigit() and number[0] in "34569" and is_luhn(number):
        return "bank_card"
    return ""


def _keep(head: int, tail: int) -> Callable[[str], str]:
    def masked(value: str) -> str:
        shown = "".join(mark for mark in value if mark not in " -\u3000")
        return shown[:head] + "*" * (len(shown) - head - tail) + shown[len(shown) - tail :]

    return masked


def _mail_masked(value: str) -> str:
    name, _, host = value.partition("@")
    return f"{name[:1]}***@{host}"


# Kind -> label, and what may be shown.
KINDS: dict[str, tuple[str, Callable[[str], str]]] = {
    "id_card": ("身份证号", _keep(2, 3)),
    "bank_card": ("银行卡号", lambda value: "*" * 12 + _keep(0, 4)(value)[-4:]),
    "mobile": ("手机号", _keep(3, 4)),
    "mail": ("电子邮箱", _mail_masked),
    "plate": ("车牌号", _keep(2, 2)),
    "passport": ("护照号", _keep(1, 2)),
    "address": ("家庭住址", lambda value: "***"),
}


def _found(kind: str, text: str, start: int, end: int, public: bool = False) -> PersonalData:
    value = text[start:end]
    label, masked = KINDS[kind]
    return PersonalData(kind, label, start, end, value, masked(value), public)

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

# Full-width digits and letters, other spaces and other hyphens as plain ones; every character keeps its place.
_PLAIN = {
    **{code: chr(code - 0xFEE0) for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B))},
    **{code: chr(code - 0xFEE0) for code in (*range(0xFF41, 0xFF5B), *map(ord, "＠．－＋"))},
    **dict.fromkeys((0xA0, 0x3000), " "),
    **dict.fromkeys((0x2010, 0x2011, 0x2013, 0x2014), "-"),
}
_NEEDS_PLAIN = re.compile(f"[{''.join(map(chr, _PLAIN))}]")
_GAP = "[ -]?+"
# What may not stand before a number's first digit; a sum of money or a decimal is nobody's number. Each pattern
# begins with that digit and looks back over it, so that text without digits is skipped quickly.
_BEGINS = r"(?<![0-9A-Za-z¥￥].)(?<![0-9]\..)"
_ENDS = r"(?![0-9A-Za-z]|\.[0-9]| ?[百千万亿]*元)"

# The rest is looked for ahead of the digit, so that a number beside it in a table hides nothing.
_ID_CARD = re.compile(
    rf"[1-8]{_BEGINS}(?=((?:{_GAP}[0-9]){{5}}{_GAP}(?:1{_GAP}[89]|2{_GAP}0)(?:{_GAP}[0-9]){{2}}"
    rf"{_GAP}[01]{_GAP}[0-9]{_GAP}[0-3]{_GAP}[0-9](?:{_GAP}[0-9]){{3}}{_GAP}[0-9Xx]){_ENDS})"
)
_OLD_ID_CARD = re.compile(
    rf"[1-6]{_BEGINS}(?<=1(?=[1-5])|2(?=[1-3])|3(?=[1-7])|4(?=[1-6])|5(?=[0-4])|6(?=[1-5]))"
    rf"([0-9]{{5}}[0-9]{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{{3}}){_ENDS}"
)
_OTHER_CODE = re.compile(r"(?:信用代码|注册号|执照|许可证|登记证|登记号|机构代码)[^0-9A-Za-z\n]{0,8}$")
# Cards issued in China: UnionPay 62 and 60, older ICBC cards 9558, and the international ones.
_BANK_CARD = re.compile(
    rf"[3-69]{_BEGINS}(?<=6(?=[02])|9(?=558)|4(?=[0-9])|5(?=[1-5])|3(?=5))"
    rf"([0-9]{{15,18}}|[0-9]{{3}}([ -])(?:[0-9]{{4}}\2){{2}}[0-9]{{4}}(?:\2[0-9]{{1,3}})?|[0-9]{{5}}[ -][0-9]{{10,13}}){_ENDS}"
)
_MOBILE = re.compile(
    rf"1(?:{_BEGINS}|(?<=86.)(?<![0-9A-Za-z]86.))([3-9][0-9](?:{_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}}"
    rf"|{_GAP}[0-9]{{3}}{_GAP}[0-9]{{5}}|[0-9]{_GAP}[0-9]{{3}}{_GAP}[0-9]{{4}})){_ENDS}"
)
_MAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{2,63}){1,4}"
)
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·• ]?"
    r"(?=[A-HJ-NP-Z]{0,5}[0-9])[A-HJ-NP-Z0-9]{5,6}(?![A-Za-z0-9])"
)
_PASSPORT = re.compile(r"护照[^A-Za-z0-9\n]{0,8}([DEGPS][A-Z]?[0-9]{7,8})(?![0-9A-Za-z])")

# The words before a number for everybody; other numbers of the same contact may stand between, people may not.
_PUBLIC = re.compile(
    r"(?:(?:咨询|举报|投诉|监督|办公|服务|值班|报名|联系|受理|查询)(?:电话|热线|方式|手机|专线)|热线|联系人)"
    r"[^0-9。；\n]{0,10}(?:[0-9 （）()-]{7,16}[、，,/或]{1,2} ?){0,2}(?:\+?86[ -]?)?$"
)
_PRIVATE = re.compile(r"(?:本人|个人|家长|家属|家庭|监护人|户主|当事人|患者|学生)[^。；\n]{0,12}$")

# A dwelling: what stands after the town or the street. A house number alone is as often an office, so it counts
# only where somebody lives there.
_DWELLING = re.compile(
    "(?:(?:[0-9]{1,5}+|[一二三四五六七八九十]{1,3}+)(?:号楼|组|队|栋|幢|单元|弄|号|室)){1,5}+"
)
_HOME = re.compile("[组队室元]")  # what only dwellings number, like 3组 and 2单元
_TOWN = re.compile(
    r"(?:镇|乡|街道)(?:办事处)?([\u4e00-\u9fa5]{0,12}(?:[0-9]{1,4}号[\u4e00-\u9fa5]{1,8})?)(?<![^村区]第)$"
)
_IN_COUNTY = re.compile(r"(?:省|市|州|县|区|旗)[\u4e00-\u9fa5]{2,8}$")
_LIVES = re.compile(r"(?:住址|家住|现住|住在|居住|居民|户籍|户口|住户|村民|家庭)[^。；\n]{0,24}$")
_OFFICE = re.compile(r"(?:地址|地点|办公|窗口|大厅|中心|单位|公司|机构|位于|住所)[^。；\n]{0,24}$")


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


def plain_text(text: str) -> str:
    """The text with full-width digits and letters, other spaces and hyphens as plain ones, each at its place."""
    return text.translate(_PLAIN) if _NEEDS_PLAIN.search(text) else text


def find_personal_data(text: str) -> list[PersonalData]:
    """Everything that looks like personal data, in order; no two pieces overlap."""
    plain = plain_text(text)
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
    for kind, pattern in (("id_card", _ID_CARD), ("id_card", _OLD_ID_CARD), ("bank_card", _BANK_CARD)):
        for match in pattern.finditer(plain):
            start, end = match.start(), match.end(1)
            if _is_somebodys(kind, _bare(plain[start:end]), plain[max(0, start - 16) : start]):
                yield _found(kind, text, start, end)
    for match in _MOBILE.finditer(plain):
        before = plain[max(0, match.start() - 56) : match.start()]
        public = bool(_PUBLIC.search(before)) and not _PRIVATE.search(before)
        yield _found("mobile", text, match.start(), match.end(1), public)
    if "@" in plain:
        for match in _MAIL.finditer(plain):
            yield _found("mail", text, *match.span())
    for match in _PLATE.finditer(plain):
        yield _found("plate", text, *match.span())
    for match in _PASSPORT.finditer(plain):
        yield _found("passport", text, *match.span(1))
    yield from _dwellings(text, plain)


def _is_somebodys(kind: str, number: str, before: str) -> bool:
    """Whether the check digit is right and nothing before it says that it is the code of a body."""
    if kind == "bank_card":
        return is_luhn(number)
    if _OTHER_CODE.search(before):
        return False
    if len(number) == 18:
        return is_id_card(number)
    try:
        date(1900 + int(number[6:8]), int(number[8:10]), int(number[10:12]))
    except ValueError:
        return False
    return True


def _dwellings(text: str, plain: str) -> Iterator[PersonalData]:
    """Addresses of dwellings: from behind the town or street to their last number."""
    for match in _DWELLING.finditer(plain):
        start = _dwelling_start(plain, match.start())
        if start < 0:
            continue
        before = plain[max(0, start - 40) : start]
        if _LIVES.search(before) or (_HOME.search(match[0]) and not _OFFICE.search(before)):
            yield _found("address", text, start, match.end())


def _dwelling_start(plain: str, number: int) -> int:
    """Where the address begins that the number at this place belongs to, or -1."""
    before = plain[max(0, number - 30) : number]
    town = _TOWN.search(before)
    if town is None:
        return -1
    start = number - len(before) + town.start(1)
    return start if _IN_COUNTY.search(plain[max(0, start - 14) : start]) else -1


def _bare(number: str) -> str:
    return number.replace(" ", "").replace("-", "").upper()


def _keep(head: int, tail: int) -> Callable[[str], str]:
    def masked(value: str) -> str:
        shown = _bare(value)
        return shown[:head] + "*" * (len(shown) - head - tail) + shown[len(shown) - tail :]

    return masked


def _mail_masked(value: str) -> str:
    name, _, host = value.partition("@")
    return f"{name[:1]}***@{host}"


# Kind -> label, and what may be shown.
KINDS: dict[str, tuple[str, Callable[[str], str]]] = {
    "id_card": ("身份证号", _keep(2, 3)),
    "bank_card": ("银行卡号", lambda value: "*" * 12 + _bare(value)[-4:]),
    "mobile": ("手机号", _keep(3, 4)),
    "mail": ("电子邮箱", _mail_masked),
    "plate": ("车牌号", _keep(2, 2)),
    "passport": ("护照号", _keep(1, 2)),
    "address": ("家庭住址", lambda value: "***"),
}


def _found(kind: str, text: str, start: int, end: int, public: bool = False) -> PersonalData:
    value = text[start:end]
    label, masked = KINDS[kind]
    return PersonalData(kind, label, start, end, value, masked(plain_text(value)), public)

"""Figures of running text: value, unit, precision, and the words that say what they count.

Years, dates, ordinals, document numbers and figures in book-title marks are no quantities. ``1.5万条`` is known to
500 either way, ``近``, ``约``, ``余``, ``以上`` make a figure open on one or both sides.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Approximation = Literal["exact", "over", "under", "about"]

UNITS = (
    "人次|条次|件次|篇次|批次|户次|场次|万元|亿元|条|件|项|个|篇|期|次|人|份|起|宗|例|家|名|场|元|类|部|处|批|户|座|册|只|台|辆|套"
    "|本|张|幅|块|轮|届|门|所|栏|封|通|首|字|支|位|款|种|页|点|组|站|单"
)
# Units that count the same things in practice.
_SAME = {
    "条次": "条",
    "件次": "件",
    "篇次": "篇",
    "场次": "场",
    "名": "人",
    "位": "人",
    "单": "件",
    "宗": "件",
    "例": "件",
    "起": "件",
}
_MULTIPLIERS = {
    "": 1,
    "百": 100,
    "千": 1000,
    "万": 10_000,
    "百万": 1_000_000,
    "千万": 10_000_000,
    "亿": 100_000_000,
}
ROUND_SHARE = Decimal(3)  # percentage points by which 三成 or 四分之一 may be off
_DIGITS = {
    "〇": 0,
    "零": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_PLACES = {"十": 10, "百": 100, "千": 1000}

_NUMBER = (
    r"(?P<number>\d{1,3}(?:,\d{3})+(?![\d])(?:\.\d+)?"
    rf"|(?<![\d.%] )(?<!\d)\d{{1,3}}(?: \d{{3}})+(?=(?:多|余)?[万亿]?(?:{UNITS}))"  # 1 265条
    r"|\d+(?:\.\d+)?)"
)
_QUANTITY = re.compile(
    rf"(?P<before>近|约|大约|超过|超|逾|不足|不到|达到|至少|(?<![\d.]))"
    rf"{_NUMBER}(?P<loose>多|余)?(?P<multiplier>百万|千万|百|千|万|亿)?(?P<loose2>多|余|来)?"
    rf"(?:(?P<percent>%|个百分点)|(?P<unit>{UNITS}))?(?P<after>以上|以下|左右|以内|余|多)?"
)
_SPELLED = re.compile(
    r"(?P<number>[一二两三四五六七八九十][一二两三四五六七八九十百千零〇]{0,6})(?P<unit>条|件|份|篇|起|项|个|场|家|名|人|类|部|次|期|大类)"
)
# 四分之一, 百分之九十五, 近五成
_FRACTION = re.compile(
    r"(?P<before>近|约|大约|超过|超|逾|不足|不到)?(?:(?P<whole>[一二三四五六七八九十百]{1,3})分之(?P<part>[一二三四五六七八九十]{1,3})"
    r"|(?<=[占近约超逾过达到足])(?P<tenths>[一二三四五六七八九])成(?![立功员果为效都本交长就品人年熟套分绩因])(?P<half>半)?)(?P<after>以上|以下|左右|多)?"
)
# 320、150、30条: the unit is written once
_SHARED_UNIT = re.compile(rf"(?:[、和及]\d+(?:\.\d+)?)*[、和及]\d+(?:\.\d+)?(?P<unit>{UNITS})")
_NOT_BEFORE_SPELLED = "第之每某同任唯统逐进单专万千百十初另这那哪全十几数"
_PROTECTED = re.compile(r"《[^《》]*》|“[\d+.\-]+”|https?://[\w./?=&%-]+|[\w.]+@[\w.]+|〔[^〕]{0,12}号")
_YEAR = re.compile(r"年|[-—至到]\d{4}年|\d*月|日|时\d|号|版")
_BARE_END = re.compile(r"[,;。、()]|$")


@dataclass(frozen=True)
class Quantity:
    """A figure with its unit in running text; ``label`` is the words before it, ``tail`` the words after it."""

    value: Decimal
    unit: str  # "" when none is written, "%" and "百分点" for rates
    start: int
    end: int
    half_width: Decimal  # how far the true value may lie from ``value`` by rounding
    decimals: int
    approximation: Approximation
    label: str
    tail: str
    depth: int  # of round brackets

    @property
    def is_rate(self) -> bool:
        return self.unit in ("%", "百分点")

    @property
    def words(self) -> str:
        """What it counts: the words before it, or those after it when it comes first (``12件结转下年度``)."""
        return self.label or self.tail

    @property
    def is_exact(self) -> bool:
        return self.approximation == "exact"

    def counts_like(self, other: Quantity) -> bool:
        """Whether both count things of one unit; a figure without unit takes that of its neighbours."""
        if self.is_rate or other.is_rate:
            return False
        return self.unit == other.unit or not self.unit or not other.unit


def shown(value: Decimal) -> str:
    """``value`` without needless zeros."""
    text = format(value.normalize(), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


Builder = Callable[[re.Match[str], int, int, str, str, int], Quantity]


def find_quantities(text: str) -> list[Quantity]:
    """All quantities of folded, spaceless ``text`` in order."""
    protected = [match.span() for match in _PROTECTED.finditer(text)]
    depths = _depths(text)
    hits: list[tuple[int, int, re.Match[str], Builder]] = []
    for match in _QUANTITY.finditer(text):
        start, end = match.start("number"), match.end()
        if not _inside(start, protected) and _is_quantity(text, match):
            hits.append((start, end, match, _written))
    taken = [(start, end) for start, end, _, _ in hits]
    for match in _SPELLED.finditer(text):
        start, end = match.span()
        before, after = text[start - 1 : start], text[end : end + 1]
        if _inside(start, taken) or _inside(start, protected) or before in tuple(_NOT_BEFORE_SPELLED):
            continue
        if after in ("是", "体", "化", "次", "性", "级", "工") or before.isdigit():
            continue
        if re.match("合计|共计|总计|相加", text[end:]):  # 三项合计3823条
            continue
        hits.append((start, end, match, _spelled))
    hits.extend((*match.span(), match, _fraction) for match in _FRACTION.finditer(text))
    hits.sort(key=lambda hit: hit[0])
    found: list[Quantity] = []
    for position, (start, end, match, build) in enumerate(hits):
        previous = hits[position - 1][1] if position else 0
        following = hits[position + 1][0] if position + 1 < len(hits) else len(text)
        label, tail = _label(text[previous:start]), _tail(text[end:following])
        found.append(build(match, start, end, label, tail, depths[start]))
    return found


def _shared_unit(text: str, end: int) -> str:
    """The unit written at the end of a run of numbers (``320、150、30条``); "" when it is ``2、3个``, two or three."""
    match = _SHARED_UNIT.match(text, end)
    long = match and (match.group().count("、") > 1 or re.search(r"\d{2}", match.group()))
    return match["unit"] if match and long else ""


def _inside(position: int, spans: list[tuple[int, int]]) -> bool:
    return any(start <= position < end for start, end in spans)


def _is_quantity(text: str, match: re.Match[str]) -> bool:
    start, end = match.start("number"), match.end()
    before, rest = text[start - 1 : start], text[end:]
    if before in ("第", "-", "/", "〔", "[", "#", "№", ".", "$") or (before.isascii() and before.isalpha()):
        return False
    if re.search(r"第\d+(?:[,、和至到-]\d+)*[,、和至到-]$", text[:start]):  # 第15、16次
        return False
    if match["percent"]:
        return True
    if not match["unit"]:
        if match["multiplier"] or match["loose"] or match["loose2"]:
            return False
        if _shared_unit(text, end):
            return True
        if _YEAR.match(rest) or (re.match(r"[.、)]\S", rest) and before in ("", "。", ";", ":", "(")):
            return False
        value = match["number"]
        labelled = before != "" and ("\u4e00" <= before <= "\u9fff" or before in ":")
        if (
            len(value) == 4
            and value.startswith(("19", "20"))
            and not text[:start].endswith(("数", "计", "为"))
        ):
            return False
        return labelled and bool(_BARE_END.match(rest)) and "." not in value and len(value) <= 9
    # 20个工作日, 3个月, 12个季度: durations; 5次会议 stays a count.
    return not (match["unit"] == "个" and re.match(r"工作日|月|小时|季度|年|百分点|自然日|交易日|学时", rest))


def _depths(text: str) -> list[int]:
    depths: list[int] = []
    depth = 0
    for character in text:
        if character == "(":
            depth += 1
        depths.append(depth)
        if character == ")":
            depth = max(0, depth - 1)
    return depths


def _label(gap: str) -> str:
    """The words right before a figure, back to the last mark that parts clauses."""
    plain = re.sub(r"\([^()]*\)", "", gap).rstrip(":")  # 其他处理(含撤回)341件
    return re.split(r"[。;,、:()]|其中", plain)[-1].strip(" ")


def _tail(gap: str) -> str:
    return re.split(r"[。;,、:()]", gap)[0].strip(" ")


def _written(match: re.Match[str], start: int, end: int, label: str, tail: str, depth: int) -> Quantity:
    plain = re.sub("[, ]", "", match["number"])
    decimals = len(plain.partition(".")[2])
    unit = match["unit"] or _shared_unit(match.string, end)
    multiplier = _MULTIPLIERS[match["multiplier"] or ""]
    if unit in ("万元", "亿元"):
        multiplier *= 10_000 if unit == "万元" else 100_000_000
        unit = "元"
    if match["percent"]:
        unit = "%" if match["percent"] == "%" else "百分点"
    rounded = multiplier > 1 or decimals > 0
    known_to = max(decimals, 1) if unit == "元" else decimals  # 2万元 is an account, 2万条 an estimate
    half = (
        Decimal(multiplier).scaleb(-known_to) / 2 if rounded and unit not in ("%", "百分点") else Decimal(0)
    )
    return Quantity(
        Decimal(plain) * multiplier, _SAME.get(unit, unit), start, end, half, decimals,
        _approximation(match), label, tail, depth,
    )  # fmt: skip


def _approximation(match: re.Match[str]) -> Approximation:
    before, after = match["before"], match["after"]
    if before in ("近", "不足", "不到") or after in ("以下", "以内"):
        return "under"
    if before in ("约", "大约") or after == "左右":
        return "about"
    if (
        before in ("超过", "超", "逾", "至少")
        or after in ("以上", "余", "多")
        or match["loose"]
        or match["loose2"]
    ):
        return "over"
    return "exact"


def _spelled(match: re.Match[str], start: int, end: int, label: str, tail: str, depth: int) -> Quantity:
    value = Decimal(numeral(match["number"]))
    unit = match["unit"].removeprefix("大")
    return Quantity(value, _SAME.get(unit, unit), start, end, Decimal(0), 0, "exact", label, tail, depth)


def numeral(text: str) -> int:
    """The value of a Chinese numeral below ten thousand, or of Arabic figures."""
    if text.isdigit() and text.isascii():
        return int(text)
    value, digit = 0, 0
    for character in text:
        if character in _PLACES:
            value += (digit or 1) * _PLACES[character]
            digit = 0
        else:
            digit = _DIGITS.get(character, 0)
    return value + digit


def _fraction(match: re.Match[str], start: int, end: int, label: str, tail: str, depth: int) -> Quantity:
    """A share in words, in percent: all but 百分之… are round figures."""
    if match["tenths"]:
        value = Decimal(numeral(match["tenths"]) * 10 + (5 if match["half"] else 0))
    else:
        value = Decimal(numeral(match["part"]) * 100) / numeral(match["whole"])
    written_out = match["whole"] == "百"
    approximation: Approximation = "exact" if written_out else "about"
    if match["before"] in ("近", "不足", "不到") or match["after"] == "以下":
        approximation = "under"
    elif match["before"] in ("超过", "超", "逾") or match["after"] in ("以上", "多"):
        approximation = "over"
    half = Decimal(0) if written_out else ROUND_SHARE
    return Quantity(value, "%", start, end, half, 0, approximation, label, tail, depth)

"""Document numbers 发文字号: read any spelling, give the one spelling of GB/T 9704-2012, 7.2.5.

The standard form is 机关代字〔年份〕序号号, for example 淮政办〔2018〕18号. Orders and announcements
(命令、公告、通告) carry 第N号 after the issuing body: 国务院令第711号, 财政部公告2015年第5号. Whatever
is changed on the way is listed in ``repairs``; nothing is changed silently.

``parse_doc_numbers`` reads a field; ``find_doc_numbers`` looks through running text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from mingzheng.law import doc_number_text as words
from mingzheng.law.doc_number_reading import (
    EXACT,
    GENRE,
    NORMALISED,
    NUMBER,
    REPAIRED,
    RESTORED,
    SPELLING,
    UNPARSED,
    DocNumber,
    Reading,
    Repair,
    unparsed,
)

__all__ = [
    "EXACT",
    "NORMALISED",
    "REPAIRED",
    "RESTORED",
    "SPELLING",
    "UNPARSED",
    "DocNumber",
    "Found",
    "Repair",
    "find_doc_numbers",
    "parse_doc_numbers",
]

HAN = words.HAN

# --- a field --------------------------------------------------------------------------------------

_EXACT = re.compile(r"([一-龥]{1,24})〔((?:19[5-9]|20[0-9])[0-9])〕([1-9][0-9]{0,5})号")
_LABEL = re.compile(
    rf"〔?(?:[{HAN}:]{{0,24}}?(?:字号|文号|编号|发文号|文件号)(?:〕:?|:)"
    r"|(?:(?:发文|公文|文件|来文|批准)(?:字号|文号|编号|号)|字号|文号|编号)(?=.{2}.*〔))"
)
_BETWEEN = re.compile(r"[、,/;]+|(?:以及|[和及与暨])(?=.{2})|[至到](?=第?[0-9])")
_INHERITING = re.compile(r"(?:[、,/;]|和|及)(?:〔(?P<y>[12][0-9]{3})〕)?第?(?P<n>[0-9]{1,5})号")
_CASE = re.compile(
    rf"〔?[12][0-9]{{3}}〕[{HAN}]{{1,5}}?(?:[0-9]{{2,4}}[民刑行执破赔知]|[民刑行执破赔][初终申再监辖保复异恢他撤特])"
    rf"[{HAN}]{{0,4}}?[0-9]+号"
)
_PIECE = re.compile(r"[^、,;/]*?号|[^、,;/]+|.")
_EDGES = re.compile(r"^[\s、,\uff0c;\uff1b/\uff0f]+|[\s、,\uff0c;\uff1b/\uff0f]+$")
_SOLID = re.compile(rf"[{HAN}A-Za-z0-9]")
_NUMBERLIKE = re.compile(r"号|〔[12][0-9]{3}(?!年)")


def parse_doc_numbers(text: str) -> list[DocNumber]:
    """Return the document numbers of a field, in order; an empty list only for a blank field.

    A field is expected to hold numbers and little else. What is not understood is returned with status
    "unparsed", the raw text and a reason; it is never dropped. Remarks after a number are noted on it.
    """
    if match := _EXACT.fullmatch(text):
        agency, year, serial = match.groups()
        plain_code = "号" not in agency and not GENRE.match(agency)
        if plain_code and words.cut_title_end(agency) == agency:
            return [DocNumber(agency, int(year), int(serial), "code", EXACT, (), text, text)]
    return _Field(text).numbers()


class _Field:
    """One field under reading: the tidy text, and where each of its characters stood."""

    def __init__(self, text: str) -> None:
        self.text = text
        plain = words.plain_field(text)
        self.places = [index for index, mark in enumerate(plain) if not mark.isspace()]
        self.tidy = "".join([plain[index] for index in self.places])
        self.found: list[DocNumber] = []

    def numbers(self) -> list[DocNumber]:
        """Read from left to right; each step takes at least one character."""
        tidy, found, place = self.tidy, self.found, 0
        while place < len(tidy):
            if found and found[-1].form == "code" and (match := _INHERITING.match(tidy, place)):
                found.append(self._inherited(match, found[-1]))
                place = match.end()
                continue
            start = place
            if found and (gap := _BETWEEN.match(tidy, place)):
                start = place = gap.end()
            if label := _LABEL.match(tidy, place):
                place = label.end()
            if case := _CASE.match(tidy, place):
                found.append(unparsed(self._raw(place, case.end()), "case-number"))
                place = case.end()
            elif match := NUMBER.match(tidy, place):
                found.append(Reading(match, self._raw(start, match.end()), bool(label)).number())
                place = match.end()
            elif piece := _PIECE.match(tidy, place):
                self._left_over(piece, separated=start > 0 and tidy[start - 1] in "、,/;")
                place = piece.end()
        return found or ([unparsed(self.text, "no-number")] if tidy else [])

    def _left_over(self, piece: re.Match[str], separated: bool) -> None:
        """Note a remark or stray mark on the number before it; report anything else as unparsed."""
        solid = _SOLID.search(piece[0])
        last = self.found[-1] if self.found else None
        if (
            last
            and last.status != UNPARSED
            and (not solid or not (separated or _NUMBERLIKE.search(piece[0])))
        ):
            if piece[0] not in "、,;/。":
                self.found[-1] = _noted(last, "trailing-text" if solid else "stray")
        elif solid:
            numbered = re.search(r"[0-9一二三四五六七八九十]号|[0-9]{5}", piece[0])
            code = "unclear" if numbered else "no-serial" if re.search("[0-9]{2}", piece[0]) else "no-number"
            self.found.append(unparsed(self._raw(piece.start(), piece.end()), code))

    def _raw(self, start: int, end: int) -> str:
        """Return the original text between two places of the tidy text, without outer separators."""
        if start == 0 and end == len(self.tidy):
            return self.text
        piece = self.text[self.places[start] : self.places[end - 1] + 1]
        return _EDGES.sub("", piece)

    def _inherited(self, match: re.Match[str], last: DocNumber) -> DocNumber:
        """Read 4号 of 淮政办〔2018〕3号、4号 with the agency and year of the number before it."""
        raw, serial = self._raw(match.start(), match.end()), int(match["n"])
        year = int(match["y"]) if match["y"] else last.year
        if not serial or year is None or not 1949 <= year <= 2099 or not last.agency:
            return unparsed(raw, "unclear")
        normal = f"{last.normal[: last.normal.index('〔')]}〔{year}〕{serial}号"
        repairs = (Repair("agency-inherited", RESTORED["agency-inherited"]),)
        return DocNumber(last.agency, year, serial, "code", REPAIRED, repairs, raw, normal)


def _noted(number: DocNumber, code: str) -> DocNumber:
    """Return ``number`` with one more spelling note."""
    status = NORMALISED if number.status == EXACT else number.status
    if any(repair.code == code for repair in number.repairs):
        return number
    return replace(number, status=status, repairs=(*number.repairs, Repair(code, SPELLING[code])))


# --- running text ---------------------------------------------------------------------------------

_SERIAL = r"\s?(?:第\s?)?[0-9]{0,6}(?:-[0-9]{1,3})?\s?号"
# What follows a number of something else: 3号机组, 5号楼.
_NOT_THING = r"(?!楼|机组|线路|地铁|高速|炉|井|宗地|地块|公路|馆|栋|桥|泵|仓|矿|窗口|教室|车间)"
_DATED = r"(?:〔?\s?(?:19|20)[0-9]{2}\s?[年〕]\s?)"
_ORDINAL = rf"(?:[0-9]{{1,5}}\s?|(?<=第)[{words.CHINESE_DIGITS}]{{1,6}})"
_TAIL = re.compile(
    rf"""(?:
      (?P<code>[〔]\s?(?:19|20)[0-9]{{2}}\s?〕+(?:\s?(?:综|文|函|通|字)\s?)?{_SERIAL}       # 〔2018〕18号
        | 〔(?:19|20)[0-9]{{2}}[0-9]{{1,5}}号                                           # 〔201818号
        | (?:19|20)[0-9]{{2}}〕{_SERIAL}                                                # 2018〕18号
        | 〔\s?(?:19|20)[0-9]{{2}}\s?〕[0-9]{{1,5}}(?=\s?〕))                            # 〔2018〕18, in brackets
      | (?:令|公告|通告)\s?(?:{_DATED}?第?\s?{_ORDINAL}号|〔\s?{_DATED}?第\s?{_ORDINAL}号\s?〕)  # 令第51号
      | 第\s?{_ORDINAL}号令                                                             # 第711号令
    ){_NOT_THING}""",
    re.VERBOSE,
)
_CODE_HEAD = re.compile(rf"[{HAN}]{{1,30}}(?:〔[{HAN}]{{1,4}}〕[{HAN}]{{1,6}})?\s{{0,2}}$")
_ISSUER_HEAD = re.compile(
    rf"(?:[{HAN}]{{2,30}}[局厅委部署院会行府][、\s])*[{HAN}]{{1,40}}\s?(?:〔第?[{HAN}0-9]{{1,4}}届〕)?$"
)
_REMARK = re.compile("〔(?:试行|暂行|修订|草案|本级|全文|下同|以下)")
_AFTER_DIGIT = re.compile("^[年月日号期条款项个件次页份起家名人]+(?:[,、])?")
_AND = re.compile("^(?:以及|并|和|及|与|或)")
_GOVERNMENT_CODE = re.compile(rf"^(?:[{HAN}]{{1,3}}[府政]|国)$")
_REACH = 60  # characters looked at before the year; the longest joint issuer seen is shorter


@dataclass(frozen=True, slots=True)
class Found:
    """One document number in a text: the half-open span, the text there, and the number read from it."""

    span: tuple[int, int]
    raw: str
    number: DocNumber


def find_doc_numbers(text: str) -> list[Found]:
    """Return the document numbers cited in running text, in order, without overlap.

    Careful rather than complete: 2018年第3号机组, a bare 第3号 or a year in brackets alone is no number.
    A cited number that lost its serial (淮政办〔2018〕号) is returned as unparsed.
    """
    return list(_search(text))


def _search(text: str) -> Iterator[Found]:
    plain, last = words.plain(text), 0
    for tail in _TAIL.finditer(plain):
        start = _start(text, plain, tail, last)
        if start is None:
            continue
        raw = text[start : tail.end()]
        numbers = parse_doc_numbers(raw)
        if len(numbers) != 1 or not (numbers[0].agency or numbers[0].status == UNPARSED):
            continue
        last = tail.end()
        yield Found((start, last), raw, numbers[0])


def _start(text: str, plain: str, tail: re.Match[str], last: int) -> int | None:
    """Return where the number with this tail begins, or None when no agency stands before it."""
    begin = max(last, tail.start() - _REACH)
    window = plain[begin : tail.start()]
    pattern = _CODE_HEAD if tail["code"] else _ISSUER_HEAD
    match = pattern.search(window)
    if not match:
        return None
    head = match[0]
    if remark := _REMARK.search(head):
        head = head[head.index("〕", remark.start()) + 1 :]
    before = begin + match.end() - len(head) - 1
    if before >= 0 and plain[before].isdigit():
        head = _AFTER_DIGIT.sub("", head)
    if before >= 0 and before == last - 1:
        head = _AND.sub("", head)
    head = words.cut_sentence(head)
    if tail["code"]:
        head = words.cut_named_organ(head) if not words.is_organ(head) else head
        closed = tail[0].endswith("号")
        if not closed and plain[tail.start() - len(head) - 1 : tail.start() - len(head)] != "〔":
            return None
    else:
        head = words.cut_small_words(head)
        issuer = head.split("〔")[0].strip()
        if not (words.is_organ(issuer) or issuer.endswith("政府") or _GOVERNMENT_CODE.match(issuer)):
            return None
    return tail.start() - len(head) if head.strip() else None

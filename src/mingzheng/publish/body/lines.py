"""The lines of a clean body as an official document has them (GB/T 9704-2012): what each line is by its words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from lxml.html import HtmlElement

from mingzheng.law.doc_number_text import CHINESE_DIGITS, is_organ, number_of, year_of
from mingzheng.law.doc_numbers import UNPARSED, parse_doc_numbers
from mingzheng.publish.body.trees import HEADINGS, styles, text_of
from mingzheng.publish.catalogue.data_files import DATA, read_yaml

LONGEST_NAME = 40  # characters of an issuer's name on a line
_HOLDERS = ("div", "center", "blockquote")
_ARABIC_DATE = r"(?:19|20)[0-9]{2}年[0-9]{1,2}月[0-9]{1,2}日"
_CHINESE_DATE = rf"[一二][{CHINESE_DIGITS}○Oo0]{{3}}年[{CHINESE_DIGITS}]{{1,3}}月[{CHINESE_DIGITS}]{{1,3}}日"
DATE = re.compile(rf"{_ARABIC_DATE}|{_CHINESE_DATE}")
_PARTS = re.compile(r"(.+)年(.+)月(.+)日")
_NUMBER_LINE = re.compile(
    r"[^年月，。]{2,24}[〔\[［【(（﹝<〈]?[12][0-9]{3}.{1,12}号|.{2,20}(?:令|公告|通告)?第.{1,6}号"
)
_AFTER_TITLE = re.compile(r"(?:[（(][^（()）]*[)）])+$")
# Ends of titles beside the genres: what is published under a notice or by itself.
_ENDS = ("办法", "规定", "方案", "细则", "条例", "规划", "计划", "预算", "决算", "指南", "清单", "总结", "要点", "名单",
         "制度", "预案", "规则", "章程", "标准", "解读")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph or heading: its text, the same without any blank, and whether it stands in the middle."""

    element: HtmlElement
    text: str
    compact: str
    centred: bool

    @property
    def is_heading(self) -> bool:
        return self.element.tag in HEADINGS


def lines_of(root: HtmlElement, centred: bool = False) -> Iterator[Line]:
    """The paragraphs, headings and tables in order; those inside a table are not looked at."""
    for element in root:
        middle = centred or element.tag == "center" or styles(element).get("text-align") == "center"
        if element.tag in _HOLDERS and len(element) and not (element.text or "").strip():
            yield from lines_of(element, middle)
        elif text := text_of(element):
            yield Line(element, text, "".join(text.split()), middle)


def date_of(text: str) -> date | None:
    """The day of 2018年3月5日 or 二〇一八年三月五日; None when there is no such day."""
    parts = _PARTS.fullmatch(text)
    if not parts:
        return None
    year, month, day = year_of(parts[1].replace("○", "〇"))[0], number_of(parts[2]), number_of(parts[3])
    try:
        return date(year or 0, month or 0, day or 0)
    except ValueError:
        return None


def doc_no_of(text: str) -> str:
    """The number of a line that holds nothing else, in the canonical spelling; empty when there is none."""
    bare = text.strip("（）()【】 ")
    if not _NUMBER_LINE.fullmatch("".join(bare.split())):
        return ""
    numbers = parse_doc_numbers(bare)
    return numbers[0].normal if len(numbers) == 1 and numbers[0].status != UNPARSED else ""


def organs_of(text: str) -> list[str]:
    """The bodies that a line consists of, side by side or alone; empty when it holds anything else."""
    whole = "".join(text.split())
    if len(whole) > 2 * LONGEST_NAME or re.search(r"[，。：:；、0-9《》“”]|关于", whole):
        return []
    parts = [part for part in re.split(r"\s{1,}", text) if part]
    if len(parts) > 1 and all(len(part) >= 4 and is_organ(part) for part in parts):
        return parts
    return [whole] if len(whole) >= 4 and len(whole) <= LONGEST_NAME and is_organ(whole) else []


@cache
def _genres() -> dict[str, str]:
    """Genre codes by every spelling, the longest first."""
    table = read_yaml(DATA, "genres.yaml")["genres"]
    names = {name: row["code"] for row in table for name in [row["name"], *row.get("aliases", [])]}
    del names["其他"]
    return dict(sorted(names.items(), key=lambda pair: -len(pair[0])))


def genre_of(title: str) -> tuple[str, bool]:
    """The code of the genre that ends a title, and whether the title is made as official ones are (关于…的通知)."""
    bare = _AFTER_TITLE.sub("", title)
    if bare.endswith("征求意见"):
        return "", False
    for name, code in _genres().items():
        if bare.endswith(name) and (name != "函" or bare.endswith(("的函", "复函", "致函"))):
            return code, bare.removesuffix(name).endswith("的") or code in ("order", "minutes")
    return "", False


def is_whole_title(title: str) -> bool:
    return bool(genre_of(title)[0]) or _AFTER_TITLE.sub("", title).endswith(_ENDS)

"""Slips of writing: figures that are missing, months that were lost, doubled words, broken document numbers.

Text taken from web pages and scans loses characters; these findings are warnings, except where the sentence has no
figure at all where it must have one.
"""

from __future__ import annotations

import re

from mingzheng.law.doc_numbers import EXACT, NORMALISED, UNPARSED, find_doc_numbers
from mingzheng.measure.reportcheck.model import DOUBLED, MISSING, NUMBERING, Finding, Level, Result
from mingzheng.measure.reportcheck.passages import Passage

_UNIT = "条|件|份|篇|次|人次|项|起|个|场|期|万元"
_GAPS: tuple[tuple[Level, str, str], ...] = (
    ("error", r"(?:期限|时限|时间|数据)[^。;,]{0,8}(?:自|从)(?:起)?(?:至|到)(?:年|月|日|起|止)*(?=[。,;])", "统计期限缺少起止日期。"),
    ("error", r"(?:期限|时限)[^。;,]{0,8}(?:自|从)[^。;,]{2,16}?(?:起)?(?:至|到)(?:止)?(?=[。;])", "统计期限缺少截止日期。"),
    ("error", rf"(?:共计|总计|合计|累计|共有?)(?:{_UNIT})(?=[,。;、)])", "数量缺失：单位前没有数字。"),
    ("error", r"(?:答复率|办结率|回复率|满意率|占比|同比增长|同比下降|达到?|占)%", "百分数缺失：百分号前没有数字。"),
    ("warning", r"(?:答复率|办结率|回复率|满意率)(?:为|达)?(?=[。;])", "比率缺失：没有数字。"),
    ("warning", r"(?<![\d年月])年月日", "日期缺失：年月日前没有数字。"),
    ("warning", r"(?<![\d.年月\-/])(?=\d{3})(?:1[0-2]|0?[1-9])(?:[12]\d|3[01]|0?[1-9])日(?!内|以|后|前|之|报)", "日期缺“月”字，无法确定是哪一天。"),
    ("warning", r"(?<!\d)20[0-3]\d(?:1[0-2]|[1-9])月", "日期缺“年”字。"),
)  # fmt: skip
# Word pairs doubled by a slip of the keyboard; these are right as they stand.
_DOUBLED = re.compile(r"(?P<word>[\u4e00-\u9fff]{2,4})(?P=word)")
_RIGHTLY_DOUBLED = re.compile(r"^(?:(.)\1|[一二两三四五六七八九十].|.{2,4}$(?<=等等))")
# What lies around a number, or comes from line breaks, is no fault of the number.
_NOT_OF_THE_NUMBER = ("leading-text", "spaces", "width", "suffix-word", "agency-inherited", "stray")


def check_slips(passage: Passage) -> Result:
    result = Result()
    for level, pattern, message in _GAPS:
        for match in re.finditer(pattern, passage.text):
            _add(passage, match, level, MISSING, message, result)
    for match in _DOUBLED.finditer(passage.text):
        if not _RIGHTLY_DOUBLED.search(match["word"]) and _unbroken(passage, match):
            _add(passage, match, "warning", DOUBLED, f"“{match['word']}”重复。", result)
    _document_numbers(passage, result)
    return result


def _unbroken(passage: Passage, match: re.Match[str]) -> bool:
    """Whether the doubled words stand together in the file; over a gap they are two cells or a menu."""
    first, last = passage.origin[match.start()], passage.origin[match.end() - 1]
    return last - first == match.end() - match.start() - 1


def _add(
    passage: Passage, match: re.Match[str], level: Level, kind: str, message: str, result: Result
) -> None:
    start, end = match.span()
    claim = passage.written(start, end)
    result.findings.append(
        Finding(level, kind, passage.place(start), passage.quote(start, end), claim, "", message)
    )


def _document_numbers(passage: Passage, result: Result) -> None:
    """Document numbers must read ``机关代字〔年份〕序号号`` (GB/T 9704-2012, 7.2.5)."""
    for found in find_doc_numbers(passage.raw):
        number = found.number
        reasons = [repair.message for repair in number.repairs if repair.code not in _NOT_OF_THE_NUMBER]
        within = [at for at, origin in enumerate(passage.origin) if found.span[0] <= origin < found.span[1]]
        if number.status == EXACT or not reasons or not within:
            continue
        start, end = within[0], within[-1] + 1
        level: Level = "note" if number.status == NORMALISED else "warning"
        proposal = "" if number.status == UNPARSED else number.normal
        message = f"发文字号不规范：{'；'.join(reasons)}；" + (
            f"应为{proposal}。" if proposal else "请核对。"
        )
        where = passage.place(start), passage.quote(start, end)
        result.findings.append(
            Finding(level, NUMBERING, *where, passage.written(start, end), proposal, message)
        )

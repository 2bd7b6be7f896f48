"""Figures of the running text against the tables of the same report (R09), and the edition of the table heads.

A figure of the text is held against the table only if its words name the same thing for the same whole body; when
the text speaks of a part of it (本级, 各乡镇, one office), a difference is no contradiction.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mingzheng.measure.reportcheck import facts
from mingzheng.measure.reportcheck.facts import Facts
from mingzheng.measure.reportcheck.fulltext import FullText, loosely
from mingzheng.measure.reportcheck.lists import Clauses
from mingzheng.measure.reportcheck.model import FORMAT, TEXT_TABLE, Confirmation, Finding, Level, Result

_COUNTS = ("条", "件", "份", "个", "篇", "次", "项", "")
_PART_OF_BODY = re.compile(
    r"本级|办公室|政府办|公开办|县直|市直|区直|各乡镇|乡镇|各部门|各单位|其中|分别|科室|县区|街道办理|网站|微信|微博|公众号|公报|平台|专栏|栏目|通过"
    r"|机关收|下属|直属|所属|街道|镇|乡|最多|[上下]半年|季度|\d月|月份|邮寄|网络|信函|当面|线上|线下|一审|二审"
)
_OWN_DOCUMENTS = re.compile(
    r"公文|发文|制作|属性|印发|文件"
)  # whose disclosure is settled when they are drawn up
_OF_REQUESTS = re.compile(r"申请|答复|办结")
_OF_DISCLOSURE = re.compile(r"结转|信息公开|依申请|公开申请|主动公开|申请公开")
_OUTCOMES = {
    facts.GRANTED, facts.GRANTED_IN_PART, facts.GRANTED_AT_ALL, facts.DENIED, facts.UNABLE, facts.UNPROCESSED,
    facts.OTHERWISE, facts.AGREED,
}  # fmt: skip
_PAST = re.compile(r"上年|上一年|去年|往年|历年|累计|同比|比20\d\d|较20\d\d")
_NOT_DISCLOSED = re.compile(r"不予|依申请|规范性|文件|重点|领域|类信息|预算|采购|解读|动态")


@dataclass(frozen=True)
class Name:
    """How the running text names a figure: before it (``label``), after it (``tail``)."""

    fact: str
    label: str
    tail: str = ""
    not_label: str = r"(?!)"
    also: tuple[tuple[str, ...], ...] = ()  # other facts, or sums of facts, that may be meant


_NAMES = (
    Name(facts.DISCLOSED, r"主动公开(?:各类|的)?(?:政府)?信息(?:总?数量?|共|总计|共计|数共|为|达|了)*$", ""),
    Name(
        facts.RECEIVED, r"(?:收到|受理|接收|接到|收办|新收)(?:到|的|各类|有关|关于|公民|法人|其他组织|和|或|、|政府|信息|公开|依|书面|提交)*(?:申请|申请公开)?(?:总数|数量|数|共计|共|为|的|表)*$",
        r"^(?:有关|关于)?(?:依申请|政府信息公开申请|信息公开申请|申请)",
        r"信访|投诉|咨询|留言|举报|办件|来信|热线|问题|建议|意见|复议|诉讼|稿|提案",
        also=((facts.RECEIVED, facts.CARRIED_IN), (facts.CLOSED,)),
    ),
    Name(
        facts.CLOSED, r"(?:办结|办理完毕|办理)(?:了|依|政府|信息|公开|申请|共|的)*$", "", r"信访|投诉|咨询|留言|举报|来信|热线|建议|复议|诉讼|提案",
        also=((facts.CLOSED, facts.CARRIED_OUT), (facts.RECEIVED,)),
    ),
    Name(facts.FACE, r"当面(?:提交|递交|提出)?申请(?:数|的)?$", ""),
    Name(facts.FAX, r"传真(?:提交|提出)?申请(?:数|的)?$", ""),
    Name(facts.EMAIL, r"电子邮件(?:提交|提出)?申请(?:数|的)?$", "", also=((facts.ONLINE,),)),
    Name(facts.ONLINE, r"(?:网上|网络|在线)(?:提交|提出)?申请(?:数|的)?$", "", also=((facts.EMAIL, facts.ONLINE),)),
    Name(facts.LETTER, r"(?:信函|邮寄|信件)(?:提交|提出|方式)?申请(?:数|的)?$", "", also=((facts.LETTER, facts.FAX),)),
    Name(facts.AGREED, r"^(?:其中)?同意公开(?:答复)?(?:数|的)?$", ""),
    Name(facts.GRANTED, r"^(?:其中)?予以公开(?:的)?$", ""),
    Name(facts.GRANTED_AT_ALL, r"^(?:其中)?予以公开(?:及|和|或|或者|、|与)(?:予以)?部分公开(?:的)?$", ""),
    Name(facts.GRANTED_IN_PART, r"^(?:予以)?部分公开(?:的)?$", ""),
    Name(facts.DENIED, r"^不予公开(?:的)?$", ""),
    Name(facts.UNABLE, r"^无法提供(?:的)?$", ""),
    Name(facts.UNPROCESSED, r"^不予处理(?:的)?$", ""),
    Name(facts.OTHERWISE, r"^(?:作|其他原因)?其[他它]处理(?:的)?$", ""),
    Name(facts.CARRIED_OUT, r"结转(?:至|到)?(?:下一?年度?|20\d\d年)(?:度|继续)*(?:办理|答复)?(?:的)?$", r"^(?:申请)?(?:需要?)?结转(?:至|到)?下"),
    Name(facts.REVIEWS, r"行政复议(?:案件|申请|数量?)?(?:共|为|的)*$", r"^(?:有关|涉及)?(?:政府信息公开|信息公开|因政府信息公开引起的?)?的?行政复议", r"诉讼"),
    Name(facts.SUITS, r"行政诉讼(?:案件|数量?)?(?:共|为|的)*$", r"^(?:有关|涉及)?(?:政府信息公开|信息公开)?的?行政诉讼", r"复议后|直接起诉"),
)  # fmt: skip

_NONE = re.compile(r"(?:未|没有|无|均未)(?:收到|发生|产生|接到|受理|出现|有)?[^,。;]*")
_NONE_OF = (
    (
        facts.RECEIVED,
        r"(?:未|没有)(?:收到|接到|受理)[^,。;]{0,24}(?:公开的?申请|申请公开|依申请公开)(?!.{0,6}(?:复议|诉讼))",
    ),
    (facts.REVIEWS, r"行政复议(?!法|决定)"),
    (facts.SUITS, r"行政诉讼(?!法|决定)"),
)


@dataclass(frozen=True)
class Mention:
    """A figure of the text under one name."""

    name: Name
    value: int
    place: str
    quote: str
    words: str
    partial: bool  # speaks of a part of the body or of the year only
    vague: bool = False  # does not say that it is about disclosure


def check_text(clauses_of_report: Sequence[Clauses], found: Facts, year: int | None) -> Result:
    """Findings and confirmations of the running text against the facts of the tables of a report for ``year``."""
    result = Result()
    mentions: dict[str, list[Mention]] = {}
    for clauses in clauses_of_report:
        for mention in (*_figures(clauses, year), *_nothings(clauses)):
            if mention.name.fact in found.by_name:
                mentions.setdefault(mention.name.fact, []).append(mention)
    for told in mentions.values():
        _compare(told, found, result)
    return result


def _figures(clauses: Clauses, year: int | None) -> Iterator[Mention]:
    for index, quantity in enumerate(clauses.quantities):
        if quantity.unit not in _COUNTS or not quantity.is_exact or not clauses.countable(index):
            continue
        label = re.sub(r"\([^()]*\)", "", quantity.label)
        if _PAST.search(label) or any(
            year and int(other) != year for other in re.findall(r"20\d\d(?=年)", label)
        ):
            continue
        for name in _NAMES:
            named = re.search(name.label, label) and not re.search(name.not_label, label + quantity.tail)
            if name.fact in (facts.RECEIVED, facts.CLOSED) and named and "申请" not in label + quantity.tail:
                named = False
            followed = (
                name.tail and re.search(name.tail, quantity.tail) and not re.search(name.not_label, label)
            )
            if not named and not (
                followed and re.search(r"(?:收到|接到|发生|产生|受理|引起|引发|被|有)[^,]{0,6}$|^$", label)
            ):
                continue
            if name.fact == facts.DISCLOSED and _NOT_DISCLOSED.search(label.rpartition("主动公开")[0][-6:]):
                continue
            sentence = _sentence(clauses, quantity.start, quantity.end)
            if name.fact in _OUTCOMES and (
                _OWN_DOCUMENTS.search(sentence) or not _OF_REQUESTS.search(sentence + clauses.passage.section)
            ):
                continue
            yield Mention(
                name, int(quantity.value), clauses.passage.place(quantity.start),
                clauses.passage.quote(quantity.start, quantity.end),
                label + clauses.text[quantity.start : quantity.end] + quantity.tail[:12],
                bool(_PART_OF_BODY.search(_own_name_removed(label, name))),
                not _OF_DISCLOSURE.search(sentence + clauses.passage.section),
            )  # fmt: skip
            break


def _sentence(clauses: Clauses, start: int, end: int) -> str:
    """The whole sentence around a figure, and the words that lead to it."""
    first = max(clauses.text.rfind(mark, 0, start) for mark in "。!?") + 1
    return re.split("[。!?]", clauses.text[first:end])[-1] + re.split("[。!?]", clauses.text[end:])[0]


def _own_name_removed(label: str, name: Name) -> str:
    """The label without the words that name the figure, for 当面申请 is no part of the 当面申请数."""
    if name.fact in (facts.FACE, facts.FAX, facts.EMAIL, facts.ONLINE, facts.LETTER):
        return re.sub(name.label, "", label)
    return label


def _nothings(clauses: Clauses) -> Iterator[Mention]:
    """``未收到…申请``, ``无行政复议``: a figure of nought in words."""
    for match in _NONE.finditer(clauses.text):
        for fact, words in _NONE_OF:
            if re.search(words, match.group()):
                start, end = match.span()
                name = next(name for name in _NAMES if name.fact == fact)
                passage = clauses.passage
                clause = re.split("[。;,]", clauses.text[max(0, start - 30) : start])[-1]
                partial = bool(_PART_OF_BODY.search(clause + match.group()))
                yield Mention(
                    name, 0, passage.place(start), passage.quote(start, end), match.group(), partial
                )


def _compare(told: list[Mention], found: Facts, result: Result) -> None:
    """One figure of the text that fits settles the matter; otherwise the first that speaks of the whole is wrong."""
    name = told[0].name
    fact = found.by_name[name.fact]
    allowed = {fact.value: str(fact.value)}
    for others in name.also:
        values = [found.value(other) for other in others]
        if all(value is not None for value in values):
            present = [value for value in values if value is not None]
            allowed.setdefault(sum(present), "+".join(map(str, present)))
    for mention in told:
        if mention.value in allowed:
            working = f"{fact.row}({fact.place}):{allowed[mention.value]}"
            claim = f"正文“{mention.words}”"
            result.confirmed.append(Confirmation(TEXT_TABLE, mention.place, mention.quote, claim, working))
            return
    whole = [mention for mention in told if not mention.partial]
    mention = (whole or told)[0]
    level: Level = "note" if not whole else "warning" if mention.vague else "error"
    working = f"{fact.row}（{fact.place}）为{fact.value}"
    message = f"正文为{shown_value(mention.value)}，附表“{name.fact}”为{fact.value}，正文与附表不一致。"
    if not whole:
        message = f"正文为{mention.value}，附表“{name.fact}”为{fact.value}；正文所说可能只是其中一部分，请核对口径。"
    result.findings.append(
        Finding(level, TEXT_TABLE, mention.place, mention.quote, f"正文“{mention.words}”", working, message)
    )


def shown_value(value: int) -> str:
    return f"{value}" if value else "“未收到”或0"


_OLD_HEAD = re.compile(loosely("本年新") + r"[\s|]*" + loosely("制作数量"))
_NEW_HEAD = re.compile(loosely("本年制发件数"))


def report_year(full: FullText) -> int | None:
    """The year that the report is about: of its title, or of its statistics."""
    for pattern in (
        r"(20\d\d)年?度?[^。\n]{0,24}年度报告",
        r"统计[^。]{0,10}(20\d\d)年",
        r"(20\d\d)年度?[^。\n]{0,16}报告",
    ):
        match = re.search(pattern, full.text[:4000])
        if match:
            return int(match[1])
    return None


def check_edition(full: FullText) -> Result:
    """Table two of a report from 2021 on has the columns 制发、废止、现行有效 (国办公开办函〔2021〕30号)."""
    result = Result()
    year = report_year(full)
    old = _OLD_HEAD.search(full.text)
    new = _NEW_HEAD.search(full.text)
    if year and year >= 2021 and old:
        message = f"{year}年度报告仍用2019年试行格式的表头；应为“本年制发件数、本年废止件数、现行有效件数”（国办公开办函〔2021〕30号）。"
        _edition(full, old, f"{year}年度用“本年新制作数量”表头", message, "warning", result)
    elif year and year <= 2020 and new:
        message = f"{year}年度报告用了2021年度起的表头，请核对报告年度。"
        _edition(full, new, f"{year}年度用“本年制发件数”表头", message, "note", result)
    return result


def _edition(
    full: FullText, match: re.Match[str], claim: str, message: str, level: Level, result: Result
) -> None:
    quote = full.written(match.start(), match.end())
    result.findings.append(Finding(level, FORMAT, full.place(match.start()), quote, claim, "", message))

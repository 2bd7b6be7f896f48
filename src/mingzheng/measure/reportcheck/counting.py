"""Counts of listed things, and the order of item marks (一是、二是…).

``四个统一(统一A、统一B、统一C、统一D)`` promises four things; ``以下三项工作:一是…二是…三是…`` promises three.
A list with 等 may be shorter than its count, never longer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mingzheng.measure.reportcheck.model import COUNT, ORDER, Confirmation, Finding, Level, Result
from mingzheng.measure.reportcheck.passages import NUMERALS, Passage
from mingzheng.measure.reportcheck.quantities import numeral

_N = rf"(?P<n>\d{{1,3}}|[{NUMERALS}两]{{1,3}})"
_KINDS = "个|项|类|种|件|大|方面|部|份|条|篇|期|家|场|次|领域"
_BRACKETED = re.compile(
    rf"(?<![\d.第之前后每余{NUMERALS}]){_N}(?:{_KINDS})(?:大)?[^,。;:()、\d]{{0,10}}\((?P<list>[^()]*、[^()]*)\)"
)
_TITLES = re.compile(
    rf"(?P<list>《[^《》]+》(?:\([^()]*\))?(?:(?:、|和|及|以及|与|,(?=《))?《[^《》]+》(?:\([^()]*\))?)*)(?P<open>等)?(?:共|共计)?"
    rf"(?P<n>\d{{1,3}}|[{NUMERALS}两]{{1,3}})(?:个|项|件|部|份|篇|种|场(?=主题|专题|新闻|专场))(?![月年])"
)
_ORDINAL = re.compile(
    rf"(?:(?<![\u4e00-\u9fff0-9])(?P<n>[{NUMERALS}]{{1,2}})(?:是|要)|(?<=方面)(?P<first>一)是)(?![不否])"
)
_ANNOUNCED = re.compile(
    rf"(?<![\d第之前每余{NUMERALS}]){_N}(?:个|项|大|点|类|条)?(?:方面|工作|措施|问题|不足|任务|举措|做法|内容|重点)[^。:]{{0,12}}[::]$"
)
_GLOSSED = re.compile("[镇乡县区市村]$|街道$|部门$|单位$")  # 35个镇(街道、开发区): a gloss, not a list
MOST_COUNTED = 20
_OMITTED = re.compile(r"略〕|\[略\]|……|\.{3}|…")


def check_counts(passage: Passage) -> Result:
    result = Result()
    _bracketed(passage, result)
    _titles(passage, result)
    return result


def _where(passage: Passage, start: int, end: int) -> tuple[str, str]:
    return passage.place(start), passage.quote(start, end)


def _bracketed(passage: Passage, result: Result) -> None:
    for match in _BRACKETED.finditer(passage.text):
        listed = match["list"].rstrip("、")
        lead = match.group().partition("(")[0]
        said = numeral(match["n"])
        if (
            re.search(r"[\d;。:]|其中|包括|以下", listed)
            or _GLOSSED.search(lead)
            or not 2 <= said < MOST_COUNTED
        ):
            continue
        least = listed.count("、") + 1
        possible = {least, least + (1 if re.search("和|及|与", listed.rpartition("、")[2]) else 0)}
        where = _where(passage, *match.span())
        if said in possible:
            result.confirmed.append(Confirmation(COUNT, *where, lead, f"括号内列出{said}项"))
        elif not listed.endswith("等") or least > said:
            level: Level = "error" if _alike(listed) else "warning"
            message = "所列项数与所说的数目不符" + (
                "。" if level == "error" else ",请核对括号内是否为逐项列举。"
            )
            result.findings.append(Finding(level, COUNT, *where, lead, f"括号内列出{least}项", message))


def _alike(listed: str) -> bool:
    """Whether the items begin or end alike, so that they are certainly the things counted."""
    items = listed.removesuffix("等").split("、")
    return len(items) >= 2 and (
        len({item[:2] for item in items}) == 1 or len({item[-2:] for item in items}) == 1
    )


def _titles(passage: Passage, result: Result) -> None:
    for match in _TITLES.finditer(passage.text):
        listed = len(re.findall("《[^《》]+》", match["list"]))
        said = numeral(match["n"])
        if listed < 2 and (match["open"] or said != 1):
            continue
        where = _where(passage, *match.span())
        claim, working = match.group()[len(match["list"]) :], f"列出{listed}件"
        if listed == said:
            result.confirmed.append(Confirmation(COUNT, *where, claim, working))
        elif listed > said or (listed != said and not match["open"] and _direct(match)):
            message = "列出的文件数与所说的数目不符。"
            result.findings.append(Finding("error", COUNT, *where, claim, working, message))


def _direct(match: re.Match[str]) -> bool:
    """Whether the number follows the last title at once, so that it counts the titles."""
    return match["list"].endswith("》")


def check_order(prose: Sequence[Passage]) -> Result:
    """Marks 一是、二是… must run without repetition or gap, and as far as the words before them say."""
    result = Result()
    series: list[list[Mark]] = []
    for mark in _marks(prose):
        if mark.value == 1:
            series.append([mark])
            continue
        while len(series) > 1 and series[-1][-1].value != mark.value - 1:
            if not any(outer[-1].value == mark.value - 1 for outer in series[:-1]):
                break
            _announced(series.pop(), result)
        if not series:
            continue
        last = series[-1][-1]
        if last.value != mark.value - 1 and not _omitted(prose, last, mark):
            _out_of_order(last, mark, result)
        series[-1].append(mark)
    for run in series:
        _announced(run, result)
    return result


@dataclass(frozen=True)
class Mark:
    """One 一是 or 二是 of the report."""

    value: int
    number: int  # of its passage
    passage: Passage
    start: int
    end: int

    @property
    def words(self) -> str:
        return self.passage.text[self.start : self.end]


def _marks(prose: Sequence[Passage]) -> Iterator[Mark]:
    for number, passage in enumerate(prose):
        for match in _ORDINAL.finditer(passage.text):
            if value := numeral(match["n"] or match["first"]):
                yield Mark(value, number, passage, *match.span())


def _omitted(prose: Sequence[Passage], first: Mark, second: Mark) -> bool:
    """Whether the report as given leaves something out between two marks."""
    if first.number == second.number:
        return bool(_OMITTED.search(first.passage.text[first.end : second.start]))
    between = [passage.text for passage in prose[first.number + 1 : second.number]]
    stretch = [first.passage.text[first.end :], *between, second.passage.text[: second.start]]
    return bool(_OMITTED.search("".join(stretch)))


def _out_of_order(last: Mark, mark: Mark, result: Result) -> None:
    fault = "重复" if last.value == mark.value else "不连续"
    result.findings.append(
        Finding(
            "warning", ORDER, *_where(mark.passage, mark.start, mark.end), f"“{last.words}”之后为“{mark.words}”",
            f"应为第{last.value + 1}项", f"序号{fault}：“{last.words}”之后出现“{mark.words}”。",
        )
    )  # fmt: skip


def _announced(run: list[Mark], result: Result) -> None:
    """Whether as many marks follow as the words before the first one say."""
    first, last = run[0], run[-1]
    lead = first.passage.text[max(0, first.start - 40) : first.start]
    announced = _ANNOUNCED.search(lead)
    if not announced:
        return
    said, listed = numeral(announced["n"]), max(mark.value for mark in run)
    where = _where(first.passage, first.start, first.end)
    claim, working = f"{said}项", f"列到第{listed}项"
    in_order = [mark.value for mark in run] == list(range(1, listed + 1))
    after = first.passage.text[first.end :] + last.passage.text[last.end :]
    if said == listed:
        result.confirmed.append(Confirmation(COUNT, *where, claim, working))
    elif listed > said and in_order:
        result.findings.append(Finding("error", COUNT, *where, claim, working, "列举的项数超过所说的数目。"))
    elif in_order and not _OMITTED.search(after):
        result.findings.append(
            Finding("warning", COUNT, *where, claim, working, "列举的项数少于所说的数目。")
        )

"""The statistics sheet of the reports for 2014 to 2018, and the provincial sheets before it.

Form: 政府信息公开情况统计表 (国办发〔2014〕32号). R14: requests received = sum of their channels; replies = sum of the
kinds of reply; closed = by due date + extended. Channels of disclosure need not add up: the form counts one item in
several channels once. Some sheets have a second column with the figures since the duty began (历年累计).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from mingzheng.measure.reportcheck import facts
from mingzheng.measure.reportcheck.facts import Facts
from mingzheng.measure.reportcheck.figures import separated, splits
from mingzheng.measure.reportcheck.fulltext import FullText, loosely
from mingzheng.measure.reportcheck.model import TABLE, Confirmation, Finding, Level, Result

_HEAD = re.compile(
    rf"{loosely('指标名称')}[\s|]*(?:{loosely('计量')}[\s|]*)?{loosely('单位')}|{loosely('统计指标')}|{loosely('指标')}[\s|]*{loosely('单位')}"
)
_UNIT = r"[\s|]*(?:\([^()]*\))?[\s|]*(?:单位[::])?[\s|]*(?:条|件|个|次|人|份|元|万元|篇|场)[\s|]*"


@dataclass(frozen=True)
class Form:
    """A total of the sheet and its parts; each name is what is looked for."""

    name: str
    words: str
    parts: tuple[tuple[str, str], ...]
    adds_up: bool = True  # whether the form prescribes the sum


_OTHER = "其它形式申请数|其他形式申请数|其他方式申请数"
_FORMS = (
    Form(
        facts.DISCLOSED, "主动公开政府信息数|主动公开信息数|主动公开文件数|主动公开政府信息总数",
        (("网站", "政府网站公开政府信息数|政府网站公开数|网站公开"), ("公报", "政府公报公开政府信息数|政府公报公开数|政府公报公开")),
        adds_up=False,
    ),
    Form(
        facts.RECEIVED, "收到申请数|受理依申请公开信息总数|受理政府信息依申请公开总数|收到申请总数",
        (
            (facts.FACE, "当面申请数"), (facts.FAX, "传真申请数"), (facts.EMAIL, "电子邮件申请数"),
            (facts.ONLINE, "网络申请数|网上申请数"), (facts.LETTER, "信函申请数|信函、传真申请数"), ("其他申请", _OTHER),
        ),
    ),
    Form("办结数", "申请办结数", (("按时办结数", "按时办结数"), ("延期办结数", "延期办结数"))),
    Form(
        facts.REPLIED, "申请答复数|对申请的答复总数|对申请的答复数",
        (
            ("已主动公开范围", "属于已主动公开范围数"), (facts.AGREED, "同意公开答复数"), (facts.AGREED_IN_PART, "同意部分公开答复数"),
            (facts.REFUSED, "不同意公开答复数|否决公开答复数|不予公开答复数"), ("不属于本机关", "不属于本行政机关公开数"),
            ("信息不存在", "申请信息不存在数"), ("更改补充", "告知作出更改补充数"), ("其他途径", "告知通过其他途径办理数"),
            ("其他答复", "其他类型答复数|其它类型答复数"),
        ),
    ),
    Form(facts.REVIEWS, "行政复议数量|行政复议数", (("维持", "维持具体行政行为数"), ("纠错", "被依法纠错数"), ("其他", "其他情形数"))),
    Form(
        facts.SUITS, "行政诉讼数量|行政诉讼数",
        (("维持", "维持具体行政行为或者驳回原告诉讼请求数"), ("纠错", "被依法纠错数"), ("其他", "其他情形数")),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One row that was found: its figures in every possible reading."""

    name: str
    start: int
    end: int
    readings: tuple[tuple[int, ...], ...]
    apart: bool


def check_sheet(full: FullText, found: Facts) -> Result:
    result = Result()
    for head in _HEAD.finditer(full.text):
        columns = 2 if re.search(loosely("累计"), full.text[head.end() : head.end() + 40]) else 1
        at = head.end()
        for form in _FORMS:
            entries, at = _entries(full, form, at, columns)
            if entries:
                _check(full, form, entries, result, found)
    return result


def sheet_stretch(text: str) -> tuple[int, int] | None:
    """Where a flattened sheet stands in running text, so that its figures are not read as sentences."""
    head = re.search("指标名称.{0,4}单位|统计指标", text)
    if not head:
        return None
    end = re.search(r"附件下载|[四五六七八]、(?!.{0,12}数量)", text[head.end() :])
    return head.start(), head.end() + end.start() if end else len(text)


def _entries(full: FullText, form: Form, at: int, columns: int) -> tuple[list[Entry], int]:
    """The total and the parts of one form after position ``at``; the parts end where the next total begins."""
    total = _entry(full, form.name, form.words, at, len(full.text), columns)
    if total is None:
        return [], at
    position = _FORMS.index(form)
    limit = len(full.text)
    for later in _FORMS[position + 1 :]:
        following = _find(full, later.words, total.end, limit)
        if following:
            limit = min(limit, following.start())
    entries = [total]
    after = total.end
    for name, words in form.parts:
        entry = _entry(full, name, words, after, limit, columns)
        if entry:
            entries.append(entry)
            after = entry.end
    return entries, after


def _find(full: FullText, words: str, start: int, end: int) -> re.Match[str] | None:
    pattern = "|".join(loosely(choice) for choice in words.split("|"))
    return re.compile(rf"(?<!不)(?:{pattern}){_UNIT}(?P<run>\d[\d\s|,]*)").search(full.text, start, end)


def _entry(full: FullText, name: str, words: str, start: int, end: int, columns: int) -> Entry | None:
    match = _find(full, words, start, end)
    if match is None:
        return None
    run = match["run"]
    if run[-1].isdigit() and full.text[match.end() : match.end() + 1] in (".", "、"):
        run = run[:-1]  # 2. of the next row
    end_at = match.start("run") + len(run)
    lines = run.strip(" |\n").split("\n")
    apart = separated(lines[0], columns) or separated(run.strip(" |\n"), columns)
    if apart is not None and (columns == 1 or re.search(r"[\s|]", run.strip(" |\n"))):
        return Entry(name, match.start(), end_at, (tuple(apart),), True)
    digits = re.sub(r"\D", "", run)
    readings = tuple(tuple(split) for split in splits(digits, columns)) if len(digits) <= 16 else ()
    if columns == 2:  # the figures of all years include those of this one
        readings = tuple(reading for reading in readings if reading[1] >= reading[0])
    return Entry(name, match.start(), end_at, readings, False) if readings else None


def _check(full: FullText, form: Form, entries: list[Entry], result: Result, found: Facts) -> None:
    if all(entry.apart for entry in entries):
        chosen = tuple(entry.readings[0] for entry in entries)
        if form.adds_up and len(entries) > 2:
            _check_sum(full, form, entries, chosen, result)
    else:
        balanced = list(_balanced(entries))
        if len(balanced) != 1:
            return  # no reading, or several: nothing can be said
        chosen = balanced[0]
        if len(entries) > 2:
            _check_sum(full, form, entries, chosen, result)
    for entry, reading in zip(entries, chosen, strict=True):
        found.add(entry.name, reading[0], full.place(entry.start), f"统计表“{entry.name}”")


def _balanced(entries: list[Entry]) -> Iterator[tuple[tuple[int, ...], ...]]:
    """Readings in which the parts make up the total; for a row alone, its only reading."""
    size = 1
    for entry in entries:
        size *= len(entry.readings)
    if size > 50_000:
        return
    for choice in product(*(entry.readings for entry in entries)):
        total, *parts = choice
        if not parts or all(
            sum(column) == whole for column, whole in zip(zip(*parts, strict=True), total, strict=True)
        ):
            yield choice


def _check_sum(
    full: FullText, form: Form, entries: list[Entry], chosen: tuple[tuple[int, ...], ...], result: Result
) -> None:
    """R14 for each column of the sheet."""
    total, *parts = chosen
    place = f"{full.place(entries[0].start)}，统计表“{form.name}”"
    quote = full.written(entries[0].start, entries[-1].end)
    for column, whole in enumerate(total):
        values = [part[column] for part in parts]
        working = "+".join(map(str, values)) + f"={sum(values)}"
        claim = f"{form.name}{whole}" + ("（历年累计）" if column else "")
        if sum(values) == whole:
            result.confirmed.append(Confirmation(TABLE, place, quote, claim, working))
        else:
            # a row that was not recognised would make the sum too small, never too large
            level: Level = (
                "error" if sum(values) > whole or len(parts) >= min(4, len(form.parts)) else "warning"
            )
            message = f"{form.name}应等于各分项之和（R14）。"
            result.findings.append(Finding(level, TABLE, place, quote, claim, working, message))

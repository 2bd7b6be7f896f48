"""Tables two (normative documents) and four (reviews and suits) of the annual reports for 2019 on.

R05: each total of reviews and suits is the sum of its four outcomes (国办公开办函〔2021〕30号).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from mingzheng.measure.reportcheck import facts
from mingzheng.measure.reportcheck.facts import Facts
from mingzheng.measure.reportcheck.figures import first_run, rows_with_total, separated
from mingzheng.measure.reportcheck.fulltext import FullText, loosely
from mingzheng.measure.reportcheck.model import TABLE, Confirmation, Finding, Result

_SUITS = ("行政复议", "未经复议直接起诉", "复议后起诉")


def check_four(full: FullText, result: Result, found: Facts) -> None:
    """R05: three groups of five numbers after the head of table four."""
    last = list(re.finditer(loosely("复议后起诉"), full.text))
    for mark in last:
        stretch = full.text[mark.end() : mark.end() + 600]
        run = first_run(stretch, 15)
        if not run:
            continue
        start = mark.end() + stretch.find(run)
        apart = separated(run, 15)
        quote = full.written(start, start + len(run))
        place = f"{full.place(start)}，表四"
        groups = [apart[0:5], apart[5:10], apart[10:15]] if apart else _split_four(re.sub(r"\D", "", run))
        if groups is None:
            continue
        if not groups:
            message = "该行数字连写，无论怎样断开，总计都不等于四种结果之和。"
            result.findings.append(
                Finding("warning", TABLE, place, quote, "总计为四种结果之和（R05）", "", message)
            )
            continue
        for name, (*parts, total) in zip(_SUITS, groups, strict=True):
            working = "+".join(map(str, parts)) + f"={sum(parts)}"
            claim = f"{name}总计{total}"
            if sum(parts) == total:
                result.confirmed.append(Confirmation(TABLE, f"{place}“{name}”", quote, claim, working))
            else:
                message = f"{name}总计应为{sum(parts)}（R05）。"
                result.findings.append(
                    Finding("error", TABLE, f"{place}“{name}”", quote, claim, working, message)
                )
        found.add(facts.REVIEWS, groups[0][-1], place, "行政复议总计")
        found.add(facts.SUITS, groups[1][-1] + groups[2][-1], place, "行政诉讼总计")
        return


def _split_four(digits: str) -> Sequence[list[int]] | None:
    """The one way to read the run as three groups with their totals; [] when there is none, None when several."""
    ways: list[list[list[int]]] = []

    def search(rest: str, groups: list[list[int]]) -> None:
        if len(ways) > 50:
            return
        if len(groups) == 3:
            if not rest:
                ways.append(groups)
            return
        for length in range(5, len(rest) - 5 * (2 - len(groups)) + 1):
            for group in rows_with_total(rest[:length], 5):
                search(rest[length:], [*groups, group])

    if len(digits) > 40:
        return None
    search(digits, [])
    if not ways:
        return []
    return ways[0] if len(ways) == 1 else None


def read_two(full: FullText, found: Facts) -> None:
    """Normative documents of table two, when the columns are apart."""
    for match in re.finditer(loosely("现行有效件数"), full.text):
        stretch = full.text[match.end() : match.end() + 200]
        row = re.search(rf"(?:{loosely('行政')}[\s|]*)?{loosely('规范性文件')}(?P<run>[\d\s|,]+)", stretch)
        numbers = separated(row["run"].strip(" |\n"), 3) if row else None
        if row and numbers:
            place = full.place(match.end() + row.start())
            names = (facts.NORMS_MADE, facts.NORMS_REPEALED, facts.NORMS_VALID)
            for name, value in zip(names, numbers, strict=True):
                found.add(name, value, place, "表二")
            return

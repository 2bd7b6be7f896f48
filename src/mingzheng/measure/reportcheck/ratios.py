"""Multiples and averages: ``4500条,是上年1500条的3倍``, ``由36件增加到72件,翻了一番``, ``全年24场,平均每月2场``.

An average is only ever doubted, for the report may count working days or the months since a service began.
"""

from __future__ import annotations

import re
from decimal import Decimal

from mingzheng.measure.reportcheck.growth import is_base, sentence_before
from mingzheng.measure.reportcheck.lists import Clauses
from mingzheng.measure.reportcheck.model import AVERAGE, GROWTH, Confirmation, Finding, Level, Result
from mingzheng.measure.reportcheck.quantities import numeral, shown

_TIMES = re.compile(
    r"^的(?P<loose>近|约|超过|超|逾)?(?P<times>\d+(?:\.\d+)?|[一二两三四五六七八九十])(?P<more>余|多)?倍"
)
_DOUBLED = re.compile(r"翻了?(?P<times>[一两二三]|)(?:番|倍)")
_EVERY = re.compile(
    r"(?:平均)?每个?(?P<every>月|季度|周|天|日)[^,。;]{0,6}$|(?P<mean>月|季|周|日)均[^,。;]{0,6}$"
)
_WHOLE_YEAR = re.compile(r"全年|年度|(?:19|20)\d\d年|本年|一年来")
_PERIODS = {
    "月": (12,), "季度": (4,), "季": (4,), "周": (52,), "天": (365, 366, 250, 251), "日": (365, 366, 250, 251),
}  # fmt: skip
LOOSE = Decimal("0.1")  # of the multiple, for 近, 约, 超过
FAR_OFF = Decimal("0.2")  # of the average


def check_ratios(clauses: Clauses) -> Result:
    result = Result()
    for index in range(len(clauses.quantities)):
        _times(clauses, index, result)
        _average(clauses, index, result)
    for match in _DOUBLED.finditer(clauses.text):
        _doubled(clauses, match, result)
    return result


def _times(clauses: Clauses, base: int, result: Result) -> None:
    match = _TIMES.match(clauses.text[clauses.quantities[base].end :])
    before = list(sentence_before(clauses, base))
    if not match or not is_base(clauses, base, [base, *before]):
        return
    now = next((at for at in before if clauses.quantities[at].unit == clauses.quantities[base].unit), None)
    if now is not None:
        times = Decimal(match["times"] if match["times"][0].isdigit() else numeral(match["times"]))
        loose = bool(match["loose"] or match["more"])
        end = clauses.quantities[base].end + match.end()
        _tell(clauses, now, base, times, loose, match.group().removeprefix("的"), end, result)


def _doubled(clauses: Clauses, match: re.Match[str], result: Result) -> None:
    """翻一番 is twice as many, 翻两番 four times."""
    before = [at for at in range(len(clauses.quantities)) if clauses.quantities[at].end <= match.start()]
    if not before:
        return
    sentence = [before[-1], *sentence_before(clauses, before[-1])]
    if re.search("[。!?;]", clauses.text[clauses.quantities[before[-1]].end : match.start()]):
        return
    base = next((at for at in sentence if is_base(clauses, at, sentence)), None)
    if base is None:
        return
    unit = clauses.quantities[base].unit
    now = next((at for at in sentence if at != base and clauses.quantities[at].unit == unit), None)
    if now is not None:
        times = Decimal(2) ** (numeral(match["times"] or "一"))
        _tell(clauses, now, base, times, True, match.group(), match.end(), result)


def _tell(
    clauses: Clauses, now: int, base: int, times: Decimal, loose: bool, claim: str, end: int, result: Result
) -> None:
    here, then = clauses.quantities[now], clauses.quantities[base]
    if not (here.is_exact and then.is_exact and then.value > 0) or here.is_rate:
        return
    true = here.value / then.value
    slack = times * LOOSE if loose else Decimal(1).scaleb(int(times.as_tuple().exponent)) / 2
    start = min(here.start, then.start)
    where = clauses.passage.place(start), clauses.passage.quote(start, end)
    working = f"{shown(here.value)}/{shown(then.value)}={shown(true.quantize(Decimal('0.01')))}倍"
    if abs(true - times) <= slack:
        result.confirmed.append(Confirmation(GROWTH, *where, claim, working))
    else:
        message = f"按原文给出的数应为{shown(true.quantize(Decimal('0.01')))}倍。"
        result.findings.append(Finding("error", GROWTH, *where, claim, working, message))


def _average(clauses: Clauses, index: int, result: Result) -> None:
    printed = clauses.quantities[index]
    match = _EVERY.search(re.split("[,。;、]", clauses.gap(index))[-1])
    if not match or printed.is_rate or printed.value <= 0:
        return
    counts = [at for at in sentence_before(clauses, index) if clauses.quantities[at].unit == printed.unit]
    if not counts or not _WHOLE_YEAR.search(clauses.gap(counts[0])):
        return
    total = clauses.quantities[counts[0]]
    periods = _PERIODS[match["every"] or match["mean"]]
    means = [total.value / period for period in periods]
    slack = max(Decimal(1).scaleb(-printed.decimals), 2 * printed.half_width)
    where = clauses.passage.place(total.start), clauses.passage.quote(total.start, printed.end)
    claim = clauses.text[printed.start - len(match.group()) : printed.end]
    working = f"{shown(total.value)}/{periods[0]}={shown(means[0].quantize(Decimal('0.01')))}"
    if any(abs(mean - printed.value) < slack for mean in means) and total.is_exact:
        result.confirmed.append(Confirmation(AVERAGE, *where, claim, working))
    elif total.is_exact and all(abs(mean - printed.value) >= max(mean * FAR_OFF, slack) for mean in means):
        level: Level = "warning"
        message = f"按{shown(total.value)}{total.unit}计算，平均数与原文不符，请核对。"
        result.findings.append(Finding(level, AVERAGE, *where, claim, working, message))

"""Growth and decline: ``1200条,比上年增加200条,增长20%``, ``由50件增加到60件``, ``比上年提高3个百分点``.

A change is worked out only when the sentence gives both ends of it; ``同比增长70.3%`` alone claims nothing that the
report lets anyone check.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from mingzheng.measure.reportcheck.lists import Clauses
from mingzheng.measure.reportcheck.model import GROWTH, Confirmation, Finding, Result
from mingzheng.measure.reportcheck.quantities import Quantity, shown
from mingzheng.measure.reportcheck.rounding import (
    Agreement,
    agreed_range,
    compare,
    percentage,
    rounded_percentage,
    shown_percentage,
)

_UP = r"增长|增加|上升|提高|提升|增幅|多出|多|增"
_DOWN = r"下降|减少|降低|减幅|降幅|少|减"
_VERB = re.compile(rf"(?P<up>{_UP})|(?P<down>{_DOWN})")
_BASE_BEFORE = re.compile(r"(?:上一?年|去年|同期|前年|往年|(?:比|较|与)20\d\d年|由|从)[^,。;]{0,16}$")
_BASE_BRACKETED = re.compile(r"\((?:20\d\d年|上一?年|去年)[^,。;()]{0,10}$")  # 26件(2017年为20件)
_YEAR = re.compile(r"(20\d\d)年[^,。;]{0,16}$")
_TOWARDS = re.compile(r"^(?:[^,。;]{0,8}?)(?:增加|增长|上升|提高|提升|扩大|减少|下降|降低|缩减)(?:到|至|为)")


_RESULT = re.compile(r"^,(?:达到?|为|至|到|增至|升至|降至|增加到|减少到)$")  # 较2020年(65件)下降20%,为52件


@dataclass(frozen=True)
class Change:
    """What a sentence says of one change; positions are those of the quantities."""

    now: int | None
    base: int | None
    difference: int | None


def check_growth(clauses: Clauses) -> Result:
    result = Result()
    for index, quantity in enumerate(clauses.quantities):
        verb = _change_verb(clauses, index)
        if verb is None:
            continue
        sign = 1 if verb["up"] else -1
        if quantity.unit == "%":
            _check_rate(clauses, index, sign, result)
        elif not _TOWARDS.match(clauses.gap(index)):
            _check_difference(clauses, index, sign, result)
    return result


def _change_verb(clauses: Clauses, index: int) -> re.Match[str] | None:
    """The verb of change right before a figure: ``增长20%``, ``增加了200条``."""
    clause = re.split(r"[。;,、()]", clauses.gap(index))[-1]
    if re.search(r"(?:到|至|为|新增|增设|增配|分别.*)$", clause) and not re.search(
        r"(?:幅度?|增速|率)为$", clause
    ):
        return None
    last = max(_VERB.finditer(clause), key=lambda match: match.start(), default=None)
    if (
        last is None
        or len(clause) - last.end() > 6
        or clause[max(0, last.start() - 1) : last.start()] in ("新", "不", "递", "至")
    ):
        return None
    return last


def sentence_before(clauses: Clauses, index: int) -> Iterator[int]:
    """The quantities before ``index`` up to the last full stop or semicolon, nearest first."""
    for at in range(index - 1, -1, -1):
        if re.search("[。!?;]", clauses.between(at, index)):
            return
        yield at


def is_base(clauses: Clauses, at: int, sentence: list[int]) -> bool:
    """Whether a figure is that of the earlier year: by its words, or by the smaller of two years that are named."""
    gap = re.split("[。!?]", clauses.gap(at))[-1]
    if _change_verb(clauses, at) is not None:
        return False
    if _BASE_BEFORE.search(gap) or _BASE_BRACKETED.search(gap):
        return True
    year = _YEAR.search(gap)
    others = [_YEAR.search(re.split("[。!?]", clauses.gap(other))[-1]) for other in sentence if other != at]
    return year is not None and any(other is not None and other[1] > year[1] for other in others)


def _check_rate(clauses: Clauses, index: int, sign: int, result: Result) -> None:
    quantities = clauses.quantities
    printed = quantities[index]
    if re.search(r"分别", clauses.gap(index)) or (
        index + 1 < len(quantities) and clauses.gap(index + 1) in ("", "、", "和")
    ):
        return
    tried: list[tuple[Decimal, Decimal, Decimal, str, int]] = []  # base, now, slack, working, first quantity
    for change in _changes(clauses, index):
        worked = _ends(quantities, change, sign)
        if worked is not None:
            tried.append(
                (*worked, min(at for at in (change.now, change.base, change.difference) if at is not None))
            )
    if not tried:
        return
    outcomes = []
    for base, now, slack, working, first in tried:
        if base <= 0:
            continue
        true = percentage(abs(now - base), base)
        agreement = compare(printed.value, printed.decimals, true)
        if slack:
            agreement = agreed_range(printed.value, printed.decimals, *_range(base, now, slack))
        if printed.approximation != "exact" and abs(true - printed.value) <= max(Decimal(1), true / 10):
            agreement = Agreement.ROUNDED
        outcomes.append((agreement, true, working, first))
    outcomes.sort(key=lambda outcome: list(Agreement).index(outcome[0]))
    if not outcomes:
        return
    agreement, true, working, first = (
        outcomes[0] if outcomes[0][0] is Agreement.ROUNDED else _nearest(outcomes)
    )
    passage = clauses.passage
    start = quantities[first].start
    where = passage.place(start), passage.quote(start, printed.end)
    claim = f"{'增长' if sign > 0 else '下降'}{printed.value}%"
    shown_working = f"{working}={shown_percentage(true)}"
    if agreement is Agreement.ROUNDED:
        result.confirmed.append(Confirmation(GROWTH, *where, claim, shown_working))
    elif agreement is Agreement.CUT:
        message = f"应为{rounded_percentage(true, printed.decimals)}，原文是截断而不是四舍五入。"
        result.findings.append(Finding("note", GROWTH, *where, claim, shown_working, message))
    elif _of_the_same(clauses, index, first):
        message = f"按原文给出的数应为{rounded_percentage(true, printed.decimals)}。"
        result.findings.append(Finding("error", GROWTH, *where, claim, shown_working, message))


_NO_SUBJECT = re.compile(
    r"(?:同比|环比|较|比|与)?(?:上一?年|去年|前年|同期|(?:19|20)\d\d年|20\d\d)(?:同期|度|相比)*"
    r"|同比|环比|相比|分别|增|幅度?|长|加|率|总?数量?|总量|总体|整体|占比|比例|[的了约近达为也又已即并均各共其较比]"
)


def _of_the_same(clauses: Clauses, index: int, first: int) -> bool:
    """Whether the clause of a rate names nothing of its own: ``栏目增加到18个,内容增加35%`` speaks of two things."""
    clause = re.split("[,;、()]", clauses.gap(index))
    if len(clause) == 1:
        return True
    subject = _NO_SUBJECT.sub("", _VERB.split(clause[-1])[0])
    subject = "".join(re.findall(r"[\u4e00-\u9fff]", subject))
    told = clauses.text[max(0, clauses.quantities[first].start - 30) : clauses.quantities[index - 1].end + 12]
    return len(subject) < 2 or subject[-2:] in told.partition(clause[-1])[0]


def _nearest(outcomes: list[tuple[Agreement, Decimal, str, int]]) -> tuple[Agreement, Decimal, str, int]:
    return max(outcomes, key=lambda outcome: outcome[3])


def _changes(clauses: Clauses, index: int) -> Iterator[Change]:
    """The ends of a change that the sentence gives before a rate of change, nearest first."""
    quantities = clauses.quantities
    before = list(sentence_before(clauses, index))
    base = next((at for at in before if not quantities[at].is_rate and is_base(clauses, at, before)), None)
    difference = None
    if before and not quantities[before[0]].is_rate and _change_verb(clauses, before[0]) is not None:
        difference = before[0]  # 增加200条,增长20%
    counts = [
        at for at in before
        if at not in (base, difference) and not quantities[at].is_rate and _change_verb(clauses, at) is None
        and quantities[at].depth <= quantities[index].depth
    ]  # fmt: skip
    if base is not None:
        if counts and counts[0] > base and not quantities[counts[0]].counts_like(quantities[base]):
            return  # 粉丝由1.2万人增至1.8万人;发文312篇,增长22%
        same = [at for at in counts if quantities[at].counts_like(quantities[base])]
        whole = [at for at in same if not _after_opener(clauses, at)]
        yield from (Change(at, base, None) for at in (whole or same)[:1])
        if not same and _result_follows(clauses, index, base):
            yield Change(index + 1, base, None)
        if not same and difference is not None:
            yield Change(None, base, difference)
    if difference is not None and base is None:
        same = [
            at for at in counts if quantities[at].unit == quantities[difference].unit and quantities[at].unit
        ]
        yield from (Change(at, None, difference) for at in same[:3])


def _after_opener(clauses: Clauses, at: int) -> bool:
    """Whether a figure stands in a list of parts, so that a later rate is not its own."""
    before = clauses.text[: clauses.quantities[at].start]
    return bool(re.search("其中|包括|分别", re.split("[。!?;]", before)[-1]))


def _result_follows(clauses: Clauses, index: int, base: int) -> bool:
    """Whether this year's figure comes after the rate."""
    following = index + 1
    return (
        following < len(clauses.quantities)
        and bool(_RESULT.match(clauses.gap(following)))
        and clauses.quantities[following].counts_like(clauses.quantities[base])
    )


def _range(base: Decimal, now: Decimal, slack: Decimal) -> tuple[Decimal, Decimal]:
    """The least and the greatest rate of change when both ends are rounded or cut off."""
    rates = [
        abs(percentage(now + up - base - down, base + down))
        for least, most in ((-slack, slack), (Decimal(0), 2 * slack))  # 万 is cut off as often as rounded
        for up in (least, most) for down in (least, most) if base + down > 0
    ]  # fmt: skip
    return min(rates), max(rates)


def _ends(
    quantities: list[Quantity], change: Change, sign: int
) -> tuple[Decimal, Decimal, Decimal, str] | None:
    """Base, present value, slack of both and the working; None when a figure is only approximate."""
    involved = [quantities[at] for at in (change.now, change.base, change.difference) if at is not None]
    if any(not quantity.is_exact for quantity in involved):
        return None
    slack = max(quantity.half_width for quantity in involved)
    if change.base is not None and change.now is not None:
        base, now = quantities[change.base].value, quantities[change.now].value
        return base, now, slack, f"({shown(now)}-{shown(base)})/{shown(base)}"
    if change.difference is None:
        return None
    difference = quantities[change.difference].value * sign
    if change.now is not None:
        now = quantities[change.now].value
        base = now - difference
        return (
            base,
            now,
            slack,
            f"{shown(abs(difference))}/({shown(now)}{'-' if sign > 0 else '+'}{shown(abs(difference))})",
        )
    if change.base is not None:
        base = quantities[change.base].value
        return base, base + difference, slack, f"{shown(abs(difference))}/{shown(base)}"
    return None


def _check_difference(clauses: Clauses, index: int, sign: int, result: Result) -> None:
    """``比上年的1000条增加200条`` against this year's figure in the same sentence; also percentage points."""
    quantities = clauses.quantities
    printed = quantities[index]
    unit = "%" if printed.unit == "百分点" else printed.unit
    before = list(sentence_before(clauses, index))
    base = next((at for at in before if quantities[at].unit == unit and is_base(clauses, at, before)), None)
    if base is None:
        return
    nows = [
        at for at in before
        if at != base and quantities[at].unit == unit and _change_verb(clauses, at) is None
        and quantities[at].depth <= printed.depth
    ]  # fmt: skip
    if not nows:
        return
    now = nows[0]
    if any(not quantities[at].is_exact for at in (now, base, index)):
        return
    slack = 2 * sum((quantities[at].half_width for at in (now, base, index)), Decimal(0))
    true = (quantities[now].value - quantities[base].value) * sign
    passage = clauses.passage
    start = quantities[min(now, base)].start
    where = passage.place(start), passage.quote(start, printed.end)
    claim = f"{'增加' if sign > 0 else '减少'}{shown(printed.value)}{printed.unit}"
    working = f"{shown(quantities[now].value)}-{shown(quantities[base].value)}={shown(true * sign)}"
    if abs(true - printed.value) <= slack:
        result.confirmed.append(Confirmation(GROWTH, *where, claim, working))
    else:
        message = f"两年之差为{shown(true * sign)}，与原文“{claim}”不符。"
        result.findings.append(Finding("error", GROWTH, *where, claim, working, message))

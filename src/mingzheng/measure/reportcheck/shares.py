"""Shares and rates: ``1119件,…回复率95.46%``, ``33条,占21.3%``, ``占1412项的90%以上``.

A share is worked out against the whole that the sentence names (the total of its list, or ``占…N条的``). Where the
whole is not certain, a figure is an error only if every figure that could be meant fails and one is clearly named.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from mingzheng.measure.reportcheck import partitions
from mingzheng.measure.reportcheck.lists import Clauses
from mingzheng.measure.reportcheck.model import SHARE, Confirmation, Finding, Result
from mingzheng.measure.reportcheck.quantities import Quantity, shown
from mingzheng.measure.reportcheck.rounding import (
    Agreement,
    compare,
    percentage,
    rounded_percentage,
    shown_percentage,
)
from mingzheng.measure.reportcheck.wording import Sums

_SHARE_WORDS = re.compile(r"占比|占|比例|比重")
_RATE = re.compile(
    r"(?P<stem>[\u4e00-\u9fff]{1,8}?)(?P<word>率|比例|占比)(?:均|都|也|已|分别)?(?:达到了|达到|达|为|是|约|近|超过|超|保持在|至)*[::]?$"
)
_COMPARED = re.compile(
    r"(?:同比|(?<!占)(?<!对)比(?![例重率])|较|环比).{0,10}$|增长|增加|上升|下降|减少|提高|提升|降低|增幅|降幅|涨|权重|重复率"
)
_INTAKE = re.compile(
    r"收到|受理|收件|接收|接到|接|收办|应|总|共|办件|交办|承办|登记|新收|来信|来件|抽查|检查|回访|评价|征集|纳入|申请|诉求|发放|发出|监测|参评|报送"
    r"|实办|派单|咨询|留言|信件|工单|投诉|举报|来电|来访|建议|提案"
)
# A rate of what was done in due time or in due form is no rate of all that came in.
_MODIFIED = re.compile(r"按时|按期|及时|限时|依法|规范|有效|提前|首次|有责|实名")
_UNFINISHED = re.compile(r"结转|未到期|正在办理|在办|顺延")
_NO_NAME = re.compile(
    r"占比|占|其|总体|总数|总量|全部|全年|总|的|比例|比重|比|信息|公开|政府|主动|申请|数量|数|量|为|达到|达|约|到|了|均|各|本|所有|条|件"
)
_SYNONYMS = {
    "回复": "回复答复回应办结",
    "答复": "答复回复办结",
    "办结": "办结完成办理结",
    "办理": "办理办结",
    "满意": "满意",
    "完成": "完成办结",
    "反馈": "反馈回复",
}
MOST_WHOLES = 8


@dataclass(frozen=True)
class Pair:
    """A figure and the whole it may be a share of; ``certain`` when the words name that whole."""

    part: int
    whole: Decimal
    certain: bool


@dataclass(frozen=True)
class Verdict:
    """Whether anything was told of a share, and the whole that confirmed it."""

    told: bool
    whole: Decimal | None


def check_shares(clauses: Clauses, sums: Sums) -> Result:
    result = Result()
    cases: dict[int, list[Pair]] = {}
    for index, printed in enumerate(clauses.quantities):
        if printed.unit != "%" or printed.value > 100:
            continue
        lead = _lead(clauses, index)
        if _COMPARED.search(lead):
            continue
        if _SHARE_WORDS.search(lead) and not _RATE.search(lead.removesuffix("占比")):
            pairs = list(_share_pairs(clauses, sums, index, lead))
        elif _RATE.search(lead):
            pairs = list(_rate_pairs(clauses, index, lead))
        elif clauses.gap(index) == "(" and clauses.text[printed.end : printed.end + 1] in (")", ",", ";"):
            pairs = list(_share_pairs(clauses, sums, index, lead))  # 80条(40%)
        else:
            continue
        if pairs:
            cases[index] = pairs
    votes = Counter(whole for index, pairs in cases.items() for whole in _fitting(clauses, index, pairs))
    open_cases: list[tuple[int, list[Pair]]] = []
    settled: dict[int, Decimal] = {}
    for index, pairs in cases.items():
        # of several wholes that fit, the one that fits most shares of the passage is meant
        pairs.sort(key=lambda pair: (not pair.certain, -votes[pair.whole]))
        verdict = _judge(clauses, index, clauses.quantities[index], pairs, result)
        if not verdict.told:
            open_cases.append((index, pairs))
        elif verdict.whole is not None and clauses.quantities[index].decimals:
            settled[index] = verdict.whole
    _judge_by_neighbours(clauses, open_cases, settled, result)
    return result


def _fitting(clauses: Clauses, index: int, pairs: list[Pair]) -> set[Decimal]:
    """The wholes of which the printed share is right."""
    printed, quantities = clauses.quantities[index], clauses.quantities
    return {
        pair.whole
        for pair in pairs
        if pair.whole and _agreement(printed, quantities[pair.part], pair.whole) is Agreement.ROUNDED
    }


def _judge_by_neighbours(
    clauses: Clauses, open_cases: list[tuple[int, list[Pair]]], settled: dict[int, Decimal], result: Result
) -> None:
    """A share without a named whole is held against the whole that the shares next to it were taken of."""
    times = Counter(settled.values())
    for index, pairs in open_cases:
        if not ("占" in _lead(clauses, index) or clauses.gap(index) == "("):
            continue
        wholes = {settled[near] for near in (index - 2, index + 2) if near in settled}
        for whole in wholes:
            if times[whole] >= 2 and times[whole] * 2 >= len(settled):
                pair = Pair(pairs[0].part, whole, True)
                _say(clauses, index, clauses.quantities[index], pair, Agreement.DIFFERENT, result)
                break


def _lead(clauses: Clauses, index: int) -> str:
    """The words right before a percentage, reaching over figures of its own clause (``占1412项的90%``)."""
    start = clauses.quantities[_first_of_run(clauses, index)].start
    text = clauses.text[max(0, start - 40) : start]
    return re.split(r"[。;,、]", text)[-1]


def _share_pairs(clauses: Clauses, sums: Sums, index: int, lead: str) -> Iterator[Pair]:
    quantities = clauses.quantities
    named = (
        index - 1 if index and not quantities[index - 1].is_rate and "占" in clauses.gap(index - 1) else None
    )
    if (
        named is not None
        and re.match(r"[^,。;、]{0,14}的?$", clauses.gap(index))
        and "占" in _lead(clauses, index)
    ):
        # 1274项,占…1412项事项的90%
        for part in _before(clauses, named):
            if quantities[part].counts_like(quantities[named]):
                yield Pair(part, quantities[named].value, True)
                return
        return
    numerator = _numerator(clauses, index)
    if numerator is None:
        return
    part, named_here = _named_part(clauses, numerator, index, lead)
    if part in sums.whole:
        whole = sums.whole[part]
        other = _NO_NAME.sub("", lead[lead.rfind("占") :]) if "占" in lead else ""
        named_otherwise = (
            len(re.findall("[\u4e00-\u9fff]", other)) >= 2 and other[:2] not in quantities[whole].label
        )
        yield Pair(part, quantities[whole].value, named_here and not named_otherwise)
    siblings: set[int] = set()
    for made in sums.lists:
        items = made.confirmed or made.parts
        if part in items:
            siblings.update(items)
            yield Pair(part, sum((quantities[item].value for item in items), Decimal(0)), False)
    for before in _before(clauses, part):
        if before not in siblings and quantities[before].counts_like(quantities[part]):
            yield Pair(part, quantities[before].value, False)
    for run in _share_run(clauses, part):
        yield Pair(part, run, False)


def _named_part(clauses: Clauses, part: int, index: int, lead: str) -> tuple[int, bool]:
    """The figure that a share of its own clause names (``线上6231项,线下2421项,线上占比72%``), and whether it is sure."""
    subject = _NO_NAME.sub("", _SHARE_WORDS.split(lead)[0]) if "," in clauses.gap(index) else ""
    if len(subject) < 2 or re.search(r"\d", lead) or subject[-2:] in clauses.quantities[part].words:
        return part, True
    for at in _before(clauses, index):
        if subject in clauses.quantities[at].label:
            return at, True
    return part, False


def _first_of_run(clauses: Clauses, index: int) -> int:
    """The first of the percentages that stand side by side: ``分别占12.3%、69.9%和17.8%``."""
    while (
        index
        and clauses.quantities[index - 1].is_rate
        and clauses.gap(index) in ("", "、", "和", "及", "与", ",")
    ):
        index -= 1
    return index


def _numerator(clauses: Clauses, index: int) -> int | None:
    """The figure whose share is printed: the last one before, or for ``分别占`` the one in the same place."""
    quantities = clauses.quantities
    first = _first_of_run(clauses, index)
    last = index
    while last + 1 < len(quantities) and quantities[last + 1].unit == "%" and len(clauses.gap(last + 1)) <= 3:
        last += 1
    before = [at for at in _before(clauses, first) if clauses.countable(at)]
    if not before:
        return None
    run = last - first + 1
    if run > 1 or "分别" in clauses.gap(first):
        figures = list(reversed(before[:run]))
        return figures[index - first] if len(figures) == run else None
    nearest = before[0]
    return nearest if not re.search("[。!?]", clauses.between(nearest, index)) else None


def _before(clauses: Clauses, index: int) -> list[int]:
    """Counts before ``index`` in the same passage, nearest first, two full stops back at most."""
    found: list[int] = []
    for at in range(index - 1, -1, -1):
        if len(re.findall("[。!?]", clauses.between(at, index))) > 2 or len(found) >= MOST_WHOLES:
            break
        if not clauses.quantities[at].is_rate:
            found.append(at)
    return found


def _share_run(clauses: Clauses, part: int) -> Iterator[Decimal]:
    """The sum of all figures around that carry shares: the whole of a list whose total is not written."""
    quantities = clauses.quantities
    carried = [
        at
        for at in range(len(quantities) - 1)
        if quantities[at + 1].unit == "%"
        and "占" in clauses.gap(at + 1)
        and quantities[at].counts_like(quantities[part])
    ]
    if len(carried) >= 2 and part in carried:
        yield sum((quantities[at].value for at in carried), Decimal(0))


def _rate_pairs(clauses: Clauses, index: int, lead: str) -> Iterator[Pair]:
    """Pairs for a rate: a figure named like the rate, and a larger one that was taken in before it."""
    quantities = clauses.quantities
    match = _RATE.search(lead)
    stem = match["stem"][-2:] if match else ""
    before = [at for at in _before(clauses, index) if _same_sentence(clauses, at, index)]
    for part in before[:4]:
        wholes = [
            at for at in before if at < part and quantities[at].value >= quantities[part].value
            and quantities[at].counts_like(quantities[part])
        ]  # fmt: skip
        for whole in wholes:
            yield Pair(part, quantities[whole].value, _names_rate(clauses, part, whole, index, stem))
        below = [at for at in before if at < part and quantities[at].counts_like(quantities[part])]
        for whole in below:
            if quantities[whole].value < quantities[part].value and quantities[part].value > 0:
                yield Pair(whole, quantities[part].value, False)  # the smaller figure may come first


def _same_sentence(clauses: Clauses, at: int, index: int) -> bool:
    return not re.search("[。!?]", clauses.between(at, index))


def _names_rate(clauses: Clauses, part: int, whole: int, index: int, stem: str) -> bool:
    """Whether the words name both: ``受理1170件,已办结回复1119件,回复率``."""
    quantities = clauses.quantities
    follows = all(partitions.is_carried(quantities[at].label) for at in range(part + 1, index))
    adjoining = follows and part - whole == 1 and quantities[part].unit == quantities[whole].unit
    if not (adjoining and quantities[part].unit and quantities[part].is_exact and quantities[whole].is_exact):
        return False
    words = quantities[part].label + quantities[part].tail
    if quantities[index].value == 100 and _UNFINISHED.search(
        clauses.passage.quote(quantities[whole].start, quantities[index].end)
    ):
        return False
    if re.search(f"[不未无非]{stem}", words):
        return False  # 不合格3家,合格率99.1%
    modified = _MODIFIED.search(_lead(clauses, index))
    if modified and not _MODIFIED.search(words):
        return False
    likely = any(
        stem in (key, *_chunks(names)) and any(word in words for word in _chunks(names))
        for key, names in _SYNONYMS.items()
    )
    return (
        bool(stem)
        and (set(stem) <= set(words) or likely)
        and bool(_INTAKE.search(quantities[whole].label + quantities[whole].tail))
    )


def _chunks(names: str) -> list[str]:
    return [names[at : at + 2] for at in range(0, len(names) - 1, 2)]


def _judge(clauses: Clauses, index: int, printed: Quantity, pairs: list[Pair], result: Result) -> Verdict:
    """Tells what can be told of one printed figure."""
    for agreement in (Agreement.ROUNDED, Agreement.CUT, Agreement.RAISED):
        for pair in pairs:
            part = clauses.quantities[pair.part]
            if not pair.whole or _agreement(printed, part, pair.whole) is not agreement:
                continue
            if (
                agreement is Agreement.ROUNDED
                or (agreement is Agreement.CUT and _may_decide(pair, pairs))
                or pair.certain
            ):
                _say(clauses, index, printed, pair, agreement, result)
                return Verdict(True, pair.whole if agreement is not Agreement.RAISED else None)
    certain = next((pair for pair in pairs if pair.certain and pair.whole), None)
    if certain is not None:
        _say(clauses, index, printed, certain, Agreement.DIFFERENT, result)
    return Verdict(certain is not None, None)


def _may_decide(pair: Pair, pairs: list[Pair]) -> bool:
    """Cut-off and raised figures are told only of the whole that is named, or else of the only one there is."""
    return pair.certain or not any(other.certain for other in pairs)


def _agreement(printed: Quantity, part: Quantity, whole: Decimal) -> Agreement:
    true = percentage(part.value, whole)
    holds = {
        "over": true >= printed.value - printed.half_width,
        "under": true <= printed.value + 1 + printed.half_width,
        "about": abs(true - printed.value) <= 2 + printed.half_width,
        "exact": False,
    }
    if printed.approximation != "exact":
        return Agreement.ROUNDED if holds[printed.approximation] else Agreement.DIFFERENT
    if part.half_width or not part.is_exact:
        near = part.half_width * 100 / whole
        if abs(true - printed.value) <= max(near, Decimal(1)):
            return Agreement.ROUNDED
    return compare(printed.value, printed.decimals, true)


def _figure(clauses: Clauses, printed: Quantity) -> str:
    if printed.half_width:
        return clauses.text[printed.start : printed.end]
    return f"{shown(printed.value) if not printed.decimals else printed.value}%"


def _say(
    clauses: Clauses, index: int, printed: Quantity, pair: Pair, agreement: Agreement, result: Result
) -> None:
    passage = clauses.passage
    part = clauses.quantities[pair.part]
    true = percentage(part.value, pair.whole)
    where = passage.place(part.start), passage.quote(part.start, printed.end)
    figure = _figure(clauses, printed)
    claim = f"{passage.text[part.start : part.end]}:{_lead(clauses, index)[-12:]}{figure}"
    working = f"{shown(part.value)}/{shown(pair.whole)}={shown_percentage(true)}"
    if agreement is Agreement.ROUNDED:
        result.confirmed.append(Confirmation(SHARE, *where, claim, working))
    elif agreement is Agreement.CUT:
        message = f"按{shown(pair.whole)}计算应为{rounded_percentage(true, printed.decimals)}，原文{figure}是截断而不是四舍五入。"
        result.findings.append(Finding("note", SHARE, *where, claim, working, message))
    elif not pair.certain:
        return
    else:
        hint = "（只进不舍，疑为凑足100%）" if agreement is Agreement.RAISED else ""
        message = f"应为{rounded_percentage(true, printed.decimals)}，原文为{figure}{hint}。"
        result.findings.append(Finding("error", SHARE, *where, claim, working, message))

"""Parts that are tied to their whole by the same words: ``县直各单位主动公开政府信息2475条,占62.2%。各乡镇主动公开…``.

No ``其中`` opens such a list; that each part repeats the words of a figure before it, narrowed to some of the bodies,
says whose parts they are, and shares that make up 100 % say that there are no others.
"""

from __future__ import annotations

import re
from decimal import Decimal

from mingzheng.measure.reportcheck.lists import Clauses
from mingzheng.measure.reportcheck.model import SUM, Confirmation, Finding, Result
from mingzheng.measure.reportcheck.quantities import shown
from mingzheng.measure.reportcheck.wording import Sums

SHORTEST_CORE = 5  # characters that parts and whole must have in common
_NARROWED = re.compile(r"各|直|乡镇|街道|部门|单位|本级|县区|市级|县级|区级|镇级")


def check_same_words(clauses: Clauses, sums: Sums) -> Result:
    result = Result()
    run: list[int] = []
    for index in range(len(clauses.quantities)):
        if _carries_share(clauses, index) and (
            not run or clauses.quantities[index].counts_like(clauses.quantities[run[0]])
        ):
            run.append(index)
        elif not clauses.quantities[index].is_rate:
            _check_run(clauses, run, sums, result)
            run = []
    _check_run(clauses, run, sums, result)
    return result


def _carries_share(clauses: Clauses, index: int) -> bool:
    following = clauses.quantities[index + 1] if index + 1 < len(clauses.quantities) else None
    here = clauses.quantities[index]
    return (
        not here.is_rate
        and following is not None
        and following.unit == "%"
        and "占" in clauses.gap(index + 1)
    )


def _check_run(clauses: Clauses, run: list[int], sums: Sums, result: Result) -> None:
    if len(run) < 2 or any(item in sums.whole for item in run):
        return
    quantities = clauses.quantities
    labels = [quantities[item].label for item in run]
    core = _common_ending(labels)
    if len(core) < SHORTEST_CORE or not all(_NARROWED.search(label.removesuffix(core)) for label in labels):
        return
    whole = next((at for at in range(run[0] - 1, -1, -1) if _names(quantities[at].label, core)), None)
    if whole is None or not quantities[whole].counts_like(quantities[run[0]]):
        return
    if any(not quantities[at].is_exact or quantities[at].half_width for at in (whole, *run)):
        return
    total, parts = quantities[whole].value, [quantities[item].value for item in run]
    computed = sum(parts, Decimal(0))
    passage = clauses.passage
    where = (
        passage.place(quantities[run[0]].start),
        passage.quote(quantities[run[0]].start, quantities[run[-1]].end),
    )
    claim = f"{core}{shown(total)}:" + "、".join(shown(part) for part in parts)
    working = "+".join(shown(part) for part in parts) + f"={shown(computed)}"
    if computed == total:
        result.confirmed.append(Confirmation(SUM, *where, claim, working))
    elif computed > total or _make_whole(clauses, run):
        message = f"各部分都称“{core}”，合计{shown(computed)}，与前文“{core}”{shown(total)}不一致。"
        result.findings.append(Finding("error", SUM, *where, claim, working, message))


def _common_ending(labels: list[str]) -> str:
    ending = labels[0]
    for label in labels[1:]:
        while ending and not label.endswith(ending):
            ending = ending[1:]
    return ending


def _names(label: str, core: str) -> bool:
    plain = re.sub(r"(?:总?数|共|总计|共计|为)+$", "", label)
    return plain.endswith(core) and not _NARROWED.search(plain.removesuffix(core)[-8:])


def _make_whole(clauses: Clauses, run: list[int]) -> bool:
    shares = [clauses.quantities[item + 1] for item in run]
    slack = Decimal("0.5") * sum((Decimal(1).scaleb(-share.decimals) for share in shares), Decimal(0))
    return abs(sum((share.value for share in shares), Decimal(0)) - 100) <= slack

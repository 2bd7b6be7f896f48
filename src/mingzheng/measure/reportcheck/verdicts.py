"""What a sum that does not hold amounts to: error, warning or note, and the words for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from mingzheng.measure.reportcheck import partitions
from mingzheng.measure.reportcheck.lists import Clauses, PartList
from mingzheng.measure.reportcheck.model import Level
from mingzheng.measure.reportcheck.quantities import Quantity, shown

# Parts that are channels may exceed the total honestly, for one item can appear in several. An excess below this
# share of the total is no overlap but a slip.
OVERLAP_FROM = Decimal("0.05")
SMALLEST_SLIP = 100  # a smaller round difference is too often chance
_ITEMS = ("条", "篇", "件", "期", "")  # what can appear in several channels


def unfinished(aim: Quantity, parts: Sequence[Quantity]) -> bool:
    """Whether outcomes are held against requests received, some of which may be of last year or still open."""
    received = re.search("收到|受理|新收|接收|接到", aim.label) and not re.search("办结|答复|办理", aim.label)
    labels = [part.words for part in parts]
    carried = any(partitions.is_carried(label) for label in labels)
    return bool(received) and partitions.are_outcomes(labels) and not carried


def exceeds(
    aim: Quantity, parts: Sequence[Quantity], excess: Decimal, overlap: bool, made: PartList
) -> tuple[Level, str]:
    biggest = max(part.value for part in parts)
    message = f"分项之和比总数{shown(aim.value)}多{shown(excess)}"
    channels = aim.unit in _ITEMS and partitions.are_channels([part.words for part in parts])
    if made.opener and unfinished(aim, parts):
        return "warning", message + "；如含上年结转的申请，应当写明。"
    attended = any(re.search("出席|参加|列席|主持", part.label) for part in parts)
    if attended and biggest <= aim.value:
        return "warning", message + "；同一次活动可能由几方一同参加，请核对。"
    if overlap and biggest <= aim.value:
        return "note", message + "；原文说明有重复，不作判断。"
    if overlap or (channels and biggest <= aim.value and excess > aim.value * OVERLAP_FROM):
        return "warning", message + "；同一信息可能在几个渠道重复计算，请核对并说明。"
    if not made.opener.strip("("):  # a bracket or a mere sequence promises less than 其中
        return ("error" if excess <= aim.value else "warning"), message + ",请核对。"
    return "error", message + ",部分不能大于整体。"


def falls_short(
    clauses: Clauses,
    made: PartList,
    aim: Quantity,
    parts: Sequence[Quantity],
    missing: Decimal,
    complete: bool,
    open_list: bool,
) -> tuple[Level, str]:
    message = f"分项之和比总数少{shown(missing)}"
    labels = [part.words for part in parts]
    if open_list:
        return "note", message + "；原文只列举了一部分（“主要”“等”），不作判断。"
    if complete and unfinished(aim, parts):
        return "warning", message + "；如有申请尚在办理或结转下年度，应当写明。"
    if complete:
        return "error", message + "；所列各项依规定即为全部，应当与总数相等。"
    if partitions.has_rest(labels):
        return "error", message + "；已列“其他”，各项应当与总数相等。"
    if re.search("分为|由", made.opener) or _shares_make_whole(clauses, made.parts):
        return "error", message + "；原文表明所列即为全部，各项应当与总数相等。"
    if _swapped(clauses, made, missing):
        return "warning", message + "；调换一个数的两位数字即相等，疑为笔误。"
    if SMALLEST_SLIP <= missing <= aim.value / 2 and re.fullmatch("[1-9]0+", shown(missing)):
        return "warning", message + "；只改动一个数字即相等，疑为笔误。"
    return "note", message + "；原文未说明所列即为全部，不作判断。"


def _shares_make_whole(clauses: Clauses, parts: Sequence[int]) -> bool:
    """Whether every part carries a share and the shares make up 100 %."""
    shares = []
    for item in parts:
        following = clauses.quantities[item + 1] if item + 1 < len(clauses.quantities) else None
        if following is None or following.unit != "%":
            return False
        shares.append(following)
    slack = Decimal("0.5") * sum((Decimal(1).scaleb(-share.decimals) for share in shares), Decimal(0))
    return abs(sum((share.value for share in shares), Decimal(0)) - 100) <= slack


def _swapped(clauses: Clauses, made: PartList, missing: Decimal) -> bool:
    """Whether swapping two neighbouring figures of one number makes the sum right."""
    total = clauses.quantities[made.totals[0]]
    candidates = [
        (total.value, -missing),
        *((clauses.quantities[item].value, missing) for item in made.parts),
    ]
    for value, change in candidates:
        figures = shown(value)
        for at in range(len(figures) - 1):
            swapped = figures[:at] + figures[at + 1] + figures[at] + figures[at + 2 :]
            if "." not in figures and swapped[0] != "0" and Decimal(swapped) - value == change:
                return True
    return False

"""Sums in running text: parts against their total, totals after their parts, written equations, repeated parts.

A list is an error when its parts exceed the total, or fall short although the list says that it is complete;
otherwise a shortfall is only noted, for ``其中`` does not promise that all parts follow.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from mingzheng.measure.reportcheck import partitions
from mingzheng.measure.reportcheck.lists import (
    LONGEST_LABEL,
    Clauses,
    PartList,
    ends_clause,
    find_lists,
    prefix_that_sums,
)
from mingzheng.measure.reportcheck.model import REPEATED, SUM, Confirmation, Finding, Level, Result
from mingzheng.measure.reportcheck.quantities import Quantity, shown

# Parts that are channels may exceed the total honestly, for one item can appear in several. An excess below this
# share of the total is no overlap but a slip.
OVERLAP_FROM = Decimal("0.05")
NEARLY = Decimal("0.05")  # of the total
_ITEMS = ("条", "篇", "件", "期", "")  # what can appear in several channels
SMALLEST_PLAIN_TOTAL = 20  # below it, figures that only follow a total make it up by chance too often


@dataclass
class Sums:
    """What the lists of one passage came to; the shares of the same passage need the totals."""

    result: Result = field(default_factory=Result)
    whole: dict[int, int] = field(default_factory=dict)  # part -> total
    lists: list[PartList] = field(default_factory=list)


def check_sums(clauses: Clauses) -> Sums:
    sums = Sums()
    lists = find_lists(clauses)
    spans: dict[int, int] = {}
    for opened in (True, False):
        for made in reversed(lists):  # inner lists stand to the right of outer ones
            if bool(made.opener) is opened:
                _confirm(clauses, made, made.totals[:1], spans, sums)
    for made in lists:
        if made.total is None and made.opener not in ("", "中") and not made.opener.startswith("("):
            _confirm(clauses, made, _farther_totals(made, sums), spans, sums)
    claimed = {item for made in lists if made.total is not None for item in made.confirmed}
    claimed |= _totals_after(clauses, sums)
    for made in lists:
        if made.total is None and made.first not in claimed:
            _judge(clauses, made, sums)
    _equations(clauses, sums)
    return sums


def _farther_totals(made: PartList, sums: Sums) -> list[int]:
    """Totals before the nearest one: those with no list of their own, or that the nearest is itself a part of."""
    taken = {own.total for own in sums.lists if own.total is not None}
    nearest = sums.whole.get(made.totals[0])
    return [total for total in made.totals[1:] if total not in taken or total == nearest]


def _confirm(
    clauses: Clauses, made: PartList, totals: Sequence[int], spans: dict[int, int], sums: Sums
) -> None:
    for total in totals:
        chosen = prefix_that_sums(clauses, made, total, spans)
        if not chosen or (total != made.totals[0] and not ends_clause(clauses, made, chosen[-1])):
            continue
        if not made.opener and not _plain_list_holds(clauses, made, total, chosen, sums):
            continue
        made.total, made.confirmed = total, chosen
        spans[total] = max([chosen[-1], *(spans.get(item, 0) for item in chosen)])
        _accept(clauses, made, total, chosen, sums)
        _second_division(clauses, made, total, chosen, sums)
        return


def _plain_list_holds(clauses: Clauses, made: PartList, total: int, chosen: list[int], sums: Sums) -> bool:
    """Whether figures that merely follow a total are its parts: all of the sentence, or a division of the whole."""
    labels = [clauses.quantities[item].words for item in chosen]
    if partitions.divides_whole(labels):
        return True
    if clauses.quantities[total].value < SMALLEST_PLAIN_TOTAL or total in sums.whole:
        return False
    return ends_clause(clauses, made, chosen[-1])


def _accept(clauses: Clauses, made: PartList, total: int, chosen: list[int], sums: Sums) -> None:
    parts = [clauses.quantities[item] for item in chosen]
    for item in chosen:
        sums.whole.setdefault(item, total)
    sums.lists.append(made)
    aim = clauses.quantities[total]
    sums.result.confirmed.append(
        Confirmation(SUM, *_where(clauses, total, chosen[-1]), _claim(aim, parts), _working(parts))
    )
    _repeated(clauses, chosen, sums)


def _second_division(clauses: Clauses, made: PartList, total: int, chosen: list[int], sums: Sums) -> None:
    """A total may be divided twice: ``7件,其中自然人6件,法人1件,予以公开1件,不掌握4件,…``."""
    rest = [item for item in made.reach if item > chosen[-1]]
    aim = clauses.quantities[total]
    if len(rest) < 2 or aim.value < 2:
        return
    following = PartList(rest[0], made.opener, [total], rest, rest)
    second = prefix_that_sums(clauses, following, total, {})
    if second:
        following.total, following.confirmed = total, second
        _accept(clauses, following, total, second, sums)
        return
    words = clauses.quantities
    following.parts = [item for item in made.parts if item > chosen[-1]]
    if len(following.parts) < 2:  # …当面13件。个人1030件,法人15件: a sentence of its own
        ends = (at for at, item in enumerate(rest[1:], 1) if re.search("[。!?]", clauses.gap(item)))
        following.parts = rest[: next(ends, len(rest))]
        certain = partitions.divides_whole([words[item].words for item in following.parts])
    else:
        certain = partitions.are_outcomes([words[item].words for item in following.parts])
    if certain:
        _judge(clauses, following, sums)


def _judge(clauses: Clauses, made: PartList, sums: Sums) -> None:
    """A list that no reading makes true: error, warning or note, whichever the words bear out."""
    parts = [clauses.quantities[item] for item in made.parts]
    labels = [part.words for part in parts]
    complete = partitions.divides_whole(labels)
    if not made.opener and not complete:
        _judge_plain(clauses, made, parts, sums)
        return
    total = _likeliest_total(clauses, made, sums)
    aim = clauses.quantities[total]
    if _divides_both(clauses, made, total, parts, sums):
        return
    if not all(quantity.is_exact for quantity in [aim, *parts]):
        return
    excess = sum((part.value for part in parts), Decimal(0)) - aim.value
    slack = sum((part.half_width for part in parts), aim.half_width)
    if len(parts) < 2 and (excess <= slack or not _surely_part(clauses, made)):
        return
    if abs(excess) <= slack:
        return
    for item in made.parts:
        sums.whole.setdefault(item, total)
    sums.lists.append(made)
    after = clauses.after(made.parts[-1])
    open_list = partitions.is_open(made.opener, labels, after)
    between = clauses.text[aim.start : parts[-1].end] + re.split("[。!?]", after)[0]
    level: Level
    if aim.unit and parts[0].unit and aim.unit != parts[0].unit:
        level = "warning" if excess > 0 else "note"
        message = (
            f"分项之和与总数相差{shown(abs(excess))}，且单位不同（{aim.unit}、{parts[0].unit}），请核对。"
        )
    elif excess > 0:
        level, message = _exceeds(aim, parts, excess, partitions.may_overlap(between), made)
        if level == "error" and _own_subject(clauses, made, total):
            level = "warning"
    else:
        level, message = _falls_short(clauses, made, parts, -excess, complete, open_list)
    sums.result.findings.append(
        Finding(
            level, SUM, *_where(clauses, total, made.parts[-1]), _claim(aim, parts), _working(parts), message
        )
    )
    _repeated(clauses, made.parts, sums)


def _judge_plain(clauses: Clauses, made: PartList, parts: Sequence[Quantity], sums: Sums) -> None:
    """Figures that only follow a total and nearly make it up: worth a look, no more."""
    total = made.totals[0]
    aim = clauses.quantities[total]
    difference = sum((part.value for part in parts), Decimal(0)) - aim.value
    near = abs(difference) <= aim.value * NEARLY and difference != 0
    if len(parts) < 3 or not near or total in sums.whole or any(part.value > aim.value for part in parts):
        return
    if not ends_clause(clauses, made, made.parts[-1]) or not all(part.is_exact for part in [aim, *parts]):
        return
    message = f"后列各数之和与{shown(aim.value)}相差{shown(abs(difference))}；如为其分项，请核对。"
    where = _where(clauses, total, made.parts[-1])
    sums.result.findings.append(Finding("warning", SUM, *where, _claim(aim, parts), _working(parts), message))


def _likeliest_total(clauses: Clauses, made: PartList, sums: Sums) -> int:
    """The nearest figure before the list, unless that is itself a part of another list that has ended.

    Requests carried over have no outcome yet: ``办理91件,结转下年度6件。其中,予以公开32件…`` divides the 91.
    """
    nearest = made.totals[0]
    ended = re.search("[。;]", clauses.between(nearest, made.first))
    if ended and nearest in sums.whole:
        return sums.whole[nearest]
    if partitions.are_outcomes([clauses.quantities[item].words for item in made.parts]):
        closed = (at for at in made.totals if not partitions.is_carried(clauses.quantities[at].label))
        return next(closed, nearest)
    return nearest


def _divides_both(
    clauses: Clauses, made: PartList, total: int, parts: Sequence[Quantity], sums: Sums
) -> bool:
    """Whether a list may divide two figures together: ``建议38件、提案62件,其中省级6件、市级94件``."""
    before = total - 1
    if before < 0 or clauses.quantities[before].unit != clauses.quantities[total].unit or not made.opener:
        return False
    gap = re.sub(r"\([^()]*\)|^[^()]*\)", "", clauses.gap(total))
    if re.search("[。;:!?]|其中|包括", gap) or clauses.quantities[before].is_rate:
        return False
    both = clauses.quantities[before].value + clauses.quantities[total].value
    computed = sum((part.value for part in parts), Decimal(0))
    if computed == both and len(parts) >= 2:
        where = _where(clauses, before, made.parts[-1])
        claim = f"{shown(clauses.quantities[before].value)}+{_claim(clauses.quantities[total], parts)}"
        sums.result.confirmed.append(Confirmation(SUM, *where, claim, _working(parts)))
        return True
    return bool(re.search("[、和与及]", gap)) and "," not in gap and computed < both


def _surely_part(clauses: Clauses, made: PartList) -> bool:
    """Whether a single figure can only be a part of the figure before it: same unit, adjoining, ``其中``."""
    total, part = made.totals[0], made.first
    same = (
        bool(clauses.quantities[part].unit)
        and clauses.quantities[total].unit == clauses.quantities[part].unit
    )
    return same and total == part - 1 and "中" in made.opener and len(clauses.gap(part)) <= LONGEST_LABEL


def _own_subject(clauses: Clauses, made: PartList, total: int) -> bool:
    """Whether a list begins a clause with a subject of its own: ``…46个;新媒体矩阵包括微信56个、…``."""
    if not made.opener.startswith(("包", "涵", "由", "分")):
        return False
    before, word, _ = clauses.between(total, made.first).partition(made.opener)
    return bool(word) and ";" in before and len(re.split("[,;。]", before)[-1]) >= 4


def _exceeds(
    aim: Quantity, parts: Sequence[Quantity], excess: Decimal, overlap: bool, made: PartList
) -> tuple[Level, str]:
    biggest = max(part.value for part in parts)
    message = f"分项之和比总数{shown(aim.value)}多{shown(excess)}"
    channels = aim.unit in _ITEMS and partitions.are_channels([part.words for part in parts])
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


def _falls_short(
    clauses: Clauses,
    made: PartList,
    parts: Sequence[Quantity],
    missing: Decimal,
    complete: bool,
    open_list: bool,
) -> tuple[Level, str]:
    message = f"分项之和比总数少{shown(missing)}"
    labels = [part.words for part in parts]
    if open_list:
        return "note", message + "；原文只列举了一部分（“主要”“等”），不作判断。"
    if complete:
        return "error", message + "；所列各项依规定即为全部，应当与总数相等。"
    if partitions.has_rest(labels):
        return "error", message + "；已列“其他”，各项应当与总数相等。"
    if re.search("分为|由", made.opener) or _shares_make_whole(clauses, made.parts):
        return "error", message + "；原文表明所列即为全部，各项应当与总数相等。"
    if _swapped(clauses, made, missing):
        return "warning", message + "；调换一个数的两位数字即相等，疑为笔误。"
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


def _repeated(clauses: Clauses, parts: Sequence[int], sums: Sums) -> None:
    """A part that is named twice in one flat list."""
    labels = [_core(clauses.quantities[item].label) for item in parts]
    for label, times in Counter(labels).items():
        if times < 2 or len(label) < 2:
            continue
        same = [item for item, own in zip(parts, labels, strict=True) if own == label]
        if any(re.search("[。;(::]", clauses.gap(item)) for item in same):
            continue  # under another heading the same words mean another part
        figures = "、".join(shown(clauses.quantities[item].value) for item in same)
        sums.result.findings.append(
            Finding(
                "error", REPEATED, *_where(clauses, parts[0], parts[-1]), f"“{label}”列了{times}次",
                f"“{label}”分别为{figures}", f"同一组分项中“{label}”重复出现，应当合并或改正其中一项的名称。",
            )
        )  # fmt: skip


def _core(label: str) -> str:
    return re.sub(r"^(?:已|共|其中|包括|中)|(?:数|的|为|共|有)$", "", label)


def _totals_after(clauses: Clauses, sums: Sums) -> set[int]:
    """A total that follows its parts: ``政策11条,重大政策17条,共公开28条``; gives the parts of all such totals."""
    quantities = clauses.quantities
    claimed: set[int] = set()
    for total, aim in enumerate(quantities):
        word = re.match(r"(?:以上|两项|三项|各项)?(?:合计|共计|总计|总共|一共|共)", aim.label)
        if (
            not word
            or re.search("办理|办结|答复|处理", aim.label)
            or aim.is_rate
            or total in sums.whole.values()
        ):
            continue
        parts: list[int] = []
        rest, slack = aim.value, aim.half_width
        for index in range(total - 1, -1, -1):
            part = quantities[index]
            if re.search("[。!?]", clauses.between(index, total)) or part.depth < aim.depth:
                break
            if part.depth > aim.depth or not clauses.countable(index) or part.unit != aim.unit:
                continue
            parts.insert(0, index)
            rest -= part.value
            slack += part.half_width
            if abs(rest) <= slack and len(parts) >= 2:
                break
        if len(parts) < 2 or any(item in sums.whole for item in parts):
            continue
        listed = [quantities[item] for item in parts]
        where = _where(clauses, parts[0], total)
        if abs(rest) <= slack:
            sums.result.confirmed.append(Confirmation(SUM, *where, _claim(aim, listed), _working(listed)))
            sums.whole.update(dict.fromkeys(parts, total))
            claimed.update(parts)
        elif (
            all(quantities[at].is_rate for at in range(parts[-1] + 1, total))
            and all(part.is_exact for part in [aim, *listed])
            and all(part.value != aim.value for part in listed)
        ):
            level: Level = "error" if _sums_up(clauses, parts, total, word.group()) else "warning"
            claimed.update(parts if level == "error" else ())
            message = f"各项之和与“{word.group()}”的数相差{shown(abs(rest))}。"
            sums.result.findings.append(
                Finding(level, SUM, *where, _claim(aim, listed), _working(listed), message)
            )
    return claimed


def _sums_up(clauses: Clauses, parts: Sequence[int], total: int, word: str) -> bool:
    """Whether the word can only mean the figures right before it: 合计, or a plain enumeration before 共计."""
    if len(clauses.quantities[total].label) > len(word) + 4:
        return False
    enumerated = all("、" in clauses.gap(part) and "," not in clauses.gap(part) for part in parts[1:])
    return word.endswith(("合计", "总计")) or enumerated


_EQUATION = re.compile(
    r"(?<![\d.+=/-])(\d+(?:\.\d+)?(?:[条件个项份篇]?\+\d+(?:\.\d+)?[条件个项份篇]?)+)=(\d+(?:\.\d+)?)(?![\d.%+/-])"
)


def _equations(clauses: Clauses, sums: Sums) -> None:
    """Equations written out: ``14069+560=14629``."""
    passage = clauses.passage
    for match in _EQUATION.finditer(clauses.text):
        computed = sum((Decimal(term) for term in re.findall(r"\d+(?:\.\d+)?", match[1])), Decimal(0))
        where = passage.place(match.start()), passage.quote(*match.span())
        working = f"{match[1]}={shown(computed)}"
        if computed == Decimal(match[2]):
            sums.result.confirmed.append(Confirmation(SUM, *where, match.group(), working))
        else:
            sums.result.findings.append(Finding("error", SUM, *where, match.group(), working, "算式不成立。"))


def _where(clauses: Clauses, first: int, last: int) -> tuple[str, str]:
    start, end = clauses.quantities[first].start, clauses.quantities[last].end
    return clauses.passage.place(start), clauses.passage.quote(start, end)


def _claim(aim: Quantity, parts: Sequence[Quantity]) -> str:
    listed = "、".join(f"{part.words[-16:]}{shown(part.value)}" for part in parts)
    return f"{aim.label[-20:]}{shown(aim.value)}{aim.unit}:{listed}"


def _working(parts: Sequence[Quantity]) -> str:
    total = sum((part.value for part in parts), Decimal(0))
    return "+".join(shown(part.value) for part in parts) + f"={shown(total)}"

"""Sums in running text: parts against their total, totals after their parts, written equations, repeated parts.

A list is an error when its parts exceed the total, or fall short although the list says that it is complete;
otherwise a shortfall is only noted, for ``其中`` does not promise that all parts follow.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
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
from mingzheng.measure.reportcheck.model import REPEATED, SUM, Confirmation, Finding, Level
from mingzheng.measure.reportcheck.quantities import Quantity, shown
from mingzheng.measure.reportcheck.totals_after import equations, totals_after
from mingzheng.measure.reportcheck.verdicts import exceeds, falls_short
from mingzheng.measure.reportcheck.wording import Sums, claim, where, working

NEARLY = Decimal("0.05")  # of the total
SMALLEST_PLAIN_TOTAL = 20  # below it, figures that only follow a total make it up by chance too often


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
    claimed |= totals_after(clauses, sums)
    for made in lists:
        if made.total is None and made.first not in claimed:
            _judge(clauses, made, sums)
    equations(clauses, sums)
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
        Confirmation(SUM, *where(clauses, total, chosen[-1]), claim(aim, parts), working(parts))
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
    if complete and _fits_other_total(clauses, made, sums):
        return
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
        level, message = exceeds(aim, parts, excess, partitions.may_overlap(between), made)
        if level == "error" and _own_subject(clauses, made, total):
            level = "warning"
    else:
        level, message = falls_short(clauses, made, aim, parts, -excess, complete, open_list)
    sums.result.findings.append(
        Finding(
            level, SUM, *where(clauses, total, made.parts[-1]), claim(aim, parts), working(parts), message
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
    place = where(clauses, total, made.parts[-1])
    sums.result.findings.append(Finding("warning", SUM, *place, claim(aim, parts), working(parts), message))


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
        place = where(clauses, before, made.parts[-1])
        both_claim = f"{shown(clauses.quantities[before].value)}+{claim(clauses.quantities[total], parts)}"
        sums.result.confirmed.append(Confirmation(SUM, *place, both_claim, working(parts)))
        return True
    return bool(re.search("[、和与及]", gap)) and "," not in gap and computed < both


def _fits_other_total(clauses: Clauses, made: PartList, sums: Sums) -> bool:
    """Whether a division that is complete makes up another figure before it: all outcomes, but not those open."""
    chosen = [item for item in made.parts if not partitions.is_carried(clauses.quantities[item].words)]
    aim = sum((clauses.quantities[item].value for item in chosen), Decimal(0))
    before = range(made.first - 1, max(-1, made.first - 12), -1)
    fitting = (at for at in before if clauses.quantities[at].value == aim and clauses.countable(at))
    total = next(
        (at for at in fitting if clauses.quantities[at].counts_like(clauses.quantities[made.first])), None
    )
    if total is None or len(chosen) < 2:
        return False
    made.total, made.confirmed = total, chosen
    _accept(clauses, made, total, chosen, sums)
    return True


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
                "error", REPEATED, *where(clauses, parts[0], parts[-1]), f"“{label}”列了{times}次",
                f"“{label}”分别为{figures}", f"同一组分项中“{label}”重复出现，应当合并或改正其中一项的名称。",
            )
        )  # fmt: skip


def _core(label: str) -> str:
    return re.sub(r"^(?:已|共|其中|包括|中)|(?:数|的|为|共|有)$", "", label)

"""Totals that follow their parts (``合计``, ``共``), and equations that are written out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from mingzheng.measure.reportcheck.lists import Clauses
from mingzheng.measure.reportcheck.model import SUM, Confirmation, Finding, Level
from mingzheng.measure.reportcheck.quantities import shown
from mingzheng.measure.reportcheck.wording import Sums, claim, where, working

FAR_OFF = Decimal("0.5")  # of the total; figures that differ by more are not its parts


def totals_after(clauses: Clauses, sums: Sums) -> set[int]:
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
        place = where(clauses, parts[0], total)
        if abs(rest) <= slack:
            sums.result.confirmed.append(Confirmation(SUM, *place, claim(aim, listed), working(listed)))
            sums.whole.update(dict.fromkeys(parts, total))
            claimed.update(parts)
        elif (
            all(quantities[at].is_rate for at in range(parts[-1] + 1, total))
            and all(part.is_exact for part in [aim, *listed])
            and all(part.value != aim.value for part in listed)
        ):
            each = any(re.search("各|每", part.label) for part in listed)  # 12个科室各负责1项
            if each or abs(rest) > aim.value * FAR_OFF:
                continue
            level: Level = "error" if _sums_up(clauses, parts, total, word.group()) else "warning"
            claimed.update(parts if level == "error" else ())
            message = f"各项之和与“{word.group()}”的数相差{shown(abs(rest))}。"
            sums.result.findings.append(
                Finding(level, SUM, *place, claim(aim, listed), working(listed), message)
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


def equations(clauses: Clauses, sums: Sums) -> None:
    """Equations written out: ``14069+560=14629``."""
    passage = clauses.passage
    for match in _EQUATION.finditer(clauses.text):
        computed = sum((Decimal(term) for term in re.findall(r"\d+(?:\.\d+)?", match[1])), Decimal(0))
        place = passage.place(match.start()), passage.quote(*match.span())
        equation = f"{match[1]}={shown(computed)}"
        if computed == Decimal(match[2]):
            sums.result.confirmed.append(Confirmation(SUM, *place, match.group(), equation))
        else:
            sums.result.findings.append(
                Finding("error", SUM, *place, match.group(), equation, "算式不成立。")
            )

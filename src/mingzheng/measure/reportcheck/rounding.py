"""Compares a printed percentage with the worked-out one: rounded, cut off, rounded up, or simply different."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from enum import Enum

_CONTEXT = Context(prec=40)


class Agreement(Enum):
    """How a printed figure agrees with the worked-out one at the printed number of decimals."""

    ROUNDED = "四舍五入"
    CUT = "截断"
    RAISED = "进一"
    DIFFERENT = "不符"


def percentage(part: Decimal, whole: Decimal) -> Decimal:
    """``part`` / ``whole`` in percent; ``whole`` is not zero."""
    return _CONTEXT.divide(part * 100, whole)


def compare(printed: Decimal, decimals: int, true: Decimal) -> Agreement:
    """How ``printed``, given to ``decimals`` places, agrees with ``true``."""
    place = Decimal(1).scaleb(-decimals)
    if printed in (true.quantize(place, mode, context=_CONTEXT) for mode in (ROUND_HALF_UP, ROUND_HALF_EVEN)):
        return Agreement.ROUNDED
    if printed == true.quantize(place, ROUND_DOWN, context=_CONTEXT):
        return Agreement.CUT
    if printed == true.quantize(place, ROUND_CEILING, context=_CONTEXT):
        return Agreement.RAISED
    return Agreement.DIFFERENT


def agreed_range(printed: Decimal, decimals: int, low: Decimal, high: Decimal) -> Agreement:
    """Like ``compare`` when the true value is only known to lie between ``low`` and ``high``."""
    worst = Agreement.DIFFERENT
    for true in (low, high):
        agreement = compare(printed, decimals, true)
        if agreement is Agreement.ROUNDED:
            return agreement
        worst = agreement if agreement is not Agreement.DIFFERENT else worst
    if low <= printed <= high:
        return Agreement.ROUNDED
    return worst


def rounded_percentage(value: Decimal, decimals: int) -> str:
    """``value`` to as many places as the report gives."""
    return f"{value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, context=_CONTEXT)}%"


def shown_percentage(value: Decimal) -> str:
    return f"{value.quantize(Decimal('0.0001'), ROUND_HALF_UP, context=_CONTEXT)}%"

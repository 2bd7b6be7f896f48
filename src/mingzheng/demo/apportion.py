"""Divides a whole number by weights so that the parts add up exactly: the largest remainder method."""

from __future__ import annotations

from collections.abc import Sequence


def apportion(
    total: int,
    weights: Sequence[float],
    *,
    least: Sequence[int] | None = None,
    most: Sequence[int] | None = None,
) -> list[int]:
    """Parts of ``total`` in proportion to ``weights``: each gets its whole quota, the largest remainders one more.

    ``least`` is given to each part before anything is divided; no part grows beyond ``most``. Raises ValueError
    when the bounds leave no solution.
    """
    parts = list(least) if least else [0] * len(weights)
    room = [high - low for high, low in zip(most, parts, strict=True)] if most else None
    rest = total - sum(parts)
    while rest > 0:
        open_parts = [i for i, weight in enumerate(weights) if weight > 0 and (room is None or room[i] > 0)]
        if not open_parts:
            break
        given = _round(rest, open_parts, weights, room)
        for i, more in given.items():
            parts[i] += more
            if room is not None:
                room[i] -= more
        rest -= sum(given.values())
    if rest:
        raise ValueError(f"{total} cannot be divided within its bounds: {rest} left over")
    return parts


def _round(
    rest: int, open_parts: list[int], weights: Sequence[float], room: list[int] | None
) -> dict[int, int]:
    """One round of quotas and remainders; what a full part could not take is left for the next round."""
    whole = sum(weights[i] for i in open_parts)
    quotas = {i: rest * weights[i] / whole for i in open_parts}
    given = {i: int(quota) for i, quota in quotas.items()}
    left = rest - sum(given.values())
    for i in sorted(open_parts, key=lambda i: (given[i] - quotas[i], i))[:left]:
        given[i] += 1
    if room is not None:
        given = {i: min(count, room[i]) for i, count in given.items()}
    return given

"""The course of readings as a picture in the page (SVG): a bar a day, or a month when the days are many."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

WIDTH, HEIGHT, LEFT, TOP, FOOT = 860, 220, 56, 14, 26
_LABELS: Final = 8  # at most so many dates stand below


def bars(title: str, counts: Sequence[tuple[str, int]]) -> str:
    """Bars of (label, count). Screen readers hear the title and the extremes; every number is in the table beside it."""
    largest = max((count for _, count in counts), default=0)
    top = _round_up(largest)
    high, wide = HEIGHT - TOP - FOOT, (WIDTH - LEFT) / max(1, len(counts))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="readings-chart" role="img" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'fill="currentColor" font-size="13"><title>{escape(title)}</title><desc>{escape(_spoken(counts))}</desc>'
    ]
    for share in (0.0, 0.5, 1.0):
        y = TOP + high * (1 - share)
        parts.append(
            f'<line x1="{LEFT}" x2="{WIDTH}" y1="{y:.1f}" y2="{y:.1f}" stroke="currentColor" opacity="0.15"/>'
        )
        if share == 0 or top * share == int(top * share):
            parts.append(
                f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end" opacity="0.75">{top * share:,.0f}</text>'
            )
    step = -(-len(counts) // _LABELS)
    for number, (label, count) in enumerate(counts):
        x, height = LEFT + number * wide, high * count / top
        parts.append(
            f'<rect class="bar" x="{x + wide * 0.12:.1f}" y="{TOP + high - height:.1f}" width="{wide * 0.76:.1f}" '
            f'height="{height:.1f}"><title>{escape(label)}：{count:,}</title></rect>'
        )
        if number % step == 0:
            parts.append(
                f'<text x="{x + wide / 2:.1f}" y="{HEIGHT - 8}" text-anchor="middle" opacity="0.75">{escape(label)}</text>'
            )
    return "".join([*parts, "</svg>"])


def _spoken(counts: Sequence[tuple[str, int]]) -> str:
    if not counts:
        return "没有数据。"
    most, least = max(counts, key=lambda each: each[1]), min(counts, key=lambda each: each[1])
    return f"{counts[0][0]}至{counts[-1][0]}；最多{most[0]}，{most[1]}次；最少{least[0]}，{least[1]}次。"


def _round_up(largest: int) -> int:
    """The next round number: 1, 2, 3, 4, 5, 6, 8, 10, 20 …"""
    size = 1
    while True:
        for step in (1, 2, 3, 4, 5, 6, 8):
            if largest <= step * size:
                return step * size
        size *= 10

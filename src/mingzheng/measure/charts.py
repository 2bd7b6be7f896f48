"""A bar chart as a picture in the page (SVG): pairs of bars, this year over the year before, each with its number."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

WIDTH, LABEL, VALUE = 640, 150, 80
BAR, GAP, HEAD = 18, 14, 34


def paired_bars(title: str, names: tuple[str, str], bars: Sequence[tuple[str, int, int]]) -> str:
    """Bars of (label, now, before), named by ``names``. Screen readers hear the title and every number.

    Colours follow the text, so that the picture holds on dark ground and in print; numbers stand beside the bars.
    """
    largest = max((max(now, before) for _, now, before in bars), default=0) or 1
    height = HEAD + len(bars) * (2 * BAR + GAP)
    spoken = "；".join(f"{label}：{names[0]}{now}，{names[1]}{before}" for label, now, before in bars)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
        f'fill="currentColor" font-size="14"><title>{escape(title)}</title><desc>{escape(spoken)}。</desc>',
        *_legend(names),
    ]
    for number, (label, now, before) in enumerate(bars):
        top = HEAD + number * (2 * BAR + GAP)
        parts.append(_text(LABEL - 10, top + BAR + 5, label, "end"))
        parts += _bar(top, now, largest, "0.85")
        parts += _bar(top + BAR, before, largest, "0.35")
    return "".join([*parts, "</svg>"])


def _legend(names: tuple[str, str]) -> list[str]:
    return [
        f'<rect x="{LABEL}" y="6" width="12" height="12" opacity="0.85"/>',
        _text(LABEL + 18, 17, names[0]),
        f'<rect x="{LABEL + 90}" y="6" width="12" height="12" opacity="0.35"/>',
        _text(LABEL + 108, 17, names[1]),
    ]


def _bar(top: int, value: int, largest: int, opacity: str) -> list[str]:
    length = round((WIDTH - LABEL - VALUE) * value / largest, 1)
    return [
        f'<rect x="{LABEL}" y="{top}" width="{length}" height="{BAR - 2}" opacity="{opacity}"/>',
        _text(LABEL + length + 6, top + BAR - 5, f"{value}"),
    ]


def _text(x: float, y: float, text: str, anchor: str = "start") -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}">{escape(text)}</text>'

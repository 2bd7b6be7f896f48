"""The numbers that Word writes before paragraphs by itself, 一、 （一） 1. ①, as a reader sees them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from docx.oxml.ns import qn

from mingzheng.law.doc_number_text import chinese

BULLET = "•"
_LEVELS = 9
_PLACE = re.compile(r"%([1-9])")
_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    style: str
    text: str
    plain: bool  # shows the numbers of outer levels in Arabic figures (w:isLgl)


class Numbers:
    """Counts the numbered paragraphs of one document in their order. ``root`` is numbering.xml, or None."""

    def __init__(self, root: Any | None) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, str] = {}
        self._restarts: dict[tuple[str, int], int] = {}
        self._counts: dict[str, list[int | None]] = {}
        self.by_style: dict[str, tuple[str, int]] = {}
        if root is not None:
            self._read(root)

    def _read(self, root: Any) -> None:
        for abstract in root.iterfind(qn("w:abstractNum")):
            levels = {_int(level.get(qn("w:ilvl")), 0): level for level in abstract.iterfind(qn("w:lvl"))}
            self._levels[abstract.get(qn("w:abstractNumId"))] = {n: _level(x) for n, x in levels.items()}
        for num in root.iterfind(qn("w:num")):
            number, abstract = num.get(qn("w:numId")), _value(num, "w:abstractNumId")
            self._lists[number] = abstract
            for override in num.iterfind(qn("w:lvlOverride")):
                if (start := _value(override, "w:startOverride")) != "":
                    self._restarts[number, _int(override.get(qn("w:ilvl")), 0)] = _int(start, 1)
        numbers = {abstract: number for number, abstract in reversed(self._lists.items())}
        for abstract in root.iterfind(qn("w:abstractNum")):
            number = numbers.get(abstract.get(qn("w:abstractNumId")))
            for level in abstract.iterfind(qn("w:lvl")):
                if number and (style := _value(level, "w:pStyle")):
                    self.by_style[style] = (number, _int(level.get(qn("w:ilvl")), 0))

    def next_mark(self, number: str, level: int) -> str:
        """The mark of the next paragraph of this list and level (from 0); empty when it has none."""
        abstract = self._lists.get(number, "")
        levels = self._levels.get(abstract, {})
        if level not in levels:
            return ""
        counts = self._counts.setdefault(abstract, [None] * _LEVELS)
        before = counts[level]
        restart = self._restarts.pop((number, level), None)
        fresh = levels[level].start if before is None else before + 1
        counts[level] = fresh if restart is None else restart
        counts[level + 1 :] = [None] * (_LEVELS - level - 1)
        if levels[level].style == "bullet":
            return BULLET
        return _PLACE.sub(
            lambda place: self._figure(levels, counts, int(place[1]) - 1, level), levels[level].text
        )

    @staticmethod
    def _figure(levels: dict[int, _Level], counts: list[int | None], place: int, level: int) -> str:
        if place not in levels:
            return ""
        count = counts[place]
        style = "decimal" if levels[level].plain else levels[place].style
        return figure(levels[place].start if count is None else count, style)


def figure(value: int, style: str) -> str:
    """``value`` in one of Word's number styles; Arabic where the style has no such number."""
    if style == "none":
        return ""
    write = _STYLES.get(style)
    return (write(value) if write and value > 0 else "") or str(value)


def _level(element: Any) -> _Level:
    return _Level(
        start=_int(_value(element, "w:start"), 1),
        style=_value(element, "w:numFmt") or "decimal",
        text=_value(element, "w:lvlText"),
        plain=element.find(qn("w:isLgl")) is not None,
    )


def _value(element: Any, name: str) -> str:
    child = element.find(qn(name))
    return "" if child is None else child.get(qn("w:val")) or ""


def _int(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else otherwise


def _of(marks: str) -> Callable[[int], str]:
    return lambda value: marks[value - 1] if value <= len(marks) else ""


def _chinese(value: int) -> str:
    return chinese(value) if value < 100 else ""


def _letters(value: int) -> str:
    return chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1)


def _roman(value: int) -> str:
    text = ""
    for worth, mark in _ROMAN if value < 400 else ():
        times, value = divmod(value, worth)
        text += mark * times
    return text


def _wide(value: int) -> str:
    return str(value).translate({ord("0") + n: ord("０") + n for n in range(10)})


_STYLES: dict[str, Callable[[int], str]] = {
    **dict.fromkeys(
        ("chineseCounting", "chineseCountingThousand", "taiwaneseCounting", "taiwaneseCountingThousand",
         "japaneseCounting", "ideographDigital"),
        _chinese,
    ),
    "chineseLegalSimplified": _of("壹贰叁肆伍陆柒捌玖拾"),
    "ideographTraditional": _of("甲乙丙丁戊己庚辛壬癸"),
    "decimalEnclosedCircle": _of("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"),
    "decimalEnclosedCircleChinese": _of("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"),
    "decimalEnclosedParen": _of("⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇"),
    "decimalEnclosedFullstop": _of("⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛"),
    "decimalFullWidth": _wide,
    "decimalZero": lambda value: f"{value:02d}",
    "lowerLetter": _letters,
    "upperLetter": lambda value: _letters(value).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda value: _roman(value).upper(),
}  # fmt: skip

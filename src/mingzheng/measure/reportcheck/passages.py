"""Running text: lines joined into passages without spaces, each character knowing its line.

Converters break sentences at line ends and put spaces into words (``建 设局``, ``7435\\n\\n条``); the rules work on
text without them, and quote the original.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mingzheng.measure.reportcheck.folding import fold
from mingzheng.measure.reportcheck.lines import Line

NUMERALS = "一二三四五六七八九十"
_HEADING = re.compile(
    rf"^\s*(?:[{NUMERALS}]+、|\([{NUMERALS}]+\)|\d{{1,2}}[.、](?!\d)|第[{NUMERALS}]+[条章节部])"
)
_SECTION = re.compile(rf"(?:^|[\s。;])((?:[{NUMERALS}]+、|\([{NUMERALS}]+\))[^\s。,;:()0-9]{{2,24}})")
_FURNITURE = re.compile(r"^\s*(?:---|===|标题[::]|发布|来源|索引号|文号|附件|当前位置|您当前|首页)")
_ENDS = "。!?"
LONGEST_QUOTE = 160  # characters


@dataclass(frozen=True)
class Passage:
    """A stretch of running text: ``text`` is folded and without spaces, ``raw`` is as written."""

    text: str
    raw: str
    origin: tuple[int, ...]  # position in raw of each character of text
    places: tuple[tuple[int, str], ...]  # position in raw where each line begins, and its place
    section: str = ""

    def place(self, position: int) -> str:
        """Where the character at ``position`` of ``text`` stands, for a person with the file open."""
        at = self.origin[min(position, len(self.origin) - 1)] if self.origin else 0
        line = [place for start, place in self.places if start <= at][-1]
        return f"{line}，{self.section}" if self.section else line

    def sentence(self, start: int, end: int) -> tuple[int, int]:
        """The bounds of the sentence or sentences that hold ``text[start:end]``."""
        first = max(self.text.rfind(mark, 0, start) for mark in _ENDS) + 1
        ends = [at for at in (self.text.find(mark, max(end - 1, start)) for mark in _ENDS) if at >= 0]
        last = min(ends) + 1 if ends else len(self.text)
        if last - first > LONGEST_QUOTE:  # the clauses around are enough
            close = [at for at in (self.text.find(mark, end, last) for mark in ";,") if at >= 0]
            last = min(close) if close else last
            opening = re.compile("[;,]").search(self.text, max(first, last - LONGEST_QUOTE), start)
            first = opening.end() if opening else first
        return first, last

    def quote(self, start: int, end: int) -> str:
        """The sentence around ``text[start:end]`` as written, on one line."""
        first, last = self.sentence(start, end)
        if not self.origin or first >= last:
            return ""
        written = self.raw[self.origin[first] : self.origin[last - 1] + 1]
        return re.sub(r"\s*\n\s*", "", written).strip()

    def written(self, start: int, end: int) -> str:
        """Exactly ``text[start:end]`` as written, on one line."""
        written = self.raw[self.origin[start] : self.origin[end - 1] + 1] if start < end else ""
        return re.sub(r"\s*\n\s*", "", written).strip()


def passages(lines: Iterable[Line]) -> list[Passage]:
    """The running text of a report: table rows left out, broken sentences made whole."""
    found: list[Passage] = []
    section = ""
    for group in _groups(lines):
        raw = ""
        places: list[tuple[int, str]] = []
        for line in group:
            places.append((len(raw), line.place))
            raw += line.text + "\n"
        text, origin = flow(raw)
        if heading := _SECTION.search(fold(raw[:60]).lstrip()):
            section = heading.group(1)
        found.append(Passage(text, raw, origin, tuple(places), section))
    return found


def flow(raw: str) -> tuple[str, tuple[int, ...]]:
    """``raw`` folded and without spaces, except one between two figures; and where each character was."""
    folded = fold(raw)
    text: list[str] = []
    origin: list[int] = []
    gap = False
    for position, character in enumerate(folded):
        if character.isspace() or character in "\u200b\ufeff\xad":
            gap = True
            continue
        if gap and text and _figure(text[-1]) and _figure(character):
            text.append(" ")
            origin.append(position - 1)
        text.append(character)
        origin.append(position)
        gap = False
    return "".join(text), tuple(origin)


def _figure(character: str) -> bool:
    return character.isascii() and (character.isdigit() or character in ".%")


def _groups(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Lines that make up one passage; a row of a table or a heading ends it."""
    group: list[Line] = []
    for line in lines:
        folded = fold(line.text)
        if line.is_row or not folded.strip():
            if line.is_row and group:
                yield group
                group = []
            continue
        starts = bool(_HEADING.match(folded) or _FURNITURE.match(folded))
        continues = folded.lstrip().startswith("其中")
        if group and not continues and (starts or _closed(group[-1])):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _closed(line: Line) -> bool:
    folded = fold(line.text).rstrip()
    short_heading = (
        bool(_HEADING.match(folded)) and len(folded) <= 30 and not folded.endswith((",", ";", ":", "、"))
    )
    return folded[-1:] in tuple(_ENDS) or short_heading or bool(_FURNITURE.match(folded))

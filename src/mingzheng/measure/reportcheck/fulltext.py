"""The whole report as one text with line ends, for finding forms in it wherever their cells ended up."""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence

from mingzheng.measure.reportcheck.folding import fold
from mingzheng.measure.reportcheck.lines import Line


class FullText:
    """All lines of a report; ``text`` is folded, of the same length as ``raw``."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._places = [line.place for line in lines]
        self._starts: list[int] = []
        at = 0
        for line in lines:
            self._starts.append(at)
            at += len(line.text) + 1
        self.raw = "\n".join(line.text for line in lines)
        self.text = fold(self.raw)

    def place(self, position: int) -> str:
        return self._places[max(0, bisect.bisect_right(self._starts, position) - 1)]

    def written(self, start: int, end: int) -> str:
        """The original of a stretch on one line."""
        return re.sub(r"\s+", " ", self.raw[start:end]).strip()


def loosely(words: str) -> str:
    """A pattern for ``words`` that allows spaces, line ends and cell marks between the characters."""
    return r"[\s|]*".join(re.escape(character) for character in words)

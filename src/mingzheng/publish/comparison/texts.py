"""Two versions of a Chinese text compared by characters, with numbers and Latin words kept whole."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import count, groupby
from operator import itemgetter
from typing import Literal

from fast_diff_match_patch import diff

Op = Literal["same", "gone", "new"]

TIME_LIMIT = 0.1  # seconds; beyond it the rest counts as rewritten
_OPS: dict[str, Op] = {"=": "same", "-": "gone", "+": "new"}

_LATIN = "0-9A-Za-z\u00c0-\u024f\uff10-\uff19\uff21-\uff3a\uff41-\uff5a"
_SIGN = re.compile("[\U000f0000-\U0010ffff]")
_WORD = re.compile(rf"[{_LATIN}]+(?:[.,'’\-][{_LATIN}]+)*[%％‰]?|{_SIGN.pattern}")
_MARK = re.compile(r"([，。；：、！？\n])")
_FIRST_SIGN, _LAST_SIGN = 0xF0000, 0x10FFFF


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that stayed (``same``), was taken out (``gone``) or was put in (``new``)."""

    op: Op
    text: str


def compare_text(old: str, new: str, *, time_limit: float = TIME_LIMIT) -> list[Piece]:
    """What stayed, went and came, in reading order.

    ``same`` and ``gone`` joined give ``old``; ``same`` and ``new`` joined give ``new``. ``time_limit`` is in
    seconds; when it is used up, what is left is shown as taken out and written anew.
    """
    if old == new:
        return _pieces([("same", old)])
    # The comparison sees one private character instead of each number or Latin word, so none is torn apart.
    words = dict.fromkeys(_WORD.findall(old) + _WORD.findall(new))
    if len(words) > _LAST_SIGN - _FIRST_SIGN:
        return _pieces([("gone", old), ("new", new)])
    signs = dict(zip(words, map(chr, count(_FIRST_SIGN)), strict=False))
    shown = {sign: word for word, sign in signs.items()}
    changes = diff(
        _WORD.sub(lambda found: signs[found.group()], old),
        _WORD.sub(lambda found: signs[found.group()], new),
        timelimit=max(time_limit, 0.001),  # nought would mean no limit
        cleanup="Semantic",
        counts_only=False,
    )
    return _pieces(
        _readable([(_OPS[op], _SIGN.sub(lambda found: shown[found.group()], text)) for op, text in changes])
    )


def _pieces(runs: list[tuple[Op, str]]) -> list[Piece]:
    """The runs without empty ones, neighbours of one kind joined."""
    filled = (run for run in runs if run[1])
    return [Piece(op, "".join(text for _, text in group)) for op, group in groupby(filled, key=itemgetter(0))]


def _readable(changes: list[tuple[Op, str]]) -> list[tuple[Op, str]]:
    """Join changes that only a coincidental character parts; what went stands before what came."""
    runs: list[tuple[Op, str]] = []
    gone = new = ""
    for number, (op, text) in enumerate(changes):
        if op == "gone":
            gone += text
        elif op == "new":
            new += text
        elif (gone or new) and number + 1 < len(changes) and _is_coincidence(text):
            gone += text
            new += text
        else:
            runs += [*_by_clause(gone, new), (op, text)]
            gone = new = ""
    return runs + _by_clause(gone, new)


def _by_clause(gone: str, new: str) -> list[tuple[Op, str]]:
    """A change whose two sides have the same punctuation is shown clause by clause."""
    old_parts, new_parts = _MARK.split(gone), _MARK.split(new)
    if old_parts[1::2] != new_parts[1::2]:
        return [("gone", gone), ("new", new)]
    runs: list[tuple[Op, str]] = []
    for number, (before, after) in enumerate(zip(old_parts, new_parts, strict=True)):
        runs += [("same", before)] if number % 2 or before == after else [("gone", before), ("new", after)]
    return runs


def _is_coincidence(text: str) -> bool:
    """One character, unless it is a mark, a space or a line break, which part the text for the reader too."""
    return len(text) == 1 and unicodedata.category(text)[0] not in "PZC"

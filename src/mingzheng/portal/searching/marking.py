"""Where a result says what was asked for: the words marked in its title, and the piece of its text around them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from mingzheng.portal.searching.words import fold

AROUND: Final = 110  # characters of a piece
BEFORE: Final = 24  # of them before the first word
Pieces = list[dict[str, Any]]


def marked(text: str, words: Sequence[str]) -> Pieces:
    """The text in pieces, those that were asked for marked."""
    folded = fold(text)
    if not words or len(folded) != len(text):  # a sign that folds into several has no place of its own
        return [{"text": text, "marked": False}]
    pieces: Pieces = []
    end = 0
    for match in re.finditer("|".join(map(re.escape, words)), folded):
        if match.start() > end:
            pieces.append({"text": text[end : match.start()], "marked": False})
        pieces.append({"text": text[match.start() : match.end()], "marked": True})
        end = match.end()
    if end < len(text):
        pieces.append({"text": text[end:], "marked": False})
    return pieces


def piece_of(text: str, words: Sequence[str]) -> str:
    """A piece of a text from shortly before the first of the words, or its beginning."""
    text = " ".join(text.split())
    found = re.search("|".join(map(re.escape, words)), fold(text)) if words else None
    start = max(0, found.start() - BEFORE) if found else 0
    piece = text[start : start + AROUND]
    return f"{'…' if start else ''}{piece}{'…' if start + AROUND < len(text) else ''}"

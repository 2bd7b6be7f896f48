"""What a person types, as the engine is asked: words, exact phrases in quotes, document and index numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from mingzheng.law.doc_numbers import UNPARSED, parse_doc_numbers
from mingzheng.portal.searching.engine import Word
from mingzheng.portal.searching.words import Words, fold

LONGEST: Final = 200  # characters of a question
MOST_WORDS: Final = 16
_QUOTED: Final = re.compile(r"[“\"]([^“”\"]+)[”\"]")
_INDEX_NUMBER: Final = re.compile(r"[0-9A-Z]{6,18}/\d{6}-\d{3,6}", re.IGNORECASE)
# Asked with a question, and in no title.
_IDLE: Final = frozenset({
    "的", "了", "是", "吗", "呢", "和", "与", "及", "在", "我", "要", "想", "请问", "怎么", "怎样", "如何", "哪里", "哪些",
    "什么", "多少", "可以", "需要",
})  # fmt: skip


class Asked(NamedTuple):
    """A question, taken apart."""

    text: str
    words: tuple[Word, ...]
    phrases: tuple[tuple[str, ...], ...]
    numbers: tuple[str, ...]
    marked: tuple[str, ...]
    """What is to be marked in the results."""


def understand(text: str, words: Words) -> Asked:
    """Take a question apart; whatever is typed is a question, and nothing in it is an operator but quotes."""
    text = " ".join(text.replace("\0", "").split())[:LONGEST]
    phrases = tuple(cut for quoted in _QUOTED.findall(text) if (cut := tuple(words.cut(quoted))[:MOST_WORDS]))
    rest = _QUOTED.sub(" ", text)
    numbers = {
        fold(each.normal) for each in parse_doc_numbers(rest) if each.normal and each.status != UNPARSED
    }
    numbers |= {fold(each) for each in _INDEX_NUMBER.findall(rest)}
    every = list(dict.fromkeys(words.cut(rest)))[:MOST_WORDS]
    wanted = [word for word in every if word not in _IDLE] or every
    return Asked(
        text=text,
        words=tuple(_ways(word, words) for word in wanted),
        phrases=phrases,
        numbers=tuple(sorted(numbers)),
        marked=tuple(sorted({*wanted, *(words.official.get(word, word) for word in wanted),
                             *("".join(phrase) for phrase in phrases)}, key=len, reverse=True)),
    )  # fmt: skip


def _ways(word: str, words: Words) -> Word:
    """The word itself, what is within it where it is long, and its official name."""
    ways: list[Sequence[str]] = [[word]]
    within = [part for part in words.parts(word) if part != word]
    if len(word) > 3 and within:
        ways.append(within)
    if word in words.official:
        ways.append([words.official[word]])
    return ways

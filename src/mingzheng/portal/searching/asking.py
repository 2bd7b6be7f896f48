"""What a person types, as the engine is asked: words, exact phrases in quotes, document and index numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from mingzheng.law.doc_numbers import UNPARSED, parse_doc_numbers
from mingzheng.portal.searching.queries import Word
from mingzheng.portal.searching.titles import plain
from mingzheng.portal.searching.words import Words, fold

LONGEST: Final = 200  # characters of a question
MOST_WORDS: Final = 16
_QUOTED: Final = re.compile(r"[“\"]([^“”\"]+)[”\"]")
_INDEX_NUMBER: Final = re.compile(r"[0-9A-Z]{6,18}/\d{6}-\d{3,6}", re.IGNORECASE)
# Asked with a question, and in no title.
_IDLE: Final = frozenset({
    "的", "了", "是", "吗", "呢", "和", "与", "及", "在", "我", "要", "想", "请问", "怎么", "怎样", "如何", "哪里", "哪些",
    "什么", "多少", "可以", "需要", "怎么办", "怎么样", "多久", "多长时间", "有没有", "能不能", "是不是", "为什么",
})  # fmt: skip


class Asked(NamedTuple):
    """A question, taken apart."""

    text: str
    words: tuple[Word, ...]
    order: tuple[str, ...]
    """All of them as they were typed, cut but not weighed."""
    whole: str
    phrases: tuple[tuple[str, ...], ...]
    numbers: tuple[str, ...]
    marked: tuple[str, ...]
    """What is to be marked in the results."""


def tidy(text: str) -> str:
    """One line of what was typed, no longer than a question may be."""
    return " ".join(text[: 20 * LONGEST].replace("\0", "").split())[:LONGEST]


def phrases_of(text: str, words: Words) -> tuple[tuple[str, ...], ...]:
    """The phrases of a field that takes several, with blanks between them."""
    cut = (tuple(words.cut(each))[:MOST_WORDS] for each in tidy(text).split(" ")[:MOST_WORDS])
    return tuple(each for each in cut if each)


def numbers_of(text: str) -> tuple[str, ...]:
    """The document and index numbers of a text in the one spelling that the index keeps."""
    numbers = {
        fold(each.normal) for each in parse_doc_numbers(text) if each.normal and each.status != UNPARSED
    }
    return tuple(sorted(numbers | {fold(each) for each in _INDEX_NUMBER.findall(text)}))


def understand(text: str, words: Words) -> Asked:
    """Take a question apart; whatever is typed is a question, and nothing in it is an operator but quotes."""
    text = tidy(text)
    phrases = tuple(cut for quoted in _QUOTED.findall(text) if (cut := tuple(words.cut(quoted))[:MOST_WORDS]))
    rest = _QUOTED.sub(" ", text)
    order = words.cut(rest)
    every = list(dict.fromkeys(_joined(order)))[:MOST_WORDS]
    wanted = [word for word in every if word not in _IDLE] or every
    # A sign alone says little beside longer words: it counts where nothing longer was typed.
    wanted = [word for word in wanted if len(word) > 1 or word.isascii()] or wanted
    return Asked(
        text=text,
        words=tuple(_ways(word, words) for word in wanted),
        order=tuple(order[:MOST_WORDS]),
        whole=plain(text),
        phrases=phrases,
        numbers=numbers_of(rest),
        marked=tuple(sorted({*wanted, *(words.official[part] for word in wanted
                             for part in words.parts(word) if part in words.official), *("".join(phrase) for phrase in phrases)}, key=len, reverse=True)),
    )  # fmt: skip


def _joined(cut: Sequence[str]) -> Iterator[str]:
    """The words, with those together that the dictionary lacks and so were cut into single signs: 养犬."""
    signs = ""
    for word in [*cut, ""]:
        if len(word) == 1 and not word.isascii() and word not in _IDLE:
            signs += word
            continue
        if signs:
            yield signs
        signs = ""
        if word:
            yield word


def _ways(word: str, words: Words) -> Word:
    """The word itself, what is within it where it is long, and the official names of either."""
    ways: list[Sequence[str]] = [words.cut(word)]
    within = [part for part in words.parts(word) if part != word]
    if len(word) > 3 and within and len(ways[0]) == 1:
        ways.append(within)
    ways += [[words.official[part]] for part in dict.fromkeys([word, *within]) if part in words.official]
    return ways


def apart(asked: Asked, words: Words) -> tuple[Word, ...]:
    """The smallest words of a question, for where nothing has its words together."""
    typed = ("".join(ways[0]) for ways in asked.words)
    parts = (
        part
        for word in typed
        for part in (word in words.official and [word]) or words.parts(word)[:-1] or [word]
    )
    return tuple(_ways(part, words) for part in list(dict.fromkeys(parts))[:MOST_WORDS] if len(part) > 1)

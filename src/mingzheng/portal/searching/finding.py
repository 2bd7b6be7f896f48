"""From what was typed to what is found: pinyin is heard, words that nothing has together are looked for apart, and
another spelling is offered where it finds more. Whatever was done differently from what was typed is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Final, NamedTuple

from mingzheng.portal.searching.asking import Asked, apart, numbers_of, phrases_of, tidy, understand
from mingzheng.portal.searching.engine import Found
from mingzheng.portal.searching.names import NEAR_LENGTHS, Names
from mingzheng.portal.searching.projection import Opened
from mingzheng.portal.searching.queries import Wanted
from mingzheng.portal.searching.sounds import letters_of, sound_of
from mingzheng.portal.searching.words import Words

FEW: Final = 5  # found so few, another spelling is looked for
MUCH_MORE: Final = 5  # times as many must be found with it
OFFERS: Final = 6  # spellings that are tried
LONGEST_RUN: Final = 12  # Han characters in which a wrong one is looked for
_HAN: Final = re.compile(r"[㐀-鿿]{2,}")


@dataclass(frozen=True, slots=True)
class Question:
    """What was typed and chosen. Texts as they were typed; an empty one asks nothing."""

    text: str = ""
    exact: str = ""
    without: str = ""
    number: str = ""
    title_only: bool = False
    unit: int | None = None
    column: int | None = None
    theme: str = ""
    kind: str = ""
    year: int | None = None
    since: date | None = None
    until: date | None = None
    in_force: bool = False
    newest_first: bool = False

    @property
    def says_something(self) -> bool:
        """Whether words are looked for, and not only a list to be limited."""
        return bool(self.text or self.exact or self.number)


class Answer(NamedTuple):
    """What was found, and how it was asked for."""

    found: Found
    marked: tuple[str, ...]
    heard: str = ""
    """What the typed letters were taken for."""
    partly: bool = False
    """Nothing has all the words: these have some."""
    meant: str = ""
    """Another spelling that finds much more."""


def find(
    index: Opened, question: Question, offset: int, limit: int, *, facets: bool = True, offers: bool = True
) -> Answer:
    """Find what a question asks for."""
    asked, wanted = _wanted(question, index.words)
    if question.says_something and not wanted.says_something:  # nothing but signs
        return Answer(Found(0, []), ())
    found = index.engine.find(wanted, offset, limit, facets=facets)
    heard, partly = "", False
    if not found.total and (heard := hear(index.names, question.text)):
        asked, wanted = _wanted(replace(question, text=heard), index.words)
        found = index.engine.find(wanted, offset, limit, facets=facets)
        heard = heard if found.total else ""
    total = found.total
    if not total and not wanted.numbers and len(some := apart(asked, index.words)) > 1:
        wanted = replace(wanted, words=some, at_least=(len(some) + 1) // 2)
        found = index.engine.find(wanted, offset, limit, facets=facets)
        partly = found.total > 0
    meant = _meant(index, question, total) if offers and total < FEW and not heard else ""
    return Answer(found, asked.marked, heard, partly, meant)


def hear(names: Names, text: str) -> str:
    """The words that typed pinyin or its initials stand for; nothing when they stand for none."""
    letters = letters_of(text)
    return ("".join(names.spoken(letters)) or names.initialled(letters)) if letters else ""


def knows_all(index: Opened, text: str) -> bool:
    """Whether every word of a text is used in titles or is the city's own: names of people hardly ever are."""
    cut = index.words.cut(text)
    return bool(cut) and all(len(word) > 1 and index.names.knows(word) for word in cut)


def _wanted(question: Question, words: Words) -> tuple[Asked, Wanted]:
    asked = understand(question.text, words)
    exact = tuple(words.cut(tidy(question.exact)))
    phrases = (*asked.phrases, *([exact] if exact else []))
    numbers = (
        *asked.numbers,
        *(numbers_of(question.number) or ([tidy(question.number)] if question.number else [])),
    )
    wanted = Wanted(
        words=asked.words, order=asked.order, whole=asked.whole, phrases=phrases, numbers=numbers,
        number_only=bool(question.number), without=phrases_of(question.without, words),
        title_only=question.title_only, unit=question.unit, column=question.column, theme=question.theme,
        kind=question.kind, year=question.year, since=question.since, until=question.until,
        in_force=question.in_force, newest_first=question.newest_first,
    )  # fmt: skip
    return asked._replace(marked=(*(["".join(exact)] if exact else []), *asked.marked)), wanted


def _meant(index: Opened, question: Question, total: int) -> str:
    """The spelling that finds most, if it finds much more than what was typed."""
    best, most = "", max(total * MUCH_MORE, total)
    for text in islice(dict.fromkeys(_spellings(index.names, question.text)), OFFERS):
        _, wanted = _wanted(replace(question, text=text), index.words)
        count = index.engine.count(wanted)
        if count > most:
            best, most = text, count
    return best


def _spellings(names: Names, text: str) -> Iterator[str]:
    """Other spellings: what sounds alike first, then what differs by one character."""
    if heard := hear(names, text):
        yield heard
    for run in _HAN.finditer(text):
        typed = run[0][:LONGEST_RUN]

        def instead(start: int, end: int, by: str, run: re.Match[str] = run) -> str:
            return text[: run.start() + start] + by + text[run.start() + end :]

        alike = "".join(names.spoken(sound_of([typed]).whole))
        if alike and alike != typed:
            yield instead(0, len(typed), alike)
        lengths = range(min(len(typed), NEAR_LENGTHS[-1]), 1, -1)
        for length in lengths:
            for start in range(len(typed) - length + 1):
                part = typed[start : start + length]
                if names.knows(part):
                    continue
                for near in names.neighbours(part)[:2]:
                    yield instead(start, start + length, near)

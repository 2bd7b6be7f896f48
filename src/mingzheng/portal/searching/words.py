"""Chinese text cut into words: the language's dictionary and the city's own words, the same for texts and for questions.

Own words are the names of units and columns, the themes, ``data/words.txt`` and an office's ``search-words.txt`` in the
installation's folder. A line there is a word, or ``everyday words = official words``.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Final

import rjieba
from django.conf import settings

from mingzheng.city.models import Unit
from mingzheng.law.errors import Refusal
from mingzheng.publish.catalogue.models import Column
from mingzheng.publish.catalogue.services import theme_names

DATA: Final = Path(__file__).parent / "data" / "words.txt"
OWN_FILE: Final = "search-words.txt"
LONGEST_WORD: Final = 20
_SIGN: Final = re.compile(r"[^\w]+")
_NAME: Final = re.compile(r"[\w]{2,20}")


class Words:
    """Cuts texts; two of the same ``digest`` cut alike."""

    def __init__(self, own: Iterable[str], official: dict[str, str]) -> None:
        self.own = sorted({fold(word) for word in own if _NAME.fullmatch(word)})
        self.official = {fold(everyday): fold(word) for everyday, word in official.items()}
        self._cutter = _cutter(tuple(self.own))
        told = json.dumps([self.own, self.official], sort_keys=True)
        self.digest = hashlib.sha256(told.encode()).hexdigest()[:16]

    def write(self, path: Path) -> None:
        """Keep the words beside what was cut with them."""
        path.write_text(json.dumps({"own": self.own, "official": self.official}, ensure_ascii=False))

    @classmethod
    def read(cls, path: Path) -> Words:
        """The words that were kept there."""
        return cls(**json.loads(path.read_text()))

    def cut(self, text: str) -> list[str]:
        """The words in their order, signs left out."""
        return [word for word in self._cutter.cut(fold(text), False) if not _SIGN.fullmatch(word)]

    def parts(self, text: str) -> list[str]:
        """The words and the shorter words within them: 政务公开 with 政务 and 公开."""
        return self.with_parts(self.cut(text))

    def with_parts(self, cut: Iterable[str]) -> list[str]:
        """The same of a text that is cut already: a city's texts use few words, and each is looked into once."""
        return [part for word in cut for part in _within(self._cutter, word)]


@lru_cache(maxsize=2)
def _cutter(own: tuple[str, ...]) -> rjieba.Jieba:
    """The dictionary with these words added: a quarter of a second."""
    cutter = rjieba.Jieba()
    for word in own:
        cutter.add_word(word, None, None)
    return cutter


@lru_cache(maxsize=200_000)
def _within(cutter: rjieba.Jieba, word: str) -> tuple[str, ...]:
    parts = cutter.cut_for_search(word, False) if len(word) > 2 else []
    return (*(part for part in parts if part != word and not _SIGN.fullmatch(part)), word)


def fold(text: str) -> str:
    """One form for full and half width, capital and small letters."""
    return unicodedata.normalize("NFKC", text).lower()


def city_words() -> Words:
    """The words of this city as they are now."""
    own, official = _read(DATA)
    path = settings.HOME / OWN_FILE
    if path.exists():
        more, sayings = _read(path)
        own, official = own | more, official | sayings
    own.update(word for _, words in city_names() for word in words)
    return Words(own, official)


def city_names() -> list[tuple[str, set[str]]]:
    """The names of the city's units, columns and themes, by kind."""
    units = {name for names in Unit.objects.values_list("name", "short_name") for name in names if name}
    themes = {part for name in theme_names().values() for part in re.split(r"[/、]", name)}
    return [
        ("unit", units),
        ("column", set(Column.objects.values_list("name", flat=True))),
        ("theme", themes),
    ]


def _read(path: Path) -> tuple[set[str], dict[str, str]]:
    own, official = set[str](), dict[str, str]()
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        line = line.partition("#")[0].strip()
        everyday, same, word = (part.strip() for part in line.partition("="))
        for each in filter(None, (everyday, word)):
            if not _NAME.fullmatch(each):
                raise Refusal(
                    f"搜索词表“{path.name}”第{number}行的“{each[:30]}”不是2至{LONGEST_WORD}个字的词。"
                )
            own.add(each)
        if same:
            if not everyday or not word:
                raise Refusal(f"搜索词表“{path.name}”第{number}行应写成“口语词=规范词”。")
            official[everyday] = word
    return own, official

"""How words sound: pinyin without tones, and its initials. A sign of several readings is read as its word reads it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

from mingzheng.portal.searching.words import fold

LONGEST: Final = 60  # letters of a sound that is kept or asked for
_LETTERS: Final = re.compile(r"[a-z]+(?:[ '’]+[a-z]+)*")
_GAPS: Final = re.compile(r"[ '’]+")


class Sound(NamedTuple):
    """``zhengwugongkai`` and ``zwgk``."""

    whole: str
    initials: str


def sound_of(words: Iterable[str]) -> Sound:
    """The sound of words that stand one after the other."""
    told = [_sound(word) for word in words]
    return Sound("".join(each.whole for each in told), "".join(each.initials for each in told))


def letters_of(text: str) -> str:
    """What was typed as one run of letters, if it may be pinyin: blanks and apostrophes left out; else nothing."""
    text = fold(text).strip()
    if not _LETTERS.fullmatch(text):
        return ""
    run = _GAPS.sub("", text)
    return run if 2 <= len(run) <= LONGEST else ""


@lru_cache(maxsize=100_000)
def _sound(word: str) -> Sound:
    from pypinyin import lazy_pinyin  # its tables take half a second, and few processes need them

    read = lazy_pinyin(word)  # runs of other signs stay what they are
    return Sound(
        "".join(read), "".join(each[0] if len(each) > 1 and each.isalpha() else each for each in read)
    )

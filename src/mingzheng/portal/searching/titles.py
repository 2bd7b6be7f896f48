"""Titles as people remember them: without the state or the government before them, and from behind 关于 on."""

from __future__ import annotations

import re
from typing import Final

from mingzheng.portal.searching.words import fold

_SIGN: Final = re.compile(r"[\W_]+")
# Who says it, and that it is passed on.
_BEFORE: Final = re.compile(
    r"^(?:中华人民共和国(?=.{3})|[\w、\s]{2,30}?(?=关于)|)(?:关于(?=.{3}))?(?:(?:印发|转发|批转|公布|修订印发)(?=.{3}))?"
)
_NAMED: Final = re.compile(r"《([^《》]{3,})》")


def plain(text: str) -> str:
    """Letters, digits and Han characters alone, in one form."""
    return _SIGN.sub("", fold(text))


def names_of(title: str) -> list[str]:
    """The title, what is left without its beginning, and the documents that it names; each once, the whole first."""
    named = [title, _BEFORE.sub("", title), *_NAMED.findall(title)]
    named += [_BEFORE.sub("", each) for each in named[2:]]
    return list(dict.fromkeys(each for each in named if plain(each)))

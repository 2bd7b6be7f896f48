"""Punctuation of what the checker says: full width, except within figures and workings."""

from __future__ import annotations

import re

_MARKS = str.maketrans({",": "，", ";": "；", ":": "：", "?": "？", "!": "！"})
_BETWEEN_FIGURES = re.compile(r"(?<=\d)[,:](?=\d)")
_BRACKETED = re.compile(r"\(([^()]*[\u4e00-\u9fff][^()]*)\)")


def typeset(text: str) -> str:
    """``text`` with full-width marks; the comma of 1,265 and the brackets of (250-200)/200 stay."""
    kept = _BETWEEN_FIGURES.split(text)
    marks = _BETWEEN_FIGURES.findall(text)
    told = "".join(part.translate(_MARKS) + mark for part, mark in zip(kept, [*marks, ""], strict=True))
    previous = ""
    while previous != told:
        previous, told = told, _BRACKETED.sub(r"（\1）", told)
    return re.sub(r"\((?=[\u4e00-\u9fff])", "（", re.sub(r"(?<=[\u4e00-\u9fff])\)", "）", told))

"""What single cells of a standard table say: check marks, lists of elements, channels, legal bases."""

from __future__ import annotations

import re
from typing import Final

_TICKED: Final = "√✓✔☑☒■▣●◆"
_EMPTY: Final = "□☐○◇▢"
_YES: Final = frozenset({*_TICKED, "v", "V", "Y", "y", "是", "1"})
_NO: Final = frozenset({*_EMPTY, "", "×", "✗", "✘", "否", "无", "-", "—", "/", "0"})
_BULLET: Final = re.compile(
    r"^\s*(?:[（(]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[）)]|(?:\d{1,2}|[一二三四五六七八九十]{1,3})[.．、](?!\d)|[①-⑳]|[•·●◆▪\-—])\s*"
)
_INLINE: Final = re.compile(r"(?=[①-⑳])|(?<=[；;。，,、\s])(?=[（(]\d{1,2}[）)]|\d{1,2}[.．、](?!\d))")
_LONGEST_BASIS: Final = 200


def is_ticked(cell: str) -> bool | None:
    """Whether a cell is ticked; None when it holds something else."""
    mark = "".join(cell.split())
    if mark in _NO:
        return False
    return True if mark in _YES else None


def channels_of(cell: str) -> list[str]:
    """The ticked entries of a cell with a list of choices; all of them when there are no marks at all."""
    if not cell.strip():
        return []
    if not any(mark in cell for mark in _TICKED + _EMPTY):
        return [part for part in re.split(r"[\s、；;，,]+", cell) if part]
    found = re.findall(rf"[{_TICKED}]\s*([^{_TICKED}{_EMPTY}]+)", cell)
    return [name for each in found if (name := "".join(each.split()).strip("、；;，,。"))]


def elements_of(text: str) -> list[str]:
    """The elements that a cell lists: by lines, numbers or semicolons, and by 、 when there is nothing else."""
    parts = [part for line in text.splitlines() for part in _INLINE.split(line)]
    parts = [piece for part in parts for piece in re.split(r"[；;]", part)]
    named = [name for part in parts if (name := "".join(_BULLET.sub("", part).split()).strip("。；;，,、"))]
    if len(named) == 1 and "、" in named[0] and not re.search(r"[，,。：:（(]", named[0]):
        named = [name for name in named[0].split("、") if name]
    return list(dict.fromkeys(named))


def short_basis(text: str) -> str:
    """A legal basis in at most 200 characters: as many whole documents as fit, and 等."""
    if len(text) <= _LONGEST_BASIS:
        return text
    room = text[: _LONGEST_BASIS - 1]
    end = max(room.rfind("《"), room.rfind("；") + 1)
    return room[: end or len(room)].rstrip("、；，。") + "等"

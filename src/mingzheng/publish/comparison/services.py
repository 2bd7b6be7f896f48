"""The only door of the comparison: two versions of an item's text or fields, as a reviewer wants to see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mingzheng.publish.comparison.blocks import read_body
from mingzheng.publish.comparison.screen import show
from mingzheng.publish.comparison.texts import TIME_LIMIT, Piece, compare_text

__all__ = ["FieldChange", "Piece", "compare_fields", "compare_html", "compare_text", "summary", "text_of"]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field whose value changed: its label on the screen, and what changed in it."""

    label: str
    pieces: list[Piece]


def compare_html(old: str, new: str, *, time_limit: float = TIME_LIMIT) -> str:
    """Safe HTML that shows the new body with ``<ins>`` and ``<del>``; both bodies may be any HTML.

    Built from text alone: no attribute of either body comes through, but ``colspan`` and ``rowspan`` as numbers.
    ``time_limit`` is in seconds. Raises ``Refusal`` for tags nested beyond reason.
    """
    return show(read_body(old), read_body(new), time_limit)


def compare_fields(
    old: Mapping[str, Any], new: Mapping[str, Any], labels: Mapping[str, str]
) -> list[FieldChange]:
    """The fields named in ``labels`` whose values differ, in that order; a missing value is an empty text."""
    changes = []
    for name, label in labels.items():
        before, after = _text(old.get(name)), _text(new.get(name))
        if before != after:
            changes.append(FieldChange(label, compare_text(before, after)))
    return changes


def summary(old: str, new: str) -> str:
    """How many characters, spaces and line breaks aside, were added and removed between two plain texts."""
    counts = {"same": 0, "gone": 0, "new": 0}
    for piece in compare_text(old, new):
        counts[piece.op] += len("".join(piece.text.split()))
    return f"增加{counts['new']}字，删除{counts['gone']}字"


def text_of(source: str) -> str:
    """The plain text of a body, one line per paragraph, for :func:`summary`."""
    return "\n".join(block.text for block in read_body(source).blocks)


def _text(value: Any) -> str:
    return "" if value is None else str(value)

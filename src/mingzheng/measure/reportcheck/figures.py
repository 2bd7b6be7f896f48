"""Figures of a table row, also when the columns have run together (``640020470`` for seven columns).

Text taken from a page loses the lines between cells. A run of figures is split in every way that has no leading
zeros; the sums that the form prescribes tell which of them can be meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

LONGEST_RUN = 40  # figures; a longer run is no row of these tables
MOST_SPLITS = 2000

_NOUGHT = re.compile(r"[-/\\—一无]{1,2}")  # how some offices write 0
_RUN = re.compile(r"[\d][\d\s|,]*")


def first_run(text: str, least: int) -> str:
    """The first run of figures in ``text`` that may hold ``least`` numbers, without the mark of the next row."""
    for match in _RUN.finditer(text):
        run = match.group()
        if run[-1].isdigit() and text[match.end() : match.end() + 1] in (".", "、"):
            run = run[:-1]  # 2. of the next row
        if len(re.findall(r"\d", run)) >= least:
            return run
    return ""


def separated(run: str, columns: int) -> list[int] | None:
    """The numbers of a run whose columns are still apart, or None."""
    tokens = [token.replace(",", "") for token in re.split(r"[\s|]+", run) if token.strip(",")]
    return [int(token) for token in tokens] if len(tokens) == columns else None


def cells(row: str, columns: int) -> list[int | None] | None:
    """The last ``columns`` cells of a row parted by ``|``; a blank cell is None, and so is a row with words in it."""
    parts = [re.sub(r"[,\s]", "", part) for part in row.strip().strip("|").split("|")]
    parts = ["0" if _NOUGHT.fullmatch(part) else part for part in parts]
    if row.rstrip().endswith("|"):
        parts.append("")
    tail = parts[-columns:]
    if len(tail) < columns or not all(part == "" or part.isdigit() for part in tail):
        return None
    return [int(part) if part else None for part in tail]


def splits(digits: str, columns: int) -> Iterator[list[int]]:
    """All ways to read ``digits`` as that many numbers without leading zeros."""
    if columns == 1:
        if digits and (digits == "0" or digits[0] != "0"):
            yield [int(digits)]
        return
    if not digits:
        return
    longest = 1 if digits[0] == "0" else len(digits) - columns + 1
    for length in range(1, longest + 1):
        for rest in splits(digits[length:], columns - 1):
            yield [int(digits[:length]), *rest]


def rows_with_total(digits: str, columns: int) -> list[list[int]]:
    """The readings of run-together ``digits`` in which the last number is the sum of the others."""
    if len(digits) > LONGEST_RUN:
        return []
    found: list[list[int]] = []
    # The total is at the end: fix it first, then the rest must make it up.
    for cut in range(columns - 1, len(digits)):
        tail = digits[cut:]
        if tail != "0" and tail[0] == "0":
            continue
        found.extend([*head, int(tail)] for head in _summing(digits[:cut], columns - 1, int(tail)))
        if len(found) > MOST_SPLITS:
            return []
    return found


def _summing(digits: str, columns: int, total: int) -> Iterator[list[int]]:
    if columns == 1:
        if digits and (digits == "0" or digits[0] != "0") and int(digits) == total:
            yield [total]
        return
    if len(digits) < columns:
        return
    longest = 1 if digits[0] == "0" else len(digits) - columns + 1
    for length in range(1, longest + 1):
        value = int(digits[:length])
        if value > total:
            return
        for rest in _summing(digits[length:], columns - 1, total - value):
            yield [value, *rest]

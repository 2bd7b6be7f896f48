"""The end of an official document: signature and date, and the imprint (抄送、印发) that no web page shows."""

from __future__ import annotations

import re
from itertools import pairwise

from mingzheng.publish.body.fields import Evidence
from mingzheng.publish.body.lines import DATE, Line, date_of, organs_of

_ANNEX = re.compile(r"附(?:件|表|录)?[0-9一二三四五六七八九十]*[：:]?")
_IMPRINT = re.compile(r"(?:抄送|抄报|主送抄送|分送|主题词|共印)[：:0-9].*")
_PRINTED = re.compile(rf".{{0,40}}(?:{DATE.pattern})(?:印发|印)")
_UNDER_TITLE = re.compile(rf"[（(](?:{DATE.pattern})[^（(]*[)）]")
_MOST_BETWEEN = 3  # lines of addresses between 抄送 and 印发


def read_signature(lines: list[Line], evidence: Evidence) -> None:
    """The date that stands alone before the first annex, with the issuer above it or on its line."""
    end = next((n for n, line in enumerate(lines) if _ANNEX.fullmatch(line.compact)), len(lines))
    for place, line in enumerate(lines[:end]):
        if line.element.tag == "table" or not (told := DATE.search(line.compact)):
            continue
        before = line.compact[: told.start()]
        beside = organs_of(before)
        if told.end() != len(line.compact) or (before and not beside):
            continue
        day = date_of(told[0])
        if day is None:
            evidence.losses.append(f"成文日期“{told[0]}”不是一个存在的日期，请核对后填写。")
            continue
        evidence.add("written_on", day)
        for organ in beside or _signers(lines[:place]):
            evidence.add("issuer", organ)
    if not evidence.has("written_on") and lines and (told := _UNDER_TITLE.fullmatch(lines[0].compact)):
        written = DATE.search(told[0])
        evidence.add("written_on", date_of(written[0]) if written else None, sure=False)


def _signers(above: list[Line]) -> list[str]:
    """The bodies on the lines directly above the date."""
    organs: list[str] = []
    for line in reversed(above):
        found = organs_of(line.text)
        if not found or line.element.tag == "table":
            break
        organs = found + organs
    return organs


def imprint(lines: list[Line]) -> list[Line]:
    """The lines of the imprint, wherever the file has them, with a table that holds nothing else."""
    marked = [n for n, line in enumerate(lines) if _is_imprint(line)]
    taken = set(marked)
    for first, last in pairwise(marked):
        if last - first <= _MOST_BETWEEN + 1 and lines[first].compact.startswith("抄"):
            taken.update(range(first, last))
    return [lines[n] for n in sorted(taken)]


def _is_imprint(line: Line) -> bool:
    if line.element.tag == "table":
        cells = ["".join(str(cell.text_content()).split()) for cell in line.element.iter("td", "th")]
        return any(map(_is_imprint_text, cells)) and len(cells) <= 6
    return _is_imprint_text(line.compact)


def _is_imprint_text(text: str) -> bool:
    return _IMPRINT.fullmatch(text) is not None or _PRINTED.fullmatch(text) is not None

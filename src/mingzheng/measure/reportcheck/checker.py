"""Checks one report: reads it, works out every claim again, and says what holds and what does not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from mingzheng.measure.reportcheck.chapters import check_chapters
from mingzheng.measure.reportcheck.counting import check_counts, check_order
from mingzheng.measure.reportcheck.facts import Facts
from mingzheng.measure.reportcheck.flows import check_flow
from mingzheng.measure.reportcheck.fulltext import FullText
from mingzheng.measure.reportcheck.growth import check_growth
from mingzheng.measure.reportcheck.lines import Line
from mingzheng.measure.reportcheck.lists import Clauses
from mingzheng.measure.reportcheck.model import Result
from mingzheng.measure.reportcheck.passages import Passage, passages
from mingzheng.measure.reportcheck.ratios import check_ratios
from mingzheng.measure.reportcheck.reading import read_report
from mingzheng.measure.reportcheck.same_words import check_same_words
from mingzheng.measure.reportcheck.shares import check_shares
from mingzheng.measure.reportcheck.sheet_2014 import check_sheet, sheet_stretch
from mingzheng.measure.reportcheck.slips import check_slips
from mingzheng.measure.reportcheck.sums import check_sums
from mingzheng.measure.reportcheck.tables_2019 import check_tables
from mingzheng.measure.reportcheck.text_against_tables import check_edition, check_text, report_year

# Tables whose cells a converter ran together with the sentences around them.
_FLAT_TABLE = re.compile(
    r"第二十条第\(一\)项信息内容.*?(?=五、存在的|六、其他|$)|申请人情况自然人.*?(?=五、存在的|$)"
)


def check_report(path: Path) -> Result:
    """What there is to say about the report at ``path``; raises ``Refusal`` when it cannot be read."""
    return check_lines(read_report(path))


def check_lines(lines: Sequence[Line]) -> Result:
    """What there is to say about a report that is already read."""
    result = Result()
    full = FullText(lines)
    found = Facts()
    result.extend(check_sheet(full, found))
    result.extend(check_tables(full, found))
    result.extend(check_edition(full))
    result.extend(check_chapters(full, found))
    prose = [without_tables(passage) for passage in passages(lines)]
    clauses_of_report = [Clauses(passage) for passage in prose]
    for clauses in clauses_of_report:
        sums = check_sums(clauses)
        result.extend(sums.result)
        result.extend(check_shares(clauses, sums))
        result.extend(check_same_words(clauses, sums))
        result.extend(check_flow(clauses, found))
        result.extend(check_growth(clauses))
        result.extend(check_ratios(clauses))
        result.extend(check_counts(clauses.passage))
        result.extend(check_slips(clauses.passage))
    result.extend(check_order(prose))
    result.extend(check_text(clauses_of_report, found, report_year(full)))
    return result.tidy()


def without_tables(passage: Passage) -> Passage:
    """The passage with run-together tables blotted out, so that their figures are not read as sentences."""
    text = passage.text
    stretches = [match.span() for match in _FLAT_TABLE.finditer(text)]
    if sheet := sheet_stretch(text):
        stretches.append(sheet)
    for start, end in stretches:
        text = text[:start] + "■" * (end - start) + text[end:]
    return replace(passage, text=text)

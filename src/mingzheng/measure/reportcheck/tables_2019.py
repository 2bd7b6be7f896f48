"""Tables of the annual reports for 2019 on: identities of the form, and what the tables state.

Forms: 国办公开办函〔2019〕60号 (reports for 2019 and 2020) and 国办公开办函〔2021〕30号 (from 2021). Rule names:
R01 new + carried in = closed + carried out, printed in the form; R02 closed = sum of outcomes; R03 the total column
is the sum of the six kinds of applicants.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product
from math import prod

from mingzheng.measure.reportcheck import facts
from mingzheng.measure.reportcheck.facts import Facts
from mingzheng.measure.reportcheck.figures import cells, first_run, rows_with_total, separated
from mingzheng.measure.reportcheck.fulltext import FullText, loosely
from mingzheng.measure.reportcheck.model import MISSING, TABLE, Confirmation, Finding, Result
from mingzheng.measure.reportcheck.tables_two_four import check_four, read_two

COLUMNS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")
MOST_COMBINATIONS = 20_000

# Rows of table three in the order of the form: key, words that are found in it, what follows them.
_ROWS: tuple[tuple[str, str, str], ...] = (
    ("A", "本年新收政府信息公开申请", ""),
    ("B", "上年结转政府信息公开申请", ""),
    ("C1", "予以公开", ""),
    ("C2", "部分公开", ""),
    ("C31", "属于国家秘密", ""),
    ("C32", "其他法律行政法规", ""),
    ("C33", "三安全一稳定", ""),
    ("C34", "保护第三方", ""),
    ("C35", "三类内部事务", ""),
    ("C36", "四类过程性", ""),
    ("C37", "行政执法案卷", ""),
    ("C38", "行政查询事项", ""),
    ("C41", "本机关不掌握", ""),
    ("C42", "没有现成信息", ""),
    ("C43", "补正后申请内容", ""),
    ("C51", "信访举报投诉", ""),
    ("C52", "重复申请", ""),
    ("C53", "要求提供公开出版物", ""),
    ("C54", "大量反复申请", ""),
    ("C55", "要求行政机关确认", ""),
    ("C61", "逾期不补正", ""),
    ("C62", "未按收费通知|逾期不缴费|逾期未按收费", ""),
    ("C63", "3.其他|3、其他|其他", ""),
    ("C6", "其他处理", ""),
    ("C7", "(七)总计|七)总计|总计", ""),
    ("D", "结转下年度继续办理", ""),
)
_OPTIONAL = {"C61", "C62", "C63", "C6"}
_NAMES = {
    "A": "本年新收", "B": "上年结转", "C1": "予以公开", "C2": "部分公开", "C7": "办理结果总计", "D": "结转下年度继续办理",
}  # fmt: skip


@dataclass
class Row:
    """One row of table three; ``readings`` has more than one entry when the columns ran together."""

    key: str
    name: str
    start: int
    end: int
    readings: list[list[int]]
    apart: bool
    blanks: int = 0  # cells without a figure; the form asks for 0


def check_tables(full: FullText, found: Facts) -> Result:
    result = Result()
    for begin in [match.start() for match in re.finditer(loosely("本年新收政府信息公开申请"), full.text)]:
        rows = _read_rows(full, begin)
        if len(rows) >= 10:
            _check_three(full, rows, result, found)
    check_four(full, result, found)
    read_two(full, found)
    return result


def _read_rows(full: FullText, begin: int) -> dict[str, Row]:
    """The rows of the table that begins at ``begin``, each sought after the one before."""
    marks: list[tuple[str, int, int]] = []
    at = begin
    end = min(len(full.text), begin + 8000)
    closing = re.compile(loosely("结转下年度继续办理")).search(full.text, begin, end)
    limit = closing.end() if closing else end
    for key, words, _ in _ROWS:
        pattern = "|".join(loosely(choice) for choice in words.split("|"))
        if key == "C63":
            pattern = r"(?:3[\s|]*[.、][\s|]*)?其[\s|]*他(?![\s|]*处[\s|]*理|[\s|]*法)"
        match = re.compile(pattern).search(full.text, at, limit)
        if key == "C6" and any(mark[0] in ("C61", "C63") for mark in marks):
            continue
        if match is None or (key in _OPTIONAL and _passes_total(full, at, match.start())):
            continue
        marks.append((key, match.start(), match.end()))
        at = match.end()
    rows: dict[str, Row] = {}
    for position, (key, start, after) in enumerate(marks):
        until = marks[position + 1][1] if position + 1 < len(marks) else min(len(full.text), after + 200)
        row = _read_row(full, key, start, after, until)
        if row is not None:
            rows[key] = row
    return rows


def _passes_total(full: FullText, start: int, end: int) -> bool:
    return bool(re.search(loosely("总计"), full.text[start:end]))


def _read_row(full: FullText, key: str, start: int, after: int, until: int) -> Row | None:
    name = _NAMES.get(key, re.sub(r"[\s|]", "", full.text[start:after]))
    line_end = full.text.find("\n", after)
    line = full.text[after : line_end if line_end >= 0 else until]
    if line.count("|") >= len(COLUMNS) and (given := cells(line, len(COLUMNS))) is not None:
        blanks = given.count(None)
        if given[-1] is None:
            return Row(key, name, start, after + len(line), [], False, blanks)
        return Row(key, name, start, after + len(line), [[value or 0 for value in given]], True, blanks)
    run = first_run(full.text[after:until], len(COLUMNS))
    if not run:
        return None
    apart = separated(run, len(COLUMNS))
    at = full.text.find(run, after, until)
    end = at + len(run.rstrip(" |\n"))
    if apart is not None:
        return Row(key, name, start, end, [apart], True)
    digits = re.sub(r"\D", "", run)
    return Row(key, name, start, end, rows_with_total(digits, len(COLUMNS)), False)


def _check_three(full: FullText, rows: dict[str, Row], result: Result, found: Facts) -> None:
    _settle(rows)
    for row in rows.values():
        _check_row(full, row, result)
    _note_blanks(full, rows, result)
    usable = {key: row.readings[0] for key, row in rows.items() if len(row.readings) == 1}
    _check_columns(full, rows, usable, result)
    _state(full, rows, usable, found)


def _outcome_keys(rows: dict[str, Row]) -> list[str]:
    return [key for key in rows if key.startswith("C") and key != "C7"]


def _complete(rows: dict[str, Row]) -> bool:
    """Whether every row of outcomes was found, so that their sum means something."""
    required = {key for key, _, _ in _ROWS if key not in _OPTIONAL}
    return required <= set(rows) and ("C6" in rows or {"C61", "C62", "C63"} <= set(rows))


def _settle(rows: dict[str, Row]) -> None:
    """Chooses the readings of run-together rows that make the identities hold, if only one choice does."""
    open_rows = [row for row in rows.values() if len(row.readings) > 1]
    if not open_rows or prod(len(row.readings) for row in open_rows) > MOST_COMBINATIONS:
        return
    holding: list[tuple[list[int], ...]] = []
    for choice in product(*(row.readings for row in open_rows)):
        values = {key: row.readings[0] for key, row in rows.items() if len(row.readings) == 1}
        values.update({row.key: reading for row, reading in zip(open_rows, choice, strict=True)})
        if _balanced(values, rows):
            holding.append(choice)
    if len(holding) == 1 or (holding and all(choice == holding[0] for choice in holding)):
        for row, reading in zip(open_rows, holding[0], strict=True):
            row.readings = [reading]


def _balanced(values: dict[str, list[int]], rows: dict[str, Row]) -> bool:
    for column in range(len(COLUMNS)):
        if {"A", "B", "C7", "D"} <= set(values):
            left = values["A"][column] + values["B"][column]
            if left != values["C7"][column] + values["D"][column]:
                return False
        outcomes = sum(values[key][column] for key in _outcome_keys(rows) if key in values)
        if _complete(rows) and set(rows) <= set(values) and values["C7"][column] != outcomes:
            return False
    return True


def _check_row(full: FullText, row: Row, result: Result) -> None:
    """R03."""
    place = f"{full.place(row.start)}，表三“{row.name}”行"
    quote = full.written(row.start, row.end)
    if not row.readings and row.blanks:
        return
    if not row.readings:
        result.findings.append(
            Finding("warning", TABLE, place, quote, "总计为六类申请人之和（R03）", "", "该行数字连写，无论怎样断开，总计都不等于各列之和。")
        )  # fmt: skip
        return
    if not row.apart or len(row.readings) > 1:
        return
    *parts, total = row.readings[0]
    if sum(parts) != total:
        working = "+".join(map(str, parts)) + f"={sum(parts)}"
        result.findings.append(
            Finding(
                "error",
                TABLE,
                place,
                quote,
                f"总计{total}",
                working,
                f"“{row.name}”行总计应为{sum(parts)}（R03）。",
            )
        )


def _note_blanks(full: FullText, rows: dict[str, Row], result: Result) -> None:
    """R06: no blanks; nought is written 0."""
    blank = [row for row in rows.values() if row.blanks]
    if blank:
        count = sum(row.blanks for row in blank)
        place = f"{full.place(blank[0].start)}，表三“{blank[0].name}”行"
        quote = full.written(blank[0].start, blank[0].end)
        message = f"表三有{count}个空格；没有发生的应填0（R06）。"
        result.findings.append(Finding("note", MISSING, place, quote, f"{count}个空格", "", message))


def _check_columns(
    full: FullText, rows: dict[str, Row], usable: dict[str, list[int]], result: Result
) -> None:
    """R01 and R02, column by column; what holds everywhere is confirmed once with the total column."""
    flow = {"A", "B", "C7", "D"} <= set(usable)
    outcomes = _outcome_keys(rows)
    whole = _complete(rows) and set(rows) <= set(usable)
    if flow:
        broken = [column for column in range(len(COLUMNS)) if _flow_differs(usable, column)]
        for column in broken or [len(COLUMNS) - 1]:
            a, b, c, d = (usable[key][column] for key in ("A", "B", "C7", "D"))
            claim, working = f"新收{a}+上年结转{b}=办结{c}+结转下年{d}", f"{a}+{b}={a + b}；{c}+{d}={c + d}"
            _tell(
                full,
                rows["A"],
                column,
                claim,
                working,
                bool(broken),
                "新收加上年结转应等于办结加结转下年（R01）",
                result,
            )
    if whole:
        broken = [
            column for column in range(len(COLUMNS))
            if usable["C7"][column] != sum(usable[key][column] for key in outcomes)
        ]  # fmt: skip
        for column in broken or [len(COLUMNS) - 1]:
            parts = [usable[key][column] for key in outcomes]
            claim = f"办理结果总计{usable['C7'][column]}"
            working = "+".join(str(part) for part in parts if part) + f"={sum(parts)}"
            _tell(
                full,
                rows["C7"],
                column,
                claim,
                working,
                bool(broken),
                "办理结果总计应等于各项之和（R02）",
                result,
            )


def _flow_differs(values: dict[str, list[int]], column: int) -> bool:
    return values["A"][column] + values["B"][column] != values["C7"][column] + values["D"][column]


def _tell(
    full: FullText, row: Row, column: int, claim: str, working: str, broken: bool, rule: str, result: Result
) -> None:
    place = f"{full.place(row.start)}，表三“{row.name}”行“{COLUMNS[column]}”列"
    quote = full.written(row.start, row.end)
    if broken:
        result.findings.append(
            Finding("error", TABLE, place, quote, claim, working, f"“{COLUMNS[column]}”列：{rule}。")
        )
    else:
        result.confirmed.append(Confirmation(TABLE, place, quote, claim, working))


def _state(full: FullText, rows: dict[str, Row], usable: dict[str, list[int]], found: Facts) -> None:
    """Totals of the table by name. Rows that a reader could not find give no total of their group."""

    def total(*keys: str) -> int | None:
        return sum(usable[key][-1] for key in keys) if all(key in usable for key in keys) else None

    groups = {
        facts.RECEIVED: ("A",), facts.CARRIED_IN: ("B",), facts.CLOSED: ("C7",), facts.CARRIED_OUT: ("D",),
        facts.GRANTED: ("C1",), facts.GRANTED_IN_PART: ("C2",), facts.GRANTED_AT_ALL: ("C1", "C2"),
        facts.DENIED: tuple(f"C3{number}" for number in range(1, 9)),
        facts.UNABLE: ("C41", "C42", "C43"),
        facts.UNPROCESSED: tuple(f"C5{number}" for number in range(1, 6)),
        facts.FEES_UNPAID: ("C62",),
        facts.OTHERWISE: ("C6",) if "C6" in rows else ("C61", "C62", "C63"),
    }  # fmt: skip
    for name, keys in groups.items():
        value = total(*keys)
        if value is not None:
            row = rows[keys[0]]
            found.add(name, value, full.place(row.start), "表三")

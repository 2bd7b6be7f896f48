"""The sheet as an Excel workbook: the list with its verdicts, and every finding in a row of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from mingzheng.measure.sitecheck.listing import result_line
from mingzheng.measure.sitecheck.scoring import STATES, Line, Sheet

_PARTS: Final = {"veto": "单项否决", "deduct": "扣分项", "advice": "其他要求"}
_RULES: Final = (
    ("编号", 8),
    ("类别", 10),
    ("指标", 26),
    ("规则", 60),
    ("依据", 20),
    ("结果", 12),
    ("扣分", 8),
    ("未检查的原因", 40),
)
_FINDINGS: Final = (
    ("编号", 8),
    ("指标", 26),
    ("发现的问题", 70),
    ("页面数", 8),
    ("扣分", 8),
    ("性质", 10),
    ("页面地址", 80),
    ("依据", 20),
)
_LONGEST: Final = 32_000  # characters of a cell


def save_workbook(sheet: Sheet, path: Path) -> None:
    """Write the workbook; a file of that name is replaced."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    first = _table(book, "检查单", _RULES)
    facts = sheet.facts
    for row in (
        ["网站", sheet.site],
        ["依据", f"{sheet.scheme.title}（{sheet.scheme.document}）"],
        ["检查日期", sheet.on.isoformat()],
        ["读取页面", f"{facts['pages']}个" + ("" if facts["complete"] else "，未读全")],
        ["结果", result_line(sheet)],
    ):
        first.append([_safe(cell) for cell in row])
    first.append([])
    _head(first, _RULES)
    for line in sheet.lines:
        first.append([_safe(cell) for cell in _rule(line)])
    for text in sheet.unseen:
        first.append(["", "没有读到", _safe(text)])
    second = _table(book, "问题清单", _FINDINGS)
    _head(second, _FINDINGS)
    for line in sheet.lines:
        for finding in line.findings:
            state = "疑点" if finding.doubt else "问题"
            second.append(
                [
                    line.rule.id, line.rule.name, _safe(finding.seen), finding.count, float(finding.points), state,
                    _safe("\n".join(finding.pages)), line.rule.document,
                ]
            )  # fmt: skip
        if line.left_out:
            second.append([line.rule.id, line.rule.name, f"另有{line.left_out}项没有列出"])
    book.save(path)


def _rule(line: Line) -> list[Any]:
    rule = line.rule
    state = "否决" if line.met else STATES[line.state]
    group = rule.group or _PARTS[rule.part]
    return [rule.id, group, rule.name, rule.text, rule.document, state, float(line.points) or "", line.unseen]


def _table(book: Any, title: str, columns: tuple[tuple[str, int], ...]) -> Any:
    table = book.create_sheet(title)
    for number, (_, width) in enumerate(columns):
        table.column_dimensions["ABCDEFGHIJ"[number]].width = width
    return table


def _head(table: Any, columns: tuple[tuple[str, int], ...]) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font, PatternFill

    cells = []
    for name, _ in columns:
        cell = WriteOnlyCell(table, value=name)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="EDEDED")
        cells.append(cell)
    table.append(cells)


def _safe(value: Any) -> Any:
    """Text that Excel takes as text: no formula, no control characters, not too long."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if not isinstance(value, str):
        return value
    text = ILLEGAL_CHARACTERS_RE.sub("", value)[:_LONGEST]
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text

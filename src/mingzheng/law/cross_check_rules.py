"""The cross checks R01 to R14, each a function that gives one finding for each place it judges."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from difflib import SequenceMatcher

from mingzheng.law.cross_check_model import Context, Finding, Rule
from mingzheng.law.report_tables import Number, ReportTables
from mingzheng.law.rules import rule_set_on

ALIKE = 0.9
"""Share of equal text from which two years' chapters count as identical (内容雷同)."""
FEES_SINCE = 2021
"""Fees for processing information are taken since 2021 (国办函〔2020〕109号)."""


def _values(tables: ReportTables, keys: Sequence[str]) -> list[Number] | None:
    known = [value for key in keys if (value := tables.cells.get(key)) is not None]
    return known if len(known) == len(keys) else None


def _columns(tables: ReportTables) -> list[str]:
    return [column.key for column in tables.generation.form("t3").leaf_columns()]


def _blank(tables: ReportTables, keys: Sequence[str]) -> str:
    return next(tables.label(key) for key in keys if tables.cells.get(key) is None) + "没有填写"


def _sum(rule: Rule, tables: ReportTables, key: str, parts: Sequence[str]) -> Finding:
    places = (key, *parts)
    values = _values(tables, places)
    if values is None:
        return rule.skip(_blank(tables, places), places)
    stated, *addends = values
    total = sum(addends)
    return rule.compare(tables, places, stated, total, f"{'+'.join(str(value) for value in addends)}={total}")


def _totals(rule: Rule, tables: ReportTables, form_id: str) -> Iterator[Finding]:
    """Each figure of a table that the form itself makes a sum of others."""
    if not tables.generation.has(form_id):
        yield rule.skip(f"{tables.generation.name}没有这张表")
        return
    for figure in tables.figures.values():
        if figure.parts and figure.key.startswith(f"{form_id}."):
            yield _sum(rule, tables, figure.key, figure.parts)


def flow(rule: Rule, tables: ReportTables, context: Context) -> Iterator[Finding]:
    """R01: in every column of table three A + B = C7 + D."""
    if not tables.generation.has("t3"):
        yield rule.skip(f"{tables.generation.name}没有表三")
        return
    for column in tables.generation.form("t3").leaf_columns():
        keys = [f"t3.{row}.{column.key}" for row in ("A", "B", "C7", "D")]
        values = _values(tables, keys)
        if values is None:
            yield rule.skip(_blank(tables, keys), keys)
            continue
        a, b, c, d = values
        kept = a + b == c + d
        message = (
            f"表三“{column.label}”列新收{a}与上年结转{b}之和为{a + b}，办理结果总计{c}与结转下年度{d}之和为{c + d}，"
            f"{'两者相等' if kept else '两者应当相等'}。"
        )
        yield rule.judge(kept, message, keys, f"{a}+{b}={c}+{d}", f"{a}+{b}={a + b}，{c}+{d}={c + d}")


def outcomes(rule: Rule, tables: ReportTables, context: Context) -> Iterator[Finding]:
    """R02: in every column of table three C7 is the sum of the outcomes."""
    if not tables.generation.has("t3"):
        yield rule.skip(f"{tables.generation.name}没有表三")
        return
    rows = tables.generation.form("t3").rows_beside("C7")
    for column in _columns(tables):
        yield _sum(rule, tables, f"t3.C7.{column}", [f"t3.{row}.{column}" for row in rows])


def applicants(rule: Rule, tables: ReportTables, context: Context) -> Iterator[Finding]:
    """R03: in every row of table three the total is the sum of the six kinds of applicants."""
    if not tables.generation.has("t3"):
        yield rule.skip(f"{tables.generation.name}没有表三")
        return
    kinds = [column for column in _columns(tables) if column != "total"]
    for row in tables.generation.form("t3").leaf_rows():
        yield _sum(rule, tables, f"t3.{row.key}.total", [f"t3.{row.key}.{kind}" for kind in kinds])


def carried_over(rule: Rule, tables: ReportTables, context: Context) -> Iterator[Finding]:
    """R04: B is last year's D in every column; only a warning for an organ that was reorganised."""
    previous = context.previous
    if previous is None or not (tables.generation.has("t3") and previous.generation.has("t3")):
        yield rule.skip("没有上一年度的表三")
        return
    if context.reorganised:
        rule = replace(rule, level="warning")
    for column in _columns(tables):
        key, source = f"t3.B.{column}", f"t3.D.{column}"
        now, before = tables.cells.get(key), previous.cells.get(source)
        if now is None:
            yield rule.skip(_blank(tables, [key]), [key])
        elif before is None:
            yield rule.skip(f"上一年度{_blank(previous, [source])}", [key])
        else:
            yield rule.compare(tables, [key], now, before, f"上年度结转下年度继续办理{before}")


def remedies(rule: Rule, tables: ReportTables, context: Context) -> Iterator[Finding]:
    """R05: in each group of table four the total is the sum of the four results."""
    yield from _totals(rule, tables, "t4")


def complete(rule: Rule, tables: ReportTables, context: Context) -> Iterator[Finding]:
    """R06: counts are whole and not negative, amounts not negative, nothing is blank.

    The sheet of G1 was reported row by row over the years, so that a blank of it is no fault.
    """
    for key, figure in tables.figures.items():
        value = tables.cells.get(key)
        if value is None:
            if tables.generation.key == "G1":
                yield rule.skip(f"{figure.label}没有填写", [key])
            else:
                yield rule.judge(False, f"{figure.label}没有填写，没有发生的应填0。", [key], "空白", "0")
            continue
        whole, sign = value == int(value), value >= 0 or figure.is_signed
        kind = ("" if figure.is_signed else "不小于0的") + ("数" if figure.is_decimal else "整数")
        kept = sign and (whole or figure.is_decimal)
        message = f"{figure.label}为{value}，{'符合填报要求' if kept else f'应为{kind}'}。"
        yield rule.judge(kept, message, [key], f"{value}", kind)


def in_force(rule: Rule, tables: ReportTables, context: Context) -> Iterator[Finding]:
    """R07: documents in force = those of last year + made - repealed."""
    previous = context.previous
    if tables.generation.key != "G3" or previous is None or previous.generation.key != "G3":
        yield rule.skip("没有同一格式的上一年度表二")
        return
    for row in ("rules", "normdocs"):
        keys = [f"t2.{row}.{column}" for column in ("valid", "made", "repealed")]
        values, before = _values(tables, keys), previous.cells.get(keys[0])
        if values is None:
            yield rule.skip(_blank(tables, keys), keys)
        elif before is None:
            yield rule.skip(f"上一年度{_blank(previous, keys[:1])}", keys)
        else:
            valid, made, repealed = values
            computed = before + made - repealed
            yield rule.compare(tables, keys, valid, computed, f"{before}+{made}-{repealed}={computed}")


def fees(rule: Rule, tables: ReportTables, context: Context) -> Iterator[Finding]:
    """R08: who took fees, or closed a request for a fee unpaid, tells of the fees in chapter six, be they 0."""
    if tables.year < FEES_SINCE:
        yield rule.skip(f"信息处理费自{FEES_SINCE}年起收取（国办函〔2020〕109号）")
        return
    key = "t3.C6.2.total"
    unpaid, income = tables.cells.get(key), context.fee_income
    if not unpaid and not income:
        yield rule.skip("没有逾期未缴费的申请，也没有收取信息处理费的记录", [key])
    elif context.fee_reported is None:
        yield rule.skip("没有报告第六部分的文字", [key])
    else:
        facts = f"逾期未缴费{unpaid or 0}件，收取信息处理费{income or 0}元"
        words = "报告了" if context.fee_reported else "没有报告"
        message = f"{tables.label(key)}为{unpaid or 0}，收取信息处理费{income or 0}元，第六部分{words}收取信息处理费的情况。"
        yield rule.judge(context.fee_reported, message, [key], f"第六部分{words}", facts)


def text(rule: Rule, tables: ReportTables, context: Context) -> Iterator[Finding]:
    """R09: figures that the text states are those of the tables."""
    if context.statements is None:
        yield rule.skip("没有报告正文中的数字")
        return
    for statement in context.statements:
        key, stored = statement.key, tables.value(statement.key)
        if stored is None:
            yield rule.skip(_blank(tables, [key]), [key])
            continue
        kept = stored == statement.value
        message = f"正文“{statement.quote}”中的{statement.value}与{tables.label(key)}{stored}{'相等' if kept else '不相等'}。"
        yield rule.judge(kept, message, [key], f"{statement.value}", f"表中为{stored}")


def children(rule: Rule, tables: ReportTables, context: Context) -> Iterator[Finding]:
    """R10: a government's tables two to four are the sum of its own and of those below."""
    if context.children is None or context.own is None:
        yield rule.skip("没有本级和下级单位的表格")
        return
    if tables.generation.key == "G1":
        yield rule.skip(f"{tables.generation.name}没有表二至表四")
        return
    parts = [context.own, *context.children]
    for key in tables.figures:
        stated = tables.cells.get(key)
        known = [value for part in parts if (value := part.cells.get(key)) is not None]
        if stated is None:
            yield rule.skip(_blank(tables, [key]), [key])
        elif len(known) < len(parts):
            yield rule.skip(f"{tables.label(key)}有{len(parts) - len(known)}个单位没有填写", [key])
        else:
            working = f"{'+'.join(str(value) for value in known)}={sum(known)}"
            yield rule.compare(tables, [key], stated, sum(known), working)


def deadline(rule: Rule, tables: ReportTables, context: Context) -> Iterator[Finding]:
    """R11: published in time, by the Regulation in force when the year is over."""
    if context.published_on is None or context.is_government is None:
        yield rule.skip("没有发布日期或者单位类别")
        return
    rules = rule_set_on(date(tables.year + 1, 1, 1))
    due = rules.parameters["annual_report_due"].value
    day = due.get("all") or due["government" if context.is_government else "department"]
    last = date.fromisoformat(f"{tables.year + 1}-{day}")
    kept = context.published_on <= last
    message = f"年度报告于{context.published_on}发布，{'不晚于' if kept else '晚于'}{last}（{rules.citation('annual_report_due')}）。"
    yield rule.judge(kept, message, (), f"{context.published_on}", f"{last}")


def problems(rule: Rule, tables: ReportTables, context: Context) -> Iterator[Finding]:
    """R12: chapter five is written, and not last year's over again."""
    if context.problems is None:
        yield rule.skip("没有第五部分的文字")
        return
    now, before = ("".join((each or "").split()) for each in (context.problems, context.problems_before))
    if not now:
        yield rule.judge(False, "第五部分没有写明存在的主要问题及改进情况。", (), "空白")
    elif not before:
        yield rule.judge(True, "第五部分写明了存在的主要问题及改进情况。", (), f"{len(now)}字")
    else:
        share = SequenceMatcher(None, before, now, autojunk=False).ratio()
        kept = share < ALIKE
        message = f"第五部分与上一年度的相似度为{share:.0%}{'' if kept else '，内容雷同，应当写当年的情况'}。"
        yield rule.judge(kept, message, (), f"{share:.2f}", f"小于{ALIKE:.2f}")


def cases(rule: Rule, tables: ReportTables, context: Context) -> Iterator[Finding]:
    """R13: table three is what the requests in the system count, cell by cell."""
    if context.cases is None or not tables.generation.has("t3"):
        yield rule.skip("没有系统中申请办件的计数或者表三")
        return
    keys = [key for key in tables.figures if key.startswith("t3.")]
    leaves = {key: 0 for key in keys if not tables.figures[key].parts}
    counted = ReportTables(tables.year, {**leaves, **context.cases}).with_totals()
    for key in keys:
        stated, count = tables.cells.get(key), counted.cells[key]
        if stated is None:
            yield rule.skip(_blank(tables, [key]), [key])
        else:
            yield rule.compare(tables, [key], stated, count, f"系统中的办件{count}件")


def sheet(rule: Rule, tables: ReportTables, context: Context) -> Iterator[Finding]:
    """R14: in the sheet of G1 received, closed, replied and other totals are the sums of their rows."""
    yield from _totals(rule, tables, "g1")

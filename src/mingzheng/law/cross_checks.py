"""The cross checks (勾稽) of an annual report, R01 to R14, as named rules over its tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Literal

from mingzheng.law.report_tables import Number, ReportTables

Status = Literal["holds", "broken", "not_applicable"]
Level = Literal["error", "warning"]
ALIKE = 0.9
"""Share of equal text above which two years' chapters count as identical (内容雷同)."""


@dataclass(frozen=True)
class Statement:
    """A figure that the text of the report states: the cell it speaks of, the value, and the words."""

    key: str
    value: Number
    quote: str


@dataclass(frozen=True)
class Context:
    """What lies beside the tables. A rule whose facts are absent is not applicable, and says so."""

    previous: ReportTables | None = None
    reorganised: bool = False
    statements: Sequence[Statement] | None = None
    fee_reported: bool | None = None
    children: Sequence[ReportTables] | None = None
    own: ReportTables | None = None
    published_on: date | None = None
    is_government: bool | None = None
    problems: str | None = None
    problems_before: str | None = None
    cases: Mapping[str, int] | None = None


@dataclass(frozen=True)
class Finding:
    """The verdict of one rule on one place, with its working. ``message`` is one Chinese sentence."""

    rule: str
    level: Level
    status: Status
    message: str
    places: tuple[str, ...] = ()
    claim: str = ""
    computed: str = ""


@dataclass(frozen=True)
class Rule:
    """A named rule: what it demands, and the function that applies it."""

    id: str
    title: str
    level: Level
    apply: Callable[[Rule, ReportTables, Context], Iterator[Finding]] = field(repr=False)

    def compare(
        self, tables: ReportTables, places: Iterable[str], stated: Number, computed: Number, working: str
    ) -> Finding:
        """A verdict on two values that must be equal."""
        keys = tuple(places)
        names = "、".join(tables.label(key) for key in keys[:2])
        if stated == computed:
            return Finding(self.id, self.level, "holds", f"{names}相符。", keys, f"{stated}", working)
        sentence = f"{names}为{stated}，按“{self.title}”应为{computed}。"
        return Finding(self.id, self.level, "broken", sentence, keys, f"{stated}", working)

    def skip(self, why: str) -> Finding:
        return Finding(self.id, self.level, "not_applicable", f"“{self.title}”未核对：{why}。")


def check(tables: ReportTables, context: Context | None = None) -> list[Finding]:
    """Apply every rule. The tables are taken as entered: totals that were not entered are not checked as claims."""
    context = context or Context()
    return [finding for rule in RULES for finding in rule.apply(rule, tables, context)]


def broken(findings: Iterable[Finding], level: Level | None = None) -> list[Finding]:
    """The findings that a report must mend, of one level or of both."""
    return [each for each in findings if each.status == "broken" and (level is None or each.level == level)]


def _values(tables: ReportTables, keys: Sequence[str]) -> list[Number] | None:
    found = [tables.cells.get(key) for key in keys]
    known = [value for value in found if value is not None]
    return known if len(known) == len(found) else None


def _columns(tables: ReportTables) -> list[str]:
    return [column.key for column in tables.generation.form("t3").leaf_columns()]


def _has(tables: ReportTables, form_id: str) -> bool:
    return any(form.id == form_id for form in tables.generation.forms)


def _working(values: Sequence[Number], total: Number) -> str:
    return f"{'+'.join(str(value) for value in values)}={total}"


def _flow(rule: Rule, tables: ReportTables, context: Context) -> Iterator[Finding]:
    if not _has(tables, "t3"):
        yield rule.skip("本格式没有表三")
        return
    for column in _columns(tables):
        keys = [f"t3.{row}.{column}" for row in ("A", "B", "C7", "D")]
        values = _values(tables, keys)
        if values is None:
            yield rule.skip(f"表三“{column}”列有空格")
            continue
        a, b, c, d = values
        yield rule.compare(tables, keys[2:], c + d, a + b, f"{a}+{b}={a + b}，{c}+{d}={c + d}")


def _sums(
    wanted: Callable[[str], bool], form_id: str
) -> Callable[[Rule, ReportTables, Context], Iterator[Finding]]:
    """Totals of one table that equal the sum of their parts."""

    def apply(rule: Rule, tables: ReportTables, context: Context) -> Iterator[Finding]:
        if not _has(tables, form_id):
            yield rule.skip("本格式没有这张表")
            return
        for figure in tables.figures.values():
            if not figure.parts or not figure.key.startswith(f"{form_id}.") or not wanted(figure.key):
                continue
            values, stated = _values(tables, figure.parts), tables.cells.get(figure.key)
            if values is None or stated is None:
                yield rule.skip(f"{figure.label}或其分项没有填写")
                continue
            total = sum(values)
            yield rule.compare(tables, [figure.key, *figure.parts], stated, total, _working(values, total))

    return apply


def _carried_over(rule: Rule, tables: ReportTables, context: Context) -> Iterator[Finding]:
    if context.previous is None or not (_has(tables, "t3") and _has(context.previous, "t3")):
        yield rule.skip("没有上一年度的表三")
        return
    if context.reorganised:
        yield rule.skip("本年度机构有调整，上年结转不必等于原机构的数")
        return
    for column in _columns(tables):
        key = f"t3.B.{column}"
        now, before = tables.cells.get(key), context.previous.cells.get(f"t3.D.{column}")
        if now is None or before is None:
            yield rule.skip(f"表三“{column}”列有空格")
        else:
            yield rule.compare(tables, [key], now, before, f"上年度结转下年度继续办理{before}")


def _complete(rule: Rule, tables: ReportTables, context: Context) -> Iterator[Finding]:
    for key, figure in tables.figures.items():
        value = tables.cells.get(key)
        if value is None:
            if tables.generation.key != "G1":
                yield Finding(
                    rule.id,
                    rule.level,
                    "broken",
                    f"{figure.label}没有填写；没有发生的填0。",
                    (key,),
                    "空白",
                    "0",
                )
            continue
        whole = figure.is_decimal or value == int(value)
        if (value < 0 and not figure.is_signed) or not whole:
            kind = "不小于0的数" if figure.is_decimal else "不小于0的整数"
            yield Finding(
                rule.id, rule.level, "broken", f"{figure.label}为{value}，应为{kind}。", (key,), f"{value}"
            )
        else:
            yield Finding(rule.id, rule.level, "holds", f"{figure.label}填写规范。", (key,), f"{value}")


def _in_force(rule: Rule, tables: ReportTables, context: Context) -> Iterator[Finding]:
    if tables.generation.key != "G3" or context.previous is None or context.previous.generation.key != "G3":
        yield rule.skip("没有同一格式的上一年度表二")
        return
    for row in ("rules", "normdocs"):
        keys = [f"t2.{row}.{column}" for column in ("valid", "made", "repealed")]
        values, before = _values(tables, keys), context.previous.cells.get(keys[0])
        if values is None or before is None:
            yield rule.skip("表二有空格")
            continue
        valid, made, repealed = values
        computed = before + made - repealed
        yield rule.compare(tables, keys, valid, computed, f"{before}+{made}-{repealed}={computed}")


def _fees(rule: Rule, tables: ReportTables, context: Context) -> Iterator[Finding]:
    if tables.year < 2021:
        yield rule.skip("信息处理费自2021年起收取（国办函〔2020〕109号）")
        return
    if context.fee_reported is None:
        yield rule.skip("没有报告第六部分的文字")
        return
    words = "已报告" if context.fee_reported else "未报告"
    status: Status = "holds" if context.fee_reported else "broken"
    yield Finding(
        rule.id,
        rule.level,
        status,
        f"第六部分{words}收取信息处理费的情况；没有收取的也应当写明。",
        ("t3.C6.2.total",),
        words,
    )


def _text(rule: Rule, tables: ReportTables, context: Context) -> Iterator[Finding]:
    if context.statements is None:
        yield rule.skip("没有报告正文中的数字")
        return
    for statement in context.statements:
        stored = tables.value(statement.key)
        if stored is None:
            yield rule.skip(f"{tables.label(statement.key)}没有填写")
        else:
            yield rule.compare(
                tables, [statement.key], statement.value, stored, f"表中为{stored}；正文：{statement.quote}"
            )


def _children(rule: Rule, tables: ReportTables, context: Context) -> Iterator[Finding]:
    if context.children is None or context.own is None:
        yield rule.skip("没有下级单位的表格")
        return
    parts = [*context.children, context.own]
    for key in tables.figures:
        if not key.startswith(("t2.", "t3.", "t4.")):
            continue
        stated = tables.cells.get(key)
        known = [value for part in parts if (value := part.cells.get(key)) is not None]
        if stated is None or len(known) < len(parts):
            yield rule.skip(f"{tables.label(key)}有单位没有填写")
        else:
            yield rule.compare(tables, [key], stated, sum(known), _working(known, sum(known)))


def _deadline(rule: Rule, tables: ReportTables, context: Context) -> Iterator[Finding]:
    if context.published_on is None or context.is_government is None:
        yield rule.skip("没有发布日期")
        return
    if tables.year <= 2018:  # published before the amendment came into force on 2019-05-15
        last, article = date(tables.year + 1, 3, 31), "国务院令第492号第三十一条"
    elif context.is_government:
        last, article = date(tables.year + 1, 3, 31), "国务院令第711号第四十九条"
    else:
        last, article = date(tables.year + 1, 1, 31), "国务院令第711号第四十九条"
    late = context.published_on > last
    words = f"年度报告于{context.published_on}发布，{'晚于' if late else '不晚于'}{last}（{article}）。"
    yield Finding(
        rule.id, rule.level, "broken" if late else "holds", words, (), f"{context.published_on}", f"{last}"
    )


def _problems(rule: Rule, tables: ReportTables, context: Context) -> Iterator[Finding]:
    if context.problems is None:
        yield rule.skip("没有第五部分的文字")
        return
    if not context.problems.strip():
        yield Finding(rule.id, rule.level, "broken", "第五部分没有写明存在的主要问题及改进情况。")
        return
    if not context.problems_before:
        yield Finding(rule.id, rule.level, "holds", "第五部分写明了问题及改进情况。")
        return
    share = SequenceMatcher(None, context.problems_before, context.problems, autojunk=False).ratio()
    same = share >= ALIKE
    words = f"第五部分与上一年度相同的文字占{share:.0%}" + (
        "，内容雷同，应当写当年的情况。" if same else "。"
    )
    yield Finding(
        rule.id, rule.level, "broken" if same else "holds", words, (), f"{share:.2f}", f"{ALIKE:.2f}"
    )


def _cases(rule: Rule, tables: ReportTables, context: Context) -> Iterator[Finding]:
    if context.cases is None:
        yield rule.skip("系统中没有申请办件")
        return
    for key, count in context.cases.items():
        stated = tables.value(key)
        yield rule.compare(tables, [key], Decimal(0) if stated is None else stated, count, f"办件{count}件")


RULES: tuple[Rule, ...] = (
    Rule("R01", "新收与上年结转之和等于办结与结转下年之和", "error", _flow),
    Rule("R02", "办理结果总计等于各项结果之和", "error", _sums(lambda key: ".C7." in key and not key.endswith(".total"), "t3")),
    Rule("R03", "总计列等于六类申请人之和", "error", _sums(lambda key: key.endswith(".total"), "t3")),
    Rule("R04", "上年结转等于上一年度报告的结转下年", "error", _carried_over),
    Rule("R05", "复议、诉讼总计等于四种结果之和", "error", _sums(lambda key: True, "t4")),
    Rule("R06", "件数为不小于0的整数，没有空格", "error", _complete),
    Rule("R07", "现行有效件数等于上年有效加制发减废止", "warning", _in_force),
    Rule("R08", "第六部分应当报告信息处理费", "warning", _fees),
    Rule("R09", "正文数字等于表中数字", "warning", _text),
    Rule("R10", "汇总数等于本级与各下级之和", "error", _children),
    Rule("R11", "按期发布年度报告", "error", _deadline),
    Rule("R12", "第五部分不空、不与上年雷同", "warning", _problems),
    Rule("R13", "表三等于系统中的办件", "error", _cases),
    Rule("R14", "统计表的总数等于各分项之和", "error", _sums(lambda key: True, "g1")),
)  # fmt: skip

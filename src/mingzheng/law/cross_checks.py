"""The cross checks (勾稽) of an annual report, R01 to R14, as named rules over its tables."""

from __future__ import annotations

from collections.abc import Iterable

from mingzheng.law import cross_check_rules as rules
from mingzheng.law.cross_check_model import Context, Finding, Level, Rule, Statement, Status
from mingzheng.law.errors import Refusal
from mingzheng.law.report_tables import ReportTables

__all__ = ["RULES", "Context", "Finding", "Level", "Rule", "Statement", "Status", "broken", "check"]

RULES: tuple[Rule, ...] = (
    Rule("R01", "新收与上年结转之和等于办结与结转下年之和", "error", rules.flow),
    Rule("R02", "办理结果总计等于各项结果之和", "error", rules.outcomes),
    Rule("R03", "总计列等于六类申请人之和", "error", rules.applicants),
    Rule("R04", "上年结转等于上一年度报告的结转下年", "error", rules.carried_over),
    Rule("R05", "复议、诉讼总计等于四种结果之和", "error", rules.remedies),
    Rule("R06", "件数为不小于0的整数，没有空格", "error", rules.complete),
    Rule("R07", "现行有效件数等于上年有效加制发减废止", "warning", rules.in_force),
    Rule("R08", "第六部分应当报告信息处理费", "warning", rules.fees),
    Rule("R09", "正文数字等于表中数字", "warning", rules.text),
    Rule("R10", "汇总数等于本级与各下级之和", "error", rules.children),
    Rule("R11", "按期发布年度报告", "error", rules.deadline),
    Rule("R12", "第五部分不空、不与上年雷同", "warning", rules.problems),
    Rule("R13", "表三等于系统中的办件", "error", rules.cases),
    Rule("R14", "统计表的总数等于各分项之和", "error", rules.sheet),
)


def check(tables: ReportTables, context: Context | None = None) -> list[Finding]:
    """Apply every rule. The tables are taken as entered: totals that were not entered are not checked as claims.

    Raises Refusal for tables of a wrong year in the context.
    """
    context = context or Context()
    _check_years(tables, context)
    return [finding for rule in RULES for finding in rule.apply(rule, tables, context)]


def broken(findings: Iterable[Finding], level: Level | None = None) -> list[Finding]:
    """The findings that a report must mend, of one level or of both."""
    return [each for each in findings if each.status == "broken" and (level is None or each.level == level)]


def _check_years(tables: ReportTables, context: Context) -> None:
    if context.previous is not None and context.previous.year != tables.year - 1:
        raise Refusal(
            f"{tables.year}年度的报告应与{tables.year - 1}年度的表格核对，不能用{context.previous.year}年度的。"
        )
    for part in (context.own, *(context.children or ())):
        if part is not None and part.year != tables.year:
            raise Refusal(f"{tables.year}年度的汇总不能用{part.year}年度的表格核对。")

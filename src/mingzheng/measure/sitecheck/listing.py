"""The sheet as a person reads it on a terminal."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from mingzheng.measure.sitecheck.model import Finding
from mingzheng.measure.sitecheck.scoring import STATES, Line, Sheet

_PARTS: Final = {"veto": "一、单项否决", "deduct": "二、扣分项", "advice": "三、其他要求（不计分）"}
_FINDINGS: Final = 10  # shown of one rule
_PAGES: Final = 3  # shown of one finding


def listing(sheet: Sheet) -> str:
    """The whole sheet: the result, then every rule with what was found, then what was not read."""
    facts, scheme = sheet.facts, sheet.scheme
    lines = [
        f"网站检查单：{sheet.site}",
        f"依据：{scheme.title}（{scheme.document}）　检查日期：{sheet.on}",
        f"读取页面{facts['pages']}个（内容页{facts['articles']}、列表页{facts['lists']}、办事指南{facts['guides']}）"
        + ("" if facts["complete"] else "，未读全"),
        f"结果：{result_line(sheet)}",
    ]
    if scheme.changed:
        lines.append(f"本单位自定的数值：{'、'.join(scheme.changed)}")
    for part, title in _PARTS.items():
        chosen = sheet.of(part)
        if chosen:
            lines += ["", f"【{title}】", *(text for line in chosen for text in _rule(line))]
    if sheet.unseen:
        lines += ["", "【没有读到的】", *(f"- {each}" for each in sheet.unseen)]
    return "\n".join(lines)


def result_line(sheet: Sheet) -> str:
    """The result in one line."""
    if sheet.vetoes:
        return f"{sheet.result}（单项否决：{'、'.join(line.rule.name for line in sheet.vetoes)}）"
    if sheet.score is None:
        return f"{sheet.result}（不是完整的网站，只检查了单个页面）"
    told = f"{sheet.result}，{_number(sheet.score)}分"
    if sheet.provisional:
        told += "（暂定：有未检查的项目）"
    doubts = [line.rule.name for line in sheet.of("veto") if line.state == "doubt"]
    if doubts:
        told += f"；单项否决有疑点，须人工核实：{'、'.join(doubts)}"
    if sheet.bonus_open:
        told += f"；高于{sheet.scheme.bonus['gate']}分，可进入加分环节（最多{sheet.scheme.bonus['most']}分，须人工评定）"
    return told


def _rule(line: Line) -> list[str]:
    rule = line.rule
    group = f"{rule.group}/" if rule.group else ""
    head = f"{rule.id} {group}{rule.name}：{'否决' if line.met else STATES[line.state]}"
    if line.points:
        head += f"，扣{_number(line.points)}分"
    if not line.findings:
        return [f"{head}（{line.unseen}）" if line.unseen else head]
    lines = [head]
    lines.append(f"   规则：{rule.text}（{rule.document}）")
    for finding in line.findings[:_FINDINGS]:
        lines += _finding(finding)
    beyond = len(line.findings) - _FINDINGS
    if beyond > 0 or line.left_out:
        lines.append(f"   …另有{max(beyond, 0) + line.left_out}项，见--xlsx或--json的结果")
    if line.unseen:
        lines.append(f"   未检查：{line.unseen}")
    return lines


def _finding(finding: Finding) -> list[str]:
    mark = "？" if finding.doubt else "×"
    count = f"（{finding.count}页）" if finding.count > 1 and len(finding.pages) > 1 else ""
    shown = "、".join(finding.pages[:_PAGES])
    more = "…" if finding.count > _PAGES and len(finding.pages) > _PAGES else ""
    return [f"   {mark} {finding.seen}{count}" + (f"　{shown}{more}" if shown else "")]


def _number(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"

"""The sheet: what every rule says of the site, the points, and the result.

Any veto makes the site 不合格. Else the points of every rule are taken off, none more than its limit and no group more
than the group has; a site without services leaves that group out and divides what is left by 0.75.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final, Literal

from mingzheng.law.errors import Refusal
from mingzheng.measure.sitecheck import updating as updating  # registers its measures
from mingzheng.measure.sitecheck.measures import MEASURES, Checked
from mingzheng.measure.sitecheck.model import Finding
from mingzheng.measure.sitecheck.schemes import Rule, Scheme
from mingzheng.measure.sitecheck.site import Site

State = Literal["fine", "found", "below", "doubt", "unseen"]
STATES: Final[dict[State, str]] = {
    "fine": "未发现问题",
    "found": "有问题",
    "below": "有问题，未达否决标准",
    "doubt": "有疑点",
    "unseen": "未检查",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One rule on the sheet. ``points`` is what it costs after its limit; ``unseen`` what of it was not checked."""

    rule: Rule
    state: State
    met: bool
    findings: Sequence[Finding]
    points: Decimal
    unseen: str
    left_out: int = 0

    def as_json(self) -> dict[str, Any]:
        rule = self.rule
        return {
            "id": rule.id, "part": rule.part, "group": rule.group, "name": rule.name, "rule": rule.text,
            "document": rule.document, "evidence": rule.ev, "state": self.state, "met": self.met,
            "points": float(self.points), "unseen": self.unseen, "left_out": self.left_out,
            "findings": [each.as_json() for each in self.findings],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole result.

    ``score`` is None after a veto, and for pages that are no whole site; ``provisional`` while anything of the list
    is unchecked.
    """

    site: str
    on: date
    scheme: Scheme
    lines: Sequence[Line]
    score: Decimal | None
    passed: bool
    provisional: bool
    bonus_open: bool
    facts: dict[str, Any] = field(default_factory=dict)
    unseen: Sequence[str] = ()

    @property
    def vetoes(self) -> list[Line]:
        return [line for line in self.lines if line.rule.part == "veto" and line.met]

    @property
    def result(self) -> str:
        if self.score is None and not self.vetoes:
            return "不作结论"
        return "合格" if self.passed else "不合格"

    def of(self, part: str) -> list[Line]:
        """The lines of one part of the list."""
        return [line for line in self.lines if line.rule.part == part]

    def as_json(self) -> dict[str, Any]:
        scheme = self.scheme
        return {
            "site": self.site, "on": self.on.isoformat(), "scheme": scheme.id, "title": scheme.title,
            "document": scheme.document, "changed_by_office": list(scheme.changed), "result": self.result,
            "score": None if self.score is None else float(self.score), "provisional": self.provisional,
            "bonus_round": self.bonus_open, "vetoes": [line.rule.id for line in self.vetoes],
            "read": self.facts, "unseen": list(self.unseen), "rules": [line.as_json() for line in self.lines],
        }  # fmt: skip


def judge(site: Site, scheme: Scheme, *, services: bool = True) -> Sheet:
    """Hold the site against every rule. Raises Refusal when a scheme without such a rule is to leave services out."""
    if not services and not scheme.services:
        raise Refusal(
            f"《{scheme.title}》没有不含办事服务的评分办法，该办法自2019年4月起施行（国办秘函〔2019〕19号）。"
        )
    left_out = "" if services else scheme.services["group"]
    checked = Checked.of(site, scheme)
    lines = [
        _line(checked, rule)
        for rule in scheme.rules
        if not left_out or (rule.group != left_out and rule.measure != "guides")
    ]
    vetoed = any(line.met for line in lines)
    score = None if vetoed or not site.has_home else _score(scheme, lines, left_out)
    gate = scheme.bonus.get("gate")
    return Sheet(
        site.address,
        site.on,
        scheme,
        lines,
        score,
        score is not None and score >= scheme.pass_mark,
        not vetoed
        and (not site.complete or any(line.unseen for line in lines if line.rule.part != "advice")),
        bool(gate is not None and score is not None and score > gate),
        site.facts(),
        tuple(site.unseen),
    )


def _line(checked: Checked, rule: Rule) -> Line:
    verdict = MEASURES[rule.measure](checked, rule)
    unseen = "；".join(each for each in (verdict.unseen, rule.unseen) if each)
    sure = [each for each in verdict.findings if not each.doubt]
    points = sum((each.points for each in sure), Decimal(0))
    points = min(points, checked.scheme.base if rule.most is None else rule.most)
    state: State = "fine"
    if verdict.met or (sure and rule.part != "veto"):
        state = "found"
    elif any(each.doubt for each in verdict.findings):
        state = "doubt"
    elif sure:
        state = "below"
    elif unseen:
        state = "unseen"
    return Line(rule, state, verdict.met, verdict.findings, points, unseen, verdict.left_out)


def _score(scheme: Scheme, lines: Sequence[Line], left_out: str) -> Decimal:
    """Points after deductions, to two decimals."""
    by_group: dict[str, Decimal] = {}
    for line in lines:
        if line.rule.part == "deduct":
            by_group[line.rule.group] = by_group.get(line.rule.group, Decimal(0)) + line.points
    lost = sum(
        (min(points, scheme.groups.get(name, points)) for name, points in by_group.items()), Decimal(0)
    )
    base = scheme.base - (scheme.groups[left_out] if left_out else 0)
    score = max(Decimal(0), base - lost)
    if left_out:
        score /= Decimal(str(scheme.services["divide_by"]))
    return score.quantize(Decimal("0.01"), ROUND_HALF_UP)

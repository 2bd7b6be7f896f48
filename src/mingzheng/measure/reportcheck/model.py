"""What the report checker says: findings at three levels, and the claims it could confirm."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from mingzheng.measure.reportcheck.typeset import typeset

Level = Literal["error", "warning", "note"]

# error: the report contradicts itself; warning: a person should look; note: nothing is claimed to be wrong.
LEVELS: tuple[Level, ...] = ("error", "warning", "note")

SUM = "分项求和"
SHARE = "比例"
GROWTH = "增减变化"
AVERAGE = "平均数"
COUNT = "列举计数"
REPEATED = "类目重复"
NUMBERING = "发文字号"
MISSING = "缺字"
ORDER = "序号"
DOUBLED = "重复字"
TABLE = "表内勾稽"
TEXT_TABLE = "文表对照"
FORMAT = "表头版本"


@dataclass(frozen=True)
class Finding:
    """One thing that a person should look at. ``quote`` is the sentence, ``computed`` the working."""

    level: Level
    kind: str
    place: str
    quote: str
    claim: str
    computed: str
    message: str


@dataclass(frozen=True)
class Confirmation:
    """One claim of the report that the checker worked out again and found to hold."""

    kind: str
    place: str
    quote: str
    claim: str
    computed: str


# Of these the claim is the words of the report themselves, which stay as written.
_VERBATIM = (NUMBERING, MISSING, DOUBLED, ORDER)


def _typeset(finding: Finding) -> Finding:
    told = replace(finding, place=typeset(finding.place), message=typeset(finding.message))
    if finding.kind in _VERBATIM:
        return told
    return replace(told, claim=typeset(finding.claim), computed=typeset(finding.computed))


@dataclass
class Result:
    """Everything that was said about one report."""

    findings: list[Finding] = field(default_factory=list)
    confirmed: list[Confirmation] = field(default_factory=list)

    def extend(self, other: Result) -> None:
        self.findings.extend(other.findings)
        self.confirmed.extend(other.confirmed)

    def tidy(self) -> Result:
        """The same result without repetitions, gravest first."""
        findings = sorted(dict.fromkeys(self.findings), key=lambda finding: LEVELS.index(finding.level))
        return Result(
            [_typeset(finding) for finding in findings],
            [
                replace(
                    one, place=typeset(one.place), claim=typeset(one.claim), computed=typeset(one.computed)
                )
                for one in dict.fromkeys(self.confirmed)
            ],
        )

    @property
    def has_errors(self) -> bool:
        return any(finding.level == "error" for finding in self.findings)

    def as_json(self) -> dict[str, Any]:
        return {
            "findings": [asdict(finding) for finding in self.findings],
            "confirmed": [asdict(claim) for claim in self.confirmed],
        }

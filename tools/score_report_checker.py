"""Scores the report checker on reports whose statements were checked by hand; prints Markdown.

Usage: python tools/score_report_checker.py FOLDER [REPORT ...]

FOLDER holds reports and ``checks.jsonl``: one statement a line with ``file``, ``kind``, ``quote``, ``stated``,
``computed`` and ``verdict`` (相符 holds, 不符 does not, anything else is a note). Reports that are named in
``checks.jsonl`` and stand elsewhere are given as further arguments. A statement and a finding are matched when they
are of the same file and the finding shows the statement's figures, or its words when it has none.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from mingzheng.measure.reportcheck import Finding, Result, check_report

HOLDS, FALSE = "相符", "不符"
ARITHMETIC = ("求和", "比例", "对照", "正文", "表三", "表四", "表二", "累计", "存量", "增长", "计数", "合计")
GOAL_RECALL, GOAL_FALSE = 0.8, 0.02


@dataclass
class Check:
    file: str
    kind: str
    quote: str
    verdict: str
    stated: str

    @property
    def is_arithmetic(self) -> bool:
        return any(word in self.kind for word in ARITHMETIC)


def say(text: str | None) -> None:
    sys.stdout.write(f"{text}\n")


def figures(text: str) -> Counter[str]:
    return Counter(re.findall(r"\d+(?:\.\d+)?%?", text.replace(",", "")))


def read_checks(folder: Path) -> list[Check]:
    lines = (folder / "checks.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line.strip()]
    return [Check(row["file"], row["kind"], row["quote"], row["verdict"], str(row["stated"])) for row in rows]


def speaks_of(check: Check, claim: str, computed: str, quote: str) -> bool:
    """Whether a finding is about the statement: it claims or works with the statement's own figures."""
    wanted = figures(check.quote)
    if wanted:
        if "比例" in check.kind:
            share = check.stated if check.stated.endswith("%") else f"{check.stated}%"
            own = [figure for figure in wanted if not figure.endswith("%")]
            return share in figures(claim) and (
                not own or any(figure in figures(claim + computed) for figure in own)
            )
        given = figures(claim + " " + computed)
        common = sum((wanted & given).values())
        return common >= min(2, sum(wanted.values())) and common * 2 >= min(
            sum(wanted.values()), sum(given.values())
        )
    words = re.findall(r"[\u4e00-\u9fff]{4,}", check.quote) or re.findall(r"[\u4e00-\u9fff]{2,}", check.quote)
    return any(word[:8] in quote + claim or claim.strip("“”。") in check.quote for word in words if claim)


def matches(check: Check, result: Result) -> list[Finding]:
    return [
        finding for finding in result.findings
        if speaks_of(check, finding.claim, finding.computed, finding.quote) and _kind_fits(check, finding)
    ]  # fmt: skip


def _kind_fits(check: Check, finding: Finding) -> bool:
    return ("比例" in check.kind) == (finding.kind == "比例")


def main(arguments: list[str]) -> int:
    if not arguments:
        say(__doc__)
        return 2
    folder = Path(arguments[0])
    elsewhere = {Path(name).name: Path(name) for name in arguments[1:]}
    checks = read_checks(folder)
    results: dict[str, Result] = {}
    rows: Counter[tuple[str, str]] = Counter()
    missed: list[Check] = []
    wronged: list[tuple[Check, Finding]] = []
    for check in checks:
        path = folder / check.file
        path = path if path.exists() else elsewhere.get(check.file, path)
        if not path.exists():
            rows[check.kind, "无文件"] += 1
            continue
        if check.file not in results:
            results[check.file] = check_report(path)
        result = results[check.file]
        hits = matches(check, result)
        if check.verdict == FALSE:
            rows[check.kind, "不符"] += 1
            if any(hit.level in ("error", "warning") for hit in hits):
                rows[check.kind, "查出"] += 1
                rows[check.kind, "查出为错误"] += any(hit.level == "error" for hit in hits)
            else:
                missed.append(check)
        elif check.verdict == HOLDS:
            rows[check.kind, "相符"] += 1
            errors = [hit for hit in hits if hit.level == "error"]
            if errors:
                rows[check.kind, "误报"] += 1
                wronged.append((check, errors[0]))
            confirmed = [c for c in result.confirmed if speaks_of(check, c.claim, c.computed, c.quote)]
            rows[check.kind, "确认"] += bool(confirmed)
    report(rows, missed, wronged, checks)
    return 0


COLUMNS = ("不符", "查出", "查出为错误", "相符", "误报", "确认")


def report(
    rows: Counter[tuple[str, str]],
    missed: list[Check],
    wronged: list[tuple[Check, Finding]],
    checks: list[Check],
) -> None:
    kinds = list(dict.fromkeys(check.kind for check in checks))
    say("| 类型 | " + " | ".join(COLUMNS) + " |")
    say("|---|" + "---:|" * len(COLUMNS))
    for kind in kinds:
        say(f"| {kind} | " + " | ".join(str(rows[kind, column]) for column in COLUMNS) + " |")
    arithmetic = {check.kind for check in checks if check.is_arithmetic}
    for title, chosen in (("算术类合计", arithmetic), ("全部合计", set(kinds))):
        sums = {column: sum(rows[kind, column] for kind in chosen) for column in COLUMNS}
        say(f"| **{title}** | " + " | ".join(str(sums[column]) for column in COLUMNS) + " |")
        if title.startswith("算术"):
            recall = sums["查出"] / sums["不符"] if sums["不符"] else 1.0
            false = sums["误报"] / sums["相符"] if sums["相符"] else 0.0
    say(
        f"\n算术类查全率 {recall:.3f}(要求 ≥ {GOAL_RECALL}),相符陈述误报率 {false:.3f}(要求 ≤ {GOAL_FALSE})。"
    )
    absent = sum(count for (_, column), count in rows.items() if column == "无文件")
    if absent:
        say(f"\n未找到文件、未计入的陈述:{absent}条。")
    if missed:
        say("\n未查出:\n")
        for check in missed:
            say(f"- {check.file}|{check.kind}|{check.quote}")
    if wronged:
        say("\n误报:\n")
        for check, finding in wronged:
            say(f"- {check.file}|{check.quote}|{finding.claim}|{finding.computed}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

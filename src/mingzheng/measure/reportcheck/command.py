"""``mingzheng check-report``: checks the arithmetic of an annual report and prints what was found."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from mingzheng.measure.reportcheck.checker import check_report
from mingzheng.measure.reportcheck.model import LEVELS, NUMBERING, Finding, Level, Result

DONE, FINDINGS = 0, 1

_TITLES: dict[Level, str] = {"error": "错误", "warning": "警告", "note": "提示"}


def register(commands: Any) -> None:
    """Adds the command to the parser of the console script."""
    parser = commands.add_parser(
        "check-report",
        help="核对年度报告中的数字",
        description="核对政府信息公开工作年度报告（txt、html、docx、pdf）中的分项求和、比例、增减、计数、表内勾稽和文表一致。",
    )
    parser.add_argument("file", type=Path, metavar="文件", help="年度报告文件")
    parser.add_argument("--json", action="store_true", dest="as_json", help="以 JSON 输出")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Checks one report; 1 when there is a finding of level error, else 0."""
    result = check_report(arguments.file)
    if arguments.as_json:
        text = json.dumps(result.as_json(), ensure_ascii=False, indent=2)
    else:
        text = listing(result, arguments.file.name)
    sys.stdout.write(text + "\n")
    return FINDINGS if result.has_errors else DONE


def listing(result: Result, name: str) -> str:
    """The result for a person: by level, then what was confirmed, then the counts."""
    blocks = [f"年度报告核对：{name}"]
    for level in LEVELS:
        chosen = [finding for finding in result.findings if finding.level == level]
        if chosen:
            blocks.append(f"【{_TITLES[level]}】{len(chosen)}处")
            blocks.extend(_entry(number, finding) for number, finding in enumerate(chosen, start=1))
    if result.confirmed:
        blocks.append(f"【核对无误】{len(result.confirmed)}处")
        blocks.extend(
            f"{number}. {claim.kind}｜{claim.place}\n   {claim.claim}\n   计算：{claim.computed}"
            for number, claim in enumerate(result.confirmed, start=1)
        )
    counts = {level: sum(1 for finding in result.findings if finding.level == level) for level in LEVELS}
    blocks.append(
        f"共发现错误{counts['error']}处、警告{counts['warning']}处、提示{counts['note']}处；核对无误{len(result.confirmed)}处。"
    )
    return "\n".join(blocks)


def _entry(number: int, finding: Finding) -> str:
    lines = [
        f"{number}. {finding.kind}｜{finding.place}",
        f"   原文：{finding.quote}",
        f"   所述：{finding.claim}",
    ]
    if finding.computed:
        lines.append(f"   {'建议' if finding.kind == NUMBERING else '计算'}：{finding.computed}")
    lines.append(f"   说明：{finding.message}")
    return "\n".join(lines)

"""``mingzheng figures`` and ``mingzheng report``: the year's figures and annual reports on the command line."""

from __future__ import annotations

import argparse
import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django

from mingzheng.law.console import write, write_table
from mingzheng.law.errors import Refusal

if TYPE_CHECKING:
    from mingzheng.measure.figures import Figure, FigureTable

DONE = 0


def register(commands: Any) -> None:
    """Add the room's commands to the console script."""
    figures = commands.add_parser(
        "figures", help="查看年度数据", description="列出一年的公开数据，与上年相比。"
    )
    figures.add_argument("--year", type=int, metavar="年份", help="默认最近有数据的一年")
    figures.add_argument("--unit", metavar="代码", help="只看一个单位，默认全市")
    figures.add_argument("--json", action="store_true", dest="as_json", help="以 JSON 输出")
    figures.set_defaults(run=run_figures)

    report = commands.add_parser(
        "report",
        help="生成或发布年度报告",
        description="由系统中的数据生成一个单位的年度报告；发布后其中的数字定稿，此后输出的都是定稿。",
    )
    report.add_argument("--unit", required=True, metavar="代码", help="单位代码，见 mingzheng units")
    report.add_argument("--year", type=int, required=True, metavar="年份")
    report.add_argument("--whole", action="store_true", help="包括所属单位（一级政府的全辖区报告）")
    report.add_argument("--format", choices=("docx", "json"), default="json", help="输出格式，默认json")
    report.add_argument("--out", type=Path, metavar="文件", help="写入文件；docx必填")
    report.add_argument("--site", default="", metavar="网址", help="数字链接的网站地址；不填则数字不带链接")
    report.add_argument("--publish", action="store_true", help="发布并定稿")
    report.add_argument("--as", dest="account", metavar="账号", help="以哪个账号发布")
    report.set_defaults(run=run_report)


def run_figures(arguments: argparse.Namespace) -> int:
    """Print the year's tables."""
    django.setup()
    from mingzheng.city.services import unit_by_code
    from mingzheng.measure.services import unit_figures, year_figures, years_with_items

    years = years_with_items()
    if not years:
        raise Refusal("还没有公开任何信息，没有可统计的数据。")
    year = arguments.year or years[0]
    tables = unit_figures(unit_by_code(arguments.unit), year) if arguments.unit else year_figures(year)
    if arguments.as_json:
        write(
            json.dumps(
                {"year": year, "tables": [_table_json(table) for table in tables]},
                ensure_ascii=False,
                indent=2,
            )
        )
    else:
        for table in tables:
            write(f"\n{table.caption}")
            write_table([("", f"{year}年", f"{year - 1}年", "同比"), *_rows(table)])
    return DONE


def _rows(table: FigureTable) -> list[tuple[str, ...]]:
    return [
        (line.label, f"{line.now.value:,}", f"{line.before.value:,}", _growth(line.now.growth))
        for line in table.lines
    ]  # fmt: skip


def _growth(percent: Decimal | None) -> str:
    if percent is None:
        return "—"
    return f"{percent:+}%" if percent else "持平"


def _table_json(table: FigureTable) -> dict[str, Any]:
    def figure(each: Figure) -> dict[str, Any]:
        growth = None if each.growth is None else float(each.growth)
        return {"value": each.value, "unit": each.unit_word, "url": each.url, "growth": growth}

    lines = [
        {"label": line.label, "now": figure(line.now), "before": figure(line.before)} for line in table.lines
    ]
    return {"caption": table.caption, "lines": lines}


def run_report(arguments: argparse.Namespace) -> int:
    """Write a report to a file or to standard output; publish it first if asked to. One that is out is written as it stood."""
    django.setup()
    from mingzheng.city.services import person_by_username, unit_by_code
    from mingzheng.measure.services import (
        compose_report,
        content_docx,
        publish_report,
        published_json,
        published_report,
        report_json,
    )

    unit = unit_by_code(arguments.unit)
    if arguments.format == "docx" and arguments.out is None:
        raise Refusal("生成docx须用 --out 指明写入的文件。")
    if arguments.publish:
        if not arguments.account:
            raise Refusal("发布年度报告须用 --as 指明办理的账号。")
        made = publish_report(
            person_by_username(arguments.account), unit, arguments.year, whole=arguments.whole
        )
        sys.stderr.write(f"已发布《{made.title}》，其中{len(made.figures)}个数字已定稿。\n")
    out = published_report(unit, arguments.year, whole=arguments.whole)
    if out is not None:
        title, content, data = out.title, out.content, published_json(out)
    else:
        report = compose_report(unit, arguments.year, whole=arguments.whole)
        title, content, data = report.title, report.as_content(), report_json(report)
    if arguments.format == "docx":
        arguments.out.write_bytes(content_docx(title, content, arguments.site))
        write(f"已写入“{arguments.out}”。")
        return DONE
    text = json.dumps(data, ensure_ascii=False, indent=2)
    if arguments.out:
        arguments.out.write_text(text, "utf-8")
        write(f"已写入“{arguments.out}”。")
    else:
        write(text)
    return DONE

"""``mingzheng demo``: a fictional city with 300 units and two years of published information."""

from __future__ import annotations

import argparse
import sys
from datetime import timedelta
from typing import Any

import django
from django.utils import timezone
from tqdm import tqdm

from mingzheng.law.console import write, write_table
from mingzheng.law.errors import Refusal

DONE, FINDINGS = 0, 1
SCALES = ("small", "full")
YEARS = (2017, 2018)


def register(commands: Any) -> None:
    """Add the command to the console script."""
    parser = commands.add_parser(
        "demo",
        help="建立演示城市",
        description="在空库中建立虚构的“示范市”：三百多个单位、公开目录、两年的公开信息和一年的浏览量。可以重复运行，不会重复写入。",
    )
    parser.add_argument(
        "--scale", choices=SCALES, default="small", help="small约为full的五十分之一，默认small"
    )
    parser.add_argument("--year", type=int, choices=YEARS, default=YEARS[-1], help="到哪一年为止，默认2018")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Build the city and show that its figures are what they must be; 1 when one is not."""
    django.setup()
    from mingzheng.demo import installing
    from mingzheng.demo.compiling import compile_year
    from mingzheng.demo.figures import figures_got, wanted
    from mingzheng.demo.readings import write_readings
    from mingzheng.demo.sites import set_up_sites
    from mingzheng.demo.structure import units

    scale: str = arguments.scale
    installing.prepare_database(scale)
    with _bar("建立单位", len(units()), "个") as bar:
        installing.create_units(bar.update)
    installing.load_catalogue()
    accounts = installing.create_accounts()
    for year in (year for year in YEARS if year <= arguments.year):
        with _bar(f"写入{year}年信息", wanted(year, scale).total, "条") as bar:
            report = installing.import_year(year, scale, bar.update)
        if report.refused:
            raise Refusal(f"{year}年有{len(report.refused)}条信息被拒绝，首条：{report.refused[0].sentence}")
    for year in (year for year in YEARS if year <= arguments.year):
        installing.publish_reports(year)
        compile_year(year)
    with _bar("开设网站", 1, "步") as bar:
        made = set_up_sites(arguments.year)
        bar.update()
    write(f"门户网站和部门网站共{made}个。")
    yesterday = timezone.localdate() - timedelta(days=1)
    with tqdm(desc="写入浏览量", unit="行", file=sys.stderr, disable=None) as bar:
        write_readings(arguments.year, scale, yesterday, bar.update)
    figures = wanted(arguments.year, scale).rows()
    got = figures_got(arguments.year, figures)
    rows = [
        (row.label, str(row.wanted), str(count), "一致" if row.wanted == count else "不一致")
        for row, count in zip(figures, got, strict=True)
    ]
    write_table([(f"{arguments.year}年（{scale}）", "应为", "实为", "核对"), *rows])
    write("演示城市已建成。接着发布页面（mingzheng publish --full）、启动服务（mingzheng serve），即可浏览。")
    write(f"演示账号（工作平台的登录密码均为 {installing.demo_password()}，在命令中以 --as 指明）：")
    write_table([(f"  {username}", name) for username, name in accounts])
    return DONE if all(row.wanted == count for row, count in zip(figures, got, strict=True)) else FINDINGS


def _bar(label: str, total: int, word: str) -> tqdm[Any]:
    return tqdm(total=total, desc=label, unit=word, file=sys.stderr, disable=None)

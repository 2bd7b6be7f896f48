"""``mingzheng check-site``: holds a site against the national list and prints the sheet."""

from __future__ import annotations

import argparse
import json
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from mingzheng.law.console import read_day, write
from mingzheng.law.errors import Refusal

if TYPE_CHECKING:
    from mingzheng.measure.sitecheck.schemes import Scheme
    from mingzheng.measure.sitecheck.scoring import Sheet
    from mingzheng.measure.sitecheck.site import Site

DONE, FINDINGS = 0, 1
PAGES, SECONDS = 2000, 900  # of a live site, unless told otherwise
MOST_PAGES, MOST_SECONDS = 1_000_000, 24 * 3600


def register(commands: Any) -> None:
    """Add the command to the console script."""
    parser = commands.add_parser(
        "check-site",
        help="按全国政府网站检查指标检查网站",
        description="按全国政府网站普查评分表（2015年）或政府网站检查指标（2019年）检查运行中的网站或者一个网页文件夹，"
        "列出否决项、扣分和每一处问题；从页面上看不到的，列为未检查。",
    )
    parser.add_argument("site", metavar="网址或文件夹", help="http(s)网址，或者发布、保存网页的文件夹")
    parser.add_argument("--on", metavar="日期", help="检查日期，默认今天")
    parser.add_argument("--scheme", choices=("2015", "2019"), help="用哪一年的指标，默认按检查日期")
    parser.add_argument(
        "--without-services", action="store_true", help="主办单位没有对外服务事项（得分除以0.75）"
    )
    parser.add_argument(
        "--memory",
        type=Path,
        metavar="文件",
        help="在两次检查之间记住每个页面首次出现的日期，用来发现伪造的日期",
    )
    parser.add_argument(
        "--pages",
        type=_count(MOST_PAGES),
        metavar="个",
        help=f"最多读多少个页面（网站默认{PAGES}，文件夹默认全部）",
    )
    parser.add_argument(
        "--seconds",
        type=_count(MOST_SECONDS),
        default=SECONDS,
        metavar="秒",
        help=f"最多用多少秒读网站，默认{SECONDS}",
    )
    parser.add_argument(
        "--rate", type=_count(100), default=5, metavar="次", help="每秒最多访问网站几次，默认5"
    )
    parser.add_argument("--external", action="store_true", help="也检查指向外部网站的链接（只发HEAD请求）")
    parser.add_argument(
        "--live",
        action="append",
        default=[],
        metavar="前缀",
        help="文件夹中没有、由程序实时应答的路径前缀，如/search/；可重复",
    )
    parser.add_argument("--xlsx", type=Path, metavar="文件", help="另存为Excel检查单")
    parser.add_argument("--json", action="store_true", dest="as_json", help="以 JSON 输出")
    parser.set_defaults(run=run)


def _count(most: int) -> Any:
    def count(text: str) -> int:
        if not text.isdecimal() or not 1 <= int(text) <= most:
            raise ValueError(text)
        return int(text)

    return count


def run(arguments: argparse.Namespace) -> int:
    """Check one site; 1 after a veto or below the pass mark, else 0."""
    from mingzheng.measure.sitecheck import memory
    from mingzheng.measure.sitecheck.listing import listing
    from mingzheng.measure.sitecheck.schemes import load_scheme, scheme_year
    from mingzheng.measure.sitecheck.scoring import judge

    home, today = _installation()
    on = read_day(arguments.on, "--on") if arguments.on else today
    scheme = load_scheme(arguments.scheme or scheme_year(on), home)
    kept = memory.load(arguments.memory, arguments.site) if arguments.memory else None
    site = _read(arguments, scheme, on)
    if kept:
        memory.compare(site, kept, _forged_after(scheme))
    sheet = judge(site, scheme, services=not arguments.without_services)
    if arguments.xlsx:
        _save_workbook(sheet, arguments.xlsx)
    if kept:
        memory.save(arguments.memory, kept, site)
    write(json.dumps(sheet.as_json(), ensure_ascii=False, indent=2) if arguments.as_json else listing(sheet))
    return FINDINGS if sheet.result == "不合格" else DONE


def _forged_after(scheme: Scheme) -> int:
    return int(next(rule.numbers["days"] for rule in scheme.rules if rule.measure == "dates"))


def _installation() -> tuple[Path, date]:
    """The installation's folder, and today on the city's clocks."""
    from django.conf import settings

    return Path(settings.HOME), datetime.now(ZoneInfo(settings.TIME_ZONE)).date()


def _read(arguments: argparse.Namespace, scheme: Scheme, on: date) -> Site:
    from tqdm import tqdm

    with tqdm(desc="读取页面", unit="页", disable=None, delay=2) as bar:

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        if arguments.site.lower().startswith(("http://", "https://")):
            from mingzheng.measure.sitecheck.crawling import Limits, read_site

            limits = Limits(arguments.pages or PAGES, arguments.seconds, arguments.rate)
            site = read_site(
                arguments.site, scheme, on, limits, external=arguments.external, progress=progress
            )
        else:
            site = _read_folder(arguments, scheme, on, progress)
    if arguments.external:
        from mingzheng.measure.sitecheck.crawling import check_outside

        with tqdm(desc="检查外部链接", unit="个", total=len(site.outside), disable=None, delay=2) as bar:
            check_outside(site, arguments.seconds, lambda done, total: bar.update(done - bar.n))
    return site


def _read_folder(arguments: argparse.Namespace, scheme: Scheme, on: date, progress: Any) -> Site:
    from django.conf import settings

    from mingzheng.measure.sitecheck.folder import LIVE_PATHS, read_folder

    folder = Path(arguments.site)
    if not folder.is_dir():
        raise Refusal(f"没有文件夹“{folder}”；检查运行中的网站请写完整网址，如https://www.example.gov.cn/。")
    live = [each if each.startswith("/") else f"/{each}" for each in arguments.live]
    if folder.resolve() == Path(settings.PUBLIC_DIR).resolve():
        live += LIVE_PATHS
    return read_folder(
        folder, scheme, on, live=live, most=arguments.pages, external=arguments.external, progress=progress
    )


def _save_workbook(sheet: Sheet, path: Path) -> None:
    from mingzheng.measure.sitecheck.workbook import save_workbook

    save_workbook(sheet, path)

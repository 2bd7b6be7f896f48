"""``mingzheng deliver``: brings every target up to what is published."""

from __future__ import annotations

import argparse
import sys
from typing import Any

import django
from tqdm import tqdm

from mingzheng.law.console import write

DONE, FINDINGS = 0, 1


def register(commands: Any) -> None:
    """Add the command to the console script."""
    parser = commands.add_parser(
        "deliver",
        help="把公开页面交付到其他服务器",
        description="把公开页面交付到 MINGZHENG_TARGETS 中的各个目标，只送有变化的部分。mingzheng work 会自动做这件事。",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Deliver now; 1 when a target could not be brought up to date."""
    django.setup()
    return deliver_and_tell()


def deliver_and_tell() -> int:
    """Deliver to every target at once, with a bar, and tell what became of each."""
    from mingzheng.portal.targets.services import deliver

    with tqdm(
        desc="交付页面", unit="个", total=0, delay=2, leave=False, file=sys.stderr, disable=None
    ) as bar:

        def progress(arrived: int, due: int) -> None:
            bar.total = (bar.total or 0) + due
            bar.update(arrived)

        results = deliver(progress, at_once=True)
    for each in results:
        told = f"{each.target}：送达{each.sent}个文件，移除{each.removed}个文件"
        write(f"{told}；没有完成：{each.problem}。" if each.problem else f"{told}。")
    if not results:
        write("没有需要交付的目标；目标用环境变量 MINGZHENG_TARGETS 设置。")
    return FINDINGS if any(each.problem for each in results) else DONE

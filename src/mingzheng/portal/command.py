"""Commands of the portal: ``publish`` and ``serve``."""

from __future__ import annotations

import argparse
import json
import sys
import threading
from typing import TYPE_CHECKING, Any

import django
from django.conf import settings
from tqdm import tqdm

from mingzheng.law.console import write
from mingzheng.law.errors import Refusal
from mingzheng.portal.targets.command import deliver_and_tell

if TYPE_CHECKING:
    from mingzheng.portal.building import Outcome

DONE, FINDINGS = 0, 1
MOST_LINES = 40
EVERY = 2.0  # seconds between two looks at what is due


def register(commands: Any) -> None:
    """Add the room's commands to the console script."""
    publish = commands.add_parser(
        "publish",
        help="生成公开页面",
        description="生成公开页面：全部重建、只更新变动所涉及的页面，或者核对页面是否被改动。",
    )
    kind = publish.add_mutually_exclusive_group(required=True)
    kind.add_argument("--full", action="store_true", help="重建全部页面")
    kind.add_argument("--changed", action="store_true", help="只更新变动所涉及的页面")
    kind.add_argument("--verify", action="store_true", help="核对并修复被改动、丢失和不明的文件")
    publish.add_argument(
        "--sample", type=int, metavar="个数", help="核对时只读取这么多个文件的内容，其余只看大小和时间"
    )
    publish.add_argument("--only-look", action="store_true", help="核对时只报告，不修复")
    publish.add_argument("--json", action="store_true", dest="as_json", help="以 JSON 输出")
    publish.set_defaults(run=run_publish)

    index = commands.add_parser(
        "index",
        help="核对或重建搜索索引",
        description="核对搜索索引与数据库是否一致，补上缺少的、移除多余的；没有索引时新建。mingzheng work 每天自动核对。",
    )
    index.add_argument("--rebuild", action="store_true", help="全部重建，建好后替换原有索引")
    index.set_defaults(run=run_index)

    work = commands.add_parser(
        "work",
        help="按时发布，随改随更新页面",
        description="持续运行：到时间的稿件自动发布，信息变动后几秒内更新页面。正式运行时由系统服务启动。",
    )
    work.add_argument("--once", action="store_true", help="只做一遍就结束")
    work.set_defaults(run=run_work)

    serve = commands.add_parser(
        "serve",
        help="启动网站和工作平台",
        description="启动网站和工作平台，供本机查看和试用，同时做 mingzheng work 的事；正式运行请用网页服务器。",
    )
    serve.add_argument("--host", default="127.0.0.1", metavar="地址", help="默认127.0.0.1，只供本机访问")
    serve.add_argument("--port", type=int, default=8000, metavar="端口", help="默认8000")
    serve.set_defaults(run=run_serve)


def run_publish(arguments: argparse.Namespace) -> int:
    """Publish, or verify what is published; 1 when verifying found something."""
    django.setup()
    from mingzheng.portal import publisher

    if arguments.verify:
        return _verify(arguments)
    outcome = publisher.publish_changed() if arguments.changed else publisher.publish_full()
    if not arguments.as_json and settings.TARGETS.strip():
        # What a target does not take now, it gets by the worker: the pages themselves are published.
        deliver_and_tell()
    if arguments.as_json:
        write(json.dumps(_as_json(outcome, with_paths=arguments.changed), ensure_ascii=False, indent=2))
        return DONE
    if arguments.changed:
        _list(outcome)
    for sentence in outcome.failed:
        write(sentence)
    write(
        f"已写入{len(outcome.written)}个页面，移除{len(outcome.removed)}个页面，{outcome.unchanged}个页面没有变化。"
    )
    return DONE


def run_index(arguments: argparse.Namespace) -> int:
    """Repair the index, or make it anew."""
    django.setup()
    from mingzheng.portal.searching.services import rebuild, sweep
    from mingzheng.publish.items.models import Item

    if arguments.rebuild:
        with tqdm(
            total=Item.objects.public().count(), desc="建立索引", unit="条", file=sys.stderr, disable=None
        ) as bar:
            write(f"搜索索引已重建，收入{rebuild(bar.update)}条。")
        return DONE
    swept = sweep()
    write(f"搜索索引已核对：更新{swept.written}条，移除{swept.removed}条。")
    return DONE


def _as_json(outcome: Outcome, *, with_paths: bool) -> dict[str, Any]:
    counts: dict[str, Any] = {
        "written": len(outcome.written),
        "unchanged": outcome.unchanged,
        "removed": len(outcome.removed),
    }
    if with_paths:
        counts["paths"] = {"written": outcome.written, "removed": sorted(outcome.removed)}
    return counts


def _list(outcome: Outcome) -> None:
    lines = [f"写入  {path}" for path in outcome.written] + [
        f"移除  {path}" for path in sorted(outcome.removed)
    ]
    for line in lines[:MOST_LINES]:
        write(line)
    if len(lines) > MOST_LINES:
        write(f"……另有{len(lines) - MOST_LINES}个页面")


def _verify(arguments: argparse.Namespace) -> int:
    from mingzheng.portal import publisher

    if arguments.sample is not None and arguments.sample < 1:
        raise Refusal(f"抽查的个数“{arguments.sample}”有误，应为正整数。")
    found = publisher.verify(arguments.sample, repair=not arguments.only_look)
    if arguments.as_json:
        told = {"findings": found.findings, "repaired": found.repaired}
        write(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        for sentence in found.findings:
            write(sentence)
        count = len(found.findings)
        write(
            f"核对完毕，发现{count}处问题，修复{found.repaired}处。"
            if count
            else "核对完毕，页面与发布时一致。"
        )
    return FINDINGS if found.findings else DONE


def run_work(arguments: argparse.Namespace) -> int:
    """Do what is due, once or until interrupted."""
    django.setup()
    from mingzheng.portal.work import work, work_once

    if arguments.once:
        work_once(write)
        if settings.TARGETS.strip():
            deliver_and_tell()
    else:
        work(threading.Event(), EVERY, write)
    return DONE


def run_serve(arguments: argparse.Namespace) -> int:
    """Serve the published pages and the dynamic addresses until interrupted."""
    if not 0 < arguments.port < 65536:
        raise Refusal(f"端口“{arguments.port}”有误，应在1到65535之间。")
    django.setup()
    from mingzheng.portal.server import serve
    from mingzheng.portal.work import work

    stop = threading.Event()

    def announce(address: str) -> None:
        write(f"网站已启动：{address}　工作平台：{address}office/　按 Ctrl+C 停止。")
        threading.Thread(target=work, args=(stop, EVERY, lambda sentence: None), daemon=True).start()

    try:
        serve(arguments.host, arguments.port, announce)
    finally:
        stop.set()
    return DONE
